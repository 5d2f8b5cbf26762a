"""The report Ready to Match in Xero: our estimate of what Xero's matching finds, what has not that shape and why, and what stays unreconciled."""

from __future__ import annotations

import importlib
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.connection import who_may
from picortex_xero.ready import reasons
from sandbox.host import storage
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import begin, read

pytestmark = pytest.mark.case("19")
REPORT = "picortex_xero.picortex_xero.report.ready_to_match_in_xero.ready_to_match_in_xero"
Rows = list[dict[str, Any]]


def report(rig: Rig, show: str = "", **filters: Any) -> tuple[Rows, str]:
    """Its rows and what is said above them."""

    def work(_frappe: Any) -> tuple[Rows, str]:
        _columns, rows, message = importlib.import_module(REPORT).execute({"company": rig.company["name"], "show": show, **filters})
        return rows, message

    return scene.with_site(rig, work)


def lines(rig: Rig) -> dict[tuple[str, str], int]:
    return {(row["account"], row["status"]): row["count"] for row in report(rig)[0]}


def change(rig: Rig, doctype: str, filters: dict[str, Any], **values: Any) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value(doctype, filters, values))


def bank_line(rig: Rig, payment: scene.Record, amount: str, day: str) -> None:
    """The bank's line in ERPNext that a payment is matched with."""

    def work(frappe: Any) -> None:
        line = {"company": rig.company["name"], "bank_account": "BA-1", "date": day, "deposit": amount, "withdrawal": "0", "docstatus": 1}
        part = {"parent": "BT-1", "parenttype": "Bank Transaction", "parentfield": "payment_entries", "allocated_amount": amount}
        part |= {"payment_document": payment["doctype"], "payment_entry": payment["name"]}
        bank = {"account": payment["doc"]["paid_to"], "company": rig.company["name"], "is_company_account": 1}
        for doctype, name, values in (
            ("Bank Account", "BA-1", bank),
            ("Bank Transaction", "BT-1", line),
            ("Bank Transaction Payments", "BP-1", part),
        ):
            storage.store({"doctype": doctype, "name": name, **values})
        frappe.db.commit()

    scene.with_site(rig, work)


