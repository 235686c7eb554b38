"""The figures of Song 2017's chapter of the report."""
