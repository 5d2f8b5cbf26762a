"""HTML in what comes from Xero: no column that people read holds a tag, and no message draws one. The screens themselves are looked at in
Chromium by `make test-screens`."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.architecture.doctype_rules import doctypes
from tests.architecture.source import APP
from tests.scene import rig as scene

HTML = '<img src=x onerror=alert(1)> "><script>alert(2)</script> & Sons <svg onload=alert(3) '
DRAWN = {"Data", "Small Text", "Text", "Autocomplete", "Select"}


def columns() -> dict[str, list[str]]:
    """What the Desk draws as it is stored, of every DocType of the app."""
    return {
        name: [field["fieldname"] for field in doc["fields"] if field["fieldtype"] in DRAWN]
        for name, doc in doctypes(APP).items()
        if not doc.get("issingle")
    }


def tags(rig: Rig) -> list[tuple[str, str, str]]:
    """(DocType, column, text) of everything stored that could open a tag on some screen."""
    plain = importlib.import_module("picortex_xero.engine.screen_texts")

    def read(frappe: Any) -> list[tuple[str, str, str]]:
        return [
            (doctype, column, str(row[column]))
            for doctype, names in columns().items()
            for row in frappe.get_all(doctype, fields=names)
            for column in names
            if plain.OPENS_A_TAG.search(str(row[column] or ""))
        ]

    return list(scene.with_site(rig, read))


@pytest.mark.case("S4")
def test_nothing_that_people_read_is_stored_as_html(rig: Rig) -> None:
    rig.xero.person("edit_account", Code="200", Name=HTML)
    rig.xero.person("edit_tax_rate", TaxType="OUTPUT2", Name=HTML)
    rig.xero.fault("element_error", path="/Invoices", text=HTML)
    refused, sent = scene.of_different_customers(rig, 2)
    rig.play([refused])
    scene.settle(rig)
    rig.play([sent])
    scene.settle(rig)
    with rig.frappe() as frappe:
        api = importlib.import_module("picortex_xero.api.connect")
        status = importlib.import_module("picortex_xero.api.status")
        limits = importlib.import_module("picortex_xero.engine.limits")
        links = importlib.import_module("picortex_xero.engine.links")
        api.refresh(rig.connection)
        # As a form would be told: the text itself, for whoever draws it to escape.
        assert HTML.strip() in status.document_status("Sales Invoice", refused["name"])["reason"]
        link = frappe.get_all("Xero Link", filters={"reference_name": sent["name"]}, pluck="name")[0]
        links.seen(link, remote_status=HTML)
        assert status.document_status("Sales Invoice", sent["name"])["remote_status"] == HTML
        names = frappe.get_all("Xero Account Mapping", filters={"xero_account_code": "200"}, pluck="xero_account_name")
        assert names and all(name == HTML.replace("<", "&lt;") for name in names)
        limits.rest(rig.connection, 60, HTML)
        limits.pause(rig.connection, HTML)
        frappe.db.commit()
    assert not tags(rig)
    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Connection", rig.connection, "reason", HTML)
        frappe.db.commit()
    assert [found[:2] for found in tags(rig)] == [("Xero Connection", "reason")], "what is planted is seen"


@pytest.mark.case("S4")
@pytest.mark.parametrize("name", ["Smith & Sons", 'O\'Brien "Fences"', "5 < 6 > 4", "a -> b", "Caf\u00e9 & \u00d8re", "&amp; Sons"])
def test_ordinary_names_stay_as_they_are(name: str, rig: Rig) -> None:
    with rig.frappe():
        plain = importlib.import_module("picortex_xero.engine.screen_texts")
        assert plain.shown(plain.stored(name)) == name
        assert not plain.cannot_be_kept(name)
        assert plain.stored(name) == name.replace("<", "&lt;")


@pytest.mark.case("S4")
def test_a_choice_that_is_html_is_refused_in_words(rig: Rig) -> None:
    rig.xero.person("add_tracking", Name="Region", Options=["<b>North</b>"])
    with rig.frappe() as frappe:
        importlib.import_module("picortex_xero.api.connect").refresh(rig.connection)
        row = frappe.get_all("Xero Tracking Mapping", pluck="name")[0]
        doc = frappe.get_doc("Xero Tracking Mapping", row)
        doc.tracking_category, doc.tracking_option = "Region", "<b>North</b>"
        with pytest.raises(frappe.ValidationError, match="looks like HTML") as caught:
            doc.save()
    assert "<b>" not in str(caught.value) and "&lt;b&gt;North" in str(caught.value)


@pytest.mark.case("S4")
def test_what_the_pages_are_told_is_the_text_itself(rig: Rig) -> None:
    """Each page escapes what it draws, once: an entity that the server left in would be read as it is stored."""
    rig.xero.person("edit_account", Code="200", Name=HTML)
    rig.xero.fault("element_error", path="/Invoices", text=HTML)
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    scene.settle(rig)

    def asked(frappe: Any) -> dict[str, str]:
        importlib.import_module("picortex_xero.api.connect").refresh(rig.connection)
        stored = importlib.import_module("picortex_xero.engine.screen_texts").stored(HTML)
        frappe.db.set_value("Xero Connection", rig.connection, {"organisation_name": stored, "state": "Setting Up"})
        frappe.db.set_value("Customer", sale["doc"]["customer"], "customer_name", HTML)
        preview = importlib.import_module("picortex_xero.api.preview").start(rig.connection, "A Document", **document)
        frappe.db.commit()
        importlib.import_module("picortex_xero.engine.jobs").go_on("Xero Preview Run", preview)
        connection = {"connection": rig.connection}
        pages: list[tuple[str, str, dict[str, Any]]] = [
            ("home", "companies", {}), ("home", "by_reason", {}), ("to_fix", "causes", {}), ("connect", "setup", connection),
            ("connect", "before_going_live", connection), ("connect", "checks_before_connecting", {}), ("status", "overview", {}),
            *(("mapping", "show", {**connection, "mapping": kind}) for kind in ("accounts", "taxes", "banks", "tracking", "fees", "defaults")),
            ("contacts", "rows", connection), ("contacts", "state", connection), ("trying", "shown", connection), ("why", "lines", document),
            ("why", "before_cancel", document), ("preview", "head", {"preview": preview}), ("preview", "table", {"preview": preview}),
            ("preview", "document", {**connection, **document}), ("status", "document_status", document),
            ("creating", "proposed_account", {**connection, "account": f"Sales - {rig.company['abbr']}"}),
        ]  # fmt: skip
        return {
            f"{module}.{function} {given.get('mapping', '')}": json.dumps(
                getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)(**given), default=str
            )
            for module, function, given in pages
        }

    document = {"doctype": sale["doctype"], "name": sale["name"]}
    told = scene.with_site(rig, asked)
    # The chart of the Desk draws its labels as HTML: those alone come escaped.
    assert [name for name, text in told.items() if "&lt;" in text and not name.startswith("home.by_reason")] == []
    assert sum("onerror=alert" in text for text in told.values()) > 8, "what is planted is seen"


@pytest.mark.case("S4")
def test_messages_hold_no_tag_of_others(rig: Rig) -> None:
    rig.xero.person("edit_account", Code="200", Name=HTML)
    with rig.frappe() as frappe:
        importlib.import_module("picortex_xero.api.connect").refresh(rig.connection)
        doc = frappe.get_doc({"doctype": "Xero Payment Mapping", "connection": rig.connection, "xero_account_id": "200"})
        doc.account = frappe.get_all("Account", filters={"is_group": 0}, pluck="name")[0]
        with pytest.raises(frappe.ValidationError) as caught:
            doc.insert()
    assert "&lt;img" in str(caught.value) and "<" not in str(caught.value) and "&amp; Sons" in str(caught.value)
