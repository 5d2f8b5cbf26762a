"""Why this account and tax: for each line of what a document becomes in Xero, where it is booked there and which choice says so.

By the live decisions (documents/preview, documents/anew): what was sent already is decided anew, as the choices stand now. Nothing is written and Xero
is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe

from ..accounting.money import decimal, half_up
from ..accounting.texts import joined, plain
from ..documents.anew import anew
from ..documents.fact_types import DOCUMENT
from ..documents.identity import identity
from ..documents.needs import Facts, Needs
from ..documents.preview import Previewed, preview
from ..documents.translation import Reason
from ..engine import screen_texts
from ..engine.contexts import books_of
from ..engine.gather import load
from ..xero.records.registry import KINDS
from . import wording
from .xero_names import XeroNames

CONNECTION, DRAFT, SUBMITTED = "Xero Connection", 0, 1
# Where an element says which bank account or account it is on, and its lines, in Xero's words.
ACCOUNTS = ("BankAccount", "Account", "FromBankAccount", "ToBankAccount")
LINES = ("LineItems", "JournalLines")
AMOUNTS = ("LineAmount", "Amount", "Total")


def of(connection: str, doctype: str, name: str) -> dict[str, Any]:
    """`lines`: what the document becomes, line by line: `record` (what it is in Xero), `line`, `amount` (text), `account` (code and name in Xero),
    `account_why`, `tax` (name and rate in Xero), `tax_why`, `tracking`. `problems`: what keeps it, each with `reason` and `cure`. All of it text, not
    escaped. A cancelled document has neither."""
    books, facts = books_of(frappe.get_doc(CONNECTION, connection)), Facts()

    def bring(needs: Needs, known: Facts) -> None:
        load(books, needs, known)

    bring(DOCUMENT.of([(doctype, name)]), facts)
    doc = facts.get(DOCUMENT, (doctype, name))
    decided: list[Previewed] = []
    if doc and doc["docstatus"] == SUBMITTED:
        decided = anew(doc, books, bring)
    elif doc and doc["docstatus"] == DRAFT:
        decided = preview(doc, books, bring)
    mine = [each for each in decided if doc and each.who == identity(doc)]
    names = XeroNames(connection)
    lines = [line for each in mine if each.body for line in _lines(each, doctype, names)]
    kept = {(problem.message, problem.resolution) for each in mine if not each.body for problem in each.problems}
    said = [{"reason": screen_texts.in_words(reason), "cure": screen_texts.in_words(cure)} for reason, cure in sorted(kept)]
    return {"lines": lines, "problems": said}


def _lines(step: Previewed, doctype: str, names: XeroNames) -> Iterator[dict[str, str]]:
    """The lines of one record; one that has none is a line itself, on its bank account."""
    assert step.body is not None
    record = screen_texts.in_words(wording.record(KINDS[step.kind].home, doctype))
    whole = [step.body[each] for each in ACCOUNTS if isinstance(step.body.get(each), dict)]
    rows: list[dict[str, Any]] = next((step.body[each] for each in LINES if each in step.body), [])
    reasons = _paired(rows, step.reasons)
    if whole or not rows:
        banks = [names.account(str(each.get("AccountID") or each.get("Code") or "")) for each in whole]
        yield _line(record, "", step.body, " → ".join(banks), None, names)
    for row, reason in zip(rows, reasons):
        yield _line(record, str(row.get("Description") or ""), row, names.account(str(row.get("AccountCode") or "")), reason, names)


def _paired(rows: list[dict[str, Any]], reasons: tuple[Reason, ...]) -> list[Reason | None]:
    """The reason of each line: they stand in the order of the lines, and a line that is there for its text alone has none."""
    left, found = list(reasons), list[Reason | None]()
    for row in rows:
        says = left and (left[0].account, left[0].tax_type) == (row.get("AccountCode") or "", row.get("TaxType") or "")
        found.append(left.pop(0) if says else None)
    return found


def _line(record: str, line: str, row: dict[str, Any], account: str, reason: Reason | None, names: XeroNames) -> dict[str, str]:
    amount = next((decimal(row[each]) for each in AMOUNTS if row.get(each) is not None), None)
    if amount is None and row.get("UnitAmount") is not None:
        amount = decimal(row["UnitAmount"]) * decimal(row.get("Quantity")) * (100 - decimal(row.get("DiscountRate"))) / 100
    tracking = joined(", ", [plain(f"{each['Name']}: {each['Option']}") for each in row.get("Tracking") or []])
    tax_type = str(row.get("TaxType") or "")
    return {
        "record": record,
        "line": line,
        "amount": "" if amount is None else str(half_up(amount)),
        "account": account,
        "account_why": screen_texts.in_words(reason.account_why) if reason else "",
        "tax": names.tax(tax_type) if tax_type else "",
        "tax_why": screen_texts.in_words(reason.tax_why) if reason else "",
        "tracking": str(tracking),
    }
