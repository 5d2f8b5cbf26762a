"""What an invoice writes off on entry: a CreditNote over it (step "writeoff-1"), taken off the invoice ("writeoff-2"); of a return, an
Invoice that uses up its credit note.

Whether tax is taken back is the accountant's choice for the account (Xero Deduction Mapping): with a taxed choice it is the tax of the
document itself, by tax type and in proportion, never more than it has. It is never a payment from an expense account, which would leave
the invoice's tax as it was. Amounts include tax, since ERPNext writes off gross.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal, decimals, plain
from ...accounting.own_tax import TypedAmount, taken_off
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...accounting.tax_types import TaxType
from ...accounting.texts import _, term
from ...xero.records import document_names
from ...xero.records.registry import KINDS
from ..base import Action, Books, Doc, Plan, Ready
from ..decisions import Ask, Decision, Wait, done, overtaken, refused
from ..fact_types import CONTACT, LINKS, STEPS, Named
from ..identity import document_url, identity, party_of
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..settlement.allocation import AllocationSide, credit_taken
from ..settlement.contact_now import with_contact_now
from ..settlement.document_in_xero import find, needs_of_record, wait_for
from ..step import Step, own_links, own_steps
from ..translation import Translation
from .booked import by_type, needs_of_ledger, with_ledger
from .lines import document_rate

CREDIT_NOTE = "Credit note"
# The numbers of the two steps: the credit note (or invoice) over the write-off, and its allocation.
CREATED, TAKEN_OFF = 1, 2


def written_off(doc: dict[str, Any]) -> Decimal:
    """What is written off, in document currency: positive where the party still owes it (or, of a return, is still owed it).

    ERPNext posts it in every bill, but in sales only where `is_pos` is set (its `make_write_off_gl_entry` of both DocTypes).
    """
    if doc["doctype"] == "Sales Invoice" and not doc.get("is_pos"):
        return ZERO
    return decimal(doc.get("write_off_amount")) * (-1 if doc.get("is_return") else 1)


def problems(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    """Why the write-off cannot be sent; the whole document is held then. Empty where nothing is written off."""
    amount, account, what = (
        written_off(doc),
        doc.get("write_off_account") or "(no account)",
        {"doctype": term(doc["doctype"]), "name": doc["name"]},
    )
    if not amount:
        return []
    choice = mapping.deductions.get(account)
    if amount < ZERO:
        return [
            Problem(
                "pos-write-off-negative",
                _("{doctype} {name} writes off more than it leaves open").format(**what),
                _("Enter {name} in Xero by hand, with a credit note (for a return: an invoice) of {amount} on {account}").format(
                    name=doc["name"], amount=f"{plain(abs(amount)):f}", account=account
                ),
                held=True,
            )
        ]
    if choice is None or choice.treatment != CREDIT_NOTE:
        why = _("{doctype} {name} writes off {amount} on {account}, which nobody has chosen a credit note for").format(
            **what, amount=f"{plain(amount):f}", account=account
        )
        resolution = _(
            "Choose Credit note and its tax type for {account} under Fees, discounts and write-offs in Mapping, then press Retry; or enter {name} in Xero by hand, with a credit note (for a return: an invoice) of {amount} on {account}"
        ).format(account=account, name=doc["name"], amount=f"{plain(abs(amount)):f}")
        return [Problem("pos-write-off", why, resolution, held=True)]
    found = []
    if choice.tax_type is None or choice.tax_type.shown is None or not choice.tax_type.active:
        why = _(
            "The choice for {account}, on which {doctype} {name} writes off {amount}, has no tax type with a rate that was read from Xero"
        ).format(account=account, **what, amount=f"{plain(amount):f}")
        resolution = _(
            "Complete {account} under Fees, discounts and write-offs in Mapping and press Refresh From Xero on the Xero Connection, then press Retry"
        ).format(account=account)
        found.append(Problem("deduction-incomplete", why, resolution))
    if isinstance(code := mapping.account(account, "deduction"), Problem):
        found.append(code)
    if decimals(amount) > 2:
        why = _("{doctype} {name} writes off {amount}, which has more than two decimals; Xero keeps two").format(**what, amount=amount)
        found.append(too_many_decimals(why, doc["currency"]))
    if not found and choice.tax_type:
        try:
            _shares(doc, mapping, choice.tax_type, amount)
        except Refused as error:
            found += error.problems
    return found


def write_off(
    doc: dict[str, Any], mapping: Mapping, contact_id: str, site_url: str, instance: str, revision: int, suffix: int = 0
) -> Translation:
    """The CreditNote element over what an invoice writes off, or the Invoice element of a return. Raises Refused.

    Its number is the document's with "-W": Xero numbers invoices and credit notes in one sequence (Xero help "Change numbering on
    invoices"), and whether one number may stand on both is not documented.
    """
    centers = [doc.get("write_off_cost_center")]
    found, choice = problems(doc, mapping) + mapping.untracked(centers), mapping.deductions.get(doc.get("write_off_account") or "")
    tax_type, amount = choice.tax_type if choice else None, written_off(doc)
    rate = document_rate(doc, amount, mapping)
    found += rate.problems if rate else []
    if found or tax_type is None:
        raise Refused(found)
    shares = _shares(doc, mapping, tax_type, amount)
    sales, back = doc["doctype"] == "Sales Invoice", bool(doc.get("is_return"))
    number = document_names.numbered(doc["name"], suffix, document_names.WRITTEN_OFF)
    body: dict[str, Any] = {"Type": ("ACCREC" if sales else "ACCPAY") + ("" if back else "CREDIT")}
    body["InvoiceNumber" if back else "CreditNoteNumber"] = number
    if sales:
        body["Reference"] = f"Written off {doc['name']}"
    body |= {"Contact": {"ContactID": contact_id}, "Date": str(doc["posting_date"]), "CurrencyCode": doc["currency"]}
    body["Status"] = mapping.target_status
    marker = {"Type": body["Type"], "ContactID": contact_id, "Total": amount}
    marker["InvoiceNumber" if back else "CreditNoteNumber"] = number
    if back:
        body["DueDate"] = body["Date"]
        if url := document_url(site_url, instance, identity(doc), revision, "writeoff"):
            body["Url"] = marker["Url"] = url
    if rate:
        body["CurrencyRate"] = rate.rate
    body["LineAmountTypes"] = "Inclusive"
    body["LineItems"] = [_line(doc, mapping, share) for share in shares]
    said = (rate.said if rate else ()) + mapping.said_of_tracking(centers)
    return Translation(body, marker, amount, sum((share.tax for share in shares), ZERO), said=said)


def _shares(doc: dict[str, Any], mapping: Mapping, chosen: TaxType, amount: Decimal) -> list[TypedAmount]:
    """What of the write-off goes under which tax type. Raises Refused where the document has nothing that it could be taken off."""
    if not chosen.shown:
        return [TypedAmount(chosen, amount, ZERO)]
    own = by_type(doc, mapping)
    shares = taken_off(amount, own, doc["currency"])
    if sum((share.gross for share in shares), ZERO) != amount:
        what = _("{name} writes off {amount}, and its lines leave nothing of that amount").format(
            name=doc["name"], amount=f"{plain(amount):f}"
        )
        raise Refused(
            [Problem("write-off-of-nothing", what, _("Correct the write-off and amend the document, or enter it in Xero by hand"))]
        )
    code = mapping.account(doc["write_off_account"], "deduction")
    if isinstance(code, str) and (problems := [each for share in shares if (each := _unfit(doc, mapping, code, share.tax_type))]):
        raise Refused(problems)
    return shares


def _unfit(doc: dict[str, Any], mapping: Mapping, code: str, tax_type: TaxType) -> Problem | None:
    """Why Xero would not take the document's own tax type on the account of the write-off, by its lists as last read."""
    account_class = mapping.xero_classes.get(code)
    if tax_type.active and (tax_type.classes is None or account_class is None or account_class in tax_type.classes):
        return None
    account = doc["write_off_account"]
    what = _("{name} writes off on {account}, and Xero does not take its tax type {code} on that account ({xero_account})").format(
        name=doc["name"], account=account, code=tax_type.called, xero_account=mapping.called.account(code)
    )
    resolution = _("Map {account} under Accounts in Mapping to an account that takes {code}, then press Retry").format(
        account=account, code=tax_type.called
    )
    return Problem("deduction-tax-refused", what, resolution)


