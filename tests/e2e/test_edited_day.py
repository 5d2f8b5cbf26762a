"""A day of a busy organisation: documents go to Xero while people there void, delete, edit, merge, archive, raise rates and lock periods at
random. At its end every document is equal, or says what differs and what to do; nothing is there twice.

EDITED_DAYS=200 runs more days than the few of every run of the tests.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.rig import MAPPINGS, Rig
from sandbox.xero.process import ControlError
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.desk import account_codes
from tests.scene.journals import BANK, entry
from tests.scene.reading import begin, read, status

DAYS = int(os.environ.get("EDITED_DAYS", "1"))
HOURS = 8
EDITS_AN_HOUR = 5
# What a document would become today under changed mappings or lists; its record in Xero is no other for it.
TODAY_ONLY = {"Held Today", "Not Sent Today", "Not Compared"}


class Person:
    """Somebody in Xero who edits what comes to hand; `done` counts what Xero let him do."""

    def __init__(self, rig: Rig, chance: random.Random) -> None:
        self.rig, self.chance, self.done = rig, chance, Counter[str]()

    def edits(self, count: int) -> None:
        kinds: list[Callable[[], None]] = [
            self.voids, self.deletes_a_payment, self.edits_a_line, self.changes_the_date, self.moves_to_another_contact,
            self.merges_contacts, self.renames_a_contact, self.archives_an_account, self.brings_an_account_back,
            self.archives_an_option, self.raises_a_rate, self.locks, self.unlocks, self.voids_a_journal, self.deletes_money,
        ]  # fmt: skip
        for _ in range(count):
            self.chance.choice(kinds)()

    def do(self, action: str, **details: Any) -> None:
        """One edit. Xero refuses what is paid, locked or gone, as it does a person."""
        try:
            self.rig.xero.person(action, **details)
        except ControlError:
            self.done[f"{action} refused"] += 1
        else:
            self.done[action] += 1

    def one(self, resource: str) -> dict[str, Any] | None:
        there = sorted(scene.live(self.rig, resource), key=lambda each: str(each.get("InvoiceNumber") or each.get("Date") or each))
        return self.chance.choice(there) if there else None

    def voids(self) -> None:
        if found := self.one("Invoices"):
            self.do("void_invoice", InvoiceID=found["InvoiceID"])

    def deletes_a_payment(self) -> None:
        if found := self.one("Payments"):
            self.do("delete_payment", PaymentID=found["PaymentID"])

    def voids_a_journal(self) -> None:
        if found := self.one("ManualJournals"):
            self.do("void_journal", ManualJournalID=found["ManualJournalID"])

    def deletes_money(self) -> None:
        if found := self.one("BankTransactions"):
            self.do("delete_bank_transaction", BankTransactionID=found["BankTransactionID"])

    def edits_a_line(self) -> None:
        if found := self.one("Invoices"):
            codes = account_codes(self.rig)
            lines = [
                {**{key: line[key] for key in ("LineItemID", "Description", "Quantity", "UnitAmount", "TaxType")}, "AccountCode": codes[line["account"]]}
                for line in found["lines"]
            ]  # fmt: skip
            lines[0].update(
                self.chance.choice([{"Quantity": "7"}, {"Description": "as agreed"}, {"AccountCode": "260"}, {"TaxType": "NONE"}])
            )
            self.do("edit_invoice", InvoiceID=found["InvoiceID"], LineItems=lines)

    def changes_the_date(self) -> None:
        if found := self.one("Invoices"):
            self.do("edit_invoice", InvoiceID=found["InvoiceID"], Date="2026-10-03")

    def contact(self) -> str | None:
        there = sorted(self.rig.xero.documents("Contacts"), key=lambda each: str(each["Name"]))
        active = [each["ContactID"] for each in there if each["ContactStatus"] == "ACTIVE"]
        return str(self.chance.choice(active)) if active else None

    def moves_to_another_contact(self) -> None:
        if (found := self.one("Invoices")) and (other := self.contact()):
            self.do("edit_invoice", InvoiceID=found["InvoiceID"], Contact={"ContactID": other})

    def merges_contacts(self) -> None:
        merged, kept = self.contact(), self.contact()
        if merged and kept and merged != kept:
            self.do("merge_contacts", ContactID=merged, Into=kept)

    def renames_a_contact(self) -> None:
        if contact := self.contact():
            self.do("edit_contact", ContactID=contact, Name=f"Renamed {self.chance.randrange(10**6)} Ltd")

    def archives_an_account(self) -> None:
        self.do("archive_account", Code=self.chance.choice(["310", "453", "469", "493"]))

    def brings_an_account_back(self) -> None:
        self.do("edit_account", Code=self.chance.choice(["310", "453", "469", "493"]), Status="ACTIVE")

    def archives_an_option(self) -> None:
        category, options = MAPPINGS[self.rig.country]["tracking"]
        self.do("edit_tracking", Name=category, Option=self.chance.choice(options), Status=self.chance.choice(["ARCHIVED", "ACTIVE"]))

    def raises_a_rate(self) -> None:
        self.do("edit_tax_rate", TaxType=self.chance.choice(["OUTPUT2", "INPUT2"]), EffectiveRate=self.chance.choice([15, 15, 16]))

    def locks(self) -> None:
        self.do("set_lock_dates", period=self.chance.choice(["2026-08-31", "2026-10-05"]))

    def unlocks(self) -> None:
        self.do("set_lock_dates", period=None)


def work_of_a_day(rig: Rig, chance: random.Random) -> list[list[scene.Record]]:
    """Documents of every kind in groups that keep what is settled before what settles it."""
    groups = [*scene.settlements(rig, 1)[:8], *scene.settlements(rig, 2)[:2], *([bill] for bill in scene.bills(rig, 10))]
    taken = {record["name"] for group in groups for record in group}
    groups += [[sale] for sale in scene.invoices(rig, 40) if sale["name"] not in taken][:8]
    groups += [[entry(rig, ("Office Rent", 5.0 + at, {}), ("Travel Expenses", -5.0 - at, {}), name=f"JV-{at}")] for at in range(1, 4)]
    groups += [[entry(rig, ("Office Rent", 10.0 + at, {}), (BANK, -10.0 - at, {}), name=f"JV-{at}")] for at in range(11, 14)]
    chance.shuffle(groups)
    return groups


@pytest.mark.parametrize("seed", range(DAYS))
def test_at_the_end_of_the_day_every_document_is_equal_or_says_what_differs(rig: Rig, seed: int) -> None:
    chance = random.Random(seed)
    person, groups = Person(rig, chance), work_of_a_day(rig, chance)
    begin(rig)
    for hour in range(HOURS):
        rig.play([record for group in groups[hour::HOURS] for record in group])
        person.edits(EDITS_AN_HOUR)
        read(rig, 3660)
        person.edits(EDITS_AN_HOUR)
    # What is read rarely has its turn, too.
    read(rig)
    assert sum(count for what, count in person.done.items() if "refused" not in what) >= 30, person.done
    differing: dict[str, list[str]] = {}
    for kind, document, here, there in compare(rig):
        if kind not in TODAY_ONLY:
            differing.setdefault(document, []).append(f"{kind}: {here} / {there}")
    silent = {}
    for record in (each for group in groups for each in group):
        name, shown = record["name"], status(rig, record)
        steps = rig.steps(reference_name=name)
        assert steps, name
        done = all(row["state"] == "Synced" for row in steps)
        if (name in differing or not done) and not (shown["reason"] and shown["cure"]):
            silent[name] = (differing.get(name), [(row["role"], row["state"], row["reason_code"]) for row in steps], shown["reason"])
    assert silent == {}, person.done
    assert scene.error_log(rig) == []
    marks = Counter(each["Url"] for each in scene.live(rig) if each.get("Url"))
    assert max(marks.values(), default=1) == 1, marks
