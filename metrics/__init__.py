"""What results are measured by: intervals, paired tests, distances, PASS."""
