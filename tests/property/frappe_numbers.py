"""Frappe 15's rounding of floats, read from its documented System Settings choice "Rounding Method".

Floats, on purpose: the host calculates in binary floats, and whether a value is a tie is decided there.
"""

from __future__ import annotations

import math
from collections.abc import Callable

# A value counts as a tie when it is within this relative distance of one: the spacing of floats near 1.
SPACING = 2.0**-52


def bankers(value: float, places: int) -> float:
    """Ties go to the even neighbour. Frappe's default for new sites, "Banker's Rounding"."""
    unit: int = 10**places
    scaled = round(value * unit, 12)  # noise of the multiplication, far below a unit of the last place
    below = math.floor(scaled)
    if abs(scaled - below - 0.5) < abs(scaled) * SPACING:
        return (below + below % 2) / unit
    return round(scaled) / unit


def bankers_legacy(value: float, places: int) -> float:
    """Named after bankers, but with decimals ties go up (towards plus infinity); without, to even."""
    unit: int = 10**places
    scaled = round(value * unit, 8)
    below = math.floor(scaled)
    if scaled - below == 0.5:
        return (below + 1) / unit if places else float(below + below % 2)
    return round(scaled) / unit


def commercial(value: float, places: int) -> float:
    """Ties go away from zero; a value one float below a tie counts as the tie it stands for."""
    return round(value + value * SPACING, places) if value else 0.0


METHODS: dict[str, Callable[[float, int], float]] = {
    "Banker's Rounding": bankers,
    "Banker's Rounding (legacy)": bankers_legacy,
    "Commercial Rounding": commercial,
}


def whole_currency(value: float, smallest: float, method: Callable[[float, int], float]) -> float:
    """The "rounded total": to the currency's smallest fraction, half of it going down; to whole units where
    the Currency record names no smallest fraction (0), by the site's method."""
    if not smallest:
        return method(method(value, 0), 2)
    over = method(((value * 100) % (smallest * 100)) / 100, 2)
    return method(value + smallest - over if over > smallest / 2 else value - over, 2)
