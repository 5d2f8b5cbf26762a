"""Customer or Supplier -> Contact.

A contact is only created here; where the connection says so, it follows later changes (update.py). Xero allows a name once among active contacts. An existing contact of that name is linked
where nothing contradicts that it is the same party (evidence.py); else the document waits for a person. A detail that Xero does not take
never keeps a document back: the contact goes without it, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, Text, _, joined, term
from ..base import Owner
from ..identity import Identity, contact_number, identity
from ..translation import Translation
from .evidence import Evidence, namesake_of, single_spaced
from .mail_addresses import addresses
from .postal import postal
from .postal import words as in_one_line
from .turned_down import FIELD as TURNED_DOWN

NAME_LIMIT = 255
FIELD_LIMIT = 50
PARTIES = ("Customer", "Supplier")
NAME_FIELDS = ("customer_name", "supplier_name", "contact_name", "company_name")
# What a contact is; all else of it are details.
ESSENTIAL = ("Name", "ContactNumber")


def contact(party: dict[str, Any], instance: str, without: Iterable[str] = ()) -> Translation:
    """The Contact element for a Customer or Supplier dict (`customer_name`/`supplier_name`, `email_id`, `tax_id`), or by its name alone for
    what else has a contact: a fee's mapping row (`contact_name`), the company itself (`company_name`). `without`: details of it that Xero
    has refused, by the names of their fields ("*": all).

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
    body = {"Name": name, "ContactNumber": number, **_details(party)[0]}
    dropped = set(without)
    body = {field: value for field, value in body.items() if field in ESSENTIAL or not dropped & {field, "*"}}
    return Translation(body, {"ContactNumber": number}, noted=_left_out(party, dropped))


def _details(party: dict[str, Any]) -> tuple[dict[str, Any], list[Text]]:
    """The details that Xero takes, and what of the others is left out."""
    if party["doctype"] not in PARTIES:
        return {}, []
    found, out = dict[str, Any](), list[Text]()
    valid, others = addresses(party.get("email_id"))
    if valid:
        found["EmailAddress"] = valid[0]
    out += [_called("EmailAddress", each) for each in (*valid[1:], *others)]
    if tax_number := one_line(party.get("tax_id")):
        if len(tax_number) <= FIELD_LIMIT:
            found["TaxNumber"] = tax_number
        else:
            out.append(_called("TaxNumber", tax_number))
    if found_addresses := postal(party):
        found["Addresses"] = found_addresses
    return found, out


def _called(field: str, text: Any) -> Text:
    words = {
        "EmailAddress": _("the e-mail address {text}"),
        "TaxNumber": _("the tax number {text}"),
        "Addresses": _("the postal address {text}"),
    }
    return words[field].format(text=in_one_line(text) if field == "Addresses" else text)


def _left_out(party: dict[str, Any], dropped: set[str]) -> Text:
    """What of a party's details its contact goes without, in words; NONE where it has all of them."""
    details, out = _details(party)
    out = [*(_called(field, text) for field, text in details.items() if dropped & {field, "*"}), *out]
    if not out:
        return NONE
    return _("The contact of {name} went to Xero without {details}; enter there what is missing").format(
        name=party["name"], details=joined(", ", out)
    )


def evidence(party: dict[str, Any], instance: str, country: str) -> Evidence:
    """What tells whether a contact in Xero is this party: all that was typed, also what Xero would not take."""
    known = party if party["doctype"] in PARTIES else {}
    valid = tuple(addresses(known.get("email_id"))[0])
    turned_down = tuple(party.get(TURNED_DOWN) or ())
    return Evidence(
        party_name(party), contact_number(instance, identity(party)), str(known.get("tax_id") or ""), valid, country, turned_down
    )


def party_name(party: dict[str, Any]) -> str:
    """The party's display name as Xero stores names."""
    named = next((party[field] for field in NAME_FIELDS if party.get(field)), "")
    return single_spaced(named)


def namesake(found: Iterable[dict[str, Any]], translation: Translation, country: str = "") -> dict[str, Any] | None:
    """The Xero contact that already is the party of this element; see `evidence.namesake_of`."""
    wanted = translation.body
    emails = tuple(addresses(wanted.get("EmailAddress"))[0])
    return namesake_of(found, Evidence(wanted["Name"], wanted["ContactNumber"], wanted.get("TaxNumber") or "", emails, country))


def other_party(who: Identity, owners: list[Owner]) -> str:
    """The name of another party of the same DocType that is linked with the contact, or "". A customer and a supplier may share a contact,
    two customers may not (unless somebody has merged theirs in Xero); rows of Xero Deduction Mapping may. A link of the same party under its
    name before a renaming does not count."""
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


def linked_before(name: str, because: Text) -> Text:
    """What the history says of a contact that was in Xero before and was joined, for whoever reviews it."""
    said = _("Linked to the contact {name} that was already in Xero: {because}; check that it is the same one")
    return said.format(name=name, because=because)
