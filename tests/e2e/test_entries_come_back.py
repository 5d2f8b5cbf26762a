"""Manual journals, money spent and received that people enter in Xero become draft Journal Entries, once, and are never sent back."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import connecting
from tests.scene import rig as scene
from tests.scene.entries_back import ROW, drafts, journal, rows, spend
from tests.scene.reading import begin, read


def test_what_people_enter_becomes_drafts_once_and_is_followed(rig: Rig) -> None:
    def choose(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, "entries_from_xero", "Become Drafts")

    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    journal(rig, "Before anybody chose", ("469", "1.00", "NONE"), ("445", "-1.00", "NONE"))
    begin(rig)
    # Reading begins a day back.
    read(rig, 30 * 3600)
    assert rows(rig) == {} and drafts(rig) == []
    scene.with_site(rig, choose)
    begin(rig)
    suffix = f" - {rig.company['abbr']}"
    shared = journal(rig, "Freight", ("310", "100.00", "INPUT2"), ("200", "-115.00", "NONE"))
    plain = journal(rig, "Rent moved", ("469", "50.00", "NONE"), ("445", "-50.00", "NONE"))
    money = spend(rig, "Power", "40.00", "445")
    journal(rig, "A draft there", ("469", "5.00", "NONE"), ("445", "-5.00", "NONE"), Status="DRAFT")
    journal(rig, "Long ago", ("469", "5.00", "NONE"), ("445", "-5.00", "NONE"), Date="2010-01-01")
    read(rig)
    found = rows(rig)
    assert {text: row["state"] for text, row in found.items()} == {
        "Freight": "Waiting",
        "Rent moved": "Draft Here",
        "Power": "Draft Here",
    }, found
    # Several accounts stand for 310: somebody says which one takes what comes back.
    assert found["Freight"]["reason_code"] == "account-not-mapped-back" and "Stock Adjustment" in found["Freight"]["reason"]

    def mark(frappe: Any) -> None:
        for name in ("Stock Adjustment", "Cost of Goods Sold"):
            row = frappe.get_doc("Xero Account Mapping", {"connection": rig.connection, "account": name + suffix})
            row.takes_what_comes_back = 1
            row.save(ignore_permissions=True)

    scene.with_site(rig, mark)
    rig.dispatch()
    made = {each["user_remark"].split(" · ")[1]: each for each in drafts(rig)}
    assert set(made) == {"Freight", "Rent moved", "Power"}
    assert {(each["account"], each["debit"] - each["credit"]) for each in made["Freight"]["accounts"]} == {
        ("Cost of Goods Sold" + suffix, 100.0),
        ("Sales" + suffix, -115.0),
        ("GST" + suffix, 15.0),
    }
    bank = made["Power"]["accounts"][0]
    assert (bank["account"], bank["credit"], made["Power"]["voucher_type"], made["Power"]["docstatus"]) == (
        "Trading Account" + suffix,
        46,
        "Bank Entry",
        0,
    )

    # One is submitted by a person, one changed in Xero, one deleted here.
    def submit(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", made["Rent moved"]["name"])
        doc.total_debit = 50  # ERPNext has worked it out
        doc.submit()
        frappe.get_doc("Journal Entry", made["Power"]["name"]).delete()

    scene.with_site(rig, submit)
    sent = len(rig.xero.documents("ManualJournals"))
    shown = rig.xero.person("edit_journal", ManualJournalID=shared["ManualJournalID"], JournalLines=[
        {"AccountCode": "310", "LineAmount": "90.00", "TaxType": "NONE"}, {"AccountCode": "200", "LineAmount": "-90.00", "TaxType": "NONE"}])  # fmt: skip
    assert shown["Status"] == "POSTED"
    read(rig)
    found = rows(rig)
    assert found["Rent moved"]["state"] == "Entered Here" and len(rig.xero.documents("ManualJournals")) == sent, "nothing is sent back"
    assert [step["state"] for step in rig.steps(reference_name=made["Rent moved"]["name"])] == ["Synced"]
    assert found["Power"]["state"] == "Draft Here" and found["Power"]["reference_name"] != made["Power"]["name"], "made again"
    assert found["Freight"]["reason_code"] == "changed-in-xero-back" and found["Freight"]["reference_name"] == made["Freight"]["name"]

    def anew(frappe: Any) -> None:
        from picortex_xero.api import incoming

        # Each is a request of its own.
        frappe.get_doc("Journal Entry", made["Freight"]["name"]).delete()
        frappe.db.commit()
        incoming.retry(found["Freight"]["name"])

    scene.with_site(rig, anew)
    rig.dispatch()
    (again,) = [each for each in drafts(rig) if "Freight" in each["user_remark"] and each["docstatus"] == 0]
    assert again["total_debit"] == 90 or sum(row["debit"] for row in again["accounts"]) == 90
    # Removed in Xero: the draft's row says so, what was submitted is told, and the same record never becomes a second one.
    rig.xero.person("delete_bank_transaction", BankTransactionID=money["BankTransactionID"])
    rig.xero.person("void_journal", ManualJournalID=plain["ManualJournalID"])
    read(rig)
    found = rows(rig)
    assert {found[text]["reason_code"] for text in ("Power", "Rent moved")} == {"removed-in-xero-back"}
    assert len(drafts(rig)) == 3

    # What looks like a journal that is here already waits until a person says that it is another one.
    def typed(frappe: Any) -> None:
        frappe.get_doc(
            {"doctype": "Journal Entry", "company": rig.company["name"], "voucher_type": "Journal Entry", "posting_date": "2026-11-18",
             "accounts": [{"account": "Trading Account" + suffix, "credit": 9.20, "credit_in_account_currency": 9.20},
                          {"account": "Utility Expenses" + suffix, "debit": 9.20, "debit_in_account_currency": 9.20}]}
        ).insert(ignore_permissions=True)  # fmt: skip

    scene.with_site(rig, typed)
    spend(rig, "Water", "8.00", "445")
    read(rig)
    water = rows(rig)["Water"]
    assert (water["state"], water["reason_code"]) == ("Waiting", "perhaps-here-already"), water

    def press(frappe: Any) -> None:
        from picortex_xero.api import incoming

        incoming.another_one(water["name"])

    scene.with_site(rig, press)
    rig.dispatch()
    assert rows(rig)["Water"]["state"] == "Draft Here"
    _invoices_and_bills(rig, sale)


def _invoices_and_bills(rig: Rig, sale: scene.Record) -> None:
    """They stay in Xero until the company chooses otherwise; then they are drafts of whoever is matched with the contact, and what was paid there follows the submit."""
    (ours,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]]

    def person(number: str, contact: dict[str, str], **more: Any) -> dict[str, Any]:
        lines = [{"Description": "Advice", "Quantity": "2", "UnitAmount": "50.00", "AccountCode": "200", "TaxType": "OUTPUT2"}]
        given = {
            "Type": "ACCREC",
            "InvoiceNumber": number,
            "Contact": contact,
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "Status": "AUTHORISED",
        }
        return dict(rig.xero.person("create_invoice", **{**given, "LineItems": lines, "LineAmountTypes": "Exclusive", **more}))

    known = {"ContactID": ours["contact"]}
    person("X-0", known)
    read(rig)
    assert "X-0" not in rows(rig), "off until somebody chooses"

    def choose(frappe: Any) -> None:
        frappe.db.set_value(
            "Xero Connection", rig.connection, {"documents_from_xero": "Become Drafts", "payments_from_xero": "Become Drafts"}
        )

    scene.with_site(rig, choose)
    invoice = person("X-1", known)
    person("X-2", {"Name": "Nobody Here Knows"})
    rig.xero.person("pay_invoice", InvoiceID=invoice["InvoiceID"], Amount="15.00", Account={"Code": "090"}, Date="2026-11-21")
    read(rig)
    found = rows(rig)
    assert found["X-2"]["reason_code"] == "contact-not-matched-back" and "Nobody Here Knows" in found["X-2"]["reason"], scene.error_log(
        rig
    )[-1:]
    assert (found["X-1"]["state"], found["X-1"]["reason"]) == ("Draft Here", ""), found["X-1"]
    name = found["X-1"]["reference_name"]

    def submit(frappe: Any) -> dict[str, Any]:
        doc = frappe.get_doc("Sales Invoice", name)
        # What ERPNext has worked out.
        doc.grand_total = doc.base_grand_total = doc.outstanding_amount = 115
        doc.debit_to, doc.party_account_currency = sale["doc"]["debit_to"], "NZD"
        doc.submit()
        return dict(doc.as_dict())

    made = scene.with_site(rig, submit)
    assert (made["customer"], made["items"][0]["qty"], made["items"][0]["rate"], made["taxes"][0]["rate"]) == (
        sale["doc"]["customer"],
        2,
        50,
        15,
    )
    count = len(scene.live(rig))
    scene.settle(rig)
    rig.dispatch()
    assert [step["state"] for step in rig.steps(reference_name=name)] == ["Synced"] and len(scene.live(rig)) == count, "never sent back"
    assert rows(rig)["X-1"]["state"] == "Entered Here"
    paid = scene.with_site(
        rig, lambda frappe: frappe.get_all("Payment Entry Reference", filters={"reference_name": name}, fields=["allocated_amount"])
    )
    assert [each["allocated_amount"] for each in paid] == [15], "what was paid in Xero before the submit"
    _a_month(rig)
    _what_is_here_follows(rig)
    _documents_on_both_sides(rig, sale, person, known)


def _documents_on_both_sides(rig: Rig, sale: scene.Record, person: Any, known: dict[str, str]) -> None:
    """An invoice that went there from here and is typed there too waits; so does one that is a draft here, until a person says that it is that one. An amendment is Xero's."""
    there = {"Date": str(sale["doc"]["posting_date"]), "DueDate": str(sale["doc"]["posting_date"]), "LineAmountTypes": "NoTax"}
    line = {"Description": "S", "Quantity": "1", "UnitAmount": str(scene.total(sale)), "AccountCode": "200", "TaxType": "NONE"}
    person("X-TWICE", known, **there, LineItems=[line])
    read(rig)
    twice = rows(rig)["X-TWICE"]
    assert (twice["reason_code"], twice["reference_name"]) == ("perhaps-twice-in-xero", None) and sale["name"] in twice["reason"]
    typed = scene.copied(sale, "SI-TYPED", docstatus=0)

    def put(frappe: Any) -> None:
        from sandbox.host import storage

        storage.store({**typed["doc"], "docstatus": 0})

    scene.with_site(rig, put)
    person("X-SAME", known, **there, LineItems=[line])
    read(rig)
    assert rows(rig)["X-SAME"]["reason_code"] == "perhaps-here-already"
    count = len(rig.xero.documents("Invoices"))

    def link(frappe: Any) -> None:
        from picortex_xero.api import incoming

        row = rows(rig)["X-SAME"]["name"]
        for wrong in (lambda: incoming.done_by_hand(row), lambda: incoming.this_one(row, sale["name"])):
            with pytest.raises(frappe.ValidationError):
                wrong()
        doc = frappe.get_doc("Sales Invoice", "SI-TYPED")
        doc.submit()
        frappe.db.commit()
        incoming.this_one(row, "SI-TYPED")

    scene.with_site(rig, link)
    scene.settle(rig)
    read(rig)
    assert [step["state"] for step in rig.steps(reference_name="SI-TYPED")] == ["Synced"]
    assert (rows(rig)["X-SAME"]["state"], rows(rig)["X-SAME"]["reference_name"]) == ("Entered Here", "SI-TYPED")
    assert len(rig.xero.documents("Invoices")) == count, "nothing is sent"