def _line(doc: dict[str, Any], mapping: Mapping, share: TypedAmount) -> dict[str, Any]:
    body: dict[str, Any] = {
        "Description": f"Written off {doc['name']}",
        "Quantity": Decimal(1),
        "UnitAmount": plain(share.gross),
        "AccountCode": mapping.account(doc["write_off_account"], "deduction"),
        "TaxType": share.tax_type.code,
    }
    if tracking := mapping.tracked(doc.get("write_off_cost_center")):
        body["Tracking"] = tracking
    own = line_tax(share.gross, share.tax_type.shown or ZERO, True)
    return body if share.tax == own else {**body, "TaxAmount": plain(share.tax)}


def needs_of_write_off(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The document itself and its record; of the first step the contact and the ledger, too."""
    created = CONTACT.of([party_of(doc)]) | needs_of_ledger(doc)
    return needs_of_record(_named(doc)) | (created if step.role.number == CREATED else frozenset())


def plan_write_off(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Plan the record over the write-off (step 1) or its allocation (step 2), once the document itself is in Xero."""
    linked = own_links(facts.get(LINKS, _named(doc)), step.who, step.revision)
    mine = {link.number: link for link in linked if link.part == "writeoff"}
    if step.role.number in mine:
        return done()
    found = find(_named(doc), facts)
    if found is None:
        return wait_for(step, _named(doc), facts)
    if step.role.number == CREATED:
        return _created(step, doc, facts, books)
    if CREATED not in mine:
        return _wait_for_record(step, facts)
    itself = AllocationSide(step.who.name, found.place, found.step)
    other = AllocationSide(step.who.name, (mine[CREATED].endpoint, mine[CREATED].xero_id))
    credit, invoice = (itself, other) if doc.get("is_return") else (other, itself)
    return credit_taken(step, doc, credit, invoice, written_off(doc))


def _created(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    party = facts.get(CONTACT, party_of(doc))
    if party.former_name or not party.xero_id:
        return wait_for_contact(party_of(doc), party)
    try:
        made = write_off(
            with_ledger(doc, facts), books.mapping, party.xero_id, books.site_url, books.instance, step.revision, step.number_suffix
        )
    except Refused as error:
        return refused(error)
    kind = KINDS["invoice" if doc.get("is_return") else "credit-note"]
    ready = Ready(step, doc, kind, frozenset({f"{step.who.digest} {step.role}"}), translation=made)
    return with_contact_now(ready, [_named(doc)], facts)


def _wait_for_record(step: Step, facts: Facts) -> Decision:
    """Wait until the write-off's record is in Xero; where its step was closed without one, there is nothing to take off."""
    role, who = f"writeoff-{CREATED}", step.who
    steps = own_steps(facts.get(STEPS, (who.doctype, who.name)), who)
    before = next((each for each in steps if each.role.text == role and each.revision == step.revision), None)
    if before and not before.unfinished:
        return overtaken(_("What {name} writes off was not sent").format(name=who.name))
    ask = Ask(role)
    problem = Problem(
        "waits-for-invoice",
        _("Waits until what {name} writes off is in Xero").format(name=who.name),
        _("See what stops {name}").format(name=who.name),
    )
    return Decision(Wait(problem, on=ask), (ask,))


def _named(doc: Doc) -> Named:
    return doc["doctype"], doc["name"]


WRITE_OFF = Action(plan_write_off, needs_of_write_off)
