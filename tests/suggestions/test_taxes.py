"""Tax rates: by rate, direction and words; what is 0 % is never sure."""

from __future__ import annotations

import pytest

from picortex_xero.suggestions import taxes
from picortex_xero.suggestions.values import HIGH, LOW, MEDIUM, HostTax, Nothing, Suggestion
from tests.suggestions.charts import rates


def one(country: str, tax: HostTax) -> taxes.Answer:
    return taxes.suggest([tax], rates(country))[tax]


S, P = "Sales", "Purchases"
RIGHT: list[tuple[str, HostTax, str, str]] = [
    # country, tax, right type, band
    ("AU", HostTax(S, "GST - KS @ 10"), "OUTPUT", HIGH),
    ("AU", HostTax(P, "GST Paid - KS @ 10"), "INPUT", HIGH),
    ("AU", HostTax(P, "GST - KS @ 10", account_class="Fixed Asset"), "CAPEXINPUT", HIGH),
    ("AU", HostTax(P, "GST on Capital - KS @ 10"), "CAPEXINPUT", HIGH),
    ("AU", HostTax(P, "GST Paid - KS @ 10", "Capital Acquisitions - KS", "Fixed Asset"), "CAPEXINPUT", HIGH),
    ("AU", HostTax(P, "GST - KS @ 0", "N-T Wages - KS"), "BASEXCLUDED", MEDIUM),
    ("NZ", HostTax(S, "GST - KS @ 12.5"), "OUTPUT", HIGH),
    ("NZ", HostTax(P, "GST - KS @ 0", "Zero Rated Purchases - KS"), "NONE", LOW),
    ("NZ", HostTax(P, "GST - KS @ 0", "Unregistered Supplier - KS"), "NONE", MEDIUM),
    ("UK", HostTax(S, "VAT - KS @ 0", "EU Services Reverse Charge - KS"), "ECZROUTPUTSERVICES", MEDIUM),
    ("UK", HostTax(P, "VAT - KS @ 0", "EC Expenses Zero Rated - KS"), "ECZRINPUT", MEDIUM),
    ("US", HostTax(S, "Sales Tax - KS @ 0", "Out of State - No Nexus - KS"), "NONE", MEDIUM),
    ("AU", HostTax(S, "GST - KS @ 0", "GST Free Sales - KS"), "EXEMPTOUTPUT", MEDIUM),
    ("AU", HostTax(S, "GST - KS @ 0", "Export - KS"), "EXEMPTEXPORT", MEDIUM),
    ("AU", HostTax(P, "GST - KS @ 0", "GST Free - KS"), "EXEMPTEXPENSES", MEDIUM),
    ("AU", HostTax(P, "No tax", "BAS Excluded - KS"), "BASEXCLUDED", MEDIUM),
    ("AU", HostTax(P, "Import GST - KS (fixed amount)"), "GSTONIMPORTS", MEDIUM),
    ("AU", HostTax(P, "Import GST - KS (fixed amount)", account_class="Fixed Asset"), "GSTONCAPIMPORTS", MEDIUM),
    ("NZ", HostTax(S, "GST - KS @ 15"), "OUTPUT2", HIGH),
    ("NZ", HostTax(P, "GST - KS @ 15"), "INPUT2", HIGH),
    ("NZ", HostTax(P, "GST - KS @ 15", account_class="Fixed Asset"), "INPUT2", MEDIUM),
    ("NZ", HostTax(S, "GST - KS @ 0", "Zero Rated - KS"), "ZERORATED", MEDIUM),
    ("NZ", HostTax(S, "GST - KS @ 0", "Exports - KS"), "ZERORATED", LOW),
    ("NZ", HostTax(P, "Customs GST - KS (fixed amount)"), "GSTONIMPORTS", MEDIUM),
    ("UK", HostTax(S, "VAT - KS @ 20"), "OUTPUT2", HIGH),
    ("UK", HostTax(S, "VAT - EC @ 20"), "OUTPUT2", HIGH),
    ("UK", HostTax(P, "VAT - KS @ 20"), "INPUT2", HIGH),
    ("UK", HostTax(P, "VAT - KS @ 5"), "RRINPUT", HIGH),
    ("UK", HostTax(S, "VAT - KS @ 0", "Zero Rated - KS"), "ZERORATEDOUTPUT", MEDIUM),
    ("UK", HostTax(S, "VAT - KS @ 0", "Exempt - KS"), "EXEMPTOUTPUT", MEDIUM),
    ("UK", HostTax(S, "VAT - KS @ 0", "EC Services - KS"), "ECZROUTPUTSERVICES", MEDIUM),
    ("UK", HostTax(S, "VAT - KS @ 0", "EU Goods - KS"), "ECZROUTPUT", MEDIUM),
    ("UK", HostTax(P, "VAT - KS @ 20 + VAT - KS @ -20", "Reverse Charge - KS"), "REVERSECHARGES", MEDIUM),
    ("UK", HostTax(P, "VAT - KS @ 20 + VAT - KS @ -20", "Domestic Reverse Charge - KS"), "DRCHARGESUPPLY20", MEDIUM),
    ("US", HostTax(S, "NYC Sales Tax - KS @ 8.875"), "TAX001", HIGH),
    ("US", HostTax(S, "ST 6 - KS @ 8.25"), "TAX003", MEDIUM),
    ("US", HostTax(S, "CA State - KS @ 6 + CA Local - KS @ 1.25"), "TAX002", HIGH),
]  # fmt: skip


