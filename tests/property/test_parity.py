"""Host document -> translator -> Xero's arithmetic: total and tax equal the host's to the cent, or refused for a listed reason.

The three sides are independent: the host's figures are ERPNext's own (recorded) or `erpnext_rounding`'s reading of them, the
translator is the app's, and Xero's arithmetic is the simulator's, a process of its own that is reached through the app's client.

`make test` runs 300 generated invoices (seeds 0 to 299) beside everything recorded. The long run is
`PARITY=5000 pytest -s tests/property/test_parity.py`; `PARITY_FROM=N` starts at another seed.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import listed
from picortex_xero.documents.translation import Translation
from picortex_xero.xero import client
from picortex_xero.xero.records.registry import KINDS
from sandbox.erp import RECORDED, generator, recordings
from sandbox.erp.typed import ACTUAL, from_json
from sandbox.rig import MAPPINGS
from sandbox.xero.process import RunningXero, running
from tests.property.erpnext_rounding import Site, calculate
from tests.property.frappe_numbers import METHODS
from tests.property.host_documents import CENT, LISTED, SMALLEST, expected, host_document, returned, translate

EXAMPLES = int(os.environ.get("PARITY", "300"))
FIRST = int(os.environ.get("PARITY_FROM", "0"))
BATCH = 50
MOST_REFUSED = Decimal("0.01")
RANDOM = RECORDED / "random-invoices.json.gz"


@dataclass
class Outcome:
    """What became of one host document; `wrong` is empty where Xero shows what the host shows."""

    name: str
    refused: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    overrides: int = 0
    drift: bool = False


class Books:
    """One company's organisation: the mapping to it, and a contact that every document goes to."""

    def __init__(self, xero: RunningXero, place: int, country: str) -> None:
        self.country = country
        self.organisation = client.Organisation(
            f"{xero.address}/api.xro/2.0/", xero.organisations[place]["tenant"], xero.token()["access_token"]
        )
        for account in MAPPINGS[country]["added_accounts"]:
            xero.person("add_account", self.organisation.tenant_id, **account)
        for rate in MAPPINGS[country]["added_rates"]:
            xero.person("add_tax_rate", self.organisation.tenant_id, **rate)
        answer = client.send(self.organisation, [client.Request("GET", "TaxRates")])[0]
        self.types = {each["TaxType"]: listed(each) for each in answer.data["TaxRates"]}
        made = self.put("contact", [{"Name": f"Everybody {country}"}])
        self.contact = made[0]["ContactID"]

    def put(self, kind: str, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send elements through the app's client; what Xero answered of each."""
        body = client.encode(KINDS[kind].body(elements))
        answer = client.send(self.organisation, [client.Request("PUT", KINDS[kind].path(), body)])[0]
        assert answer.status == 200, (answer.status, answer.text, answer.data)
        return list(answer.data[KINDS[kind].endpoint])

    def mapping(self, suffix: str) -> Mapping:
        """What an admin would choose for a company with this suffix (" - TF")."""
        wanted = MAPPINGS[self.country]
        return Mapping(
            generator.CURRENCY[self.country],
            "AUTHORISED",
            accounts={f"{name}{suffix}": code for name, code in wanted["accounts"].items()},
            taxes={
                (direction, key.replace("{}", suffix), template.replace("{}", suffix)): self.types[code]
                for direction, key, template, code in wanted["taxes"]
            },
            tax_types=self.types,
            rounding_account=wanted["rounding_account"],
            no_tax_type=wanted["no_tax_type"],
        )


@pytest.fixture(scope="module")
def books() -> Iterator[dict[str, Books]]:
    countries = generator.COUNTRIES
    with running([f"{code}:{generator.CURRENCY[code]}:Parity {code}" for code in countries]) as xero:
        for organisation in xero.organisations:
            xero.unlimited(organisation["tenant"])
            xero.person("set_currencies", organisation["tenant"], currencies=["AUD", "NZD", "USD", "GBP", "EUR"])
        yield {code: Books(xero, place, code) for place, code in enumerate(countries)}


def too_far(body: dict[str, Any], rates: dict[str, Decimal], rows: int) -> list[str]:
    """Lines whose TaxAmount is further from Xero's own figure than 0.01 per tax row, the most that the app adjusts."""
    found = []
    for line in body["LineItems"]:
        amount = (line["Quantity"] * line["UnitAmount"]).quantize(CENT, ROUND_HALF_UP)
        rate = rates[line["TaxType"]] / 100
        gross = body["LineAmountTypes"] == "Inclusive"
        own = amount - (amount / (1 + rate)).quantize(CENT, ROUND_HALF_UP) if gross else (amount * rate).quantize(CENT, ROUND_HALF_UP)
        if abs(line.get("TaxAmount", own) - own) > CENT * rows:
            found.append(f"{line['Description']}: TaxAmount {line['TaxAmount']}, Xero's own {own}")
    return found


def judge(outcome: Outcome, doc: dict[str, Any], shown: dict[str, Any]) -> None:
    """Compare what Xero answered with what the host shows."""
    if shown.get("ValidationErrors") or shown.get("StatusAttributeString") == "ERROR":
        outcome.wrong.append(f"Xero refuses it: {shown.get('ValidationErrors')}")
        return
    total, tax = expected(doc)
    for what, host, xero in (("total", total, shown["Total"]), ("tax", tax, shown["TotalTax"])):
        if host != xero:
            outcome.wrong.append(f"{what}: host {host}, Xero {xero}")


def run(books: Books, mapping: Mapping, docs: Iterable[dict[str, Any]]) -> list[Outcome]:
    """Translate every document and let Xero work it out, 50 at a time."""
    outcomes: list[Outcome] = []
    waiting: list[tuple[Outcome, dict[str, Any], Translation]] = []
    rates = {each.code: each.rate or Decimal(0) for each in mapping.taxes.values()} | {mapping.no_tax_type: Decimal(0)}
    for doc in docs:
        outcome = Outcome(doc["name"])
        outcomes.append(outcome)
        try:
            made = translate(doc, mapping, books.contact)
        except Refused as refused:
            outcome.refused = sorted({problem.code for problem in refused.problems})
            outcome.unlisted = [code for code in outcome.refused if code not in LISTED or not LISTED[code](doc)]
            continue
        outcome.overrides = sum("TaxAmount" in line for line in made.body["LineItems"])
        outcome.drift = any(line["Description"] == "Rounding difference" for line in made.body["LineItems"])
        outcome.wrong += too_far(made.body, rates, sum(row["charge_type"] != ACTUAL for row in doc.get("taxes") or []))
        if (made.total, made.tax) != expected(doc):
            outcome.wrong.append(f"the translator promises {made.total} and {made.tax}, the host has {expected(doc)}")
        waiting.append((outcome, doc, made))
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        for kind in ("invoice", "credit-note"):
            some = [each for each in batch if bool(each[1].get("is_return")) == (kind == "credit-note")]
            for (outcome, doc, _), shown in zip(some, books.put(kind, [made.body for _, _, made in some]) if some else []):
                judge(outcome, doc, shown)
    return outcomes


def report(title: str, outcomes: list[Outcome]) -> str:
    """The figures of a run in one line."""
    refusals = Counter(code for outcome in outcomes for code in outcome.refused)
    return (
        f"{title}: {len(outcomes)} documents, {sum(not o.refused and not o.wrong for o in outcomes)} equal to the cent, "
        f"{sum(bool(o.wrong) for o in outcomes)} wrong, {sum(bool(o.refused) for o in outcomes)} refused {dict(refusals)}; "
        f"{sum(bool(o.overrides) for o in outcomes)} with adjusted tax ({sum(o.overrides for o in outcomes)} lines), "
        f"{sum(o.drift for o in outcomes)} with a rounding difference line"
    )


def verify(outcomes: list[Outcome]) -> None:
    """Nothing wrong, nothing refused for another reason, refusals at most 1%."""
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    assert not wrong, f"{len(wrong)} wrong: {wrong[:5]}"
    unlisted = [outcome for outcome in outcomes if outcome.unlisted]
    assert not unlisted, f"{len(unlisted)} refused for an unlisted reason: {unlisted[:5]}"
    assert sum(bool(outcome.refused) for outcome in outcomes) <= MOST_REFUSED * len(outcomes)


@pytest.mark.parametrize("country", generator.COUNTRIES)
def test_generated_invoices(books: dict[str, Books], country: str, capsys: pytest.CaptureFixture[str]) -> None:
    seeds = [seed for seed in range(FIRST, FIRST + EXAMPLES) if generator.invoice(seed).country == country]
    methods = list(METHODS)
    docs = []
    for seed in seeds:
        typed = generator.invoice(seed)
        docs.append(host_document(f"G-{seed}", typed, calculate(typed, Site(methods[seed % len(methods)], SMALLEST))))
        if seed % 3 == 0:
            docs.append(returned(docs[-1]))
    outcomes = run(books[country], books[country].mapping(" - PT"), docs)
    with capsys.disabled():
        print(f"\n{report(f'parity {country}, generated', outcomes)}")
    verify(outcomes)


@pytest.mark.skipif(not RANDOM.exists(), reason=f"{RANDOM.name} is not there")
@pytest.mark.parametrize("country", generator.COUNTRIES)
def test_random_invoices_as_erpnext_computed_them(books: dict[str, Books], country: str, capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(RANDOM, "rt", encoding="utf-8") as stream:
        records = [record for record in json.load(stream)["records"] if record["input"]["country"] == country]
    docs = [host_document(f"R-{record['seed']}", from_json(record["input"]), record["result"]) for record in records]
    outcomes = run(books[country], books[country].mapping(" - PT"), docs)
    with capsys.disabled():
        print(f"\n{report(f'parity {country}, random on ERPNext', outcomes)}")
    assert outcomes
    verify(outcomes)


@pytest.mark.parametrize("country", generator.COUNTRIES)
def test_recorded_companies(books: dict[str, Books], country: str, capsys: pytest.CaptureFixture[str]) -> None:
    company = next(recordings(f"company-{country.lower()}.json.gz"))["companies"][0]
    submitted = [r for r in company["documents"] if r["event"] == "submit" and r["doctype"] != "Payment Entry"]
    mapping = books[country].mapping(f" - {company['abbr']}")
    ordinary = [record["doc"] for record in submitted if record.get("attention") in (None, "sales return")]
    outcomes = run(books[country], mapping, ordinary)
    with capsys.disabled():
        print(f"\n{report(f'parity {country}, recorded company', outcomes)}")
    verify(outcomes)
    assert not any(outcome.refused for outcome in outcomes)
    assert country != "NZ" or any(doc.get("is_return") for doc in ordinary)


def test_a_cent_off_is_noticed(books: dict[str, Books]) -> None:
    """The comparison can fail: a tax that is a cent off in the host, in Xero's answer or beyond the allowed adjustment."""
    typed = next(
        i for i in map(generator.invoice, range(10_000)) if i.country == "NZ" and not i.inclusive and len(i.lines) == 1 and i.charges
    )
    doc = host_document("CENT", typed, calculate(typed, Site(smallest=SMALLEST)))
    mapping = books["NZ"].mapping(" - PT")
    assert run(books["NZ"], mapping, [doc])[0].wrong == []
    total, tax = expected(doc)
    outcome = Outcome("CENT")
    judge(outcome, doc, {"Total": total, "TotalTax": tax + CENT})
    assert outcome.wrong == [f"tax: host {tax}, Xero {tax + CENT}"]
    with pytest.raises(AssertionError, match="1 wrong"):
        verify([outcome])
    with pytest.raises(AssertionError, match="unlisted"):
        verify(run(books["NZ"], replace(mapping, taxes={}), [doc]))
    with pytest.raises(AssertionError, match="unlisted"):
        verify(run(books["NZ"], mapping, [{**doc, "grand_total": float(total + 1), "rounded_total": 0}]))
    with pytest.raises(AssertionError):
        verify([Outcome("CENT", refused=["total-differs"])] * 2 + [Outcome("FINE")] * 98)
    line = {"Description": "x", "Quantity": Decimal(1), "UnitAmount": Decimal(100), "TaxType": "T", "TaxAmount": Decimal("15.02")}
    assert too_far({"LineAmountTypes": "Exclusive", "LineItems": [line]}, {"T": Decimal(15)}, 1)
    assert not too_far({"LineAmountTypes": "Exclusive", "LineItems": [line]}, {"T": Decimal(15)}, 2)
