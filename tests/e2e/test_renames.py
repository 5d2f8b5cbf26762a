"""A party renamed here keeps its contact in Xero, whether or not the host moved its own links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.renames import hourly, rename_in_documents, tell

pytestmark = pytest.mark.case("B10")
OURS = ("Xero Link", "Xero Outbox Entry", "Xero Sync Log")
NEW = "Renamed & Sons"


def rename(
    rig: Rig, doctype: str, old: str, new: str = NEW, *, moved: bool, told: bool = True, merge: bool = False, title: bool = True
) -> None:
    """As Frappe does it: the row and its links by SQL, dynamic links where its map knows our DocTypes (`moved`), then the event (`told`)."""

    def work(frappe: Any) -> None:
        if not merge:
            frappe.db.sql(f"UPDATE `tab{doctype}` SET `name`=%(new)s WHERE `name`=%(old)s", {"new": new, "old": old})
        if title and doctype in ("Customer", "Supplier") and not merge:
            # ERPNext's own, where customers are named by their names.
            frappe.db.set_value(doctype, new, f"{doctype.lower()}_name", new)
        for ours in OURS if moved else ():
            for name in frappe.get_all(ours, filters={"reference_doctype": doctype, "reference_name": old}, pluck="name"):
                frappe.db.set_value(ours, name, "reference_name", new, update_modified=False)
        if told:
            tell(frappe, doctype, old, new, merge)
        if merge:
            frappe.db.delete(doctype, {"name": old})

    scene.with_site(rig, work)


def next_invoice(rig: Rig, record: scene.Record, name: str = "NEXT-1", party: str = NEW) -> scene.Record:
    field = "customer" if record["doctype"] == "Sales Invoice" else "supplier"
    return scene.copied(record, name, **{field: party, f"{field}_name": party})


def contacts(rig: Rig) -> list[dict[str, Any]]:
    return [each for each in rig.xero.documents("Contacts") if each.get("ContactStatus", "ACTIVE") == "ACTIVE"]


@pytest.mark.parametrize("told", [True, False], ids=["told", "not-told"])
@pytest.mark.parametrize("moved", [True, False], ids=["moved-by-the-host", "left-by-the-host"])
@pytest.mark.parametrize("of", [scene.invoices, scene.bills], ids=["customer", "supplier"])
def test_the_next_invoice_goes_to_the_same_contact(rig: Rig, of: Callable[..., list[scene.Record]], moved: bool, told: bool) -> None:
    (record,) = of(rig, 1)
    rig.play([record])
    scene.settle(rig)
    before = contacts(rig)
    doctype, field = ("Customer", "customer") if record["doctype"] == "Sales Invoice" else ("Supplier", "supplier")
    old = record["doc"][field]
    rename(rig, doctype, old, moved=moved, told=told)
    rig.play([next_invoice(rig, record)])
    scene.settle(rig)
    assert [each["ContactID"] for each in contacts(rig)] == [each["ContactID"] for each in before]
    assert {each["contact"] for each in scene.live(rig)} == {before[0]["ContactID"]} and len(scene.live(rig)) == 2
    with rig.frappe() as frappe:
        rows = frappe.get_all("Xero Link", filters={"endpoint": "Contacts", "reference_doctype": doctype}, fields=["*"])
        assert [row["reference_name"] for row in rows] == [NEW]
        if told:
            left = [each for each in OURS if frappe.get_all(each, filters={"reference_doctype": doctype, "reference_name": old})]
            assert left == []


def test_keys_are_those_of_the_new_name(rig: Rig) -> None:
    """Everything that is asked for again finds the row that is there, and a new customer of the old name is another party."""
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    old = record["doc"]["customer"]
    with rig.frappe() as frappe:
        other = dict(frappe.get_doc("Customer", old).as_dict())
    rename(rig, "Customer", old, moved=True)
    rename(rig, "Customer", old, moved=True)  # any number of times

    def again(frappe: Any) -> None:
        from picortex_xero.documents.identity import identity, link_key, step_key
        from picortex_xero.engine import links, outbox

        who = identity(frappe.get_doc("Customer", NEW).as_dict())
        (step,) = outbox.steps_of(rig.connection, who)
        assert step["step_key"] == step_key(rig.connection, who, "contact", 1)
        assert outbox.add(rig.connection, rig.company["name"], who, "contact") == step["step_key"]
        assert len(outbox.steps_of(rig.connection, who)) == 1
        (link,) = links.of(rig.connection, who)
        assert frappe.db.get_value("Xero Link", link["name"], "link_key") == link_key(rig.connection, who, "contact", 1)
        later = str(frappe.utils.getdate(str(other["creation"])[:10]) + timedelta(days=1)) + " 10:00:00.123456"
        frappe.get_doc({**other, "doctype": "Customer", "name": old, "customer_name": "Somebody Else", "creation": later}).db_insert()

    scene.with_site(rig, again)
    rig.play([scene.copied(record, "OTHER-1", customer_name="Somebody Else")])
    scene.settle(rig)
    assert sorted(each["Name"] for each in contacts(rig))[-1] == "Somebody Else" and len(contacts(rig)) == 2


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "error_after", "error_before"])
@pytest.mark.parametrize("moved", [True, False])
def test_a_rename_while_the_contact_is_on_its_way(rig: Rig, moved: bool, fault: str) -> None:
    record = scene.invoices(rig)[0]
    rig.xero.fault(fault, method="PUT", path="/Contacts$")
    rig.play([record])
    rig.dispatch()
    assert scene.step(rig, record["doc"]["customer"], "contact")["state"] in ("Unknown", "Sending", "Pending")
    rename(rig, "Customer", record["doc"]["customer"], moved=moved)
    rig.advance(400)

    def follow(frappe: Any) -> None:
        frappe.db.set_value("Sales Invoice", record["name"], "customer", NEW)

    scene.with_site(rig, follow)
    rig.play([next_invoice(rig, record)])
    scene.settle(rig, rounds=20)
    assert len(contacts(rig)) == 1 and len(scene.live(rig)) == 2
    assert rig.counts() == {"Synced": 3}


def test_the_answer_crosses_the_rename(rig: Rig) -> None:
    """The worker has written the link under the old name in a transaction that did not see the rename: the next invoice finds it."""
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    old = record["doc"]["customer"]
    with rig.frappe() as frappe:
        (as_written,) = frappe.get_all(
            "Xero Link", filters={"endpoint": "Contacts"}, fields=["name", "reference_name", "link_key", "remote_key"]
        )
    rename(rig, "Customer", old, moved=True)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Link", as_written.pop("name"), dict(as_written), update_modified=False))
    rig.play([next_invoice(rig, record)])
    scene.settle(rig)
    assert len(contacts(rig)) == 1 and len(scene.live(rig)) == 2
    with rig.frappe() as frappe:
        assert frappe.get_all("Xero Link", filters={"endpoint": "Contacts"}, pluck="reference_name") == [NEW]


@pytest.mark.parametrize("moved", [True, False])
def test_a_survivor_without_a_contact_takes_that_of_the_one_that_is_gone(rig: Rig, moved: bool) -> None:
    first, second = scene.of_different_customers(rig, 2)
    rig.play([first])
    scene.settle(rig)
    gone, kept = first["doc"]["customer"], second["doc"]["customer"]
    rename(rig, "Customer", gone, kept, moved=moved, merge=True)
    rig.play([second])
    scene.settle(rig)
    assert len(contacts(rig)) == 1 and {each["contact"] for each in scene.live(rig)} == {contacts(rig)[0]["ContactID"]}


def test_mappings_follow_accounts_cost_centres_and_templates(rig: Rig) -> None:
    """Frappe moves the links; the unique keys and the names inside a tax's text are ours."""
    suffix = f" - {rig.company['abbr']}"
    wanted = {"Account": ("GST" + suffix, "VAT + More" + suffix), "Cost Center": ("North" + suffix, "Nord" + suffix)}

    def work(frappe: Any) -> None:
        from picortex_xero.accounting.mapping import TaxType
        from picortex_xero.engine import chosen

        before = chosen.mapping(frappe.get_doc("Xero Connection", rig.connection))
        for doctype, (old, new) in wanted.items():
            field, mapping = ("cost_center", "Tracking") if doctype == "Cost Center" else ("account", "Account")
            frappe.db.sql(f"UPDATE `tab{doctype}` SET `name`=%(new)s WHERE `name`=%(old)s", {"new": new, "old": old})
            for name in frappe.get_all(f"Xero {mapping} Mapping", filters={field: old}, pluck="name"):
                frappe.db.set_value(f"Xero {mapping} Mapping", name, field, new, update_modified=False)
            tell(frappe, doctype, old, new)
        after = chosen.mapping(frappe.get_doc("Xero Connection", rig.connection))
        assert len(after.taxes) == len(before.taxes) and ("Sales", f"VAT + More{suffix} @ 15", "") in after.taxes
        assert isinstance(after.tax("Purchases", f"VAT + More{suffix} (fixed amount)", ""), TaxType)
        assert after.tracking["Nord" + suffix] == before.tracking["North" + suffix]
        for mapping in ("Account", "Tax", "Tracking"):
            for name in frappe.get_all(f"Xero {mapping} Mapping", pluck="name"):
                row = frappe.get_doc(f"Xero {mapping} Mapping", name)
                key = row.host_key
                row.save(ignore_permissions=True)  # its own key is no other row's, and stays what it is
                assert row.host_key == key

    scene.with_site(rig, work)


