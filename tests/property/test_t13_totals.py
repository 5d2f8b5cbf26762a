"""Certification checkpoint T13 (self-assessed): of thousands of random invoices each shows the same total in Xero as in ERPNext, and what
rounds it is a line that people see; the currency is the document's own.

The simulator's own code judges, without HTTP: `test_parity` sends fewer invoices all the way, with their returns. `make test-long` runs 100
times as many.
"""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Refused
from sandbox.erp import generator
from sandbox.erp.typed import ACTUAL
from sandbox.rig import MAPPINGS
from sandbox.xero import contacts, documents
from sandbox.xero.refusals import Refused as RefusedByXero
from sandbox.xero.resources.invoices import KIND, show
from sandbox.xero.world import Call, World
from tests.property.erpnext_rounding import Site, calculate
from tests.property.frappe_numbers import METHODS
from tests.property.host_documents import CENT, DRIFT_CAP, LISTED, SMALLEST, cents, expected, host_document, translate
from tests.scene.organisation_choices import choices, organisation

EXAMPLES = int(os.environ.get("EXAMPLES", "2000"))
# Other invoices than those of `test_parity`, which begins at 0.
FIRST = 1_000_000
DRIFT, ROUNDING = "Rounding difference", "Rounding"
Doc = dict[str, Any]


class Books:
    """An organisation of the simulator's with one contact, and the mapping to it."""

    def __init__(self, country: str) -> None:
        self.call = Call(World(), copy.deepcopy(organisation(country)), "PUT", "/Invoices", {"unitdp": "4"}, {}, b"")
        self.contact = contacts.of_document(self.call, {"Name": "Everybody"})["ContactID"]
        company = {"abbr": "PT", "masters": {"Account": []}}
        self.mapping: Mapping = choices(country, company)
        self.rounding = MAPPINGS[country]["rounding_account"]

    def put(self, body: Doc) -> Doc:
        """What Xero answers to this invoice; raises what it would refuse."""
        return show(self.call, documents.create(self.call, KIND, body, []))


@dataclass
class Found:
    """What became of the invoices: how many went, had a rounding line, were in another currency, were refused; and what is wrong."""

    went: int = 0
    visible: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def generated() -> Iterator[tuple[str, Doc]]:
    """(country, ERPNext's document) of every seed."""
    methods = list(METHODS)
    for seed in range(FIRST, FIRST + EXAMPLES):
        typed = generator.invoice(seed)
        yield typed.country, host_document(f"T13-{seed}", typed, calculate(typed, Site(methods[seed % len(methods)], SMALLEST)))


def differences(doc: Doc, shown: Doc, rounding: str, no_tax: str) -> list[str]:
    """What an accountant who compares the two finds; none where all is well."""
    total, tax = expected(doc)
    pairs = {"total": (total, shown["Total"]), "tax": (tax, shown["TotalTax"]), "currency": (doc["currency"], shown["CurrencyCode"])}
    found = [f"{what}: {here} here, {there} in Xero" for what, (here, there) in pairs.items() if here != there]
    lines = shown["LineItems"]
    rounds = {name: [line for line in lines if line["Description"] == name] for name in (DRIFT, ROUNDING)}
    for line in rounds[DRIFT] + rounds[ROUNDING]:
        if (line["AccountCode"], line["TaxType"], line["TaxAmount"]) != (rounding, no_tax, 0):
            found.append(f"{line['Description']} is on {line['AccountCode']} with {line['TaxType']}")
    # Every other line is an item or a charge (one on items of several rates is as many lines), so that nothing else takes up a difference. A
    # price of more than four decimals goes as quantity 1, and the description says so.
    charges = {row["description"] for row in doc["taxes"] if row["charge_type"] == ACTUAL}
    others = [line["Description"].split(" (")[0] for line in lines if line["Description"] not in (DRIFT, ROUNDING, *charges)]
    if sorted(others) != sorted(item["item_name"] for item in doc["items"]):
        found.append(f"other lines than its items and charges: {others}")
    rounded = cents(doc.get("rounded_total")) - cents(doc["grand_total"]) if doc.get("rounded_total") else Decimal(0)
    if sum(line["LineAmount"] for line in rounds[ROUNDING]) != rounded:
        found.append(f"{rounded} rounded here, {rounds[ROUNDING]} in Xero")
    if sum(abs(line["LineAmount"]) for line in rounds[DRIFT]) > DRIFT_CAP or any(len(each) > 1 for each in rounds.values()):
        found.append(f"{rounds[DRIFT]} is no rounding")
    return found


