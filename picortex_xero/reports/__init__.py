"""Xero's reports as figures: what to ask for, how an answer is read, and how periods are made of months. Values only."""
