"""What these tests say again and again: which recorded documents to take, how to change them, what Xero must show afterwards."""

from __future__ import annotations

import copy
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig, connect, go_live, map_everything

Record = dict[str, Any]
GONE = ("VOIDED", "DELETED")
LEASE_SECONDS = 130
ON_THE_WAY = ("Pending", "Sending", "Unknown")


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
    out = cancelled_names(rig)
    found = [
        record
        for record in rig.documents
        if record["doctype"] == doctype
        and record["event"] == "submit"
        and record["name"] not in out
        and record["doc"]["currency"] == rig.company["default_currency"]
        and not record["doc"].get("is_return")
        and not record["doc"].get("amended_from")
    ]
    return copy.deepcopy(found[:count])


def invoices(rig: Rig, count: int = 1) -> list[Record]:
    """Plain sales invoices."""
    return plain(rig, "Sales Invoice", count)


def of_one_customer(rig: Rig, count: int) -> list[Record]:
    """Plain sales invoices of one customer."""
    by_customer: dict[str, list[Record]] = {}
    for record in plain(rig, "Sales Invoice", 500):
        by_customer.setdefault(record["doc"]["customer"], []).append(record)
    return next(found[:count] for found in by_customer.values() if len(found) >= count)


def bills(rig: Rig, count: int = 1) -> list[Record]:
    """Plain purchase invoices."""
    return plain(rig, "Purchase Invoice", count)


def paid(rig: Rig, references: int = 1) -> list[Record]:
    """The invoices of the first plain receipt with so many references, then the receipt."""
    return settlements(rig, references)[0]


def settlements(rig: Rig, references: int = 1) -> list[list[Record]]:
    """Every plain receipt with so many references: its invoices, then the receipt; no invoice is in two of them."""
    known = {record["name"]: record for record in plain(rig, "Sales Invoice", 500)}
    out = cancelled_names(rig)
    found = []
    for record in rig.documents:
        rows = record["doc"].get("references") or []
        if record["doctype"] != "Payment Entry" or record["name"] in out or len(rows) != references:
            continue
        odd = record["doc"].get("unallocated_amount") or record["doc"].get("deductions")
        names = [row["reference_name"] for row in rows]
        if all(name in known for name in names) and not odd and record["doc"]["paid_from_account_currency"] == "NZD":
            found.append([*(known.pop(name) for name in names), copy.deepcopy(record)])
    return found


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
    return [call for call in rig.xero.calls(path=f"/api.xro/2.0/{resource}") if call["method"] in ("PUT", "POST")]


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


def wait_for_hit(rig: Rig, fault: str, seconds: float = 20) -> None:
    """Wait in real time until a fault has hit a call."""
    deadline = time.monotonic() + seconds
    while not any(each["id"] == fault and each["hits"] for each in rig.xero.faults()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the fault {fault} was never met")
        time.sleep(0.02)


def while_dispatching(rig: Rig, meanwhile: Callable[[], Any]) -> None:
    """Dispatch in a thread of its own, do something meanwhile, and wait for the dispatch to end."""
    failed: list[BaseException] = []

    def dispatch() -> None:
        try:
            rig.dispatch()
        except BaseException as error:  # shown below: a thread's own exception would only be printed
            failed.append(error)

    runner = threading.Thread(target=dispatch)
    runner.start()
    try:
        meanwhile()
    finally:
        runner.join(60)
    assert not runner.is_alive()
    if failed:
        raise failed[0]


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
    from picortex_xero.core.documents import PARTY_FIELD, identity
    from picortex_xero.sync import outbox

    doctype, field = PARTY_FIELD[record["doctype"]]
    party = frappe.get_doc(doctype, record["doc"][field]).as_dict()
    outbox.add(connection, company, identity(party), "contact")
