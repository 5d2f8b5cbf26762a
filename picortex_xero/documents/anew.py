"""A document that is in Xero, decided anew: what would it become today, and what of that does Xero have otherwise?

By this, what a former release or a wrong choice has sent is found. Nothing is written and nothing is asked of Xero: the caller shows the records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from ..accounting.called import Called
from ..accounting.exchange import RATE_DECIMALS
from ..accounting.money import ZERO, decimal, half_up, plain
from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..xero.records import lines, matching, xero_element
from ..xero.records.base import Kind as RequestKind
from ..xero.records.registry import KINDS, object_at
from .base import Books, Doc
from .fact_types import LINKS, SETTLED_BY, STEPS
from .identity import Identity, identity
from .invoice import deferred
from .needs import Facts, Needs
from .picture import ACCEPTED, differences, picture
from .preview import Previewed, preview
from .preview_facts import made_up_id
from .role import REVERSAL, role
from .rules.rule import NO_RULES
from .settlement.contact_now import contact_name
from .step import PENDING, SYNCED, Link, own_steps

Element = dict[str, Any]
Load = Callable[[Needs, Facts], None]
PARTY_NAMES = ("customer_name", "supplier_name", "party_name", "party")
SEND = "Send"


class Kind(str, Enum):
    """What differs. The values are stored and stay."""

    GONE = "Gone in Xero"
    CANCELLED = "Cancelled Here"
    HELD = "Held Today"
    NOT_SENT = "Not Sent Today"
    MISSING = "Not in Xero"
    MORE = "More in Xero"
    CONTACT = "Contact"
    DATE = "Date"
    CURRENCY = "Currency"
    AMOUNT = "Amount"
    TAX = "Tax"
    TAX_TYPE = "Tax Type"
    ACCOUNT = "Account"
    TRACKING = "Tracking"
    BANK = "Bank Account"
    SETTLED = "What It Settles"
    NOT_COMPARED = "Not Compared"


@dataclass(frozen=True)
class Finding:
    """One difference of one record: `here` as it would be today, `there` as Xero has it; `why` where the document would not go today."""

    kind: Kind
    part: str
    number: int
    here: str = ""
    there: str = ""
    why: Problem | None = None


# What the facts and the lines that are compared are called (xero/records).
FACTS = {
    "Contact": Kind.CONTACT, "Date": Kind.DATE, "Total": Kind.AMOUNT, "Amount": Kind.AMOUNT, "Members": Kind.SETTLED, "Target": Kind.SETTLED,
    "Account": Kind.BANK, "From": Kind.BANK, "To": Kind.BANK, "Lines": Kind.AMOUNT,
}  # fmt: skip
LINES = {
    "AccountCode": Kind.ACCOUNT, "TaxType": Kind.TAX_TYPE, "TaxAmount": Kind.TAX, "Tracking": Kind.TRACKING, "LineAmount": Kind.AMOUNT,
    "Line": Kind.AMOUNT,
}  # fmt: skip
# Of these the codes, or the ids, are compared; what they are called as.
CODES = {Kind.ACCOUNT: "AccountCode", Kind.BANK: "AccountCode", Kind.TAX_TYPE: "TaxType"}


def anew(doc: Doc, books: Books, load: Load) -> list[Previewed]:
    """What a submitted document would become if nothing of it had been sent yet, whatever the go-live date is now."""
    who, own = identity(doc), (doc["doctype"], doc["name"])
    known = Facts()
    load(STEPS.of([own]), known)
    steps = own_steps(known.get(STEPS, own), who)
    standing = {each.role for each in deferred.standing(steps)}
    released = [each for each in steps if each.state == SYNCED and each.role.text in standing]

    def bring(needs: Needs, facts: Facts) -> None:
        load(needs, facts)
        _forget(who, facts)

    return preview(
        doc,
        replace(books, go_live_date="", hold_money=False, rules=NO_RULES),
        bring,
        [replace(each, state=PENDING, revision=1) for each in released],
    )


def _forget(who: Identity, facts: Facts) -> None:
    """Take the document's own steps and records out of what is known."""
    facts.add(LINKS, {named: [each for each in links if each.who != who] for named, links in facts.each(LINKS).items()})
    facts.add(STEPS, {named: [each for each in steps if each.who != who] for named, steps in facts.each(STEPS).items()})
    facts.add(SETTLED_BY, {place: [each for each in links if each.who != who] for place, links in facts.each(SETTLED_BY).items()})


