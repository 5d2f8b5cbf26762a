"""Documents that wait for a choice, and making that choice."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

SALES = "200"


def many(rig: Rig, count: int, **changes: Any) -> list[scene.Record]:
    """Plain invoices in base currency with one income account, as many as wanted, each with its own name."""
    income = {f"Sales - {rig.company['abbr']}"}
    some = [each for each in scene.invoices(rig, 60) if {row["income_account"] for row in each["doc"]["items"]} == income]
    return [scene.copied(some[at % len(some)], f"MANY-{at:04d}", **changes) for at in range(count)]


def without_account(rig: Rig, code: str = SALES) -> list[dict[str, Any]]:
    """Remove the mapping rows to a Xero account; returns them."""

    def work(frappe: Any) -> list[dict[str, Any]]:
        rows = frappe.get_all("Xero Account Mapping", filters={"connection": rig.connection, "xero_account_code": code}, fields=["*"])
        for row in rows:
            frappe.db.delete("Xero Account Mapping", {"name": row["name"]})
        return list(rows)

    return list(scene.with_site(rig, work))


def map_again(rig: Rig, rows: list[dict[str, Any]], by_sql: bool = False, code: str = "") -> None:
    """Put mapping rows back: saved by a person, or written by SQL as an import of a database would."""

    def work(frappe: Any) -> None:
        for row in rows:
            values = {**row, "xero_account_code": code or row["xero_account_code"]}
            if by_sql:
                frappe.db.bulk_insert("Xero Account Mapping", list(values), [tuple(values.values())])
            else:
                named = {name: values[name] for name in ("connection", "account", "xero_account_code")}
                frappe.get_doc({"doctype": "Xero Account Mapping", **named}).insert(ignore_permissions=True)

    scene.with_site(rig, work)


def on_accounts(rig: Rig, count: int) -> tuple[list[scene.Record], list[dict[str, Any]]]:
    """Invoices on an account each, and the mapping rows that they lack."""
    records, rows = many(rig, count), []
    template = without_account(rig)[0]
    for at, record in enumerate(records):
        account = f"Income {at:02d} - {rig.company['abbr']}"
        for row in record["doc"]["items"]:
            row["income_account"] = account
        rows.append({**template, "name": f"row-{at:02d}", "account": account, "host_key": f"key-{at:02d}"})
    return records, rows
