"""The independent reading of ERPNext's rounding, held against what a real ERPNext computed.

Two sources: random invoices of the generator, made on a bench under each rounding method, and the invoices
of the recorded companies, retold from what was typed. Every figure must be equal, to the cent.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.erp import RECORDED, generator, recordings
from sandbox.erp.typed import Charge, Invoice, Line, from_json, to_json
from tests.property.erpnext_rounding import Site, calculate

RANDOM = RECORDED / "random-invoices.json.gz"
COMPANIES = sorted(RECORDED.glob("company-*.json.gz"))
HEADER = [
    "total", "net_total", "total_taxes_and_charges", "grand_total", "rounding_adjustment", "rounded_total",
    "discount_amount", "base_total", "base_net_total", "base_total_taxes_and_charges", "base_grand_total",
    "base_rounding_adjustment", "base_rounded_total", "base_discount_amount",
]  # fmt: skip
needs_random = pytest.mark.skipif(not RANDOM.exists(), reason=f"{RANDOM.name} is not there")
needs_companies = pytest.mark.skipif(not COMPANIES, reason="no recorded companies are there")


def differences(host: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Every figure of `ours` that is not the host's, named. Amounts compare as decimals of six places."""

    def same(left: float, right: float) -> bool:
        return round(Decimal(repr(left)), 6) == round(Decimal(repr(right)), 6)

    found = [f"{name}: host {host[name]} ours {ours[name]}" for name in HEADER if not same(host[name], ours[name])]
    for table in ("items", "taxes"):
        assert len(host[table]) == len(ours[table])
        for number, (theirs, mine) in enumerate(zip(host[table], ours[table]), start=1):
            found += [
                f"{table} {number} {name}: host {theirs[name]} ours {value}"
                for name, value in mine.items()
                if not same(theirs[name], value)
            ]
    return found


def random_records() -> tuple[Any, list[Any]]:
    with gzip.open(RANDOM, "rt", encoding="utf-8") as stream:
        recording = json.load(stream)
    return recording["settings"]["smallest_currency_fraction"], recording["records"]


@needs_random
def test_random_invoices_are_the_generators_and_enough():
    _smallest, records = random_records()
    assert len(records) >= 400
    assert {record["rounding_method"] for record in records} >= {"Banker's Rounding", "Commercial Rounding"}
    assert {record["input"]["country"] for record in records} == set(generator.COUNTRIES)
    for record in records:
        assert record["input"] == to_json(generator.invoice(record["seed"]))


@needs_random
def test_random_invoices_as_erpnext_computed_them():
    smallest, records = random_records()
    wrong = {}
    for record in records:
        ours = calculate(from_json(record["input"]), Site(record["rounding_method"], smallest))
        if found := differences(record["result"], ours):
            wrong[record["seed"]] = found
    assert not wrong, f"{len(wrong)} of {len(records)}: {dict(list(wrong.items())[:5])}"


def retold(record: dict[str, Any], company: dict[str, Any], settings: dict[str, Any]) -> Invoice:
    """What was typed into a recorded invoice, in the vocabulary of the property tests."""
    typed = record["input"]
    templates = {
        template["name"]: {row["tax_type"]: Decimal(repr(row["tax_rate"])) for row in template["taxes"]}
        for template in company["masters"]["Item Tax Template"]
    }

    def number(row: dict[str, Any], name: str) -> Decimal | None:
        return Decimal(repr(row[name])) if name in row else None

    lines = tuple(
        Line(
            row["item_code"], Decimal(repr(row["qty"])), number(row, "rate"), number(row, "price_list_rate"),
            number(row, "discount_percentage"), row.get("item_tax_template"), templates.get(row.get("item_tax_template")),
        )
        for row in typed["items"]
    )  # fmt: skip
    charges = tuple(
        Charge(
            row["charge_type"], row["account_head"], number(row, "rate") or Decimal(0), number(row, "tax_amount"),
            int(row["row_id"]) if row.get("row_id") else None, bool(row.get("included_in_print_rate")),
        )
        for row in typed["taxes"]
    )  # fmt: skip
    return Invoice(
        record["doctype"], company["code"], typed["currency"], company["default_currency"], lines, charges,
        Decimal(repr(typed["conversion_rate"])), typed.get("apply_discount_on"),
        number(typed, "additional_discount_percentage"), None, not typed["disable_rounded_total"], settings["rate_places"],
    )  # fmt: skip


def company_invoices() -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for recording in recordings("company-*.json.gz"):
        for company in recording["companies"]:
            for record in company["documents"]:
                if record["event"] == "submit" and record["doctype"] != "Payment Entry":
                    yield record, company, recording["settings"]


@needs_companies
def test_invoices_of_the_recorded_companies_as_erpnext_computed_them():
    wrong, count = {}, 0
    for record, company, settings in company_invoices():
        count += 1
        site = Site(settings["rounding_method"], settings["smallest_currency_fraction"])
        if found := differences(record["doc"], calculate(retold(record, company, settings), site)):
            wrong[record["name"]] = found
    assert count >= 250
    assert not wrong, f"{len(wrong)} of {count}: {dict(list(wrong.items())[:5])}"


@needs_random
def test_the_comparison_can_fail():
    """A cent off in one tax row of one invoice, or another rounding method, is noticed."""
    smallest, records = random_records()
    taxed = next(record for record in records if record["result"]["taxes"])
    ours = calculate(from_json(taxed["input"]), Site(taxed["rounding_method"], smallest))
    ours["taxes"][0]["tax_amount"] += 0.01
    assert len(differences(taxed["result"], ours)) == 1
    bankers = [record for record in records if record["rounding_method"] == "Banker's Rounding"]
    commercial = Site("Commercial Rounding", smallest)
    assert any(differences(record["result"], calculate(from_json(record["input"]), commercial)) for record in bankers)


def test_generator_reading_and_recordings_import_nothing_from_the_app():
    import ast
    from pathlib import Path

    import sandbox.erp

    def imported(source: str) -> set[str]:
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
        return {
            name.split(".")[0]
            for node in nodes
            for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }

    assert "picortex_xero" in imported("from picortex_xero.accounting import money")  # the check sees a planted one
    here = [Path(__file__).parent / f"{name}.py" for name in ("frappe_numbers", "erpnext_rounding")]
    files = [*here, *Path(sandbox.erp.__file__).parent.glob("*.py")]
    assert [path.name for path in files if "picortex_xero" in imported(path.read_text("utf-8"))] == []