def compared(
    who: Identity, decided: list[Previewed], linked: list[tuple[Link, Element | None]], own: Sequence[Link] = (), opening: bool = False
) -> list[Finding]:
    """What differs between a document as it would be today and its records as Xero shows them (None: Xero has no such record any more).
    `own` are all of its links: what settles the document itself would pay a record of it that is there already. `opening`: it is an opening document, of
    which only what is still open would go."""
    mine = {_place(each.role): _there_already(each, who, own) for each in decided if each.who == who}
    _numbered_as(mine, linked)
    paid = [each for each in mine.values() if each.outcome == SEND and each.body and _is_payment(KINDS[each.kind])]
    advance = any(link.live and object_at(link.endpoint).is_advance for link in own)
    found: list[Finding] = []
    for link, element in linked:
        today = mine.pop((link.part, link.number), None)
        if opening and link.was_there_before and today and element and _paid_there(today, element):
            continue
        found += _as_advance(link, element, paid) if advance and paid and _of_advance(link) else _of_record(link, today, element)
    rest = [(place, each) for place, each in mine.items() if each.outcome == SEND and not (advance and each in paid)]
    return found + [Finding(Kind.MISSING, part, number, here=_worth(each.body or {})) for (part, number), each in rest]


def _paid_there(today: Previewed, element: Element) -> bool:
    """Whether what an opening document's own record in Xero, with lines of its own, has more than is open here was paid or credited there."""
    paid = decimal(element.get("AmountPaid")) + decimal(element.get("AmountCredited"))
    return today.total is not None and not xero_element.gone(element) and ZERO <= decimal(element.get("Total")) - today.total <= paid


def _numbered_as(mine: dict[tuple[str, int], Previewed], linked: list[tuple[Link, Element | None]]) -> None:
    """Give allocations of today the numbers under which Xero has them: by the document that they are taken off. One that was taken back and made
    again has a later number. Changes `mine`."""
    for link, element in linked:
        place, target = (link.part, link.number), _target(element or {})
        if not link.live or not target or place in mine or not object_at(link.endpoint).nested:
            continue
        taken = {(one.part, one.number) for one, shown in linked if one.live and shown is not None}
        same = [at for at, each in mine.items() if at[0] == link.part and at not in taken and _target(each.body or {}) == target]
        if same:
            mine[place] = mine.pop(same[0])


def _target(element: Element) -> str:
    found = element.get("Invoice")
    return xero_element.linked_id(found, "InvoiceID").casefold() if isinstance(found, dict) else ""


def _is_payment(kind: RequestKind) -> bool:
    """Whether it settles documents by itself: an advance that is allocated does so by its allocations."""
    return kind.xero_object.settles and not kind.nested


def _there_already(today: Previewed, who: Identity, own: Sequence[Link]) -> Previewed:
    """With the ids of the document's own records in place of the made-up ones of a preview."""
    if today.body is None or not own:
        return today
    known = {made_up_id(who, each.part, each.number, 1): each.xero_id for each in sorted(own, key=lambda each: (each.live, each.revision))}
    text = json.dumps(today.body, default=str)
    if not any(made_up in text for made_up in known):
        return today
    return replace(today, body=_exchanged(today.body, known))


