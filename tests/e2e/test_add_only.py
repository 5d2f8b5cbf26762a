"""Add-only, proven: beside the whole way (connect, lists, mapping, contacts, a preview, test transactions, live, a day with payments and cancels, disconnect) nothing that is not ours
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
SWITCHES = ("create_accounts", "create_tracking", "update_contacts")
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


def preview(rig: Rig) -> dict[str, Any]:
    """A preview of the month, with a look at Xero, as it is when it is done."""

    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import preview
        from picortex_xero.engine import jobs

        name = preview.start(rig.connection, "Everything Waiting", look_in_xero=True)
        frappe.db.commit()
        jobs.go_on("Xero Preview Run", name)
        return dict(preview.head(name))

    return dict(scene.with_site(rig, work))


def send_tests(rig: Rig) -> tuple[list[str], dict[str, Any]]:
    """What the page says that stays, and the test run, on a contact of theirs."""

    def work(frappe: Any) -> tuple[list[str], dict[str, Any]]:
        from picortex_xero.api import trying
        from picortex_xero.engine import jobs

        asked = trying.before(rig.connection)
        found = trying.contacts(rig.connection, "Nobody Here Ltd")
        (customer,), (supplier,) = found["sales"], found["purchases"]
        run = trying.start(rig.connection, asked["mode"], customer["id"], customer["name"], supplier["id"], supplier["name"])
        jobs.go_on("Xero Test Run", run)
        return asked["stays"], trying.shown(rig.connection)["run"]

    return tuple(scene.with_site(rig, work))


def as_before(record: str) -> str:
    """A record of theirs without the one thing that the page said would change: Xero counts the contact of the drafts as a supplier."""
    return record.replace('"IsSupplier": true', '"IsSupplier": false') if '"Name": "Nobody Here Ltd"' in record else record


def previewed_and_tested(rig: Rig) -> None:
    """A preview leaves nothing in Xero; drafts that are tried leave what the page says, and nothing that is not ours is another."""
    before = everything(rig)
    since = rig.xero.call_count()
    found = preview(rig)
    assert (found["state"], found["documents"], found["problems"]) == ("Done", 5, 0) and everything(rig) == before
    assert {call["method"] for call in rig.xero.calls(since=since)} <= {"GET"}
    stays, run = send_tests(rig)
    assert (run["state"], run["mode"], run["left_over"]) == ("Done", "Drafts Only", 0)
    assert {row["state"] for row in run["records"]} == {"Removed"}
    after = everything(rig)
    theirs = next(key for key, each in after.items() if key.startswith("Contacts/") and json.loads(each)["Name"] == "Nobody Here Ltd")
    flags = {"IsCustomer": True, "IsSupplier": True}
    assert json.loads(after[theirs]) == {**json.loads(before[theirs]), **flags}
    assert {key: after[key] for key in before if key != theirs} == {key: each for key, each in before.items() if key != theirs}
    left = [json.loads(after[key]) for key in after.keys() - before.keys()]
    assert {str(each["Status"]) for each in left} <= {"DELETED", "VOIDED"} and len(left) == len(run["records"])
    numbers = sorted(str(each["InvoiceNumber"]) for each in left if each.get("InvoiceNumber"))
    assert numbers == sorted(row["number"] for row in run["records"] if row["number"] in numbers) and len(numbers) == 2
    assert all(str(each.get("InvoiceNumber") or each["Narration"]).startswith("TEST-") for each in left)
    assert "numbers TEST-... of the invoice and the bill" in stays[0] and "deleted" in stays[1]
    assert "as a customer (the invoice) or a supplier (the bill)" in stays[2] and len(stays) == 3


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
    payment["doc"] |= {"party_bank_account": BANK, "bank_account_no": BANK}
    rig.play([*sales, payment, bill, other, third])
    previewed_and_tested(rig)
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
    assert {key: as_before(after[key]) for key in before} == {key: as_before(each) for key, each in before.items()}
    assert len(after) > len(before) + 4, "the day itself is there"
    written = {(call["method"], call["path"].removeprefix("/api.xro/2.0/").split("/")[0]) for call in scene.writes(rig)}
    assert {each for _method, each in written} <= {"Contacts", "Invoices", "Payments", "CreditNotes", "ManualJournals"}
    assert {method for method, each in written if each == "Contacts"} <= {"PUT"}, "contacts are only ever created"
    for call in scene.writes(rig):
        body = str(call["request"])
        assert "BankAccountDetails" not in body and BANK not in body and "BatchPayments" not in body
