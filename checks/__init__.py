"""The checks of doctor.py."""
