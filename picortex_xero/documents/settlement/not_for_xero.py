"""Why a payment as a whole is held: what it settles, or with whom it is, is nothing that Xero has payments for."""

from __future__ import annotations

from ...accounting.problems import Problem
from ...accounting.terms import inside
from ...accounting.texts import Text, _, lines, term
from .. import payroll
from ..identity import INVOICE_DOCTYPES
from .settlement import ORDERS, PAYMENT_ENTRY, SETTLES, SettledDocument, Settlement, SettlementKind


def problems_before(settlement: Settlement) -> list[Problem]:
    """Why a payment cannot be sent at all, in the order in which a person would look; empty where it can be planned."""
    name, rows = settlement.name, settlement.parts
    if settlement.kind is SettlementKind.SET_OFF:
        return []
    if settlement.private:
        return [payroll.held(settlement.who, settlement.private)]
    if settlement.party_type not in SETTLES:
        return [_other_party(settlement)]
    wanted = SETTLES[settlement.party_type]
    wrong = [part for part in rows if part.doctype in INVOICE_DOCTYPES and part.doctype != wanted]
    other = [part for part in rows if part.doctype not in (*INVOICE_DOCTYPES, *ORDERS, PAYMENT_ENTRY)]
    found = [
        Problem(
            "payment-other-side",
            _("{name} is with a {party_type} and settles {doctype} {other}").format(
                name=name, party_type=inside(settlement.party_type), doctype=term(part.doctype), other=part.name
            ),
            _("Set the two accounts off against each other with a journal in Xero, or correct {name} here").format(name=name),
            held=True,
        )
        for part in wrong
    ]
    found += [
        Problem(
            "settles-no-invoice",
            _("{name} settles {doctype} {other}, which is no invoice or bill in Xero").format(
                name=name, doctype=term(part.doctype), other=part.name
            ),
            _settled_by_hand(name, part),
            held=True,
        )
        for part in other
    ]
    if settlement.taxes and (rows or not settlement.forward) and not any(part.doctype in ORDERS for part in rows):
        found.append(
            Problem(
                "payment-tax",
                _("{name} carries tax of its own although it settles invoices").format(name=name),
                _("Enter {name} in Xero by hand: the payment, and the tax as the accountant wants it").format(name=name),
                held=True,
            )
        )
    return found


def _other_party(settlement: Settlement) -> Problem:
    name, kind, party = settlement.name, settlement.party_type, settlement.party
    if not kind:
        return Problem(
            "payment-without-party",
            _("{name} names neither customer nor supplier").format(name=name),
            _("In Xero, enter it as a Spend Money or Receive Money on the account that {name} was booked on").format(name=name),
            held=True,
        )
    return Problem(
        "payment-other-party",
        _("{name} is with the {kind} {party}, and only payments with customers and suppliers go to Xero").format(
            name=name, kind=inside(kind), party=party
        ),
        _("In Xero, enter it as a Spend Money or Receive Money with {party} on the account for {kind}s").format(
            party=party, kind=inside(kind)
        ),
        held=True,
    )


def _settled_by_hand(name: str, part: SettledDocument) -> Text:
    """What a person does in Xero about a document that no invoice or bill of Xero stands for."""
    pays = _(
        "In Xero, pay with it the invoice or bill that was entered by hand for {other}; where nothing was entered for {other}, enter {name} as a Spend Money or Receive Money on the account that {other} charged, and leave {other} out"
    ).format(other=part.name, name=name)
    if part.doctype != "Journal Entry":
        return pays
    paid_back = _(
        "Where {other} pays {name} back: in Xero, open {name}, refund it by hand from the bank account, and press Done by Hand on {other}; nothing else is left to do"
    ).format(other=part.name, name=name)
    return lines([paid_back, _("Where {other} is a debt of its own: {recipe}").format(other=part.name, recipe=pays)])