@pytest.mark.parametrize(("country", "tax", "right", "band"), RIGHT)
def test_the_right_rate(country: str, tax: HostTax, right: str, band: str) -> None:
    answer = one(country, tax)
    assert isinstance(answer, Suggestion), answer
    assert (answer.target, answer.band) == (right, band), answer.reason


NONE = [
    ("AU", HostTax(S, "GST - KS @ 15"), "No tax rate of Xero for sales is 15 %"),
    ("UK", HostTax(S, "VAT - KS @ 0"), "Several tax rates of Xero are 0 %: ask the accountant which of them this is"),
    ("UK", HostTax(P, "No tax"), "Several tax rates of Xero are 0 %: ask the accountant which of them this is"),
    ("US", HostTax(P, "Customs Duty - KS (fixed amount)"), "A duty is a cost and no tax of Xero's: it belongs on an expense account"),
    ("US", HostTax(S, "Sales Tax - KS @ 6"), "No tax rate of Xero for sales is 6 %"),
]


@pytest.mark.parametrize(("country", "tax", "said"), NONE)
def test_why_none(country: str, tax: HostTax, said: str) -> None:
    assert one(country, tax) == Nothing(said)  # type: ignore[arg-type]


ORDINARY_RATE = {"AU": "10", "NZ": "15", "UK": "20", "US": "8.25"}
OF_ANOTHER_COUNTRY = (
    "DE VAT 19%,FR TVA,UK VAT 20,MwSt,VAT DE,VAT (FR),VAT 19% DE,DE-VAT-19,2310 DE Output VAT,Output VAT IE,IT VAT,BTW,ZA VAT,SG GST,EL VAT"
)
ITS_OWN = {
    "AU": "AU GST,GST AU,GST IN,GST",
    "NZ": "NZ GST,GST (NZ),GST",
    "UK": "UK VAT,GB VAT 20,VAT UK,IN VAT,VAT AT 20%,VAT",
    "US": "DE Sales Tax,CA Sales Tax,ID Sales Tax",
}


def of_country(edition: str, name: str, **more: str) -> taxes.Answer:
    """What a tax of the edition's ordinary rate is suggested as where the organisation's country is known."""
    asked = HostTax(S, f"{name} - KS @ {ORDINARY_RATE[edition]}", **more)
    return taxes.suggest([asked], rates(edition), country={"UK": "GB"}.get(edition, edition))[asked]


