"""Records that could not be judged, or that Xero does not show by their ids: they are noted in the cursor of their list, told, and read again one by one in its turns
(reader.py); none of them keeps anything else waiting."""

from __future__ import annotations

from collections.abc import Sequence

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..attention import notifications
from ..engine import links
from ..engine.contexts import Context
from .cursors import Cursor

# Turns after which such a record is told; it is then read only every so many turns; so many of a list are kept.
MOST_TRIES, SELDOM, MOST_FAILED = 3, 24, 20


def unreadable(context: Context, endpoint: str, xero_id: str, odd: Sequence[str]) -> Problem:
    """Xero shows of a record what cannot be read, in these fields."""
    what = _("Xero shows no readable {fields} of {names}: what people changed there is not noticed here").format(
        fields=", ".join(odd), names=_names(context, endpoint, xero_id)
    )
    return Problem("unreadable-in-xero", what, _("Look at it in Xero, and enter here what it is; ask Xero's support where it lasts"))


def unseen(context: Context, endpoint: str, xero_id: str) -> Problem:
    """Xero does not show a record."""
    what = _("Xero does not show what became of {names} there").format(names=_names(context, endpoint, xero_id))
    cure = _("Look at it in Xero, and compare it with what was sent; Xero is asked again now and then")
    return Problem("xero-cannot-show", what, cure)


def _names(context: Context, endpoint: str, xero_id: str) -> str:
    rows = [row for row in links.by_records(context.connection, [xero_id]) if row["endpoint"] == endpoint]
    return ", ".join(sorted({str(row["reference_name"]) for row in rows}) or [xero_id])


def note(context: Context, cursor: Cursor, xero_id: str, problem: Problem) -> None:
    """Note that a record could not be judged or read; people are told once, and it is tried again, seldom in the end."""
    turns, kept = cursor.failed.get(xero_id, 0) + 1, xero_id in cursor.failed or len(cursor.failed) < MOST_FAILED
    if kept:
        cursor.failed[xero_id] = turns
    if turns >= MOST_TRIES or not kept:
        notifications.tell_once(context.connection, f"reader:{xero_id}", problem.message, problem.resolution)
