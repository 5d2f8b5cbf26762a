"""Who a bank line is with, as words that are the same in all lines of one payee: without what banks print around a name, numbers, days and places of payment."""

from __future__ import annotations

import re

from .names import EMPTY
from .reading import plain
from .values import Line

LONGEST, SHORTEST, LONGEST_TEXT = 6, 3, 140
_WORDS = re.compile(r"[^\W_]+")
# What banks print beside a payee, and what is said of a payment whoever it is with.
AROUND = frozenset(
    plain(
        "CARD CARDS VISA MASTERCARD MAESTRO AMEX EFTPOS POS PURCHASE PURCHASES SALE BILL BILLPAY BPAY INVOICE INV REF REFERENCE TRANSACTION TXN VALUE DATE DATED ONLINE INTERNET MOBILE BANKING AUTOMATIC "
        "STANDING ORDER ORDERS MANDATE SEPA RECHNUNG RECHNUNGSNR KUNDENNR MANDAT LASTSCHRIFT UBERWEISUNG GUTSCHRIFT KARTENZAHLUNG FASTER BACS CHAPS ACH WIRE ELECTRONIC DEPOSITS WITHDRAWAL WITHDRAWALS RECURRING CONTACTLESS TERMINAL FROM "
        "WITH VIA PER WWW COM NET ORG HTTP HTTPS NZL AUS GBR USA NZD AUD GBP USD EUR TAP PAY DDR DBT CRD TFR TRF PMT PYMT AUTH NUMBER VOM VON "
        "JAN FEB MAR APR MAY JUN JUL AUG SEP SEPT OCT NOV DEC JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER "
        "MON TUE WED THU FRI SAT SUN"
    ).split()
)


def payee(line: Line) -> str:
    """The payee of a line, at most six words in capitals; "" where it shows none. The bank's own field for it goes before the text."""
    return telling(line.party_name) or telling(line.description)


def telling(text: str) -> str:
    """The words of a text that tell a payee from others, each once, in capitals as they are printed."""
    found: dict[str, str] = {}
    for word in _WORDS.findall(text.upper()):
        same = plain(word)
        if len(word) >= SHORTEST and word.isalpha() and same not in AROUND and same not in EMPTY:
            found.setdefault(same, word)
    return " ".join(list(found.values())[:LONGEST])[:LONGEST_TEXT]


def same(payee_of_a_line: str) -> str:
    """What is equal for equal payees, whether a bank prints an umlaut or not."""
    return plain(payee_of_a_line)
