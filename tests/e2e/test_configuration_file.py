"""The configuration as a file: exported, removed with the app, and put back, so that the next sweep sends nothing twice and misses nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import restoring
from tests.scene import rig as scene

MAPPINGS = [f"Xero {kind} Mapping" for kind in ("Account", "Tax", "Payment", "Tracking", "Deduction")]
ROWS = ("Xero Link", "Xero Link Target", "Xero Outbox Entry")


def values(rig: Rig, doctype: str, *fields: str) -> list[tuple[Any, ...]]:
    def read(frappe: Any) -> Any:
        return sorted(tuple(str(row[field]) for field in fields) for row in frappe.get_all(doctype, fields=list(fields)))

    return list(scene.with_site(rig, read))


def find_missed(rig: Rig) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.sync import jobs

        jobs.find_missed()

    scene.with_site(rig, work)


def test_after_a_reinstall_nothing_is_sent_twice_and_nothing_is_missed(rig: Rig) -> None:
    (sale, receipt), others, bills = scene.paid(rig), scene.invoices(rig, 6), scene.bills(rig, 4)
    others = [each for each in others if each["name"] != sale["name"]]
    in_file, later, meanwhile, cancelled = [sale, receipt, others[0], bills[0]], [others[1], bills[1]], [others[2], bills[2]], others[3]
    rig.play([*in_file, cancelled])
    scene.settle(rig)
    before = {doctype: files.counts(rig, doctype)[0] for doctype in (*ROWS, *MAPPINGS)}
    mapped = {doctype: values(rig, doctype, "xero_account_code" if "Account" in doctype else "company") for doctype in MAPPINGS[:1]}
    links = values(rig, "Xero Link", "reference_name", "role", "xero_id", "content", "remote_picture", "marker")
    steps = values(rig, "Xero Outbox Entry", "reference_name", "role", "state", "reason_code", "room")
    taxes = values(rig, "Xero Tax Mapping", "direction", "tax", "item_tax_template", "tax_type", "xero_rate")
    instance = values_of_settings(rig)
    content = files.exported(rig)
    # Goes to Xero after the export: the file does not know it.
    rig.play(later)
    scene.settle(rig)

    files.reinstalled(rig)
    assert files.counts(rig, *ROWS, *MAPPINGS) == [0] * 8 and values_of_settings(rig) != instance
    # Submitted and cancelled while the app was not there.
    rig.play([*meanwhile, scene.cancelling(cancelled)])
    rig.advance(3600)
    files.connected_again(rig)
    shown = files.compared(rig, content)
    assert shown["why_not"] == [] and not shown["asks_about_site"] and shown["about"]["links"] == before["Xero Link"]
    said = files.imported(rig, content)
    assert (said["state"], said["left_out"], said["not_here_count"], said["taxes_signed"]) == ("Done", [], 0, True)
    assert values_of_settings(rig) == instance
    assert {doctype: files.counts(rig, doctype)[0] for doctype in (*ROWS, *MAPPINGS)} == before
    assert {doctype: values(rig, doctype, "xero_account_code") for doctype in MAPPINGS[:1]} == mapped
    assert links == values(rig, "Xero Link", "reference_name", "role", "xero_id", "content", "remote_picture", "marker")
    assert steps == values(rig, "Xero Outbox Entry", "reference_name", "role", "state", "reason_code", "room")
    assert taxes == values(rig, "Xero Tax Mapping", "direction", "tax", "item_tax_template", "tax_type", "xero_rate")
    # The parts are gone; compared again nothing differs.
    assert files.counts(rig, "Xero Configuration Part") == [0]
    assert files.compared(rig, files.exported(rig, ties=False))["differences"] == []

    # Nothing goes before a person lets it; then what is in Xero since the export pauses it once more, and is linked.
    calls = len(rig.xero.calls())
    scene.sweep(rig)
    rig.dispatch()
    assert not [call for call in rig.xero.calls()[calls:] if call["method"] != "GET"] and scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and bills[1]["name"] in restoring.reason(rig) + str(restoring.unlinked(rig))
    restoring.confirm(rig)
    find_missed(rig)
    for _round in range(3):
        scene.settle(rig)
        find_missed(rig)
    everything = [*in_file, *later, *meanwhile]
    scene.assert_once(rig, everything)
    assert Counter(each["InvoiceNumber"] for each in scene.live(rig)) == Counter(_numbers(rig, everything))
    assert [row["state"] for row in rig.steps(reference_name=cancelled["name"], role="void")] == ["Synced"]


def _numbers(rig: Rig, records: list[scene.Record]) -> list[str]:
    with rig.frappe() as frappe:
        rows = frappe.get_all("Xero Link", filters={"role": "invoice"}, fields=["reference_name", "xero_number"])
    wanted = {record["name"] for record in records}
    return [row["xero_number"] for row in rows if row["reference_name"] in wanted]


def values_of_settings(rig: Rig) -> str:
    """The id that marks what this site sends."""
    return str(scene.with_site(rig, lambda frappe: frappe.db.get_single_value("Xero Settings", "instance_id")))
