"""What comes back has the accounting dimensions that ERPNext would give it; what lacks one that it demands stays a draft, and keeps nothing else waiting."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.host import tables
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import ROW, choose, entries, pay, rows, states, submit
from tests.scene.reading import begin, read

FIELD = "department"
WITH_IT = ("Sales Invoice", "Payment Entry", "Journal Entry Account")
DETAIL = "Accounting Dimension Detail"


def dimension(rig: Rig, default: str, **mandatory: int) -> None:
    """The company has the dimension Department."""

    def field(name: str, kind: str) -> dict[str, str]:
        return {"fieldname": name, "fieldtype": kind}

    def work(frappe: Any) -> None:
        for name in WITH_IT:
            meta = frappe.get_meta(name)
            definition = {**meta._json, "fields": [*meta._json["fields"], field(FIELD, "Data")]}
            tables.install(definition)
        checks = [field("mandatory_for_bs", "Check"), field("mandatory_for_pl", "Check")]
        of_company = [field("company", "Data"), field("default_dimension", "Data"), *checks]
        named = [field("label", "Data"), field("fieldname", "Data"), field("document_type", "Data"), field("disabled", "Check")]
        tables.install({"name": DETAIL, "module": "Accounts", "istable": 1, "fields": of_company, "permissions": []})
        tables.install({"name": "Accounting Dimension", "module": "Accounts", "autoname": "prompt", "fields": named, "permissions": []})
        frappe.get_doc(
            {
                "doctype": "Accounting Dimension",
                "name": "Department",
                "label": "Department",
                "fieldname": FIELD,
                "document_type": "Department",
            }
        ).insert()
        parent = {"parent": "Department", "parenttype": "Accounting Dimension", "parentfield": "dimension_defaults"}
        row = {"company": rig.company["name"], "default_dimension": default, **mandatory}
        frappe.get_doc({"doctype": DETAIL, **parent, **row}).insert()

    scene.with_site(rig, work)


def test_a_payment_has_what_its_invoice_has_or_the_companys_default(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(rig, "Are Submitted")
    dimension(rig, "", mandatory_for_bs=1)
    one, two = scene.invoices(rig, 2)
    rig.play([one, two])
    begin(rig)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", one["name"], FIELD, "Sales"))
    _demands(rig, monkeypatch)
    by_number = {each["InvoiceNumber"]: each for each in scene.live(rig)}
    pay(rig, by_number[two["name"]], "5.00", Reference="First")
    pay(rig, by_number[one["name"]], "7.00", Reference="Second")
    read(rig)
    made = {each["reference_no"]: each for each in entries(rig)}
    assert (made["Second"]["docstatus"], made["Second"][FIELD]) == (1, "Sales")
    assert (made["First"]["docstatus"], made["First"][FIELD] or "") == (0, "")
    said = {each["state"]: each for each in rows(rig)}
    assert set(said) == {"Entered Here", "Draft Here"}, "one that lacks it keeps no other waiting"
    waits = said["Draft Here"]
    assert waits["reason_code"] == "dimension-lacks" and "(Department)" in waits["reason"] and "Default Dimension" in waits["cure"]
    assert made["First"]["name"] in waits["reason"]

    # A person sets it and submits; and with a default the next one has it.
    def by_hand(frappe: Any) -> None:
        frappe.db.set_value("Payment Entry", made["First"]["name"], FIELD, "Sales")

    scene.with_site(rig, by_hand)
    submit(rig, made["First"]["name"])
    read(rig)
    (first,) = [row for row in rows(rig) if row["reference_name"] == made["First"]["name"]]
    assert (first["state"], first["reason"], states(rig, made["First"]["name"])) == ("Entered Here", "", ["Synced"])
    scene.with_site(rig, lambda frappe: frappe.db.set_value(DETAIL, {"parent": "Department"}, "default_dimension", "Office"))
    pay(rig, by_number[two["name"]], "6.00", Reference="Third")
    read(rig)
    (third,) = [each for each in entries(rig) if each["reference_no"] == "Third"]
    assert (third["docstatus"], third[FIELD]) == (1, "Office")
    assert scene.error_log(rig) == []


def _demands(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """ERPNext refuses to submit a payment without it (GL Entry: validate_dimensions_for_pl_and_bs)."""

    def work(frappe: Any) -> None:
        from frappe.model.document import Document

        before = Document.submit

        def submits(doc: Any) -> Any:
            made = before(doc)
            if doc.doctype == "Payment Entry" and not doc.get(FIELD):
                frappe.throw("Accounting Dimension <b>Department</b> is required for 'Balance Sheet' account Bank.")
            return made

        monkeypatch.setattr(Document, "submit", submits)

    scene.with_site(rig, work)


def test_a_journal_has_the_default_in_its_rows(rig: Rig) -> None:
    dimension(rig, "Office", mandatory_for_pl=1)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "entries_from_xero", "Become Drafts"))
    rig.play(scene.invoices(rig, 1))
    begin(rig)
    lines = [{"AccountCode": code, "LineAmount": amount, "TaxType": "NONE"} for code, amount in (("416", "70.00"), ("711", "-70.00"))]
    rig.xero.person("create_journal", Narration="Wear", Date="2026-11-10", JournalLines=lines, LineAmountTypes="Exclusive")
    read(rig)
    rows_of = scene.with_site(rig, lambda frappe: frappe.get_all(ROW, filters={"what": ("like", "%Wear%")}, pluck="reference_name"))
    journal = scene.with_site(rig, lambda frappe: frappe.get_doc("Journal Entry", rows_of[0]).as_dict())
    assert [each[FIELD] for each in journal["accounts"]] == ["Office", "Office"]
