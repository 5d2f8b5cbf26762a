"""What end-to-end tests say again and again: which recorded documents to take, how to change them, what Xero must show afterwards."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig, connect, go_live, map_everything

Record = dict[str, Any]
CLAIMS = ("Sales Invoice", "Purchase Invoice")
GONE = ("VOIDED", "DELETED")
LEASE_SECONDS = 130
ON_THE_WAY = ("Pending", "Sending", "Unknown")
# What ERPNext turns negative in a return, whether of the document, its items or its tax rows; an item's discount stays, it is per unit.
NEGATIVE = (
    "qty stock_qty total_qty amount base_amount net_amount base_net_amount tax_amount base_tax_amount tax_amount_after_discount_amount "
    "base_tax_amount_after_discount_amount total base_total net_total base_net_total grand_total base_grand_total rounded_total "
    "base_rounded_total rounding_adjustment base_rounding_adjustment discount_amount base_discount_amount total_taxes_and_charges"
).split()
PER_UNIT = ("discount_amount", "base_discount_amount")


def set_up(rig: Rig, target_status: str = "AUTHORISED") -> None:
    """The admin's afternoon: connect, map, go live."""
    connect(rig)
    map_everything(rig)
    go_live(rig, target_status)


# Choosing and changing recorded documents


def cancelled_names(rig: Rig) -> set[str]:
    """Names of the documents that the recording cancels."""
    return {record["name"] for record in rig.documents if record["event"] == "cancel"}


def plain(rig: Rig, doctype: str, count: int) -> list[Record]:
    """The first invoices or bills in base currency that are neither returned, amended nor cancelled."""
    return copy.deepcopy(_plain(rig, doctype)[:count])


def _plain(rig: Rig, doctype: str) -> list[Record]:
    """All of them, as the recording has them: not to be changed."""
    out = cancelled_names(rig)
    return [
        record
        for record in rig.documents
        if record["doctype"] == doctype
        and record["event"] == "submit"
        and record["name"] not in out
        and record["doc"]["currency"] == rig.company["default_currency"]
        and not record["doc"].get("is_return")
        and not record["doc"].get("amended_from")
    ]


def invoices(rig: Rig, count: int = 1) -> list[Record]:
    """Plain sales invoices."""
    return plain(rig, "Sales Invoice", count)


def of_one_customer(rig: Rig, count: int) -> list[Record]:
    """Plain sales invoices of one customer."""
    by_customer: dict[str, list[Record]] = {}
    for record in _plain(rig, "Sales Invoice"):
        by_customer.setdefault(record["doc"]["customer"], []).append(record)
    return copy.deepcopy(next(found[:count] for found in by_customer.values() if len(found) >= count))


def of_different_customers(rig: Rig, count: int) -> list[Record]:
    """Plain sales invoices, each of another customer."""
    first = {record["doc"]["customer"]: record for record in reversed(_plain(rig, "Sales Invoice"))}
    return copy.deepcopy(list(reversed(first.values()))[:count])


def bills(rig: Rig, count: int = 1) -> list[Record]:
    """Plain purchase invoices."""
    return plain(rig, "Purchase Invoice", count)


def paid(rig: Rig, references: int = 1) -> list[Record]:
    """The invoices of the first plain receipt with so many references, then the receipt."""
    return copy.deepcopy(next(_settlements(rig, references)))


def settlements(rig: Rig, references: int = 1) -> list[list[Record]]:
    """Every plain receipt with so many references: its invoices, then the receipt; no invoice is in two of them."""
    return copy.deepcopy(list(_settlements(rig, references)))


