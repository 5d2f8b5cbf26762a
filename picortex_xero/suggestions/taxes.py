"""Which of Xero's tax rates stands for a tax of ERPNext.

What the mapping itself refuses (`tax_types.objection`: direction, rate, class, status) is never suggested. Rate and direction leave several
of the same rate: the ordinary one, one for capital goods, one for imports, for reverse charges, for trade with the EU. Words decide between
them; without such a word the ordinary one is meant. At 0 % the words decide between what is filed differently (zero-rated, exempt, out of
scope), and an accountant has to agree: never HIGH.

HIGH as well only what is called the organisation's own tax, in the right direction, without a word of which nothing is known. What is filed
otherwise (tax that cannot be claimed, margin schemes, taxes of other countries) and what is no such tax at all (`tax_words`) is suggested only
where a rate of Xero's is for just that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..accounting import tax_types
from ..accounting.money import ZERO, decimal
from ..accounting.money import plain as figure
from ..accounting.tax import NO_TAX, charged_rates, deducts, is_fixed
from ..accounting.texts import NONE, Text, _, joined
from .tax_prefixes import is_foreign, spelled
from .tax_words import ELSEWHERE, FILED, REASONS, filed_otherwise, home, is_called, names_of, same_name, thing, unknown
from .values import BELOW_HIGH, BELOW_MEDIUM, Answer, HostTax, Nothing, Suggestion, in_order
from .words import LONGEST, Words, plain, words

# What a tax is for, by the words that say so; the first found counts.
TREATMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # Accounted for on the return alone: no line carries it.
    ("postponed", ("postponed", "pva")),
    ("capital", ("capital acquisition", "capital purchase")),
    ("reverse", ("reverse charge", "reverse", "domestic reverse charge", "rcm", "drc", "self assessed")),
    ("eu", ("eu", "ec", "acquisition", "intra community", "intracommunity", "european")),
    ("import", ("import", "imported")),
    ("capital", ("capital", "capex", "fixed asset")),
    ("export", ("export",)),
    ("input taxed", ("input taxed",)),
    ("outside", ("bas excluded", "outside scope", "out scope", "no vat", "no gst", "nontaxable", "not reportable", "excluded", "not applicable", "n t", "unregistered", "not registered", "not vat registered", "not gst registered")),
    ("zero", ("zero rated", "zero rate", "zero")),
    ("exempt", ("exempt", "gst free", "tax exempt", "vat exempt", "free", "nexus", "out state", "resale")),
)  # fmt: skip
_TREATMENTS = [(name, [words(plain(each)) for each in said]) for name, said in TREATMENTS]
# Finer than the treatment: both are said, or neither.
FINER = ("domestic", "goods", "services", "capital", "import", "acquisition")
ORDINARY = ""
INPUT_TAXED = "INPUTTAXED"
# What serves where an edition has no rate of its own: exports are zero-rated, and Australia calls zero-rated "free".
SERVES = {"export": "zero", "zero": "exempt", "exempt": "outside", "outside": "exempt"}
# What a purchase without tax may be where Xero zero-rates sales only.
UNTAXED = ("zero", "exempt", "outside", "input taxed")
# Of trade with other countries: their names are no names of taxes.
ACROSS = frozenset(("postponed", "reverse", "eu", "import", "export"))
ABBREVIATION = re.compile(r"\s-\s\S{1,10}(?= @ -?[0-9.]+$| \(fixed amount\)$|$)")
FIXED = " (fixed amount)"
SURE, LIKELY, POSSIBLE = 92, 72, 50
EUROPE = frozenset(("eu", "ec", "european"))
# What every tax is called.
COMMON = words(plain("gst vat tax sales purchase output input income expense on rate standard ks ltd collected paid charge"))


@dataclass(frozen=True)
class Rate:
    """One of Xero's tax rates, read."""

    tax_type: str
    name: str
    element: Mapping[str, Any]
    treatment: str
    said: frozenset[str]

    @property
    def of(self) -> str:
        """The direction that Xero's own code says: INPUT2 is of purchases, OUTPUT2 of sales, whatever accounts it may stand on."""
        return "Sales" if "OUTPUT" in self.tax_type else "Purchases" if "INPUT" in self.tax_type and self.tax_type != INPUT_TAXED else ""


