"""Attacks recorded pixel by pixel, for the report's explorer."""
