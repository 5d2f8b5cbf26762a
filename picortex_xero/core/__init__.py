"""Pure decisions: what a host document must become in Xero, and what an answer means.

Nothing here imports frappe or talks HTTP, and nothing reads a clock or makes a random number: time, ids and mappings come in as
arguments. Money is `decimal.Decimal` from end to end.
"""