@pytest.mark.parametrize("edition", ["AU", "NZ", "UK"])
def test_a_tax_with_another_countrys_code_or_name_is_not_suggested(edition: str) -> None:
    names = [each for each in OF_ANOTHER_COUNTRY.split(",") if edition not in each]
    found = {name: of_country(edition, name) for name in names}
    assert {name: str(answer.reason)[:28] for name, answer in found.items()} == dict.fromkeys(names, "A tax of another country is "), found
    assert isinstance(of_country(edition, "Tax", template="DE VAT 19% - KS"), Nothing)


@pytest.mark.parametrize("edition", list(ITS_OWN))
def test_its_own_code_a_state_and_a_word_are_no_other_country(edition: str) -> None:
    for name in ITS_OWN[edition].split(","):
        answer = of_country(edition, name)
        assert isinstance(answer, Suggestion), (name, answer)
        # A company whose abbreviation is that of a country is in none.
        assert answer.band == HIGH or edition == "US", (name, answer)
    asked = HostTax(S, f"VAT - DE @ {ORDINARY_RATE['UK']}")
    assert taxes.suggest([asked], rates("UK"), country="GB")[asked].target == "OUTPUT2"  # type: ignore[union-attr]


def test_a_rate_that_xero_has_for_another_countrys_tax_is_suggested_and_not_sure() -> None:
    there = {"TaxType": "TAX019", "Name": "VAT DE 19%", "EffectiveRate": 19.0, "Status": "ACTIVE", "CanApplyToRevenue": True}
    asked = HostTax(S, "DE VAT - KS @ 19")
    answer = taxes.suggest([asked], [*rates("UK"), there], country="GB")[asked]
    assert isinstance(answer, Suggestion) and (answer.target, answer.band) == ("TAX019", MEDIUM)
    spanish = HostTax(S, "IVA DE 21% - KS @ 21")
    home = {**there, "TaxType": "TAX021", "Name": "IVA 21%", "EffectiveRate": 21.0}
    assert isinstance(taxes.suggest([spanish], [home], country="ES")[spanish], Suggestion)


def test_two_of_one_rate_are_not_sure_unless_words_decide() -> None:
    own = {
        "TaxType": "TAX009",
        "Name": "20% (VAT on Income) Retail Scheme",
        "EffectiveRate": 20.0,
        "Status": "ACTIVE",
        "CanApplyToRevenue": True,
    }
    listed = [*rates("UK"), own]
    plain, retail = HostTax(S, "VAT - KS @ 20"), HostTax(S, "VAT Retail Scheme - KS @ 20")
    found = taxes.suggest([plain, retail], listed)
    assert isinstance(found[plain], Suggestion) and found[plain].band != HIGH
    assert isinstance(found[retail], Suggestion) and (found[retail].target, found[retail].band) == ("TAX009", HIGH)


def test_what_the_mapping_refuses_is_never_suggested() -> None:
    archived = [{**each, "Status": "ARCHIVED"} for each in rates("NZ")]
    for tax in (each for _country, each, _right, _band in RIGHT):
        assert isinstance(taxes.suggest([tax], archived)[tax], Nothing)


def test_nothing_at_0_per_cent_is_sure() -> None:
    for country in ("AU", "NZ", "UK", "US"):
        for direction in (S, P):
            for rate in rates(country):
                for key in ("VAT - KS @ 0", f"{rate['Name']} - KS @ 0", "No tax", f"{rate['Name']} - KS (fixed amount)"):
                    answer = one(country, HostTax(direction, key, rate["Name"]))
                    assert isinstance(answer, Nothing) or answer.band != HIGH


def test_what_is_mapped_is_left_alone() -> None:
    tax = HostTax(S, "GST - KS @ 10")
    assert taxes.suggest([tax], rates("AU"), [tax]) == {}


@pytest.mark.parametrize("country", ["NZ", "AU", "UK"])
def test_drop_downs_offer_the_ordinary_ones_first_and_tax_on_imports_last(country: str) -> None:
    listed = [str(each["Name"]) for each in taxes.likeliest_first(dict(each) for each in rates(country))]
    imports = [at for at, name in enumerate(listed) if "import" in name.lower() and "capital" not in name.lower()]
    assert imports and imports == list(range(len(listed) - len(imports), len(listed))), listed
    assert not any("import" in name.lower() for name in listed[:3])
