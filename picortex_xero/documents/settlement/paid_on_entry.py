"""Payments entered in an invoice itself: counter sales (`is_pos`), bills paid on entry (`is_paid`), their returns.

Each sum becomes a Payment of the invoice in Xero (of a return's credit note: a refund), cash less the change given. ERPNext books the
change from `account_for_change_amount`, in a ledger row of its own (observed on ERPNext 15.71). Loyalty points redeemed, on whatever invoice,
are a sum as well: ERPNext credits the customer and debits `loyalty_redemption_account` (its `make_loyalty_point_redemption_gle`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping, PaymentAccount
from ...accounting.money import CENT, ZERO, decimal, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import Text, _, joined, lines, term
from ...xero.records import document_names, registry
from ...xero.records.base import GONE
from ..base import Action, Books, Doc, InXero, Plan, Reads
from ..decisions import Decision, Send, done, hold, overtaken, refused
from ..fact_types import LINKS, Named
from ..identity import amount_due
from ..invoice.lines import document_rate
from ..invoice.write_off import written_off
from ..needs import Facts, Needs
from ..step import Step, own_links
from ..translation import Translation
from .document_in_xero import UNAPPROVED, DocumentInXero, find, needs_of_record, wait_for, wait_for_amount, wait_for_approval, was_removed


@dataclass(frozen=True)
class PaymentOnEntry:
    """One sum paid: ERPNext's bank or cash account, by how much the party's debt fell in document currency, and the same in company
    currency. Both are positive, in refunds too."""

    account: str
    amount: Decimal
    base: Decimal


@dataclass(frozen=True)
class Settled:
    """The invoice or credit note that the sums are paid on: its id, and the amount that Xero shows as due or left; None where its status
    allows no payment."""

    xero_id: str
    left: Decimal | None


def payments_on_entry(doc: dict[str, Any]) -> list[PaymentOnEntry]:
    """The sums entered inside an invoice, in its order, change taken off; empty for an ordinary one."""
    points = redeemed(doc)
    return [*money_on_entry(doc), *([points] if points else [])]


def redeemed(doc: dict[str, Any]) -> PaymentOnEntry | None:
    """What loyalty points paid, on any invoice; ERPNext keeps it in company currency."""
    base = abs(decimal(doc.get("loyalty_amount")))
    if not base or not doc.get("redeem_loyalty_points", True):
        return None
    rate = decimal(doc.get("conversion_rate")) or Decimal(1)
    return PaymentOnEntry(doc.get("loyalty_redemption_account") or "", half_up(base / rate), base)


def money_on_entry(doc: dict[str, Any]) -> list[PaymentOnEntry]:
    """The same without loyalty points: what moved on bank and cash accounts."""
    sign = -1 if doc.get("is_return") else 1
    if doc.get("is_paid"):
        paid, base = sign * decimal(doc.get("paid_amount")), sign * decimal(doc.get("base_paid_amount"))
        return [PaymentOnEntry(doc.get("cash_bank_account") or "", paid, base)] if paid else []
    if not doc.get("is_pos"):
        return []
    found = [
        PaymentOnEntry(row.get("account") or "", sign * decimal(row.get("amount")), sign * decimal(row.get("base_amount")))
        for row in doc.get("payments") or []
        # As ERPNext posts them: what a program submits at once has no amounts in company currency, and no payment in the ledger.
        if decimal(row.get("amount")) and decimal(row.get("base_amount"))
    ]
    change = PaymentOnEntry(
        doc.get("account_for_change_amount") or "", decimal(doc.get("change_amount")), decimal(doc.get("base_change_amount"))
    )
    return _less_change(found, change)


def _less_change(found: list[PaymentOnEntry], change: PaymentOnEntry) -> list[PaymentOnEntry]:
    """The sums less the change, which is taken from those paid into its account; change beyond them is left as a negative sum."""
    left = []
    for entered in found:
        taken = min(entered.amount, change.amount) if entered.account == change.account else ZERO
        whole = taken == change.amount
        base = change.base if whole else half_up(entered.base * taken / entered.amount)
        left.append(replace(entered, amount=entered.amount - taken, base=entered.base - base) if taken else entered)
        change = replace(change, amount=change.amount - taken, base=change.base - base) if taken else change
    if change.amount:
        left.append(PaymentOnEntry(change.account, -change.amount, -change.base))
    return [entered for entered in left if entered.amount]


def problems_of_payments(doc: dict[str, Any], mapping: Mapping | None = None) -> list[Problem]:
    """Why the sums entered in this invoice cannot be sent; the whole document is held then, so that it is not sent in part. Loyalty points
    can be where `mapping` has an account for them."""
    named, sums = {"doctype": term(doc["doctype"]), "name": doc["name"]}, money_on_entry(doc)
    amounts = [
        _("{amount} on {account}").format(amount=f"{plain(each.amount):f}", account=each.account) for each in sums if each.amount > ZERO
    ]
    paid = joined(", ", amounts) or _("nothing")
    problems = []
    if (points := redeemed(doc)) and (doc.get("is_return") or not _owed(mapping, points.account)):
        problems.append(_loyalty(doc, points, joined(", ", amounts), _is_expense(mapping, points.account)))
    if any(each.amount < ZERO for each in sums):
        change = next(each for each in sums if each.amount < ZERO)
        problems.append(
            Problem(
                "pos-change-elsewhere",
                _("{doctype} {name} gave {amount} change out of {account}, into which less was paid").format(
                    **named, amount=f"{plain(-change.amount):f}", account=change.account
                ),
                _(
                    "In Xero, enter {name} by hand with its payments ({paid}) up to its total, and the change as a transfer out of {account}"
                ).format(name=doc["name"], paid=paid, account=change.account),
                held=True,
            )
        )
    return problems or overpaid(doc)


def _owed(mapping: Mapping | None, account: str) -> bool:
    """Whether the accountant has mapped the account that points are redeemed on to a liability of Xero that takes payments: then a payment
    from it is right. One from an expense account would leave the tax of what was sold as it was, and nobody would have chosen that."""
    found = mapping.payment_accounts.get(account) if mapping else None
    return found is not None and found.account_class == "LIABILITY"


def _is_expense(mapping: Mapping | None, account: str) -> bool:
    return mapping is not None and "Expense" in mapping.host_classes.get(account, ())


def _loyalty(doc: dict[str, Any], points: PaymentOnEntry, paid: Text, expense: bool) -> Problem:
    what = _("{doctype} {name} was partly paid with loyalty points ({points})").format(
        doctype=term(doc["doctype"]), name=doc["name"], points=f"{plain(points.amount):f}"
    )
    known = {"name": doc["name"], "points": f"{plain(points.amount):f}", "account": points.account or _("(none)")}
    if doc.get("is_return"):
        resolution = _("In Xero, enter {name} by hand as the accountant wants it, with {points} on the account of {account}").format(
            **known
        )
    elif paid:
        resolution = _(
            "In Xero, enter {name} by hand with its payments ({paid}), and a credit note of {points} on the account of {account} allocated to it; or map {account} under Bank and payment accounts in Mapping to a liability account that takes payments, and press Retry"
        ).format(**known, paid=paid)
    else:
        resolution = _(
            "In Xero, enter {name} by hand, and a credit note of {points} on the account of {account} allocated to it; or map {account} under Bank and payment accounts in Mapping to a liability account that takes payments, and press Retry"
        ).format(**known)
    if expense and not doc.get("is_return"):
        # ERPNext debits the expense at once; nobody is to find another profit in Xero without having been told.
        moved = _(
            "With such a mapping the points stand on the liability in Xero, and here on the expense {account}: your accountant moves them there, by a manual journal"
        )
        resolution = lines([resolution, moved.format(account=known["account"])])
    return Problem("pos-loyalty", what, resolution, held=True)


def overpaid(doc: dict[str, Any]) -> list[Problem]:
    """More was entered as paid than the document comes to, as by card (change is given for cash alone): ERPNext then owes the rest to the
    customer, and Xero keeps it as an overpayment of its own."""
    paid = sum((each.amount for each in payments_on_entry(doc)), ZERO)
    due = decimal(amount_due(doc)) * (-1 if doc.get("is_return") else 1) - written_off(doc)
    if not paid or paid - due < CENT:
        return []
    known = {"name": doc["name"], "due": f"{due:.2f}", "over": f"{paid - due:.2f}"}
    what = _("{doctype} {name} was overpaid on entry: {paid} were paid, {over} more than the {due} that it comes to").format(
        doctype=term(doc["doctype"]), paid=f"{paid:.2f}", **known
    )
    resolution = _(
        "In Xero, enter {name} by hand with payments up to {due}, and the {over} beyond that as an overpayment with the same contact; or correct here what was paid, and amend it"
    ).format(**known)
    return [Problem("paid-too-much", what, resolution, held=True)]


def payment(doc: Doc, mapping: Mapping, settled: Settled, number: int) -> Translation:
    """The Payment element of the `number`-th (from 1) sum inside an invoice, or a return, that is in Xero as `settled`. Raises Refused."""
    sums = payments_on_entry(doc)
    entered = sums[number - 1]
    found, problems = _bank(doc, mapping, entered)
    if settled.left is not None and entered.amount > settled.left:
        problems += overpaid(doc) or [_exceeds(doc, entered, settled.left)]
    # A sum from an account in company currency goes with its BankAmount, any other with the document's own rate.
    own = found is not None and found.currency == doc["currency"]
    rate = document_rate(doc, entered.amount, mapping) if own else None
    problems += rate.problems if rate else []
    if problems or found is None:
        raise Refused(problems)
    reference = document_names.part(doc["name"], number if len(sums) > 1 else 0)
    of, marks = (registry.CREDIT_NOTE, "CreditID") if doc.get("is_return") else (registry.INVOICE, "InvoiceID")
    body: dict[str, Any] = {
        of.named_in_payments: {of.id_field: settled.xero_id},
        "Account": {"AccountID": found.account_id},
        "Date": str(doc["posting_date"]),
        "Amount": plain(entered.amount),
        "Reference": reference,
    }
    if rate:
        body["CurrencyRate"] = rate.rate
    elif doc["currency"] != mapping.base_currency:
        body["BankAmount"] = plain(half_up(entered.base))
    marker = {"Reference": reference, marks: settled.xero_id, "Amount": entered.amount}
    return Translation(body, marker, entered.amount, said=rate.said if rate else ())


def _exceeds(doc: Doc, entered: PaymentOnEntry, left: Decimal) -> Problem:
    return Problem(
        "payment-exceeds-due",
        _("{name} has {left} {currency} left in Xero, what was paid with it is {amount}").format(
            name=doc["name"], left=left, currency=doc["currency"], amount=entered.amount
        ),
        _(
            "See in Xero what else was paid or credited on {name}. Where that is this very payment, as from a bank feed, press Done by Hand. Else remove it there, then press Retry"
        ).format(name=doc["name"]),
    )


def _bank(doc: dict[str, Any], mapping: Mapping, entered: PaymentOnEntry) -> tuple[PaymentAccount | None, list[Problem]]:
    """The mapped Xero account; its currency must be that of ERPNext's account, and either the document's or the company's."""
    found = mapping.payment_account(entered.account)
    if isinstance(found, Problem):
        return None, [found]
    if found.currency not in ("", doc["currency"], mapping.base_currency):
        return None, [
            Problem(
                "payment-account-currency",
                _("{name} was paid in {currency} on {account}, which is in {bank_currency}").format(
                    name=doc["name"], currency=doc["currency"], account=entered.account, bank_currency=found.currency
                ),
                _("In Xero, enter the payment of {name} by hand: its figure in {currency} is not known here").format(
                    name=doc["name"], currency=found.currency
                ),
            )
        ]
    return found, []


