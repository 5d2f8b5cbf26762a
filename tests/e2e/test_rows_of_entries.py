"""Rows of journals and money from Xero: written anew after a reinstall, each in its turn, and told again when something changes once more."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.entries_back import ROW, choose, journal, press, rows, states
from tests.scene.reading import begin, read, weekly_look


def entered(rig: Rig, text: str, amount: str) -> dict[str, Any]:
    return journal(rig, text, ("469", amount, "NONE"), ("445", f"-{amount}", "NONE"))


def edit(rig: Rig, made: dict[str, Any], amount: str, code: str = "445") -> None:
    lines = [
        {"AccountCode": "469", "LineAmount": amount, "TaxType": "NONE"},
        {"AccountCode": code, "LineAmount": f"-{amount}", "TaxType": "NONE"},
    ]
    rig.xero.person("edit_journal", ManualJournalID=made["ManualJournalID"], JournalLines=lines)


def submit(rig: Rig, name: str, amount: float = 0) -> None:
    """A person submits a draft, with another amount where one is given."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", name)
        for each in doc.accounts if amount else ():
            for side in ("debit", "debit_in_account_currency", "credit", "credit_in_account_currency"):
                each.set(side, amount if each.get(side) else 0)
        doc.total_debit = sum(each.debit for each in doc.accounts)
        doc.submit()

    scene.with_site(rig, work)


