"""What a document's form says on request: why each line is booked as it is, and before a cancel what happens in Xero; and that it then happens."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.connecting import CLERK
from tests.scene.desk import refresh
from tests.scene.reading import begin, read, reads

VOIDED = "It will be voided"
MINUTES_15 = 15 * 60 + 1


def asked(rig: Rig, function: str, record: scene.Record, user: str = "Administrator") -> dict[str, Any]:
    with open_site(rig.site, user):
        from picortex_xero.api import why

        return dict(getattr(why, function)(record["doctype"], record["name"]))


def said(rig: Rig, record: scene.Record) -> list[tuple[str, str]]:
    return [(each["what"], each["says"]) for each in asked(rig, "before_cancel", record).get("lines", [])]


@pytest.mark.case("B8")
def test_why_each_line_and_what_a_cancel_does(rig: Rig) -> None:
    add_user(rig.site, CLERK, ["Accounts User"])
    sale, receipt = scene.paid(rig)
    (bill,) = scene.bills(rig)
    rig.play([bill])
    coming = asked(rig, "before_cancel", bill)
    assert coming == {"lines": [], "note": "What of it is not in Xero yet will not be sent any more"}
    rig.play([sale, receipt])
    scene.settle(rig)

    # Why: line by line, with the names that Xero has for account and tax, and the choice that says so.
    calls = rig.xero.call_count()
    lines = asked(rig, "lines", sale)["lines"]
    put = next(
        each for call in scene.writes(rig, "Invoices") for each in call["request"]["Invoices"] if each["InvoiceNumber"] == sale["name"]
    )
    rates = {"OUTPUT2": "15% GST on Income", "ZERORATED": "Zero Rated (0%)"}
    sent = [(line["AccountCode"], rates[line["TaxType"]]) for line in put["LineItems"] if line.get("AccountCode")]
    assert [(each["account"].split()[0], each["tax"]) for each in lines] == sent
    assert lines[0]["record"] == "Invoice" and lines[0]["tax"] == "15% GST on Income"
    assert sale["doc"]["items"][0]["income_account"] in lines[0]["account_why"] and "Mapping, Accounts" in lines[0]["account_why"]
    assert "Mapping, Taxes" in lines[0]["tax_why"] and lines[0]["amount"]
    (paid,) = asked(rig, "lines", receipt)["lines"]
    assert paid["record"] == "Payment" and paid["account"].startswith("090 ") and not paid["tax"]
    with open_site(rig.site, CLERK) as frappe:
        from picortex_xero.api import why

        with pytest.raises(frappe.PermissionError):
            why.lines(sale["doctype"], sale["name"])

    # Before a cancel: everyone reads what happens, the Xero roles also what to do.
    assert said(rig, bill) == [("Bill", VOIDED)]
    assert said(rig, receipt) == [("Payment", "It will be deleted, unless it is reconciled with the bank statement there")]
    (line,) = asked(rig, "before_cancel", sale)["lines"]
    assert line["says"] == f"It will be voided once it is no longer settled by {receipt['name']}" and line["colour"] == "orange"
    assert line["number"] == sale["name"] and line["to_do"]
    (shown,) = asked(rig, "before_cancel", sale, CLERK)["lines"]
    assert {*shown} == {"what", "says", "colour"}
    assert rig.xero.call_count() == calls, "Xero is not asked"

    # Of many together: how many records of each fate, of those that the user may read.
    with open_site(rig.site, CLERK):
        from picortex_xero.api import why

        (together,) = why.before_bulk_cancel("Sales Invoice", [sale["name"], "nothing"])
        assert [(each["says"], each["count"], each["colour"]) for each in together["lines"]] == [
            ("Will be voided once something else no longer settles them", 1, "orange")
        ]
        (paid_with,) = why.before_bulk_cancel("Payment Entry", [receipt["name"]])
        assert [each["count"] for each in paid_with["lines"]] == [1] and "deleted" in paid_with["lines"][0]["says"]
        assert why.before_bulk_cancel("Journal Entry", []) == []

    # What was said is what happens.
    rig.play([scene.cancelling(bill), scene.cancelling(receipt)])
    scene.settle(rig)
    assert said(rig, sale) == [("Invoice", VOIDED)]
    rig.xero.person("set_lock_dates", period="2026-10-31")
    refresh(rig)
    (locked,) = asked(rig, "before_cancel", sale)["lines"]
    assert (
        locked["says"] == "It will stay in Xero: the books are locked there until 2026-10-31" and "Credit in Open Period" in locked["to_do"]
    )
    with open_site(rig.site, "Administrator"):
        (together,) = why.before_bulk_cancel("Sales Invoice", [sale["name"]])
        assert together["by_hand"] == [sale["name"]] and together["lines"][0]["says"] == "Will stay in Xero"
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    states = {step["reference_name"]: step["state"] for step in rig.steps() if step["role"].startswith("void")}
    assert states == {bill["name"]: "Synced", receipt["name"]: "Synced", sale["name"]: "Held"}
    assert [each["Status"] for each in rig.xero.documents("Invoices")].count("VOIDED") == 1


def shown(rig: Rig, record: scene.Record) -> str:
    """What the form says of the document's own record in Xero."""
    with open_site(rig.site) as frappe:
        from picortex_xero.api import status

        frappe.local.form_dict = {}
        return str(status.document_status(record["doctype"], record["name"])["in_xero"])


AGAIN = "Just settled: it is being read again (before: {})"


@pytest.mark.case("19")
def test_what_our_own_payment_makes_of_an_invoice_shows_at_once(rig: Rig) -> None:
    (sale, receipt), (second, its_receipt) = scene.settlements(rig)[:2]
    rig.play([sale, receipt])
    scene.settle(rig)
    assert not [call for call in rig.xero.calls() if call["method"] == "GET" and call["path"].endswith("/Payments")]
    assert shown(rig, sale) == "Paid"
    rig.play([scene.cancelling(receipt)])
    scene.settle(rig)
    assert shown(rig, sale) == "Awaiting payment"

    # Where Xero's answer does not show the invoice, that is said, and one read of what changed there shows it.
    rig.xero.settings(payments_show_invoices=False)
    rig.play([second, its_receipt])
    begin(rig)
    assert shown(rig, second) == AGAIN.format("Awaiting payment")
    before = rig.xero.call_count()
    read(rig, MINUTES_15)
    assert [call["path"].split("/")[-1] for call in reads(rig, before)] == ["Invoices"]
    assert shown(rig, second) == "Paid"
