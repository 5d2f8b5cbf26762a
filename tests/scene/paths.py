"""Ways on which something goes to Xero, or goes there later: what is there before, what is pressed, and what is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import choose
from tests.scene.payments import unlink
from tests.scene.reading import begin, read

Records = list[scene.Record]
# What stands in Xero's books.
BOOKS = (
    "Invoices",
    "CreditNotes",
    "Payments",
    "BatchPayments",
    "ManualJournals",
    "BankTransactions",
    "BankTransfers",
    "Overpayments",
)


def nothing(_rig: Rig, _records: Records) -> Any:
    return None


@dataclass
class Path:
    """One way to Xero. `before` is there before what holds it (tax is filed, a rule is made), `later` comes afterwards; the last of all is the document in question.
    `first` is done before anything is played, `meanwhile` before what holds it, `then` at the end."""

    name: str
    before: Records = field(default_factory=list)
    later: Records = field(default_factory=list)
    first: Callable[[Rig, Records], Any] = nothing
    meanwhile: Callable[[Rig, Records], Any] = nothing
    then: Callable[[Rig, Records], Any] = nothing
    expected: str = "tax-filed"

    @property
    def records(self) -> Records:
        return [*self.before, *self.later]


def books_of(rig: Rig) -> dict[str, int]:
    """How much of each kind stands in Xero's books."""
    return {each: len(scene.live(rig, each)) for each in BOOKS}


def up_to_what_holds(rig: Rig, ways: Sequence[Path]) -> None:
    """Go every way as far as what holds its document is to come."""
    for way in ways:
        way.first(rig, way.records)
    rig.play([record for way in ways for record in way.before])
    begin(rig)
    for way in ways:
        way.meanwhile(rig, way.records)


def to_the_end(rig: Rig, ways: Sequence[Path]) -> None:
    """Go on to the end of every way, and let minutes pass."""
    for way in ways:
        way.then(rig, way.records)
    for _ in range(3):
        scene.sweep(rig)
        rig.dispatch()
        rig.advance(170)


def ruled(outcome: str) -> Callable[[Rig, Records], None]:
    def make(rig: Rig, records: Records) -> None:
        row = {"joined": "and", "field_name": "name", "operator": "=", "value": records[-1]["name"]}
        values = {"connection": rig.connection, "title": f"{outcome} it", "outcome": outcome, "for_invoices": 1, "enabled": 1}
        made = {"doctype": "Xero Sync Rule", **values, "conditions": [row]}
        scene.with_site(rig, lambda frappe: frappe.get_doc(made).insert(ignore_permissions=True))

    return make


def press_of_rules(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import rules

    return scene.with_site(rig, lambda frappe: getattr(rules, function)(**given))


def pressed(function: str) -> Callable[[Rig, Records], Any]:
    return lambda rig, records: press_of_rules(rig, function, doctype=records[-1]["doctype"], name=records[-1]["name"])


def approved(rig: Rig, records: Records) -> None:
    def press(frappe: Any) -> Any:
        from picortex_xero.api import approvals

        (seen,) = [row["seen"] for row in approvals.page(turn="all")["documents"] if row["name"] == records[-1]["name"]]
        document = {"doctype": records[-1]["doctype"], "name": records[-1]["name"], "seen": seen}
        return approvals.decide([document], outcome="Approved")

    assert [each["why"] for each in scene.with_site(rig, press)] == [""]


def rule_off(rig: Rig, _records: Records) -> None:
    rule = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Sync Rule", {"title": "Skip it"}, "name"))
    press_of_rules(rig, "switch", rule=str(rule), on=0)


def batched(rig: Rig, records: Records) -> None:
    ruled("Next batch")(rig, records)
    rig.play(records)
    rig.dispatch()


def voided(rig: Rig, records: Records) -> None:
    found = next(each for each in scene.live(rig) if each["InvoiceNumber"] == records[-1]["name"])
    rig.xero.person("void_invoice", InvoiceID=found["InvoiceID"])
    read(rig)


def money_held(rig: Rig, records: Records) -> None:
    choose(rig, money="Hold until released")
    rig.play(records)
    rig.dispatch()


def without_mapping(record: scene.Record, rig: Rig) -> scene.Record:
    record["doc"]["items"][0]["income_account"] = f"Unmapped - {rig.company['abbr']}"
    return record


def mapped(rig: Rig, records: Records) -> None:
    def work(frappe: Any) -> None:
        account = f"Unmapped - {rig.company['abbr']}"
        storage.store({"doctype": "Account", "name": account, "creation": records[0]["doc"]["creation"], "company": rig.company["name"]})
        values = {"connection": rig.connection, "account": account, "xero_account_code": "200"}
        frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, work)


def unlinked(rig: Rig, records: Records) -> None:
    unlink(rig, records[-1], records[0])
    rig.play([scene.cancelling(records[0])])
