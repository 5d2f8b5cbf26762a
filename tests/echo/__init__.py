"""A fuzz test of Xero's answers: whichever field of a record they show wrong or not at all (an "echo"), the record is never made twice.

`scenes` are the kinds of record the app writes, `plan` takes every field of their real answers and lists and every operation that
applies, `trial` plays one combination, `judge` reads the simulator's ledger. `python -m tests.echo` runs all of it.
"""