def _exchanged(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _exchanged(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [_exchanged(each, known) for each in value]
    return known.get(value, value) if isinstance(value, str) else value


def _of_advance(link: Link) -> bool:
    of = object_at(link.endpoint)
    return of.is_advance or (of.nested and object_at(link.endpoint.partition("/")[0]).is_advance)


def _as_advance(link: Link, element: Element | None, paid: list[Previewed]) -> list[Finding]:
    """Money that would be a payment today, and came to Xero before it was allocated: there it is an advance that is allocated, which is the
    same where the sum and what it settles are."""
    at = (link.part, link.number)
    if element is None or xero_element.gone(element):
        return _gone(link, element)
    if object_at(link.endpoint).is_advance:
        here = xero_element.money(sum((_moved(each.body or {}) for each in paid), ZERO))
        return [] if here == _worth(element) else [Finding(Kind.AMOUNT, *at, here=here, there=_worth(element))]
    targets = {each.casefold() for today in paid for each in _settled_by(today)}
    settles = _target(element)
    return [] if not settles or settles in targets else [Finding(Kind.MORE, *at, there=_worth(element))]


def _moved(body: Element) -> Decimal:
    """What a payment moves, or all payments of a batch."""
    return sum((decimal(each.get("Amount")) for each in body.get("Payments") or [body]), ZERO)


def _settled_by(today: Previewed) -> list[str]:
    bodies = [today.body or {}, *[each for each in (today.body or {}).get("Payments") or [] if isinstance(each, dict)]]
    return [
        str(each["Invoice"]["InvoiceID"]) for each in bodies if isinstance(each.get("Invoice"), dict) and each["Invoice"].get("InvoiceID")
    ]


def _gone(link: Link, element: Element | None) -> list[Finding]:
    return [Finding(Kind.GONE, link.part, link.number, there=str((element or {}).get("Status") or ""))] if link.live else []


def _of_record(link: Link, today: Previewed | None, element: Element | None) -> list[Finding]:
    at = (link.part, link.number)
    if element is None or xero_element.gone(element):
        return _gone(link, element)
    if today is None:
        return [Finding(Kind.MORE, *at, there=_worth(element))]
    if today.outcome != SEND or today.body is None:
        problem = next(iter(today.problems), None)
        kind = Kind.HELD if today.outcome == "Hold" else Kind.NOT_SENT
        return [Finding(kind, *at, there=_worth(element), why=problem)]
    if KINDS[today.kind].xero_object is not object_at(link.endpoint):
        return [Finding(Kind.MORE, *at, here=KINDS[today.kind].name, there=_worth(element))]
    lines_differ = [] if _accepted(link, element) else _lines(at, today, element)
    return [*_facts(at, today, element), *_figures(at, today, element), *lines_differ]


def _accepted(link: Link, element: Element) -> bool:
    """Whether a person has accepted the coding that the record has in Xero."""
    return bool(link.picture.get(ACCEPTED)) and not differences(link.picture, picture(object_at(link.endpoint), element))


def _facts(at: tuple[str, int], today: Previewed, element: Element) -> list[Finding]:
    """Contact, date, amount, what is settled, bank account: as far as both sides show them."""
    kind = KINDS[today.kind]
    want, shown = xero_element.compared_fields(kind, today.body or {}), xero_element.compared_fields(kind, element)
    found = []
    for name in want.keys() & shown.keys() & FACTS.keys():
        # The id of a record that would be created today says nothing.
        if not matching.agree(name, want[name], shown[name]) and "new-" not in str(want[name]):
            found.append(Finding(FACTS[name], *at, here=_said(want[name]), there=_said(shown[name])))
    return sorted(found, key=lambda each: each.kind.value)


def _figures(at: tuple[str, int], today: Previewed, element: Element) -> list[Finding]:
    """Total, tax, currency and rate."""
    body, found = today.body or {}, []
    for kind, name, here in ((Kind.AMOUNT, "Total", today.total), (Kind.TAX, "TotalTax", today.tax)):
        there = xero_element.money(element.get(name))
        if here is not None and there and decimal(there) != here:
            found.append(Finding(kind, *at, here=xero_element.money(here), there=there))
    if body.get("CurrencyCode") and element.get("CurrencyCode") and body["CurrencyCode"] != element["CurrencyCode"]:
        found.append(Finding(Kind.CURRENCY, *at, here=str(body["CurrencyCode"]), there=str(element["CurrencyCode"])))
    rates = [decimal(each.get("CurrencyRate")) for each in (body, element)]
    if all(rates) and half_up(rates[0], RATE_DECIMALS) != half_up(rates[1], RATE_DECIMALS):
        found.append(Finding(Kind.CURRENCY, *at, here=f"{plain(rates[0]):f}", there=f"{plain(rates[1]):f}"))
    return found


def _lines(at: tuple[str, int], today: Previewed, element: Element) -> list[Finding]:
    body = today.body or {}
    differing = lines.differences(lines.sent_lines(body), element, str(body.get("LineAmountTypes") or ""))
    if differing is None:
        return [Finding(Kind.NOT_COMPARED, *at)]
    return [Finding(LINES[each.what], *at, here=each.here, there=each.there) for each in differing]


def _place(text: str) -> tuple[str, int]:
    found = role(text)
    return found.part, found.number


def _worth(element: Element) -> str:
    return xero_element.money(xero_element.worth(element))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value)
    return str(value)


def cancelled(linked: list[tuple[Link, Element | None]]) -> list[Finding]:
    """Of a document that is cancelled or deleted here: the records that still stand in Xero. The credit note that takes an invoice off in an
    open period is to stand."""
    standing = [
        (link, element)
        for link, element in linked
        if link.live and link.part != REVERSAL and element is not None and not xero_element.gone(element)
    ]
    return [Finding(Kind.CANCELLED, link.part, link.number, there=_worth(element)) for link, element in standing]


def in_names(finding: Finding, doc: Doc, element: Element | None, called: Called) -> Finding:
    """The finding with names in place of what only programs know: of contacts, accounts and tax rates, as far as they are known."""
    if coded := CODES.get(finding.kind):
        return replace(finding, here=called.coded(coded, finding.here), there=called.coded(coded, finding.there))
    if finding.kind is not Kind.CONTACT:
        return finding
    party = next((str(doc[field]) for field in PARTY_NAMES if doc.get(field)), finding.here)
    return replace(finding, here=party, there=contact_name(element or {}) or finding.there)


def cure(finding: Finding, name: str, settled: bool) -> Text:
    """What a person does about it. `settled`: something was paid of the record or credited to it in Xero."""
    match finding.kind:
        case Kind.GONE:
            return _("See who removed it in Xero. Where it belongs there, open {name} here and press Send Again, else Leave It Out").format(
                name=name
            )
        case Kind.CANCELLED:
            return _("Open {name} here and see what stops its cancel").format(name=name)
        case Kind.MISSING:
            return _("Open {name} here and press Retry").format(name=name)
        case Kind.MORE:
            return _("Look at it in Xero: where nothing in {name} stands for it, remove it there").format(name=name)
        case Kind.HELD | Kind.NOT_SENT:
            reason = finding.why.resolution if finding.why and finding.why.resolution else _("see why on {name}").format(name=name)
            return _("Compare the record in Xero with {name}, which would not go like this today: {reason}").format(
                name=name, reason=reason
            )
        case Kind.NOT_COMPARED:
            return finding.why.resolution if finding.why else _("Xero showed no lines; compare them there by hand")
        case Kind.CONTACT:
            return _(
                "Where {here} and {there} are one in Xero, merge {there} into {here} there; else give the record in Xero the contact {here}, or correct {name} here"
            ).format(here=finding.here, there=finding.there, name=name)
    here = finding.here or _("nothing")
    if settled:
        return _(
            "It is paid or credited in Xero, where amounts and taxes can then not be changed: enter a credit note for the difference there, or cancel {name} and its payments here and amend it ({here})"
        ).format(name=name, here=here)
    return _("Correct it in Xero to what it is here: {here}").format(here=here)
