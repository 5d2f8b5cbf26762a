"""What a draft that amends a document gets of what Xero shows, with what mapping says from Xero's side: an invoice or bill line by line (documents/taking_over.py), a journal whole, as one
that people enter in Xero comes (incoming/journal.py)."""

from __future__ import annotations

from typing import Any

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.texts import Text, _, joined
from ..documents.base import Books
from ..documents.taking_over import Amendment, amendment
from ..engine import contexts
from ..inbound import people_kinds, people_rows
from ..incoming import document_facts, entry, recoded, way_back_facts
from ..incoming.journal import JOURNAL_ENTRY, Waits
from .changed_sides import Sides

Element = dict[str, Any]
# What of a Journal Entry says what it is, not what it books.
ITS_OWN = ("voucher_type", "naming_series", "title", "pay_to_recd_from", "mode_of_payment", "finance_book", "cheque_no", "cheque_date")
SPECIAL = ("reversal_of", "inter_company_journal_entry_reference", "process_deferred_accounting")


def of(sides: Sides, link: str, kept: dict[str, Any]) -> Amendment:
    """What the document becomes with what Xero shows of the one record that was changed."""
    doc = sides.doc
    assert doc is not None
    if doc["doctype"] == JOURNAL_ENTRY:
        return _journal(sides, kept)
    return amendment(doc, sides.here(link), kept["element"], _back(sides.row["connection"], doc, sides.books))


def _back(connection: str, doc: Any, books: Books) -> recoded.Recoded:
    called: Called = books.mapping.called or NOTHING_CALLED
    back = way_back_facts.way_back(connection, str(doc["company"]), called)
    return recoded.Recoded(back, document_facts.templates(str(doc["company"])), doc["doctype"] == "Sales Invoice")


def _journal(sides: Sides, kept: dict[str, Any]) -> Amendment:
    doc, row = sides.doc, sides.row
    assert doc is not None
    if settles := sorted({str(each["reference_name"]) for each in doc["accounts"] if each.get("reference_name")}):
        said = _("It settles {names} here, and a cancelled journal would lose that. Change it here by hand, or change it back in Xero")
        return _none(said.format(names=joined(", ", settles)))
    if any(doc.get(each) for each in SPECIAL):
        return _none(_("ERPNext has made it of another document. Change it here by hand, or change it back in Xero"))
    context, found = contexts.load(row["connection"]), entry.read(kept["endpoint"], kept["element"])
    if context is None:
        return _none(_("The connection is not live now"))
    if found is None or not found.lines:
        return _none(_("Xero has not shown its lines. Change it here by hand, or change it back in Xero"))
    made = people_kinds.ENTRIES.decide(context, found, True)
    if isinstance(made, Waits):
        return _none(joined(". ", [made.problem.message, made.problem.resolution]))
    fields = {name: value for name, value in people_rows.as_host(made.voucher).items() if name not in ("doctype", "user_remark", *ITS_OWN)}
    return Amendment({**fields, "total_debit": 0, "total_credit": 0}, total=found.total)


def _none(why: Text) -> Amendment:
    return Amendment(stands_in_the_way=(why,))
