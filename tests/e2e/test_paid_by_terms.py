"""A payment from Xero on an invoice of which ERPNext demands that payments are allocated by payment terms."""

from __future__ import annotations

from typing import Any

from sandbox.host import tables
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import choose, pay, rows
from tests.scene.reading import begin, read

TEMPLATE = "Payment Terms Template"


def split(sale: scene.Record, *halves: float) -> Any:
    """The invoice is payable in parts, the later one listed first."""

    def fields(*named: tuple[str, str]) -> list[dict[str, str]]:
        return [{"fieldname": name, "fieldtype": kind} for name, kind in named]

    def work(frappe: Any) -> None:
        common = {"module": "Accounts", "permissions": []}
        rule = fields(("allocate_payment_based_on_payment_terms", "Check"))
        tables.install({"name": TEMPLATE, **common, "fields": rule})
        schedule = fields(("payment_term", "Data"), ("outstanding", "Float"), ("due_date", "Date"))
        tables.install({"name": "Payment Schedule", **common, "istable": 1, "fields": schedule})
        reference = fields(
            ("payment_term", "Data"), ("allocated_amount", "Float"), ("reference_doctype", "Data"), ("reference_name", "Data")
        )
        tables.install({"name": "Payment Entry Reference", **common, "istable": 1, "fields": reference})
        for name, by_terms in (("By Terms", 1), ("As You Like", 0)):
            frappe.db.bulk_insert(TEMPLATE, ["name", "allocate_payment_based_on_payment_terms"], [(name, by_terms)])
        frappe.db.delete("Payment Schedule", {"parent": sale["name"]})
        for number, (half, due) in enumerate(zip(halves, ("2026-12-20", "2026-11-20"))):
            row = {"name": f"T{number}", "parent": sale["name"], "parenttype": "Sales Invoice", "parentfield": "payment_schedule"}
            row |= {"idx": number + 1, "payment_term": f"Part {number}", "outstanding": half, "due_date": due}
            frappe.db.bulk_insert("Payment Schedule", list(row), [tuple(row.values())])

    return work


def test_what_falls_due_first_is_paid_first_where_the_template_demands_terms(rig: Rig) -> None:
    choose(rig, "Become Drafts")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    scene.with_site(rig, split(sale, 300.0, 50.11))
    for template, amount in (("As You Like", "7.00"), ("By Terms", "60.00")):
        scene.with_site(
            rig, lambda frappe, chosen=template: frappe.db.set_value("Sales Invoice", sale["name"], "payment_terms_template", chosen)
        )
        pay(rig, shown, amount, Date="2026-11-20")
        read(rig)
    made = {float(row["amount"]): row["reference_name"] for row in rows(rig)}

    def terms(frappe: Any, name: str) -> list[tuple[str, float]]:
        found = frappe.get_all(
            "Payment Entry Reference", filters={"parent": name}, fields=["payment_term", "allocated_amount"], order_by="idx asc"
        )
        return [(each["payment_term"] or "", each["allocated_amount"]) for each in found]

    assert scene.with_site(rig, lambda frappe: terms(frappe, made[7.0])) == [("", 7)]
    assert scene.with_site(rig, lambda frappe: terms(frappe, made[60.0])) == [("Part 1", 50.11), ("Part 0", 9.89)]
