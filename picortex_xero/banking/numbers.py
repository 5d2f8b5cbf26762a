"""How a voucher's number can stand in a text, and how much it says when it does: its weight, about the digits that chance would have to hit."""

from __future__ import annotations

import re
from functools import lru_cache

from .reading import plain

NONE, WEAK, FAIR, STRONG = 0, 1, 2, 3
_PIECES = re.compile(r"[A-Z]+|\d+")
# Four digits that are a year stand in texts for other reasons.
_YEAR = re.compile(r"20[0-4]\d")


@lru_cache(65_536)
def keys(number: str) -> dict[str, int]:
    """By how it is written: "ACC-SINV-2026-00123" is also "SINV202600123", "202600123", "00123"; "INV-00123" also "INV123" and "123"."""
    pieces = _PIECES.findall(plain(number))
    found: dict[str, int] = {}
    end = pieces[-1] if pieces and pieces[-1].isdigit() else ""
    short = end.lstrip("0")
    rest, before, digits, letters = "", "", 0, 0
    for piece in reversed(pieces):
        # What stands before the digits at the end.
        before = piece + before if rest else "" if end else piece
        rest = piece + rest
        if piece.isdigit():
            digits += len(piece)
        else:
            letters = 2
        if digits:
            _keep(found, rest, digits + letters)
            if letters and short and short != end:
                _keep(found, before + short, digits - len(end) + len(short) + 2)
    last = next((piece for piece in reversed(pieces) if piece.isdigit()), "")
    if bare := last.lstrip("0"):
        _keep(found, bare, len(bare))
        if bare != last and len(last) > 2:
            found[last] = min(found.get(last, 99), len(bare) + 1)
    if found and (whole := "".join(piece for piece in pieces if piece.isdigit())) and len(whole) >= 6:
        _keep(found, whole, len(whole))
        _keep(found, whole.lstrip("0"), len(whole.lstrip("0")))
    return {key: weight for key, weight in found.items() if weight >= 3 and not (len(key) == 4 and _YEAR.fullmatch(key))}


def _keep(found: dict[str, int], key: str, weight: int) -> None:
    found[key] = max(found.get(key, 0), weight)


def strength(key: str, weight: int) -> int:
    """STRONG: a whole number with its letters, or seven digits; FAIR: four digits; WEAK: three."""
    if weight >= 7 or (weight >= 6 and not key.isdigit()):
        return STRONG
    return FAIR if weight >= 4 else WEAK if weight == 3 else NONE


@lru_cache(65_536)
def last_digits(number: str) -> str:
    """The digits that people quote, without leading zeros."""
    runs = re.findall(r"\d+", number)
    return runs[-1].lstrip("0") if runs else ""


def mistyped(shown: str, wanted: str) -> bool:
    """One slip that is hardly another number in use: the last digit alone differs between neighbours of a series as well."""
    return one_slip(shown, wanted) and not (len(shown) == len(wanted) and shown[:-1] == wanted[:-1])


def one_slip(a: str, b: str) -> bool:
    """One digit wrong, missing or too many, or two neighbours changed about; False for equal ones."""
    if len(a) == len(b):
        apart = [at for at in range(len(a)) if a[at] != b[at]]
        return len(apart) == 1 or (
            len(apart) == 2 and apart[1] == apart[0] + 1 and a[apart[0]] == b[apart[1]] and a[apart[1]] == b[apart[0]]
        )
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
