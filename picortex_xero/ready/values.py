"""What the estimate looks at: records that move money in Xero, what the documents here move at the bank, and the bank's own lines where these are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..accounting.texts import NONE, Text

# What becomes of a record, in the order in which people read it.
READY, NOT_READY, NO_LINE = "Ready", "Not Ready", "No Line in Xero"
Who = tuple[str, str]


@dataclass(frozen=True)
class Account:
    """An account in Xero: `name` as Xero calls it, whether it is a bank account with a statement (`bank`), where its feed is (accounting/bank_feeds, "" where nobody
    has said it), and which accounts here are mapped to it. `own`: the one of them that is the bank's account; "" where that cannot be told."""

    xero_id: str
    name: str
    currency: str = ""
    bank: bool = True
    feed: str = ""
    mapped: tuple[str, ...] = ()
    own: str = ""
    default: bool = False


@dataclass(frozen=True)
class BankLine:
    """A line of the bank that is in ERPNext (Bank Transaction) and matched with a document: all that it moved (negative: out), and how many documents it is matched with."""

    name: str
    day: date
    amount: Decimal
    documents: int = 1


@dataclass(frozen=True)
class Movement:
    """What a document moves at one bank or cash account here (negative: out), in that account's currency; `account`: the account in Xero it is mapped to, "" where none is.
    `lines` are the bank's lines that it is matched with."""

    who: Who
    host_account: str
    account: str
    day: date
    amount: Decimal
    lines: tuple[BankLine, ...] = ()


@dataclass(frozen=True)
class Record:
    """A payment, a batch, money spent or received, or one side of a transfer in Xero that is not reconciled there, as far as is known: at `account` (Xero's id), of `day`,
    what it moves there (negative: out; None: not known). `reference`: what its reference says besides the document's own name. `shown`: Xero has said that it is not
    reconciled; else it has not been read since it was made."""

    key: str
    who: Who
    endpoint: str
    account: str
    day: date | None
    amount: Decimal | None
    reference: str = ""
    contact: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Estimate:
    """What is thought of one record: READY; NOT_READY with its one reason and the fix; or NO_LINE, since the account has no statement in Xero. `code`: of the reason."""

    record: Record
    state: str
    code: str = ""
    reason: Text = NONE
    fix: Text = NONE