@pytest.mark.parametrize("times", [1, 2])
def test_a_payment_stays_what_it_is_when_its_accounts_are_renamed(rig: Rig, times: int) -> None:
    """What a bank statement is reconciled with must not be taken back and entered again for a new name."""
    sale, receipt = scene.paid(rig)
    rig.play([sale, receipt])
    scene.settle(rig)
    (before,) = scene.live(rig, "Payments")
    writes = len(scene.writes(rig))
    suffix = f" - {rig.company['abbr']}"
    names = ["Trading Account" + suffix, "Bank One" + suffix, "Bank Two" + suffix]
    for old, new in zip(names[:times], names[1 : times + 1]):
        rename_in_documents(rig, "Account", old, new, receipt)
        rename_in_documents(rig, "Account", receipt["doc"]["paid_from"], "Debtors " + new, receipt)
        receipt["doc"]["paid_from"] = "Debtors " + new
        hourly(rig)
        hourly(rig)
    assert scene.live(rig, "Payments") == [before] and len(scene.writes(rig)) == writes
    with rig.frappe() as frappe:
        from picortex_xero.documents.registry import fingerprint

        (kept,) = frappe.get_all("Xero Link", filters={"reference_name": receipt["name"], "role": "payment"}, pluck="content")
        assert kept == fingerprint(frappe.get_doc("Payment Entry", receipt["name"]).as_dict()), "known by today's names from now on"


