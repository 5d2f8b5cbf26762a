"""Whose tax a name says: "DE VAT 19%" is Germany's, "FR TVA" France's, "MwSt" of a country where German is spoken.

Two capital letters are a country's code where they stand right before or behind the name of a tax. The same letters are words elsewhere ("IN", "NO",
"AT" least of all are countries), and states or provinces at home. What is read so is written out, so that the words decide as with "Germany VAT".
"""

from __future__ import annotations

import re

from .tax_words import NAMES, SAID_OF, STATES
from .words import Words, words

# "GST IN" is tax that is claimed, "NO VAT" is none, "VAT AT 20" is said of a rate.
BEFORE_IS_A_WORD = frozenset(("IN", "NO"))
BEHIND_IS_A_WORD = BEFORE_IS_A_WORD | {"AT", "BE", "IS", "IT"}
# Where a language of the country has the code as a word: "IVA DE 21%".
WORDS_OF = {"DE": frozenset("ES PT FR BE LU CH BR".split())}
# What the letters are at home: states and provinces.
AT_HOME = {"US": frozenset(each.upper() for each in STATES), "AU": frozenset(("SA",)), "CA": frozenset(("NL", "SK"))}
ALIASES = {"EL": "GR"}
CODES = {code: said.split("; ")[0] for code, said in SAID_OF.items()}
CODES |= {alias: CODES[code] for alias, code in ALIASES.items()}
# Names of taxes that other languages have, and countries of Xero's where they are at home.
FOREIGN = {"btw": ("ZA",), **dict.fromkeys("mwst ust tva iva moms mva alv dph pvn pdv ddv fpa kdv igic".split(), ()), "hst": ("CA",), "qst": ("CA",), "tvq": ("CA",)}  # fmt: skip
_FOREIGN = {name: words(name) for name in FOREIGN}
# The countries whose own tax has an English name.
ENGLISH = frozenset("AU NZ SG GB US CA IE ZA".split())
_TAX = "|".join(sorted((*(name for name in NAMES), "value added tax", "goods and services tax"), key=len, reverse=True))
_SIDE = r"(?i:output|input|sales?|purchases?|imports?|standard|reduced|net)"
_JOINT = r"(?:[\s_./]|-(?!\s))"
_BEFORE = re.compile(rf"^([\d\s.,%#-]*)([A-Z]{{2}})(?={_JOINT}+(?:{_SIDE}{_JOINT}+)?(?i:{_TAX})(?![^\W_]))")
_RATE = r"(?:\d[\d.,]*\s*%?)"
_BEHIND = re.compile(
    rf"((?<![^\W_])(?i:{_TAX})(?:{_JOINT}+{_SIDE})?(?:{_JOINT}+{_RATE})?(?:{_JOINT}|\()+)([A-Z]{{2}})"
    rf"(?=\)?{_JOINT}*{_RATE}?(?:\s-\s\S{{1,10}})?(?:\s@\s|\s\(fixed|\s*$))"
)


def spelled(name: str, country: str, names: tuple[str, ...]) -> str:
    """A name with the code of a country written out. `country` is the organisation's ("" where it is not known), `names` what its tax is called."""
    country = country or ("US" if names == ("sales tax",) else "")
    here = AT_HOME.get(country, frozenset())

    def written(found: re.Match[str], are_words: frozenset[str]) -> str:
        code = found[2]
        known = code not in are_words and code not in here and country not in WORDS_OF.get(code, ())
        return f"{found[1]}{CODES[code]}" if known and code in CODES else found[0]

    before = _BEFORE.sub(lambda found: written(found, BEFORE_IS_A_WORD), name)
    return _BEHIND.sub(lambda found: written(found, BEHIND_IS_A_WORD), before)


def is_foreign(said: Words, country: str) -> bool:
    """Whether it is called what no tax of the organisation's country is called; not known of countries whose tax has no English name."""
    return country in ENGLISH and any(_FOREIGN[name] <= said and country not in at_home for name, at_home in FOREIGN.items())