def _a_month(rig: Rig) -> None:
    """What Xero has booked itself is offered as one journal, made a draft by a person, and never sent."""
    suffix = f" - {rig.company['abbr']}"

    def press(frappe: Any) -> str:
        from picortex_xero.api import incoming

        try:
            return str(incoming.propose_month(rig.connection, "2026-10"))
        except frappe.ValidationError as refused:
            frappe.clear_messages()
            return str(refused)

    assert "trial balance" in scene.with_site(rig, press), "refused in words where nobody has allowed it"
    journal(rig, "Depreciation of October", ("416", "70.00", "NONE"), ("711", "-70.00", "NONE"), Date="2026-10-31")

    def allow(frappe: Any) -> None:
        from picortex_xero.connection import connecting as consents
        from picortex_xero.connection import widening

        frappe.db.set_value("Xero Connection", rig.connection, "read_trial_balance", 1)
        given = connecting.consent(widening.more_permissions("Administrator", rig.connection))
        consents.finish("Administrator", given["state"], given["code"])

    scene.with_site(rig, allow)
    name = scene.with_site(rig, press)

    def make(frappe: Any) -> tuple[Any, list[Any], str]:
        from picortex_xero.api import incoming

        return frappe.get_doc(ROW, name).as_dict(), incoming.month_table(name), incoming.make_month_journal(name)

    row, table, made = scene.with_site(rig, make)
    assert made, (row, table)
    assert {
        (each["account"], each["debit"], each["credit"]) for each in next(each for each in drafts(rig) if each["name"] == made)["accounts"]
    } == {
        ("Depreciation" + suffix, 70, 0),
        ("Accumulated Depreciation" + suffix, 0, 70),
    }


