"""Is this what we sent? Elements of Xero's answers and lists against the members of a sealed request.

What identifies decides: our token (the mark in a Url, a number, the document's name in a text), wherever Xero shows it and however it has
tidied it. Everything else (target, amount, account, date) is compared with what was sent, and what Xero does not show proves nothing either
way. Typed text never decides. Nothing here raises for what an element looks like.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from .kinds import GONE, Kind
from .money import half_up

# What stands for "nothing has changed since": Xero then answers 304 without a body.
NOT_MODIFIED = {"NotModified": True}
EMPTY_ID = "00000000-0000-0000-0000-000000000000"
EPOCH = datetime(1970, 1, 1)
Element = dict[str, Any]
Member = dict[str, Any]
# What a record is called by where it is made, if that is not what its link names: an overpayment is made as a bank transaction.
MADE_AS = {"BankTransactions": "BankTransactionID"}
TARGET_IDS = ("InvoiceID", "CreditNoteID", "OverpaymentID", "PrepaymentID")
# Where a mark or a name of ours may stand in a record.
NUMBERS = ("ContactNumber", "InvoiceNumber", "CreditNoteNumber", "FileName")
TEXTS = ("Reference", "Narration", "Description", "Details")
MARK = re.compile(r"sync=([0-9a-z]+(?:-[0-9a-z]+)*)")


# Reading


def elements(kind: Kind, data: Any) -> list[Element]:
    """The elements of an answer: under the name of the endpoint, under "Elements", under any other name, or the answer itself."""
    if isinstance(data, list):
        return [each for each in data if isinstance(each, dict)]
    if not isinstance(data, dict):
        return []
    for name in (kind.endpoint, "Elements"):
        if found := _listed(data.get(name)):
            return found
    elsewhere = [each for value in data.values() for each in _listed(value) if record_id(kind, each)]
    return elsewhere or ([data] if any(data.get(name) for name in _id_fields(kind)) else [])


def listed_under(endpoint: str, answer: dict[str, Any]) -> list[Any] | None:
    """What a list of an endpoint holds, under its own name, another one or bare; None where the answer holds no list at all."""
    if answer == NOT_MODIFIED:
        return []
    value = answer.get(endpoint, answer.get("Elements"))
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return _listed(value)
    elsewhere = [each for name, held in answer.items() if name != "pagination" for each in _listed(held)]
    return elsewhere or ([answer] if any(name.endswith("ID") and answer[name] for name in answer) else None)


def _listed(value: Any) -> list[Element]:
    """Dicts of a list, or one dict; Xero's lists inside one more wrapper count too."""
    if isinstance(value, dict):
        inner = [each for nested in value.values() if isinstance(nested, list) for each in nested if isinstance(each, dict)]
        return [value, *inner]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def record_id(kind: Kind, element: Element) -> str:
    """The id under which Xero has saved an element, "" where it shows none."""
    return next((found for name in _id_fields(kind) if (found := linked_id(element, name))), "")


def linked_id(element: Element, name: str) -> str:
    """The id in this field; "" for none and for the empty one that errors carry."""
    value = element.get(name)
    return value.strip() if isinstance(value, str) and value.strip() not in ("", EMPTY_ID) else ""


def _id_fields(kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (kind.id_field, MADE_AS.get(kind.endpoint)))))


def errs(element: Element) -> bool:
    """Whether Xero says that it did not save this element."""
    flags = (element.get("HasErrors"), element.get("HasValidationErrors"))
    return fold(element.get("StatusAttributeString")) == "error" or True in flags or bool(element.get("ValidationErrors"))


def saved(kind: Kind, element: Element) -> bool:
    """Whether an element came back with an id and no error: it is in Xero and must never be created again."""
    return bool(record_id(kind, element)) and not errs(element)


def gone(element: Element) -> bool:
    """Whether Xero shows a record as voided or deleted."""
    return fold(element.get("Status")).upper() in GONE


