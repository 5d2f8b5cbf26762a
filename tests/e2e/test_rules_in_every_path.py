"""What was not sent, or was removed in Xero, is asked about by the rules in force when it goes, by whatever way it goes: retried, released, tried, sent again,
undone and wanted again. What stands in Xero stays."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene import undoing
from tests.scene.by_hand import by_hand
from tests.scene.desk import again, change, choose, retry
from tests.scene.journals import entry
from tests.scene.paths import (
    Path,
    Records,
    approved,
    books_of,
    mapped,
    money_held,
    press_of_rules,
    pressed,
    to_the_end,
    up_to_what_holds,
    without_mapping,
)
from tests.scene.reading import press, read, status
from tests.scene.restoring import none_of_these
from tests.scene.rules import make

OF_DOCTYPE = {
    "Sales Invoice": "for_invoices",
    "Purchase Invoice": "for_bills",
    "Payment Entry": "for_payments",
    "Journal Entry": "for_journals",
}


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import to_fix

    return scene.with_site(rig, lambda frappe: getattr(to_fix, function)(**given))


def own(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """The newest step that makes the document's own record."""
    found = [row for row in rig.steps(reference_name=record["name"]) if row["role"] in ("invoice", "payment", "journal")]
    return max(found, key=lambda row: int(row["generation"]))


def is_archived(rig: Rig, records: Records, archived: bool = True) -> None:
    customer = records[-1]["doc"]["customer"]
    (contact,) = [each for each in rig.xero.documents("Contacts") if each["Name"] == customer]
    rig.xero.person("edit_contact", ContactID=contact["ContactID"], ContactStatus="ARCHIVED" if archived else "ACTIVE")


def refused(rig: Rig, records: Records) -> None:
    """Its contact is archived in Xero, which takes no invoice for it."""
    scene.make_contacts(rig, records)
    is_archived(rig, records)
    rig.play(records)
    scene.settle(rig)
    assert own(rig, records[-1])["reason_code"] == "contact-archived"


def daily(rig: Rig, records: Records) -> None:
    press_of_rules(rig, "save_setting", connection=rig.connection, kind_of="Invoice", enabled=1, send="Daily", send_at="03:00:00")
    rig.play(records)
    rig.dispatch()
    assert own(rig, records[-1])["reason_code"] == "waits-for-batch"


def tried(rig: Rig, records: Records) -> None:
    is_archived(rig, records, False)
    for _ in range(2):
        rig.advance(3600)
        scene.sweep(rig)
        rig.dispatch()


def done_by_hand(rig: Rig, records: Records) -> None:
    press(rig, "done_by_hand", records[-1])


def opened_again(rig: Rig, records: Records) -> None:
    again(rig, own(rig, records[-1])["name"])


def skipped(rig: Rig, records: Records) -> None:
    assert api(rig, "skip", doctype=records[-1]["doctype"], name=records[-1]["name"], reason="Not now") == 1


def void(rig: Rig, records: Records) -> None:
    found = next(each for each in scene.live(rig) if each["InvoiceNumber"] == records[-1]["name"])
    rig.xero.person("void_invoice", InvoiceID=found["InvoiceID"])


def left_out(rig: Rig, records: Records) -> None:
    void(rig, records)
    read(rig)  # of what was removed before as well
    press(rig, "leave_out", records[-1])


def undone(rig: Rig, records: Records) -> None:
    names = [row["name"] for row in rig.steps(reference_name=records[-1]["name"])]

    def mark(frappe: Any) -> str:
        from picortex_xero.api import undoing as pages

        return str(pages.mark_selected(steps=names)["run"])

    run = scene.with_site(rig, mark)
    undoing.slice_of(rig, run)
    undoing.press(rig, "start", run)
    undoing.through(rig, run)


def removed(resource: str, action: str) -> Any:
    def work(rig: Rig, _records: Records) -> None:
        field = {"Payments": "PaymentID", "ManualJournals": "ManualJournalID"}[resource]
        (found,) = scene.live(rig, resource)
        rig.xero.person(action, **{field: found[field]})

    return work


def early(record: scene.Record) -> scene.Record:
    """Dated in a period for which tax is filed."""
    record["doc"]["posting_date"] = "2026-01-05"
    return record


def filed(rig: Rig, _records: Records) -> None:
    choose(rig, tax_filed_until="2026-01-31")


def amended(rig: Rig, records: Records) -> None:
    rig.play([scene.cancelling(records[-2]), records[-1]])


def sent_again(rig: Rig, records: Records) -> None:
    assert press(rig, "send_again", records[-1]) == 1


