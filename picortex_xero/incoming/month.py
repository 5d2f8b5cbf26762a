"""What Xero's books of one month hold beyond what is known here: the movement of the trial balance (the difference of two balances of the year) less the movement here. Offered as
one journal, since what Xero posts itself (pay runs, depreciation, revaluation, adjustments of tax returns) cannot be read. Decides on values."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ..accounting.money import ZERO
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, day
from .journal import JOURNAL_ENTRY, Draft, HostAccount, Waits, voucher_type
from .way_back import WayBack

# The list under which such a row stands, which is none of Xero's records.
ENDPOINT = "Reports/TrialBalance"
OFFERED, NOT_OFFERED = "month-offered", "month-not-offered"
# Why a record waits that is dated in a month of which a journal was made.
BOOKED = "booked-in-month"
OF_A_YEAR = ("REVENUE", "EXPENSE")
RETAINED, TAX = "RETAINEDEARNINGS", "GST"
# Xero's own accounts whose differences are documents or money, never a journal: whose they are is not in the trial balance.
CONTROLS = ("DEBTORS", "CREDITORS")


@dataclass(frozen=True)
class XeroAccount:
    """An account of Xero's chart, as its lists have it."""

    xero_id: str
    code: str
    name: str
    kind: str
    classed: str
    system: str = ""


@dataclass(frozen=True)
class Difference:
    """One account: what moved in Xero and here, debit positive. `account`: the account here that takes what comes back; `why`: why none does."""

    code: str
    name: str
    there: Decimal
    here: Decimal
    account: str = ""
    why: Text | str = ""

    @property
    def left(self) -> Decimal:
        """What Xero has beyond what is known here."""
        return self.there - self.here


@dataclass(frozen=True)
class Month:
    """A month (its last day, yyyy-mm-dd) with the accounts that differ. `waiting`: documents of the month that are not in Xero yet; `undecided`: records entered in Xero and
    dated in it that wait here or are drafts; `unread`: lists of Xero's that come back and are not read to its end."""

    last: str
    differences: tuple[Difference, ...] = field(default=())
    waiting: int = 0
    undecided: int = 0
    unread: tuple[str, ...] = ()


