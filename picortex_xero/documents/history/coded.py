"""Money of an import of history that somebody may have coded in Xero from the bank feed already. Pure.

A bank feed brings every line of the bank into Xero, and people code it there as money spent or received. The payment of the same money from ERPNext would
then stand on the bank twice. So before money from before the go-live date goes, Xero's bank transactions of the same account and amount within a few days are
looked for; where there is one that is none of this site's records, a person decides. A bank line that people have matched with an invoice is a payment on
that invoice instead, and is looked for there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ...accounting.money import decimal
from ...accounting.problems import Problem
from ...accounting.texts import Text, _, amount, day, joined, plain
from ...xero.records import before, xero_element
from ...xero.records.base import Kind
from ...xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER, BATCH_PAYMENT, OVERPAYMENT, PAYMENT, PREPAYMENT
from ..base import InXero, Owner, Plan
from ..closed_periods import entered_on
from ..decisions import Decision, Hold, Send, Unclear
from ..step import Step
from ..translation import Translation

CODE = "perhaps-coded"
# Days between a document's date and the bank's.
NEAR = timedelta(days=5)
# A bank transaction of an account is the same money whatever it was coded to; a removed one is none.
_GONE = ("DELETED", "VOIDED")
_SHOWN = 3
MOVING: tuple[Kind, ...] = tuple(
    each.made_by for each in (PAYMENT, BATCH_PAYMENT, BANK_TRANSACTION, BANK_TRANSFER, OVERPAYMENT, PREPAYMENT)
)
Element = dict[str, Any]


@dataclass(frozen=True)
class Money:
    """What a request would move on a bank: the AccountID or code of the account, the amount in the account's currency, the day (yyyy-mm-dd)."""

    account: str
    amount: Decimal
    day: str


def window(dated: str) -> tuple[str, str]:
    """The first and last day (yyyy-mm-dd) on which the bank may have had the money of a document of that day."""
    on = date.fromisoformat(dated)
    return (on - NEAR).isoformat(), (on + NEAR).isoformat()


