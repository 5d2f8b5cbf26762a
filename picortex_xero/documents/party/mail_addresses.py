"""The e-mail address of a party: which of what people typed Xero takes, and whose domain it is on.

One field often holds more than an address: two of them, a name in front, a ligature out of a PDF file. Xero takes one plain address
("Email address must be valid."). The first valid one goes; the others never become further recipients.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ...accounting.plain_text import of_lines

ADDRESS_LIMIT, LOCAL_LIMIT = 255, 64
WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"({WORD}(?:\.{WORD})*)@(?:{LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--[A-Za-z0-9-]+)")
# What stands between two addresses, and round one.
BETWEEN = re.compile(r"[,;\n]+|\s+(?:and|or|/|\|)\s+")
ROUND = " \t\"'()[]{}<>:.,;"


def addresses(typed: Any) -> tuple[list[str], list[str]]:
    """The valid addresses of what was typed, each once and in its order, and what of it is none (without the names of people)."""
    valid, others = dict[str, str](), dict[str, None]()
    text = of_lines(typed)
    for part in BETWEEN.split(text):
        # In "Jo Ash <jo@ash.example>" only what is in the angle brackets is the address.
        inside = re.findall(r"<([^<>]*)>", part)
        words = [word for each in (inside if any("@" in found for found in inside) else [part]) for word in each.split()]
        for word in words if any("@" in word for word in words) else []:
            bare = re.sub(r"^mailto:", "", word.strip(ROUND), flags=re.IGNORECASE).strip(ROUND)
            if is_valid(bare):
                valid.setdefault(bare.casefold(), bare)
            elif "@" in bare:
                others.setdefault(word)
    return list(valid.values()), list(others) if valid or others else [text] if text else []


def is_valid(address: str) -> bool:
    """Whether an address is one plain address of ASCII letters on a domain with a dot."""
    found = ADDRESS.fullmatch(address)
    return bool(found and len(address) <= ADDRESS_LIMIT and len(found[1]) <= LOCAL_LIMIT)


def of_two_businesses(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two parties' addresses tell two businesses apart: both have some, all on domains of their own (no public provider's), and no
    domain is on both sides."""
    mine, others = {business(each) for each in ours}, {business(each) for each in theirs}
    return bool(mine and others) and "" not in mine | others and not mine & others


def same_address(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether one address stands on both sides; upper and lower case aside."""
    return bool({each.casefold() for each in ours} & {each.casefold() for each in theirs})


def business(address: str) -> str:
    """The domain as its owner registered it ("accounts.kauri.co.nz" is kauri.co.nz's); "" where anybody gets an address there."""
    labels = address.rpartition("@")[2].casefold().strip(".").split(".")
    known = _known()
    for at in range(len(labels) - 1):
        if ".".join(labels[at:]) in known["public_providers"]:
            return ""
    # A country's own registry: two letters at the end and a general word before.
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in known["registries"] else 2
    own = labels[-size:]
    return "" if own[0] in known["public_brands"] else ".".join(own)


@lru_cache
def _known() -> dict[str, frozenset[str]]:
    found = json.loads(files(__package__).joinpath("mail_domains.json").read_text())
    return {name: frozenset(found[name]) for name in ("public_brands", "public_providers", "registries")}
