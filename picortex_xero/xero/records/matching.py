"""Comparing elements of Xero's answers and lists with the members of a sealed request: is this the record that was sent?

The token decides (the mark in a Url, a number, the document's name in a text; see `base`), wherever Xero shows it and however Xero has
changed its spelling. Everything else (what it settles, amount, account, date) is compared with what was sent. What Xero does not show
proves nothing either way. Texts that people typed never decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .base import Element, Kind
from .xero_element import NUMBERS, TEXTS, batch_members, compared_fields, errs, fold, gone, mark, money, named_id, record_id, saved, texts

Member = dict[str, Any]
# Fields of markers by the fact that they stand for, where the names differ.
IN_MARKERS = {"ContactID": "Contact", "InvoiceID": "Target", "CreditID": "Target"}


def wanted(kind: Kind, member: Member) -> dict[str, Any]:
    """The facts of what was sent. Members that a former release sealed without facts have those of their marker."""
    if "facts" in member:
        return dict(member["facts"])
    found: dict[str, Any] = {}
    for name, value in member["marker"].items():
        fact = IN_MARKERS.get(name, name)
        if fact == "Target":
            found[fact] = [str(value).casefold()]
        elif fact in ("Total", "Amount"):
            found[fact] = money(value)
        elif fact == "Members":
            found[fact] = sorted([str(invoice).casefold(), money(amount)] for invoice, amount in value)
        elif fact in ("Type", "Contact", "Account", "From", "To", "Date"):
            found[fact] = fold(value)
    return {name: value for name, value in found.items() if value}


# Comparing


@dataclass(frozen=True)
class Sight:
    """How one element compares with one member. `ours`: True where it has the member's token, False where another one, None where none.
    `marked`: the token is the app's mark, which nobody types. `clashes` are the facts that differ, `agrees` those that are shown and equal.
    """

    ours: bool | None
    marked: bool
    clashes: frozenset[str]
    agrees: frozenset[str]

    @property
    def certain(self) -> bool:
        """Whether an element of a list is certainly the member's: it has the token and nothing differs. The app's mark proves it even where
        a person has changed other facts; but two records of one document (the two sides of a transfer) share their mark, and never their
        type."""
        return self.ours is True and (not self.clashes if not self.marked else "Type" not in self.clashes)


def sight(kind: Kind, member: Member, element: Element) -> Sight:
    """Compare one element with one member."""
    want, shown = wanted(kind, member), compared_fields(kind, element)
    both = [name for name in want if name in shown]
    agrees = frozenset(name for name in both if agree(name, want[name], shown[name]))
    marker = member["marker"]
    own, number = mark(marker.get("Url")), marker.get("ContactNumber")
    marked = bool(own and mark(element.get("Url")) == own) or bool(number and fold(element.get("ContactNumber")) == fold(number))
    return Sight(_bears(kind, member, element), marked, frozenset(both) - agrees, agrees)


def agree(name: str, want: Any, shown: Any) -> bool:
    """Whether a fact that was sent is what Xero shows."""
    return set(want) <= set(shown) if name == "Target" else bool(want == shown)


def _near(kind: Kind, member: Member, element: Element, seen: Sight) -> bool:
    """Whether a record of a list may be the member's without certainty, so that a person has to look: it has the token and differs or is
    gone, or it has no token and agrees in everything that counts."""
    if seen.ours is True or member.get("moved"):
        return True
    needed, one_of = kind.xero_object.alike_in, kind.xero_object.alike_in_one_of
    if not (needed or one_of) or seen.clashes or gone(element) or seen.ours is False:
        return False
    return set(needed) <= seen.agrees and (not one_of or bool(set(one_of) & seen.agrees))


def _bears(kind: Kind, member: Member, element: Element) -> bool | None:
    """Whether the element has the member's token (True), another token of that kind (False), or none (None)."""
    marker = member["marker"]
    if kind.undo or kind.revises:
        shown = named_id(element, kind.id_field)
        return shown == str(marker[kind.id_field]).casefold() if shown else None
    verdicts: list[bool | None] = []
    if own := mark(marker.get("Url")):
        shown = mark(element.get("Url"))
        if shown:
            # The mark names the document and its revision; nothing is more certain.
            return shown == own
        verdicts.append(None)
    verdicts += [_same_number(marker[name], element.get(name)) for name in NUMBERS if name in marker]
    verdicts += [_named(kind, member, marker[name], element) for name in TEXTS if name in marker]
    if "Mark" in marker:
        verdicts.append(str(marker["Mark"]).casefold() in fold(element.get("Details")))
    if "Members" in marker:
        # A batch is recognised by what it pays: no other can pay the same amounts of the same invoices.
        shown_members = batch_members(element)
        verdicts.append(wanted(kind, member).get("Members") == shown_members if shown_members else None)
    if kind.xero_object.unmarked:
        # An allocation has no token: one per credit is in flight, and what both sides had left was read just before.
        seen = compared_fields(kind, element)
        verdicts.append(
            "Target" in seen
            and "Amount" in seen
            and all(agree(name, want, seen.get(name, ())) for name, want in wanted(kind, member).items())
            or None
        )
    return True if True in verdicts else False if False in verdicts else None


