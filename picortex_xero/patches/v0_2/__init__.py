"""Data changes from release 0.1 to 0.2."""
