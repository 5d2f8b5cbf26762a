"""How a play of two people is judged: from the documents of the host and the simulator's own rows, without the app. For every document either both sides are equal, or exactly one open
entry (Changed in Xero, Entered in Xero, a step that waits with a reason) is about what differs; nothing is open where nothing differs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.rig import MAPPINGS
from tests.scene import rig as scene
from tests.scene.two_ways import Play
from tests.scene.two_ways_here import CHANGED, ROW
from tests.scene.two_ways_host import BILL, ENTRY, JOURNAL, SALE, worth

OPEN_CHANGES, OPEN_ROWS, OPEN_STEPS = (
    ("Open", "Told", "Being Put Back", "Draft Here"),
    ("To Decide", "Waiting", "Draft Here"),
    ("Held", "Needs Attention"),
)
# A row waits since several documents here may be it, or a draft.
ONE_OF_SEVERAL = ("same-as-several", "same-as-a-draft", "perhaps-in-parts", "perhaps-other-amount")
APPLIES = ("Credit Note", "Debit Note")
Element = dict[str, Any]
Fact = tuple[Any, ...]
# A fact, and what an open entry calls it.
Side = tuple[Fact, frozenset[str]]


@dataclass(frozen=True)
class Difference:
    """`about`: names of documents and ids of records (in lower case), one of which an open entry has to name. `count`: so many alike, each of which has one of its own."""

    about: frozenset[str]
    said: str
    count: int = 1


@dataclass
class Open:
    """One thing that waits for a person; `about` as of a difference."""

    kind: str
    about: set[str]
    said: str
    hits: int = field(default=0)


def faults(play: Play) -> list[str]:
    """What is wrong at the end of a play, in sentences."""
    books = _Books(play)
    found = [*books.differences()]
    opened = _opened(play)
    said: list[str] = [*books.twice]
    for each in found:
        explains = [one for one in opened if one.about & each.about]
        for one in explains:
            one.hits += 1
        if len(explains) != each.count:
            said.append(f"{each.said}: {len(explains)} open entries say so {[one.said for one in explains]}")
    said += [f"nothing differs, and it is open: {one.said}" for one in opened if not one.hits]
    return [*said, *_echoes(play), *_owners(play)]


class _Books:
    """Both sides by documents: what is submitted here, and what stands in Xero."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.twice: list[str] = []
        self.claims = {each["name"]: each for each in play.claims()}
        self.entries, self.journals = play.documents(ENTRY), play.documents(JOURNAL)
        self.cancelled = {each["name"]: each for kind in (SALE, BILL) for each in play.documents(kind, 0, 2)}
        self.there = {
            resource: scene.live(play.rig, resource)
            for resource in ("Invoices", "CreditNotes", "Payments", "ManualJournals", "BankTransactions")
        }
        self.contacts = {each["ContactID"]: each["Name"] for each in play.rig.xero.documents("Contacts")}
        chart = play.rig.xero.person("settings_as_they_are")["accounts"]
        codes = {xero_id.lower(): str(each.get("Code") or "") for xero_id, each in chart.items()}
        choices, suffix = MAPPINGS[play.rig.country], f" - {play.rig.company['abbr']}"
        names = {code: f"{name}{suffix}" for name, code in {**choices["accounts"], **choices["payments"]}.items()}
        self.account = {xero_id: names.get(code, code) for xero_id, code in codes.items()}
        # Which record stands for a document, by its number: of sales their name, of bills the supplier's number.
        # Where what was cancelled and what amends it are the same record, it stands for the one that counts.
        self.records = {name: self._records(doc) for name, doc in {**self.cancelled, **self.claims}.items()}
        self.of_record = {_id(each): name for name, found in self.records.items() for each in found}

    def _records(self, doc: Element) -> list[Element]:
        name = doc["name"]
        while doc["amended_from"]:
            doc = {
                **doc,
                "name": doc["amended_from"],
                "amended_from": self.play.read(
                    lambda frappe, doc=doc: frappe.db.get_value(doc["doctype"], doc["amended_from"], "amended_from")
                ),
            }
            name = doc["name"]
        if doc["is_return"]:
            return [each for each in self.there["CreditNotes"] if name in each["CreditNoteNumber"]]
        number = name if doc["doctype"] == SALE else doc["bill_no"]
        # What is entered anew after it was removed gets a number of its own.
        return [each for each in self.there["Invoices"] if re.fullmatch(rf"{re.escape(number)}(-R[0-9]+)?", each["InvoiceNumber"])]

    def differences(self) -> list[Difference]:
        return [*self._documents(), *self._payments(), *self._credits(), *self._journals()]

    def _documents(self) -> Iterable[Difference]:
        known: set[str] = set()
        for name, doc in {**self.cancelled, **self.claims}.items():
            found = self.records[name]
            ids = {_id(each) for each in found}
            if name not in self.claims and any(self.of_record.get(each) != name for each in ids):
                continue  # another document is that record now
            known |= ids
            if len(found) > 1:
                self.twice.append(f"{name} is in Xero {len(found)} times")
            here = _Claim.here(doc) if name in self.claims else None
            there = _Claim.there(found[0], self.contacts) if found else None
            if here != there:
                yield Difference(frozenset({name, *ids}), f"{name}: {here} here, {there} in Xero")
        for each in (*self.there["Invoices"], *self.there["CreditNotes"]):
            if _id(each) not in known:
                self.twice.append(f"{each.get('InvoiceNumber') or each.get('CreditNoteNumber')} is in Xero and is no document here")

    def _payments(self) -> Iterable[Difference]:
        """Of each document what was paid, with day and amount."""
        here = [(fact, frozenset([each["name"]])) for each in self.entries for fact in _paid(each)]
        there = [
            (
                (self._stands_for(each["target"]), _money(each["Amount"]), each["Date"]),
                frozenset(str(found).lower() for found in (each["PaymentID"], each.get("batch")) if found),
            )
            for each in self.there["Payments"]
        ]
        # What is open of one that is a draft here, or was cancelled, is about the same money in Xero.
        no_more = [(fact, frozenset([each["name"]])) for each in self.play.documents(ENTRY, 0, 2) for fact in _paid(each)]
        yield from _unmatched(here, there, no_more, "payment")

    def _credits(self) -> Iterable[Difference]:
        """What was taken off which document of which credit."""
        here: list[Side] = []
        for each in self.claims.values():
            if each["is_return"] and not each["update_outstanding_for_self"]:
                here.append(((each["name"], each["return_against"], abs(worth(each))), frozenset([each["name"]])))
        here += [(_applied(each), frozenset([each["name"]])) for each in self.journals if each["voucher_type"] in APPLIES]
        there = [
            (
                (self._stands_for(_id(note)), self._stands_for(each["invoice"]), _money(each["Amount"])),
                frozenset([str(each["AllocationID"]).lower()]),
            )
            for note in self.there["CreditNotes"]
            for each in note["allocations"]
        ]
        cancelled = [each for each in self.play.documents(JOURNAL, 0, 2) if each["voucher_type"] in APPLIES]
        yield from _unmatched(here, there, [(_applied(each), frozenset([each["name"]])) for each in cancelled], "credit")

    def _stands_for(self, xero_id: str) -> str:
        """The document here that a record stands for."""
        return self.of_record.get(xero_id.lower(), xero_id)

    def _journals(self) -> Iterable[Difference]:
        """Every journal has an amount of its own, by which both sides are known."""
        here: dict[Decimal, list[tuple[Fact, str]]] = {}
        there: dict[Decimal, list[tuple[Fact, str]]] = {}
        for each in self.journals:
            if each["voucher_type"] not in APPLIES:
                rows = {row["account"]: _money(row["debit"]) - _money(row["credit"]) for row in each["accounts"]}
                here.setdefault(max(rows.values()), []).append(((str(each["posting_date"]), frozenset(rows.items())), each["name"]))
        for resource, id_field in (("ManualJournals", "ManualJournalID"), ("BankTransactions", "BankTransactionID")):
            for each in self.there[resource]:
                rows = self._rows(each)
                there.setdefault(max(rows.values()), []).append(((each["Date"], frozenset(rows.items())), _id(each, id_field)))
        for amount in sorted({*here, *there}):
            ours, theirs = here.get(amount, []), there.get(amount, [])
            if max(len(ours), len(theirs)) > 1:
                self.twice.append(f"the journal {amount} is here {len(ours)} times, in Xero {len(theirs)} times")
            elif [fact for fact, _name in ours] != [fact for fact, _id in theirs]:
                about = frozenset(name for _fact, name in (*ours, *theirs))
                yield Difference(about | self._gone(amount), f"the journal {amount}: {ours} here, {theirs} in Xero")

        for each in self.play.documents(JOURNAL, 0):
            if (amount := _money(each["total_debit"])) not in {*here, *there}:
                yield Difference(frozenset([each["name"]]), f"the draft {each['name']} of {amount}: it is gone in Xero")

    def _gone(self, amount: Decimal) -> frozenset[str]:
        """Documents and records of this amount that stand no more, or not yet: what is open of them is about this journal, too."""
        drafts = [each["name"] for each in self.play.documents(JOURNAL, 0, 2) if _money(each["total_debit"]) == amount]
        records = [_id(each, f"{resource[:-1]}ID") for resource in ("ManualJournals", "BankTransactions") for each in self.play.rig.xero.documents(resource) if _money(each.get("debits") or each.get("Total") or 0) == amount]  # fmt: skip
        return frozenset([*drafts, *records])

    def _rows(self, each: Element) -> dict[str, Decimal]:
        sign = -1 if each.get("Type") == "RECEIVE" else 1
        rows: dict[str, Decimal] = {}
        for line in each["lines"]:
            account = self.account[str(line["account"]).lower()]
            rows[account] = rows.get(account, Decimal(0)) + sign * _money(line["LineAmount"])
        if each.get("Type"):
            rows[self.account[str(each["account"]).lower()]] = -sign * _money(each["Total"])
        return rows


