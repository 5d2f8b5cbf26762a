"""Which statement of a file is that of a bank account here, by the numbers that both have. Banks write one number in several ways: with the bank's code or as an IBAN,
with blanks, with zeros before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..accounting.texts import Text, _
from ..statements.values import Statement, Unreadable

# So many digits at the end decide: fewer are the same in too many accounts.
TELLING = 6


def same(one: str, other: str) -> bool:
    """Whether two ways of writing an account's number are of one account: equal, or one is the end of the other, as an account's number is of its IBAN."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    if first == second:
        return True
    if first[:2].isalpha() and second[:2].isalpha():
        return False  # two IBANs
    for with_bank, whole in ((one, second), (other, first)):
        # The code of the bank and the number, as MT940 has them: the zeros between them that an IBAN has are left out.
        bank, slash, number = with_bank.rpartition("/")
        code, digits = re.sub(r"\D", "", bank), re.sub(r"\D", "", whole)
        if slash and code and code in digits:
            return same(number, digits[digits.index(code) + len(code) :])
    shorter, longer = sorted((re.sub(r"\D", "", first).lstrip("0"), re.sub(r"\D", "", second).lstrip("0")), key=len)
    return len(shorter) >= TELLING and longer.endswith(shorter)


def chosen(statements: Sequence[Statement], numbers: Iterable[str], confirmed: str) -> Statement:
    """The statement of the account with one of these numbers (`confirmed`: the number that a person has said is this account), or the only one there is. Raises Unreadable
    where several are none of it."""
    known = [each for each in (*numbers, confirmed) if each]
    mine = [each for each in statements if any(same(each.account, number) for number in known)]
    if len(mine) == 1:
        return mine[0]
    if len(statements) == 1:
        return statements[0]
    named = ", ".join(each.account or "?" for each in statements[:10])
    raise Unreadable(
        _(
            "The file has statements of several accounts ({numbers}), and none of them is this bank account's alone. Enter its IBAN or number in the Bank Account"
        ).format(numbers=named)
    )


def doubt(statement: Statement, numbers: Iterable[str], confirmed: str) -> Text | None:
    """Why it is not sure that the statement is this account's; None where it is, or where the file names no account. `numbers`: what the Bank Account says."""
    if not statement.account or same(statement.account, confirmed):
        return None
    known = [each for each in numbers if each]
    if any(same(statement.account, number) for number in known):
        return None
    if known:
        return _("The file is of account {number}, and the Bank Account says {known}").format(
            number=statement.account, known=", ".join(known)
        )
    if confirmed:
        return _("The file is of account {number}, and the last one was of {known}").format(number=statement.account, known=confirmed)
    return _("The file is of account {number}. Is it this bank account?").format(number=statement.account)


def _bare(number: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", number.upper())
