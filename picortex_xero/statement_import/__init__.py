"""A bank's statement file becomes ERPNext's own Bank Transactions: a person chooses the file, sees its lines and what is there already, and presses Import.

`chosen_columns`, `same_account`, `perhaps_there` and `balances` decide on values. `draft` fills a Xero Statement Import whenever somebody saves it, `lines` keeps the
lines, `work` makes Bank Transactions of them in slices, and takes them away again.
"""
