"""Payments that people enter in Xero, and what they became here."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

ROW = "Xero Incoming Record"


def choose(rig: Rig, how: str) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "payments_from_xero", how))


def rows(rig: Rig) -> list[dict[str, Any]]:
    return list(scene.with_site(rig, lambda frappe: frappe.get_all(ROW, fields=["*"], order_by="found_at asc")))


def entries(rig: Rig) -> list[Any]:
    def work(frappe: Any) -> list[Any]:
        return [frappe.get_doc("Payment Entry", name).as_dict() for name in frappe.get_all("Payment Entry", pluck="name")]

    return list(scene.with_site(rig, work))


def paid(rig: Rig) -> list[dict[str, Any]]:
    return [each for each in rig.xero.documents("Payments") if each["Status"] != "DELETED"]


def bank(rig: Rig) -> tuple[str, str]:
    """A bank account here, and the code of the one that it stands for in Xero."""

    def work(frappe: Any) -> tuple[str, str]:
        row = frappe.get_all("Xero Payment Mapping", filters={"connection": rig.connection}, fields=["account", "xero_account_id"])[0]
        return row["account"], row["xero_account_id"]

    return scene.with_site(rig, work)


def mapped(rig: Rig, account: str) -> str:
    """The id of the account in Xero that a bank account here stands for."""

    def work(frappe: Any) -> str:
        return frappe.db.get_value("Xero Payment Mapping", {"connection": rig.connection, "account": account}, "xero_account_id")

    return scene.with_site(rig, work)


def pay(rig: Rig, shown: dict[str, Any], amount: str, **more: Any) -> dict[str, Any]:
    return dict(rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Amount=amount, Account={"AccountID": bank(rig)[1]}, **more))


def submit(rig: Rig, name: str) -> None:
    """A person submits a draft; ERPNext has worked out its amounts in company currency."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", name)
        doc.base_paid_amount, doc.base_received_amount = doc.paid_amount, doc.received_amount
        doc.submit()

    scene.with_site(rig, work)


def states(rig: Rig, name: str) -> list[str]:
    return [step["state"] for step in rig.steps(reference_name=name) if step["role"].startswith("payment")]


def received(receipt: dict[str, Any], name: str, amount: int, allocated: int) -> dict[str, Any]:
    """The receipt of so much money, of which so much is allocated."""
    money = dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), amount)
    made = scene.copied(receipt, name, **money, total_allocated_amount=allocated, unallocated_amount=amount - allocated)
    made["doc"]["references"][0]["allocated_amount"] = allocated
    return made


def of_amount(rig: Rig, amount: float) -> dict[str, Any]:
    (row,) = [each for each in rows(rig) if each["amount"] == amount]
    return row


def told(rig: Rig, name: str, role: str = "payment") -> tuple[str, str]:
    """State and code of the last step of a payment in this role."""
    step = [each for each in rig.steps(reference_name=name) if each["role"].startswith(role)][-1]
    return step["state"], step["reason_code"] or ""


def delete(rig: Rig, name: str) -> None:
    scene.with_site(rig, lambda frappe: frappe.get_doc("Payment Entry", name).delete())


def pressed(rig: Rig, what: str, row: str) -> None:
    from picortex_xero.inbound import incoming_buttons

    scene.with_site(rig, lambda _frappe: getattr(incoming_buttons, what)(row))


def release(connection: str, name: str) -> None:
    """What Retry does with the steps of a payment."""
    from picortex_xero.engine import outbox

    for step in outbox.of_documents(connection, "Payment Entry", [name]):
        outbox.decide_anew(step)
