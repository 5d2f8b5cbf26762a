"""Each cure's button ends where it can be carried out: the screen exists, the field is on it, and its script reads what it is to show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from picortex_xero.accounting import causes
from picortex_xero.accounting.causes import Cause
from picortex_xero.attention import cure_buttons
from picortex_xero.attention.cure_buttons import Button
from picortex_xero.connection import buttons as buttons_table
from tests.architecture.mapping_script import NODE, answers
from tests.architecture.source import APP

# Kinds of causes without a button to a screen: a person follows the instructions, or lets money go.
SAID = (causes.RECIPE, causes.PARTY, causes.DOCUMENT)
KEYS = {
    causes.TAX: "Sales | GST - KS @ 15",
    causes.PARTY: "Customer | Ada",
    causes.DOCUMENT: "Sales Invoice | SI-1",
    causes.IN_XERO: "Customer | Ada",
    causes.SETTING: "rounding_account",
}
SETTING = re.compile(r"\bsetting\(\"(\w+)\"")


def each_cause() -> Iterator[Cause]:
    """Every kind of cause, with a key and without; and every setting that a problem of the app names."""
    for kind in causes.EVERY:
        yield Cause(kind)
        yield Cause(kind, KEYS.get(kind, "200"))
    named = {name for path in APP.rglob("*.py") for name in SETTING.findall(path.read_text("utf-8"))}
    assert len(named) > 5
    yield from (Cause(causes.SETTING, name) for name in sorted(named))


def lost(found: Button, app: Path = APP) -> list[str]:
    """Why a button does not arrive; [] where it does."""
    if not found.route:
        return [f"{found.says} has options and no screen"] if found.options else []
    page, named = found.route[0], app / "picortex_xero"
    if page == "Form":
        doctype = found.route[1]
        if not doctype.startswith("Xero "):
            return []  # a document of the host
        path = named / "doctype" / doctype.lower().replace(" ", "_")
        if not path.is_dir():
            return [f"there is no {doctype}"]
        fields = {each["fieldname"] for each in json.loads((path / f"{path.name}.json").read_text("utf-8"))["fields"]}
        wanted = found.options.get("scroll_to", {}).get("fieldname")
        # A form reads and forgets this one by itself.
        return [f"{doctype} has no {wanted}"] if wanted and wanted not in fields else []
    script = named / "page" / page.replace("-", "_") / f"{page.replace('-', '_')}.js"
    if not script.exists():
        return [f"there is no page {page}"]
    source = script.read_text("utf-8")
    bad = [
        f"{page} does not read {name}"
        for name in found.options
        if not re.search(rf"\b{name}\b.*frappe\.route_options|frappe\.route_options.*\b{name}\b", source)
    ]
    if found.options and "frappe.route_options = null;" not in source:
        bad.append(f"{page} leaves its options to the next list")
    tabs = re.search(r"const KINDS = (\[.*?\]);", source)
    bad += [f"{page} has no tab {each}" for each in found.route[2:] if not tabs or each not in json.loads(tabs[1])]
    return bad


def test_every_cure_arrives() -> None:
    for cause in each_cause():
        found = cure_buttons.button(cause, "XC-1", names=["an-id"])
        assert lost(found) == [], cause
        if cause.key and cause.kind not in (*SAID, causes.MONEY, causes.FILED, causes.CONVERSION, causes.CODED):
            assert found.act != cure_buttons.SAY and (found.route or found.act == cure_buttons.REFRESH), cause
    assert ("xero-to-fix", "Refresh From Xero") in buttons_table.BUTTONS


@pytest.mark.parametrize(
    "route, options",
    [
        (("xero-nowhere", "XC-1"), {}),
        (("xero-mapping", "XC-1", "accounts"), {"another_row": "200"}),
        (("xero-mapping", "XC-1", "nothing"), {}),
        (("xero-to-fix", "XC-1"), {"xero_row": {}}),
        (("Form", "Xero Connection", "XC-1"), {"scroll_to": {"fieldname": "no_such_field"}}),
        (("Form", "Xero Nothing", "XC-1"), {}),
    ],
)
def test_one_that_is_lost_is_seen(route: tuple[str, ...], options: dict[str, str]) -> None:
    says = cure_buttons.button(Cause(causes.LISTS), "XC-1").says
    assert lost(Button(says, cure_buttons.MAP, route, options))


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_the_page_finds_the_row_of_the_cause_whatever_filter_was_on() -> None:
    def row(*key: str, **more: object) -> dict[str, object]:
        return {"key": list(key), "values": None, "open": False, "changed": [], "suggestion": None, **more}

    accounts = [row("Sales", values={"xero_account_code": "200"}), row("Rent", open=True), row("Old", values={"xero_account_code": "999"})]
    taxes = [row("Sales", "GST @ 15", "", ""), row("Sales", "GST @ 15", "Template", ""), row("Purchases", "GST @ 15", "", "")]
    banks = [row("Bank", values={"xero_account_id": "an-id"})]

    def options(cause: Cause) -> object:
        return cure_buttons.button(cause, "XC-1", names=["200", "an-id"]).options["xero_row"]

    gone, tax, rent = Cause(causes.XERO_ACCOUNT, "200"), causes.tax("Sales", "GST @ 15"), causes.account("Rent")
    assert answers(
        ["wanted", accounts, options(gone)],
        ["wanted", banks, options(gone)],
        ["wanted", taxes, options(tax)],
        ["wanted", accounts, options(rent)],
        ["wanted", accounts, options(causes.account("Gone"))],
        [
            "wanted",
            [*accounts, row("New", changed=["archived"])],
            cure_buttons.button(Cause(causes.XERO_ACCOUNT), "XC-1").options["xero_row"],
        ],
        ["filter_for", accounts[:1], "open"],
        ["filter_for", accounts[1:2], "open"],
        ["filter_for", accounts[1:2], ""],
    ) == [accounts[:1], banks, taxes[:2], accounts[1:2], [], [row("New", changed=["archived"])], "all", "open", "all"]