class _Claim:
    """Of an invoice, bill or return on either side: whose, when, when due, how much."""

    @staticmethod
    def here(doc: Element) -> Fact:
        due = "" if doc["is_return"] else str(doc["due_date"])
        return (doc.get("customer") or doc.get("supplier"), str(doc["posting_date"]), due, abs(worth(doc)))

    @staticmethod
    def there(element: Element, contacts: dict[str, str]) -> Fact:
        due = str(element.get("DueDate") or "") if "InvoiceID" in element else ""
        return (contacts[element["contact"]], element["Date"], due, _money(element["Total"]))


def _paid(entry: Element) -> list[Fact]:
    return [(row["reference_name"], _money(row["allocated_amount"]), str(entry["posting_date"])) for row in entry["references"]]


def _applied(journal: Element) -> Fact:
    credit, doc = sorted((row["reference_name"] for row in journal["accounts"]), key=lambda name: not name.endswith("-RET"))
    return (credit, doc, _money(journal["accounts"][0]["debit"] or journal["accounts"][0]["credit"]))


def _unmatched(here: list[Side], there: list[Side], no_more: list[Side], what: str) -> Iterable[Difference]:
    """What one side has and the other has not: which of several equal ones it is nobody can tell."""
    ours, theirs = Counter(fact for fact, _names in here), Counter(fact for fact, _names in there)
    for fact in {**ours, **theirs}:
        if ours[fact] != theirs[fact]:
            rows = [*here, *no_more] if ours[fact] > theirs[fact] else [*there, *no_more]
            names = frozenset(name for each, names in rows if each == fact for name in names)
            yield Difference(
                names, f"the {what} {fact} is here {ours[fact]} times, in Xero {theirs[fact]} times", abs(ours[fact] - theirs[fact])
            )


