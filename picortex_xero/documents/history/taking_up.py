"""What an import of history makes of one document that it comes to: put in the queue, taken up anew, or left as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..identity import Identity
from ..role import Purpose
from ..step import SKIPPED, SUPERSEDED, Step, own_steps
from ..undoing import taken_up_again
from .words import BEFORE_GO_LIVE, WITHDRAWN, WITHOUT_INVOICE

# The roles by which a document gets its own record.
ITS_OWN = ("invoice", "credit", "payment", "journal")
# Why a document that was left out is taken up again all the same.
AGAIN = (BEFORE_GO_LIVE, WITHDRAWN)
RELEASE = "release"


@dataclass(frozen=True)
class TakenUp:
    """`adds`: its first step is added, in this `revision` (a further one where an undo took it back; its former steps are over then). `anew`: the names of steps that are decided anew. Neither: something was decided about it before (it is in Xero,
    or waits, or a person or a rule has left it out), and that stands."""

    adds: bool = False
    revision: int = 1
    anew: tuple[str, ...] = ()


KNOWN = TakenUp()


def taken_up(who: Identity, steps: Iterable[Step], linked: bool) -> TakenUp:
    """What becomes of a submitted document with these steps (of its name); `linked`: a record in Xero stands for it."""
    if linked:
        return KNOWN
    made = [each for each in own_steps(list(steps), who) if each.role.purpose is Purpose.CREATE]
    # What live traffic notes of an older document besides (a release, an allocation) does not bring the document itself.
    own = [each for each in made if each.role.text in ITS_OWN]
    besides = [each for each in made if each.role.text not in ITS_OWN]
    if not own:
        return TakenUp(adds=True, anew=tuple(each.name for each in besides if each.reason_code in (*AGAIN, WITHOUT_INVOICE)))
    if revision := taken_up_again(own):
        return TakenUp(adds=True, revision=revision)
    # A journal that turned out to be a payment has both: the step that the other took the place of says nothing.
    standing = [each for each in own if each.state != SUPERSEDED]
    if any(each.state != SKIPPED for each in standing):
        return KNOWN
    return TakenUp(anew=tuple(each.name for each in (*standing, *besides) if each.reason_code in AGAIN and not each.history))