def fold(text: Any) -> str:
    """A text with all that Xero (or a transport) may tidy taken away: entities, percent signs, accents' spelling, controls, case, blanks."""
    if not isinstance(text, str):
        return "" if text is None or isinstance(text, (dict, list)) else str(text)
    plain = unicodedata.normalize("NFKC", unquote(html.unescape(text)))
    visible = "".join(each if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf") else " " for each in plain)
    return " ".join(visible.casefold().split())


def calendar_date(element: Element) -> str:
    """The document date of a Xero element as yyyy-mm-dd: DateString where it is given, else /Date(ms+0000)/, which is midnight UTC
    of the calendar date whatever the organisation's time zone (fact sheet 5, Dates); "" where neither can be read."""
    for name in ("DateString", "Date"):
        text = str(element.get(name) or "")
        if stamp := re.match(r"/Date\((-?\d{1,15})", text):
            return (EPOCH + timedelta(milliseconds=int(stamp[1]))).date().isoformat() if abs(int(stamp[1])) < 10**14 else ""
        if re.match(r"\d{4}-\d\d-\d\d", text):
            return text[:10]
    return ""


def money(value: Any) -> str:
    """An amount as two-decimal text; "" for none and for what is no amount."""
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return ""
    return str(half_up(amount)) if amount.is_finite() and abs(amount) < 10**15 else ""


def _part(element: Element, *names: str) -> Any:
    for name in names:
        element = element.get(name) if isinstance(element, dict) else None  # type: ignore[assignment]
    return element


def _id(element: Element, *names: str) -> str:
    value = _part(element, *names)
    return value.strip().casefold() if isinstance(value, str) else ""


def contact_id(element: Element) -> str:
    """The contact that an element shows, in small letters; "" where it shows none."""
    return _id(element, "Contact", "ContactID")


def _targets(element: Element) -> list[str]:
    """The ids of what a payment or allocation is for, wherever they stand: GET shows the credit note of a refund as its invoice."""
    return sorted({value.strip().casefold() for name, value in _walk(element) if name in TARGET_IDS and isinstance(value, str) and value})


def _walk(value: Any, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Every named value inside an element."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            if depth:
                yield from _walk(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for each in value[:200]:
            yield from _walk(each, depth - 1)


def _members(element: Element) -> list[list[str]]:
    """Invoice and amount of each payment of a batch; [] where one of them is not told."""
    rows = element.get("Payments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    found = [[_id(row, "Invoice", "InvoiceID"), money(row.get("Amount"))] for row in rows]
    return sorted(found) if all(all(row) for row in found) else []


def _line_amounts(element: Element) -> list[str]:
    rows = element.get("JournalLines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    found = [money(row.get("LineAmount")) for row in rows]
    return sorted(found) if all(found) else []


def _bill(element: Element) -> dict[str, Any]:
    return {
        "Type": fold(element.get("Type")), "Contact": contact_id(element), "Total": money(element.get("Total")),
        "Date": calendar_date(element),
    }  # fmt: skip


FACTS: dict[str, Callable[[Element], dict[str, Any]]] = {
    "contact": lambda element: {"Name": fold(element.get("Name"))},
    "Invoices": _bill,
    "CreditNotes": _bill,
    "BankTransactions": lambda element: {**_bill(element), "Account": _id(element, "BankAccount", "AccountID")},
    "ManualJournals": lambda element: {"Date": calendar_date(element), "Lines": _line_amounts(element)},
    "BankTransfers": lambda element: {
        "From": _id(element, "FromBankAccount", "AccountID"), "To": _id(element, "ToBankAccount", "AccountID"),
        "Amount": money(element.get("Amount")), "Date": calendar_date(element),
    },
    "Payments": lambda element: {
        "Target": _targets(element), "Amount": money(element.get("Amount")), "Account": _id(element, "Account", "AccountID"),
        "Date": calendar_date(element),
    },
    "BatchPayments": lambda element: {
        "Members": _members(element), "Account": _id(element, "Account", "AccountID"), "Date": calendar_date(element),
    },
    "Allocations": lambda element: {"Target": _targets(element), "Amount": money(element.get("Amount"))},
}  # fmt: skip
# What a record has to show, and to agree in, before its missing token makes it one that a person has to look at.
AT_LEAST = {
    "Invoices": ("Contact", "Total"),
    "CreditNotes": ("Contact", "Total"),
    "BankTransactions": ("Account", "Total"),
    "ManualJournals": ("Date", "Lines"),
    "BankTransfers": ("Amount",),
    "Payments": ("Amount",),
    "BatchPayments": ("Date",),
    "Allocations": ("Amount",),
}
# Besides AT_LEAST, one of these at the least.
AND_ONE_OF = {
    "BankTransfers": ("From", "To"),
    "Payments": ("Target", "Account"),
    "BatchPayments": ("Account",),
    "Allocations": (),
}
# Named by a marker under another name than the fact it stands for.
IN_MARKERS = {"ContactID": "Contact", "InvoiceID": "Target", "CreditID": "Target"}


def facts(kind: Kind, element: Element) -> dict[str, Any]:
    """What an element (or the body of one) says of its record, by name; what it does not say is not there."""
    read = FACTS.get(kind.name) or FACTS.get(kind.endpoint)
    return {name: value for name, value in read(element).items() if value} if read else {}


def wanted(kind: Kind, member: Member) -> dict[str, Any]:
    """The facts of what was sent. A member that was sealed before facts were kept has those of its marker."""
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
    """How one element looks beside one member: `ours` is True where it bears the member's token, False where another one, None where none;
    `marked` says that the token is our mark, which no typed text can bear; `clashes` are the facts that differ, `agrees` those that are
    shown and equal."""

    ours: bool | None
    marked: bool
    clashes: frozenset[str]
    agrees: frozenset[str]

    @property
    def certain(self) -> bool:
        """Ours in a list: it bears our token, and nothing speaks against it. Our mark proves it whatever a person has changed since; but two
        records of one document (the legs of a transfer) share their mark, never their type."""
        return self.ours is True and (not self.clashes if not self.marked else "Type" not in self.clashes)


def sight(kind: Kind, member: Member, element: Element) -> Sight:
    """Look at one element as the record of one member."""
    want, shown = wanted(kind, member), facts(kind, element)
    both = [name for name in want if name in shown]
    agrees = frozenset(name for name in both if _agree(name, want[name], shown[name]))
    marker = member["marker"]
    mark, number = _mark(marker.get("Url")), marker.get("ContactNumber")
    marked = bool(mark and _mark(element.get("Url")) == mark) or bool(number and fold(element.get("ContactNumber")) == fold(number))
    return Sight(_bears(kind, member, element), marked, frozenset(both) - agrees, agrees)


def _agree(name: str, want: Any, shown: Any) -> bool:
    return set(want) <= set(shown) if name == "Target" else bool(want == shown)


def near(kind: Kind, member: Member, element: Element) -> bool:
    """Whether a record of a list may be the member's, though that is not certain: a person has to look. It bears the token and differs, is
    gone, or is equal in all that counts and bears no token at all."""
    seen = sight(kind, member, element)
    if seen.ours is True:
        return True
    needed, one_of = AT_LEAST.get(kind.endpoint, ()), AND_ONE_OF.get(kind.endpoint, ())
    if kind.name == "contact" or not needed or seen.clashes or gone(element) or seen.ours is False:
        return False
    return set(needed) <= seen.agrees and (not one_of or bool(set(one_of) & seen.agrees))


def _bears(kind: Kind, member: Member, element: Element) -> bool | None:
    """Whether the element bears the member's token (True), another one of that kind (False), or none (None)."""
    marker = member["marker"]
    if kind.undo or kind.revises:
        shown = _id(element, kind.id_field)
        return shown == str(marker[kind.id_field]).casefold() if shown else None
    verdicts: list[bool | None] = []
    if mark := _mark(marker.get("Url")):
        shown = _mark(element.get("Url"))
        if shown:
            # The mark names the document and its revision; nothing else can be more certain.
            return shown == mark
        verdicts.append(None)
    verdicts += [_same_number(marker[name], element.get(name)) for name in NUMBERS if name in marker]
    verdicts += [_named(kind, member, marker[name], element) for name in TEXTS if name in marker]
    if "Mark" in marker:
        verdicts.append(str(marker["Mark"]).casefold() in fold(element.get("Details")))
    if "Members" in marker:
        # A batch is known by what it pays: no other can pay the same amounts of the same invoices beside it.
        shown_members = _members(element)
        verdicts.append(wanted(kind, member).get("Members") == shown_members if shown_members else None)
    if kind.endpoint == "Allocations":
        # Nothing marks an allocation: one is in flight per credit, and what both sides had was read just before.
        seen = facts(kind, element)
        verdicts.append("Target" in seen and "Amount" in seen and all(_agree(name, want, seen.get(name, ())) for name, want in wanted(kind, member).items()) or None)
    return True if True in verdicts else False if False in verdicts else None


def _mark(url: Any) -> str:
    """What follows `sync=` in an address of ours; "" where there is none."""
    found = MARK.search(fold(url))
    return found[1] if found else ""


def _same_number(number: Any, shown: Any) -> bool | None:
    return fold(shown) == fold(number) if isinstance(shown, str) and shown.strip() else None


def _named(kind: Kind, member: Member, text: Any, element: Element) -> bool | None:
    """Whether a text of the element names the member's document and part ("PE-1/2"), as a whole word; another part of it is another record."""
    name, said = fold(member.get("docname")), fold(text)
    if not name or not said.startswith(name) or kind.endpoint == "ManualJournals":
        # Where our name alone does not tell records apart (releases of one invoice), the whole text must be there.
        return True if said and any(fold(each) == said for each in _texts(element)) else None
    part = re.match(r"/(\d+)(?!\w)", said[len(name) :])
    found = None
    for each in _texts(element):
        for hit in re.finditer(rf"(?<![\w/-]){re.escape(name)}(?:/(\d+))?(?![\w/-])", fold(each)):
            if hit[1] == (part[1] if part else None):
                return True
            found = False
    return found


def _texts(element: Element) -> list[str]:
    """The texts of an element in which our names stand, its lines' too."""
    found = [element.get(name) for name in TEXTS]
    rows = element.get("LineItems")
    found += [row.get("Description") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [each for each in found if isinstance(each, str)]


def words(element: Element) -> set[str]:
    """Every word, and every number, by which a record may name a document of ours; parts ("/1") taken off."""
    said = [*_texts(element), *(element.get(name) for name in NUMBERS)]
    return {re.sub(r"/\d+$", "", word) for text in said if isinstance(text, str) for word in text.split()}


# Matching a whole answer


@dataclass
class Matched:
    """What an answer says of each member: `found` pairs them with saved elements (and whether several bear its token), `refused` with
    failed ones. `unmatched` are members that may be any of the saved elements `left`; `silent` are those of which nothing is said."""

    found: list[tuple[Member, Element, bool]] = field(default_factory=list)
    refused: list[tuple[Member, Element]] = field(default_factory=list)
    unmatched: list[Member] = field(default_factory=list)
    left: list[Element] = field(default_factory=list)
    silent: list[Member] = field(default_factory=list)


def match(kind: Kind, members: list[Member], answered: list[Element]) -> Matched:
    """Match the members of a request with the elements of its answer, by token first, then by what was sent, at last by elimination."""
    result = Matched()
    there = [each for each in answered if saved(kind, each)]
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
    """Pairs by token; takes what it pairs out of `there` and returns the members that are still open."""
    still = []
    for member in members:
        bearing = [each for each in there if sight(kind, member, each).ours is True]
        if not bearing:
            still.append(member)
            continue
        best = min(bearing, key=lambda each: len(sight(kind, member, each).clashes))
        result.found.append((member, best, len(bearing) > 1))
        for each in bearing:
            there.remove(each)
    return still


def _by_facts(kind: Kind, members: list[Member], there: list[Element], result: Matched) -> list[Member]:
    """Pairs each member with the one element that nothing speaks against, while that is no other's: an answer holds only what was asked."""
    still = list(members)
    while True:
        fitting = {at: [each for each in there if not sight(kind, member, each).clashes] for at, member in enumerate(still)}
        pair = next(
            ((at, found[0]) for at, found in fitting.items() if len(found) == 1 and sum(found[0] in other for other in fitting.values()) == 1),
            None,
        )
        if pair is None:
            return still
        at, element = pair
        result.found.append((still.pop(at), element, False))
        there.remove(element)


def _refusals(kind: Kind, members: list[Member], failed: list[Element], result: Matched) -> list[Member]:
    still = []
    for member in members:
        bearing = [each for each in failed if sight(kind, member, each).ours is True]
        if len(bearing) == 1:
            result.refused.append((member, bearing[0]))
            failed.remove(bearing[0])
        else:
            still.append(member)
    if len(still) == len(failed) == 1:
        result.refused.append((still.pop(), failed.pop()))
    return still


def listed(kind: Kind, member: Member, elements_: Iterable[Any]) -> tuple[list[Element], list[Element]]:
    """What a list of Xero holds of a member: (certainly its own, for a person to look at). Gone ones are never certain, but where the
    member wants a record gone (an undo)."""
    readable = [each for each in elements_ if isinstance(each, dict)]
    own = [each for each in readable if sight(kind, member, each).certain and (kind.undo or not gone(each))]
    return own, [each for each in readable if each not in own and near(kind, member, each)]
