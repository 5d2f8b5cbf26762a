"""What the names of a tax say: which tax it is called, what makes another thing of it, and what goes without saying."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..accounting.texts import Text, _
from .words import Words, plain, words


def _read(*phrases: str) -> tuple[Words, ...]:
    return tuple(words(plain(each)) for each in phrases)


# What taxes on what is sold are called, in the countries of Xero's editions and elsewhere.
NAMES = {
    "gst": _read("gst", "goods and services tax"),
    "vat": _read("vat", "value added tax"),
    "sales tax": _read("sales tax"),
    **{each: _read(each) for each in "hst pst qst tps tvq btw mwst ust tva iva moms mva alv dph dpr pvn pdv ddv fpa kdv igic sst".split()},
}
# Whatever it is called, only a tax on what is sold has these two sides.
SIDES = _read("output tax", "input tax")
# A tax that is none of Xero's ordinary ones, by how it is filed, and things that are no such tax at all.
BLOCKED, MARGIN, ELSEWHERE = "blocked", "margin", "elsewhere"
WITHHELD, PEOPLE, DUTY, OTHER, CHARGE = "withheld", "people", "duty", "other", "charge"
FILED = (BLOCKED, MARGIN, ELSEWHERE)
KINDS = (*FILED, WITHHELD, PEOPLE, DUTY, OTHER, CHARGE)
REASONS: dict[str, Text] = {
    BLOCKED: _("Tax that cannot be claimed back is a cost, and Xero's ordinary rates would claim it; ask the accountant"),
    MARGIN: _("A margin scheme taxes the margin alone, and Xero's ordinary rates would tax the whole price; ask the accountant"),
    ELSEWHERE: _("A tax of another country is not on the tax return that Xero's ordinary rates fill in; ask the accountant"),
    WITHHELD: _("What is withheld for a tax office is owed to it, and no tax on what is sold: it belongs on a liability account"),
    PEOPLE: _("What is paid for staff is a cost and no tax of Xero's: it belongs on an account of its own"),
    DUTY: _("A duty is a cost and no tax of Xero's: it belongs on an expense account"),
    OTHER: _("This is a different tax from the one that Xero's tax rates are for: it belongs on an account of its own"),
    CHARGE: _("A charge, a tip or money kept back is no tax: it belongs on an account of its own"),
}
_NOT = frozenset("not no non cannot cant never without un".split())
_CLAIMED = r"(?:re)?(?:claim|recover|deduct|credit|refund|allow|eligib)"
_CLAIM, _NO_CLAIM = re.compile(rf"{_CLAIMED}"), re.compile(rf"(?:non|un|in|ir|dis){_CLAIMED}")
_BLOCKED, _PRIVATE = _read("blocked", "restricted", "apportioned", "partial exemption"), _read("private", "personal", "own use")
_MARGIN = _read("margin", "second hand scheme", "toms", "tour operator", "global accounting")
_ONE_STOP = _read("oss", "ioss", "moss", "one stop shop", "distance selling", "distance sales")
_ABROAD = _read("foreign", "overseas", "abroad", "other country")
_OF_THINGS: dict[str, tuple[Words, ...]] = {
    WITHHELD: _read("withholding", "withheld", "payg", "paye", "schedular", "tds", "tcs", "cis", "rwt", "backup withholding", "income tax", "provisional tax", "deduction"),
    PEOPLE: _read("superannuation", "kiwisaver", "pension", "payroll", "wages", "salary", "national insurance", "social security", "medicare", "fica", "acc levy", "401k", "union dues"),
    DUTY: _read("duty", "tariff"),
    OTHER: _read(
        "wet", "equalisation", "equalization", "insurance premium", "ipt", "excise", "stamp", "levy", "cess", "luxury", "lct", "fringe benefit", "fbt", "land tax", "property tax",
        "carbon", "tobacco", "alcohol", "fuel tax", "plastic", "sugar", "occupancy", "lodging", "hotel", "tourism", "tourist", "bed tax", "landfill", "aggregates", "ccl", "use tax",
        "corporation tax", "corporate tax", "capital gain", "digital services tax", "gaming", "betting", "franchise tax", "environmental", "road tax", "vehicle tax",
    ),
    CHARGE: _read(
        "charge", "fee", "cost", "tip", "gratuity", "surcharge", "retention", "retainage", "freight", "shipping", "delivery", "handling", "postage", "courier", "cartage", "carriage",
        "packing", "packaging", "commission", "discount", "rounding", "round off", "deposit", "bond", "interest", "donation", "insurance",
    ),
}  # fmt: skip
# What a tax account may be called besides, without becoming another tax.
IDLE = frozenset(
    stem
    for word in (
        "gst vat tax taxes sales purchases output input income expenses revenue rate standard normal ordinary full reduced rated main collected collectable collection paid received charged "
        "payable receivable control clearing net liability current supply supplies goods services customer supplier invoice bill general total duty use hmrc ato ird irs "
        "domestic capital acquisition import imported customs fixed asset reverse eu ec state city county local federal inclusive exclusive incl excl x"
    ).split()
    for stem in words(word)
)
# By country what it and what is of it is called; where it is not said, the country of Xero's edition by what its tax is called.
SAID_OF = {
    "AU": "australia; australian", "NZ": "new zealand; nz; aotearoa", "SG": "singapore", "GB": "united kingdom; uk; gb; britain; british; england; scotland; wales; northern ireland",
    "US": "united states; us; usa; american", "CA": "canada; canadian", "ZA": "south africa; south african", "IE": "ireland; irish", "FR": "france; french", "DE": "germany; german; deutschland",
    "ES": "spain; spanish", "IT": "italy; italian", "PT": "portugal; portuguese", "NL": "netherlands; dutch; holland", "BE": "belgium; belgian", "LU": "luxembourg", "AT": "austria; austrian",
    "CH": "switzerland; swiss", "DK": "denmark; danish", "SE": "sweden; swedish", "NO": "norway; norwegian", "FI": "finland; finnish", "PL": "poland; polish", "CZ": "czech", "SK": "slovakia; slovak",
    "HU": "hungary; hungarian", "RO": "romania; romanian", "BG": "bulgaria; bulgarian", "GR": "greece; greek", "HR": "croatia; croatian", "SI": "slovenia", "EE": "estonia", "LV": "latvia",
    "LT": "lithuania", "MT": "malta; maltese", "CY": "cyprus", "IS": "iceland", "TR": "turkey; turkish", "RU": "russia; russian", "UA": "ukraine", "CN": "china; chinese", "JP": "japan; japanese",
    "IN": "india; indian", "ID": "indonesia", "MY": "malaysia", "TH": "thailand; thai", "PH": "philippines", "VN": "vietnam", "KR": "korea; korean", "AE": "emirates; uae; dubai", "SA": "saudi",
    "KE": "kenya", "NG": "nigeria", "BR": "brazil", "FJ": "fiji", "HK": "hong kong",
}  # fmt: skip
COUNTRIES = {code: _read(*said.split("; ")) for code, said in SAID_OF.items()}
EDITIONS = {"gst": ("AU", "NZ", "SG"), "vat": ("GB",), "sales tax": ("US",)}
# What American names of states are cut to.
_STATES = "al alabama; ak alaska; az arizona; ar arkansas; ca california; co colorado; ct connecticut; de delaware; fl florida; ga georgia; hi hawaii; id idaho; il illinois; ia iowa; ks kansas; ky kentucky; la louisiana; me maine; md maryland; ma massachusetts; mi michigan; mn minnesota; ms mississippi; mo missouri; mt montana; ne nebraska; nv nevada; nh new hampshire; nj new jersey; nm new mexico; ny new york; nc north carolina; nd north dakota; oh ohio; ok oklahoma; or oregon; pa pennsylvania; ri rhode island; sc south carolina; sd south dakota; tn tennessee; tx texas; ut utah; vt vermont; va virginia; wa washington; wv west virginia; wi wisconsin; wy wyoming"  # fmt: skip
STATES = {each.split(" ", 1)[0]: frozenset(each.split(" ")[1:]) for each in _STATES.split("; ")}


def names_of(rates: Iterable[Words]) -> list[str]:
    """What the tax of Xero's own rates is called: "vat"."""
    listed = list(rates)
    return [name for name, phrases in NAMES.items() if any(phrase <= said for phrase in phrases for said in listed)]


