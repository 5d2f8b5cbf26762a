"""Names and numbers of a day's cash summaries, and that what fails over one stops no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import rig as scene
from tests.scene.cash import choose, find, spent, standing, summaries
from tests.scene.rules import go, make

DAY, LATER = "2026-11-02", "2026-11-05"
TILL, BANK = "Cash - TF", "Trading Account - TF"


def from_bank(rig: Rig, amount: float, name: str, day: str) -> scene.Record:
    made = spent(rig, amount, name, day)
    made["doc"]["accounts"][1]["account"] = BANK
    return made


def counted(rig: Rig) -> list[list[str]]:
    return sorted(standing(rig).values())


def test_a_number_that_is_taken_stops_nothing(rig: Rig) -> None:
    make(rig, "Till", "Skip", for_journals=1)
    rig.play([spent(rig, 30.0, "OUT-1", DAY)])
    go(rig)
    choose(rig, TILL)
    assert find(rig) == 1
    (one,) = standing(rig)

    # The first is gone (another company's that was not brought back), and the account has another name now; another one has its former name.
    def changed(frappe: Any) -> None:
        second = f"{one[:-1]}2"
        frappe.db.sql("UPDATE `tabXero Cash Summary` SET `name`=%s, `account`='Old Till - TF'", (second,))
        frappe.db.sql("UPDATE `tabXero Cash Summary Row` SET `parent`=%s", (second,))
        frappe.db.sql("UPDATE `tabJournal Entry Account` SET `account`='Old Till - TF' WHERE `account`=%s", (TILL,))

    scene.with_site(rig, changed)
    rig.play([spent(rig, 5.0, "OUT-2", DAY), spent(rig, 7.0, "OUT-3", LATER)])
    go(rig)
    assert find(rig) == 2 and find(rig) == 0
    assert counted(rig) == [["OUT-1"], ["OUT-2"], ["OUT-3"]] and one not in standing(rig)
    assert not scene.error_log(rig)


def test_a_failure_over_one_account_stops_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import cash_summaries

    make(rig, "Till", "Skip", for_journals=1)
    rig.play([spent(rig, 5.0, "OUT-1", DAY), from_bank(rig, 6.0, "OUT-2", DAY), from_bank(rig, 7.0, "OUT-3", LATER)])
    go(rig)
    choose(rig, TILL)
    choose(rig, BANK)
    made_of = cash_summaries.made_of

    def fails(books: Any, account: str, *rest: Any) -> int:
        made = made_of(books, account, *rest)
        if account == TILL:
            raise ValueError("planted")
        return made

    with monkeypatch.context() as planted:
        planted.setattr(cash_summaries, "made_of", fails)
        assert find(rig) == 2
        # Neither what comes late nor a further hour makes anything twice.
        rig.play([from_bank(rig, 8.0, "OUT-4", DAY)])
        go(rig)
        rig.advance(3700)
        assert find(rig) == 1
    assert counted(rig) == [["OUT-2"], ["OUT-3"], ["OUT-4"]]
    assert len(scene.error_log(rig)) == 2, "once for every hour"
    # It is tried again, from its day on.
    assert find(rig) == 1 and counted(rig) == [["OUT-1"], ["OUT-2"], ["OUT-3"], ["OUT-4"]]


def test_what_another_worker_counts_meanwhile_is_no_failure(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import cash_summaries

    make(rig, "Till", "Skip", for_journals=1)
    rig.play([spent(rig, 5.0, "OUT-1", DAY)])
    go(rig)
    choose(rig, TILL)
    assert find(rig) == 1
    scene.with_site(rig, lambda frappe: frappe.db.sql("UPDATE `tabXero Cash Choice` SET `summarised_until`=NULL"))
    # What stood when this worker began to look: nothing is counted, and the first number is free.
    monkeypatch.setattr(cash_summaries, "_counted", lambda *_given: set())
    monkeypatch.setattr(cash_summaries, "_next_number", lambda *_given: 1)
    assert find(rig) == 0
    assert len(summaries(rig)) == 1 and not scene.error_log(rig)


def test_another_companys_summaries_of_the_same_day_keep_no_file_out(rig: Rig) -> None:
    make(rig, "Till", "Skip", for_journals=1)
    rig.play([spent(rig, 30.0, "OUT-1", DAY)])
    go(rig)
    choose(rig, TILL)
    assert find(rig) == 1
    before, content = summaries(rig), files.exported(rig)
    files.reinstalled(rig)
    rig.advance(3600)
    files.connected_again(rig)

    # The company whose file came first has summarised the same day already.
    def other(frappe: Any) -> str:
        from picortex_xero.engine import cash_summaries
        from picortex_xero.engine.contexts import books_of

        frappe.get_doc({**dict.fromkeys(("name", "company_name"), "Other"), "doctype": "Company", "abbr": "OC"}).db_insert()
        books = replace(books_of(frappe.get_doc("Xero Connection", rig.connection)), company="Other")
        columns = ("reference_doctype", "reference_name", "reference_creation", "amount", "base_amount", "currency")
        row = {**{column: before[0]["rows"][0][column] for column in columns}, "connection": rig.connection, "company": "Other"}
        cash_summaries.made_of(books, TILL, date.fromisoformat(DAY), "Paid", [{**row, "counted_key": "other"}], {})
        frappe.db.sql("UPDATE `tabXero Cash Summary` SET `connection`='other', `summary_key`='other'")
        frappe.db.sql("UPDATE `tabXero Cash Summary Row` SET `connection`='other'")
        return str(frappe.get_all("Xero Cash Summary", pluck="name")[0])

    assert scene.with_site(rig, other) == f"Cash-OC-{DAY}-1"
    said = files.imported(rig, content)
    assert (said["state"], said["left_out"]) == ("Done", []), said
    assert sorted(standing(rig)) == [f"Cash-OC-{DAY}-1", f"Cash-TF-{DAY}-1"]
