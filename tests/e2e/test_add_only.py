"""Add-only, proven: beside the whole way (connect, lists, mapping, contacts, live, a day with payments and cancels, disconnect) nothing that is not ours
changes in Xero, not by a byte, while every switch is off. And no request ever holds a supplier's bank details."""

from __future__ import annotations

import json
from typing import Any

from sandbox.rig import Rig, connect, go_live, map_everything
from tests.scene import rig as scene
from tests.scene.contacts import api as contacts
from tests.scene.contacts import read

SETTINGS = ("Accounts", "TaxRates", "TrackingCategories", "Currencies", "Organisation")
DOCUMENTS = (
    "Contacts",
    "Invoices",
    "CreditNotes",
    "Payments",
    "BankTransactions",
    "ManualJournals",
    "Overpayments",
    "Prepayments",
    "BankTransfers",
)
SWITCHES = ("create_accounts", "create_tracking")
BANK = "NZ-12-3456-7890123-00"


def everything(rig: Rig) -> dict[str, str]:
    """What Xero's books and settings hold, each record as its bytes."""
    found = {}
    for resource in DOCUMENTS:
        for each in rig.xero.documents(resource):
            found[f"{resource}/{next(each[name] for name in each if name.endswith('ID'))}"] = json.dumps(each, sort_keys=True, default=str)
    found["settings"] = json.dumps(rig.xero.person("settings_as_they_are"), sort_keys=True, default=str)
    return found


def others(rig: Rig) -> None:
    """People's own records: a contact of a customer's name, one of nobody, invoices, an archived account, a tracking category."""
    customer = scene.invoices(rig)[0]["doc"]["customer"]
    names = {name: rig.xero.person("create_contact", Name=name, BankAccountDetails=BANK) for name in (customer, "Nobody Here Ltd")}
    line = {"Description": "Theirs", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200", "TaxType": "OUTPUT2"}
    for number, each in enumerate(names.values()):
        body = {"Type": "ACCREC", "Contact": {"ContactID": each["ContactID"]}, "InvoiceNumber": f"THEIRS-{number}", "Date": "2026-10-05"}
        rig.xero.person("create_invoice", **body, DueDate="2026-11-05", Status="AUTHORISED", LineItems=[line])
    rig.xero.person(
        "add_account", Code="9990", Name="Their own account", Type="EXPENSE", Class="EXPENSE", TaxType="INPUT2", Status="ARCHIVED"
    )


def test_nothing_but_ours_changes_on_the_whole_way_and_no_bank_details_go(unconnected: Rig) -> None:
    rig = unconnected
    others(rig)
    before = everything(rig)

    def bank_details(frappe: Any) -> None:
        for supplier in frappe.get_all("Supplier", pluck="name"):
            if frappe.get_meta("Supplier").has_field("default_bank_account"):
                frappe.db.set_value("Supplier", supplier, "default_bank_account", BANK)
            frappe.db.set_value("Supplier", supplier, "tax_id", "11-111-111")

    scene.with_site(rig, bank_details)
    connect(rig)
    map_everything(rig)
    contacts(rig, "read")
    read(rig)
    contacts(rig, "link_all")
    go_live(rig, "AUTHORISED")
    switched = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, SWITCHES))
    assert not any(switched), "off by default"
    *sales, payment = scene.paid(rig)
    bill, other = scene.bills(rig, 2)
    (third,) = [each for each in scene.of_different_customers(rig, 3) if each["name"] not in {sale["name"] for sale in sales}][:1]
    rig.play([*sales, payment, bill, other, third])
    scene.settle(rig)
    rig.play([scene.cancelling(payment), scene.cancelling(other), scene.cancelling(third)])
    scene.settle(rig)
    assert {row["state"] for row in rig.steps()} <= {"Synced", "Superseded"}

    def leave(frappe: Any) -> None:
        from picortex_xero.api import connect as api

        api.refresh(rig.connection)
        api.disconnect(rig.connection)

    scene.with_site(rig, leave)
    after = everything(rig)
    assert {key: after[key] for key in before} == before
    assert len(after) > len(before) + 4, "the day itself is there"
    written = {(call["method"], call["path"].removeprefix("/api.xro/2.0/").split("/")[0]) for call in scene.writes(rig)}
    assert {each for _method, each in written} <= {"Contacts", "Invoices", "Payments", "CreditNotes"}
    assert {method for method, each in written if each == "Contacts"} <= {"PUT"}, "contacts are only ever created"
    for call in scene.writes(rig):
        body = str(call["request"])
        assert "BankAccountDetails" not in body and BANK not in body and "BatchPayments" not in body
