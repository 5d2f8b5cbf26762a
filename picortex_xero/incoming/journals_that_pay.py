"""Journals here that pay documents from a bank account, as payments that may be the ones that somebody has entered in Xero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from . import in_xero
from .known import Named, OwnPayment

JOURNAL, ROW, STEP = "Journal Entry", "Journal Entry Account", "Xero Outbox Entry"
AT_ONCE = 500
FIELDS = ["parent", "account", "reference_type", "reference_name", "debit_in_account_currency", "credit_in_account_currency"]


def that_pay(connection: str, company: str, documents: Iterable[Named]) -> list[OwnPayment]:
    """The journals, submitted or drafts, that settle these documents and move money on a mapped bank or cash account, and are not in Xero; one for each of such accounts. One that
    goes to Xero as a payment may be the one there; what else becomes of it is not known yet."""
    wanted = set(documents)
    names = sorted({name for _doctype, name in wanted})
    found = [
        row
        for some in _some(names)
        for row in frappe.get_all(
            ROW, filters={"reference_name": ("in", some), "docstatus": ("<", 2)}, fields=["parent", "reference_type", "reference_name"]
        )
    ]
    parents = {row["parent"] for row in found if (row["reference_type"], row["reference_name"]) in wanted}
    parents -= in_xero.linked(parents, JOURNAL)
    read = _read(company, parents)
    names = [name for name, *_rest in read]
    payments, waiting = _as_payments(connection, names), in_xero.awaited(names, JOURNAL)
    mapped = _mapped(connection) if read else set()
    return [
        OwnPayment(
            name,
            draft,
            frozenset(_pays(rows).items()),
            abs(moved),
            dated,
            account,
            name in waiting,
            at_bank=abs(moved),
            doctype=JOURNAL,
            in_doubt=name not in payments,
            reference=reference,
        )
        for name, draft, dated, reference, rows in read
        for account, moved in _banks(rows, mapped).items()
    ]


def _mapped(connection: str) -> set[str]:
    """The bank and cash accounts that stand for one in Xero."""
    return set(frappe.get_all("Xero Payment Mapping", filters={"connection": connection}, pluck="account"))


def _read(company: str, names: Iterable[str]) -> list[tuple[str, bool, str, str, list[dict[str, Any]]]]:
    """The name of each of these journals that are of the company, whether it is a draft, its day, its reference and its rows."""
    wanted = sorted(names)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for some in _some(wanted):
        for row in frappe.get_all(ROW, filters={"parent": ("in", some)}, fields=FIELDS, limit=AT_ONCE * 20):
            rows[row["parent"]].append(row)
    return [
        (head["name"], int(head["docstatus"]) == 0, str(head["posting_date"]), head["cheque_no"] or "", rows[head["name"]])
        for some in _some(wanted)
        for head in frappe.get_all(
            JOURNAL, filters={"name": ("in", some), "company": company}, fields=["name", "docstatus", "posting_date", "cheque_no"]
        )
    ]


def on_account(connection: str, company: str, party: Named, comes_in: bool) -> list[OwnPayment]:
    """The journals, submitted or drafts, by which a party pays, or is paid, into a mapped bank or cash account without settling anything, and that are not in Xero. What becomes
    of one in Xero is not known."""
    filters = {"party_type": party[0], "party": party[1], "reference_name": ("is", "not set"), "docstatus": ("<", 2)}
    parents = set(frappe.get_all(ROW, filters=filters, pluck="parent", order_by="creation desc", limit=AT_ONCE))
    parents -= in_xero.linked(parents, JOURNAL)
    return [
        OwnPayment(name, draft, frozenset(), abs(moved), dated, account, at_bank=abs(moved), doctype=JOURNAL, in_doubt=True)
        for name, draft, dated, _reference, rows in _read(company, parents)
        for account, moved in _banks(rows, _mapped(connection)).items()
        if (moved > ZERO) is comes_in and not _pays(rows)
    ]


def _pays(rows: Sequence[dict[str, Any]]) -> dict[Named, Decimal]:
    found: dict[Named, Decimal] = {}
    for row in rows:
        if row["reference_name"]:
            named = (str(row["reference_type"]), str(row["reference_name"]))
            found[named] = found.get(named, ZERO) + _moved(row)
    return {named: abs(amount) for named, amount in found.items()}


def _banks(rows: Sequence[dict[str, Any]], mapped: set[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        if row["account"] in mapped:
            found[row["account"]] = found.get(row["account"], ZERO) + _moved(row)
    return {account: moved for account, moved in found.items() if moved}


def _moved(row: dict[str, Any]) -> Decimal:
    return decimal(row["debit_in_account_currency"]) - decimal(row["credit_in_account_currency"])


def _as_payments(connection: str, names: Sequence[str]) -> set[str]:
    """Those of these journals that go to Xero as one payment, which was not sent yet."""
    mine = {"connection": connection, "reference_doctype": JOURNAL, "role": ("like", "payment%"), "state": ("!=", "Superseded")}
    found: dict[str, int] = defaultdict(int)
    for some in _some(list(names)):
        for name in frappe.get_all(STEP, filters={**mine, "reference_name": ("in", some)}, pluck="reference_name"):
            found[name] += 1
    return {name for name, steps in found.items() if steps == 1}


def _some(names: Sequence[str]) -> list[Sequence[str]]:
    return [names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE)]
