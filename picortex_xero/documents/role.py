"""The role of a step: what it does for its document, as one word and a number.

A role is stored as a word and a number, and that spelling never changes: "invoice", "payment-2" (the second payment), "void" (take back the
last record of a cancelled document), "void-payment-2" (one of its others), "undo-payment-2" (one record of a document that stands),
"recheck-3" (look at a document again that was changed), "again-1" (a person wants what was removed in Xero entered again), "reversal-1" (credit a cancelled one in the open period), "note-payment-1",
"attachment-<name of the File>", "merged-1", "update-2" (a customer or supplier changed here, and its contact follows).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Purpose(Enum):
    """What kind of thing a step does."""

    CREATE = "create"
    TAKE_BACK = "take back"
    LOOK_AGAIN = "look again"
    SEND_AGAIN = "send again"
    NOTE = "note"
    FILE = "file"
    MERGE = "merge"
    REVERSE = "reverse"
    UPDATE = "update"


TAKES_BACK = ("void", "undo")
CANCEL = "void"
LOOKS_AGAIN = "recheck"
REVERSAL = "reversal"
SENDS_AGAIN = "again"
OTHERS = {
    LOOKS_AGAIN: Purpose.LOOK_AGAIN,
    SENDS_AGAIN: Purpose.SEND_AGAIN,
    "note": Purpose.NOTE,
    "attachment": Purpose.FILE,
    "merged": Purpose.MERGE,
    REVERSAL: Purpose.REVERSE,
    "update": Purpose.UPDATE,
}


@dataclass(frozen=True)
class Role:
    """`text` is the stored spelling. `part` is the record meant ("invoice", "payment"; "" for the last record of a cancelled document) and
    `number` which of several; `head` is the spelling's first word ("void" or "undo" where something is taken back); `about` is what follows
    the first word, as it stands (a file's name, "cancel-invoice-1")."""

    text: str
    purpose: Purpose
    part: str
    number: int
    head: str
    about: str

    @property
    def makes(self) -> bool:
        """Whether it makes a record of its document in Xero: an invoice, a payment, a credit in the open period."""
        return self.purpose in (Purpose.CREATE, Purpose.REVERSE)

    @property
    def takes_back(self) -> bool:
        """Whether a step of this role takes a record back."""
        return self.purpose is Purpose.TAKE_BACK

    @property
    def cancels(self) -> bool:
        """Whether it belongs to the cancel of the whole document."""
        return self.head == CANCEL

    @property
    def reverses(self) -> bool:
        """Whether it credits a cancelled invoice in the open period, since its own period is locked in Xero."""
        return self.purpose is Purpose.REVERSE

    @property
    def looks_again(self) -> bool:
        """Whether it only looks at a document again that was changed."""
        return self.purpose is Purpose.LOOK_AGAIN

    @property
    def sends_again(self) -> bool:
        """Whether it enters again what was removed in Xero, because a person wants that."""
        return self.purpose is Purpose.SEND_AGAIN

    @property
    def says_cancelled(self) -> bool:
        """Whether it is the note that says of a record that its document was cancelled."""
        return self.purpose is Purpose.NOTE and self.about.startswith("cancel-")

    @property
    def is_extra(self) -> bool:
        """Whether it only adds a note or a file to a record that another step made."""
        return self.purpose in (Purpose.NOTE, Purpose.FILE)

    @property
    def in_mark(self) -> str:
        """What the mark of its record says after the document's own (`identity.mark`), where the document has further records with a Url;
        "" for the others."""
        return self.text if self.part in ("fee", "release") else self.part if self.part == "writeoff" else ""

    @property
    def of_party(self) -> bool:
        """Whether it is a customer's or supplier's, which are never submitted."""
        return self.purpose in (Purpose.MERGE, Purpose.UPDATE) or (self.purpose is Purpose.CREATE and self.part == "contact")

    def __str__(self) -> str:
        return self.text


@lru_cache(4096)
def role(text: str) -> Role:
    """The role that is stored as `text`."""
    head, _, about = text.partition("-")
    if head in TAKES_BACK:
        part, _, number = about.rpartition("-")
        return Role(text, Purpose.TAKE_BACK, part, int(number) if number.isdigit() else 1, head, about)
    purpose = OTHERS.get(head, Purpose.CREATE)
    return Role(text, purpose, head, int(about) if about.isdigit() else 1, head, about)


def taken_back(part: str, number: int, cancelled: bool) -> str:
    """The role of the step that takes back the record that is the `number`-th `part` of a document, stored spelling."""
    return f"{'void' if cancelled else 'undo'}-{part}-{number}"
