"""Notes in the history of a record in Xero: which records get one, and what it says.

A note has 2,500 characters at most and can be added but never changed; these endpoints take one (Xero's developer documentation, History
and Notes). Some connectors still assume 250 characters, so what matters, our mark included, comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..documents.identity import Identity, form_address, note_mark
from ..documents.translation import Translation
from ..xero.records.registry import object_at

LONGEST = 2500
OFF, WITHOUT_LINK, EVERY = "Off", "Where Xero has no link", "Every document"
HEAD, CANCEL = "note-", "note-cancel-"


@dataclass(frozen=True)
class About:
    """What a note step is about: the link by role and sequence, and whether it says "cancelled"."""

    role: str
    sequence: int
    cancelled: bool


def step_role(about: About) -> str:
    """The role of a note's step: "note-payment-2", "note-cancel-invoice-1"."""
    return f"{CANCEL if about.cancelled else HEAD}{about.role}-{about.sequence}"


def about(step: str) -> About:
    """What the step of this role is about; the reverse of `step_role`."""
    role, _, number = step.removeprefix(CANCEL).removeprefix(HEAD).rpartition("-")
    return About(role, int(number), step.startswith(CANCEL))


def wanted(setting: str, endpoint: str, has_link: bool) -> bool:
    """Whether a record at `endpoint` gets notes under a connection's `setting`; `has_link` says whether Xero shows our address there."""
    noted = object_at(endpoint)
    if not noted.takes_notes or setting not in (WITHOUT_LINK, EVERY):
        return False
    return setting == EVERY or not (noted.shows_link and has_link)


def note(
    who: Identity,
    role: str,
    revision: int,
    instance: str,
    site_url: str,
    person: str,
    on: Any,
    sent: Any,
    agreed: Iterable[tuple[str, str, Any]] = (),
) -> Translation:
    """One note. `person` entered (or cancelled) the document at `on`; `sent` is when it went to Xero; both in the site's time. `agreed`: who agreed before it went, in whose place ("": his own), and when."""
    mark = note_mark(instance, who, role, revision)
    if about(role).cancelled:
        said = f"Cancelled in PiCortex: {who.doctype} {who.name}, by {person} on {_day(on)}"
    else:
        said = f"Entered in PiCortex as {who.doctype} {who.name} by {person} on {_day(on)}, sent {_minute(sent)}"
        approved = ", ".join(
            f"{by} on {_day(at)}" if not absent else f"{by} on behalf of {absent} on {_day(at)}" for by, absent, at in agreed
        )
        said += f"; approved by {approved}" if approved else ""
    address = form_address(site_url, who)
    mark_and_address = f" [{mark}]" + (f"; {address}" if address else "")
    return Translation({"Details": said[: LONGEST - len(mark_and_address)] + mark_and_address}, {"Mark": mark})


def _day(moment: Any) -> str:
    return str(moment)[:10]


def _minute(moment: Any) -> str:
    return str(moment)[:16]
