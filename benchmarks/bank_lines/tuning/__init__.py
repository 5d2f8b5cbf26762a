"""The generator that those who build the matching may look at: one company's bank lines with its open vouchers over some months.

About 55 % of what happens is receipts (`receipts.CASES` and `money_in.CASES` with their weights: whole and shortened numbers, customer and order numbers, nothing, slips, other payers, several at once,
parts, cents, fees, discounts, payouts, equal sums of many customers or months, double payments, returns), about 35 % payments (`payments.CASES`: bills, entered payments, cheques,
runs, own transfers, wages, tax, claims), the rest fees, interest, card purchases and strangers without any voucher; each company has its own weights around these. Nearly a third
more vouchers are open that nobody pays. What `decidable` means, and that it is judged in the finished world, stands in `judgement`.
"""

from __future__ import annotations

from benchmarks.bank_lines.tuning.judgement import judged
from benchmarks.bank_lines.tuning.making import made
from benchmarks.bank_lines.values import World


def world(seed: int, lines: int, country: str = "") -> World:
    """A company's world with just so many bank lines; the same for the same arguments. `country`: AU, NZ, GB, US, DE or SG; "" lets the seed choose."""
    return judged(made(seed, lines, country))
