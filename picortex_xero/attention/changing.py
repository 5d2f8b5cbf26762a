"""What a choice does about a document that somebody has changed or removed in Xero (change_choices.py says which there are, and what stands in the way).

Nothing is sent from here: to put back only adds a step, for which closed periods, rules and approvals hold as for any other. All part of the caller's
transaction.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.translate import get_user_lang

from ..accounting.texts import _
from ..documents.identity import Identity, identity
from ..documents.picture import picture, stored
from ..documents.removed import EDITED, RECODED, REMOVED, TARGET_GONE, left_out
from ..documents.role import role
from ..documents.step import ASKED, OWED, PUT_BACK
from ..engine import apply, changes, full_names, links, outbox, protocol
from ..engine.changes import Row
from ..engine.clock import now
from ..engine.screen_texts import html, in_words
from ..engine.wake import wake
from ..xero.records.registry import object_at
from . import amending, assigning, change_choices, removed
from .changed_sides import Sides

SAVEPOINT = "picortex_xero_take_over"
CHANGED_HERE = "changed-after-submit"


def take_over(name: str) -> dict[str, Any]:
    """Make the document here what Xero has; returns what was made, `doctype` and `name` ("" for nothing). Throws, with what stands in the way."""
    sides = _sides(name)
    row = sides.row
    _possible(change_choices.take_over(sides))
    compared = changes.as_json(sides.records())
    doc = frappe.get_doc(row["reference_doctype"], row["reference_name"])
    if change_choices.is_gone(row):
        doc.cancel()
        changes.decided(row, changes.TAKEN_OVER, compared=compared)
        changes.say(row, "Chosen", _("{user} cancelled it here, as it was removed in Xero").format(user=full_names.mine()))
        return {"doctype": "", "name": ""}
    draft = _amended(sides, doc)
    changes.decided(row, changes.DRAFT, compared=compared, made_doctype=draft.doctype, made_name=draft.name)
    said = _("{user} took over what Xero has: {name} is the draft of it").format(user=full_names.mine(), name=draft.name)
    changes.say(row, "Chosen", said)
    return {"doctype": draft.doctype, "name": draft.name}


def _amended(sides: Sides, doc: Any) -> Any:
    """Cancel a document, and make the draft that amends it with Xero's values; Xero's record is the draft's from then on."""
    row, wanted = sides.row, change_choices.amended(sides)
    ((link, kept),) = changes.records_of(row).items()
    doc.cancel()
    draft = amending.draft(doc, wanted)
    links.hand_over(link, identity(draft.as_dict()), stored(picture(object_at(kept["endpoint"]), kept["element"])))
    why = _("{name} has taken over what Xero has").format(name=draft.name)
    for step in outbox.steps_of(row["connection"], changes.identity(row)):
        if step["state"] in protocol.UNSENT and not step["kept_by"]:
            apply.supersede(step, why)
    return draft


def put_back(name: str) -> None:
    """Have Xero's record made again what the document is here. Throws, with what stands in the way."""
    sides = _sides(name)
    row = sides.row
    _possible(change_choices.put_back(sides))
    who, connection = changes.identity(row), row["connection"]
    if change_choices.is_gone(row):
        removed.send_again(connection, who)
        step = _newest(connection, who, "again-")
    else:
        steps = outbox.steps_of(connection, who)
        looks = [each for each in steps if each["role"].startswith("recheck-")]
        for each in looks:
            if each["state"] in protocol.UNSENT and each["mark"] != OWED and not each["kept_by"]:
                apply.supersede(each, _("{user} has it put back in Xero as it is here").format(user=full_names.mine()))
        step = outbox.add_sibling(steps[0], f"recheck-{len(looks) + 1}", revision=1, mark=PUT_BACK)
        change_choices.may_go_as_it_is(row)
    changes.decided(row, changes.BEING_PUT_BACK, watched=step["name"])
    changes.say(row, "Chosen", _("{user} has it put back in Xero as it is here").format(user=full_names.mine()))
    frappe.db.after_commit.add(lambda: wake(connection))


def _newest(connection: str, who: Identity, begins: str) -> outbox.Row:
    steps = [each for each in outbox.steps_of(connection, who) if each["role"].startswith(begins)]
    return max(steps, key=lambda each: int(each["role"].rpartition("-")[2]))


def leave(name: str, why: str) -> None:
    """Let both sides be as they are; `why`: the reason, in the user's words."""
    sides = _sides(name)
    row = sides.row
    compared = changes.as_json(sides.records())
    change_choices.leave_as_it_is(row)
    said = left_out(full_names.mine(), why)
    for step in change_choices.waiting(row):
        if change_choices.is_gone(row):
            if step["reason_code"] in (*REMOVED, *TARGET_GONE):
                outbox.move(step, "leave out", said)
        elif step["state"] == protocol.ATTENTION and step["reason_code"] in (EDITED, RECODED):
            outbox.move(step, "retry", due_at=now(), failures=0)
        elif step["reason_code"] == CHANGED_HERE and role(step["role"]).looks_again:
            # As if a person had made in Xero what was changed here.
            outbox.set_columns(step, mark=ASKED)
            outbox.decide_anew(step)
    changes.decided(row, changes.LEFT, why, compared=compared)
    changes.say(row, "Chosen", _("{user} leaves it as it is ({reason})").format(user=full_names.mine(), reason=why))
    connection = row["connection"]
    frappe.db.after_commit.add(lambda: wake(connection))


def tell(name: str, user: str, note: str) -> bool:
    """Give it to somebody to look at; False where he has it already. Throws where he may not decide it."""
    row = _undecided(name)
    about = in_words(_("What was changed of it in Xero waits for a decision"), get_user_lang(user))
    given = assigning.give(row["connection"], row["company"], (changes.DOCTYPE, name), row["reference_name"], about, user, note)
    frappe.db.set_value(changes.DOCTYPE, row["name"], {"state": changes.TOLD, "told_to": user}, update_modified=False)
    return given


def _sides(name: str) -> Sides:
    return Sides(_undecided(name))


def _undecided(name: str) -> Row:
    """The row, locked until the transaction ends: of two people who choose at once one gets his way."""
    row = changes.get(name)
    if row["state"] not in changes.UNDECIDED or not changes.lock(name):
        frappe.throw(html(in_words(_("This is decided already: {state}").format(state=row["state"]))))
    return row


def _possible(choice: change_choices.Choice) -> None:
    if choice.why:
        frappe.throw(html(in_words(choice.why)))