def test_rows_of_what_people_have_entered(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(rig, entries_from_xero="Become Drafts")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    _after_a_reinstall(rig)
    _closed_by_hand(rig)
    _amended_before_the_update(rig)
    _each_in_its_turn(rig, monkeypatch)


def _after_a_reinstall(rig: Rig) -> None:
    """The links are put back, the rows are not: they are written anew, and what was changed in Xero is told."""
    made = {
        text: entered(rig, text, amount)
        for text, amount in (("Kept", "11.00"), ("Edited", "12.00"), ("A draft", "13.00"), ("Removed", "14.00"))
    }
    read(rig)
    names = {text: row["reference_name"] for text, row in rows(rig).items()}
    for text in ("Kept", "Edited"):
        submit(rig, names[text])
    scene.settle(rig)
    read(rig)
    scene.with_site(rig, lambda frappe: frappe.db.delete(ROW, {"connection": rig.connection}))
    edit(rig, made["Edited"], "22.00")
    rig.xero.person("void_journal", ManualJournalID=made["Removed"]["ManualJournalID"])
    read(rig)
    found = rows(rig)
    assert {text: (row["state"], row["reason_code"] or "", row["reference_name"]) for text, row in found.items()} == {
        "Edited": ("Waiting", "changed-in-xero-back", names["Edited"]),
        "Removed": ("Waiting", "removed-in-xero-back", names["Removed"]),
    }
    weekly_look(rig)
    found = rows(rig)
    assert (found["Kept"]["state"], found["A draft"]["state"]) == ("Entered Here", "Draft Here")
    # From then on every change is told, that of an account too.
    edit(rig, made["Kept"], "11.00", "404")
    edit(rig, made["A draft"], "23.00")
    read(rig)
    assert {rows(rig)[text]["reason_code"] for text in ("Kept", "A draft")} == {"changed-in-xero-back"}
    assert len(scene.with_site(rig, lambda frappe: frappe.get_all("Journal Entry", pluck="name"))) == 4, "nothing is made a second time"


def _each_in_its_turn(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are looked at in a run, every row has its turn: drafts that were submitted, and what waits for a mapping."""
    from picortex_xero.inbound import incoming_rows

    for at in range(4):
        entered(rig, f"Turn {at}", f"{31 + at}.00")
        journal(rig, f"Waits {at}", ("310" if at < 3 else "469", f"{41 + at}.00", "NONE"), ("445", f"-{41 + at}.00", "NONE"))
    read(rig)
    found = rows(rig)
    mine = [found[f"Turn {at}"] for at in range(4)]
    assert {row["state"] for row in mine} == {"Draft Here"}
    assert {found[f"Waits {at}"]["reason_code"] for at in range(3)} == {"account-not-mapped-back"}
    monkeypatch.setattr(incoming_rows, "MOST", 1)
    last = max(mine, key=lambda row: row["found_at"])
    submit(rig, last["reference_name"])
    scene.settle(rig)
    read(rig)
    assert [row["state"] for row in rows(rig).values() if row["name"] == last["name"]] == ["Entered Here"]

    def mark(frappe: Any) -> None:
        row = frappe.get_doc(
            "Xero Account Mapping", {"connection": rig.connection, "account": f"Cost of Goods Sold - {rig.company['abbr']}"}
        )
        row.takes_what_comes_back = 1
        row.save(ignore_permissions=True)

    scene.with_site(rig, mark)
    for _ in range(3):
        rig.advance(60)
        rig.dispatch()
        entered(rig, "Something else", "99.00")
        read(rig)
    assert {rows(rig)[f"Waits {at}"]["state"] for at in range(3)} == {"Draft Here"}
    monkeypatch.undo()


def _closed_by_hand(rig: Rig) -> None:
    """What a person has closed is told again where a draft is submitted otherwise than Xero has it, and where it changes in Xero afterwards."""
    made = {text: entered(rig, text, amount) for text, amount in (("Unwanted", "51.00"), ("Used after all", "52.00"), ("Watched", "53.00"))}
    waits = journal(rig, "By hand", ("310", "54.00", "NONE"), ("445", "-54.00", "NONE"))
    read(rig)
    found = rows(rig)
    for text in (*made, "By hand"):
        press(rig, "done_by_hand", found[text]["name"])
    assert {rows(rig)[text]["state"] for text in (*made, "By hand")} == {"Left Out"}
    submit(rig, found["Unwanted"]["reference_name"], 80)
    submit(rig, found["Used after all"]["reference_name"])
    edit(rig, made["Watched"], "63.00")
    scene.settle(rig)
    edit(rig, waits, "64.00")
    read(rig)
    told = {text: (row["state"], row["reason_code"] or "") for text, row in rows(rig).items()}
    assert told["Unwanted"] == ("Waiting", "edited-draft") and states(rig, found["Unwanted"]["reference_name"])[0][0] == "Needs Attention"
    assert told["Used after all"] == ("Entered Here", "")
    assert told["Watched"] == ("Waiting", "changed-in-xero-back")
    assert told["By hand"] == ("Waiting", "changed-since-by-hand")
    press(rig, "done_by_hand", found["By hand"]["name"])
    rig.xero.person("void_journal", ManualJournalID=waits["ManualJournalID"])
    read(rig)
    by_hand = rows(rig)["By hand"]
    assert (by_hand["state"], by_hand["reason_code"]) == ("Waiting", "changed-since-by-hand") and "removed" in by_hand["reason"]


def _amended_before_the_update(rig: Rig) -> None:
    """An amendment of before amendments took over the record in Xero is that record after the update, and is not sent."""
    from picortex_xero.engine import peoples_own
    from picortex_xero.patches.v0_2 import hand_over_amendments

    entered(rig, "Amended before", "71.00")
    read(rig)
    name = rows(rig)["Amended before"]["reference_name"]
    submit(rig, name)
    scene.settle(rig)
    read(rig)
    posted = len(rig.xero.documents("ManualJournals"))

    def amend(frappe: Any) -> str:
        doc = frappe.get_doc("Journal Entry", name)
        doc.docstatus = 2
        doc.save()
        said = {key: value for key, value in doc.as_dict().items() if key not in ("name", "creation", "modified", "docstatus")}
        kept = ("account", "debit", "credit", "debit_in_account_currency", "credit_in_account_currency")
        accounts = [{key: each[key] for key in kept} for each in said["accounts"]]
        made = frappe.get_doc({**said, "accounts": accounts, "amended_from": name})
        made.insert(ignore_permissions=True)
        made.submit()
        return str(made.name)

    with pytest.MonkeyPatch.context() as former:
        for what in ("amended", "cancelled"):
            former.setattr(peoples_own, what, lambda *_given: 0)
        amended = scene.with_site(rig, amend)
        rig.dispatch()
    assert rows(rig)["Amended before"]["reference_name"] == name and states(rig, amended)[0][0] != "Synced"
    for _again in range(2):
        scene.with_site(rig, lambda _frappe: hand_over_amendments.execute())
    scene.settle(rig)
    read(rig)
    row = rows(rig)["Amended before"]
    assert (row["state"], row["reference_name"], states(rig, amended)[0][0]) == ("Entered Here", amended, "Synced"), row
    assert len(rig.xero.documents("ManualJournals")) == posted
