"""A document that Xero has twice: saying so.

Between the transport's last look at the clock and the operating system's send a worker may be stopped for as long as it likes. If meanwhile
somebody else sends the same document again, Xero may end up with two. It shows where the late answer comes back, or in Xero's lists
(sync.twice).
"""

from __future__ import annotations

from ..core import outbox as protocol
from ..core.problems import Problem
from . import links, log, outbox
from .attempts import Attempt
from .context import Context
from .members import Member, identity_of, link_role

CODE = "twice-in-xero"


def say(context: Context, attempt: Attempt, member: Member, records: list[str]) -> int:
    """Leave the document's step to a person where Xero has these records of it besides the one that is linked; once for as long as it
    stands. Returns 1 where there is something to say. Part of the caller's transaction."""
    who = identity_of(member)
    linked = links.standing(context.connection, who, *link_role(member))
    others = [each for each in records if not linked or each != linked["xero_id"]]
    row = outbox.get(name=member["entry"])
    if not row or not linked or not others or row["reason_code"] == CODE:
        return 0
    problem = Problem(
        CODE,
        f"Xero has {len(others) + 1} live records of {who.name}: {', '.join([linked['xero_id'], *others])}",
        f"Void in Xero the ones that are too many (not {linked['xero_number'] or linked['xero_id']}, which is linked here), then press Retry",
    )
    if row["state"] == protocol.SYNCED:
        outbox.move(row, "doubled", problem)
    else:
        outbox.note(row, reason_code=problem.code, reason=problem.message, cure=problem.cure, told=0)
    log.write(context.connection, member["company"], who, "Twice in Xero", problem.message)
    return 1
