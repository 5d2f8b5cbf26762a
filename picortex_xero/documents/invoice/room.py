"""Sales Invoices and Purchase Invoices: the invoice or bill in Xero, and further steps (payments entered in it, write-offs, releases)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, _
from ...xero.records.base import GONE
from ...xero.records.registry import INVOICE
from ..base import Action, Books, Doc, InXero, Plan, Reads, Ready, Room, Worth
from ..compare_linked import compare_document
from ..decisions import Adopt, Ask, Decision, Effect, Hold, Remember, Skip, Unclear, done, refused
from ..fact_types import CONTACT, LINKS
from ..fingerprint import of_invoice
from ..identity import INVOICE_DOCTYPES, amount_due, is_opening, party_of, within_one_company
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..settlement.paid_on_entry import PAYMENT_ON_ENTRY, payments_on_entry
from ..step import Step, own_links
from ..still_in_xero import held_before_its_contact
from ..suppliers_own import SuppliersOwn, compact, own_number, suppliers_own
from . import discounts
from .booked import needs_of_ledger, with_ledger
from .invoice import invoice
from .opening_lines import still_open
from .release import RELEASE
from .write_off import WRITE_OFF, written_off


@dataclass(frozen=True)
class OpeningInvoice(Ready):
    """An opening invoice or bill: where Xero has it already, that record is linked, and no second one is made."""

    @property
    def _place(self) -> tuple[str, str]:
        body = self.translation.body
        return str(body["Contact"]["ContactID"]), str(body["InvoiceNumber"])

    def reads(self) -> Reads:
        """The same number of the same contact; bills' numbers are not unique in Xero."""
        return Reads(numbers=frozenset([self._place]))

    def _same(self, shown: InXero) -> list[dict[str, Any]]:
        """Those of its very number; where there are none, a bill is also one whose number is typed with other blanks."""
        body, number = self.translation.body, self._place[1]
        standing = [each for each in shown.numbers[self._place].elements if each["Type"] == body["Type"] and each["Status"] not in GONE]
        same = [each for each in standing if each["InvoiceNumber"].casefold() == number.casefold()]
        if same or body["Type"] != "ACCPAY":
            return same
        return [each for each in standing if compact(each["InvoiceNumber"]) == compact(number)]

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The records of the same number: one that is linked with another document is not this one."""
        return frozenset((INVOICE.endpoint, each["InvoiceID"]) for each in self._same(shown))

    def decide(self, shown: InXero) -> Decision:
        """Link it where Xero shows the same amount open; leave it to a person where the amounts differ; send it where Xero has none."""
        who, number = self.step.who, self._place[1]
        same = [each for each in self._same(shown) if not self._is_anothers(each["InvoiceID"], shown)]
        if not same:
            # The list is incomplete: the record may exist all the same, so Xero is asked again later.
            return (
                super().decide(shown)
                if shown.numbers[self._place].complete
                else Decision(Unclear(_("Invoices of {number}").format(number=number)))
            )
        if problem := opening_problem(who.name, number, self.translation.total, same):
            return Decision(Hold((problem,)), self.asks)
        return done(*self.asks, self._adopt(same[0]))

    def _is_anothers(self, xero_id: str, shown: InXero) -> bool:
        own = ("invoice", 1, self.step.revision)
        return any(
            (each.link.who, (each.link.part, each.link.number, each.link.revision)) != (self.step.who, own)
            for each in shown.owners[INVOICE.endpoint, xero_id]
        )

    def _adopt(self, element: dict[str, Any]) -> Adopt:
        number = element["InvoiceNumber"]
        return Adopt(
            "invoice",
            1,
            self.step.revision,
            INVOICE.endpoint,
            element["InvoiceID"],
            number,
            fingerprint=of_invoice(self.doc),
            status=element["Status"],
            currency=element.get("CurrencyCode", ""),
            total=element.get("Total"),
            amount_due=element.get("AmountDue"),
            said=_("Linked to {number}, which was already in Xero with the same amount open").format(number=number),
        )


def opening_problem(name: str, number: str, total: Decimal | None, same: list[dict[str, Any]]) -> Problem | None:
    """Why an opening document waits, given those of its number, contact and type that Xero shows; None where one with as much open is linked, or it is sent."""
    if len(same) > 1:
        return Problem(
            "opening-several",
            _("Xero has {count} documents {number} of this contact, one of which may be the opening document {name}").format(
                count=len(same), number=number, name=name
            ),
            _("Void the ones that are too many in Xero, or cancel {name} here").format(name=name),
        )
    due = same[0].get("AmountDue") if same else None
    if not same or decimal(due) == total:
        return None
    return Problem(
        "opening-differs",
        _("The opening document {name} has {total} open here, {number} in Xero has {due}").format(
            name=name, total=total, number=number, due=due
        ),
        _("Bring {number} in Xero to {total} open, or correct {name} here, then press Retry").format(number=number, total=total, name=name),
    )


def needs_of_invoice(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The contact, and the ledger rows where the document does not say it all itself."""
    return CONTACT.of([party_of(doc)]) | needs_of_ledger(doc)


def followers(doc: Doc) -> tuple[Effect, ...]:
    """The further steps of an invoice or return: a payment for each sum entered in it, and its write-off."""
    paid = [Ask(f"payment-{number}", amount=entered.amount) for number, entered in enumerate(payments_on_entry(doc), start=1)]
    amount = written_off(doc)
    return (*paid, *(Ask(f"writeoff-{part}", amount=amount) for part in (1, 2) if amount))