def _id(element: Element, name: str = "") -> str:
    return str(element[name or ("InvoiceID" if "InvoiceID" in element else "CreditNoteID")]).lower()


def _money(value: Any) -> Decimal:
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def _opened(play: Play) -> list[Open]:
    """What a person is shown: what is listed as changed, with what waits of the same document under To Fix; what was entered in Xero and waits; the other steps that wait, each
    with what waits for it."""
    changes, rows, steps = play.read(_lists), play.read(_rows), play.rig.steps()
    from picortex_xero.engine import changes as listed

    opened = []
    for row in changes:
        ids = {str(each["xero_id"]).lower() for each in listed.records_of(row).values()}
        opened.append(
            Open(
                "changed",
                {row["reference_name"], row["made_name"] or row["reference_name"], *ids},
                f"{row['kind']} {row['reference_name']}",
            )
        )
    for row in rows:
        opened.append(
            Open("row", {str(row["xero_id"]).lower(), str(row["reference_name"])}, f"{row['what']} {row['state']} {row['reason_code']}")
        )
    for row, one in zip(rows, opened[len(changes) :]):
        # Which of several it is, is one question, and they wait for its answer.
        if row["reason_code"] in ONE_OF_SEVERAL:
            one.about |= set(play.read(lambda frappe, row=row: _alike(frappe, row)))
    by_name = {step["name"]: step for step in steps}
    for step in steps:
        if step["state"] in OPEN_STEPS and not any(step["reference_name"] in each.about for each in opened):
            opened.append(
                Open("step", {step["reference_name"]}, f"{step['reference_name']} {step['role']} {step['state']} {step['reason_code']}")
            )
    for step in steps:
        blocker = step
        while blocker["state"] == "Pending" and by_name.get(blocker["blocked_on"] or ""):
            blocker = by_name[blocker["blocked_on"]]
        if blocker is not step:
            for each in opened:
                if blocker["reference_name"] in each.about:
                    each.about.add(step["reference_name"])
    return opened


