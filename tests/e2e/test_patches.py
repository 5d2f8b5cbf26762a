"""A site of the former release goes on with this one: what its rows lack is filled in, page by page, however often that is stopped."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox.host.site import migrate
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments import advance, match, paying, reconcile

ROOMS, TARGETS = "picortex_xero.patches.v0_2.note_rooms", "picortex_xero.patches.v0_2.note_link_targets"
STEP, TARGET = "Xero Outbox Entry", "Xero Link Target"


def targets(rig: Rig) -> list[tuple[str, ...]]:
    with rig.frappe() as frappe:
        rows = frappe.get_all(TARGET, fields=["name", "link", "connection", "company", "xero_id"], order_by="name")
        return [tuple(row.values()) for row in rows]


def rooms(rig: Rig) -> dict[str, str]:
    with rig.frappe() as frappe:
        return {row["name"]: row["room"] for row in frappe.get_all(STEP, fields=["name", "room"])}


def as_before(rig: Rig, *patches: str) -> None:
    """The site as the former release left it: these patches have not run, and what they make is not there."""

    def work(frappe: Any) -> None:
        for patch in patches:
            for name in frappe.get_all("Patch Log", filters={"patch": patch}, pluck="name"):
                frappe.db.delete("Patch Log", {"name": name})
        if TARGETS in patches:
            frappe.db.sql(f"DELETE FROM `tab{TARGET}`")
        if ROOMS in patches:
            frappe.db.sql(f"UPDATE `tab{STEP}` SET `room`=NULL")

    scene.with_site(rig, work)


def small_pages(monkeypatch: pytest.MonkeyPatch, size: int) -> list[int]:
    """Pages of so many rows; returns how many rows each page had, as they are read."""
    from picortex_xero.patches import pages
    from picortex_xero.patches.v0_2 import note_link_targets, note_rooms

    seen: list[int] = []

    def counted(*asked: Any) -> Any:
        for rows in pages.pages(*asked):
            seen.append(len(rows))
            yield rows

    monkeypatch.setattr(pages, "PAGE", size)
    for patch in (note_link_targets, note_rooms):
        monkeypatch.setattr(patch, "pages", counted)
    return seen


def everything(rig: Rig) -> dict[str, str]:
    """A batch, an allocation of an advance, a refund of it, a return taken off its invoice, all in Xero; the rooms by document."""
    two = scene.paid(rig, references=2)
    receipt, sales = advance(rig)
    sale = scene.copied(sales[0], "SALE-OF-ADVANCE")
    refund = paying(rig, "REFUND-1", Decimal(60), [], back=True, party=receipt["doc"]["party"])
    returned = scene.copied(scene.of_different_customers(rig, 3)[2], "SALE-RETURNED")
    credit = scene.returned(returned)
    rig.play([*two, sale, receipt, refund, returned, credit])
    match(rig, receipt, sale, Decimal(50))
    reconcile(rig, receipt, refund, Decimal(60))
    scene.settle(rig)
    return {sale["name"]: "invoice", credit["name"]: "credit_note", refund["name"]: "payment_entry", returned["doc"]["customer"]: "party"}


def test_what_is_written_as_it_happens(rig: Rig) -> None:
    wanted = everything(rig)
    with rig.frappe() as frappe:
        settled: dict[str, set[str]] = {}
        for row in frappe.get_all(TARGET, fields=["link", "xero_id"]):
            settled.setdefault(frappe.db.get_value("Xero Link", row["link"], "endpoint").rpartition("/")[2], set()).add(row["xero_id"])
        (advance_id,) = frappe.get_all("Xero Link", filters={"endpoint": "Overpayments"}, pluck="xero_id")
        invoices = set(frappe.get_all("Xero Link", filters={"endpoint": "Invoices"}, pluck="xero_id"))
        found = {row["reference_name"]: row["room"] for row in frappe.get_all(STEP, fields=["reference_name", "room"])}
    assert settled["Payments"] == {advance_id} and len(settled["BatchPayments"]) == 2 and len(settled["Allocations"]) == 2
    assert settled["BatchPayments"] | settled["Allocations"] <= invoices
    assert {name: found[name] for name in wanted} == wanted


def test_the_patches_make_what_would_have_been_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(rig)
    before, in_rooms = targets(rig), rooms(rig)
    as_before(rig, TARGETS, ROOMS)
    assert not targets(rig) and not any(rooms(rig).values())
    seen = small_pages(monkeypatch, 3)
    migrate(rig.site)
    assert targets(rig) == before and rooms(rig) == in_rooms
    assert len(seen) > 4 and max(seen) == 3, "page by page"
    seen.clear()
    migrate(rig.site)
    assert not seen, "each runs once"


@pytest.mark.parametrize("patch", [TARGETS, ROOMS])
def test_a_patch_that_was_stopped_goes_on(rig: Rig, monkeypatch: pytest.MonkeyPatch, patch: str) -> None:
    everything(rig)
    before = targets(rig), rooms(rig)
    as_before(rig, patch)
    small_pages(monkeypatch, 3)
    with monkeypatch.context() as stopping:
        stop_after(stopping, 2)
        with pytest.raises(KeyboardInterrupt):
            migrate(rig.site)
    now = targets(rig), rooms(rig)
    assert now != before and (len(now[0]) or any(now[1].values())), "a part of it is there"
    assert patch not in scene.with_site(rig, lambda frappe: frappe.get_all("Patch Log", pluck="patch"))
    migrate(rig.site)
    assert (targets(rig), rooms(rig)) == before


def stop_after(monkeypatch: pytest.MonkeyPatch, pages_done: int) -> None:
    from picortex_xero.patches.v0_2 import note_link_targets, note_rooms

    whole = note_rooms.pages

    def cut(*asked: Any) -> Any:
        for at, rows in enumerate(whole(*asked)):
            if at == pages_done:
                raise KeyboardInterrupt
            yield rows

    for each in (note_link_targets, note_rooms):
        monkeypatch.setattr(each, "pages", cut)


@pytest.mark.parametrize("of", [scene.invoices, scene.bills])
def test_the_room_of_a_return_that_was_deleted(rig: Rig, of: Callable[..., list[scene.Record]]) -> None:
    (record,) = of(rig)
    credit = scene.returned(record)
    rig.play([record, credit])
    scene.settle(rig)
    rig.play([scene.cancelling(credit)])
    scene.settle(rig)
    in_rooms = rooms(rig)
    assert set(in_rooms.values()) == {"party", "invoice", "credit_note"}
    as_before(rig, ROOMS)
    scene.with_site(rig, lambda frappe: frappe.db.delete(credit["doctype"], {"name": credit["name"]}))
    migrate(rig.site)
    assert rooms(rig) == in_rooms


def test_a_later_document_of_the_same_name_is_another(rig: Rig) -> None:
    """ERPNext reuses the names of deleted documents: the invoice that is called so now says nothing of the return that was."""
    (sale,) = scene.invoices(rig)
    credit = scene.returned(sale)
    rig.play([sale, credit])
    scene.settle(rig)
    in_rooms = rooms(rig)
    as_before(rig, ROOMS)

    def reuse(frappe: Any) -> None:
        frappe.db.set_value(sale["doctype"], credit["name"], {"is_return": 0, "creation": "2026-11-01 10:00:00.123456"})

    scene.with_site(rig, reuse)
    migrate(rig.site)
    assert rooms(rig) == in_rooms


def test_a_step_without_a_room_is_read_with_one(rig: Rig) -> None:
    """A worker of the former release may write one while the site is updated."""
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    as_before(rig, ROOMS)

    def read(frappe: Any) -> list[str]:
        from picortex_xero.documents.identity import identity
        from picortex_xero.engine import outbox

        return [row["room"] for row in outbox.steps_of(rig.connection, identity(sale["doc"]))]

    assert scene.with_site(rig, read) == ["invoice"]
    scene.settle(rig)
    assert len(scene.live(rig)) == 1


def test_a_look_that_another_document_asks_for_has_the_room_of_its_own(rig: Rig) -> None:
    """A refund by journal is looked at because the advance that it pays back, a payment entry, has changed."""
    sale, receipt = scene.paid(rig)
    rig.play([sale, receipt])
    scene.settle(rig)

    def ask(frappe: Any) -> list[str]:
        from picortex_xero.documents.identity import identity
        from picortex_xero.engine import apply, outbox

        facts = outbox.steps_of(rig.connection, identity(receipt["doc"]))[0]
        asked = (identity({"doctype": "Journal Entry", "name": "JV-1", "creation": "2026-11-01 10:00:00.123456"}), identity(sale["doc"]))
        return [apply.look_again(rig.connection, rig.company["name"], who, facts)["room"] for who in asked]

    assert scene.with_site(rig, ask) == ["journal_entry", "invoice"]


@pytest.mark.case("32")
def test_connections_of_before_are_marked_as_in_use(rig: Rig) -> None:
    """Also run twice, and before it has run a second organisation takes the place of the first all the same."""
    from picortex_xero.patches.v0_2 import note_connections_in_use

    def marks(frappe: Any) -> list[tuple[str, str]]:
        rows = frappe.get_all("Xero Connection", fields=["active_company", "active_tenant"])
        return [(row["active_company"] or "", row["active_tenant"] or "") for row in rows]

    def unmark(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, {"active_company": None, "active_tenant": None})

    scene.with_site(rig, unmark)
    assert scene.with_site(rig, marks) == [("", "")]
    for _ in range(2):
        scene.with_site(rig, lambda _: note_connections_in_use.execute())
        assert scene.with_site(rig, marks) == [(rig.company["name"], rig.xero.tenant)]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Retired"))
    scene.with_site(rig, unmark)
    scene.with_site(rig, lambda _: note_connections_in_use.execute())
    assert scene.with_site(rig, marks) == [("", "")], "a retired one holds nothing"