def treatment(said: frozenset[str]) -> str:
    """What a tax with these words is for; "" for ordinary supplies."""
    return next((name for name, phrases in _TREATMENTS if any(phrase <= said for phrase in phrases)), ORDINARY)


@dataclass(frozen=True)
class _Own:
    """The organisation's own tax: what it is called in Xero, and what its country is called."""

    names: tuple[str, ...]
    home: tuple[Words, ...]
    country: str = ""

    def spelled(self, name: str) -> str:
        """A name with the code of a country written out."""
        return spelled(name, self.country, self.names)

    def filed(self, said: Words, direction: str, across: bool) -> str:
        """One of `tax_words.FILED` where words say that the tax is none of the organisation's ordinary ones."""
        found = filed_otherwise(said, direction, self.home, across)
        return found or (ELSEWHERE if not across and is_foreign(said, self.country) else "")


def _read(element: Mapping[str, Any], own: _Own | None = None) -> Rate:
    name, listed = str(element.get("Name") or ""), tax_types.listed(dict(element))
    told = words(plain(own.spelled(name) if own else name))
    said = told | frozenset(word for part in element.get("TaxComponents") or () for word in words(plain(str(part.get("Name") or ""))))
    found = treatment(told)
    if found == ORDINARY and (listed.shows_zero or listed.capital or listed.of_amounts):
        found = "reverse" if listed.shows_zero else "capital" if listed.capital else "import"
    across = found in ACROSS
    found = (own.filed(told, "", across) if own else filed_otherwise(told, "", None, across)) or found
    return Rate(str(element.get("TaxType") or ""), name, element, found, said)


# In which order people look for what a tax may be: what is ordinary first, what is for few documents last.
_ORDER = (ORDINARY, "zero", "exempt", "outside", "input taxed", "capital", "export", "eu", "reverse", "postponed", "import", *FILED)


