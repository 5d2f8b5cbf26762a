"""Xero Cash Summary: money received or spent in Xero for what skipped documents moved on one day."""

from __future__ import annotations

from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.registry import BANK_TRANSACTION
from ..base import Action, Books, Doc, Plan, Room, Worth
from ..decisions import Decision, MakeAnew, Wait, refused
from ..fingerprint import one_hash, rows_of, values_of
from ..needs import Facts, Needs
from ..settlement.named_money import needs_of_contact, with_contact
from ..step import Step
from .counted import A_MOMENT, SUMMARY, left, needs_of_rows, undecided
from .summary import cash_summary

ROLE = "summary"
FIELDS = "account posting_date direction currency total base_total against_account tax_type".split()
ROW = "reference_doctype reference_name reference_creation rule amount".split()


def needs_of_summary(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The contact, and what became of the documents that it counts."""
    return needs_of_contact(doc) | needs_of_rows(doc)


def plan_summary(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Plan the money received or spent; it waits where it counts a document that goes itself now, or is cancelled."""
    if len(left(doc["rows"], facts)) < len(doc["rows"]):
        what = _("Waits until it is made anew: a document that it counts goes to Xero itself now, or is cancelled")
        problem = Problem("cash-summary-made-anew", what, _("See what stops that document"))
        return Decision(Wait(problem, after=A_MOMENT), (MakeAnew(step.who.name),))
    if row := undecided(doc["rows"], facts):
        what = _("Waits until it is decided whether {name} goes to Xero itself").format(name=row["reference_name"])
        return Decision(Wait(Problem("waits-for-document", what, _("See what stops that document")), after=A_MOMENT))
    try:
        made = cash_summary(doc, books.mapping, books.site_url, books.instance, step.revision)
    except Refused as error:
        return refused(error)
    return with_contact(step, doc, BANK_TRANSACTION.made_by, made, facts, books)


class CashSummaryRoom(Room):
    """Xero Cash Summary."""

    name = "cash_summary"
    doctypes = (SUMMARY,)
    parts = (ROLE,)
    scopes = ("accounting.banktransactions",)
    tables = ("rows",)
    names = {"Account": ("account", "against_account")}
    actions = {ROLE: Action(plan_summary, needs_of_summary)}

    def first(self, doc: Doc) -> str:
        """The money received or spent."""
        return ROLE

    def fingerprint(self, doc: Doc) -> str:
        """What it counts, and where it goes."""
        return one_hash([values_of(doc, FIELDS), sorted(rows_of(doc, "rows", ROW))])

    def worth(self, doc: Doc) -> Worth:
        """What the bank moved."""
        return Worth(doc.get("base_total"), doc.get("total"), doc.get("currency") or "")
