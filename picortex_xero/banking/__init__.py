"""Which open vouchers, which line of another account or which earlier line a bank line is about, how sure that is, and why, in words.

Values in, values out: nothing is read or written here. A careful bookkeeper's rule stands above all others: what does not clearly beat every other
reading of the line is proposed and left to a person. So a wrong match is as rare as can be, and what is missed costs one press of a key.

`matching.proposals` is asked with a company's `Books`; `values` says what goes in and comes out.
"""
