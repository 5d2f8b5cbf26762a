"""How much of a settlement an opening document's record in Xero has taken off already. Pure.

Such a record has only what was owed at a day (as_opening.py): what settled the document until then, as far as the books said so when it was entered, is part of
that. What was matched or entered later is not, whatever its date: ERPNext dates a later match of an advance as the advance itself. So the amounts decide, and
where they leave it open, since when each of them has been there. ERPNext writes the rows of a payment anew with each match, so the time alone does not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.causes import document
from ...accounting.money import CENT, ZERO, decimal, half_up
from ...accounting.problems import Problem
from ...accounting.texts import _, day
from ..as_opening import OWED_ROWS, OWED_SINCE, OwedRow
from ..decisions import Decision, hold
from ..fact_types import HEAD, Named
from ..needs import Facts
from ..step import Link, Step

Doc = dict[str, Any]
IN_BALANCE = "in-opening-balance"


@dataclass(frozen=True)
class Balance:
    """What is known of one opening document that is in Xero, in its party account's currency: `then` was taken off in the record that it became, `since` (yyyy-mm-dd) is
    the first day of what comes on top, and `rows` are those of other documents from before that day, as they are now."""

    since: str
    then: Decimal
    rows: tuple[OwedRow, ...]
    entered_at: str
    near: Decimal

    @property
    def now(self) -> Decimal:
        """What is taken off by now."""
        return sum((each.amount for each in self.rows), ZERO)

    @property
    def missing(self) -> Decimal:
        """What was taken off in the record and is owed again: who took it off was cancelled, or unreconciled. Zero where all of it stands."""
        left = self.then - self.now
        return left if left > self.near else ZERO

    def of(self, settler: Named) -> Decimal | None:
        """How much of what one document settles is taken off in the record: zero where nothing is, None where the amounts do not tell."""
        mine = self._sum(each for each in self.rows if each.by == settler)
        if mine <= ZERO or self.then <= self.near:
            return ZERO
        if abs(self.now - self.then) <= self.near:
            return mine
        sure = [each for each in self.rows if each.at <= self.entered_at]
        later = {each.by for each in self.rows if each.at > self.entered_at}
        mine_sure, left = self._sum(each for each in sure if each.by == settler), self.then - self._sum(sure)
        if left < -self.near:
            return None
        if settler not in later or left <= self.near:
            return mine_sure
        return min(mine, mine_sure + left) if later == {settler} and self.now > self.then else None

    @staticmethod
    def _sum(rows: Any) -> Decimal:
        return sum((each.amount for each in rows), ZERO)


def balance(head: Doc | None, link: Link) -> Balance | None:
    """The balance with which an opening document went to Xero as `link`; None for any other document."""
    since = str((head or {}).get(OWED_SINCE) or "")
    if not head or not since:
        return None
    rows: tuple[OwedRow, ...] = head.get(OWED_ROWS) or ()
    own = (str(head["doctype"]), str(head["name"]))
    converted = head.get("party_account_currency") not in (None, "", head["currency"])
    rate = (decimal(head.get("conversion_rate")) or Decimal(1)) if converted else Decimal(1)
    debt = sum((-each.amount for each in rows if each.by == own), ZERO)
    others = tuple(each for each in rows if each.by != own)
    return Balance(since, debt - link.total * rate, others, str(link.created or ""), max(CENT, rate * CENT) if converted else ZERO)


def in_its_balance(step: Step, named: Named, link: Link, facts: Facts) -> Decision | None:
    """A hold where what a step settles (`link`: what that is in Xero) is taken off in its opening record already, wholly or in part, or where nobody can tell."""
    known = balance(facts.get(HEAD, named), link)
    taken = known.of((step.who.doctype, step.who.name)) if known else ZERO
    if known is None or taken == ZERO:
        return None
    return hold(cannot_tell(step.who.name, named, known) if taken is None else _is_taken(named, known, taken))


def _is_taken(named: Named, known: Balance, taken: Decimal) -> Problem:
    return Problem(
        IN_BALANCE,
        _("It settled {name} before {date}, and {name} is in Xero with what was owed from then on").format(
            name=named[1], date=day(known.since)
        ),
        _(
            "Press Skip: {amount} of it are taken off in the opening balance of {name} already. What else it settles, enter in Xero by hand"
        ).format(amount=half_up(taken), name=named[1]),
        held=True,
        causes=(document(*named),),
    )


def taken_of_advance(name: str, named: Named, known: Balance, taken: Decimal) -> Problem:
    """Held: an advance that is in Xero as a whole, and of which an opening record has taken off an amount."""
    said = {"name": name, "invoice": named[1], "amount": half_up(taken)}
    return Problem(
        IN_BALANCE,
        _("{amount} of {name} settled {invoice} before {date}, and {invoice} is in Xero with what was owed from then on").format(
            date=day(known.since), **said
        ),
        _(
            "Press Skip: nothing is taken off {invoice} a second time. {amount} of {name} are left in Xero that are used up here: your accountant takes them off there, against the opening balance"
        ).format(**said),
        held=True,
        causes=(document(*named),),
    )


def cannot_tell(name: str, named: Named, known: Balance) -> Problem:
    """Held: of several that settle an opening document it cannot be told which its record has taken off."""
    said = {"name": name, "invoice": named[1], "date": day(known.since), "amount": half_up(known.then)}
    return Problem(
        IN_BALANCE,
        _(
            "{invoice} is in Xero with what was owed from {date} on, and of what has settled it here only {amount} were taken off for that; whether {name} is among these cannot be told"
        ).format(**said),
        _(
            "Compare {invoice} here and in Xero: where both owe the same, press Skip; else enter in Xero by hand what is missing there, and press Done by Hand"
        ).format(invoice=named[1]),
        held=True,
        causes=(document(*named),),
    )