def paths(rig: Rig) -> list[Path]:
    """Every way on which something goes to Xero later than it was submitted. Every second one is of a kind whose rule holds, the others are skipped."""
    chains = scene.settlements(rig)
    sales = [chain[0] for chain in chains[:14]]
    bill = scene.bills(rig)[0]
    former = without_mapping(sales[9], rig)
    new = scene.copied(former, f"{former['name']}-1", amended_from=former["name"])
    return [
        Path("a cause that is cured", [without_mapping(sales[0], rig)], then=mapped),
        Path("Retry of what waits", [without_mapping(sales[1], rig)], then=lambda rig, its: retry(rig, its[-1])),
        Path("money that is released", chains[-2][:-1], chains[-2][-1:], meanwhile=money_held, then=lambda rig, its: api(rig, "release_all", connection=rig.connection)),
        Path("done by hand, opened again", [without_mapping(sales[4], rig)], meanwhile=done_by_hand, then=opened_again),
        Path("skipped by a person, then retried", [without_mapping(sales[5], rig)], meanwhile=skipped, then=lambda rig, its: retry(rig, its[-1])),
        Path("sent although its period is closed", [early(sales[6])], first=filed, then=lambda rig, its: api(rig, "send_late", doctype=its[-1]["doctype"], name=its[-1]["name"])),
        Path("changed while it waits", [without_mapping(sales[7], rig)], then=lambda rig, its: change(rig, its[-1], po_no="PO-2")),
        Path("none of the records in Xero is it", [bill], first=lambda rig, its: by_hand(rig, its[-1]), then=lambda rig, its: none_of_these(rig, own(rig, its[-1])["name"])),
        Path("amended", [former], [new], then=amended),
        Path("a payment that somebody deleted, sent again", chains[-1], meanwhile=removed("Payments", "delete_payment"), then=sent_again),
        Path("a journal that somebody voided, sent again", [entry(rig, ("Office Rent", 11.0, {}), ("Travel Expenses", -11.0, {}), name="JV-GONE")], meanwhile=removed("ManualJournals", "void_journal"), then=sent_again),
        Path("sent again after a person's void", [sales[10]], meanwhile=void, then=sent_again),
        Path("sent again after it was left out", [sales[11]], meanwhile=left_out, then=sent_again),
        Path("sent again after an undo", [sales[12]], meanwhile=undone, then=sent_again),
        Path("a trial", later=[sales[2]], meanwhile=refused, then=tried),
        Path("a batch sent now", later=[sales[3]], meanwhile=daily, then=pressed("send_now")),
    ]  # fmt: skip


def walked(rig: Rig, ways: list[Path]) -> list[str]:
    """Go every way with a document about which a rule was made meanwhile: what went wrong."""
    up_to_what_holds(rig, ways)
    for at, way in enumerate(ways):
        record, outcome = way.records[-1], ("Hold for approval", "Skip")[at % 2]
        about = {"for_invoices": 0, OF_DOCTYPE[record["doctype"]]: 1}
        make(rig, way.name, outcome, ("name", "=", record["name"]), **about)
        way.expected = ("rule-approval", "rule-skipped")[at % 2]
    before, calls = books_of(rig), len(scene.writes(rig))
    said = {way.name: status(rig, way.records[-1]) for way in ways if way.then is sent_again}
    to_the_end(rig, ways)
    words = {
        "rule-approval": "It then waits: Waits for approval: rule ",
        "rule-skipped": "By the rules of today it is not sent: Not sent to Xero: rule ",
    }
    wrong = [
        f"{way.name}: {said[way.name]['again_says']}"
        for way in ways
        if way.name in said and not said[way.name]["again_says"].startswith(words[way.expected] + way.name)
    ]
    for way in ways:
        row = own(rig, way.records[-1])
        if (row["reason_code"], row["rule"]) != (way.expected, way.name):
            wrong.append(
                f"{way.name}: {[(each['role'], each['state'], each['reason_code'], each['reason']) for each in rig.steps(reference_name=way.records[-1]['name'])]}"
            )
    if books_of(rig) != before or len(scene.writes(rig)) != calls:
        wrong.append(f"{before} became {books_of(rig)} by requests to {[call['path'] for call in scene.writes(rig)[calls:]]}")
    return wrong


def test_every_way_on_which_something_goes_later_asks_the_rules_of_then(rig: Rig) -> None:
    ways = paths(rig)
    assert not (wrong := walked(rig, ways)), "\n".join(wrong)
    # With leave of what goes now those go for which it was asked; the others once no rule skips them any more.
    for way in ways:
        if way.expected == "rule-approval":
            approved(rig, way.records)
    for rule in scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Rule", {"outcome": "Skip"}, pluck="name")):
        press_of_rules(rig, "switch", rule=rule, on=0)
    press_of_rules(rig, "save_setting", connection=rig.connection, kind_of="Invoice", enabled=1, send="Real time")
    scene.sweep(rig)
    scene.settle(rig)
    states = {way.name: own(rig, way.records[-1])["state"] for way in ways}
    assert set(states.values()) == {"Synced"}, states
    assert not scene.error_log(rig)
    # What somebody has agreed to goes again without asking, as long as it says the same; nothing is said of it then.
    (agreed,) = [way.records[-1] for way in ways if way.name == "sent again after it was left out"]
    number = own(rig, agreed)["name"]
    (its,) = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Link", {"reference_name": agreed["name"], "generation": 2}, pluck="xero_id")
    )
    rig.xero.person("void_invoice", InvoiceID=its)
    read(rig)
    assert status(rig, agreed)["can_send_again"] and not status(rig, agreed)["again_says"]
    sent_again(rig, [agreed])
    scene.settle(rig)
    assert own(rig, agreed)["state"] == "Synced" and own(rig, agreed)["name"] != number
