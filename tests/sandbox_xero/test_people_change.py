"""Whatever a person does in Xero is seen by If-Modified-Since; a list without changes, and the Date of answers."""
from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from tests.scene.xero_client import Client

pytestmark = pytest.mark.case("19")
AWHILE, LATER = 900, "2099-01-01T00:00:00"
ACTIONS: dict[str, dict[str, Any]] = {
    "approve_invoice": {}, "void_invoice": {}, "delete_invoice": {}, "pay_invoice": {"Date": "2026-10-05"},
    "edit_invoice": {"Reference": "another"}}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_of_a_person_is_a_change(api: Client, move: Callable[[float], Any], action: str) -> None:
    status = "DRAFT" if action in ("approve_invoice", "delete_invoice") else "AUTHORISED"
    made = api.made("Invoices", api.invoice(api.contact(), "A-1", Date="2026-10-01", Status=status))
    move(AWHILE)
    since = parsedate_to_datetime(api.get("Organisation").headers["date"]).strftime("%Y-%m-%dT%H:%M:%S")
    assert api.get("Invoices?page=1", **{"If-Modified-Since": since}).json()["Invoices"] == []
    api.xero.person(action, InvoiceID=made["InvoiceID"], **ACTIONS[action])
    found = api.get("Invoices?page=1", **{"If-Modified-Since": since}).json()["Invoices"]
    assert [each["InvoiceID"] for each in found] == [made["InvoiceID"]]


@pytest.mark.parametrize("on", [False, True])
def test_a_list_without_changes(api: Client, on: bool) -> None:
    api.made("Invoices", api.invoice(api.contact(), "A-1", Date="2026-10-01"))
    api.xero.settings(not_modified=on)
    answer = api.get("Invoices?page=1", **{"If-Modified-Since": LATER})
    assert answer.status_code == (304 if on else 200) and (on or answer.json()["Invoices"] == [])
    assert api.get("Invoices?page=1").status_code == 200, "only where something was asked since a time"


def test_answers_bear_the_time_of_the_simulator(api: Client, move: Callable[[float], Any]) -> None:
    before = parsedate_to_datetime(api.get("Organisation").headers["date"])
    move(AWHILE)
    answer = api.get("Organisation")
    assert len(answer.headers.get_list("date")) == 1
    assert AWHILE - 5 <= (parsedate_to_datetime(answer.headers["date"]) - before).total_seconds() <= AWHILE + 60
