"""Which contacts in Xero may be which customer or supplier, with a score and the reasons, for a person to accept (Match contacts).

What is evidence, and what speaks against it, is said by evidence.py, which also decides when something is sent; here are only the weights, and
names that are nearly the same. What is *sure* here may be linked without looking at each: everything agrees that is known, nothing contradicts,
no other contact comes near, and no other party of the same kind would get the same contact. A contact that Xero has archived is left alone; one
that was merged there stands for the one into which it went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ...accounting.texts import NONE, Text, _, joined
from .evidence import Element, Evidence, contradiction, emails_of, is_turned_down, joined_because, same_name
from .mail_addresses import same_address
from .names import ALIKE, alike, normal
from .tax_numbers import comparable

# The kind of what a contact is found by ("name", "tax"), and what it says.
Key = tuple[str, str]
# Keys of another version were worked out otherwise, and are worked out anew.
KEYS_VERSION = 1
ACTIVE = "ACTIVE"
# What each agreement is worth, in thousandths; several of them together are worth more, and never all.
MARK, TAX, NAME, EMAIL, SAME_WORDS, CODE, NEARLY = 999, 920, 900, 750, 780, 600, 600
SURE = 900
# A contact within so much of the best one makes it doubtful.
NEAR = 250
# Where something speaks against it, a match is never worth more.
DOUBTED = 400
# Of a tax number that agrees, names with less in common are perhaps two branches of one business.
SOME_NAME = 500
MOST_SHOWN = 3
# Names that share a word with more contacts than this are not looked through for nearly the same one.
MOST_ALIKE = 400
LONGEST_CHAIN = 20
BEGINNING = 5


@dataclass(frozen=True)
class XeroContact:
    """A contact as it was last read from Xero. `element` has what Xero says of it (Name, ContactNumber, AccountNumber, TaxNumber, EmailAddress,
    ContactStatus)."""

    xero_id: str
    element: Element
    merged_into: str = ""
    # What it is found by, where that was worked out when it was read (`keys_of`).
    keys: tuple[Key, ...] | None = None

    @property
    def name(self) -> str:
        return str(self.element.get("Name") or "")

    @property
    def active(self) -> bool:
        """Whether documents may name it."""
        return str(self.element.get("ContactStatus") or ACTIVE) == ACTIVE


@dataclass(frozen=True)
class Party:
    """A customer or supplier: DocType, name, and what is known of it here. `codes` are what a person may have typed as its account number in
    Xero."""

    doctype: str
    name: str
    known: Evidence
    codes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.doctype, self.name


@dataclass(frozen=True)
class Match:
    """One contact that may be the party's: `score` from 0 to 100, why, what speaks against it, and whether it is beyond doubt."""

    xero_id: str
    name: str
    score: int
    because: Text
    against: Text
    sure: bool = False
    marked: bool = False


@dataclass
class Contacts:
    """All contacts of an organisation, by what they are found by."""

    by_id: dict[str, XeroContact] = field(default_factory=dict)
    country: str = ""
    _keys: dict[Key, list[str]] = field(default_factory=dict)

    @staticmethod
    def of(contacts: Iterable[XeroContact], country: str) -> Contacts:
        """Ready to be looked through; `country`: the two letters of the organisation's country."""
        found = Contacts({each.xero_id.casefold(): each for each in contacts}, country)
        for xero_id, each in found.by_id.items():
            for key in each.keys or keys_of(each.element, country):
                found._keys.setdefault(key, []).append(xero_id)
        return found

    def stands(self, xero_id: str) -> XeroContact | None:
        """The active contact that this one is now: itself, or where the chain of its merges ends; None where there is none."""
        seen = set[str]()
        while (key := xero_id.casefold()) not in seen and len(seen) < LONGEST_CHAIN:
            seen.add(key)
            one = self.by_id.get(key)
            if one is None or one.active:
                return one
            if not one.merged_into:
                return None
            xero_id = one.merged_into
        return None

    def at(self, key: Key) -> list[str]:
        """The ids of the contacts under a key."""
        return self._keys.get(key, [])


def matches(party: Party, contacts: Contacts, taken: Mapping[str, str], nearly: bool = True) -> list[Match]:
    """The contacts that may be this party's, the likeliest first, three at most. `taken`: by id of a contact (lower case) the other party of the
    same DocType that is linked with it; such a contact is no match. `nearly`: look for names that are nearly the same, too."""
    found: dict[str, Match] = {}
    for xero_id in _candidates(party, contacts, nearly):
        one = contacts.by_id[xero_id]
        now = contacts.stands(xero_id)
        if now is None or now.xero_id.casefold() in taken:
            continue
        if is_turned_down(now.element, party.known) and not is_marked(now, party):
            continue
        match = _match(party, one, now, contacts.country)
        known = found.get(match.xero_id.casefold())
        if match.score and (known is None or known.score < match.score):
            found[match.xero_id.casefold()] = match
    ranked = sorted(found.values(), key=lambda each: (-each.score, each.name, each.xero_id))
    ranked = [*ranked[:1], *(replace(each, sure=False) for each in ranked[1:MOST_SHOWN])]
    if ranked and ranked[0].sure and not ranked[0].marked and any(10 * each.score > 10 * ranked[0].score - NEAR for each in ranked[1:]):
        also = _("{name} is as near").format(name=ranked[1].name)
        ranked[0] = replace(ranked[0], sure=False, against=_with(ranked[0].against, also))
    return ranked


