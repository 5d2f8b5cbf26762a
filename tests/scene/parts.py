"""What `make test` plays a part of: every so-manieth of a long list, the same ones each time. `make test-whole` (WHOLE=1) plays all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

Each = TypeVar("Each")
WHOLE = os.environ.get("WHOLE") == "1"


def part(all_of_them: Iterable[Each], every: int, first: int = 0) -> list[Each]:
    """Every `every`th, from the one at `first`; all of them in a whole run."""
    listed = list(all_of_them)
    return listed if WHOLE else listed[first::every]