def test_a_payment_is_ready_until_it_is_reconciled(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    rig.play([scene.transfer(rig, 20.0, "Cash")])
    begin(rig)
    found = lines(rig)
    assert sum(count for (_account, status), count in found.items() if status == "Ready to match") == 3, (
        "a payment, and both sides of a transfer"
    )
    assert "Xero lets no app read" in report(rig)[1] and "our estimate" in report(rig)[1] and "has not shown yet" in report(rig)[1]
    assert "Say under Bank and payment accounts" in report(rig)[1], "nobody has said where the feed is"
    rows, _said = report(rig, "Ready")
    assert {row["amount"] for row in rows} == {Decimal("350.11"), Decimal("-20.00"), Decimal("20.00")}
    (its,) = [row for row in rows if row["amount"] == Decimal("350.11")]
    assert its["reference"] == "DC0710001" and its["document"] == "TF-PAY-00001" and its["status"] == "Ready to match"
    rig.xero.person("reconcile_payment", PaymentID=scene.live(rig, "Payments")[0]["PaymentID"])
    transfer = scene.live(rig, "BankTransfers")[0]["BankTransferID"]
    rig.xero.person("reconcile_bank_transfer", BankTransferID=transfer, sides=["FromIsReconciled"])
    read(rig)
    assert [row["amount"] for row in report(rig, "Ready")[0]] == [Decimal("20.00")]
    assert "1 are reconciled in Xero" in report(rig)[1]


def test_the_home_page_counts_what_the_report_lists(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    begin(rig)
    ready_figures = importlib.import_module("picortex_xero.attention.ready_figures")

    def card(_frappe: Any) -> dict[str, Any]:
        return dict(importlib.import_module("picortex_xero.api.home").ready_to_match())

    found = scene.with_site(rig, card)
    assert found["value"] == len(report(rig, "Ready")[0]) == 1 and found["route"] == ["query-report", "Ready to Match in Xero"]
    rig.xero.person("reconcile_payment", PaymentID=scene.live(rig, "Payments")[0]["PaymentID"])
    read(rig)
    assert scene.with_site(rig, card)["value"] == 1, "kept for some minutes"
    scene.with_site(rig, lambda frappe: frappe.cache.delete(frappe.cache.make_key(f"{ready_figures.KEY}:{rig.connection}")))
    assert scene.with_site(rig, card)["value"] == 0


def test_the_feed_says_what_there_is_to_match(rig: Rig) -> None:
    _invoice, payment = scene.paid(rig)
    rig.play([_invoice, payment])
    begin(rig)
    change(rig, "Xero Payment Mapping", {"account": payment["doc"]["paid_to"]}, bank_feed="Only in Xero")
    assert "the feed is only in Xero: its lines cannot be read here" in report(rig)[1] and "nothing is categorised here" in report(rig)[1]
    change(rig, "Xero Payment Mapping", {"account": payment["doc"]["paid_to"]}, bank_feed="Here")
    assert [row["status"] for row in report(rig)[0]] == ["The feed is only here, so Xero has no line for it"]


def test_what_the_bank_shows_counts_where_it_is_here(rig: Rig) -> None:
    invoice, payment = scene.paid(rig)
    rig.play([invoice, payment])
    begin(rig)
    bank_line(rig, payment, "348.00", payment["doc"]["posting_date"])
    (row,) = report(rig, "Not Ready")[0]
    assert row["status"] == reasons.IN_SHORT[reasons.OTHER_AMOUNT][0] and "348.00" in row["reason"] and "fee" in row["fix"]
    change(rig, "Bank Transaction", {"name": "BT-1"}, deposit="350.11", date="2026-10-06")
    (row,) = report(rig, "Not Ready")[0]
    assert row["status"] == reasons.IN_SHORT[reasons.AFTER_LINE][0]
    change(rig, "Bank Transaction", {"name": "BT-1"}, date=payment["doc"]["posting_date"])
    assert report(rig, "Not Ready")[0] == [] and len(report(rig, "Ready")[0]) == 1


def test_what_is_not_in_xero_yet_is_not_ready(rig: Rig) -> None:
    invoice, payment = scene.paid(rig)
    change(rig, "Xero Payment Mapping", {"account": payment["doc"]["paid_to"]}, account="Other - TF")
    change(rig, "Xero Connection", {"name": rig.connection}, default_payment_account="")
    rig.play([invoice, payment])
    scene.settle(rig)
    (row,) = report(rig, "Not Ready")[0]
    assert row["document"] == payment["name"] and "Not in Xero yet" in row["status"] and row["reason"], row
    assert ("Other accounts", "Not in Xero yet") in lines(rig)


def test_what_stays_unreconciled_for_long_is_listed_apart(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    begin(rig)
    assert [row["days"] > 14 for row in report(rig, "Unreconciled for Long")[0]] == [True]
    assert any(status == "Unreconciled in Xero for more than 14 days" for _account, status in lines(rig))
    assert report(rig, "Unreconciled for Long", days=2000)[0] == []
    change(rig, "Xero Connection", {"name": rig.connection}, unreconciled_after=3000)
    assert report(rig, "Unreconciled for Long")[0] == []


def test_who_may_not_see_the_company_sees_nothing(rig: Rig) -> None:
    rig.play(scene.paid(rig))
    begin(rig)
    execute = importlib.import_module(REPORT).execute
    for role in who_may.ROLES:
        add_user(rig.site, f"{role}@example.com".replace(" ", ""), [role])
        with open_site(rig.site, f"{role}@example.com".replace(" ", "")) as frappe:
            if role in who_may.SCREENS["Ready to Match in Xero"]:
                assert execute({"company": rig.company["name"]})[1]
                with pytest.raises(frappe.ValidationError):
                    execute({"company": "Another Ltd"})
                continue
            with pytest.raises(frappe.PermissionError):
                execute({"company": rig.company["name"]})