def _what_is_here_follows(rig: Rig) -> None:
    """What is typed on both sides is linked by a person and goes nowhere meanwhile; what is edited is told; an amendment is what Xero has; nothing is ever there twice."""
    suffix = f" - {rig.company['abbr']}"

    def press(what: str, text: str, *more: str) -> None:
        def work(frappe: Any) -> None:
            from picortex_xero.api import incoming

            getattr(incoming, what)(rows(rig)[text]["name"], *more)

        scene.with_site(rig, work)
        rig.dispatch()

    def moved(text: str, amount: str) -> dict[str, Any]:
        return journal(rig, text, ("469", amount, "NONE"), ("445", f"-{amount}", "NONE"))

    def change(doc: Any, amount: float) -> None:
        for each in doc.accounts:
            for side in ("debit", "debit_in_account_currency", "credit", "credit_in_account_currency"):
                each.set(side, amount if each.get(side) else 0)
        doc.total_debit = amount

    def submit(name: str, amount: float) -> None:
        def work(frappe: Any) -> None:
            doc = frappe.get_doc("Journal Entry", name)
            change(doc, amount)
            doc.submit()

        scene.with_site(rig, work)
        read(rig)

    def amend(name: str, amount: float) -> str:
        def work(frappe: Any) -> str:
            doc = frappe.get_doc("Journal Entry", name)
            doc.docstatus = 2
            doc.save()
            said = {key: value for key, value in doc.as_dict().items() if key not in ("name", "creation", "modified", "docstatus")}
            kept = [{key: value for key, value in each.items() if key in ("account", "debit", "credit")} for each in said["accounts"]]
            for each in kept:
                each |= {"debit_in_account_currency": each["debit"], "credit_in_account_currency": each["credit"]}
            made = frappe.get_doc({**said, "accounts": kept, "amended_from": name})
            change(made, amount)
            made.insert(ignore_permissions=True)
            return str(made.name)

        return str(scene.with_site(rig, work))

    def typed(frappe: Any) -> str:
        accounts = [{"account": account + suffix, side: 9.3, f"{side}_in_account_currency": 9.3}
                    for account, side in (("Office Rent", "debit"), ("Utility Expenses", "credit"))]  # fmt: skip
        doc = {"doctype": "Journal Entry", "company": rig.company["name"], "voucher_type": "Journal Entry", "posting_date": "2026-11-20"}
        return str(frappe.get_doc({**doc, "is_opening": "No", "accounts": accounts}).insert(ignore_permissions=True).name)

    def states(name: str) -> list[tuple[str, str]]:
        return [(step["state"], step["reason_code"] or "") for step in rig.steps(reference_name=name)]

    mine = scene.with_site(rig, typed)
    for text, amount in (("Same", "9.30"), ("Edited", "61.00"), ("Amended", "62.00"), ("Both", "63.00"), ("Unwanted", "64.00")):
        moved(text, amount)
    changed = moved("Again", "65.00")
    read(rig)
    found = rows(rig)
    made = {text: found[text]["reference_name"] for text in ("Edited", "Amended", "Both", "Unwanted", "Again")}
    assert found["Same"]["reason_code"] == "perhaps-here-already" and all(made.values()), found
    posted = len(rig.xero.documents("ManualJournals"))
    # One typed on both sides: held, then linked.
    submit(mine, 9.3)
    assert states(mine) == [("Held", "listed-there-too")]
    press("this_one", "Same", mine)
    scene.settle(rig)
    assert states(mine)[0][0] == "Synced" and rows(rig)["Same"]["state"] == "Entered Here"
    # One that is edited before it is submitted.
    submit(made["Edited"], 80)
    assert states(made["Edited"]) == [("Needs Attention", "edited-draft")] and rows(rig)["Edited"]["reason_code"] == "edited-draft"
    assert "80.00 here, 61.00 in Xero" in rows(rig)["Edited"]["reason"]
    # One that is amended: the amendment is Xero's. It is told apart again where it is otherwise than there.
    submit(made["Amended"], 62)
    amended = amend(made["Amended"], 62)
    read(rig)
    assert rows(rig)["Amended"]["reason_code"] == "cancelled-here-back"
    submit(amended, 62)
    row = rows(rig)["Amended"]
    assert (row["state"], row["reference_name"], states(amended)[0][0]) == ("Entered Here", amended, "Synced")
    assert ("Superseded", "superseded") in states(made["Amended"])
    # One that is changed in Xero, and amended here as it is there; Retry while it is a draft frees nothing.
    submit(made["Both"], 63)
    there = next(each for each in rig.xero.documents("ManualJournals") if each["Narration"] == "Both")
    lines = [
        {"AccountCode": "469", "LineAmount": "70.00", "TaxType": "NONE"},
        {"AccountCode": "445", "LineAmount": "-70.00", "TaxType": "NONE"},
    ]
    rig.xero.person("edit_journal", ManualJournalID=there["ManualJournalID"], JournalLines=lines)
    read(rig)
    assert rows(rig)["Both"]["reason_code"] == "changed-in-xero-back"
    both = amend(made["Both"], 70)
    press("retry", "Both")
    assert (rows(rig)["Both"]["state"], rows(rig)["Both"]["reference_name"]) == ("Draft Here", both)
    submit(both, 70)
    assert (rows(rig)["Both"]["state"], states(both)[0][0]) == ("Entered Here", "Synced")
    # One that is changed twice, after the first of which somebody has pressed Done by Hand.
    submit(made["Again"], 65)
    for amount in ("66.00", "67.00"):
        lines = [
            {"AccountCode": "469", "LineAmount": amount, "TaxType": "NONE"},
            {"AccountCode": "445", "LineAmount": f"-{amount}", "TaxType": "NONE"},
        ]
        rig.xero.person("edit_journal", ManualJournalID=changed["ManualJournalID"], JournalLines=lines)
        read(rig)
        assert rows(rig)["Again"]["reason_code"] == "changed-in-xero-back", amount
        press("done_by_hand", "Again")
        assert rows(rig)["Again"]["state"] == "Entered Here"
    # One that nobody wants: closed, and deleted for good. One that is cancelled is entered anew by Retry.
    press("done_by_hand", "Unwanted")

    def unwanted(frappe: Any) -> None:
        frappe.get_doc("Journal Entry", made["Unwanted"]).delete()
        doc = frappe.get_doc("Journal Entry", both)
        doc.docstatus = 2
        doc.save()

    scene.with_site(rig, unwanted)
    read(rig)
    assert rows(rig)["Unwanted"]["state"] == "Left Out" and rows(rig)["Both"]["reason_code"] == "cancelled-here-back"
    press("retry", "Both")
    assert rows(rig)["Both"]["state"] == "Draft Here" and rows(rig)["Both"]["reference_name"] not in (both, made["Both"])
    assert len(rig.xero.documents("ManualJournals")) == posted, "nothing was sent of all that"
