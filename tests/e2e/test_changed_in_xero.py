"""What people change, void or delete in Xero is listed with both sides, once for each document, and nothing is decided by itself; what a person chooses is done."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import change
from tests.scene.reading import begin, read, told
from tests.scene.telling import make_admin

pytestmark = pytest.mark.case("19")
LISTED = "Xero Changed Record"


def listed(rig: Rig, record: scene.Record) -> list[dict[str, Any]]:
    """All that was ever listed of a document, oldest first."""

    def rows(frappe: Any) -> list[dict[str, Any]]:
        found = frappe.get_all(LISTED, filters={"reference_name": record["name"]}, fields=["*"], order_by="found_at asc, name asc")
        return [dict(row) for row in found]

    return list(scene.with_site(rig, rows))


def one(rig: Rig, record: scene.Record) -> dict[str, Any]:
    (row,) = listed(rig, record)
    return row


def call(rig: Rig, what: str, record: scene.Record, **arguments: Any) -> Any:
    """Somebody calls what the form calls."""
    from picortex_xero.api import changes

    name = listed(rig, record)[-1]["name"]
    return scene.with_site(rig, lambda frappe: getattr(changes, what)(name, **arguments))


def in_xero(rig: Rig, record: scene.Record) -> dict[str, Any]:
    return next(each for each in rig.xero.documents("Invoices") if each["InvoiceNumber"] == record["name"])


def edit(rig: Rig, record: scene.Record, **changes: Any) -> None:
    rig.xero.person("edit_invoice", InvoiceID=in_xero(rig, record)["InvoiceID"], **changes)


def lines(rig: Rig, record: scene.Record) -> list[dict[str, Any]]:
    """The lines of an invoice as Xero shows them."""
    shown = rig.xero.person("edit_invoice", InvoiceID=in_xero(rig, record)["InvoiceID"])
    kept = ("Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "Tracking", "TaxAmount")
    return [{name: each[name] for name in kept if each.get(name)} for each in shown["LineItems"]]


def more(rig: Rig, record: scene.Record, by: float = 10) -> list[dict[str, Any]]:
    """The lines of an invoice in Xero with another price on the first."""
    rows = lines(rig, record)
    rows[0] = {name: value for name, value in rows[0].items() if name != "TaxAmount"}
    rows[0]["UnitAmount"] = float(rows[0]["UnitAmount"]) + by
    return rows


def differing(shown: dict[str, Any]) -> dict[str, tuple[str, str]]:
    (record,) = shown["records"]
    return {each["label"]: (each["here"], each["there"]) for each in record["fields"] if each["differs"]}


def may(shown: dict[str, Any]) -> dict[str, bool]:
    return {each["choice"]: each["may"] for each in shown["choices"]}


def test_what_is_changed_is_listed_and_decided(rig: Rig) -> None:
    sales = scene.invoices(rig, 6)
    dear, due, void, paid, both, back = sales
    rig.play(sales)
    begin(rig)
    read(rig)
    assert all(not listed(rig, each) for each in sales), "our own echo is no change"

    edit(rig, dear, LineItems=more(rig, dear), By="Kim Lee")
    edit(rig, due, DueDate="2027-03-01", Reference="by phone")
    rig.xero.person("void_invoice", InvoiceID=in_xero(rig, void)["InvoiceID"])
    as_sent = lines(rig, back)
    edit(rig, back, LineItems=more(rig, back))
    change(rig, both, po_no="ours")
    edit(rig, both, LineItems=more(rig, both))
    read(rig)

    row, shown = one(rig, dear), call(rig, "show", dear)
    assert (row["state"], row["kind"], row["changed_by"]) == ("Open", "Changed", "Kim Lee") and "total" in row["found"]
    assert told(rig, dear)[:2] == ("Needs Attention", "edited-in-xero")
    here, there = differing(shown)["Total"]
    assert float(there) > float(here) == float(scene.total(dear))
    (line,) = [each for each in shown["records"][0]["lines"] if any(each["differs"])]
    named = [column["label"] for column, differs in zip(shown["records"][0]["columns"], line["differs"]) if differs]
    assert "Price" in named and "Description" not in named and "Account" not in named

    row, shown = one(rig, due), call(rig, "show", due)
    assert row["kind"] == "Details Changed" and told(rig, due)[0] == "Synced", "no money has moved"
    assert {"Due date", "Reference"} == set(differing(shown)) and differing(shown)["Due date"][1] == "2027-03-01"

    row, shown = one(rig, void), call(rig, "show", void)
    assert (row["kind"], row["changed_by"]) == ("Voided", "Robin Reid") and differing(shown)["Status"] == ("Submitted", "Voided")
    assert may(shown) == {"take_over": True, "put_back": True, "leave": True, "tell": True}
    assert one(rig, both)["kind"] == "On Both Sides"
    assert not listed(rig, paid)

    # Changed back in Xero: over by itself.
    edit(rig, back, LineItems=as_sent)
    # The other ones: the same once more changes nothing.
    read(rig)
    assert one(rig, back)["state"] == "Changed Back" and told(rig, back)[0] == "Synced"
    assert one(rig, dear)["state"] == "Open"

    # Put back: the price, and what moves no money.
    call(rig, "put_back", dear)
    call(rig, "put_back", due)
    assert one(rig, dear)["state"] == "Being Put Back"
    rig.dispatch()
    scene.settle(rig)
    read(rig)
    assert [one(rig, each)["state"] for each in (dear, due)] == ["Put Back", "Put Back"]
    assert float(in_xero(rig, dear)["Total"]) == float(scene.total(dear)) and told(rig, dear)[0] == "Synced"
    assert not in_xero(rig, due).get("Reference") or in_xero(rig, due)["Reference"] != "by phone"
    assert in_xero(rig, due)["DueDate"] == str(due["doc"]["due_date"])

    # Left: with reason, and the same does not come again; another one does.
    edit(rig, dear, LineItems=more(rig, dear, by=5))
    read(rig)
    call(rig, "leave", dear, reason="agreed by phone")
    rig.dispatch()
    scene.settle(rig)
    last = listed(rig, dear)[-1]
    assert (last["state"], last["why"], last["decided_by"]) == ("Left", "agreed by phone", "Administrator") and last["decided_at"]
    assert told(rig, dear)[0] == "Synced"
    read(rig)
    assert len(listed(rig, dear)) == 2
    edit(rig, dear, LineItems=more(rig, dear, by=1))
    read(rig)
    assert [each["state"] for each in listed(rig, dear)][-1] == "Open" and len(listed(rig, dear)) == 3

    # Both sides: left as it is, what waited for a person here goes on.
    call(rig, "leave", both, reason="both are right")
    rig.dispatch()
    scene.settle(rig)
    assert told(rig, both)[0] == "Synced" and one(rig, both)["state"] == "Left"

    # Voided: entered anew.
    call(rig, "put_back", void)
    rig.dispatch()
    scene.settle(rig)
    read(rig)
    assert (
        one(rig, void)["state"] == "Put Back"
        and [each["Status"] for each in rig.xero.documents("Invoices") if each["InvoiceNumber"].startswith(void["name"])].count(
            "AUTHORISED"
        )
        == 1
    )
    # Voided once more, put back and cancelled here at once: it was not put back.
    (stands,) = [
        each for each in rig.xero.documents("Invoices") if each["InvoiceNumber"].startswith(void["name"]) and each["Status"] == "AUTHORISED"
    ]
    rig.xero.person("void_invoice", InvoiceID=stands["InvoiceID"])
    read(rig)
    call(rig, "put_back", void)

    def cancel(frappe: Any) -> None:
        doc = frappe.get_doc("Sales Invoice", void["name"])
        doc.docstatus = 2
        doc.save()

    scene.with_site(rig, cancel)
    rig.dispatch()
    scene.settle(rig)
    assert [each["state"] for each in listed(rig, void)] == ["Put Back", "Over"]


def test_a_payment_that_is_removed_is_proposed_to_be_cancelled(rig: Rig) -> None:
    sale, payment = scene.paid(rig)
    rig.play([sale, payment])
    begin(rig)
    read(rig)
    (made,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=made["PaymentID"])
    # Its list does not show it: the invoice that it paid does.
    rig.xero.fault("error_before", status=503, path="/Payments$", method="GET", times=9)
    read(rig)
    row = one(rig, payment)
    assert (row["state"], row["kind"]) == ("Open", "Deleted")
    make_admin(rig, "accountant@example.com")
    assert call(rig, "people", payment)
    assert call(rig, "tell", payment, user="accountant@example.com", note="please look") is True
