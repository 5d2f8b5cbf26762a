"""Everything recorded: what is sent for a document, or takes back a part of it, has no more tax of any type than the document itself.

The document's own tax by type is worked out from its rows by the replay's judge, Xero's from the lines that are sent by the simulator's
arithmetic; neither knows the app. Credit notes for what payments and journals deduct are judged likewise where they are sent, with every
replay (`sandbox/replay/judge.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import DeductionChoice, Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice import write_off
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.translation import Translation
from sandbox.erp import cases, corpus, recordings
from sandbox.replay import taxes
from sandbox.replay.host_side import Voucher
from sandbox.replay.refusals import REFUSALS
from sandbox.rig import MAPPINGS
from tests.scene.organisation_choices import choices, worked_out

CENT = Decimal("0.01")
INVOICES = ("Sales Invoice", "Purchase Invoice")
# A sister company of New Zealand's, in the recorded cases.
COUNTRY = {"HIRE": "NZ"}
# What the accountant decides on the connection, in no mapping; and one discount whose figures ERPNext leaves 0.31 apart.
BY_CHOICE = ("opening", "asset-sale", "total-differs")
Doc = dict[str, Any]


def documents() -> Iterator[tuple[str, Doc, Doc]]:
    """(country, company, document) of every invoice, bill and return that was submitted, each time that it was written."""
    for recording, case in cases():
        companies = {company["name"]: company for company in recording["companies"]}
        for event in case["events"]:
            for doc in [*([event["doc"]] if "doc" in event else []), *event.get("after", [])]:
                if _counts(doc):
                    company = companies[doc["company"]]
                    yield COUNTRY.get(company["code"], company["code"]), company, doc
    for recording in (*recordings(), *corpus()):
        for company in recording["companies"]:
            for record in company["documents"]:
                if _counts(record["doc"]):
                    yield company["code"], company, record["doc"]


def _counts(doc: Doc) -> bool:
    return doc.get("doctype") in INVOICES and "creation" in doc and doc.get("docstatus") == 1


def books(country: str, company: Doc) -> Mapping:
    """The company's mapping, with what its accountant chose for write-offs."""
    mapping = choices(country, company)
    chosen = {
        f"{account} - {company['abbr']}": DeductionChoice(treatment, mapping.tax_types[tax_type])
        for account, treatment, tax_type, _ in MAPPINGS[country]["deductions"]
        if treatment == "Credit note"
    }
    return choices(country, company, deductions=chosen)


def sent(doc: Doc, mapping: Mapping) -> list[Translation]:
    """All that a document itself becomes with lines: its invoice or credit note, and the record over what it writes off."""
    made = credit_note(doc, mapping, "c1") if doc.get("is_return") else invoice(doc, mapping, "c1", "https://erp.example", "k1", 1)
    return [made, *([write_off.write_off(doc, mapping, "c1", "https://erp.example", "k1", 1)] if write_off.written_off(doc) else [])]


def too_much(kept: list[Doc], own: dict[str, Decimal], parts: int) -> list[str]:
    """The types of which these lines carry more tax than `own`, or tax of the other sign; rounding is a cent for each line and tax row."""
    found = []
    for code, amount in taxes.shown_by_type({"lines": kept}).items():
        lines = sum(line["TaxType"] == code for line in kept)
        most, slack = own.get(code, Decimal(0)), CENT * max(lines, 1) * max(parts, 1)
        if abs(amount) > abs(most) + slack or (amount * most < 0 and abs(amount) > slack):
            found.append(f"{amount} of type {code}, the document has {most.quantize(CENT)}")
    return found


def own_taxes(country: str, company: Doc, doc: Doc) -> dict[str, Decimal]:
    """The document's own tax by type, positive on invoices and returns alike."""
    voucher = Voucher(doc)
    found = taxes.taxes_by_type(voucher, MAPPINGS[country], f" - {company['abbr']}")
    return {code: voucher.sign * tax for code, (_, tax) in found.items()}


@pytest.mark.parametrize("country", ["AU", "NZ", "UK", "US"])
def test_no_record_has_more_tax_of_a_type_than_its_document(country: str) -> None:
    wrong: list[str] = []
    refused: Counter[str] = Counter()
    judged, mappings = 0, dict[str, Mapping]()
    for of, company, doc in documents():
        if of != country:
            continue
        if company["abbr"] not in mappings:
            mappings[company["abbr"]] = books(country, company)
        try:
            made = sent(doc, mappings[company["abbr"]])
        except Refused as error:
            refused.update({problem.code for problem in error.problems})
            continue
        own, rows = own_taxes(country, company, doc), len(doc.get("taxes") or [])
        for each in made:
            wrong += [f"{doc['name']}: {text}" for text in too_much(worked_out(country, each), own, rows)]
            judged += 1
    assert wrong == []
    assert judged >= {"AU": 370, "NZ": 690, "UK": 355, "US": 350}[country], judged
    assert set(refused) <= {*REFUSALS, *BY_CHOICE} and sum(refused.values()) < judged / 50, refused


def test_a_cent_too_much_and_another_type_are_noticed() -> None:
    country, company, doc = next((of, company, doc) for of, company, doc in documents() if of == "NZ" and len(doc.get("taxes") or []) == 1)
    own = own_taxes(country, company, doc)
    kept = worked_out(country, sent(doc, books(country, company))[0])
    assert too_much(kept, own, 1) == []
    taxed = next(line for line in kept if line["TaxAmount"])
    moved = [{**line, "TaxType": "INPUT"} if line is taxed else line for line in kept]
    raised = [{**line, "TaxAmount": line["TaxAmount"] + CENT * (len(kept) + 1)} if line is taxed else line for line in kept]
    turned = [{**line, "TaxAmount": -line["TaxAmount"]} for line in kept]
    assert too_much(moved, own, 1) and too_much(raised, own, 1) and too_much(turned, own, 1)