@dataclass(frozen=True)
class PaidOnEntry(Plan):
    """Pay one sum entered in an invoice or return, which Xero has (`found`)."""

    mapping: Mapping | None = None
    found: DocumentInXero | None = None

    def reads(self) -> Reads:
        """The invoice or credit note."""
        assert self.found is not None
        return Reads(records=frozenset([self.found.place]))

    def decide(self, shown: InXero) -> Decision:
        """Send the payment, once a person has approved the document in Xero."""
        assert self.mapping is not None and self.found is not None
        name, element = self.doc["name"], shown.record(*self.found.place) or {}
        status = element.get("Status", "")
        if status in UNAPPROVED:
            return wait_for_approval(self.found.place)
        if status in (*GONE, ""):
            what = _("{name} was paid on entry, but was voided or deleted in Xero").format(name=name)
            return hold(
                Problem(
                    "invoice-gone",
                    what,
                    _("See who removed it there. Then press Send again to enter it anew in Xero, or Leave it out; or cancel it here"),
                    held=True,
                )
            ).with_effects(*was_removed(self.found.step, name, status))
        if waits := wait_for_amount(self.found, element):
            return waits
        left = registry.object_at(self.found.link.endpoint).left(element)
        settled = Settled(self.found.xero_id, left if status in ("AUTHORISED", "PAID") else None)
        try:
            return Decision(Send(payment(self.doc, self.mapping, settled, self.step.role.number)))
        except Refused as error:
            return refused(error)


def needs_of_payment(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The facts about the document that the sum is entered in, and its record."""
    return needs_of_record(_named(doc))


def plan_payment(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Plan the payment of one sum, once its document is in Xero."""
    number = step.role.number
    linked = own_links(facts.get(LINKS, _named(doc)), step.who, step.revision)
    if any((link.part, link.number) == ("payment", number) for link in linked):
        return done()
    if number > len(payments_on_entry(doc)):
        return overtaken(_("{name} no longer has this payment").format(name=step.who.name))
    found = find(_named(doc), facts)
    if found is None:
        return wait_for(step, _named(doc), facts)
    chain = frozenset({step.who.digest, found.xero_id})
    return PaidOnEntry(step, doc, registry.PAYMENT.made_by, chain, mapping=books.mapping, found=found)


PAYMENT_ON_ENTRY = Action(plan_payment, needs_of_payment)


def _named(doc: Doc) -> Named:
    return doc["doctype"], doc["name"]
