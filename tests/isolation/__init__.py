"""One document's trouble stays its own: an exception, a lost race or a time-out at every stage of every kind of record."""
