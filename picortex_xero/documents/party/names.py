"""Names of businesses as they are compared: "Acme (NZ) Ltd." and "ACME NZ LIMITED" are one name, "Acme Holdings" is another.

Case, accents, punctuation, "the" in front and the legal form at the end go. Two names that are one in this way may still be two businesses: this is
evidence for a person, never what joins two contacts by itself.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Any

from ...accounting.plain_text import one_line

# As they stand at the end of a name, in one word each ("Pty Ltd" are two of them).
LEGAL_FORMS = frozenset(
    "ltd limited pty proprietary inc incorporated llc llp lp plc corp corporation co company nl cic pte pvt private gmbh mbh ag kg ohg ug sa sas sarl "
    "srl spa bv nv ab oy as aps".split()
)
# From so many thousandths on two names are nearly the same.
ALIKE = 870
# Longer names are compared by so many characters.
LONGEST = 120


def normal(name: Any) -> str:
    """The name by which two are compared, words with one blank between; "" where nothing is left."""
    text = unicodedata.normalize("NFKD", one_line(name).casefold().replace("&", " and ").replace("ß", "ss"))
    text = "".join(each for each in text if not unicodedata.combining(each))
    # "L.L.C." is a word; a full stop elsewhere parts two.
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    text = re.sub(r"['’`]", "", text)
    words = re.findall(r"\w+", text.replace("_", " "))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    return " ".join(words)


def alike(one: str, other: str) -> int:
    """How much two normal names are alike, from 0 to 1000: by their letters in order, and by the words that both have."""
    if one == other:
        return 1000 if one else 0
    if not one or not other:
        return 0
    mine, theirs = set(one.split()), set(other.split())
    both, shorter = mine & theirs, min(len(mine), len(theirs))
    words = 1000 * len(both) // len(mine | theirs)
    if shorter > 1 and len(both) == shorter:
        # One name inside the other ("kowhai motors", "kowhai motors christchurch") is alike as far as its words go.
        words = max(words, 900)
    letters = SequenceMatcher(None, one[:LONGEST], other[:LONGEST], autojunk=False)
    return max(words, int(1000 * letters.ratio()) if 1000 * letters.quick_ratio() > words else words)
