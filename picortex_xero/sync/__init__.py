"""Moves data: capture, wake, claim, build, seal, send, record, recover. Decisions are in core, HTTP is in xero."""
