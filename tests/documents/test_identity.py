"""How a document is told from every other (DocType, name, creation), and what number and address it has in Xero."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from picortex_xero.documents.identity import (
    Identity,
    amount_due,
    contact_number,
    document_url,
    identity,
    link_key,
    moment,
    remote_key,
    step_key,
)

WHO = Identity("Sales Invoice", "SINV-1", "2026-10-05 09:30:00.123456")


@pytest.mark.parametrize(
    ("creation", "text"),
    [
        ("2026-10-05 09:30:00.123456", "2026-10-05 09:30:00.123456"),
        (datetime(2026, 10, 5, 9, 30, 0, 123456), "2026-10-05 09:30:00.123456"),
        ("2026-10-05 09:30:00", "2026-10-05 09:30:00.000000"),
        (datetime(2026, 10, 5, 9, 30), "2026-10-05 09:30:00.000000"),
        ("2026-10-05 09:30:00.12", "2026-10-05 09:30:00.120000"),
        ("2026-10-05 09:30:00.123456789", "2026-10-05 09:30:00.123456"),
        (datetime(2026, 10, 5, 9, 30, 0, 120000), "2026-10-05 09:30:00.120000"),
    ],
)
def test_creation_reads_alike_from_a_new_and_from_a_loaded_document(creation: Any, text: str) -> None:
    assert moment(creation) == text


def test_a_name_used_again_is_another_document() -> None:
    doc = {"doctype": "Sales Invoice", "name": "SINV-1", "creation": datetime(2026, 10, 5, 9, 30, 0, 123456)}
    assert identity(doc) == WHO
    again = identity({**doc, "creation": "2026-10-06 08:00:00"})
    assert again != WHO and again.digest != WHO.digest


def test_digests_do_not_run_parts_together() -> None:
    assert Identity("A", "BC", "1").digest != Identity("AB", "C", "1").digest
    assert len(WHO.digest) == 40 and int(WHO.digest, 16)


def test_keys_tell_connection_role_generation_and_sequence_apart() -> None:
    other = Identity("Sales Invoice", "SINV-2", WHO.creation)
    keys = [
        step_key("C1", WHO, "invoice", 1),
        step_key("C2", WHO, "invoice", 1),
        step_key("C1", WHO, "void", 1),
        step_key("C1", WHO, "invoice", 2),
        step_key("C1", other, "invoice", 1),
        link_key("C1", WHO, "invoice", 1),
        link_key("C1", WHO, "invoice", 2),
        remote_key("C1", "Invoices", "x1"),
        remote_key("C1", "Payments", "x1"),
        remote_key("C1", "Contacts", "x1", WHO),
        remote_key("C1", "Contacts", "x1", other),
    ]
    assert len(set(keys)) == len(keys)
    assert step_key("C1", WHO, "invoice", 1) == keys[0]


def test_contact_number_fits_xero_and_belongs_to_one_instance() -> None:
    number = contact_number("k1", WHO)
    assert number.startswith("PC-") and len(number) == 43 <= 50
    assert contact_number("k2", WHO) != number


def test_url_is_absolute_quoted_and_carries_the_marker() -> None:
    who = Identity("Purchase Invoice", "PINV/26 äß", WHO.creation)
    url = document_url("https://erp.kauri.example/", "k1", who, 3)
    assert url == f"https://erp.kauri.example/app/purchase-invoice/PINV%2F26%20%C3%A4%C3%9F?sync=k1-{who.digest[:16]}-3"


@pytest.mark.parametrize(
    "site", ["https://xero.kauri.example", "https://erp.example/XERO", "erp.kauri.example", "ftp://erp.example", "https://", ""]
)
def test_no_url_where_xero_would_refuse_it(site: str) -> None:
    assert document_url(site, "k1", WHO, 1) == ""


def test_no_url_where_the_documents_name_has_the_word() -> None:
    assert document_url("https://erp.example", "k1", Identity("Sales Invoice", "Xero-1", WHO.creation), 1) == ""


@pytest.mark.parametrize(
    ("rounded", "grand", "due"),
    [(230.0, 229.99, "230.0"), (0.0, 229.99, "229.99"), (None, 229.99, "229.99"), (0.0, 0.0, "0.0"), (-5.0, -4.99, "-5.0")],
)
def test_what_is_due_is_the_rounded_total_where_there_is_one(rounded: Any, grand: float, due: str) -> None:
    assert str(amount_due({"rounded_total": rounded, "grand_total": grand})) == due
