"""Part of `make demo`: somebody enters payments in Xero on an invoice that came from the host, and they become Payment Entries by themselves, once, and are not sent back.

The stand-in books nothing, so what is owed in the host is what the invoice owed less what its new Payment Entries allocate; ERPNext itself is asked by `make test-bench`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig

# How often payments are read while this is shown; each is put forward by a little more.
MINUTES = 15
PATIENCE_SECONDS = 90
STATE = "Xero Connection State"


@dataclass
class Shown:
    """`lines` of a table: what happened, what is owed here and in Xero; `problems` are sentences."""

    lines: list[tuple[str, Decimal, Decimal]]
    problems: list[str]


def show(rig: Rig, say: Callable[[str], None]) -> bool:
    """Play it and print it. Worker and scheduler are running. Returns whether both sides agree."""
    say(
        f"\nMoney comes back: on the Xero Connection, payments entered in Xero are submitted here, and Xero's payments are read every {MINUTES} minutes"
    )
    with rig.frappe() as frappe:
        account = _prepare(frappe, rig)
        found = _owing(frappe, rig)
    if not account or found is None:
        say("No invoice is open that could be paid in Xero")
        return False
    name, record, owed = found
    before = _payments(rig)
    shown = Shown([("before", owed, _due(rig, record))], [])
    for what, amount in (("a part of it is paid in Xero", (owed / 2).quantize(Decimal("0.01"))), ("the rest is paid in Xero", Decimal(0))):
        amount = amount or _due(rig, record)
        rig.xero.person("pay_invoice", InvoiceID=record, Amount=str(amount), Account={"AccountID": account}, Reference="Paid by hand")
        entered = len(_came_back(rig, name))
        rig.advance(MINUTES * 60 + 60)
        if not _came(rig, name, entered + 1):
            shown.problems.append(f"{what}: no Payment Entry came")
        allocated = sum((amount for _entry, amount in _came_back(rig, name)), Decimal(0))
        shown.lines.append((what, owed - allocated, _due(rig, record)))
    rig.advance(MINUTES * 60 + 60)
    time.sleep(6)
    _judge(rig, name, before, shown)
    print(f"\n{name:<34}{'owed in the host':>18}{'owed in Xero':>15}")
    for what, here, there in shown.lines:
        print(f"  {what:<32}{here:>18,.2f}{there:>15,.2f}")
    for entry, amount in _came_back(rig, name):
        print(f"  Payment Entry {entry}: {amount:,.2f}, made by the app, linked with its payment in Xero, not sent back")
    print("".join(f"  {problem}\n" for problem in shown.problems), end="")
    return not shown.problems


def _prepare(frappe: Any, rig: Rig) -> str:
    """The choices of an admin; the account in Xero for which one account here stands."""
    doc = frappe.get_doc("Xero Connection", rig.connection)
    doc.update({"payments_from_xero": "Are Submitted", "read_payments": MINUTES})
    doc.save(ignore_permissions=True)
    frappe.db.commit()
    rows = frappe.get_all(
        "Xero Payment Mapping", filters={"connection": rig.connection}, fields=["account", "xero_account_id"], order_by="account asc"
    )
    count = Counter(row["xero_account_id"] for row in rows)
    kind = {"account_type": "Bank", "account_currency": rig.company["default_currency"]}
    banks = set(frappe.get_all("Account", filters=kind, pluck="name"))
    return next((str(row["xero_account_id"]) for row in rows if row["account"] in banks and count[row["xero_account_id"]] == 1), "")


def _owing(frappe: Any, rig: Rig) -> tuple[str, str, Decimal] | None:
    """An invoice in the company's currency on which as much is owed here as in Xero, and which nothing waits for: its name, its record, how much."""
    filters = {"connection": rig.connection, "reference_doctype": "Sales Invoice", "role": "invoice"}
    links = {
        str(row["xero_id"]): str(row["reference_name"])
        for row in frappe.get_all("Xero Link", filters=filters, fields=["xero_id", "reference_name"])
    }
    for each in rig.xero.documents("Invoices"):
        name = links.get(each["InvoiceID"])
        if not name or each["Status"] != "AUTHORISED" or each["settled"] or each["credited"]:
            continue
        doc = frappe.get_doc("Sales Invoice", name)
        owed = Decimal(str(doc.outstanding_amount))
        if doc.docstatus == 1 and doc.currency == rig.company["default_currency"] and owed == Decimal(each["Total"]) > 20:
            return name, each["InvoiceID"], owed
    return None


def _due(rig: Rig, record: str) -> Decimal:
    (found,) = [each for each in rig.xero.documents("Invoices") if each["InvoiceID"] == record]
    return Decimal(found["Total"]) - Decimal(found["settled"]) - Decimal(found["credited"])


def _payments(rig: Rig) -> int:
    return len([each for each in rig.xero.documents("Payments") if each["Status"] != "DELETED"])


def _came_back(rig: Rig, name: str) -> list[tuple[str, Decimal]]:
    """The submitted Payment Entries that were made for payments of Xero's on that invoice, with what they allocate to it."""
    with rig.frappe() as frappe:
        rows = frappe.get_all(
            "Xero Incoming Record",
            filters={"connection": rig.connection, "state": "Entered Here"},
            fields=["reference_name"],
            order_by="found_at asc",
        )
        entries = [frappe.get_doc("Payment Entry", row["reference_name"]) for row in rows]
        return [
            (
                str(entry.name),
                sum((Decimal(str(row.allocated_amount)) for row in entry.references if row.reference_name == name), Decimal(0)),
            )
            for entry in entries
            if entry.docstatus == 1
        ]


def _came(rig: Rig, name: str, count: int) -> bool:
    """Whether so many came back before patience ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(_came_back(rig, name)) < count:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def _judge(rig: Rig, name: str, before: int, shown: Shown) -> None:
    shown.problems += [f"{what}: {here} is owed here and {there} in Xero" for what, here, there in shown.lines if here != there]
    if shown.lines[-1][1]:
        shown.problems.append(f"{shown.lines[-1][1]} is still owed")
    if _payments(rig) != before + 2:
        shown.problems.append(
            f"Xero has {_payments(rig) - before} more payments than before instead of 2: something was sent back, or twice"
        )
    if len(_came_back(rig, name)) != 2:
        shown.problems.append(f"{len(_came_back(rig, name))} Payment Entries were made for 2 payments")