def likeliest_first(elements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Xero's tax rates in the order in which they are offered, tax on imports last."""
    return sorted(elements, key=lambda each: (_ORDER.index(_read(each).treatment), -(tax_types.listed(each).shown or ZERO)))


def suggest(
    taxes: Iterable[HostTax], elements: Iterable[Mapping[str, Any]], mapped: Collection[HostTax] = (), country: str = ""
) -> dict[HostTax, Answer]:
    """What each tax that is not mapped yet may be mapped to, from Xero's TaxRates list; or why nothing is suggested. `country` is the
    organisation's, as Xero codes it: "NZ"."""
    listed = [each for each in elements if each.get("TaxType")]
    names = names_of(words(plain(str(each.get("Name") or ""))) for each in listed)
    own = _Own(tuple(names), home(country, names), country.upper())
    rates = sorted((_read(each, own) for each in listed), key=lambda rate: (rate.tax_type, rate.name))
    return {each: _answer(each, rates, own) for each in in_order(taxes) if each not in mapped}


def _answer(tax: HostTax, rates: list[Rate], own: _Own) -> Answer:
    key = " + ".join(map(own.spelled, tax.key.split(" + ")))
    tax = replace(tax, key=key, template=own.spelled(tax.template), words=tuple(map(own.spelled, tax.words)))
    said = _said(tax)
    wanted = _wanted(tax, said)
    if kind := _something_else(tax, wanted, own):
        return _of_its_kind(tax, kind, said, rates)
    fit = [each for each in rates if _may(tax, each)]
    fit = [each for each in fit if each.of in ("", tax.direction)] or fit
    if not fit:
        return Nothing(_none_fits(tax))
    if _is_zero(tax) and not is_fixed(tax.key) and wanted in (ORDINARY, "zero") and not any(each.treatment == "zero" for each in fit):
        if guess := _untaxed(fit):
            return guess
    alike = [each for each in fit if each.treatment == wanted]
    if not alike:
        return _second(tax, wanted, fit)
    if len(alike) > 1:
        alike = _by_words(said, alike)
    best = alike[0]
    decided = len(alike) == 1
    if _is_zero(tax):
        points = min(BELOW_HIGH - 2, LIKELY) if decided and wanted else POSSIBLE
    else:
        points = SURE if decided else BELOW_MEDIUM
    if decided and not _is_zero(tax) and _only_serves_both(best) and not _in_common(said, best) and not same_name(said, best.said):
        # A rate without a direction that shares no word is the same rate by chance.
        points = LIKELY
    why = [_why(tax, wanted, best, alike)]
    if doubt := NONE if _is_zero(tax) else _doubt(tax, wanted, best, own):
        points, why = min(points, BELOW_HIGH - 2), [*why, doubt]
    if other := _of_the_other_side(tax, best):
        points, why = min(points, POSSIBLE), [*why, other]
    return Suggestion(best.tax_type, points, joined("; ", why))


def _something_else(tax: HostTax, wanted: str, own: _Own) -> str:
    """One of `tax_words.KINDS` where the names of the tax itself say that it is none of Xero's ordinary taxes; "" otherwise."""
    if _is_zero(tax) and not is_fixed(tax.key) and not deducts(tax.key):
        return ""
    across = treatment(_said(tax)) in ACROSS
    for each in _parts(tax):
        if found := thing(each, is_called(each, own.names), wanted == "reverse" and across):
            return found
    template = words(plain(_bare(tax.template)))
    return next((found for each in (*_parts(tax), template) if (found := own.filed(each, tax.direction, across))), "")


def _of_its_kind(tax: HostTax, kind: str, said: Words, rates: list[Rate]) -> Answer:
    """A rate of Xero's that is for just that, or why none is suggested."""
    alike = [each for each in rates if each.treatment == kind and _may(tax, each) and _in_common(said, each)]
    if len(alike) != 1:
        return Nothing(REASONS[kind])
    return Suggestion(alike[0].tax_type, LIKELY, _("Same rate, direction and treatment: {name}").format(name=alike[0].name))


def _doubt(tax: HostTax, wanted: str, best: Rate, own: _Own) -> Text:
    """What makes it less than sure that it is the organisation's own tax, filed as usual; "" where nothing does."""
    names = [words(plain(_bare(each))) for each in (tax.template, *tax.words)]
    across = wanted in ACROSS
    if any(own.filed(each, tax.direction, across) for each in names):
        return _("the name of a template speaks against it: ask the accountant")
    parts = _parts(tax)
    known = best.said | frozenset(word for name, phrases in _TREATMENTS if name == wanted for phrase in phrases for word in phrase)
    for each in (*parts, names[0]):
        if word := unknown(each, known, own.home):
            return _('"{word}" could make another tax of it').format(word=word)
    if not all(is_called(each, own.names) or _in_common(each, best) for each in parts) and not (
        len(set(parts)) == 1 and any(is_called(each, own.names) for each in names)
    ):
        return _("its name does not say which tax it is")
    return NONE


def _of_the_other_side(tax: HostTax, best: Rate) -> Text:
    """What speaks of the other side: the rate, where accounts of this class take no other, or the class; "" where nothing does."""
    filed, booked = (
        best.of or tax_types.direction(dict(best.element)),
        {"Expense": "Purchases", "Income": "Sales"}.get(tax.account_class, ""),
    )
    sale = tax.direction == "Sales"
    if filed not in ("", tax.direction):
        if sale:
            return _("this is a sale, and Xero files the rate as a purchase: ask the accountant")
        return _("this is a purchase, and Xero files the rate as a sale: ask the accountant")
    if booked in ("", tax.direction):
        return NONE
    if sale:
        return _("sales are seldom on expense accounts: ask the accountant")
    return _("purchases are seldom on income accounts: ask the accountant")


def _in_common(said: Words, rate: Rate) -> Words:
    """The words that a tax and a rate share, besides what every tax is called and figures."""
    return frozenset(each for each in (said & rate.said) - COMMON if not each[0].isdigit())


def _bare(name: str) -> str:
    """A name of ERPNext's without the company's abbreviation."""
    return ABBREVIATION.sub("", name).replace(" @ ", " ")[:LONGEST]


def _parts(tax: HostTax) -> list[Words]:
    """The words of each tax account."""
    return [words(plain(_bare(each.rsplit(" @ ", 1)[0].removesuffix(FIXED)))) for each in tax.key.split(" + ")]


def _said(tax: HostTax) -> frozenset[str]:
    """All words about a tax; the company's abbreviation at the end of ERPNext's names says nothing ("EC" least of all)."""
    names = [ABBREVIATION.sub("", each) for each in (*tax.key.split(" + "), tax.template, *tax.words)]
    narrowed = ("capital",) if tax.account_class == tax_types.CAPITAL else ()
    return words(plain(" ".join((*(each.replace(" @ ", " ")[:LONGEST] for each in names), *narrowed))[:LONGEST]))


def _may(tax: HostTax, rate: Rate) -> bool:
    """What the mapping takes, at exactly the rate."""
    element = dict(rate.element)
    if tax_types.objection(element, tax.direction, tax.key, tax.account_class):
        return False
    if not tax.account_class and rate.of not in ("", tax.direction):
        return False
    # On expense and income accounts the class decides: a recharged cost is a sale with a purchase's rate.
    if tax.account_class not in ("Expense", "Income") and tax_types.direction(element) not in ("", tax.direction):
        return False
    shown = tax_types.listed(element).shown or ZERO
    return shown == (ZERO if _is_zero(tax) else sum(charged_rates(tax.key), ZERO))


def _wanted(tax: HostTax, said: frozenset[str]) -> str:
    found = treatment(said)
    if found == "reverse" and tax.direction == "Sales" and said & EUROPE:
        # Of a sale to the EU it is the customer who reverses.
        return "eu"
    if deducts(tax.key) and found not in ("reverse", "eu", "postponed"):
        return "reverse"
    return "import" if is_fixed(tax.key) and found in (ORDINARY, "capital") else found


def _untaxed(fit: list[Rate]) -> Answer | None:
    """The only type there is for lines without tax, where a bare 0 % or a zero rate has none of its own."""
    untaxed = [each for each in fit if each.treatment in UNTAXED]
    return (
        Suggestion(untaxed[0].tax_type, POSSIBLE, _("{name} is nearest; ask the accountant").format(name=untaxed[0].name))
        if len(untaxed) == 1
        else None
    )


def _second(tax: HostTax, wanted: str, fit: list[Rate]) -> Answer:
    """None is for what the tax is for: an ordinary one may serve for capital goods, at most that."""
    ordinary = [each for each in fit if each.treatment == ORDINARY]
    if wanted == "capital" and len(ordinary) == 1:
        return Suggestion(ordinary[0].tax_type, LIKELY, _("Same rate; Xero has none of its own for capital goods"))
    serves = [each for each in fit if each.treatment == SERVES.get(wanted)]
    if len(serves) == 1:
        return Suggestion(serves[0].tax_type, POSSIBLE, _("{name} is nearest; ask the accountant").format(name=serves[0].name))
    outside = [each for each in fit if each.treatment in ("outside", "exempt")]
    if tax.key == NO_TAX and wanted == ORDINARY and len(outside) == 1:
        return Suggestion(outside[0].tax_type, POSSIBLE, _("It puts no tax on a line; ask the accountant whether it is filed so"))
    return Nothing(
        _("Several tax rates of Xero are {rate} %: ask the accountant which of them this is").format(rate=_rate(tax))
        if len(fit) > 1
        else _("The only tax rate of Xero with {rate} % is {name}, which is for something else").format(rate=_rate(tax), name=fit[0].name)
    )


def _by_words(said: frozenset[str], alike: list[Rate]) -> list[Rate]:
    """Those that agree best in what is finer, then in their other words; several where words do not decide."""

    def agrees(rate: Rate) -> tuple[int, int]:
        finer = sum((word in said) == (word in rate.said) for word in FINER)
        return finer, len((said & rate.said) - COMMON)

    best = max(agrees(each) for each in alike)
    return [each for each in alike if agrees(each) == best]


def _only_serves_both(rate: Rate) -> bool:
    return not tax_types.direction(dict(rate.element))


def _is_zero(tax: HostTax) -> bool:
    return not charged_rates(tax.key) or sum(charged_rates(tax.key), ZERO) == ZERO


def _rate(tax: HostTax) -> str:
    return f"{figure(decimal(sum(charged_rates(tax.key), ZERO))):f}"


def _none_fits(tax: HostTax) -> Text:
    if tax.direction == "Sales":
        return _("No tax rate of Xero for sales is {rate} %").format(rate=_rate(tax))
    return _("No tax rate of Xero for purchases is {rate} %").format(rate=_rate(tax))


def _why(tax: HostTax, wanted: str, best: Rate, alike: list[Rate]) -> Text:
    why = [_("Same rate and direction: {name}").format(name=best.name)]
    if wanted:
        why = [_("Same rate, direction and treatment: {name}").format(name=best.name)]
    if len(alike) > 1:
        why.append(_("{name} could be meant as well").format(name=alike[1].name))
    if _is_zero(tax):
        why.append(_("0 % is filed in several ways: ask the accountant"))
    return joined("; ", why)
