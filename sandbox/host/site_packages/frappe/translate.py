"""`print_language`: the language that a document is printed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from frappe._context import local


@contextmanager
def print_language(language: str) -> Iterator[None]:
    """Print in this language inside the block; "" leaves it as it is."""
    before = local.flags.print_language
    if language:
        local.flags.print_language = language
    yield
    local.flags.print_language = before