def _lists(frappe: Any) -> list[Element]:
    return list(frappe.get_all(CHANGED, filters={"state": ("in", OPEN_CHANGES)}, fields=["*"]))


def _alike(frappe: Any, row: Element) -> list[str]:
    """Payments here of what a row is about that wait for it."""
    about = {"reference_name": ("in", row["about"].split(", "))}
    names = frappe.get_all(f"{ENTRY} Reference", filters=about, pluck="parent")
    held = {"reference_name": ("in", names), "state": ("in", OPEN_STEPS), "reason_code": "entered-there-too"}
    return list(frappe.get_all("Xero Outbox Entry", filters=held, pluck="reference_name"))


def _rows(frappe: Any) -> list[Element]:
    return list(frappe.get_all(ROW, filters={"state": ("in", OPEN_ROWS)}, fields=["*"]))


def _echoes(play: Play) -> list[str]:
    """What a person has entered in Xero belongs to Xero: no request of ours makes, changes or removes it."""
    sent = [(call["method"], f"{call['path']} {call.get('request') or ''}".lower()) for call in play.rig.xero.calls(path="/api.xro/2.0/")]
    writes = [said for method, said in sent if method != "GET"]
    return [
        f"{each}, which was entered in Xero, is in a request of ours"
        for each in sorted(play.own)
        if any(each.lower() in said for said in writes)
    ]


def _owners(play: Play) -> list[str]:
    """What a person has entered here is as he has left it, whatever happened in Xero."""
    found: list[str] = []
    for name, record in sorted(play.mine.items()):
        wanted = {
            field: record["doc"].get(field)
            for field in ("posting_date", "grand_total", "customer", "supplier", "party", "total_debit")
            if record["doc"].get(field)
        }
        here = play.read(
            lambda frappe, name=name, record=record, wanted=wanted: frappe.db.get_value(
                record["doctype"], name, ["docstatus", *wanted], as_dict=True
            )
        )
        if not here or int(here["docstatus"]) != 1 or any(str(here[field]) != str(value) for field, value in wanted.items()):
            found.append(f"{name} was entered here with {wanted}, and is {here}")
    shown = {each["ContactID"]: str(each.get("EmailAddress") or "") for each in play.rig.xero.documents("Contacts")}
    names = {each["Name"]: each["ContactID"] for each in play.rig.xero.documents("Contacts")}
    for customer, address in play.typed.items():
        here = play.read(lambda frappe, name=customer: frappe.db.get_value("Customer", name, "email_id"))
        if here != address:
            found.append(f"{customer} has the address {here}, typed was {address}")
        contact = names.get(customer)
        if contact and shown[contact] not in {address, *play.typed_there.get(contact, ())}:
            found.append(f"{customer} has the address {shown[contact]} in Xero")
    return found
