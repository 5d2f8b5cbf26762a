"""What forbids a voucher to be what a line is about, whatever the texts say: its direction, its account or currency, its day."""

from __future__ import annotations

from datetime import date

from .values import Books, Line, Voucher

# An invoice may be posted some days after it is paid, and stays open for so long at most.
POSTED_LATE, LONG_OPEN = 7, 400
# What moved money is so many days off its line: banks are late, a cheque is presented weeks later (with its number months later).
MOVED_AFTER, MOVED_BEFORE, CHEQUE_BEFORE = 10, 45, 190


def days_after(line: Line, voucher: Voucher) -> int:
    """How many days after the voucher the line is."""
    return (line.date - voucher.posting_date).days


def in_time(line: Line, voucher: Voucher, *, numbered: bool = False) -> bool:
    """Whether the line's day allows the voucher; with its number shown, a cheque may come later."""
    days = days_after(line, voucher)
    if voucher.bank_account:
        return -MOVED_AFTER <= days <= (CHEQUE_BEFORE if numbered else MOVED_BEFORE)
    return -POSTED_LATE <= days <= LONG_OPEN


def in_place(line: Line, voucher: Voucher) -> bool:
    """Money that moved is on the account that it moved on, an open invoice is paid anywhere."""
    return not voucher.bank_account or voucher.bank_account == line.bank_account


def may_be(line: Line, voucher: Voucher, *, numbered: bool = False) -> bool:
    """Direction, account and day allow it. A voucher of no amount is nothing that money could be about."""
    if (line.amount > 0) != (voucher.amount > 0) or voucher.amount == 0:
        return False
    # As in_place and in_time say: this is asked more often than anything else.
    days = (line.date - voucher.posting_date).days
    if voucher.bank_account:
        return voucher.bank_account == line.bank_account and -MOVED_AFTER <= days <= (CHEQUE_BEFORE if numbered else MOVED_BEFORE)
    return -POSTED_LATE <= days <= LONG_OPEN


def but_for_time(line: Line, voucher: Voucher) -> bool:
    """Nothing but the day forbids it."""
    return (
        (line.amount > 0) == (voucher.amount > 0)
        and voucher.amount != 0
        and in_place(line, voucher)
        and not in_time(line, voucher, numbered=True)
    )


def closed(books: Books, day: date) -> bool:
    """Whether the day lies in a closed period: nothing is automatic there."""
    return books.closed_until is not None and day <= books.closed_until
