"""Match contacts: Xero's contacts are read in the background, page by page; who is beyond doubt is linked at once, and nothing is changed in Xero."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.contacts import api, read

Call = dict[str, Any]


def paged(monkeypatch: pytest.MonkeyPatch, rig: Rig, size: int) -> None:
    with rig.frappe():
        from picortex_xero.engine import reading

        monkeypatch.setattr(reading, "PAGE", size)


def there(rig: Rig, name: str, **fields: Any) -> str:
    return str(rig.xero.person("create_contact", Name=name, **fields)["ContactID"])


def reads(rig: Rig) -> list[Call]:
    return [call for call in rig.xero.calls(path="/api.xro/2.0/Contacts") if call["method"] == "GET"]


def row_of(found: dict[str, Any], party: str) -> dict[str, Any]:
    return next(each for each in found["rows"] if each["party"] == party)


def customers(rig: Rig, count: int) -> tuple[list[scene.Record], list[str]]:
    records = scene.of_different_customers(rig, count)
    return records, [record["doc"]["customer"] for record in records]


def test_who_is_beyond_doubt_is_linked_at_once_and_what_was_sent_goes_to_them(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    paged(monkeypatch, rig, 4)
    records, (same, taxed, other, nobody) = customers(rig, 4)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Customer", taxed, "tax_id", "NZ 11-222-333"))
    for number in range(9):
        there(rig, f"Somebody Else {number} Ltd")
    mine = there(rig, same.upper())
    with_tax = there(rig, f"{taxed} (NZ) Limited", TaxNumber="11222333")
    doubtful = there(rig, other, ContactNumber="CRM-1")
    archived = there(rig, nobody)
    rig.xero.person("edit_contact", ContactID=archived, ContactStatus="ARCHIVED")
    before = rig.xero.documents("Contacts")
    rig.play(records)
    assert api(rig, "state")["state"] == ""
    api(rig, "read")
    api(rig, "read")
    read(rig)
    known = api(rig, "state")
    assert (known["state"], known["known"], known["total"]) == ("Done", 13, 13) and 4 <= len(reads(rig)) <= 6
    found = api(rig, "rows")
    kinds = {each["party"]: each["kind"] for each in found["rows"]}
    assert kinds == {same: "sure", taxed: "sure", other: "doubtful", nobody: "none"} and found["counts"]["linked"] == 0
    assert "contact code" in row_of(found, other)["matches"][0]["against"]
    done = api(rig, "link_all")
    assert {each[1] for each in done["linked"]} == {same, taxed} and not done["refused"] and not done["left"]
    assert api(rig, "link_all")["linked"] == []
    linked = api(rig, "rows", show="linked")
    assert {each["party"]: (each["linked"]["xero_id"], each["linked"]["by"]) for each in linked["rows"]} == {
        same: (mine, "Administrator"), taxed: (with_tax, "Administrator"),
    }  # fmt: skip
    assert (
        "Linked by Administrator"
        in scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Log", {"reference_name": taxed}, pluck="message"))[-1]
    )
    assert rig.xero.documents("Contacts") == before and not scene.writes(rig, "Contacts")
    # By hand, to one that is not sure; then everything goes, and nobody is made but who had nobody.
    assert "archived" in api(rig, "link", doctype="Customer", name=nobody, xero_id=archived)
    assert api(rig, "link", doctype="Customer", name=other, xero_id=doubtful) is None
    assert "linked with the contact" in api(rig, "link", doctype="Customer", name=other, xero_id=mine)
    scene.settle(rig)
    assert {row["state"] for row in rig.steps()} == {"Synced"}
    sent = {each["Reference"] or each["InvoiceNumber"]: each["contact"] for each in scene.live(rig)}
    assert {mine, with_tax, doubtful} < set(sent.values())
    assert len(rig.xero.documents("Contacts")) == 14
    # What was sent on is never undone; what was made here neither.
    assert "has gone to Xero with this contact" in api(rig, "unlink", parties=[["Customer", same]])
    assert "made by this app" in api(rig, "unlink", parties=[["Customer", nobody]])


def test_a_link_is_undone_while_nothing_was_sent_on_it(rig: Rig) -> None:
    (sale,), (name,) = customers(rig, 1)
    first, second = there(rig, name), there(rig, f"{name} Group")
    rig.xero.person("edit_contact", ContactID=first, EmailAddress="a@other.example")
    api(rig, "read")
    read(rig)
    api(rig, "link", doctype="Customer", name=name, xero_id=first)
    assert api(rig, "unlink", parties=f'[["Customer", "{name}"]]') == 1
    assert api(rig, "link", doctype="Customer", name=name, xero_id=second) is None
    rig.play([sale])
    scene.settle(rig)
    assert [each["contact"] for each in scene.live(rig)] == [second]
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_what_waits_for_a_contact_goes_once_a_person_has_linked_it(rig: Rig) -> None:
    (sale,), (name,) = customers(rig, 1)
    contact = there(rig, name, ContactNumber="CRM-9")
    rig.play([sale])
    scene.settle(rig)
    assert scene.step(rig, name)["state"] == "Needs Attention"
    api(rig, "read")
    read(rig)
    assert api(rig, "link", doctype="Customer", name=name, xero_id=contact) is None
    scene.settle(rig)
    assert {row["state"] for row in rig.steps()} == {"Synced"} and [each["contact"] for each in scene.live(rig)] == [contact]


def test_two_customers_never_get_one_contact_and_nothing_is_linked_while_something_is_sent(rig: Rig) -> None:
    _records, (first, second) = customers(rig, 2)
    contact = there(rig, "Shared Ltd")
    api(rig, "read")
    read(rig)
    assert [each["name"] for each in api(rig, "search", text="hared")] == ["Shared Ltd"] and api(rig, "search", text="%") == []
    assert api(rig, "link", doctype="Customer", name=first, xero_id=contact) is None
    assert "is the contact of" in api(rig, "link", doctype="Customer", name=second, xero_id=contact)

    def busy(frappe: Any) -> None:
        from picortex_xero.engine import leases

        assert leases.acquire(rig.connection)

    scene.with_site(rig, busy)
    assert "at this moment" in api(rig, "unlink", parties=[["Customer", first]])
    assert "Customer" in api(rig, "link", doctype="User", name="Guest", xero_id=contact)
    assert "list of at most" in api(rig, "unlink", parties="{}")
    assert "list of customers" in api(rig, "unlink", parties='["Customer"]')


def test_a_reading_goes_on_where_it_stopped_and_only_one_job_reads(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    paged(monkeypatch, rig, 3)
    for number in range(8):
        there(rig, f"Contact {number}")
        rig.advance(1)
    rig.advance(4000)
    api(rig, "read")
    # The second page is refused with a time limit of Xero's: the next minute goes on behind the first.
    rig.xero.fault("limit", method="GET", path="/Contacts$", skip=1)
    read(rig)
    assert api(rig, "state") == {**api(rig, "state"), "state": "Reading", "known": 3}
    read(rig)
    assert len(reads(rig)) == 2, "it rests as long as Xero says"
    rig.advance(120)

    def taken(frappe: Any) -> bool:
        from picortex_xero.engine import contact_reading

        assert contact_reading._taken(rig.connection)
        before = len(reads(rig))
        contact_reading.go_on(rig.connection, time.monotonic() + 600)
        assert not contact_reading.unfinished(rig.connection)
        return len(reads(rig)) == before

    assert scene.with_site(rig, taken), "another job reads"
    rig.advance(130)
    scene.sweep(rig)
    read(rig)
    assert api(rig, "state") == {**api(rig, "state"), "state": "Done", "known": 8}
    # Later only what changed is read; what cannot be read is said.
    there(rig, "Contact 9")
    api(rig, "read")
    calls = len(reads(rig))
    read(rig)
    assert api(rig, "state")["known"] == 9 and len(reads(rig)) == calls + 1
    api(rig, "read")
    rig.xero.person("disconnect")
    read(rig)
    stopped = api(rig, "state")
    assert stopped["state"] == "Stopped" and "no longer lets this app" in stopped["why"]