def _settlements(rig: Rig, references: int) -> Iterator[list[Record]]:
    """As the recording has them: not to be changed."""
    known = {record["name"]: record for record in _plain(rig, "Sales Invoice")}
    out = cancelled_names(rig)
    for record in rig.documents:
        rows = record["doc"].get("references") or []
        if record["doctype"] != "Payment Entry" or record["name"] in out or len(rows) != references:
            continue
        odd = record["doc"].get("unallocated_amount") or record["doc"].get("deductions")
        names = [row["reference_name"] for row in rows]
        if all(name in known for name in names) and not odd and record["doc"]["paid_from_account_currency"] == "NZD":
            yield [*(known.pop(name) for name in names), record]


def cancelling(record: Record) -> Record:
    """The cancel of a recorded document, at once after its submit."""
    cancel = copy.deepcopy(record)
    cancel.update(event="cancel", gl=[], after=[])
    cancel["doc"]["docstatus"] = 2
    for rows in cancel["doc"].values():
        for row in rows if isinstance(rows, list) else []:
            row["docstatus"] = 2
    return cancel


def copied(record: Record, name: str = "", **changes: Any) -> Record:
    """The same document again under another name, or under its own name made a minute later."""
    made = copy.deepcopy(record)
    doc = made["doc"]
    later = datetime.fromisoformat(str(doc["creation"])) + timedelta(minutes=1)
    doc.update(name=name or doc["name"], creation=str(later), **changes)
    for rows in doc.values():
        for row in rows if isinstance(rows, list) else []:
            row.update(name="", parent=doc["name"])
    made["name"] = doc["name"]
    made.update(gl=[], after=[])
    return made


def returned(record: Record, name: str = "", *, against: Record | None = None, at_once: bool = True) -> Record:
    """A return with the figures of `record`, as ERPNext writes one: what it counts is negative. It returns `record` itself or `against`.

    `at_once`: the host takes it off that invoice's outstanding amount (update_outstanding_for_self off)."""
    invoice = against or record
    made = copied(record, name or f"{invoice['name']}-RET", is_return=1, return_against=invoice["name"])
    doc = made["doc"]
    for rows in ([doc], doc["items"], doc["taxes"]):
        for row in rows:
            row.update({field: -row[field] for field in NEGATIVE if row.get(field) and (row is doc or field not in PER_UNIT)})
    doc["update_outstanding_for_self"] = int(not at_once)
    doc["outstanding_amount"] = 0 if at_once else -float(total(record))
    made["after"] = [_with_less_outstanding(invoice, total(record))] if at_once else []
    return made


def _with_less_outstanding(invoice: Record, amount: Decimal) -> dict[str, Any]:
    left = Decimal(str(invoice["doc"]["outstanding_amount"])) - amount
    return {"doctype": invoice["doctype"], "name": invoice["name"], "outstanding_amount": float(left)}


def reconciled(invoice: Record, credit: Record, amount: Decimal, name: str = "JV-1") -> Record:
    """The journal that Payment Reconciliation makes where a credit is applied to an invoice later: party account against party account."""
    doc, sale = invoice["doc"], invoice["doctype"] == "Sales Invoice"
    account = doc["debit_to" if sale else "credit_to"]
    party = {"party_type": "Customer" if sale else "Supplier", "party": doc["customer" if sale else "supplier"]}
    rows = []
    for record, side in ((invoice, "credit" if sale else "debit"), (credit, "debit" if sale else "credit")):
        figures = {"debit": 0.0, "debit_in_account_currency": 0.0, "credit": 0.0, "credit_in_account_currency": 0.0}
        figures |= {side: float(amount), f"{side}_in_account_currency": float(amount)}
        row = {"doctype": "Journal Entry Account", "idx": len(rows) + 1, "docstatus": 1, "name": "", "account": account, **party}
        rows.append({**row, "reference_type": record["doctype"], "reference_name": record["name"], "exchange_rate": 1.0, **figures})
    made = {"doctype": "Journal Entry", "name": name, "creation": "2026-10-30 10:00:00.000001", "docstatus": 1, "company": doc["company"]}
    made |= {"voucher_type": "Credit Note" if sale else "Debit Note", "posting_date": "2026-10-30", "is_system_generated": 1}
    made |= {"total_debit": float(amount), "total_credit": float(amount), "accounts": rows}
    after = [_with_less_outstanding(invoice, amount)]
    return {"event": "submit", "doctype": "Journal Entry", "name": name, "doc": made, "gl": [], "after": after}


