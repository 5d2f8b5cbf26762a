"""Cash of documents that do not go to Xero: what is chosen for an account, the summaries that are made, and what Xero has of them."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.rules import go


def choose(rig: Rig, account: str, **chosen: Any) -> str:
    from picortex_xero.connection import cash_choices

    sales, cost = "Sales - TF", "Utility Expenses - TF"
    values = {"choice": "Summarise Daily", "from_date": "2020-01-01", "received_account": sales, "paid_account": cost, **chosen}
    return str(scene.with_site(rig, lambda frappe: cash_choices.save(rig.connection, account, values)))


def find(rig: Rig) -> int:
    from picortex_xero.engine import cash_summaries

    made = scene.with_site(rig, lambda frappe: cash_summaries.find(rig.connection))
    go(rig)
    return int(made)


def summaries(rig: Rig) -> list[Any]:
    def read(frappe: Any) -> list[Any]:
        names = frappe.get_all("Xero Cash Summary", pluck="name", order_by="name asc")
        return [frappe.get_doc("Xero Cash Summary", name).as_dict() for name in names]

    return list(scene.with_site(rig, read))


def standing(rig: Rig) -> dict[str, list[str]]:
    """By summary that stands the documents that it counts."""
    return {each["name"]: sorted(row["reference_name"] for row in each["rows"]) for each in summaries(rig) if each["docstatus"] == 1}


def in_xero(rig: Rig) -> dict[str, float]:
    """By reference the money that stands in Xero."""
    return {each["Reference"]: float(each["Total"]) for each in rig.xero.documents("BankTransactions") if each["Status"] == "AUTHORISED"}


def cash(rig: Rig) -> dict[tuple[str, str], float]:
    """By account and direction what the preview lists without a document."""
    from picortex_xero.api import rules

    found = scene.with_site(rig, lambda frappe: rules.preview(rig.connection))["cash"]
    every = {(each["account"], way): float(each[way.lower()]) for each in found for way in ("Received", "Paid")}
    return {key: amount for key, amount in every.items() if amount}


def summed(rig: Rig) -> dict[tuple[str, str], float]:
    """The same of the summaries that stand."""
    found: dict[tuple[str, str], float] = {}
    for each in summaries(rig):
        if each["docstatus"] == 1:
            key = (each["account"], each["direction"])
            found[key] = round(found.get(key, 0.0) + each["total"], 2)
    return found


def counted_of(rig: Rig) -> set[str]:
    """The documents that are counted by summaries whose money stands in Xero."""
    there = {each.partition(" · ")[0] for each in in_xero(rig)}
    return {row["reference_name"] for each in summaries(rig) if each["name"] in there for row in each["rows"]}


def spent(rig: Rig, amount: float, name: str, day: str) -> scene.Record:
    """A journal that pays a cost out of the till."""
    made = scene.journal(rig, ("Utility Expenses", amount), ("Cash", -amount), name=name, posting_date=day)
    for row in made["doc"]["accounts"]:
        row.update(account_currency="NZD", debit_in_account_currency=row["debit"], credit_in_account_currency=row["credit"])
    return made
