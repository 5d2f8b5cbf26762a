"""A document's fingerprint (a hash of all of it that goes to Xero) made with the formula of a former release: it serves to see changes
until the document is found unchanged, and is then replaced by one made with today's formula."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.renames import hourly, rename_in_documents


def link_of(rig: Rig, record: scene.Record, role: str = "invoice") -> dict[str, Any]:
    fields = ["name", "content", "content_version", "content_at"]
    with rig.frappe() as frappe:
        (link,) = frappe.get_all("Xero Link", filters={"reference_name": record["name"], "role": role}, fields=fields)
        return dict(link)


def formula(rig: Rig, record: scene.Record, version: int) -> str:
    """What a formula makes of the document as it is now."""
    from picortex_xero.documents import fingerprint_1, fingerprint_2
    from picortex_xero.documents.registry import fingerprint

    with rig.frappe() as frappe:
        doc = frappe.get_doc(record["doctype"], record["name"]).as_dict()
    of_sale = fingerprint_2.of_invoice if doc["doctype"] == "Sales Invoice" else fingerprint
    return {1: fingerprint_1.content, 2: of_sale, 3: fingerprint}[version](doc)


def as_before(rig: Rig, record: scene.Record, role: str = "invoice", version: int | None = 0) -> None:
    """The link as the former release wrote it."""
    values = {"content": formula(rig, record, max(version or 0, 1)), "content_version": version or 0}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Link", link_of(rig, record, role)["name"], values, update_modified=False))


def touch(rig: Rig, record: scene.Record, **changes: Any) -> None:
    """Change it by SQL, as ERPNext's tools do, and let the hourly search see that it was modified."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc(record["doctype"], record["name"]).as_dict()
        doc.update(changes)
        storage.store(doc)
        later = frappe.utils.now_datetime() + timedelta(seconds=5)
        frappe.db.set_value(record["doctype"], record["name"], "modified", later, update_modified=False)

    scene.with_site(rig, work)


def sent(rig: Rig) -> scene.Record:
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    scene.settle(rig)
    return sale


def looks(rig: Rig, record: scene.Record) -> list[dict[str, Any]]:
    return [row for row in rig.steps(reference_name=record["name"]) if row["role"].startswith("recheck")]


def test_what_is_sent_now_has_the_formula_of_today(rig: Rig) -> None:
    sale = sent(rig)
    link = link_of(rig, sale)
    assert (link["content_version"], link["content"]) == (3, formula(rig, sale, 3))
    assert len({formula(rig, sale, version) for version in (1, 2, 3)}) == 3


@pytest.mark.parametrize("version", [0, 1, 2])
def test_an_unchanged_document_gets_the_newest_formula_that_covers_what_was_sent(rig: Rig, version: int) -> None:
    sale = sent(rig)
    as_before(rig, sale, version=version)
    writes = len(scene.writes(rig))
    touch(rig, sale)
    hourly(rig)
    link = link_of(rig, sale)
    assert (link["content_version"], link["content"]) == (2, formula(rig, sale, 2))
    assert not looks(rig, sale) and len(scene.writes(rig)) == writes


@pytest.mark.parametrize("version", [0, 2, 3])
def test_a_changed_document_is_found_by_either_formula(rig: Rig, version: int) -> None:
    sale = sent(rig)
    if version < 3:
        as_before(rig, sale, version=version)
    was = link_of(rig, sale)
    touch(rig, sale, po_no="PO 77")
    hourly(rig)
    (look,) = looks(rig, sale)
    assert (look["state"], look["reason_code"]) == ("Held", "changed-after-submit")
    assert link_of(rig, sale) == was, "what was sent is still what was sent"


def test_what_only_the_formula_of_today_sees(rig: Rig) -> None:
    """An invoice that became an opening one: seen where the link has today's value, as before where it has the former one."""
    one, two = scene.invoices(rig, 2)
    rig.play([one, two])
    scene.settle(rig)
    as_before(rig, two)
    touch(rig, one, is_opening="Yes")
    touch(rig, two, is_opening="Yes")
    hourly(rig)
    assert len(looks(rig, one)) == 1 and not looks(rig, two)
    assert link_of(rig, two)["content"] == formula(rig, two, 2)