def journal(rig: Rig, *sides: tuple[str, float], name: str = "JV-1", **changes: Any) -> Record:
    """A Journal Entry over accounts named without the company's suffix; debits positive. Its rows carry no account type, as where a
    program made it."""
    company = rig.company
    rows = [
        {
            "doctype": "Journal Entry Account",
            "idx": at,
            "docstatus": 1,
            "name": "",
            "account": f"{account} - {company['abbr']}",
            "debit": max(amount, 0.0),
            "credit": max(-amount, 0.0),
        }
        for at, (account, amount) in enumerate(sides, 1)
    ]
    worth = sum(row["debit"] for row in rows)
    made = {"doctype": "Journal Entry", "name": name, "creation": "2026-10-30 10:00:00.000001", "docstatus": 1, "company": company["name"]}
    made |= {"voucher_type": "Journal Entry", "posting_date": "2026-10-30", "is_system_generated": 0, "is_opening": "No", "accounts": rows}
    made |= {"title": name, "total_debit": worth, "total_credit": worth, **changes}
    return {"event": "submit", "doctype": "Journal Entry", "name": name, "doc": made, "gl": [], "after": []}


def transfer(rig: Rig, amount: float, to: str, name: str = "MOVE-1") -> Record:
    """An internal transfer from the trading account to another account in its currency."""
    made = copied(paid(rig)[-1], name, payment_type="Internal Transfer", party_type=None, party=None, references=[], reference_no="M 1")
    account = f"Trading Account - {rig.company['abbr']}"
    made["doc"].update(paid_from=account, paid_to=f"{to} - {rig.company['abbr']}", paid_amount=amount, received_amount=amount)
    made["doc"].update(base_paid_amount=amount, base_received_amount=amount, total_allocated_amount=0.0)
    return made


# Looking at the two sides


def step(rig: Rig, name: str, role: str = "") -> dict[str, Any]:
    """The one step of a document (with that role)."""
    found = [row for row in rig.steps(reference_name=name) if not role or row["role"] == role]
    assert len(found) == 1, found
    return found[0]


def live(rig: Rig, resource: str = "Invoices", tenant: str = "") -> list[dict[str, Any]]:
    """What Xero's books hold of a resource: neither voided nor deleted."""
    return [each for each in rig.xero.documents(resource, tenant or None) if each.get("Status") not in GONE]


def due(element: dict[str, Any]) -> Decimal:
    """AmountDue of an invoice in the simulator's ledger."""
    return Decimal(element["Total"]) - Decimal(element["settled"]) - Decimal(element["credited"])


def total(record: Record) -> Decimal:
    """What the host wants for an invoice."""
    return Decimal(str(record["doc"].get("rounded_total") or record["doc"]["grand_total"]))


def writes(rig: Rig, resource: str = "") -> list[dict[str, Any]]:
    """Every PUT and POST to the accounting API."""
    return rig.xero.calls(path=f"/api.xro/2.0/{resource}", methods="PUT,POST")


def error_log(rig: Rig) -> list[dict[str, Any]]:
    """What the host logged as errors."""
    with rig.frappe() as frappe:
        return frappe.get_all("Error Log", fields=["*"])


def connection_state(rig: Rig) -> str:
    """Live, Paused, ..."""
    with rig.frappe() as frappe:
        return str(frappe.db.get_value("Xero Connection", rig.connection, "state"))


