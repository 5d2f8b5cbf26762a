"""How much of a settlement an opening document's record in Xero has taken off already. Pure.

Such a record has only what was owed at a day (as_opening.py): what settled the document until then, as far as the books said so when it was entered, is part of
that. What was matched or entered later is not, whatever its date: ERPNext dates a later match of an advance as the advance itself. So the amounts decide, and
where they leave it open, since when each of them has been there. ERPNext writes the rows of a payment anew with each match, so the time alone does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.causes import document
from ...accounting.money import CENT, ZERO, decimal, half_up
from ...accounting.problems import Problem
from ...accounting.texts import _, day
from ..as_opening import OWED_ROWS, OWED_SENT, OWED_SINCE, OwedRow, day_after
from ..decisions import Decision, hold
from ..fact_types import HEAD, Named
from ..needs import Facts
from ..step import OWED, SYNCED, Link, Step

Doc = dict[str, Any]
IN_BALANCE, OWED_AGAIN = "in-opening-balance", "owed-again"


@dataclass(frozen=True)
class Balance:
    """What is known of one opening document that is in Xero, in its party account's currency: `then` was taken off in the record that it became, `since` (yyyy-mm-dd) is
    the first day of what comes on top, `rows` are those of other documents from before that day, as they are now, and `sent` is what these have taken off it in Xero
    beside the record."""

    since: str
    then: Decimal
    rows: tuple[OwedRow, ...]
    entered_at: str
    near: Decimal
    sent: Mapping[Named, Decimal]

    @property
    def missing(self) -> Decimal:
        """What was taken off in the record and is owed again: who took it off was cancelled, or unreconciled. Zero where all of it stands."""
        left = self.then - sum((self._beside(each) for each in self._settlers()), ZERO)
        return left if left > self.near else ZERO

    def of(self, settler: Named) -> Decimal | None:
        """How much of what one document settles is taken off in the record: zero where nothing is, None where the amounts do not tell."""
        mine, others = self._of(settler), [each for each in self._settlers() if each != settler]
        if mine <= ZERO or self.then <= self.near:
            return ZERO
        now = mine + sum((self._beside(each) for each in others), ZERO)
        if abs(now - self.then) <= self.near:
            return mine
        mine_sure = self._sure(settler)
        left = self.then - mine_sure - sum((min(self._sure(each), self._beside(each)) for each in others), ZERO)
        if left < -self.near:
            return None
        if mine_sure == mine or left <= self.near:
            return mine_sure
        alone = all(self._beside(each) <= self._sure(each) for each in others)
        return min(mine, mine_sure + left) if alone and now > self.then else None

    def _settlers(self) -> list[Named]:
        return list(dict.fromkeys(each.by for each in self.rows))

    def _of(self, settler: Named) -> Decimal:
        return sum((each.amount for each in self.rows if each.by == settler), ZERO)

    def _sure(self, settler: Named) -> Decimal:
        """What of it was there when the record was entered, by the time of its rows alone."""
        return sum((each.amount for each in self.rows if each.by == settler and each.at <= self.entered_at), ZERO)

    def _beside(self, settler: Named) -> Decimal:
        """What of it may be in the record: what is not in Xero beside it."""
        return max(ZERO, self._of(settler) - self.sent.get(settler, ZERO))


def balance(head: Doc | None, link: Link) -> Balance | None:
    """The balance with which an opening document went to Xero as `link`; None for any other document."""
    since = str((head or {}).get(OWED_SINCE) or "")
    if not head or not since:
        return None
    rows: tuple[OwedRow, ...] = head.get(OWED_ROWS) or ()
    own = (str(head["doctype"]), str(head["name"]))
    converted = head.get("party_account_currency") not in (None, "", head["currency"])
    rate = (decimal(head.get("conversion_rate")) or Decimal(1)) if converted else Decimal(1)
    debt = sum((-each.amount for each in rows if each.by == own and each.dated < since), ZERO)
    near = rate * CENT if converted else ZERO
    entered_at, then = str(link.created or ""), debt - link.total * rate
    others = sorted((each for each in rows if each.by != own), key=lambda each: each.dated)
    since = _as_it_was(since, then, near, [each for each in others if each.at <= entered_at])
    sent = {by: amount * rate for by, amount in (head.get(OWED_SENT) or {}).items()}
    return Balance(since, then, tuple(each for each in others if each.dated < since), entered_at, near, sent)


def _as_it_was(since: str, then: Decimal, near: Decimal, rows: list[OwedRow]) -> str:
    """The first day of what comes on top, where the go-live date was moved back since a document of ERPNext's own was entered by it: the one by which the rows of then
    (by their days) make up what was taken off. Else that of now."""
    taken = sum((each.amount for each in rows if each.dated < since), ZERO)
    for at, row in enumerate(rows):
        if taken >= then - near:
            break
        if row.dated >= since:
            taken += row.amount
            same_day = at + 1 < len(rows) and rows[at + 1].dated == row.dated
            if not same_day and abs(taken - then) <= near:
                return day_after(row.dated)
    return since


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


def owed_again(known: Balance, looks: Iterable[Step]) -> Decimal:
    """What is owed again of an opening document since its record was entered, beyond what a person has seen to; below zero where that is settled again. `looks` are its
    steps "recheck-n"."""
    seen_to = sum((each.amount for each in looks if each.mark == OWED and each.state == SYNCED), ZERO)
    left = known.missing - seen_to
    return left if abs(left) > known.near else ZERO


def is_owed_again(name: str, known: Balance, amount: Decimal) -> Problem:
    """Held: what settled an opening document until its day settles it no more (`amount`), or (below zero) does so again."""
    said = {"name": name, "date": day(known.since), "amount": half_up(abs(amount))}
    if amount < ZERO:
        return Problem(
            OWED_AGAIN,
            _(
                "{amount} of {name} that were owed again are settled from before {date} after all, as they were when {name} went to Xero"
            ).format(**said),
            _("Take back in Xero by hand what was entered there for these {amount}; then press Retry, which says that it is done").format(
                amount=said["amount"]
            ),
            held=True,
        )
    return Problem(
        OWED_AGAIN,
        _(
            "{amount} of {name} are owed again: what settled them before {date} was cancelled or unreconciled. {name} is in Xero without them"
        ).format(**said),
        _(
            "Enter {amount} more for {name} in Xero by hand, in an invoice or bill of its own without tax, on the account of the opening balances; then press Retry, which says that it is done"
        ).format(amount=said["amount"], name=name),
        held=True,
    )
