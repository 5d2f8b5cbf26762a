"""PUT Accounts and PUT TrackingCategories/{id}/Options: one at a time, unique names and codes, the scope that writes."""
from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.scene.xero_client import Client

ACCOUNT = {"Code": "4455", "Name": "Oyster Farming", "Type": "EXPENSE", "TaxType": "INPUT2"}


def put(api: Client, path: str, element: dict[str, Any]) -> httpx.Response:
    return api.http.put(f"/{path}", json=element)


def test_an_account_is_made_once_with_the_class_of_its_type(api: Client) -> None:
    made = put(api, "Accounts", ACCOUNT)
    assert made.status_code == 200, made.text
    (account,) = made.json()["Accounts"]
    assert (account["Class"], account["Status"], account["Code"]) == ("EXPENSE", "ACTIVE", "4455")
    assert account["AccountID"] in {each["AccountID"] for each in api.get("Accounts").json()["Accounts"]}
    for again, said in (({**ACCOUNT, "Code": "4456"}, "unique Name"), ({**ACCOUNT, "Name": "Else"}, "unique Code")):
        refused = put(api, "Accounts", again)
        assert refused.status_code == 400 and said in refused.text


@pytest.mark.wrong_requests
def test_wrong_accounts_are_refused(api: Client) -> None:
    for wrong in ({**ACCOUNT, "Type": "NONSENSE"}, {**ACCOUNT, "Code": "1" * 11}, {**ACCOUNT, "TaxType": "NEVER"}, {**ACCOUNT, "Name": ""}):
        assert put(api, "Accounts", wrong).status_code == 400
    assert not [each for each in api.get("Accounts").json()["Accounts"] if each.get("Code") == "4455"]


def test_an_option_is_made_once_and_never_the_hundred_and_first(api: Client) -> None:
    category = api.xero.person("add_tracking", Name="Region", Options=[f"Option {n}" for n in range(99)])["TrackingCategoryID"]
    made = put(api, f"TrackingCategories/{category}/Options", {"Name": "North"})
    assert made.status_code == 200 and made.json()["Options"][0]["Name"] == "North"
    assert "at most 100" in put(api, f"TrackingCategories/{category}/Options", {"Name": "South"}).text
    assert put(api, f"TrackingCategories/{category}/Options", {"Name": "north"}).status_code == 400
