"""Returns with their invoices, and the credit notes that they are in Xero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

Choose = Callable[[Rig, int], list[scene.Record]]


def pair(rig: Rig) -> tuple[scene.Record, scene.Record]:
    """An invoice, and the return of a part of what it sold: with the figures of a smaller invoice of the same customer."""
    smaller, larger = sorted(scene.of_one_customer(rig, 2), key=scene.total)
    return larger, scene.returned(smaller, against=larger)


def notes(rig: Rig) -> list[dict[str, Any]]:
    """The credit notes that stand in Xero."""
    return scene.live(rig, "CreditNotes")


def shown(rig: Rig, record: scene.Record, resource: str = "Invoices") -> dict[str, Any]:
    """The one live counterpart of a document."""
    with rig.frappe() as frappe:
        ids = frappe.get_all("Xero Link", filters={"reference_name": record["name"], "endpoint": resource}, pluck="xero_id")
    id_field = resource[:-1] + "ID"
    found = [each for each in scene.live(rig, resource) if each[id_field] in ids]
    assert len(found) == 1, found
    return found[0]


def assert_applied(rig: Rig, invoice: scene.Record, note: scene.Record) -> None:
    """One credit note to the cent, wholly taken off its invoice, once."""
    (credit,) = notes(rig)
    assert (credit["Total"], credit["TotalTax"]) == (abs(scene.total(note)), abs(scene.tax(note)))
    assert scene.due(credit) == 0 and credit["Status"] == "PAID"
    assert [each["Amount"] for each in credit["allocations"]] == [credit["Total"]]
    assert scene.due(shown(rig, invoice)) == scene.total(invoice) - credit["Total"]


def allocations(rig: Rig) -> list[dict[str, Any]]:
    """Every write of an allocation, and every delete of one."""
    return [call for call in rig.xero.calls(path="/api.xro/2.0/CreditNotes/") if "/Allocations" in call["path"] and call["method"] != "GET"]
