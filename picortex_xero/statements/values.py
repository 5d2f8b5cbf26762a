"""What a statement file says, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..accounting.texts import Text

# What banks write where the payer gave no reference.
NO_REFERENCE = frozenset(("NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE", "KREF+", "0", "-", "---"))


def given(reference: str) -> str:
    """The reference, "" where it only says that there is none."""
    return "" if reference.strip().upper() in NO_REFERENCE else reference.strip()


class Unreadable(ValueError):
    """A file that is not imported, and why, in words for the person who chose it."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class StatementLine:
    """One line as the bank has it. `amount` in `currency`, positive is money in; "" is what the file does not tell.

    `bank_id`: the bank's own id of the line. `reference`: what the payer gave as reference (end-to-end id, cheque number). `description`: all other words, in the
    order of the file.
    """

    date: date
    amount: Decimal
    currency: str
    description: str
    reference: str = ""
    party_name: str = ""
    party_number: str = ""
    transaction_type: str = ""
    bank_id: str = ""


@dataclass(frozen=True)
class Statement:
    """The lines of one account in one file, the oldest first as far as the file says. `account`: its number or IBAN in the file, "" where it names none. `opening` and
    `closing`: the balances the file states, None where it states none. `remarks`: what a person should know before the lines are imported."""

    form: str
    account: str
    currency: str
    lines: tuple[StatementLine, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    remarks: tuple[Text, ...] = ()

    @property
    def gap(self) -> Decimal | None:
        """What is missing: the stated closing balance less what opening balance and lines come to; None where the file does not state both."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - self.opening - sum((line.amount for line in self.lines), Decimal(0))
