"""Recorded cases of taxes, charges, discounts and rounding: what an accountant would have entered in Xero, line by line.

The documents are ERPNext's own (`sandbox.erp.cases`), the expected lines (tax_cases.json) were written by hand, and the simulator's
arithmetic (its own code) must come to ERPNext's total and tax from what the app sends.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Problem, Refused
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.translation import Translation
from sandbox.erp import cases
from sandbox.xero import lines
from tests.scene.organisation_choices import choices, worked_out

DATA = json.loads((Path(__file__).parent / "tax_cases.json").read_text())
CASES: dict[str, Any] = DATA["cases"]
HELD: dict[str, str] = DATA["held"]


@cache
def recorded() -> dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """{case: (country, company, its submitted invoices)}."""
    found_cases = {}
    for recording, case in cases():
        company = next(each for each in recording["companies"] if each["code"] == case["company"])
        submitted = [event["doc"] for event in case["events"] if event["event"] == "submit" and event.get("doc")]
        docs = [doc for doc in submitted if doc["doctype"] in ("Sales Invoice", "Purchase Invoice")]
        found_cases[case["case"]] = (case["company"], company, docs)
    return found_cases


def translated(doc: dict[str, Any], mapping: Mapping) -> Translation:
    return invoice(doc, mapping, "c1", "https://erp.example", "k1", 1)


def refused(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    with pytest.raises(Refused) as problems:
        translated(doc, mapping)
    return problems.value.problems


def shown(made: Translation, kept: list[dict[str, Any]]) -> Iterator[list[str]]:
    for sent, line in zip(made.body["LineItems"], kept):
        tax = [str(sent["TaxAmount"])] if "TaxAmount" in sent else []
        yield [sent["AccountCode"], sent["TaxType"], f"{line['LineAmount']:.2f}", *tax]


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_case_becomes_what_an_accountant_would_enter(case: str) -> None:
    country, company, docs = recorded()[case]
    assert len(docs) == len(CASES[case]["documents"])
    for doc, wanted in zip(docs, CASES[case]["documents"]):
        made = translated(doc, choices(country, company))
        kept = worked_out(country, made)
        assert list(shown(made, kept)) == wanted["lines"]
        sums = lines.totals(kept, made.body["LineAmountTypes"])
        assert (sums["Total"], sums["TotalTax"]) == (made.total, made.tax) == (Decimal(wanted["total"]), Decimal(wanted["tax"]))
        assert [reason.tax_type for reason in made.reasons] == [line["TaxType"] for line in made.body["LineItems"]]
        assert [reason.account for reason in made.reasons] == [line["AccountCode"] for line in made.body["LineItems"]]
        assert all(reason.account_why and reason.tax_why for reason in made.reasons)


@pytest.mark.parametrize("case", sorted(HELD))
def test_the_case_waits_for_a_person_with_its_recipe(case: str) -> None:
    country, company, docs = recorded()[case]
    (problem,) = refused(docs[0], choices(country, company))
    assert (problem.code, problem.held) == (HELD[case], True)
    assert docs[0]["name"] in problem.message and "Xero" in problem.resolution


def test_a_withheld_discount_in_the_united_kingdom_is_no_construction_scheme() -> None:
    """The bill of `charge-on-bill` takes a discount on an income account."""
    _, company, docs = recorded()["charge-on-bill"]
    mapping = choices("NZ", company, country="GB")
    assert translated(docs[0], mapping).total == Decimal("711.54")
    unknown = choices("NZ", company, country="GB", host_classes={})
    assert [problem.code for problem in refused(docs[0], unknown)] == ["construction-scheme"]
    (held,) = refused(recorded()["withholding-bill"][2][0], choices("NZ", company, country="GB"))
    assert held.code == "construction-scheme" and "100.0" in held.message


def test_a_new_zealand_admin_may_map_the_pair_where_the_return_is_adjusted() -> None:
    _, company, docs = recorded()["reverse-charge-nz"]
    usual = choices("NZ", company)
    pair = {("Purchases", "GST - KO @ 15 + GST - KO @ -15", ""): usual.tax_types["NONE"]}
    made = translated(docs[0], choices("NZ", company, taxes={**usual.taxes, **pair}))
    assert [(line["TaxType"], "TaxAmount" in line) for line in made.body["LineItems"]] == [("NONE", False)]
    assert (made.total, made.tax) == (Decimal("240.0"), 0)


def test_every_tax_case_of_the_recordings_is_here() -> None:
    """A case that is recorded later is noticed."""
    prefixes = (
        "reverse-",
        "import-",
        "charge-",
        "valuation-",
        "withholding-",
        "us-",
        "drift-",
        "mixed-",
        "discount-",
        "rounding-",
        "landed-",
    )
    assert {name for name in recorded() if name.startswith(prefixes)} == {*CASES, *HELD}