def of_all(parties: Collection[Party], contacts: Contacts, taken: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], list[Match]]:
    """The matches of all these parties (without names that are only nearly the same), by DocType and name. A contact that would be sure for two
    customers, or for two suppliers, is sure for none of them, unless it carries the mark of one. `taken`: as for `matches`, by DocType."""
    found = {each.key: matches(each, contacts, taken.get(each.doctype, {}), nearly=False) for each in parties}
    claims = Counter((key[0], each[0].xero_id) for key, each in found.items() if each and each[0].sure)
    marked = {(key[0], each[0].xero_id) for key, each in found.items() if each and each[0].marked}
    for key, each in found.items():
        claim = each and (key[0], each[0].xero_id)
        if claim and each[0].sure and not each[0].marked and (claims[claim] > 1 or claim in marked):
            against = _with(each[0].against, _("it fits others here as well"))
            found[key] = [replace(each[0], sure=False, against=against), *each[1:]]
    return found


def is_marked(contact: XeroContact, party: Party) -> bool:
    """Whether a contact carries the number that the app gives this party: then it is the party's, whatever anybody says."""
    return contact.element.get("ContactNumber") == party.known.number


def keys_of(element: Element, country: str) -> Iterable[Key]:
    """What a contact is found by."""
    name = normal(element.get("Name"))
    yield "name", name
    for code in {str(element.get(each) or "").strip().casefold() for each in ("ContactNumber", "AccountNumber")} - {""}:
        yield "code", code
    if number := comparable(element.get("TaxNumber") or "", country):
        yield "tax", number
    for address in emails_of(element):
        yield "email", address.casefold()
    for word in set(name.split()):
        yield "word", word
    yield "beginning", name.replace(" ", "")[:BEGINNING]


def _candidates(party: Party, contacts: Contacts, nearly: bool) -> list[str]:
    known, name = party.known, normal(party.known.name)
    keys = [("name", name), ("code", known.number.casefold()), *(("code", each.strip().casefold()) for each in party.codes if each.strip())]
    if number := comparable(known.tax_number, contacts.country):
        keys.append(("tax", number))
    keys += [("email", address.casefold()) for address in known.emails]
    found = dict.fromkeys(xero_id for key in keys for xero_id in contacts.at(key))
    if nearly and not found:
        few = [each for word in name.split() if 0 < len(each := contacts.at(("word", word))) <= MOST_ALIKE]
        few += [each for each in [contacts.at(("beginning", name.replace(" ", "")[:BEGINNING]))] if len(each) <= MOST_ALIKE]
        near = dict.fromkeys(xero_id for each in few for xero_id in each)
        found |= dict.fromkeys(each for each in near if alike(name, normal(contacts.by_id[each].name)) >= ALIKE)
    return list(found)


def _match(party: Party, one: XeroContact, now: XeroContact, country: str) -> Match:
    """How well a contact fits; `now` is the contact that it is today, where it was merged in Xero."""
    known, element = party.known, one.element
    said = list[Text]()
    worth = list[int]()
    marked = is_marked(one, party)
    near = alike(normal(known.name), normal(one.name))
    theirs, ours = comparable(element.get("TaxNumber") or "", country), comparable(known.tax_number, country)
    codes = {str(element.get(each) or "").strip().casefold() for each in ("AccountNumber", "ContactNumber")} - {""}
    if marked:
        worth.append(MARK)
        said.append(_("it carries the mark of {party}").format(party=party.name))
    if same_name(one.name, known.name):
        worth.append(NAME)
        said.append(_("the same name"))
    elif near == 1000:
        worth.append(SAME_WORDS)
        said.append(_("the same name but for the legal form and signs"))
    elif near >= ALIKE:
        worth.append(NEARLY * near // 1000)
        said.append(_("nearly the same name"))
    if theirs and theirs == ours:
        worth.append(TAX)
        said.append(_("the tax number agrees"))
    if same_address(known.emails, emails_of(element)):
        worth.append(EMAIL)
        said.append(_("the e-mail address agrees"))
    if codes & {each.strip().casefold() for each in party.codes if each.strip()}:
        worth.append(CODE)
        said.append(_("it has the code {code}").format(code=next(each for each in party.codes if each.strip().casefold() in codes)))
    against = NONE if marked else contradiction(element, known)
    rest = 1000
    for each in worth:
        rest = rest * (1000 - each) // 1000
    score = min(1000 - rest, DOUBTED) if against else 1000 - rest
    if now is not one:
        said.append(_("{name} was merged into it in Xero").format(name=one.name))
    sure = score >= SURE and not against and (marked or near >= SOME_NAME) and (marked or near == 1000 or len(worth) > 1)
    return Match(now.xero_id, now.name, score // 10, joined(", ", said) if said else NONE, against, sure, marked)


def _with(text: Text, more: Text) -> Text:
    return joined("; ", [text, more]) if text else more


def differences(party: Party, contact: XeroContact) -> Text:
    """For whoever reviews a link: what agrees and what differs besides the name (evidence.py says it, as when something is sent)."""
    return joined_because(contact.element, party.known)