def days(month: str) -> tuple[str, str, str]:
    """The last day of the month before, the first and the last day of a month (yyyy-mm). Raises ValueError."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return (first - timedelta(days=1)).isoformat(), first.isoformat(), last.isoformat()


def movement(
    before: Mapping[str, Decimal], after: Mapping[str, Decimal], accounts: Iterable[XeroAccount], opens_year: bool
) -> dict[str, Decimal]:
    """By account id what moved between two balances. Where the month opens Xero's year, income and expenses begin at zero again, and what they were went to retained
    earnings, which is no entry of that month."""
    moved = {each: after.get(each, ZERO) - before.get(each, ZERO) for each in {*before, *after}}
    if opens_year:
        listed = list(accounts)
        of_year = [each.xero_id for each in listed if each.classed in OF_A_YEAR]
        carried = sum((before.get(each, ZERO) for each in of_year), ZERO)
        moved |= {each: after.get(each, ZERO) for each in of_year if each in moved}
        if retained := next((each.xero_id for each in listed if each.system == RETAINED), ""):
            moved[retained] = moved.get(retained, ZERO) - carried
    return {each: value for each, value in moved.items() if value}


def compare(
    last: str,
    there: Mapping[str, Decimal],
    here: Mapping[str, Decimal],
    accounts: Iterable[XeroAccount],
    back: WayBack,
    waiting: int = 0,
    parties: Collection[str] = (),
    apart: Mapping[str, Decimal] = MappingProxyType({}),
    undecided: int = 0,
    unread: tuple[str, ...] = (),
) -> Month:
    """The accounts that differ, by code. `there` and `here`: what moved, by id of Xero's account, `apart`: what moved here by vouchers that are not in Xero; `parties`: the
    accounts here whose rows name a party."""
    known = {each.xero_id: each for each in accounts}
    found = []
    for xero_id in {*there, *here}:
        its = known.get(xero_id) or XeroAccount(xero_id, "", xero_id, "", "")
        one = Difference(its.code, its.name, there.get(xero_id, ZERO), here.get(xero_id, ZERO))
        if one.left:
            account, why = _account(its, back)
            if account in parties:
                account, why = "", _("{account}, whose rows name a customer or supplier").format(account=account)
            elif account and one.left == apart.get(xero_id, ZERO):
                account, why = "", _("as much moved here by documents that are not in Xero, which are perhaps the same")
            found.append(Difference(one.code, one.name, one.there, one.here, account, why))
    return Month(last, tuple(sorted(found, key=lambda each: (each.code, each.name))), waiting, undecided, unread)


def _account(its: XeroAccount, back: WayBack) -> tuple[str, Text | str]:
    if its.system in CONTROLS:
        return "", _("invoices, bills and payments, which name their customer or supplier")
    if its.kind == "BANK":
        return "", _("money, which comes as payments, money spent or received")
    found = back.account(its.code, its.xero_id)
    if isinstance(found, Problem) and its.system == TAX and (account := back.tax_account()):
        return account, ""
    return ("", found.message) if isinstance(found, Problem) else (found, "")


def offered(month: Month) -> Problem:
    """What the row of a month says: that a journal can be made, or what stands in the way."""
    apart = [each for each in month.differences if not each.account]
    if not month.differences:
        return Problem(
            NOT_OFFERED, _("Xero and the books here moved alike until {date}").format(date=day(month.last)), _("Nothing to do"), held=True
        )
    if month.unread:
        message = _("Xero's list of {lists} is not read to {date} yet, or not in the last minutes").format(
            lists=", ".join(month.unread), date=day(month.last)
        )
        return Problem(NOT_OFFERED, message, _("It is read within minutes; press Retry then"), held=True)
    if month.undecided:
        message = _("Of what was entered in Xero until {date}, so much waits here or is a draft: {count}").format(
            date=day(month.last), count=month.undecided
        )
        cure = _("Submit the drafts and decide what waits (list Entered in Xero, by its dates); then press Retry")
        return Problem(NOT_OFFERED, message, cure, held=True)
    if apart:
        names = ", ".join(" ".join(filter(None, (each.code, each.name))) for each in apart[:5])
        left = sum((each.left for each in apart), ZERO)
        message = _("Until {date} Xero has {left} on {names} that is not known here, and which no journal can book").format(
            date=day(month.last), left=amount(f"{left:.2f}"), names=names
        )
        cure = _("Have what is missing entered here or mapped first (the table says why); then press Retry")
        return Problem(NOT_OFFERED, message, cure, held=True)
    if off := sum((each.left for each in month.differences), ZERO):
        message = _("Until {date} what Xero has beyond what is known here does not balance: it is {left} off").format(
            date=day(month.last), left=amount(f"{off:.2f}")
        )
        cure = _("So much is booked here on accounts that stand for none in Xero: map them, or enter what is missing; then press Retry")
        return Problem(NOT_OFFERED, message, cure, held=True)
    message = _("Until {date} Xero has booked on {count} accounts what is not known here").format(
        date=day(month.last), count=len(month.differences)
    )
    if month.waiting:
        message = _("{what}. Documents of that month that are not in Xero yet: {count}").format(what=message, count=month.waiting)
    return Problem(
        OFFERED, message, _("Look at the table. Make Draft Journal enters it as a draft; nothing is posted by itself"), held=True
    )


def before_go_live(live: str) -> tuple[Text, Text]:
    """Why a month that begins before the go-live date (yyyy-mm-dd, "" where there is none) is not compared, and what to do."""
    if not live:
        return _("This connection has not gone live"), _("Go live first")
    return (
        _(
            "The month begins before {date}, from when on documents go to Xero: what was entered before is not linked, and would look like what Xero has booked itself"
        ).format(date=day(live)),
        _("Choose a later month"),
    )


def booked(what: Text, last: str, name: str) -> Problem:
    """Why a record waits that is dated in a month (its last day) of which a journal was made, `name`."""
    return Problem(
        BOOKED,
        _("{what} in Xero is perhaps in {name}, which was made of what Xero had booked until {date}").format(
            what=what, name=name, date=day(last)
        ),
        _("Where it is in it, press Done by Hand; where it was entered later, press It Is Another One, and it is entered here"),
        held=True,
    )


def journal(month: Month, company: str, back: WayBack, hosts: Mapping[str, HostAccount]) -> Draft | Waits:
    """The journal of a month. `hosts`: the accounts here that it is on."""
    problem = offered(month)
    if problem.code != OFFERED:
        return Waits(problem)
    rows: dict[str, Decimal] = {}
    for each in month.differences:
        rows[each.account] = rows.get(each.account, ZERO) + each.left
    return Draft(
        {
            "doctype": JOURNAL_ENTRY,
            "company": company,
            "voucher_type": voucher_type(rows, hosts),
            "posting_date": month.last,
            "user_remark": str(_("Booked by Xero itself until {date}, by its trial balance").format(date=day(month.last))),
            "accounts": [_row(account, left, back) for account, left in rows.items() if left],
        }
    )


def _row(account: str, left: Decimal, back: WayBack) -> dict[str, Any]:
    side = "debit" if left > ZERO else "credit"
    made: dict[str, Any] = {"account": account, "exchange_rate": Decimal(1), f"{side}_in_account_currency": abs(left), side: abs(left)}
    return made | ({"cost_center": back.centre} if back.centre else {})
