"""The Preview page: a period, everything waiting, a document; what it says is what then goes, and what Xero would refuse is said before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.host.site import add_user
from sandbox.rig import Rig
from tests.scene import payments, previews
from tests.scene import rig as scene
from tests.scene.desk import choose
from tests.scene.regions import plain

PERIOD = {"what": "A Period", "from_date": "2020-01-01", "to_date": "2030-12-31"}


class OnePage(float):
    """A time that has come once one page was looked at."""

    looks = 0

    def __lt__(self, other: float) -> bool:
        self.looks += 1
        return self.looks > 1


def looked(rig: Rig, slices: int = 0, user: str = "Administrator", **asked: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Head and table of a preview that is finished; in so many `slices` first that have time for one page each."""

    def work(frappe: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        from picortex_xero.api import preview
        from picortex_xero.engine import jobs, preview_run

        frappe.set_user(user)
        name = preview.start(rig.connection, **asked)
        frappe.set_user("Administrator")
        frappe.db.commit()
        for _slice in range(slices):
            preview_run.go_on(name, OnePage())
        jobs.go_on("Xero Preview Run", name)
        return preview.head(name), preview.table(name)

    return scene.with_site(rig, work)


def said(rig: Rig, user: str = "Administrator", **asked: Any) -> dict[str, int]:
    """How many documents and calls a preview is said to take before it begins."""

    def work(frappe: Any) -> dict[str, int]:
        from picortex_xero.api import preview

        frappe.set_user(user)
        return dict(preview.before(rig.connection, **asked))

    return dict(scene.with_site(rig, work))


def limited(rig: Rig) -> None:
    """The organisation has a plan that limits a month's approvals."""
    rig.xero.person("set_class", **{"class": "IGNITE"})

    def refresh(_frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.refresh(rig.connection)

    scene.with_site(rig, refresh)


def test_a_period_is_previewed_and_goes_as_it_was_said(rig: Rig) -> None:
    """Payments find the invoices that were previewed before them, a new customer's contact counts once, and nothing is written but the table."""
    records = [*scene.paid(rig), *scene.of_one_customer(rig, 3), *scene.bills(rig, 2)]
    records = list({each["name"]: each for each in records}.values())
    rig.play(records)
    calls = rig.xero.calls()
    head, table = looked(rig, **PERIOD)
    assert rig.xero.calls() == calls, "a preview asks Xero for nothing unless that was chosen"
    assert (head["state"], head["documents"], head["looked_at"], head["problems"]) == ("Done", len(records), len(records), 0)
    assert {row["state"] for row in table} == {"Would Go"} and {row["reference_name"] for row in table} == {
        each["name"] for each in records
    }
    assert head["requests"] > 0 and head["minutes"] == 1 and head["days"] == 1
    sale = next(row for row in table if row["reference_doctype"] == "Sales Invoice")
    record = next(each for each in records if each["name"] == sale["reference_name"])
    assert Decimal(sale["total"]) == scene.total(record) and Decimal(sale["tax"]) == scene.tax(record)
    assert "Awaiting payment" in sale["becomes"] and sale["accounts"] and sale["contact"] and not sale["real"]

    since = rig.xero.call_count()
    scene.settle(rig)
    sent = rig.xero.calls(since=since)
    assert len(sent) - 5 <= head["requests"] <= len(sent) + 5, [f"{each['method']} {each['path']}" for each in sent]

    def again(frappe: Any) -> Any:
        from picortex_xero.api import preview

        return preview.table(preview.newest(rig.connection))

    after = scene.with_site(rig, again)
    assert all(row["real"] and not row["differs"] for row in after), [
        (row["reference_name"], row["total"], row["real_total"]) for row in after
    ]
    head, table = looked(rig, what="Everything Waiting")
    assert head["documents"] == 0 and table == []


def test_problems_come_first_and_name_lock_plan_and_number(rig: Rig) -> None:
    """What Xero would refuse is known before it is asked: a locked period, the plan's approvals, a number that is taken, a currency."""
    records = scene.of_different_customers(rig, 4)
    for number, record in enumerate(records):
        record["doc"]["posting_date"] = f"2026-11-{10 + number}"
    records[0]["doc"]["posting_date"] = "2026-01-15"
    rig.play(records)
    rig.xero.person("set_lock_dates", period="2026-03-31", year_end=None)
    rig.xero.person("set_class", **{"class": "IGNITE"})

    def prepare(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.refresh(rig.connection)
        plan = frappe.get_doc("Xero Plan", "IGNITE")
        assert (plan.invoices, plan.bills) == (20, 5)
        plan.invoices = 3
        plan.save()

    scene.with_site(rig, prepare)
    taken = records[1]["name"]
    entered = _enter(rig, taken)
    head, table = looked(rig, look_in_xero=True, **PERIOD)
    said = {row["reference_name"]: row for row in table}
    assert [row["state"] for row in table] == sorted((row["state"] for row in table), key=["Would Be Held", "Would Go"].index)
    assert "locked to 2026-03-31" in said[records[0]["name"]]["problems"]
    # One was entered by a person in that month, who counts too: the third one here is the fourth.
    assert "number 4 of November 2026" in said[records[3]["name"]]["problems"], said[records[3]["name"]]
    assert f"has the number {taken} already: Somebody" in said[taken]["problems"]
    assert said[records[2]["name"]]["state"] == "Would Go"
    _head, unasked = looked(rig, **PERIOD)
    assert "number 4 of November 2026" in next(row["problems"] for row in unasked if row["reference_name"] == records[3]["name"])
    assert head["calls"] > 0 and head["plan"] == {"name": "IGNITE", "invoices": 3, "bills": 5, "known": True}
    assert entered


def _enter_bill(rig: Rig, bill: scene.Record) -> None:
    """Somebody has entered the bill in Xero, in one line."""
    doc, net = bill["doc"], scene.total(bill) - scene.tax(bill)
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": str(net), "TaxAmount": str(scene.tax(bill)), "TaxType": "INPUT2"}
    whole = {"Type": "ACCPAY", "Contact": {"Name": doc["supplier"]}, "InvoiceNumber": doc["bill_no"], "Date": str(doc["posting_date"])}
    rest = {"DueDate": str(doc["due_date"]), "Status": "DRAFT", "LineAmountTypes": "Exclusive"}
    rig.xero.person("create_invoice", **whole, **rest, LineItems=[{**line, "AccountCode": "310"}])


def _enter(rig: Rig, number: str, called: str = "Somebody") -> str:
    """A person enters and approves an invoice in Xero."""
    from tests.scene.xero_client import Client

    client = Client(rig.xero)
    who = client.contact(called)
    made = client.made("Invoices", client.invoice(who, number, client.line(), Date="2026-11-05", DueDate="2026-11-05"))
    return str(made["InvoiceID"])


def test_the_calls_that_are_said_are_the_calls_that_are_made(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each month with a limit counts, in a period as in everything that waits; a preview in slices asks nothing twice."""
    from picortex_xero.engine import preview_in_xero, preview_run

    def no_answer(*_given: Any) -> Any:
        raise preview_in_xero.NoAnswer("503")

    sales, bills = scene.of_different_customers(rig, 7), scene.bills(rig, 3)
    for at, record in enumerate([*sales, *bills]):
        record["doc"]["posting_date"] = f"2026-{10 - at % 7:02d}-12"
    rig.play([*sales, *bills, scene.returned(sales[0], "CN-1")])
    limited(rig)
    monkeypatch.setattr(preview_run, "PAGE", 2)
    for asked in (PERIOD, {"what": "Everything Waiting"}, {"what": "A Document", "doctype": "Purchase Invoice", "name": bills[0]["name"]}):
        told = said(rig, **asked, look_in_xero=True)
        since = rig.xero.call_count()
        head, table = looked(rig, slices=3, look_in_xero=True, **asked)
        made = rig.xero.calls(since=since)
        assert told["documents"] == head["documents"] == len(table) and {row["state"] for row in table} == {"Would Go"}
        assert told["calls"] == head["calls"] == len(made), [each["path"] for each in made]
        # The numbers of invoices and bills, those of credit notes; sales of seven months and bills of three.
        assert len(made) == (1 + 1 if "name" in asked else 2 + 7 + 3)
    # What is approved in Xero counts there, whatever is chosen; not for who may not have Xero asked, nor where Xero does not answer.
    since = rig.xero.call_count()
    told, (head, _table) = said(rig, **PERIOD), looked(rig, **PERIOD)
    assert told["calls"] == head["calls"] == len(rig.xero.calls(since=since)) == 7 + 3 and head["counts_in_xero"]
    add_user(rig.site, "auditor@example.com", ["Xero Auditor"])
    told, (head, table) = said(rig, "auditor@example.com", **PERIOD), looked(rig, user="auditor@example.com", **PERIOD)
    assert told["calls"] == head["calls"] == head["counts_in_xero"] == 0 and len(table) == 11
    monkeypatch.setattr(preview_in_xero, "_read", no_answer)
    head, table = looked(rig, **PERIOD)
    assert (head["state"], head["counts_in_xero"], len(table)) == ("Done", 0, 11)
    assert {row["state"] for row in table} == {"Would Go"}
    head, _table = looked(rig, look_in_xero=True, **PERIOD)
    assert head["state"] == "Running" and "Xero does not answer" in head["reason"], "nothing reads as if it could not be told"


def test_what_xero_has_already_is_told_as_it_becomes(rig: Rig) -> None:
    """Bills and credit notes, too: what would be held is what then waits, and what would go goes."""
    sales, bills = scene.of_different_customers(rig, 3), scene.bills(rig, 3)
    there, alike, unknown = bills
    alike["doc"]["bill_no"], there["doc"]["bill_no"], unknown["doc"]["bill_no"] = "SAME-77", "THEIRS-1", "THEIRS-2"
    credit, free = scene.returned(sales[0], "CN-TAKEN"), scene.returned(sales[1], "CN-FREE")
    voided = scene.copied(sales[2], "SI-VOIDED")
    # The supplier of the last bill is in Xero and not linked yet.
    assert unknown["doc"]["supplier"] not in (there["doc"]["supplier"], alike["doc"]["supplier"])
    scene.make_contacts(rig, [there, alike])
    for bill in (there, unknown):
        _enter_bill(rig, bill)
    made = _enter(rig, "SAME-77"), _enter(rig, "SI-VOIDED", "Somebody Else")
    rig.xero.person("void_invoice", InvoiceID=made[1])
    rig.xero.person("create_credit_note", **{**CREDIT, "CreditNoteNumber": "CN-TAKEN"})
    records = [*sales, *bills, credit, free, voided]
    rig.play(records)
    since = rig.xero.call_count()
    head, table = looked(rig, look_in_xero=True, **PERIOD)
    assert head["calls"] == len(rig.xero.calls(since=since))
    said = {row["reference_name"]: row for row in table}
    states = {name: row["state"] for name, row in said.items()}
    held = {there["name"], unknown["name"], "CN-TAKEN"}
    assert {name for name, state in states.items() if state == "Would Be Held"} == held, states
    assert set(states.values()) == {"Would Be Held", "Would Go"}
    assert "entered THEIRS-1 for this supplier in Xero already" in said[there["name"]]["problems"]
    assert "has the number CN-TAKEN already: Somebody" in said["CN-TAKEN"]["problems"]
    scene.settle(rig)
    for name in states:
        kept = {step["reason_code"] for step in rig.steps() if step["reference_name"] == name and step["state"] == "Needs Attention"}
        assert bool(kept) == (name in held), (name, kept)


CREDIT = {
    "Type": "ACCRECCREDIT",
    "Contact": {"Name": "Somebody"},
    "Date": "2026-11-05",
    "Status": "AUTHORISED",
    "LineItems": [{"Description": "By hand", "Quantity": "1", "UnitAmount": "7.00", "TaxType": "OUTPUT2", "AccountCode": "200"}],
}


def test_t14_a_currency_that_is_not_switched_on_is_blocked_before_any_call(rig: Rig) -> None:
    """Checkpoint T14 (self-assessed): the document is held by what Xero's lists say, and nothing of it is sent."""
    record = scene.invoices(rig)[0]
    record["doc"].update(currency="EUR", conversion_rate=1.9, party_account_currency=rig.company["default_currency"])
    rig.xero.person("set_currencies", currencies=[])
    before = len(scene.writes(rig))

    def refresh(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.refresh(rig.connection)

    scene.with_site(rig, refresh)
    rig.play([record])
    rig.dispatch()
    step = scene.step(rig, record["name"], "invoice")
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "currency-off")
    assert len(scene.writes(rig)) == before, "not even its contact"
    _head, table = looked(rig, what="A Document", doctype=record["doctype"], name=record["name"])
    assert table[0]["state"] == "Would Be Held" and "EUR is not switched on" in table[0]["problems"]
    rig.xero.person("set_currencies", currencies=["EUR"])
    scene.with_site(rig, refresh)
    scene.settle(rig)
    assert scene.step(rig, record["name"], "invoice")["state"] == "Synced"


def test_what_waits_for_money_or_for_an_invoice_is_told_from_what_goes(rig: Rig) -> None:
    """A deposit dated before its invoice goes with it, on its card too; held, the bill that was paid at once goes and its payment alone waits, and of two
    currencies neither half is said to go by itself."""
    sale, receipt = scene.paid(rig)
    sale["doc"]["posting_date"], receipt["doc"]["posting_date"] = "2026-11-05", "2026-10-20"
    rig.play([sale, receipt])
    states = {row["reference_name"]: row["state"] for row in looked(rig, **PERIOD)[1]}
    assert states == {sale["name"]: "Would Go", receipt["name"]: "Would Go"}

    def card(_frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import preview

        return dict(preview.document(rig.connection, receipt["doctype"], receipt["name"]))

    (step,) = scene.with_site(rig, card)["steps"]
    told = {each["label"]: each["value"] for each in step["fields"]}
    assert step["outcome"] == "Send" and Decimal(told["Amount"]) == scene.total(sale), step
    assert told["Date"] == "2026-10-20" and told["Account"].startswith("090 ") and told["Pays"] == sale["name"]
    assert f"Sent before it: {sale['name']}" in [each["message"] for each in step["assumptions"]]

    choose(rig, money="Hold until released")
    bill = scene.copied(plain(rig, "Purchase Invoice"), "PI-PAID")
    due = bill["doc"]["grand_total"]
    bank = {"is_paid": 1, "paid_amount": due, "base_paid_amount": due, "cash_bank_account": f"Trading Account - {rig.company['abbr']}"}
    bill["doc"].update(**bank, outstanding_amount=0.0)
    advance, _sales = payments.advance(rig)
    rig.play([bill, payments.across(rig, "MOVE"), advance])
    rows = {row["reference_name"]: row for row in looked(rig, **PERIOD)[1]}
    assert rows["PI-PAID"]["state"] == "Would Go" and rows["PI-PAID"]["becomes"].startswith("Bill"), rows["PI-PAID"]
    assert "its payment waits here until somebody releases it" in rows["PI-PAID"]["problems"]
    for name in ("MOVE", advance["name"], receipt["name"]):
        assert (rows[name]["state"], rows[name]["total"], rows[name]["becomes"]) == ("Would Be Held", "", ""), rows[name]


def test_a_bill_that_goes_while_its_payment_is_held_reads_so_and_counts_as_going(rig: Rig) -> None:
    """Not for money's sake: its bank is not mapped. The list before going live counts it as going, too, and the engine does what was said."""
    plain_bill = plain(rig, "Purchase Invoice")
    due, bank = plain_bill["doc"]["grand_total"], f"Trading Account - {rig.company['abbr']}"
    paid = {"is_paid": 1, "paid_amount": due, "base_paid_amount": due, "cash_bank_account": bank, "outstanding_amount": 0.0}
    bill = scene.copied(plain_bill, "PI-PAID", **paid)
    rig.play([bill])

    def without_its_bank(frappe: Any) -> Any:
        from picortex_xero.engine.outlook import outlook

        frappe.db.delete("Xero Payment Mapping", {"connection": rig.connection, "account": bank})
        frappe.db.set_value("Xero Connection", rig.connection, "default_payment_account", None)
        return outlook(rig.connection, "2020-01-01", 20)

    found = scene.with_site(rig, without_its_bank)
    assert (found.waiting, [(each.key, each.documents) for each in found.missing]) == (0, [(bank, 1)]), found
    head, (row,) = looked(rig, **PERIOD)
    assert (row["state"], row["said"]) == ("Would Go in Part", "Would go, of it 1 held") and row["becomes"].startswith("Bill"), row
    assert bank in row["problems"] and row["cure"]
    assert head["problems"] == 0 and [(each["state"], each["count"]) for each in head["states"]] == [("Would Go in Part", 1)]

    def step(_frappe: Any) -> dict[str, str]:
        from picortex_xero.attention import previewed

        return previewed.step(rig.connection)

    assert scene.with_site(rig, step) == {
        "state": "amber",
        "message": "The last preview looked at one document, which would go; a part of it would be held",
    }
    scene.settle(rig)
    assert scene.step(rig, "PI-PAID", "invoice")["state"] == "Synced"
    assert scene.step(rig, "PI-PAID", "payment-1")["state"] in ("Held", "Needs Attention")


def test_a_slice_that_dies_is_taken_up_and_one_document_is_shown_beside_xero(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies in the middle loses nothing and repeats nothing; opened, a line shows host and Xero with the very payload."""
    records = scene.of_different_customers(rig, 5)
    rig.play(records)

    def work(frappe: Any) -> None:
        from picortex_xero.api import preview
        from picortex_xero.engine import jobs, preview_run, slices

        monkeypatch.setattr(preview_run, "PAGE", 2)
        name = preview.start(rig.connection, **PERIOD)
        frappe.db.commit()
        keep, kept = preview_run.Look._keep, []

        def dies(self: Any, *given: Any) -> None:
            if kept:
                raise RuntimeError("the machine is switched off")
            kept.append(keep(self, *given))

        monkeypatch.setattr(preview_run.Look, "_keep", dies)
        jobs.go_on("Xero Preview Run", name)
        assert preview.head(name)["looked_at"] == 2 and slices.due() == []
        monkeypatch.setattr(preview_run.Look, "_keep", keep)
        jobs.go_on("Xero Preview Run", name)
        assert preview.head(name)["state"] == "Running", "its time has not come"
        rig.advance(400)
        assert slices.due() == [("Xero Preview Run", name)]
        jobs.go_on("Xero Preview Run", name)
        head = preview.head(name)
        assert (head["state"], head["looked_at"]) == ("Done", 5)
        assert len({row["reference_name"] for row in preview.table(name)}) == len(preview.table(name)) == 5
        before = previews.rows(frappe)
        shown = preview.document(rig.connection, records[0]["doctype"], records[0]["name"])
        assert previews.rows(frappe) == before
        made = next(step for step in shown["steps"] if step["what"] == "Invoice")
        assert made["status"] == "Awaiting payment" and shown["steps"][0]["what"] == "Contact"
        told = {each["label"]: (each["value"], each["as"]) for each in made["fields"]}
        customer = records[0]["doc"]["customer_name"]
        assert told["Contact"] == (customer, "text") and told["Date"][1] == "date" and told["Amounts are"][0].startswith("Tax ")
        columns = [each["label"] for each in made["lines"]["columns"]]
        assert {"Description", "Qty.", "Price", "Account", "Tax rate", "Amount"} <= set(columns)
        row = dict(zip(columns, made["lines"]["rows"][0]))
        assert row["Account"] == "200 Sales" and row["Tax rate"] == "15% GST on Income", row
        assert made["totals"][-1]["label"] in ("Total", "Includes tax") and made["currency"] == shown["currency"]
        # The words of Xero's API stand in the payload alone.
        read = str({**shown, "steps": [{**step, "json": "", "request": ""} for step in shown["steps"]]})
        assert not [word for word in ("ACCREC", "AUTHORISED", "LineAmountTypes", "OUTPUT2", "Exclusive") if word in read]
        assert made["request"].startswith("PUT Invoices") and f'"InvoiceNumber": "{records[0]["name"]}"' in made["json"]
        sides = {each["label"]: each for each in shown["sides"]}
        assert sides["Number"]["here"] == sides["Number"]["there"] and not sides["Total"]["differs"]
        assert made["reasons"] and shown["lines"]
        with pytest.raises(frappe.ValidationError, match="the first is not after the last"):
            preview.start(rig.connection, "A Period", "2026-02-01", "2026-01-01")

    scene.with_site(rig, work)
