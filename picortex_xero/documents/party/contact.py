"""Customer or Supplier -> Contact.

A contact is only ever created, never changed. Xero allows a name once among active contacts. An existing contact of that name is linked
where nothing contradicts that it is the same party (see `namesake`); else the document waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, Text, _, term
from ..base import Owner
from ..identity import Identity, contact_number, identity
from ..translation import Translation

NAME_LIMIT = 255
FIELD_LIMIT = 50
PARTIES = ("Customer", "Supplier")
NAME_FIELDS = ("customer_name", "supplier_name", "contact_name", "company_name")


def contact(party: dict[str, Any], instance: str) -> Translation:
    """The Contact element for a Customer or Supplier dict (`customer_name`/`supplier_name`, `email_id`, `tax_id`), or by its name alone for
    what else has a contact: a fee's mapping row (`contact_name`), the company itself (`company_name`).

    Raises Refused where the name cannot be a Xero contact name (255 characters at most, no angle brackets).
    """
    name = party_name(party)
    problems = []
    if not name:
        problems.append(
            Problem(
                "contact-nameless",
                _("{doctype} {name} has no name").format(doctype=term(party["doctype"]), name=party["name"]),
                _("Give {doctype} {name} a name").format(doctype=term(party["doctype"]), name=party["name"]),
            )
        )
    if len(name) > NAME_LIMIT or "<" in name or ">" in name:
        problems.append(
            Problem(
                "contact-name-invalid",
                _('Xero does not take "{name}" as a contact name: at most {most} characters, without {less} and {greater}').format(
                    name=name[:60], most=NAME_LIMIT, less="<", greater=">"
                ),
                _("Shorten or correct the name of {doctype} {name}").format(doctype=term(party["doctype"]), name=party["name"]),
            )
        )
    if problems:
        raise Refused(problems)
    number = contact_number(instance, identity(party))
    body: dict[str, Any] = {"Name": name, "ContactNumber": number}
    if party["doctype"] not in PARTIES:
        return Translation(body, {"ContactNumber": number})
    if email := (party.get("email_id") or "").strip():
        body["EmailAddress"] = email
    if tax_number := (party.get("tax_id") or "").strip():
        body["TaxNumber"] = tax_number[:FIELD_LIMIT]
    return Translation(body, {"ContactNumber": number})


def party_name(party: dict[str, Any]) -> str:
    """The party's display name with single spaces, as Xero stores names."""
    named = next((party[field] for field in NAME_FIELDS if party.get(field)), "")
    return single_spaced(named)


def single_spaced(name: Any) -> str:
    """A name as Xero stores names."""
    return re.sub(r"\s+", " ", str(name or "")).strip()


def same_name(one: Any, other: Any) -> bool:
    """Whether two names are one to Xero: case and spaces aside."""
    return single_spaced(one).casefold() == single_spaced(other).casefold()


def namesake(found: Iterable[dict[str, Any]], translation: Translation) -> dict[str, Any] | None:
    """The Xero contact that already is this party, or None where Xero has no contact of that name or number.

    Adopts one that carries our ContactNumber, or one ACTIVE contact of the same name (case and outer spaces aside) without a
    foreign ContactNumber and without a contradicting tax number. Raises Refused where a namesake exists that is not safe to adopt.
    """
    wanted = translation.body
    alike: list[dict[str, Any]] = []
    for candidate in found:
        if candidate.get("ContactNumber") == wanted["ContactNumber"]:
            return candidate
        if same_name(candidate.get("Name"), wanted["Name"]) and candidate.get("ContactStatus", "ACTIVE") == "ACTIVE":
            alike.append(candidate)
    if not alike:
        return None
    if len(alike) == 1 and not _contradiction(alike[0], wanted):
        return alike[0]
    raise Refused(
        [
            Problem(
                "contact-name-taken",
                _('Xero already has a contact called "{name}", and it is not certain that it is the same one ({why})').format(
                    name=wanted["Name"], why=_contradiction(alike[0], wanted) or _("there are several")
                ),
                _("Correct the name or tax number on one side, so that they agree or differ clearly; then press Retry"),
            )
        ]
    )


def other_party(who: Identity, owners: list[Owner]) -> str:
    """The name of another party of the same DocType that is linked with the contact, or "". A customer and a supplier may share a contact,
    two customers may not; rows of Xero Deduction Mapping may. A link of the same party under its name before a renaming does not count."""
    if who.doctype not in PARTIES:
        return ""
    of_kind = [each for each in owners if each.link.who.doctype == who.doctype and each.link.who != who]
    others = [each.link.who.name for each in of_kind if each.exists or each.link.who.creation != who.creation]
    return others[0] if others else ""


def shared_by_two(party: str, other: str, name: str) -> Problem:
    """Two customers (or two suppliers) have one name, which Xero allows only once: a person has to rename one."""
    return Problem(
        "contact-name-shared",
        _('"{name}" is the contact of {other} in Xero already; {party} has the same name').format(name=name, other=other, party=party),
        _("Give {party} or {other} a name of its own, then press Retry").format(party=party, other=other),
    )


def _contradiction(candidate: dict[str, Any], wanted: dict[str, Any]) -> Text:
    number = candidate.get("ContactNumber") or ""
    # Our own numbers on a namesake: a customer and a supplier of one name share one contact.
    if number and not number.startswith("PC-"):
        return _('it has the contact code "{number}"').format(number=number)
    theirs, ours = _digits(candidate.get("TaxNumber")), _digits(wanted.get("TaxNumber"))
    if theirs and ours and theirs != ours:
        return _("its tax number is {tax_number}").format(tax_number=candidate["TaxNumber"])
    return NONE


def _digits(value: Any) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", value or "").upper()