def home(country: str, names: Iterable[str]) -> tuple[Words, ...]:
    """What the organisation's country is called: by its code, or by what its tax is called."""
    codes = (country.upper(),) if country else [code for name in names for code in EDITIONS.get(name, ())]
    return tuple(phrase for code in codes for phrase in COUNTRIES.get(code, ()))


def is_called(said: Words, names: Iterable[str]) -> bool:
    """Whether these words are a name of the organisation's own tax."""
    phrases = [phrase for name in (list(names) or NAMES) for phrase in NAMES[name]]
    return any(phrase <= said for phrase in (*phrases, *SIDES))


def same_name(said: Words, other: Words) -> bool:
    """Whether both are called the same tax, of which a country has one; sales taxes are many."""
    return any(_any(phrases, said) and _any(phrases, other) for name, phrases in NAMES.items() if name != "sales tax")


def filed_otherwise(said: Words, direction: str, at_home: tuple[Words, ...] | None = None, across: bool = False) -> str:
    """One of FILED where words say that the tax is none of the ordinary ones. `across`: it is of trade with other countries, whose names say
    nothing then; so it is where `at_home` is not known."""
    negated = bool(said & _NOT) and any(_CLAIM.match(each) for each in said)
    private = direction != "Sales" and _any(_PRIVATE, said)
    if negated or private or _any(_BLOCKED, said) or any(_NO_CLAIM.match(each) for each in said):
        return BLOCKED
    if _any(_MARGIN, said):
        return MARGIN
    if _any(_ONE_STOP, said) or (at_home is not None and not across and _is_abroad(said, at_home)):
        return ELSEWHERE
    return ""


def thing(said: Words, called: bool, reversed_by_customer: bool = False) -> str:
    """What it is where the words of its account name no tax on what is sold; "" where they do, or do not tell. Of what is called such a tax
    only what is withheld is something else."""
    for kind, phrases in _OF_THINGS.items():
        taxes = kind == DUTY and "tax" in said
        if (not called or kind == WITHHELD) and not taxes and not (kind == CHARGE and reversed_by_customer) and _any(phrases, said):
            return kind
    return ""


def unknown(said: Words, known: Words, at_home: Iterable[Words]) -> str:
    """A word of which nothing is known: it may make another tax of it. "" where there is none."""
    idle = IDLE | known | frozenset(word for phrase in (*at_home, *SIDES) for word in phrase)
    idle |= frozenset(word for phrases in NAMES.values() for phrase in phrases for word in phrase)
    return next((each for each in sorted(said - idle) if not each[0].isdigit() and not (each in STATES and STATES[each] <= known)), "")


def _is_abroad(said: Words, at_home: tuple[Words, ...]) -> bool:
    left = said - frozenset(word for phrase in at_home if phrase <= said for word in phrase)
    return _any(_ABROAD, left) or any(_any(phrases, left) for phrases in COUNTRIES.values())


def _any(phrases: Iterable[Words], said: Words) -> bool:
    return any(phrase <= said for phrase in phrases)
