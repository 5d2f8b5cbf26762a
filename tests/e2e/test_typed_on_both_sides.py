"""What is typed on both sides within one turn of Xero's lists is in neither of them twice: a person says whether it is the same."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.entries_back import choose, journal, press, rows, spend, states, typed
from tests.scene.reading import begin, pass_alive

SAME = (("Office Rent", 50.0), ("Utility Expenses", -50.0))


def soon(rig: Rig) -> None:
    """The next minutes, in which no list has its turn."""
    pass_alive(rig, 120)
    rig.dispatch()
    scene.settle(rig)


def test_what_is_typed_on_both_sides_within_one_turn(rig: Rig) -> None:
    choose(rig, entries_from_xero="Become Drafts")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    _the_same_journal(rig)
    _other_money(rig)
    _a_draft_of_xero_s(rig)
    _sent_before_it_was_typed(rig)
    _a_copy_of_an_invoice(rig, sale)
    _on_another_day(rig)


def _the_same_journal(rig: Rig) -> None:
    journal(rig, "Rent moved", ("469", "50.00", "NONE"), ("445", "-50.00", "NONE"))
    mine = typed(rig, "2026-11-20", *SAME)
    rig.dispatch()
    assert states(rig, mine) == [("Held", "typed-there-too")] and rows(rig) == {}, scene.error_log(rig)[-1:]
    soon(rig)
    row = rows(rig)["Rent moved"]
    assert (row["state"], row["reason_code"]) == ("Waiting", "perhaps-here-already") and mine in row["reason"]
    assert states(rig, mine) == [("Held", "listed-there-too")], "what to do is said where it waits"
    press(rig, "this_one", row["name"], mine)
    soon(rig)
    assert states(rig, mine)[0][0] == "Synced" and rows(rig)["Rent moved"]["state"] == "Entered Here"
    assert len(rig.xero.documents("ManualJournals")) == 1


def _other_money(rig: Rig) -> None:
    """A person says that both stand: the one here goes, though the other is a draft."""
    before = len(rig.xero.documents("BankTransactions"))
    spend(rig, "Power", "40.00", "445")
    mine = typed(rig, "2026-11-21", ("Utility Expenses", 46.0), ("Trading Account", -46.0), pay_to_recd_from="Kea Cards")
    rig.dispatch()
    assert states(rig, mine) == [("Held", "typed-there-too")], states(rig, mine)
    calls = len(rig.xero.calls())
    soon(rig)
    assert states(rig, mine) == [("Held", "listed-there-too")]
    rig.advance(60)
    rig.dispatch()
    read = [each["path"] for each in rig.xero.calls()[calls:] if each["method"] == "GET" and "BankTransactions" in each["path"]]
    assert len(read) == 1, "read once, and not asked again while a person decides"
    press(rig, "another_one", rows(rig)["Power"]["name"])
    scene.settle(rig)
    assert states(rig, mine)[0][0] == "Synced" and rows(rig)["Power"]["state"] == "Draft Here"
    assert len(rig.xero.documents("BankTransactions")) == before + 2


def _a_draft_of_xero_s(rig: Rig) -> None:
    """What is a draft from Xero already is typed here once more: it waits, and goes once that one is submitted as what Xero has."""
    journal(rig, "Already a draft", ("469", "71.00", "NONE"), ("445", "-71.00", "NONE"))
    soon(rig)
    pass_alive(rig, 8 * 3600)
    rig.dispatch()
    draft = rows(rig)["Already a draft"]
    assert draft["state"] == "Draft Here", draft
    mine = typed(rig, "2026-11-20", ("Office Rent", 71.0), ("Utility Expenses", -71.0))
    rig.dispatch()
    posted = len(rig.xero.documents("ManualJournals"))
    assert states(rig, mine) == [("Held", "typed-there-too")]

    def submit(frappe: object) -> None:
        doc = frappe.get_doc("Journal Entry", draft["reference_name"])  # type: ignore[attr-defined]
        doc.total_debit = 71
        doc.submit()

    scene.with_site(rig, submit)
    soon(rig)
    assert rows(rig)["Already a draft"]["state"] == "Entered Here" and states(rig, draft["reference_name"])[0][0] == "Synced"
    assert states(rig, mine)[0][0] == "Synced" and len(rig.xero.documents("ManualJournals")) == posted + 1


def _sent_before_it_was_typed(rig: Rig) -> None:
    """What went to Xero from here and is typed there too becomes no second one here: a person says which it is. What a person has sent in spite of that is asked about once."""
    mine = typed(rig, "2026-11-20", ("Office Rent", 81.0), ("Utility Expenses", -81.0))
    scene.settle(rig)
    assert states(rig, mine) == [("Synced", "")]
    again = journal(rig, "Typed again", ("469", "81.00", "NONE"), ("445", "-81.00", "NONE"), Date="2026-11-18")
    journal(rig, "Sent all the same", ("469", "82.00", "NONE"), ("445", "-82.00", "NONE"))
    other = typed(rig, "2026-11-20", ("Office Rent", 82.0), ("Utility Expenses", -82.0))
    rig.dispatch()
    assert states(rig, other) == [("Held", "typed-there-too")]

    def all_the_same(_frappe: object) -> None:
        from picortex_xero.api import to_fix

        assert to_fix.send_late("Journal Entry", other)

    scene.with_site(rig, all_the_same)
    scene.settle(rig)
    assert states(rig, other)[0][0] == "Synced"
    pass_alive(rig, 8 * 3600)
    rig.dispatch()
    row = rows(rig)["Typed again"]
    assert (row["state"], row["reason_code"]) == ("Waiting", "perhaps-twice-in-xero") and mine in row["reason"]
    assert rows(rig)["Sent all the same"]["state"] == "Draft Here"
    rig.xero.person("void_journal", ManualJournalID=again["ManualJournalID"])
    pass_alive(rig, 8 * 3600)
    rig.dispatch()
    assert rows(rig)["Typed again"]["state"] == "Gone"


def _a_copy_of_an_invoice(rig: Rig, sale: scene.Record) -> None:
    """What Duplicate makes of a draft that came from Xero is not sent while that is a draft: it is what Xero has once that draft is deleted, or another one once that is submitted."""
    choose(rig, documents_from_xero="Become Drafts")
    (ours,) = scene.live(rig)
    total, dated = str(scene.total(sale)), "2026-11-20"
    line = {"Description": "S", "Quantity": "1", "UnitAmount": total, "AccountCode": "200", "TaxType": "NONE"}
    given = {"Type": "ACCREC", "InvoiceNumber": "X-1", "Contact": {"ContactID": ours["contact"]}, "Status": "AUTHORISED"}
    rig.xero.person("create_invoice", **given, Date=dated, DueDate=dated, LineAmountTypes="NoTax", LineItems=[line])
    pass_alive(rig, 8 * 3600)
    rig.dispatch()
    draft = rows(rig)["X-1"]
    assert draft["state"] == "Draft Here", draft
    copy = scene.copied(sale, "SI-COPY", posting_date=dated)
    rig.play([copy])
    scene.settle(rig)
    assert states(rig, "SI-COPY")[0] == ("Held", "typed-there-too") and len(scene.live(rig)) == 2
    scene.with_site(rig, lambda frappe: frappe.get_doc("Sales Invoice", draft["reference_name"]).delete())
    soon(rig)
    assert rows(rig)["X-1"]["reason_code"] == "perhaps-here-already" and states(rig, "SI-COPY")[0] == ("Held", "listed-there-too")


def _on_another_day(rig: Rig) -> None:
    """A person sees that it is dated otherwise here, and says that it is the same: each side keeps its day. What is dated anew after that is told."""
    mine = typed(rig, "2026-11-18", ("Office Rent", 33.0), ("Utility Expenses", -33.0))
    journal(rig, "Rent of the 20th", ("469", "33.00", "NONE"), ("445", "-33.00", "NONE"))
    rig.dispatch()
    soon(rig)
    row = rows(rig)["Rent of the 20th"]
    assert row["reason_code"] == "perhaps-here-already", row
    (shown,) = press(rig, "here_already", row["name"])
    assert (shown["name"], shown["date"], shown["there"], shown["differs"]) == (mine, "2026-11-18", str(row["date"]), "")
    for wrong in ("", "2026-11-17"):
        with pytest.raises(Exception, match="dated 2026-11-18 here"):
            press(rig, "this_one", row["name"], mine, wrong)
    press(rig, "this_one", row["name"], mine, "2026-11-18")
    soon(rig)
    assert states(rig, mine)[0][0] == "Synced"
    assert (rows(rig)["Rent of the 20th"]["state"], rows(rig)["Rent of the 20th"]["reason"]) == ("Entered Here", "")
