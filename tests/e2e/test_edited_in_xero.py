"""What people change in Xero: told with what differs and what to do, where it matters; noted or passed over where it does not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.desk import change, choose, retry
from tests.scene.journals import entry, fee
from tests.scene.reading import begin, pass_alive, press, read, reads, status, told

pytestmark = pytest.mark.case("19")


def sent(rig: Rig) -> scene.Record:
    """One invoice that is in Xero, and the reading begun."""
    (sale,) = scene.invoices(rig)
    rig.play([sale])
    begin(rig)
    return sale


def lines(rig: Rig, **changes: Any) -> list[dict[str, Any]]:
    """The lines of the one invoice as a person types them, the first one changed."""
    (shown,) = scene.live(rig)
    found = []
    for line in shown["lines"]:
        account = next(each for each in accounts(rig) if each["AccountID"] == line["account"])
        kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "UnitAmount", "TaxType", "Tracking")}
        found.append({**kept, "AccountCode": account["Code"]})
    found[0].update(changes)
    return found


def accounts(rig: Rig) -> list[dict[str, Any]]:
    with rig.frappe():
        from picortex_xero.connection import xero_lists

        return list(xero_lists.stored(rig.connection)["accounts"])


def south(rig: Rig) -> str:
    """A cost centre that Xero tracks."""
    return str(next(row["name"] for row in rig.company["masters"]["Cost Center"] if row["name"].startswith("South")))


def edit(rig: Rig, **changes: Any) -> None:
    rig.xero.person("edit_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], **changes)


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("amount", "edited-in-xero", ("the total was", "account ", "was sent")),
        ("account", "recoded-in-xero", ("account 270 Interest Income", "nothing was sent")),
        ("tax", "edited-in-xero", ("the tax was", "tax type No GST (NONE)")),
        ("date", "edited-in-xero", ("the date was", "2026-10-02")),
        ("contact", "edited-in-xero", ("it has another contact",)),
        ("a line more", "edited-in-xero", ("the total was",)),
    ],
)
def test_what_moves_money_is_told(rig: Rig, what: str, code: str, words: tuple[str, ...]) -> None:
    sale = sent(rig)
    if what == "amount":
        edit(rig, LineItems=lines(rig, UnitAmount="1.00", Quantity="1"))
    elif what == "account":
        edit(rig, LineItems=lines(rig, AccountCode="270"))
    elif what == "tax":
        edit(rig, LineItems=lines(rig, TaxType="NONE"))
    elif what == "date":
        edit(rig, Date="2026-10-02")
    elif what == "contact":
        edit(rig, Contact={"Name": "Somebody Else Ltd"})
    else:
        edit(
            rig,
            LineItems=[*lines(rig), {"Description": "More", "Quantity": "1", "UnitAmount": "7", "AccountCode": "260", "TaxType": "NONE"}],
        )
    read(rig)
    state, found, reason = told(rig, sale)
    assert (state, found) == ("Needs Attention", code) and reason.startswith(f"{sale['name']} was changed in Xero: ")
    assert all(word in reason for word in words), reason
    shown = status(rig, sale)
    assert shown["cure"] and shown["can_accept"] is (code == "recoded-in-xero") and not shown["can_send_again"]
    # Retry without a change says the same; nothing is ever sent because of it.
    writes = len(scene.writes(rig))
    assert retry(rig, sale) == 1
    scene.settle(rig)
    assert told(rig, sale)[0] == "Needs Attention"
    read(rig)
    assert told(rig, sale)[0] == "Needs Attention" and len(scene.writes(rig)) == writes, "it is not accepted by being seen twice"


@pytest.mark.parametrize("noticed", [False, True])
@pytest.mark.parametrize("references", [1, 2])
def test_nothing_is_paid_while_a_total_is_another_one_and_it_goes_once_that_is_right(rig: Rig, noticed: bool, references: int) -> None:
    *sales, payment = scene.paid(rig, references)
    rig.play(sales)
    begin(rig)
    shown = next(each for each in scene.live(rig) if each["InvoiceNumber"] == sales[0]["name"])
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "TaxType", "TaxAmount", "Tracking")
    was = [{name: line[name] for name in kept} for line in shown["lines"]]
    was = [{**row, "AccountCode": code_of(rig, line)} for row, line in zip(was, shown["lines"])]
    dearer = [{**was[0], "UnitAmount": str(Decimal(was[0]["UnitAmount"]) + 20), "TaxAmount": None}, *was[1:]]
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=dearer)
    if noticed:
        read(rig)
    rig.play([payment])
    rig.dispatch()
    waiting = scene.step(rig, payment["name"])
    assert (waiting["state"], waiting["reason_code"]) == ("Pending", "waits-for-invoice")
    assert not scene.live(rig, "Payments") and not scene.live(rig, "BatchPayments")
    state, code, reason = told(rig, sales[0])
    assert (state, code) == ("Needs Attention", "edited-in-xero") and "the total was" in reason
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=was)
    read(rig)
    assert told(rig, sales[0])[0] == "Synced" == scene.step(rig, payment["name"])["state"]
    assert all(scene.due(each) == 0 for each in scene.live(rig))


def code_of(rig: Rig, line: dict[str, Any]) -> str:
    return str(next(each for each in accounts(rig) if each["AccountID"] == line["account"])["Code"])


def in_dollars(rig: Rig) -> scene.Record:
    """A recorded invoice in US dollars."""
    docs = (record for record in rig.documents if record["doctype"] == "Sales Invoice" and record["event"] == "submit")
    return next(each for each in docs if each["doc"]["currency"] == "USD" and not each["doc"].get("is_return"))


def test_another_exchange_rate_is_told_and_over_once_it_is_changed_back(rig: Rig) -> None:
    sale = in_dollars(rig)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    edit(rig, CurrencyRate="0.70")
    read(rig)
    state, code, reason = told(rig, sale)
    assert (state, code) == ("Needs Attention", "edited-in-xero")
    assert f"the exchange rate was {shown['CurrencyRate']} and is 0.700000 now" in reason and not status(rig, sale)["can_accept"]
    edit(rig, CurrencyRate=str(shown["CurrencyRate"]))
    read(rig)
    assert told(rig, sale)[0] == "Synced"


def more(rig: Rig) -> None:
    """A person adds a line of their own."""
    row = {"Description": "Own work", "Quantity": "1", "UnitAmount": "1000", "AccountCode": "260", "TaxType": "OUTPUT2"}
    edit(rig, LineItems=[*lines(rig), row])


@pytest.mark.parametrize("noticed", [False, True])
@pytest.mark.parametrize("then", ["voided", "changed back"])
def test_a_cancel_does_not_void_what_a_person_has_entered_there(rig: Rig, noticed: bool, then: str) -> None:
    sale = sent(rig)
    was = lines(rig)
    more(rig)
    if noticed:
        read(rig)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    void = scene.step(rig, sale["name"], "void")
    assert (void["state"], void["reason_code"]) == ("Held", "edited-before-cancel") and len(scene.live(rig)) == 1
    assert "the total was" in void["reason"] and "Void it there" in void["cure"]
    if then == "voided":
        rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
        read(rig)
    else:
        edit(rig, LineItems=was)
        assert retry(rig, sale) == 1
        scene.settle(rig)
    assert scene.step(rig, sale["name"], "void")["state"] == "Synced" and not scene.live(rig)


@pytest.mark.parametrize("kind", ["journal", "money"])
def test_a_cancel_does_not_remove_a_journal_or_money_that_was_changed(rig: Rig, kind: str) -> None:
    made = changed_by_a_person(rig, kind)
    rig.play([scene.cancelling(made)])
    scene.settle(rig)
    assert scene.step(rig, made["name"], "void")["reason_code"] == "edited-before-cancel"
    assert len(scene.live(rig, "BankTransactions" if kind == "money" else "ManualJournals")) == 1


def test_another_coding_or_a_merged_contact_does_not_keep_a_cancel(rig: Rig) -> None:
    sale = sent(rig)
    at = scene.live(rig)[0]["contact"]
    into = rig.xero.person("create_contact", Name="Kept")["ContactID"]
    rig.xero.person("merge_contacts", ContactID=at, Into=into)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert scene.step(rig, sale["name"], "void")["state"] == "Synced" and not scene.live(rig)


def test_changed_back_is_over_by_itself(rig: Rig) -> None:
    sale = sent(rig)
    was = lines(rig)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    assert told(rig, sale)[0] == "Needs Attention"
    edit(rig, LineItems=was)
    read(rig)
    assert told(rig, sale)[0] == "Synced"


def test_another_coding_is_accepted_by_a_person(rig: Rig) -> None:
    sale = sent(rig)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    assert [found[0] for found in compare(rig)] == ["Account"]
    assert press(rig, "accept", sale) == 1
    scene.settle(rig)
    assert told(rig, sale)[0] == "Synced"
    read(rig)
    assert told(rig, sale)[0] == "Synced" and compare(rig) == [], "nothing is to be corrected that was accepted"
    edit(rig, LineItems=lines(rig, AccountCode="200"))
    read(rig)
    assert told(rig, sale)[:2] == ("Needs Attention", "recoded-in-xero"), "a further change is told anew"


@pytest.mark.parametrize("since", ["coding", "contact", "date"])
def test_only_what_was_told_is_accepted(rig: Rig, since: str) -> None:
    sale = sent(rig)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    other = {
        "coding": lambda: {"LineItems": lines(rig, AccountCode="200")},
        "contact": lambda: {"Contact": {"ContactID": rig.xero.person("create_contact", Name="Somebody Else")["ContactID"]}},
        "date": lambda: {"Date": "2026-09-09"},
    }[since]()
    edit(rig, **other)
    assert press(rig, "accept", sale) == 1
    scene.settle(rig)
    read(rig)
    state, code, reason = told(rig, sale)
    assert state == "Needs Attention" and code == ("recoded-in-xero" if since == "coding" else "edited-in-xero"), reason


@pytest.mark.parametrize("changed", ["Ask a Person", "Update in Xero"])
def test_what_was_accepted_is_not_written_over_by_a_change_here(rig: Rig, changed: str) -> None:
    choose(rig, changed_documents=changed)
    sale = sent(rig)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    press(rig, "accept", sale)
    scene.settle(rig)
    before = lines(rig)
    change(rig, sale, po_no="PO 80", cost_center=south(rig))
    scene.settle(rig)
    step = next(row for row in rig.steps(reference_name=sale["name"]) if row["role"].startswith("recheck"))
    assert step["state"] == "Held" and "were accepted" in step["reason"]
    assert lines(rig) == before
    # Retry says that what had to be made there is made.
    retry(rig, sale)
    scene.settle(rig)
    assert {row["state"] for row in rig.steps(reference_name=sale["name"])} == {"Synced"} and lines(rig) == before
    read(rig)
    assert {row["state"] for row in rig.steps(reference_name=sale["name"])} == {"Synced"}


def test_what_somebody_changed_in_xero_and_nobody_has_read_is_not_written_over(rig: Rig) -> None:
    choose(rig, changed_documents="Update in Xero")
    sale = sent(rig)
    extra = {"Description": "Freight", "Quantity": "1", "UnitAmount": "100", "AccountCode": "260", "TaxType": "OUTPUT2"}
    edit(rig, LineItems=[*lines(rig), extra])
    worth = scene.live(rig)[0]["Total"]
    change(rig, sale, po_no="PO 81")
    scene.settle(rig)
    step = next(row for row in rig.steps(reference_name=sale["name"]) if row["role"].startswith("recheck"))
    assert step["state"] == "Held" and "and in Xero too: the total was" in step["reason"] and scene.live(rig)[0]["Total"] == worth


@pytest.mark.parametrize("pressed", [True, False])
def test_a_change_that_a_person_made_on_both_sides_is_no_edit(rig: Rig, pressed: bool) -> None:
    """Whether Retry is pressed before Xero is read again, or never: the person did what was asked."""
    sale = sent(rig)
    change(rig, sale, cost_center=south(rig))
    scene.settle(rig)
    tracking = [{"Name": "Branch", "Option": "South"}]
    edit(rig, LineItems=lines(rig, Tracking=tracking))
    if pressed:
        retry(rig, sale)
        scene.settle(rig)
    read(rig)
    scene.settle(rig)
    assert {row["state"] for row in rig.steps(reference_name=sale["name"])} == {"Synced"}, told(rig, sale)


def test_another_change_than_was_asked_for_is_told_once_with_both(rig: Rig) -> None:
    sale = sent(rig)
    change(rig, sale, cost_center=south(rig))
    scene.settle(rig)
    edit(rig, LineItems=lines(rig, AccountCode="270"))
    read(rig)
    scene.settle(rig)
    waiting = {row["role"]: row for row in rig.steps(reference_name=sale["name"]) if row["state"] != "Synced"}
    assert list(waiting) == ["recheck-1"] and "and in Xero too" in waiting["recheck-1"]["reason"]


def test_an_amount_cannot_be_accepted(rig: Rig) -> None:
    sale = sent(rig)
    edit(rig, LineItems=lines(rig, UnitAmount="1.00", Quantity="1"))
    read(rig)
    assert press(rig, "accept", sale) == 0 and told(rig, sale)[0] == "Needs Attention"


def test_what_does_no_harm_is_passed_over(rig: Rig) -> None:
    sale = sent(rig)
    (shown,) = scene.live(rig)
    edit(rig, DueDate="2027-01-31", Reference="as agreed by phone", SentToContact=True)
    first, *rest = lines(rig)
    half = {**first, "Quantity": Decimal(first["Quantity"]) / 2}
    same = {**half, "LineItemID": None, "Description": "the other half"}
    edit(rig, LineItems=[{**half, "Description": "reworded"}, same, *rest])
    read(rig)
    assert scene.live(rig)[0]["Total"] == shown["Total"]
    assert told(rig, sale)[0] == "Synced", told(rig, sale)


def test_a_payment_by_a_person_is_noted(rig: Rig) -> None:
    sale = sent(rig)
    rig.xero.person("pay_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], Amount="100.00", Date="2026-10-08")
    read(rig)
    assert told(rig, sale)[0] == "Synced"
    assert "Paid in Xero by somebody: 100.00" in status(rig, sale)["reason"]
    with rig.frappe() as frappe:
        (link,) = frappe.get_all("Xero Link", filters={"reference_name": sale["name"]}, fields=["*"])
    assert Decimal(str(link["remote_amount_due"])) == scene.total(sale) - 100 and link["remote_updated"] and link["remote_contact"]


def test_our_own_payment_is_nobody_elses(rig: Rig) -> None:
    *sales, payment = scene.paid(rig)
    rig.play([*sales, payment])
    begin(rig)
    read(rig)
    assert {told(rig, record)[0] for record in (*sales, payment)} == {"Synced"}
    assert "Paid in Xero" not in status(rig, sales[0])["reason"]
    with rig.frappe() as frappe:
        assert frappe.db.get_value("Xero Link", {"reference_name": sales[0]["name"]}, "remote_status") == "PAID"


def test_our_own_change_is_no_news(rig: Rig) -> None:
    choose(rig, changed_documents="Update in Xero")
    sale = sent(rig)
    change(rig, sale, po_no="PO-77", due_date="2026-12-24")
    scene.settle(rig)
    read(rig)
    assert {row["state"] for row in rig.steps(reference_name=sale["name"])} == {"Synced"}


def changed_by_a_person(rig: Rig, kind: str) -> scene.Record:
    """A journal, or money spent, that is in Xero and has other amounts there now."""
    made = fee(rig) if kind == "money" else entry(rig, ("Office Rent", 5.0, {}), ("Travel Expenses", -5.0, {}), name="JV-9")
    rig.play([made])
    begin(rig)
    if kind == "money":
        (shown,) = scene.live(rig, "BankTransactions")
        line = {"Description": "x", "Quantity": "1", "UnitAmount": "99.00", "AccountCode": "400", "TaxType": "NONE"}
        rig.xero.person("edit_bank_transaction", BankTransactionID=shown["BankTransactionID"], LineItems=[line])
    else:
        (shown,) = scene.live(rig, "ManualJournals")
        rows = [{"LineAmount": amount, "AccountCode": code} for amount, code in (("6.00", "469"), ("-6.00", "493"))]
        rig.xero.person("edit_journal", ManualJournalID=shown["ManualJournalID"], JournalLines=rows)
    return made


@pytest.mark.parametrize("kind", ["journal", "money"])
def test_journals_and_money_that_were_changed(rig: Rig, kind: str) -> None:
    made = changed_by_a_person(rig, kind)
    read(rig)
    state, code, reason = told(rig, made)
    assert (state, code) == ("Needs Attention", "edited-in-xero") and "was changed in Xero" in reason


def test_a_merged_contact_changes_no_document(rig: Rig) -> None:
    sale = sent(rig)
    (contact,) = [each for each in rig.xero.documents("Contacts") if each["ContactID"] == scene.live(rig)[0]["contact"]]
    other = rig.xero.person("create_contact", Name="The One That Stays")
    rig.xero.person("merge_contacts", ContactID=contact["ContactID"], Into=other["ContactID"])
    read(rig)
    assert scene.live(rig)[0]["contact"] == other["ContactID"] and told(rig, sale)[0] == "Synced"
    with rig.frappe() as frappe:
        said = frappe.get_all("Xero Sync Log", filters={"reference_name": sale["doc"]["customer"], "event": "Changed"}, pluck="message")
    assert len(said) == 1 and "was merged in Xero; it is The One That Stays now" in said[0]


def test_a_chain_of_merges_changes_no_document_however_long(rig: Rig) -> None:
    sale = sent(rig)
    at = scene.live(rig)[0]["contact"]
    for number in range(8):
        into = rig.xero.person("create_contact", Name=f"Kept {number}")["ContactID"]
        rig.xero.person("merge_contacts", ContactID=at, Into=into)
        at = into
    read(rig)
    assert scene.live(rig)[0]["contact"] == at and told(rig, sale)[0] == "Synced"


def test_a_merge_that_cannot_be_followed_is_told_once_however_often_it_is_read(rig: Rig) -> None:
    sale = sent(rig)
    (contact,) = [each for each in rig.xero.documents("Contacts") if each["ContactID"] == scene.live(rig)[0]["contact"]]
    other = rig.xero.person("create_contact", Name="Archived Itself")
    rig.xero.person("merge_contacts", ContactID=contact["ContactID"], Into=other["ContactID"])
    rig.xero.person("edit_contact", ContactID=other["ContactID"], ContactStatus="ARCHIVED")
    read(rig)
    # What was read is read once more, as where a page is cut off.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection State", rig.connection, "read_until", ""))
    before = rig.xero.call_count()
    read(rig)
    read(rig)
    assert [call for call in reads(rig, before) if "/Contacts" in call["path"]]
    with rig.frappe() as frappe:
        said = frappe.get_all("Xero Sync Log", filters={"reference_name": sale["doc"]["customer"], "event": "Changed"}, pluck="message")
    assert len(said) == 1 and "was merged into another one" in said[0] and other["ContactID"] in said[0]


@pytest.mark.parametrize("not_modified", [False, True])
def test_a_read_in_which_nothing_changed_costs_one_call(rig: Rig, not_modified: bool) -> None:
    rig.xero.settings(not_modified=not_modified)
    sent(rig)
    read(rig)
    pass_alive(rig, 24 * 3600)
    rig.dispatch()
    since = rig.xero.call_count()
    pass_alive(rig, 24 * 3600)
    rig.dispatch()
    found = rig.xero.calls(since, "/api.xro")
    assert sorted(call["path"].rpartition("/")[2] for call in found) == ["Contacts", "Invoices"], found
    assert {call["status"] for call in found} == {304 if not_modified else 200} and len(reads(rig, since)) == 2
