"""What ERPNext makes of a generated invoice, what the app makes of that, and the only reasons for which the app may refuse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.translation import Translation
from sandbox.erp.typed import ACTUAL, FREIGHT, Invoice

CENT = Decimal("0.01")
DRIFT_CAP = Decimal("0.05")
# The smallest coin of a currency, to which sites round a total.
SMALLEST = {"USD": 0.01, "GBP": 0.0, "AUD": 0.05, "NZD": 0.1, "EUR": 0.01}


def host_document(name: str, typed: Invoice, figures: dict[str, Any]) -> dict[str, Any]:
    """The host's document: what was typed, with the figures that ERPNext (or its reading) gave to it."""
    sales, suffix = typed.doctype == "Sales Invoice", " - PT"
    items = []
    for line, found in zip(typed.lines, figures["items"]):
        rates = {f"{account}{suffix}": float(rate) for account, rate in (line.tax_rates or {}).items()}
        template = {"item_tax_template": f"{line.tax_template}{suffix}"} if line.tax_template else {}
        items.append({**found, **template, "item_code": line.item, "item_name": line.item, "item_tax_rate": json.dumps(rates),
                      "uom": "Nos", "income_account": f"Sales{suffix}", "expense_account": f"Cost of Goods Sold{suffix}"})  # fmt: skip
    rows = []
    for charge, found in zip(typed.charges, figures["taxes"]):
        freight = "Freight Recovered" if sales else "Freight and Forwarding Charges"
        rows.append({**found, "charge_type": charge.charge_type, "rate": float(charge.rate), "description": charge.account,
                     "account_head": f"{freight if charge.account == FREIGHT else charge.account}{suffix}",
                     "row_id": str(charge.row_id) if charge.row_id else None, "included_in_print_rate": int(charge.included),
                     **({} if sales else {"category": "Total", "add_deduct_tax": "Add"})})  # fmt: skip
    return {**figures, "doctype": typed.doctype, "name": name, "creation": "2026-10-15 09:00:00.000000", "currency": typed.currency,
            "conversion_rate": float(typed.conversion_rate), "posting_date": "2026-10-15", "due_date": "2026-10-29",
            "items": items, "taxes": rows}  # fmt: skip


def cents(value: Any) -> Decimal:
    """A host's float as the amount it stands for."""
    return Decimal(repr(float(value or 0))).quantize(CENT)


def expected(doc: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """Total and tax as the host shows them: what is due, and the rows that are tax (freight is not); of a return turned round."""
    tax = sum(
        (cents(row["tax_amount_after_discount_amount"]) for row in doc.get("taxes") or [] if row["charge_type"] != ACTUAL), Decimal(0)
    )
    due = cents(doc.get("rounded_total")) or cents(doc["grand_total"])
    return (-due, -tax) if doc.get("is_return") else (due, tax)


def translate(doc: dict[str, Any], mapping: Mapping, contact: str) -> Translation:
    """The app's translation of an invoice or a return."""
    if doc.get("is_return"):
        return credit_note(doc, mapping, contact)
    return invoice(doc, mapping, contact, "https://erp.parity.example", "k1", 1)


def returned(doc: dict[str, Any]) -> dict[str, Any]:
    """The full return of an invoice as ERPNext writes it: the same figures, negative where they count something."""
    turned = {"qty", "stock_qty", "amount", "net_amount", "tax_amount", "tax_amount_after_discount_amount", "total", "net_total",
              "grand_total", "rounded_total", "rounding_adjustment", "total_taxes_and_charges"}  # fmt: skip

    def turn(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
        return {name: -value if name in names and value else value for name, value in row.items()}

    return {**turn(doc, turned | {"discount_amount"}), "name": doc["name"] + "-RET", "is_return": 1, "return_against": doc["name"],
            "items": [turn(row, turned) for row in doc["items"]], "taxes": [turn(row, turned) for row in doc["taxes"]]}  # fmt: skip


def _drifts(doc: dict[str, Any]) -> bool:
    """A discount on the grand total that leaves the host's grand total more than 0.05 away from its own net and tax rows: ERPNext
    takes the tax on freight at the row's rate where the items have others. The app sends such a difference up to DRIFT_CAP as a line of its
    own, and refuses more."""
    rows = sum((cents(row["tax_amount_after_discount_amount"]) for row in doc["taxes"]), Decimal(0))
    return doc["discount_amount"] != 0 and abs(cents(doc["grand_total"]) - cents(doc["net_total"]) - rows) > DRIFT_CAP


def _compound_and_large(doc: dict[str, Any]) -> bool:
    """A district tax on top of the others, on a line so large that Xero's effective rate with four decimals misses the host's
    tax by more than a cent a row (half a unit of the rate's last place is 0.00005 %)."""
    largest = max(abs(cents(item["amount"])) for item in doc["items"])
    compound = any(row["charge_type"] == "On Previous Row Total" and "District" in row["account_head"] for row in doc["taxes"])
    return compound and largest * Decimal("0.0000005") > CENT * len(doc["taxes"]) / 2


# The only reasons for which a host document of these kinds may be refused; each must be true of the host's own figures.
LISTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "total-differs": _drifts,
    "tax-differs": _compound_and_large,
    "negative-total": lambda doc: expected(doc)[0] < 0,
}
