"""The language that a document is printed in, and that of a user."""

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


def get_user_lang(user: str | None = None) -> str:
    """A user's language: his own, the site's, or that of the request."""
    own = local.db.get_value("User", user or local.session.user, "language")
    return own or local.db.get_single_value("System Settings", "language") or local.lang or "en"
