"""Host against Xero, document by document: the figures the demo prints. Both sides are read, none is computed by the app.

The host's figures are what the real ERPNext recorded; Xero's come from the simulator's own ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig

ZERO = Decimal(0)
KINDS = {"Sales Invoice": "Sales invoices", "Purchase Invoice": "Bills", "Payment Entry": "Payments"}
RETURNS = {"Sales Invoice": "Credit notes", "Purchase Invoice": "Supplier credits"}
# Resource -> id field, number field, and each doctype's type there.
CLAIMS = {
    "Invoices": ("InvoiceID", "InvoiceNumber", {"Sales Invoice": "ACCREC", "Purchase Invoice": "ACCPAY"}),
    "CreditNotes": ("CreditNoteID", "CreditNoteNumber", {"Sales Invoice": "ACCRECCREDIT", "Purchase Invoice": "ACCPAYCREDIT"}),
}
LIVE = ("AUTHORISED", "PAID", "SUBMITTED", "DRAFT")


@dataclass
class Side:
    """Count and sums of one kind and currency on one side; `waiting` is what held payments will take off in Xero."""

    count: int = 0
    total: Decimal = ZERO
    tax: Decimal = ZERO
    outstanding: Decimal = ZERO
    waiting: Decimal = ZERO


@dataclass
class Comparison:
    """`rows` by (kind, currency): host and Xero; `differences` are sentences; `attention` what waits, with reason and cure."""

    rows: dict[tuple[str, str], tuple[Side, Side]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    attention: list[dict[str, Any]] = field(default_factory=list)


def compare(rig: Rig) -> Comparison:
    """Everything that is submitted in the host against everything that is live in Xero."""
    found = Comparison()
    with rig.frappe() as frappe:
        found.attention = [step for step in rig.steps() if step["state"] in ("Held", "Needs Attention")]
        held = {
            (step["reference_doctype"], step["reference_name"]): step for step in found.attention if not step["role"].startswith("void")
        }
        # Cancelled here and still in Xero, with its reason among what waits: explained, not a difference.
        undoing = {step["reference_name"] for step in found.attention if step["role"].startswith("void")}
        # A credit note that is in Xero is compared, whether or not it could be taken off its invoice there.
        held = {key: step for key, step in held.items() if not step["role"].startswith("allocation")}
        links = frappe.get_all("Xero Link", filters={"connection": rig.connection}, fields=["*"])
        by_document: dict[tuple[str, str, str], list[str]] = {}
        for link in links:
            by_document.setdefault((link["reference_doctype"], link["reference_name"], link["reference_creation"]), []).append(
                link["xero_id"]
            )
        unpaid = _not_in_xero_yet(frappe, held)
        for doctype in ("Sales Invoice", "Purchase Invoice"):
            for resource in CLAIMS:
                _claims(frappe, rig, found, doctype, resource, held, by_document, unpaid, undoing)
        _payments(frappe, rig, found, held, by_document, undoing)
    return found


def _not_in_xero_yet(frappe: Any, held: Iterable[tuple[str, str]]) -> dict[str, Decimal]:
    """What held payments took off each invoice in the host, and will take off in Xero once they go."""
    off: dict[str, Decimal] = {}
    for doctype, name in held:
        if doctype == "Payment Entry":
            for row in frappe.get_doc(doctype, name).as_dict().get("references") or []:
                off[row["reference_name"]] = off.get(row["reference_name"], ZERO) + Decimal(str(row["allocated_amount"]))
    return off


def _claims(
    frappe: Any,
    rig: Rig,
    found: Comparison,
    doctype: str,
    resource: str,
    held: Any,
    by_document: Any,
    unpaid: dict[str, Decimal],
    undoing: set[str],
) -> None:
    """Invoices, or credit notes: what is owed on them. A return's negative figures are turned, as Xero shows them."""
    id_field, number, types = CLAIMS[resource]
    returns = resource == "CreditNotes"
    kind, sign = (RETURNS[doctype], -1) if returns else (KINDS[doctype], 1)
    remote = {each[id_field]: each for each in rig.xero.documents(resource) if each["Type"] == types[doctype]}
    seen: set[str] = set()
    for name in frappe.get_all(doctype, filters={"docstatus": 1, "is_return": int(returns)}, pluck="name", order_by="name asc"):
        if (doctype, name) in held:
            continue
        doc = frappe.get_doc(doctype, name).as_dict()
        host, xero = found.rows.setdefault((kind, doc["currency"]), (Side(), Side()))
        due = sign * Decimal(str(doc["rounded_total"] or doc["grand_total"]))
        rows = [row["tax_amount_after_discount_amount"] for row in doc["taxes"] if row["account_head"].startswith("GST")]
        tax = sign * sum((Decimal(str(amount)) for amount in rows), ZERO)
        outstanding = sign * Decimal(str(doc["outstanding_amount"]))
        _add(host, due, tax, outstanding)
        ids = [xero_id for xero_id in by_document.get((doctype, name, str(doc["creation"])), []) if xero_id in remote]
        if len(ids) != 1:
            found.differences.append(f"{name} has {len(ids)} counterparts in Xero")
            continue
        seen.add(ids[0])
        element = remote[ids[0]]
        _add(xero, Decimal(element["Total"]), Decimal(element["TotalTax"]), _due(element))
        xero.waiting += unpaid.get(name, ZERO)
        open_in_xero = _due(element) - unpaid.get(name, ZERO)
        for what, ours, theirs in (
            ("total", due, Decimal(element["Total"])),
            ("tax", tax, Decimal(element["TotalTax"])),
            ("outstanding", outstanding, open_in_xero),
        ):
            if ours != theirs:
                found.differences.append(f"{name}: {what} is {ours} in the host, {theirs} in Xero")
        if element["Status"] not in LIVE:
            found.differences.append(f"{name} is {element['Status']} in Xero")
    for xero_id, element in remote.items():
        if xero_id not in seen and element["Status"] in LIVE and element[number] not in undoing:
            found.differences.append(f"Xero has {element[number]} ({element['Status']}), the host has no such document")


