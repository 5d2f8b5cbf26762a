"""Compares a record in Xero with what was sent: does it still stand, with the same total, with the lines that once differed,
and as it was (picture.py)?

This is what Retry does with a step whose record is linked already; nothing is sent. A figure that Xero does not show counts as no
difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, joined, plain
from ..xero.records import lines, xero_element
from ..xero.records.lines import Difference
from ..xero.records.registry import CONTACT, KINDS, object_at
from .base import InXero, Plan, Reads
from .decisions import Decision, Done, Hold, Seen
from .picture import ACCEPTED, ACCEPTING, VERSION, Picture, differences, only_coding, picture
from .picture import stored as stored_picture
from .removed import RECODED, edited, gone_from_xero, not_in_xero
from .step import Link, Step

Doc = dict[str, Any]
# Nobody has approved these in Xero yet: what is wrong there can be put right before it counts.
UNAPPROVED = ("draft", "submitted")
# Problems with which a record is in Xero all the same; people see them and decide.
WARNINGS = ("draft-lines-differ", "lines-not-shown", "chosen-differs")
# So many lines are named; a document may have hundreds.
NAMED = 5
LINE_WORDS = {
    "AccountCode": _("line {number} has the account {there} there, {here} was sent"),
    "TaxType": _("line {number} has the tax type {there} there, {here} was sent"),
    "Tracking": _("line {number} has the tracking {there} there, {here} was sent"),
    "LineAmount": _("line {number} is {there} there, {here} was sent"),
    "TaxAmount": _("line {number} has {there} tax there, {here} was sent"),
}


def chosen_differs(name: str, found: Text) -> Problem:
    """A warning: a person has chosen a record that somebody else had entered in Xero, and it has other figures than the document."""
    return Problem(
        "chosen-differs",
        _("{name} is linked with what somebody else has entered in Xero, and differs from it: {found}").format(name=name, found=found),
        _("Correct whichever is wrong, the record in Xero or {name} here; then press Retry, which takes this warning away").format(
            name=name
        ),
    )


@dataclass(frozen=True)
class Compare(Plan):
    """Compare a linked record with Xero. `expected`: the total it must have, in its own currency; None where it is not known."""

    expected: Decimal | None = None

    def reads(self) -> Reads:
        """The record, or the credit note or advance that the allocation belongs to."""
        assert self.link is not None
        return Reads(records=frozenset([place_of(self.link), *former_contact(self.link)]))

    def decide(self, shown: InXero) -> Decision:
        """Done where the record stands with the expected total; else a person has to look."""
        assert self.link is not None
        element = element_of(self.link, shown.record(*place_of(self.link)))
        was = as_it_has_to_be(self.link, dict(self.link.picture), element, shown)
        # Where no contact was read, another one is left to the reader, which follows merges.
        contact = "" if former_contact(self.link) else str(self.link.picture.get("Contact") or "")
        return compared_with(self.doc["name"], self.link, element, self.expected, was, contact, shown.called)


def former_contact(link: Link) -> list[tuple[str, str]]:
    """The contact that a record had, where Xero has shown another one on it since: it may have been merged into that."""
    former, now = link.picture.get("Contact", ""), link.contact.casefold()
    return [(CONTACT.endpoint, former)] if former and now and former != now else []


def as_it_has_to_be(link: Link, was: Picture, element: dict[str, Any] | None, shown: InXero) -> Picture:
    """The picture with which a record is compared: without its contact where nobody has changed that (whose it is was compared when it was
    sent), or where it was merged. `shown` has what `former_contact` names."""
    for place in former_contact(link):
        if not (element and merged_into(shown.record(*place), xero_element.contact_id(element))):
            return was
    return {name: value for name, value in was.items() if name != "Contact"}


def place_of(link: Link) -> tuple[str, str]:
    """Endpoint and id of the record to read; of an allocation, those of its credit note or advance."""
    home, _, rest = link.endpoint.partition("/")
    return (home, rest.partition("/")[0]) if rest else (home, link.xero_id)


def element_of(link: Link, shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """The element of a link, of an allocation among what its credit shows (`shown`, at `place_of`); None where Xero has none."""
    if link.object == link.endpoint:
        return shown
    rows = [each for each in (shown or {}).get(link.object) or [] if isinstance(each, dict)]
    id_field = object_at(link.endpoint).id_field
    return next((each for each in rows if xero_element.linked_id(each, id_field).casefold() == link.xero_id.casefold()), None)


def merged_into(contact: dict[str, Any] | None, xero_id: str) -> bool:
    """Whether Xero shows a contact as merged into the one with this id."""
    return bool(contact) and xero_element.named_id(contact or {}, "MergedToContactID") == xero_id


def compare_again(step: Step, doc: Doc, link: Link) -> Compare:
    """The plan of comparing a record; the expected total is the one kept in the link's marker."""
    sent = link.marker.get("Amount") or link.marker.get("Total")
    kind = object_at(link.endpoint).made_by
    chain = frozenset({step.who.digest, link.xero_id})
    return Compare(step, doc, kind, chain, xero_id=link.xero_id, link=link, expected=decimal(sent) if sent else None)