def together(windows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """As few spans of days as cover all of these, without days between that nobody asked for: each is one list of Xero's."""
    spans: list[tuple[str, str]] = []
    for first, last in sorted(set(windows)):
        if spans and first <= (date.fromisoformat(spans[-1][1]) + timedelta(days=1)).isoformat():
            spans[-1] = spans[-1][0], max(spans[-1][1], last)
        else:
            spans.append((first, last))
    return spans


def asks(plan: Plan) -> bool:
    """Whether Xero's bank transactions are looked at before this plan goes: it moves money, for an import of history, and nobody has let it go."""
    return bool(plan.step.history) and CODE not in plan.step.late_for and plan.kind in MOVING and bool(entered_on(plan.step, plan.doc))


def held(plan: Plan, decision: Decision, shown: InXero) -> Decision:
    """The decision, or a hold where Xero's bank transactions may be the money that it would send; Xero is asked again where their list is incomplete."""
    if not isinstance(decision.outcome, Send) or not asks(plan):
        return decision
    if not shown.bank.complete:
        return Decision(Unclear(_("Bank transactions")))
    wrong = problem(plan.step, like(decision.outcome.translation, shown.bank.elements))
    return Decision(Hold((wrong,))) if wrong else decision


def moved(made: Translation) -> list[Money]:
    """What a request moves on banks: a payment, several of one bank line, money spent or received, a transfer (twice); nothing for any other element."""
    body = made.body
    dated = str(body.get("Date") or "")[:10]
    if "FromBankAccount" in body:
        return [Money(_account(body[side]), decimal(body["Amount"]), dated) for side in ("FromBankAccount", "ToBankAccount")]
    if "BankAccount" in body:
        return [Money(_account(body["BankAccount"]), decimal(made.total), dated)]
    if "Account" in body and PAYMENT.endpoint in body:
        # The bank has one line for all of them.
        return [Money(_account(body["Account"]), sum((decimal(each.get("Amount")) for each in body[PAYMENT.endpoint]), Decimal(0)), dated)]
    if "Account" in body and "Amount" in body:
        return [Money(_account(body["Account"]), decimal(body.get("BankAmount") or body["Amount"]), dated)]
    return []


def like(made: Translation, elements: Iterable[Element]) -> list[Element]:
    """Those of Xero's bank transactions that may be the money of a request: the same account and amount, within NEAR."""
    wanted = [each for each in moved(made) if each.account and each.amount]
    return [each for each in elements if any(_is_like(money, each) for money in wanted)]


def problem(step: Step, found: list[Element]) -> Problem | None:
    """Why a person decides about money of which these may be the same; None where there are none, or where somebody has let it go."""
    if not found or CODE in step.late_for:
        return None
    shown = joined("; ", [_one(each) for each in found[:_SHOWN]])
    return Problem(
        CODE,
        _("{name} is perhaps already coded in Xero from the bank feed: {found}").format(name=step.who.name, found=shown),
        _(
            "Look at it in Xero. Where it is the same money: remove it there and press Send All the Same; or press Skip to leave this out. Where it is other money: press Send All the Same"
        ),
        held=True,
    )


def payments_of(element: Element) -> list[Element]:
    """The payments that stand on an invoice, or on a credit, as Xero shows it."""
    return [each for each in before.rows(element, "Payments") if each.get("Status") not in _GONE]


def places_of(payment: Element) -> list[tuple[str, str]]:
    """Where Xero keeps a payment that stands on an invoice: alone, and as a part of a batch payment (endpoint, id)."""
    ids = ((PAYMENT.endpoint, payment.get("PaymentID")), (BATCH_PAYMENT.endpoint, payment.get("BatchPaymentID")))
    return [(endpoint, str(xero_id)) for endpoint, xero_id in ids if xero_id]


def paid_there(element: Element, paid: Decimal, dated: str, owners: Mapping[tuple[str, str], Sequence[Owner]]) -> list[Element]:
    """The payments on an invoice in Xero that may be the same money as one of `paid` (in the invoice's currency) of that day: a bank line that people have
    matched with the invoice there. None of them is linked with a document of this site. They are shown as bank transactions are."""
    first, last = window(dated)
    return [
        {**each, "Total": each.get("Amount"), "CurrencyCode": element.get("CurrencyCode"), "Contact": element.get("Contact")}
        for each in payments_of(element)
        if decimal(each.get("Amount")) == paid
        and first <= xero_element.calendar_date(each) <= last
        and not any(_is_ours(owner) for place in places_of(each) for owner in owners.get(place) or ())
    ]


def _is_like(money: Money, element: Element) -> bool:
    bank = element.get("BankAccount") or {}
    names = {xero_element.fold(bank.get(field)) for field in ("AccountID", "Code")} - {""}
    dated = xero_element.calendar_date(element)
    if element.get("Status") in _GONE or xero_element.fold(money.account) not in names or not dated or not money.day:
        return False
    first, last = window(money.day)
    return first <= dated <= last and decimal(element.get("Total")) == money.amount


def _one(element: Element) -> Text:
    contact = (element.get("Contact") or {}).get("Name") or element.get("Reference") or _("without a contact")
    dated = xero_element.calendar_date(element)
    money = {"amount": amount(element.get("Total")), "currency": element.get("CurrencyCode") or "", "date": day(dated)}
    said = _("{currency} {amount} of {date} ({contact})")
    return said.format(contact=contact if isinstance(contact, Text) else plain(contact), **money)


def _account(named: Any) -> str:
    return str((named or {}).get("AccountID") or (named or {}).get("Code") or "")


def _is_ours(owner: Owner) -> bool:
    """Whether the document that a payment is linked with stands for it here. A draft that was made of what somebody has entered in Xero, or one that was deleted, does not,
    nor one that was cancelled while what somebody entered stays in Xero: the same money may be entered here once more."""
    return owner.exists and not owner.draft and not (owner.cancelled and owner.link.entered_by_people)