def _taken(overpayment: dict[str, Any], unlinked: set[str]) -> Decimal:
    return sum((Decimal(each["Amount"]) for each in overpayment["allocations"] if each["invoice"] not in unlinked), ZERO)


def _payments(frappe: Any, rig: Rig, found: Comparison, held: Any, by_document: Any, undoing: set[str]) -> None:
    # The host unlinks a payment from an invoice that is cancelled; in Xero that waits with the cancel.
    unlinked = {each["InvoiceID"] for each in rig.xero.documents("Invoices") if each["InvoiceNumber"] in undoing}
    remote = {each["PaymentID"]: each for each in rig.xero.documents("Payments") if each["Status"] == "AUTHORISED"}
    batches = {each["BatchPaymentID"]: each for each in rig.xero.documents("BatchPayments") if each["Status"] == "AUTHORISED"}
    overpayments = [each for each in rig.xero.documents("Overpayments") if each["Status"] in LIVE]
    members = {payment_id for payment_id, payment in remote.items() if payment.get("batch")}
    live = {
        **{key: Decimal(each["Amount"]) for key, each in remote.items() if key not in members},
        **{key: Decimal(each["TotalAmount"]) for key, each in batches.items()},
        # An overpayment settles what was taken off it; the rest is the party's credit.
        **{each["OverpaymentID"]: _taken(each, unlinked) for each in overpayments},
    }
    seen: set[str] = set()
    for name in frappe.get_all("Payment Entry", filters={"docstatus": 1}, pluck="name", order_by="name asc"):
        if ("Payment Entry", name) in held:
            continue
        doc = frappe.get_doc("Payment Entry", name).as_dict()
        currency = doc["paid_from_account_currency"] if doc["payment_type"] == "Receive" else doc["paid_to_account_currency"]
        host, xero = found.rows.setdefault((KINDS["Payment Entry"], currency), (Side(), Side()))
        allocated = sum((Decimal(str(row["allocated_amount"])) for row in doc["references"]), ZERO)
        _add(host, allocated)
        ids = [xero_id for xero_id in by_document.get(("Payment Entry", name, str(doc["creation"])), []) if xero_id in live]
        paid = sum((live[xero_id] for xero_id in ids), ZERO)
        _add(xero, paid, count=int(bool(ids)))
        seen.update(ids)
        if paid != allocated:
            found.differences.append(f"{name}: {allocated} in the host, {paid} in Xero")
    for xero_id in set(live) - seen:
        found.differences.append(f"Xero has a payment of {live[xero_id]} that the host does not have")


def _due(element: dict[str, Any]) -> Decimal:
    """What is open on an invoice or credit note of the simulator's ledger; nothing on a dead one."""
    return ZERO if element["Status"] not in LIVE else Decimal(element["Total"]) - Decimal(element["settled"]) - Decimal(element["credited"])


def _add(side: Side, total: Decimal, tax: Decimal = ZERO, outstanding: Decimal = ZERO, count: int = 1) -> None:
    side.count += count
    side.total += total
    side.tax += tax
    side.outstanding += outstanding


def table(found: Comparison) -> str:
    """The comparison as text, host above Xero for each kind and currency."""
    lines = [f"{'':<18}{'':<5}{'':<7}{'count':>7}{'total':>16}{'tax':>14}{'outstanding':>16}"]
    for (kind, currency), sides in sorted(found.rows.items()):
        for label, side in zip(("host", "Xero"), sides):
            outstanding = "" if kind == "Payments" else f"{side.outstanding:,.2f}"
            tax = "" if kind == "Payments" else f"{side.tax:,.2f}"
            lines.append(
                f"{kind if label == 'host' else '':<18}{currency if label == 'host' else '':<5}{label:<7}{side.count:>7}{side.total:>16,.2f}{tax:>14}{outstanding:>16}"
            )
        if sides[1].waiting:
            lines.append(f"{'':<23}paid in the host by documents that wait below {-sides[1].waiting:>37,.2f}")
    return "\n".join(lines)
