"""A line's own id, the same in every file that has the line, so that overlapping files never double one.

ERPNext's Bank Transaction wants `transaction_id` unique in the whole site, so the bank account is part of it: two banks may give the same id. The bank's own id is
used with date and amount, since some banks use one id for several lines. Without an id it is what the line says, and the how-manyeth of equal lines of that day it is:
two coffees of one day are two lines, in this file and in the next one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from .values import StatementLine

PREFIX = "xero-"


def identities(bank_account: str, lines: Iterable[StatementLine]) -> list[str]:
    """The id of each of these lines of one file, in their order; `bank_account`: the name of ERPNext's Bank Account."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        said = _said(line)
        seen[said] += 1
        found.append(PREFIX + hashlib.sha256(f"{bank_account}\n{said}\n{seen[said]}".encode()).hexdigest()[:40])
    return found


def _said(line: StatementLine) -> str:
    """What tells this line from others. Spaces and case do not: one bank writes the same line differently in two formats of one download."""
    amount = f"{line.amount:.4f} {line.currency}"
    if line.bank_id:
        return "\n".join(("id", line.bank_id, line.date.isoformat(), amount))
    texts = (line.description, line.reference, line.party_name, line.party_number)
    return "\n".join(("text", line.date.isoformat(), amount, *(re.sub(r"\s+", "", each).casefold() for each in texts)))
