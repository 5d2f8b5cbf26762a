"""Suggestions for the mapping screens: which of Xero's accounts, tax rates, bank accounts and tracking options stands for which of ERPNext's.

Values in, values out: nothing is read or written here, and nothing is mapped until a person accepts it. Whoever accepts "all that are high"
looks at none of them, so HIGH is kept for what an accountant would not question.
"""
