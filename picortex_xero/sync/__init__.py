"""Forwards the job paths that Frappe stored before release 0.2 (sync/jobs.py); goes with release 0.3."""
