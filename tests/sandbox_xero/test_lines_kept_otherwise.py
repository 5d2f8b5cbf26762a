"""What changes under documents in Xero, and lines that are stored otherwise than they were sent."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.xero.process import ControlError
from tests.scene.xero_client import Client

pytestmark = pytest.mark.case("05")


def lines(api: Client, **fault: Any) -> list[dict[str, Any]]:
    """The lines of a draft of two, as Xero answers them and as GET shows them."""
    if fault:
        api.xero.fault("keep", method="PUT", path="/Invoices$", **fault)
    body = api.invoice(api.contact(), "K-1", api.line(10, Description="First"), api.line(20, Description="Second"), Status="DRAFT")
    made = api.made("Invoices", body)
    shown: list[dict[str, Any]] = api.get(f"Invoices/{made['InvoiceID']}").json()["Invoices"][0]["LineItems"]
    assert made["LineItems"] == shown and float(made["SubTotal"]) == 30
    return shown


def test_a_line_is_kept_otherwise_while_totals_stay(api: Client) -> None:
    first, second = lines(api, line=1, set={"AccountCode": "260", "TaxType": "NONE"})
    assert (first["AccountCode"], second["AccountCode"], second["TaxType"]) == ("200", "260", "NONE")


def test_a_line_loses_its_account_and_lines_are_turned_round(api: Client) -> None:
    first, second = lines(api, set={"AccountCode": None}, reverse=True)
    assert (first["Description"], second["Description"]) == ("Second", "First") and "AccountCode" not in second


def test_a_marker_binds_it_to_one_record(api: Client) -> None:
    assert lines(api, set={"AccountCode": "260"}, marker="K-9")[0]["AccountCode"] == "200"


def test_a_recoded_account_stays_the_same_account(api: Client) -> None:
    before = next(each for each in api.get("Accounts").json()["Accounts"] if each.get("Code") == "200")
    api.xero.person("recode_account", Code="200", NewCode="201")
    after = next(each for each in api.get("Accounts").json()["Accounts"] if each["AccountID"] == before["AccountID"])
    assert after["Code"] == "201"
    with pytest.raises(ControlError, match="is used"):
        api.xero.person("recode_account", Code="201", NewCode="260")


def test_only_an_unused_account_is_deleted(api: Client) -> None:
    lines(api)
    with pytest.raises(ControlError, match="the account is used"):
        api.xero.person("delete_account", Code="200")
    api.xero.person("delete_account", Code="260")
    assert not any(each.get("Code") == "260" for each in api.get("Accounts").json()["Accounts"])


@pytest.mark.parametrize("dropped", [False, True])
def test_what_is_gone_is_refused_or_dropped_from_drafts(api: Client, dropped: bool) -> None:
    api.xero.settings(drafts_drop=["account", "tracking"] if dropped else [])
    api.xero.person("archive_account", Code="260")
    api.xero.person("add_tracking", Name="Branch", Options=["North"])
    api.xero.person("edit_tracking", Name="Branch", Option="North", Status="ARCHIVED")
    line = api.line(AccountCode="260", Tracking=[{"Name": "Branch", "Option": "North"}])
    for status in ("DRAFT", "AUTHORISED"):
        answer = api.put("Invoices", api.invoice(api.contact(f"Somebody {status}"), f"D-{status}", line, Status=status)).json()["Invoices"][0]
        if dropped and status == "DRAFT":
            assert answer["StatusAttributeString"] == "WARNING" and "archived" in answer["Warnings"][0]["Message"]
            assert "AccountCode" not in answer["LineItems"][0] and answer["LineItems"][0]["Tracking"] == []
        else:
            assert answer["StatusAttributeString"] == "ERROR"


def test_a_renamed_option_keeps_its_id(api: Client) -> None:
    made = api.xero.person("add_tracking", Name="Branch", Options=["North"])
    api.xero.person("edit_tracking", Name="Branch", Option="North", NewName="Far North")
    (shown,) = api.get("TrackingCategories").json()["TrackingCategories"]
    assert (shown["Options"][0]["Name"], shown["Options"][0]["TrackingOptionID"]) == ("Far North", made["Options"][0]["TrackingOptionID"])