def plan_invoice(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The invoice itself. One that is linked already (somebody pressed Retry) is compared with what Xero shows."""
    mine = own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who, step.revision)
    linked = next((each for each in mine if each.part == "invoice"), None)
    if linked:
        return done() if linked.was_there_before and linked.live else compare_document(step, doc, linked, "invoice")
    party = facts.get(CONTACT, party_of(doc))
    contact_id = "" if party.former_name else party.xero_id
    doc = with_ledger(doc, facts)
    if skipped := given_away(doc):
        return skipped
    opening = is_opening(doc)
    if opening and still_open(doc) <= ZERO:
        return Decision(
            Skip(Problem("opening-settled", _("Nothing of {name} was open on the go-live date").format(name=step.who.name), NONE))
        )
    try:
        # Built before there is a contact, to find all problems: no contact is created for a document that cannot be sent.
        made = invoice(doc, books.mapping, contact_id, books.site_url, books.instance, step.revision, step.number_suffix)
    except Refused as error:
        return refused(error)
    if not contact_id:
        return held_before_its_contact(books.mapping, made.body) or wait_for_contact(party_of(doc), party)
    asks = (*([Remember({"amount": made.total})] if opening else []), *followers(doc))
    if opening:
        return OpeningInvoice(step, doc, INVOICE.made_by, frozenset({step.who.digest}), translation=made, asks=asks)
    own = entered_by_others(step, doc, INVOICE.endpoint, made.body["InvoiceNumber"], made.body["InvoiceNumber"])
    return Ready(step, doc, INVOICE.made_by, frozenset({step.who.digest}), translation=made, asks=asks, known_as=own)


def entered_by_others(step: Step, doc: Doc, endpoint: str, number: str, suppliers: str) -> SuppliersOwn | None:
    """What somebody may have entered the document in Xero as: by the supplier's number (`suppliers`), or by the `number` of a sale that an import of history
    brings. None where nobody is asked."""
    if doc["doctype"] == "Purchase Invoice":
        return suppliers_own(doc, endpoint, suppliers) if suppliers else None
    return own_number(doc, endpoint, number) if step.history else None


# What else an invoice, or a return, becomes: payments entered in it, what it writes off, and each release of a deferred amount.
FURTHER_ACTIONS = {"payment": PAYMENT_ON_ENTRY, "writeoff": WRITE_OFF, "release": RELEASE}
# ERPNext 16 keeps the taxes item by item in a table of their own.
TABLES = ("items", "taxes", "payments", "item_wise_tax_details")


def did_as_returns_do(roles: Iterable[str]) -> bool:
    """Whether one of these roles is a return's: it becomes a credit note, and is taken off the invoice that it returns. Steps that take
    something back or look again ("undo-credit-1", "note-cancel-credit-1") name the role that they are about. What was written off an
    invoice stands at CreditNotes, too, so that an endpoint proves nothing."""
    return any({"credit", "allocation"} & set(role.split("-")) for role in roles)


def worth_of(doc: Doc) -> Worth:
    """The value of an invoice or return (see `Worth`). One that was given away still moves income and discounts where these are accounted
    for; whether they are, its ledger says (`given_away`)."""
    base = doc.get("base_grand_total") or any(item.get("base_net_amount") for item in doc.get("items") or []) or discounts.named(doc)
    return Worth(base, abs(amount_due(doc)), doc.get("currency") or "")


def given_away(doc: Doc) -> Decision | None:
    """Skipped: its total is zero, and its ledger (see `with_ledger`) has nothing of it."""
    moved = decimal(doc.get("base_grand_total")) or any(decimal(item.get("net_amount")) for item in doc.get("items") or [])
    if moved or not discounts.named(doc) or doc.get(discounts.BOOKED) or "base_grand_total" not in doc:
        return None
    return Decision(Skip(Problem("zero-total", _("Its total is zero: there is nothing to account for"), NONE)))


def moves_inside(doc: Doc) -> Problem | None:
    """Why an invoice or return within one company is not sent: nobody owes anything for it."""
    if not within_one_company(doc):
        return None
    return Problem("internal-transfer", _("It moves goods inside {company}: nobody owes anything").format(company=doc["company"]), NONE)


class InvoiceRoom(Room):
    """Sales Invoice and Purchase Invoice; a return is a credit note."""

    name = "invoice"
    doctypes = INVOICE_DOCTYPES
    parts = ("invoice",)
    scopes = ("accounting.invoices",)
    tables = TABLES
    actions = {"invoice": Action(plan_invoice, needs_of_invoice, compares_itself=True), **FURTHER_ACTIONS}

    def claims(self, doc: Doc) -> bool:
        """All but returns."""
        return not doc.get("is_return")

    def claims_gone(self, roles: Iterable[str]) -> bool:
        """A deleted document without a role that only returns have."""
        return not did_as_returns_do(roles)

    def first(self, doc: Doc) -> str:
        """The invoice."""
        return "invoice"

    def fingerprint(self, doc: Doc) -> str:
        """Its figures, lines and taxes."""
        return of_invoice(doc)

    def worth(self, doc: Doc) -> Worth:
        """Its total. Where that is zero but lines of opposite sign move income or cost, it still counts as something to send."""
        return worth_of(doc)

    def nothing(self, doc: Doc) -> Problem | None:
        """One of zero, and one that only moves goods inside its own company."""
        return super().nothing(doc) or moves_inside(doc)
