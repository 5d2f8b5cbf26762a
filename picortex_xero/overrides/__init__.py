"""The document events that hooks.py names: functions named after the event, a few lines each; no commit, HTTP call or queueing."""
