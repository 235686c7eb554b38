"""Statistics of the results: intervals and paired comparisons."""
