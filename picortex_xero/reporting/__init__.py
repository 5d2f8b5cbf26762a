"""Xero's reports on this site: when they are read, what is kept of them, what is said where they are not, and what people are shown."""
