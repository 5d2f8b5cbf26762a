"""A contact whose details Xero refuses goes without them: they never keep the documents of its party back."""

from __future__ import annotations

from ..accounting.problems import Problem
from ..documents.party.room import WITHOUT, refused_details
from ..xero.records.registry import CONTACT
from .attempts import Attempt
from .members import Member, give_back, row_of

# Words of Xero's by which one detail is recognised; a refusal that names none of them is of all details.
WORDS = {
    "EmailAddress": ("email", "e-mail"),
    "TaxNumber": ("taxnumber", "tax number", "abn", "gst number", "vat number"),
    "Addresses": ("addressline", "addresstype", "postalcode", "postal code", "region", "country", "city"),
}


def goes_without(attempt: Attempt, member: Member, problem: Problem) -> bool:
    """Whether a refused contact is sent again without what was refused of it: the details that Xero's words name, else all of them. Nothing
    was written of it. Part of the caller's transaction."""
    row, details = row_of(attempt, member), list(member.get("details") or [])
    if attempt.kind.xero_object is not CONTACT or not row or not details:
        return False
    said = problem.message.casefold()
    named = [field for field in details if any(word in said for word in WORDS.get(field, ()))]
    before = refused_details(row.get("failing") or "")
    give_back(attempt, member, failing=WITHOUT + " ".join(dict.fromkeys([*before, *(named or ["*"])])))
    return True
