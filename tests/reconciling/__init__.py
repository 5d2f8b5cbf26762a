"""What accepting a reading of a bank line does."""
