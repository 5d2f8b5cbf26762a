"""The checker itself: it must find planted faults, or its silence means nothing."""
from __future__ import annotations

import copy

import pytest

from tests.sandbox_xero import exchange_check
from tests.scene.xero_client import Client

pytestmark = pytest.mark.skipif(not exchange_check.available(), reason="../shared/xero-openapi is not there")


@pytest.fixture
def record(api: Client) -> dict:
    api.made("Invoices", api.invoice(api.contact(), "A-1"))
    return api.xero.calls(path="/Invoices")[0]


def test_a_good_exchange_passes(record: dict) -> None:
    assert exchange_check.complaints(record) == []


def _planted(record: dict, side: str, change) -> list[str]:
    wrong = copy.deepcopy(record)
    change(wrong[side]["Invoices"][0])
    return exchange_check.complaints(wrong)


@pytest.mark.parametrize("side", ["request", "response"])
@pytest.mark.parametrize("name, change", [
    ("enum", lambda invoice: invoice.update(Status="APPROVED")),
    ("type", lambda invoice: invoice["LineItems"][0].update(UnitAmount="12.50")),
    ("unknown field", lambda invoice: invoice.update(InvoiceNo="A-1")),
    ("unknown nested field", lambda invoice: invoice["LineItems"][0].update(Account="200")),
    ("unknown contact field", lambda invoice: invoice["Contact"].update(Nmae="x")),
    ("null", lambda invoice: invoice.update(DueDate=None))])
def test_planted_faults_are_found(record: dict, side: str, name: str, change) -> None:
    assert _planted(record, side, change), f"{name} in the {side} was not noticed"


def test_unknown_query_and_path_are_found(record: dict) -> None:
    assert exchange_check.complaints({**record, "query": {"summariseErrors": "false"}})
    assert exchange_check.complaints({**record, "path": "/api.xro/2.0/Invoice"})


def test_wrong_method_is_found(record: dict) -> None:
    assert exchange_check.complaints({**record, "method": "DELETE"})


def test_allowed_fields_carry_reasons() -> None:
    for side in ("answers", "requests", "headers", "messages"):
        assert all(len(reason) > 5 for reason in exchange_check._ALLOWED[side].values())


@pytest.mark.parametrize("part, right, wrong", [
    ("query", {"unitdp": "4"}, {"unitdp": "four"}),
    ("headers", {"if-modified-since": "2026-01-01T00:00:00"}, {"if-modified-since": "yesterday"})])
def test_a_wrong_parameter_is_found_where_one_of_its_form_was_right_before(record: dict, part: str, right: dict, wrong: dict) -> None:
    read = {**record, "method": "GET", "request": None, "query": {}}
    assert exchange_check.complaints({**read, part: {**read[part], **right}}) == []
    assert exchange_check.complaints({**read, part: {**read[part], **wrong}})
