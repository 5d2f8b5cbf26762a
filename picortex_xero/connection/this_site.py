"""What a person presses on a copy of the site that sends: nothing is asked of Xero there."""

from __future__ import annotations

import frappe

from ..accounting.texts import _
from ..engine import limits
from ..engine.screen_texts import html, in_words
from . import current, pauses, settings


def must_be_this_site(connection: str) -> None:
    """Throws where the connection has gone live on another site than this one; it is paused then, so that a person can say that this is the
    one that sends. Commits."""
    if settings.is_another_site(connection):
        problem = pauses.other_site()
        limits.pause(connection, problem.message, problem.resolution, problem.code)
        frappe.throw(html(in_words(pauses.joined(problem))))


def must_be_free_to_write(connection: str) -> None:
    """Throws where the connection has gone live on another site, or only watches. Commits."""
    must_be_this_site(connection)
    must_not_only_watch(connection)


def must_not_only_watch(connection: str) -> None:
    """Throws while the connection only watches: nothing is written in Xero then."""
    if current.watches_only(connection):
        frappe.throw(
            html(
                in_words(
                    _(
                        "This connection only watches: nothing is written in Xero. Press Stop Watching, or Go Live, on the Xero Connection first"
                    )
                )
            )
        )