@pytest.mark.parametrize("version", [0, 2])
def test_a_renamed_account_is_no_change_by_either_formula(rig: Rig, version: int) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale, receipt])
    scene.settle(rig)
    if version == 0:
        as_before(rig, receipt, "payment")
    (before,) = scene.live(rig, "Payments")
    writes, suffix = len(scene.writes(rig)), f" - {rig.company['abbr']}"
    rename_in_documents(rig, "Account", "Trading Account" + suffix, "Bank One" + suffix, receipt)
    hourly(rig)
    link = link_of(rig, receipt, "payment")
    assert (link["content_version"], link["content"]) == (3, formula(rig, receipt, 3))
    assert scene.live(rig, "Payments") == [before] and len(scene.writes(rig)) == writes and not looks(rig, receipt)


def test_a_request_that_a_former_release_sealed_is_recorded_with_its_formula(rig: Rig) -> None:
    """Sent before the update, answered after it: its fingerprint is the former formula's."""
    (sale,) = scene.invoices(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([sale])
    rig.dispatch()

    def as_sealed_before(frappe: Any) -> None:
        import json

        for row in frappe.get_all("Xero Attempt", filters={"state": "Sealed"}, fields=["name", "members"]):
            members = json.loads(row["members"])
            for member in members:
                assert member.pop("content_version") == 3
                member["content"] = former
            frappe.db.set_value("Xero Attempt", row["name"], "members", json.dumps(members), update_modified=False)

    former = formula(rig, sale, 1)
    scene.with_site(rig, as_sealed_before)
    scene.settle(rig, seconds=400)
    assert link_of(rig, sale)["content_version"] == 1 and link_of(rig, sale)["content"] == former
    touch(rig, sale)
    hourly(rig)
    assert link_of(rig, sale)["content_version"] == 2 and not looks(rig, sale) and len(scene.live(rig)) == 1


@pytest.mark.parametrize("version", [1, 3])
def test_what_a_room_is_told_of_a_link_names_its_formula(rig: Rig, version: int) -> None:
    sale = sent(rig)
    if version == 1:
        as_before(rig, sale)

    def read(frappe: Any) -> Any:
        from picortex_xero.documents import facts

        named = (sale["doctype"], sale["name"])
        (link,) = facts.links(SimpleNamespace(connection=rig.connection), [named])[named]
        return link

    link = scene.with_site(rig, read)
    assert (link.fingerprint_version, link.fingerprint) == (version, formula(rig, sale, version))


def other_description(rig: Rig, record: scene.Record, text: str) -> None:
    touch(rig, record, items=[{**record["doc"]["items"][0], "description": text}, *record["doc"]["items"][1:]])


@pytest.mark.case("09")
def test_a_changed_description_is_noticed_and_compared_with_xero(rig: Rig) -> None:
    sale = sent(rig)
    other_description(rig, sale, "<p>Repair of pump 3</p>")
    hourly(rig)
    (look,) = looks(rig, sale)
    assert (look["state"], look["reason_code"]) == ("Held", "changed-after-submit") and "Repair of pump 3" in look["reason"]


@pytest.mark.case("09")
@pytest.mark.parametrize("version", [0, 1, 2])
def test_what_was_sent_before_descriptions_were_is_not_changed_by_them(rig: Rig, version: int) -> None:
    """Neither when the new release first sees it, nor when something else of it changes: Xero has the item's name alone."""
    sale = sent(rig)
    as_before(rig, sale, version=version)
    other_description(rig, sale, "<p>Repair of pump 3</p>")
    hourly(rig)
    link = link_of(rig, sale)
    assert (link["content_version"], link["content"]) == (2, formula(rig, sale, 2)) and not looks(rig, sale)
    touch(rig, sale, po_no="PO 77")
    hourly(rig)
    (look,) = looks(rig, sale)
    assert "PO 77" in look["reason"] and "pump" not in look["reason"]