def moving(rig: Rig) -> list[dict[str, Any]]:
    """Steps on their way, without those that wait for one that waits for a person."""
    rows = {row["name"]: row for row in rig.steps()}

    def stuck(row: dict[str, Any]) -> bool:
        blocker = rows.get(row["blocked_on"] or "")
        return bool(blocker) and (blocker["state"] in ("Held", "Needs Attention") or stuck(blocker))

    return [row for row in rows.values() if row["state"] in ON_THE_WAY and not stuck(row)]


def settle(rig: Rig, rounds: int = 12, seconds: float = 120) -> None:
    """Dispatch and let time pass until nothing is on its way. AssertionError where that never comes."""
    for _ in range(rounds):
        rig.dispatch()
        if not moving(rig):
            return
        rig.advance(seconds)
    raise AssertionError([(row["reference_name"], row["role"], row["state"], row["reason"]) for row in moving(rig)])


def assert_once(rig: Rig, records: list[Record]) -> None:
    """Every one of these submitted documents has exactly one live counterpart, to the cent, and Xero has nothing else."""
    wanted = {record["name"]: record for record in records if record["doctype"] != "Payment Entry"}
    shown = {each["InvoiceID"]: each for each in live(rig)}
    with rig.frappe() as frappe:
        rows = frappe.get_all("Xero Link", filters={"connection": rig.connection, "role": "invoice"}, fields=["reference_name", "xero_id"])
    linked = {row["reference_name"]: row["xero_id"] for row in rows if row["xero_id"] in shown}
    assert set(linked) == set(wanted), set(linked) ^ set(wanted)
    assert sorted(linked.values()) == sorted(shown), "Xero has an invoice that no document here became"
    for name, record in wanted.items():
        assert shown[linked[name]]["Total"] == total(record), name
        assert shown[linked[name]]["TotalTax"] == tax(record), name
    numbers = Counter(each["Name"].casefold() for each in rig.xero.documents("Contacts"))
    assert max(numbers.values(), default=1) == 1, numbers
    paid_parts = sorted(
        Decimal(str(row["allocated_amount"]))
        for record in records
        if record["doctype"] == "Payment Entry"
        for row in record["doc"]["references"]
    )
    assert sorted(Decimal(each["Amount"]) for each in live(rig, "Payments")) == paid_parts


def tax(record: Record) -> Decimal:
    """The host's tax of an invoice whose every tax row is tax: recorded companies have charge rows too, so only rows on a tax account."""
    rows = record["doc"].get("taxes") or []
    return sum((Decimal(str(row["tax_amount_after_discount_amount"])) for row in rows if "GST" in row["account_head"]), Decimal(0))


def with_site(rig: Rig, work: Callable[[Any], Any]) -> Any:
    """Run something connected to the site, and commit."""
    with rig.frappe() as frappe:
        result = work(frappe)
        frappe.db.commit()
        return result


def wait_for_hit(rig: Rig, fault: str, seconds: float = 120) -> None:
    """Wait in real time until a fault has hit a call."""
    deadline = time.monotonic() + seconds
    while not any(each["id"] == fault and each["hits"] for each in rig.xero.faults()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the fault {fault} was never met")
        time.sleep(0.02)


def sweep(rig: Rig) -> None:
    """The minute's sweep."""

    def work(frappe: Any) -> None:
        from picortex_xero.sync import jobs

        jobs.sweep()

    with_site(rig, work)


def make_contacts(rig: Rig, records: list[Record]) -> None:
    """Have the parties of these documents in Xero before, without the documents."""
    with_site(rig, lambda frappe: [_add_contact(frappe, rig.connection, rig.company["name"], record) for record in records])
    settle(rig)


def _add_contact(frappe: Any, connection: str, company: str, record: Record) -> None:
    from picortex_xero.documents.identity import PARTY_FIELD, identity
    from picortex_xero.engine import outbox

    doctype, field = PARTY_FIELD[record["doctype"]]
    party = frappe.get_doc(doctype, record["doc"][field]).as_dict()
    outbox.add(connection, company, identity(party), "contact")