def compare_document(step: Step, doc: Doc, link: Link, kind: str) -> Compare:
    """The same for an invoice or credit note; the expected total is the step's amount."""
    return Compare(step, doc, KINDS[kind], frozenset({step.who.digest}), xero_id=link.xero_id, link=link, expected=step.amount)


def compared_with(
    name: str,
    link: Link,
    element: dict[str, Any] | None,
    expected: Decimal | None,
    was: Picture,
    contact: str = "",
    called: Called = NOTHING_CALLED,
) -> Decision:
    """What becomes of the step of a linked record, given `element` as Xero shows it now (None: Xero has no such record); `was` is what it
    has to be like. `contact`: the one it had, where another one cannot be judged here and is left to the reader."""
    if element is None:
        return Decision(Hold((not_in_xero(name),)))
    total, of = xero_element.money(xero_element.worth(element)), object_at(link.endpoint)
    seen = Seen(
        link.name, element.get("Status") or None, decimal(total), decimal(element["AmountDue"]) if element.get("AmountDue") else None
    )
    if xero_element.gone(element):
        return Decision(Hold((gone_from_xero(name, element["Status"]),)), (seen,))
    accepted = bool(was.get(ACCEPTED))
    sent_tax, tax = link.sent.get("tax"), xero_element.money(element.get("TotalTax"))
    if sent_tax is not None and tax and decimal(tax) != decimal(sent_tax):
        return Decision(Hold((tax_differs(name, sent_tax, tax),)), (seen,))
    if accepted or expected is None or (total and decimal(total) == expected):
        now = picture(of, element)
        if contact and now.get("Contact", contact) != contact:
            now["Contact"] = contact
            now.pop(VERSION, None)  # else the reader would take it for what our own request made
        if link.sent:
            return _lines_of(name, link, element, seen, stored_picture({**was, **now}), called)
        accepting = was.pop(ACCEPTING, None)
        if found := differences(was, now):
            said = [edited(name, each, only_coding(was, now)) for each in (differences(was, now, called), found)]
            problem = said[0]
            # A release that showed codes alone may have told it.
            if accepting is None or problem.code != RECODED or accepting not in [str(each.message) for each in said]:
                return Decision(Hold((problem,)), (seen,))
            now[ACCEPTED] = True
        return Decision(Done(), (replace(seen, picture=stored_picture({**was, **now})),))
    if not total:
        what = Problem(
            "total-not-shown", _("Xero shows {name} without its total").format(name=name), _("Compare it in Xero; press Retry in an hour")
        )
        return Decision(Hold((what,)), (seen,))
    return Decision(Hold((different_total(name, expected, total),)), (seen,))


