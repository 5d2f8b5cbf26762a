"""The named cases as recorded from ERPNext, and what an admin of their companies would have mapped."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from picortex_xero.accounting.mapping import DeductionChoice, Mapping, PaymentAccount, TaxType
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.translation import Translation
from sandbox.erp import cases

Doc = dict[str, Any]
# Written off without tax.
WRITE_OFF = {"Write Off - KO": DeductionChoice("Credit note", TaxType("NONE", Decimal(0)))}
INVOICES = ("Sales Invoice", "Purchase Invoice")


@cache
def _all() -> dict[str, tuple[Doc, Doc]]:
    return {case["case"]: (recording, case) for recording, case in cases()}


def submitted(case: str) -> list[tuple[Doc, list[Doc]]]:
    """(document, its ledger rows right after) of every invoice that the case submits, also within other documents' events."""
    found = []
    for event in _all()[case][1]["events"]:
        rows = {each["voucher_no"]: each["rows"] for each in event.get("ledger") or []}
        if event["event"] == "submit" and event["doctype"] in INVOICES:
            found.append((event["doc"], event.get("gl") or []))
        elif event["event"] == "submit":
            made = [doc for doc in event.get("after", []) if doc["doctype"] in INVOICES and doc.get("docstatus") == 1 and "creation" in doc]
            found += [(doc, rows[doc["name"]]) for doc in made if doc["name"] in rows and doc.get("is_consolidated")]
    return found


def ledgers(case: str) -> Iterator[tuple[str, list[Doc]]]:
    """(voucher, rows as they then stood) each time an event of the case rewrote another document's ledger."""
    for event in _all()[case][1]["events"]:
        for each in event.get("ledger") or []:
            yield each["voucher_no"], each["rows"]


def mapped(case: str, **changes: Any) -> Mapping:
    """Every account of the case's companies on a Xero account of its own name, GST at 15 % and none, banks by their own name."""
    recording, _case = _all()[case]
    accounts = [doc for company in recording["companies"] for doc in company["masters"]["Account"]]
    banks = [doc for doc in accounts if doc.get("account_type") in ("Bank", "Cash")]
    taxes = {}
    for company in recording["companies"]:
        for direction, code in (("Sales", "OUTPUT2"), ("Purchases", "INPUT2")):
            taxes[direction, f"GST - {company['abbr']} @ 15", ""] = TaxType(code, Decimal(15))
            taxes[direction, "No tax", ""] = TaxType("NONE", Decimal(0))
    choices: dict[str, Any] = {
        "accounts": {doc["name"]: doc["name"] for doc in accounts if doc not in banks and doc.get("account_type") != "Tax"},
        "taxes": taxes,
        "payment_accounts": {doc["name"]: PaymentAccount(doc["name"], doc["account_currency"]) for doc in banks},
        "rounding_account": "860",
        "no_tax_type": "NONE",
    }
    return Mapping("NZD", "AUTHORISED", **{**choices, **changes})


def sent(doc: Doc, choices: Mapping) -> Translation:
    """What goes to Xero for an invoice or a return."""
    if doc.get("is_return"):
        return credit_note(doc, choices, "c1")
    return invoice(doc, choices, "c1", "https://erp.kauri.example", "k1", 1)
