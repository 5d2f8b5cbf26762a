"""One file per host DocType, functions named after the event, a few lines each: no commit, HTTP or enqueue."""
