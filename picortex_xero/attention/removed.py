"""What a person decides about a document whose record was removed or changed in Xero: send it again, leave it out, accept what Xero shows.

Nothing is sent from here: Send again only adds a step, which first reads the record once more (documents/send_again.py).
"""

from __future__ import annotations

import frappe

from ..accounting.texts import Text, _
from ..documents.identity import Identity
from ..documents.picture import ACCEPTED, stored
from ..documents.removed import ACCEPTABLE, OUT, RECODED, REMOVED, TARGET_GONE, left_out
from ..documents.role import SENDS_AGAIN
from ..engine import changes, full_names, links, log, outbox, protocol, release, screen_texts
from ..engine.clock import now
from ..engine.outbox import Row
from ..engine.wake import wake
from ..xero.records.registry import is_extra


def choices(steps: list[Row], cancelled: bool) -> dict[str, bool]:
    """Which buttons a document's form shows."""
    may = not cancelled and not any(_sends_again(each) and each["state"] in protocol.UNFINISHED for each in steps)
    return {
        "can_send_again": may and any(_is_removed(each) or each["reason_code"] in OUT for each in steps),
        "can_leave_out": may and any(_may_be_left_out(each) for each in steps),
        "can_accept": not cancelled and any(_may_be_accepted(each) for each in steps),
    }


def send_again(connection: str, who: Identity) -> int:
    """Ask for the document to be entered again in Xero; returns 1, or 0 where nothing of it is gone or that was asked already. Part of the
    caller's transaction."""
    steps = outbox.steps_of(connection, who)
    if not choices(steps, False)["can_send_again"]:
        return 0
    removed = next(each for each in steps if _is_removed(each) or each["reason_code"] in OUT)
    number = 1 + sum(_sends_again(each) for each in steps)
    # Whoever wants it in Xero again wants its money there.
    step = outbox.add_sibling(removed, f"{SENDS_AGAIN}-{number}", revision=1, **release.released())
    changes.by_button(connection, who, changes.BEING_PUT_BACK, watched=step["name"])
    _said(removed, "Retry", _("{user} pressed Send again"))
    return 1


def leave_out(connection: str, who: Identity) -> int:
    """Skip the steps whose record is gone, or that were held because what they settle is gone; returns how many. Part of the caller's
    transaction."""
    found = [each for each in outbox.steps_of(connection, who) if _may_be_left_out(each)]
    why = {each["name"]: left_out(full_names.mine(), screen_texts.shown(each["reason"])) for each in found}
    moved = [each for each in found if outbox.move(each, "leave out", why[each["name"]])]
    for each in moved:
        _said(each, "Chosen", _("{user} left it out of Xero"))
    if moved:
        changes.by_button(connection, who, changes.LEFT)
    return len(moved)


def accept(connection: str, who: Identity) -> int:
    """Take the coding that people were told of for what it has to be, and compare once more; where Xero had something else than was sent, take all
    of it; returns how many steps. Part of the caller's transaction."""
    found = [each for each in outbox.steps_of(connection, who) if _may_be_accepted(each)]
    for each in found:
        part, _dash, number = each["role"].partition("-")
        if linked := links.standing(connection, who, part, int(number or 1), int(each["generation"])):
            if each["reason_code"] == RECODED:
                links.accepting(linked["name"], screen_texts.shown(each["reason"]))
            else:
                links.seen(linked["name"], remote_picture=stored({ACCEPTED: True}), sent_lines="")
        if outbox.move(each, "retry", due_at=now(), failures=0):
            _said(each, "Retry", _("{user} accepted what Xero shows"))
    if found:
        changes.by_button(connection, who, changes.LEFT)
    return len(found)


def _said(step: Row, event: str, what: Text) -> None:
    log.write(step["connection"], step["company"], outbox.identity(step), event, what.format(user=full_names.mine()))
    connection = step["connection"]
    frappe.db.after_commit.add(lambda: wake(connection))


def _sends_again(step: Row) -> bool:
    return bool(step["role"].startswith(f"{SENDS_AGAIN}-"))


def _is_removed(step: Row) -> bool:
    return step["state"] == protocol.ATTENTION and step["reason_code"] in REMOVED and not step["kept_by"]


def _may_be_left_out(step: Row) -> bool:
    held = step["state"] == protocol.HELD and step["reason_code"] in TARGET_GONE
    return (_is_removed(step) or held) and not is_extra(step["role"])


def _may_be_accepted(step: Row) -> bool:
    return step["state"] == protocol.ATTENTION and step["reason_code"] in ACCEPTABLE and not step["kept_by"]