def test_a_payment_that_was_renamed_and_really_changed_is_entered_again(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale, receipt])
    scene.settle(rig)
    suffix = f" - {rig.company['abbr']}"
    rename_in_documents(rig, "Account", "Trading Account" + suffix, "Bank One" + suffix, receipt)

    def change(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", receipt["name"]).as_dict()
        doc["references"][0]["allocated_amount"] = float(doc["references"][0]["allocated_amount"]) - 1
        storage.store(doc)
        frappe.db.set_value(
            "Payment Entry", receipt["name"], "modified", frappe.utils.now_datetime() + timedelta(seconds=9), update_modified=False
        )

    scene.with_site(rig, change)
    hourly(rig)
    assert not [each for each in scene.live(rig, "Payments") if each["Amount"] == receipt["doc"]["references"][0]["allocated_amount"]]


def test_a_journal_stays_what_it_is_when_its_cost_center_is_renamed(rig: Rig) -> None:
    suffix = f" - {rig.company['abbr']}"
    entry = _journal_with_cost_center(rig)
    rig.play([entry])
    scene.settle(rig)
    writes, state = len(scene.writes(rig)), scene.step(rig, entry["name"])["state"]
    rename_in_documents(rig, "Cost Center", "North" + suffix, "Nord" + suffix, entry)
    hourly(rig)
    assert (
        state == "Synced"
        and len(scene.writes(rig)) == writes
        and [row["role"] for row in rig.steps(reference_name=entry["name"])] == ["journal"]
    )


def _journal_with_cost_center(rig: Rig) -> scene.Record:
    entry = scene.journal(rig, ("Freight and Forwarding Charges", 10.0), ("Office Rent", -10.0))
    for row in entry["doc"]["accounts"]:
        row["cost_center"] = f"North - {rig.company['abbr']}"
    return entry
