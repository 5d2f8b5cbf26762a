"""Bank statement files as values: CSV, OFX/QFX, MT940 and CAMT.052/053/054. Bytes in, statements out; nothing is read from or written to the host.

A file comes from outside: its size, its lines and its XML are bounded, and what cannot be read is refused with a sentence (`Unreadable`), never guessed. What could be
read of a line but leaves a doubt stands in `Statement.remarks`, for the person who imports it.
"""
