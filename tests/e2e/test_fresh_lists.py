"""Xero's rates, accounts and tracking options change while documents go: they are read before sending, and the first difference stops its tax
type."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig, standing
from tests.scene import deductions
from tests.scene import rig as scene
from tests.scene.desk import again, choose, retry
from tests.scene.reading import begin, read

GST_OUT = "OUTPUT2"
HOUR = 3700


def reads(rig: Rig, path: str = "TaxRates") -> int:
    """How often Xero's list was read."""
    return sum(call["method"] == "GET" for call in rig.xero.calls(path=f"/api.xro/2.0/{path}"))


def taxed(rig: Rig, count: int) -> list[scene.Record]:
    """Invoices of different customers with GST on every line."""
    found = [
        each
        for each in scene.of_different_customers(rig, 60)
        if each["doc"]["taxes"] and not any(row.get("item_tax_template") for row in each["doc"]["items"])
    ]
    assert len(found) >= count
    return found[:count]


def state(rig: Rig, record: scene.Record) -> tuple[str, str]:
    row = scene.step(rig, record["name"])
    return row["state"], row["reason_code"] or ""


@pytest.mark.case("14")
def test_a_rate_that_was_raised_holds_its_documents_before_they_are_sent(rig: Rig) -> None:
    first, second, third = taxed(rig, 3)
    before = reads(rig)
    rig.play([first])
    scene.settle(rig)
    assert reads(rig) == before
    rig.xero.person("edit_tax_rate", TaxType=GST_OUT, EffectiveRate=17.5)
    rig.advance(HOUR)
    rig.play([second, third])
    scene.settle(rig)
    assert reads(rig) == before + 1 and len(scene.live(rig)) == 1
    row = scene.step(rig, second["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "tax-rate-changed") == state(rig, third)
    assert GST_OUT in row["reason"] and "17.5 %" in row["reason"] and "15 %" in row["reason"] and "GST - TF @ 15" in row["reason"]
    rig.xero.person("edit_tax_rate", TaxType=GST_OUT, EffectiveRate=15)
    retry(rig, second)
    scene.settle(rig)
    # The lists that are read for the one let everything go that waited for this rate.
    assert state(rig, second) == state(rig, third) == ("Synced", "") and len(scene.live(rig)) == 3
    assert reads(rig) == before + 2


@pytest.mark.case("14")
def test_the_first_answer_with_another_tax_stops_what_is_unsent(rig: Rig) -> None:
    first, second, third = taxed(rig, 3)
    rig.xero.person("edit_tax_rate", TaxType=GST_OUT, EffectiveRate=17.5)
    rig.play([first])
    rig.dispatch()
    assert state(rig, first) == ("Needs Attention", "tax-in-xero-differs")
    assert "While nothing is paid" in scene.step(rig, first["name"])["cure"]
    rig.play([second, third])
    scene.settle(rig)
    # The rate that was read then says more than the stop.
    assert state(rig, second) == state(rig, third) == ("Needs Attention", "tax-rate-changed")
    assert len(scene.live(rig)) == 1


@pytest.mark.case("14")
def test_an_own_rate_of_several_parts_is_watched_too() -> None:
    with standing("US", limits=False) as rig:
        found = [each for each in scene.plain(rig, "Sales Invoice", 200) if _rates(each) == [("County Tax", 1.375), ("State Tax", 6.25)]]
        rig.play(found[:1])
        scene.settle(rig)
        assert state(rig, found[0]) == ("Synced", "")
        rig.xero.person("edit_tax_rate", TaxType="TAX103", EffectiveRate=9.25)
        rig.play(found[1:3])
        rig.dispatch()
        # Nobody had read the rate since: the first request tells, and what comes later is held by the rate as it is now.
        rig.play(found[3:6])
        scene.settle(rig)
        states = [state(rig, each) for each in found[:6]]
        assert states[3:] == [("Needs Attention", "tax-rate-changed")] * 3
        assert len(scene.live(rig)) == 3


def _rates(record: scene.Record) -> list[tuple[str, float]]:
    return sorted((row["account_head"].rsplit(" - ", 1)[0], row["rate"]) for row in record["doc"].get("taxes") or [])


@pytest.mark.case("14")
def test_a_difference_that_no_rate_explains_stops_the_type_until_it_is_put_right(rig: Rig) -> None:
    first, second = taxed(rig, 2)
    rig.xero.fault("echo", method="PUT", path="/Invoices$", field="TotalTax", operation="changed")
    rig.play([first])
    rig.dispatch()
    assert state(rig, first) == ("Needs Attention", "tax-in-xero-differs")
    rig.play([second])
    scene.settle(rig)
    row = scene.step(rig, second["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "tax-type-stopped")
    assert GST_OUT in row["reason"] and first["name"] in row["reason"]
    told = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection State", rig.connection, "told"))
    assert "tax-type-stopped" in told and first["name"] in told
    # Looked at again while Xero still shows that: it stays so.
    rig.xero.fault("echo", method="GET", path="/Invoices", field="TotalTax", operation="changed")
    retry(rig, first)
    rig.dispatch()
    assert state(rig, first) == ("Needs Attention", "tax-in-xero-differs")
    # Nothing is wrong with it in Xero after all: Retry finds that, and what waited can go.
    retry(rig, first)
    scene.settle(rig)
    again(rig, row["name"])
    scene.settle(rig)
    assert state(rig, first) == state(rig, second) == ("Synced", "") and len(scene.live(rig)) == 2
    told = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection State", rig.connection, "told"))
    assert "tax-type-stopped" not in (told or "")


@pytest.mark.case("14")
def test_a_difference_that_is_over_in_xero_is_noticed_when_it_is_read(rig: Rig) -> None:
    (first,) = taxed(rig, 1)
    rig.xero.fault("echo", method="PUT", path="/Invoices$", field="TotalTax", operation="changed")
    rig.play([first])
    begin(rig)
    assert state(rig, first) == ("Needs Attention", "tax-in-xero-differs")
    rig.xero.person("edit_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], Reference="as agreed")
    read(rig)
    assert state(rig, first) == ("Synced", "") and len(scene.live(rig)) == 1


@pytest.mark.case("14")
@pytest.mark.parametrize("how", ["resume", "go live"])
def test_rates_are_read_before_the_first_send_after_a_pause(rig: Rig, how: str) -> None:
    from picortex_xero.connection import connecting, going_live
    from picortex_xero.engine import limits

    (record,) = taxed(rig, 1)
    before = reads(rig)
    scene.with_site(rig, lambda frappe: limits.pause(rig.connection, _text("Somebody looks into it")))
    rig.xero.person("edit_tax_rate", TaxType=GST_OUT, EffectiveRate=17.5)
    go_on = (lambda: connecting.resume(rig.connection)) if how == "resume" else (lambda: going_live.go_live(rig.connection, "2020-01-01"))
    scene.with_site(rig, lambda frappe: go_on())
    rig.play([record])
    scene.settle(rig)
    assert reads(rig) == before + 1 and state(rig, record) == ("Needs Attention", "tax-rate-changed") and not scene.live(rig)


def _text(said: str) -> Any:
    from picortex_xero.accounting.texts import plain

    return plain(said)


@pytest.mark.case("14")
def test_lists_that_xero_does_not_show_stop_nothing_and_are_told(rig: Rig) -> None:
    first, second = taxed(rig, 2)
    rig.advance(HOUR)
    rig.xero.fault("error_before", method="GET", path="/TaxRates", status=500, times=9)
    rig.play([first])
    scene.settle(rig)
    assert state(rig, first) == ("Synced", "")
    told = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection State", rig.connection, "told"))
    assert "lists-unreadable" in told
    rig.xero.control("DELETE", "faults")
    rig.play([second])
    scene.settle(rig)
    told = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection State", rig.connection, "told"))
    assert state(rig, second) == ("Synced", "") and "lists-unreadable" not in (told or "")


@pytest.mark.case("14")
def test_payments_alone_read_no_lists(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    before = reads(rig)
    rig.advance(HOUR)
    rig.play([receipt])
    scene.settle(rig)
    assert scene.step(rig, receipt["name"])["state"] == "Synced" and reads(rig) == before


@pytest.mark.case("05")
@pytest.mark.parametrize("how", ["recode_account", "archive_account", "delete_account"])
def test_an_account_that_changed_in_xero_is_known_before_documents_go(rig: Rig, how: str) -> None:
    record = next(each for each in scene.invoices(rig, 60) if {row["income_account"] for row in each["doc"]["items"]} == {"Sales - TF"})
    rig.xero.person(how, Code="200", **({"NewCode": "201"} if how == "recode_account" else {}))
    rig.advance(HOUR)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    if how == "recode_account":
        assert (row["state"], row["reason_code"]) == ("Synced", "")
        code = scene.with_site(
            rig, lambda frappe: frappe.db.get_value("Xero Account Mapping", {"account": "Sales - TF"}, "xero_account_code")
        )
        assert code == "201"
        return
    code = "account-archived" if how == "archive_account" else "account-gone"
    assert (row["state"], row["reason_code"]) == ("Needs Attention", code) and "200" in row["reason"] and "Sales - TF" in row["cure"]
    assert not scene.writes(rig, "Invoices")
    if how == "archive_account":
        rig.xero.person("edit_account", Code="200", Status="ACTIVE")
    else:
        rig.xero.person("add_account", Code="200", Name="Sales again", Type="REVENUE", Class="REVENUE", TaxType=GST_OUT)
    retry(rig, record)
    scene.settle(rig)
    assert state(rig, record) == ("Synced", "")


@pytest.mark.case("05")
@pytest.mark.parametrize(
    "edit", [{"Option": "North", "NewName": "Far North"}, {"NewName": "Region"}, {"Option": "North", "Status": "ARCHIVED"}]
)
def test_a_tracking_option_that_changed_in_xero_is_known_before_documents_go(rig: Rig, edit: dict[str, str]) -> None:
    (record,) = scene.invoices(rig)
    for row in record["doc"]["items"]:
        row["cost_center"] = "North - TF"
    rig.xero.person("edit_tracking", Name="Branch", **edit)
    rig.advance(HOUR)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    if "Status" not in edit:
        tags = [line["Tracking"] for line in scene.live(rig)[0]["lines"] if float(line["LineAmount"])]
        named = (edit.get("Option") and "Branch" or "Region", edit.get("Option") and "Far North" or "North")
        assert (row["state"], row["reason_code"]) == ("Synced", "") and all((tag["Name"], tag["Option"]) == named for (tag,) in tags)
        return
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "tracking-gone")
    assert "North" in row["reason"] and "North - TF" in row["cure"] and not scene.writes(rig, "Invoices")
    rig.xero.person("edit_tracking", Name="Branch", Option="North", Status="ACTIVE")
    retry(rig, record)
    scene.settle(rig)
    assert state(rig, record) == ("Synced", "")


@pytest.mark.case("05")
@pytest.mark.parametrize("dropped", ["tracking", "account"])
def test_a_draft_that_loses_what_is_gone_from_xero_is_told(rig: Rig, dropped: str) -> None:
    choose(rig, target_status="DRAFT")
    (record,) = scene.invoices(rig)
    for row in record["doc"]["items"]:
        row["cost_center"] = "North - TF"
    rig.xero.settings(drafts_drop=["tracking", "account"])
    if dropped == "tracking":
        rig.xero.person("edit_tracking", Name="Branch", Option="North", Status="ARCHIVED")
    else:
        for code in ("200", "260"):
            rig.xero.person("archive_account", Code=code)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "draft-lines-differ")


@pytest.mark.case("04")
def test_a_cost_centre_without_tracking_waits_or_goes_and_says_so(rig: Rig) -> None:
    first, second = scene.of_different_customers(rig, 2)
    for record in (first, second):
        for row in record["doc"]["items"]:
            row["cost_center"] = "New Branch - TF"
    choose(rig, missing_tracking="Hold")
    rig.play([first])
    scene.settle(rig)
    row = scene.step(rig, first["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "tracking-unmapped") and "New Branch - TF" in row["reason"]
    assert not scene.live(rig)
    choose(rig, missing_tracking="Send Without")
    retry(rig, first)
    rig.play([second])
    scene.settle(rig)
    for record in (first, second):
        assert state(rig, record) == ("Synced", "")
        with rig.frappe() as frappe:
            said = frappe.get_all("Xero Sync Log", filters={"reference_name": record["name"], "event": "Warning"}, pluck="message")
        assert len(said) == 1 and "New Branch - TF" in said[0]
    assert not any(line["Tracking"] for each in scene.live(rig) for line in each["lines"])


@pytest.mark.case("04")
def test_a_new_connection_holds_and_one_of_before_goes_on() -> None:
    with standing("NZ", limits=False, missing_tracking="Hold") as rig:
        from picortex_xero.patches.v0_2 import keep_untracked

        with rig.frappe() as frappe:
            assert frappe.get_meta("Xero Connection").get_field("missing_tracking").default == "Hold"
        scene.with_site(rig, lambda frappe: keep_untracked.execute())
        chosen = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "missing_tracking"))
        assert chosen == "Send Without"


@pytest.mark.case("04")
def test_journals_and_fees_with_a_cost_centre_without_tracking_wait_too(rig: Rig) -> None:
    entry = scene.journal(rig, ("Office Rent", 50.0), ("Travel Expenses", -50.0))
    spent = scene.journal(rig, ("Office Rent", 90.0), ("Trading Account", -90.0), name="JV-9", pay_to_recd_from="The landlord")
    for record in (entry, spent):
        record["doc"]["accounts"][0]["cost_center"] = "New Branch - TF"
    paid = deductions.short(rig, 5.0, deductions.FEE)
    paid[-1]["doc"]["deductions"][0]["cost_center"] = "New Branch - TF"
    choose(rig, missing_tracking="Hold")
    rig.play([entry, spent, *paid])
    scene.settle(rig)
    for name, role in (("JV-1", "journal"), ("JV-9", "journal"), (paid[-1]["name"], "payment")):
        row = scene.step(rig, name, role)
        assert (row["state"], row["reason_code"]) == ("Needs Attention", "tracking-unmapped") and "New Branch - TF" in row["reason"], name
    # Nothing of a payment goes while its fee could not.
    assert not any(scene.live(rig, resource) for resource in ("ManualJournals", "BankTransactions", "Payments", "BatchPayments"))
