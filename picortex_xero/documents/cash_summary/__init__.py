"""Xero Cash Summary: the cash of one day that skipped documents moved on one bank or cash account, one way, as money received or spent in Xero."""