def _same_number(number: Any, shown: Any) -> bool | None:
    """True or None: another number proves nothing, since people renumber. The caller checks whether it is another document's."""
    return True if isinstance(shown, str) and fold(shown) == fold(number) else None


def _named(kind: Kind, member: Member, text: Any, element: Element) -> bool | None:
    """Whether a text of the element names the member's document and part ("PE-1/2") as a whole word; another part is another record."""
    # Under its name when it was sent: a renamed document has its former name in Xero.
    name, said = fold(member.get("sent_as") or member.get("docname")), fold(text)
    if not name or not said.startswith(name) or kind.xero_object.told_by_whole_text:
        # Where the name does not tell records apart (releases of one invoice), the whole text must agree.
        return True if said and any(fold(each) == said for each in texts(element)) else None
    part = re.match(r"/(\d+)(?!\w)", said[len(name) :])
    found = None
    for each in texts(element):
        for hit in re.finditer(rf"(?<![\w/-]){re.escape(name)}(?:/(\d+))?(?![\w/-])", fold(each)):
            if hit[1] == (part[1] if part else None):
                return True
            found = False
    return found


# Matching a whole answer


@dataclass
class Matched:
    """What an answer says of each member. `found` pairs members with a saved element (and further ones with the same token), `refused` with
    failed ones. `unmatched` members may be any of the saved elements `left`; `silent` members do not appear in the answer."""

    found: list[tuple[Member, Element, list[Element]]] = field(default_factory=list)
    refused: list[tuple[Member, Element]] = field(default_factory=list)
    unmatched: list[Member] = field(default_factory=list)
    left: list[Element] = field(default_factory=list)
    silent: list[Member] = field(default_factory=list)


def match(kind: Kind, members: list[Member], answered: list[Element]) -> Matched:
    """Match the members of a request with the elements of its answer: first by token, then by facts, last by elimination."""
    result = Matched()
    there = each_once(kind, [each for each in answered if saved(kind, each)])
    failed = [each for each in answered if errs(each)]
    open_members = _by_token(kind, list(members), there, result)
    open_members = _by_facts(kind, open_members, there, result)
    open_members = _refusals(kind, open_members, failed, result)
    if there and open_members:
        result.unmatched, result.left = open_members, there
    else:
        result.silent = open_members
    return result


def _by_token(kind: Kind, members: list[Member], there: list[Element], result: Matched) -> list[Member]:
    """Pair by token; removes what it pairs from `there` and returns the members that are still open."""
    still = []
    for member in members:
        # Every member is held against every element: only the token is looked for, the facts where several have it.
        bearing = [each for each in there if _bears(kind, member, each) is True]
        if not bearing:
            still.append(member)
            continue
        best = bearing[0] if len(bearing) == 1 else min(bearing, key=lambda each: len(sight(kind, member, each).clashes))
        result.found.append((member, best, [each for each in bearing if each is not best]))
        for each in bearing:
            there.remove(each)
    return still


def _by_facts(kind: Kind, members: list[Member], there: list[Element], result: Matched) -> list[Member]:
    """Pair each member with the one element that does not differ, if it fits no other member as well: an answer holds only what was
    sent."""
    fitting = [{at for at, each in enumerate(there) if _may_be(sight(kind, member, each))} for member in members]
    still, taken = dict(enumerate(members)), set[int]()
    while True:
        left = {who: fitting[who] - taken for who in still}
        pair = next(
            ((who, min(fits)) for who, fits in left.items() if len(fits) == 1 and sum(fits <= other for other in left.values()) == 1), None
        )
        if pair is None:
            break
        who, at = pair
        result.found.append((still.pop(who), there[at], []))
        taken.add(at)
    there[:] = [each for at, each in enumerate(there) if at not in taken]
    return list(still.values())


def _may_be(seen: Sight) -> bool:
    """Whether neither a fact differs nor another token is there."""
    return seen.ours is not False and not seen.clashes


def _refusals(kind: Kind, members: list[Member], failed: list[Element], result: Matched) -> list[Member]:
    still = []
    for member in members:
        bearing = [each for each in failed if _bears(kind, member, each) is True]
        if len(bearing) == 1:
            result.refused.append((member, bearing[0]))
            failed.remove(bearing[0])
        else:
            still.append(member)
    if len(still) == len(failed) == 1:
        result.refused.append((still.pop(), failed.pop()))
    return still


def listed(kind: Kind, member: Member, elements_: Iterable[Any]) -> tuple[list[Element], list[Element]]:
    """What a list of Xero's has of a member: (certainly its own, for a person to look at). Records that are gone are certain only for a
    member that takes records back."""
    own: list[Element] = []
    near: list[Element] = []
    for each in each_once(kind, [each for each in elements_ if isinstance(each, dict)]):
        seen = sight(kind, member, each)
        if seen.certain and (kind.undo or not gone(each)):
            own.append(each)
        elif _near(kind, member, each, seen):
            near.append(each)
    return own, near


def each_once(kind: Kind, elements: list[Element]) -> list[Element]:
    """The elements, each id once: pages overlap, and an answer may repeat an element."""
    found: dict[str, Element] = {}
    for at, each in enumerate(elements):
        found.setdefault(record_id(kind, each).casefold() or f"without an id {at}", each)
    return list(found.values())
