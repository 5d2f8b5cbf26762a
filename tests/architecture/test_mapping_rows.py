"""What the mapping page decides by itself (public/js/xero_mapping_rows.js), run in node: filters, drop-downs, and what is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architecture.mapping_script import NODE, answers
from tests.architecture.source import APP

pytestmark = pytest.mark.skipif(NODE is None, reason="no node on this machine")


def row(label: str, band: str = "", **more: Any) -> dict[str, Any]:
    suggestion = {"values": {"tax_type": label}, "shown": f"{label} in Xero", "confidence": "0.50", "band": band} if band else None
    return {"label": label, "shown": "", "open": False, "changed": [], "suggestion": suggestion, **more}


ROWS = [
    row("Sales", "High", open=True),
    row("Rent", "Medium", open=True),
    row("Rent of cars", open=True),
    row("Bank fees", shown="404 Bank Fees", changed=["archived"]),
    row("Never used", "Low"),
]
FILTERS = ("open", "suggested", "changed", "all")


def test_the_number_of_every_filter_is_that_of_its_rows_whatever_is_searched_for() -> None:
    for words in ("", "rent", "xero rent", "nothing of this"):
        counted, *listed = answers(["counts", ROWS, words], *(["shown", ROWS, each, words] for each in FILTERS))
        assert counted == {each: len(rows) for each, rows in zip(FILTERS, listed)}
        assert all(each["suggestion"] for each in listed[1])
    assert answers(["counts", ROWS, ""]) == [{"open": 3, "suggested": 2, "changed": 1, "all": 5}], "what no document uses waits for nobody"


def test_enter_takes_nothing_but_what_is_certain() -> None:
    choices = [{"id": each, "values": {"tax_type": each}} for each in ("IMPORTS", "ZERO", "NONE")]
    high, medium, none = (row("ZERO", "High"), row("ZERO", "Medium"), row("ZERO"))
    first, likely, plain = answers(*(["offered", each, choices] for each in (high, medium, none)))
    assert [each["id"] for each in first] == [each["id"] for each in likely] == ["ZERO", "IMPORTS", "NONE"]
    assert first[0]["confidence"] == "0.50" and plain == choices
    assert answers(
        ["taken", high, "", first],
        ["taken", medium, "", likely],
        ["taken", none, "", plain],
        ["taken", high, "o", first],
        ["taken", none, "imp", plain[:1]],
        ["taken", none, "", plain[:1]],
        ["taken", none, "xyz", []],
    ) == [0, -1, -1, -1, 0, -1, -1]


def test_what_is_not_certain_is_asked_about_before_it_is_accepted_with_others() -> None:
    (asked,) = answers(["unsure", ROWS])
    assert [each["label"] for each in asked] == ["Rent", "Never used"]


def test_a_dialog_about_several_rows_begins_with_what_they_agree_on_and_none_of_the_kinds_is_left_out() -> None:
    fee, other = ({"values": {"treatment": "Fee", "tax_type": tax, "contact_name": "Cards Ltd"}} for tax in ("INPUT2", "NONE"))
    otherwise = {"treatment": "Hold"}
    assert answers(["common", [fee], otherwise], ["common", [fee, other, {"values": None}], otherwise], ["common", [], otherwise]) == [
        fee["values"],
        {"treatment": "Fee", "contact_name": "Cards Ltd"},
        otherwise,
    ]
    page = (APP / "public/js/xero_mapping_table.js").read_text("utf-8")
    (line,) = [each for each in page.splitlines() if "Set all to ..." in each and "bar.append" in each]
    assert line.strip().startswith("bar.append("), "Set all to ... is offered on every tab"
