"""Whether a contact that Xero has already is this party: by what both sides say of it, never by the name alone where something speaks
against it.

Only contacts of the same name come into question, and Xero allows a name once among active ones. What differs without telling two
businesses apart (a private address, another one of the same domain) is joined and said, so that somebody can look at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, Text, _, joined
from . import mail_addresses
from .mail_addresses import addresses
from .tax_numbers import comparable

Element = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What is known here of a party. `number` is the ContactNumber that the app gives it; `country` is the organisation's."""

    name: str
    number: str
    tax_number: str = ""
    emails: tuple[str, ...] = ()
    country: str = ""
    # Ids of contacts (lower case) of which a person has said that they are another one.
    turned_down: tuple[str, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As it is kept beside a sealed request."""
        return asdict(self)


def from_stored(kept: dict[str, Any]) -> Evidence:
    """The reverse of `Evidence.stored`."""
    return Evidence(**{**kept, "emails": tuple(kept["emails"]), "turned_down": tuple(kept.get("turned_down", ()))})


def single_spaced(name: Any) -> str:
    """A name as Xero stores names: on one line."""
    return one_line(name)


def same_name(one: Any, other: Any) -> bool:
    """Whether two names are one to Xero: case and spaces aside."""
    return single_spaced(one).casefold() == single_spaced(other).casefold()


def same_named(found: Iterable[Element], name: str) -> list[Element]:
    """The ACTIVE contacts of this name."""
    return [each for each in found if same_name(each.get("Name"), name) and each.get("ContactStatus", "ACTIVE") == "ACTIVE"]


def is_merged(contact: Element) -> bool:
    """Whether Xero says that a contact went into another one."""
    return bool(contact.get("MergedToContactID")) and contact.get("ContactStatus", "ACTIVE") != "ACTIVE"


def namesake_of(found: Iterable[Element], known: Evidence) -> Element | None:
    """The Xero contact that already is this party, or None where Xero has no contact of that name or number.

    Adopts one that carries our ContactNumber (in any state: its number is used up), or the one ACTIVE contact of the same name to which
    nothing speaks against. Raises Refused where a namesake exists that is not safe to adopt.
    """
    found = list(found)
    if own := next((each for each in found if each.get("ContactNumber") == known.number), None):
        return own
    alike = same_named(found, known.name)
    if not alike:
        return None
    if len(alike) == 1 and not contradiction(alike[0], known):
        return alike[0]
    raise Refused(
        [
            Problem(
                "contact-name-taken",
                _('Xero already has a contact called "{name}", and it is not certain that it is the same one ({why})').format(
                    name=known.name, why=_("there are several") if len(alike) > 1 else contradiction(alike[0], known)
                ),
                _cure(alike, known),
            )
        ]
    )


def is_turned_down(candidate: Element, known: Evidence) -> bool:
    """Whether a person has said of this contact that it is another one."""
    return str(candidate.get("ContactID") or "").casefold() in known.turned_down


def _cure(alike: list[Element], known: Evidence) -> Text:
    if any(is_turned_down(each, known) for each in alike):
        return _("Give one of the two a name of its own, or link it on Match contacts if it is the same one after all; then press Retry")
    if len(alike) == 1 and _other_number(alike[0]):
        return _(
            "Where it is the same one, let both its tax number and its e-mail address agree on both sides; else give one of the two a name of its own; then press Retry"
        )
    return _(
        "Where it is the same one, let its tax number or e-mail address agree on both sides; else give one of the two a name of its own; then press Retry"
    )


def _other_number(candidate: Element) -> str:
    """The contact code that another program, or a person, gave a contact. Our own on a namesake are no such thing: a customer and a supplier of
    one name share one contact."""
    number = str(candidate.get("ContactNumber") or "")
    return "" if number.startswith("PC-") else number


def contradiction(candidate: Element, known: Evidence) -> Text:
    """What speaks against joining, NONE where nothing does: that a person has said so; another tax number; another program's number, unless tax number and e-mail address
    both agree (Xero's screens let nobody change that number, so it cannot be the last word); or addresses of two businesses while no tax
    number agrees."""
    if is_turned_down(candidate, known):
        return _("somebody has said on Match contacts that it is another one")
    theirs, ours = _tax_number(candidate.get("TaxNumber"), known), _tax_number(known.tax_number, known)
    shown = emails_of(candidate)
    same_address = mail_addresses.same_address(known.emails, shown)
    if theirs and ours and theirs != ours:
        return _("its tax number is {tax_number}").format(tax_number=candidate["TaxNumber"])
    if (number := _other_number(candidate)) and not (theirs and ours and same_address):
        return _('it has the contact code "{number}"').format(number=number)
    if theirs and ours:
        return NONE
    if mail_addresses.of_two_businesses(known.emails, shown) and not same_address:
        return _("its e-mail address is {address}").format(address=shown[0])
    return NONE


def joined_because(candidate: Element, known: Evidence) -> Text:
    """For whoever reviews what was joined: what agrees and what differs besides the name."""
    theirs, ours = _tax_number(candidate.get("TaxNumber"), known), _tax_number(known.tax_number, known)
    shown, said = emails_of(candidate), list[Text]()
    if theirs and theirs == ours:
        said.append(_("the tax number agrees"))
    if mail_addresses.same_address(known.emails, shown):
        said.append(_("the e-mail address agrees"))
    elif known.emails and shown:
        said.append(_("the e-mail address is {here} here, {there} in Xero").format(here=known.emails[0], there=shown[0]))
    return joined(", ", said) if said else _("only the name is known on both sides")


def emails_of(contact: Element) -> list[str]:
    """The valid addresses that a contact has in Xero, its contact persons' too."""
    persons = contact.get("ContactPersons")
    holders = [contact, *(each for each in persons if isinstance(each, dict))] if isinstance(persons, list) else [contact]
    typed = [each.get("EmailAddress") for each in holders]
    return list(dict.fromkeys(address for text in typed if isinstance(text, str) for address in addresses(text)[0]))


def _tax_number(number: Any, known: Evidence) -> str:
    return comparable(number, known.country) if isinstance(number, str) else ""
