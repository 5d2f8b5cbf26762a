"""Honest stand-ins to try and test the app without a bench and without Xero. Nothing here ships with the app."""
