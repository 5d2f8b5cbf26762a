"""Bank lines and vouchers with known truth, made by a generator from a seed: what the matching of bank lines is measured with.

Two generators, by two authors, share nothing but `values`: the first (`tuning`) may be looked at while the matcher is built, the second (`judge`) judges it. Both are
frozen before the matcher is written: `frozen.json` keeps their SHA-256, and a test holds them to it.
"""