def _lines_of(name: str, link: Link, element: dict[str, Any], seen: Seen, now: str, called: Called) -> Decision:
    """The lines, where they once differed or were not shown (`Link.sent` then has them as they were sent); once they agree, the record is
    watched as it is (`now`, its picture)."""
    found = lines.differences(link.sent.get("lines") or [], element, link.sent.get("amount_types") or "")
    if found is None:
        return Decision(Done(lines_not_shown(name)), (seen,))
    if not found:
        return Decision(Done(), (replace(seen, lines_agree=True, picture=now),))
    problem = different_lines(name, found, xero_element.fold(element.get("Status")), called)
    return Decision(Done(problem) if only_a_warning(problem) else Hold((problem,)), (seen,))


def only_a_warning(problem: Problem | None) -> bool:
    """Whether a record counts as being in Xero although something about it differs, or cannot be seen."""
    return problem is not None and problem.code in WARNINGS


def different_lines(name: str, found: list[Difference], status: str, called: Called = NOTHING_CALLED) -> Problem:
    """The document is in Xero with the same total, but its lines differ. `status` is Xero's, in lower case. A draft is only a warning."""
    said = [_line_words(each, called) for each in found[:NAMED]]
    if len(found) > NAMED:
        said.append(_("and {count} more").format(count=len(found) - NAMED))
    if status in UNAPPROVED:
        return Problem(
            "draft-lines-differ",
            _("{name} is in Xero as a draft, not as it was sent: {found}").format(name=name, found=joined("; ", said)),
            _(
                "Before it is approved: correct these lines in Xero, then press Retry, which compares it again and sends nothing. Where an account, tax type or tracking option is gone from Xero, map to another one under the Xero mappings, so that the next document is right"
            ),
        )
    return Problem(
        "lines-in-xero-differ",
        _("{name} is in Xero with the right total, but not as it was sent: {found}").format(name=name, found=joined("; ", said)),
        _(
            "Correct these lines in Xero, then press Retry, which compares it again and sends nothing; where Xero no longer lets you change it, your accountant moves the amounts there, then press Accept"
        ),
    )


def _line_words(each: Difference, called: Called) -> Text:
    if each.what == "Line":
        if each.number:
            return _("line {number} ({amount}) is not there").format(number=each.number, amount=amount(each.here))
        return _("a line of {amount} was not sent").format(amount=amount(each.there))
    shown = amount if each.what in ("LineAmount", "TaxAmount") else plain
    here, there = (shown(called.coded(each.what, code)) or _("none") for code in (each.here, each.there))
    return LINE_WORDS[each.what].format(number=each.number, here=here, there=there)


def lines_not_shown(name: str) -> Problem:
    """The document is in Xero, but Xero has not shown its lines, so that nobody knows whether they are as they were sent."""
    return Problem(
        "lines-not-shown",
        _("{name} is in Xero; Xero has not shown its lines, so they were not compared").format(name=name),
        _("Press Retry in a while: it reads the record again and sends nothing"),
    )


def tax_differs(name: str, expected: Any, tax: Any) -> Problem:
    """The document is in Xero, with another tax than here: Xero's rate is not the one that was read."""
    return Problem(
        "tax-in-xero-differs",
        _("{name} has {expected} tax here, but {tax} in Xero").format(name=name, expected=amount(expected), tax=amount(tax)),
        _(
            "While nothing is paid of it in Xero: open it there, correct the tax of its lines to the figure here, then press Retry. Once it is paid, or its tax is filed: your accountant puts the difference right there by a document of its own (a credit note where Xero has more, a further invoice or bill where it has less, a journal where only the tax differs), then press Accept"
        ),
    )


def different_total(name: str, expected: Any, total: Any) -> Problem:
    """The document is in Xero, with another total than here."""
    return Problem(
        "total-in-xero-differs",
        _("{name} is {expected} here, but {total} in Xero").format(name=name, expected=amount(expected), total=amount(total)),
        _(
            "Correct it in Xero to the amount here (what was paid or credited of it there has to be removed first), then press Retry. Where your accountant has put the difference right there by a document of its own, press Accept"
        ),
    )