def judged(books: Books, doc: Doc, found: Found) -> None:
    """Translate, let Xero work it out, compare."""
    try:
        made = translate(doc, books.mapping, books.contact)
    except Refused as refused:
        codes = {problem.code for problem in refused.problems}
        found.refused.update(codes)
        found.wrong += [f"{doc['name']}: refused for {code}" for code in codes if code not in LISTED or not LISTED[code](doc)]
        return
    try:
        shown = books.put(made.body)
    except RefusedByXero as refused:
        found.wrong.append(f"{doc['name']}: Xero refuses it: {refused.messages}")
        return
    found.went += 1
    found.foreign += doc["currency"] != books.mapping.base_currency
    found.visible.update(line["Description"] for line in shown["LineItems"] if line["Description"] in (DRIFT, ROUNDING))
    found.wrong += [f"{doc['name']}: {text}" for text in differences(doc, shown, books.rounding, books.mapping.no_tax_type)]


@pytest.fixture(scope="module")
def books() -> dict[str, Books]:
    return {country: Books(country) for country in generator.COUNTRIES}


def test_t13_every_random_invoice_has_its_total_or_a_rounding_line_that_shows(books: dict[str, Books]) -> None:
    found = Found()
    for country, doc in generated():
        judged(books[country], doc, found)
    assert found.wrong == []
    assert found.went >= EXAMPLES * 0.99 and sum(found.refused.values()) <= EXAMPLES * 0.01, found.refused
    assert found.visible[DRIFT] > EXAMPLES / 500 and found.visible[ROUNDING] > EXAMPLES / 20 and found.foreign > EXAMPLES / 20, found


def test_t13_a_cent_another_currency_and_a_hidden_line_are_noticed(books: dict[str, Books]) -> None:
    country, doc = next(
        (country, doc) for country, doc in generated() if doc.get("rounded_total") and doc["rounded_total"] != doc["grand_total"]
    )
    of, found = books[country], Found()
    rounds = (of.rounding, of.mapping.no_tax_type)
    shown = of.put({**translate(doc, of.mapping, of.contact).body, "InvoiceNumber": "AGAIN"})
    assert differences(doc, shown, *rounds) == []
    (line,) = [each for each in shown["LineItems"] if each["Description"] == ROUNDING]
    others = [each for each in shown["LineItems"] if each is not line]
    for said, spoiled in (
        ("total", {"Total": shown["Total"] + CENT}),
        ("tax", {"TotalTax": shown["TotalTax"] - CENT}),
        ("currency", {"CurrencyCode": "SGD"}),
        ("rounded here", {"LineItems": others}),
        ("other lines", {"LineItems": [*shown["LineItems"], {**line, "Description": "Goods"}]}),
        (f"{ROUNDING} is on 200", {"LineItems": [*others, {**line, "AccountCode": "200"}]}),
        ("rounded here", {"LineItems": [*others, {**line, "LineAmount": line["LineAmount"] + CENT}]}),
        ("no rounding", {"LineItems": [*shown["LineItems"], {**line, "Description": DRIFT, "LineAmount": DRIFT_CAP + CENT}]}),
    ):
        (told,) = differences(doc, {**shown, **spoiled}, *rounds)
        assert said in told
    judged(of, {**doc, "name": "OTHER", "currency": "SGD"}, found)
    judged(replaced(of), {**doc, "name": "UNMAPPED"}, found)
    assert "not subscribed to currency SGD" in found.wrong[0] and "refused for tax-unmapped" in found.wrong[1] and found.went == 0


def replaced(books: Books) -> Books:
    """The same books with no tax mapped."""
    made = copy.copy(books)
    made.mapping = replace(books.mapping, taxes={})
    return made
