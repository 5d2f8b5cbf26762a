"""How many decimals a currency has, and what follows for amounts in Xero, which keeps two decimals in every currency.

ISO 4217 (list one, column "minor unit") gives most currencies two decimals; those that have others are listed here. A company in yen rounds
to whole yen where its site is set up so: a tax of 100 on 1,005 is then right, and Xero's 100.50 is not. Dinars have a third decimal that
Xero cannot keep.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .money import CENT
from .problems import Problem
from .texts import Text, _

WITHOUT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
OF_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
OF_FOUR = frozenset("CLF UYW".split())


def currency_decimals(currency: str) -> int:
    """The decimals of a currency by its code; 2 for one that is not listed."""
    return 0 if currency in WITHOUT else 3 if currency in OF_THREE else 4 if currency in OF_FOUR else 2


def rounded_to(currency: str, figures: Iterable[Decimal]) -> Decimal:
    """What a document's figures are rounded to: 1 where the currency has no decimals and no figure has any (a site may still keep cents of
    a yen), else a cent."""
    whole = currency_decimals(currency) == 0 and all(figure == figure.to_integral_value() for figure in figures)
    return Decimal(1) if whole else CENT


def too_many_decimals(message: Text, *currencies: str) -> Problem:
    """The problem of amounts that Xero cannot keep, in documents of these currencies. No setting of the site resolves it: its Currency Precision
    serves every company and currency, and dinars would lose their third decimal in ERPNext's own books."""
    if any(currency_decimals(each) > 2 for each in currencies):
        return Problem(
            "too-many-decimals",
            message,
            _(
                "Enter it in Xero by hand, each amount rounded to two decimals, and leave it as it is here: the currency has more decimals than Xero keeps"
            ),
            held=True,
        )
    return Problem(
        "too-many-decimals", message, _("Correct the amounts to two decimals and amend it, or enter it in Xero by hand with two decimals")
    )
