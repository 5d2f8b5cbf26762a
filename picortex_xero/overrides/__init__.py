"""The document events that hooks.py names: one file per DocType, functions named after the event, a few lines each; no commit, HTTP call or
queueing."""
