"""The monthly pack: once a month, to people who may see it, with as of when its figures are; what fails is said, tried again, and sends nothing twice."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import reports
from tests.scene import rig as scene
from tests.scene.telling import make_admin, notifications

ADMIN, ACCOUNTANT, CLERK, ELSEWHERE = "boss@books.example", "books@books.example", "clerk@books.example", "elsewhere@books.example"
PACK, QUEUE = "Xero Monthly Pack", "Email Queue"


def choose(rig: Rig, *people: str, **chosen: Any) -> None:
    """What an admin saves on the connection: today is the day."""

    def save(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.update({"pack": 1, "pack_day": int(reports_today(frappe)[8:]), **chosen})
        doc.set("pack_people", [{"user": each} for each in people])
        doc.save(ignore_permissions=True)

    scene.with_site(rig, save)


def reports_today(_frappe: Any) -> str:
    from frappe.utils import nowdate

    return str(nowdate())


def crew(rig: Rig) -> None:
    make_admin(rig, ADMIN)
    make_admin(rig, ELSEWHERE, "Another Company")
    add_user(rig.site, ACCOUNTANT, ["Xero Accountant"])
    add_user(rig.site, CLERK, ["Accounts User"])


def sold_last_month(rig: Rig) -> tuple[scene.Record, dict[str, Any]]:
    """An invoice of the month before that is in Xero, and reports that were read after it."""
    record = scene.invoices(rig)[0]
    last = date.fromisoformat(reports.today(rig)).replace(day=1) - timedelta(days=1)
    record["doc"]["posting_date"] = record["doc"]["due_date"] = str(last)
    rig.play([record])
    scene.settle(rig)
    (invoice,) = scene.live(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    return record, invoice


def work(rig: Rig) -> None:
    """The queue's job."""

    def job(_frappe: Any) -> None:
        from picortex_xero.engine import jobs

        jobs.send_monthly_pack(rig.connection)

    scene.with_site(rig, job)


def rows(rig: Rig) -> list[dict[str, Any]]:
    return list(scene.with_site(rig, lambda frappe: frappe.get_all(PACK, fields=["*"], order_by="creation asc")))


def mails(rig: Rig) -> list[dict[str, Any]]:
    """Those of packs: the others are of notifications."""
    filters = {"reference_doctype": PACK}
    return list(scene.with_site(rig, lambda frappe: frappe.get_all(QUEUE, filters=filters, fields=["*"], order_by="recipients asc")))


def history(rig: Rig) -> list[str]:
    found = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Log", filters={"event": "Connection"}, pluck="message"))
    return [each for each in found if "onthly pack" in each]


def press(rig: Rig, function: str, user: str = ADMIN) -> str:
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import monthly_pack

        name = str(getattr(monthly_pack, function)(rig.connection))
        frappe.db.commit()
        return name


def test_it_goes_once_a_month_to_whoever_may_see_it(rig: Rig) -> None:
    crew(rig)
    _record, invoice = sold_last_month(rig)
    choose(rig, ADMIN, ACCOUNTANT, CLERK, ELSEWHERE)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("User", "not@there.example", "enabled", 0))
    asked = rig.xero.call_count()
    work(rig)
    (row,) = rows(rig)
    before = date.fromisoformat(reports.today(rig)).replace(day=1) - timedelta(days=1)
    assert (row["state"], str(row["month"]), row["company"]) == ("Sent", str(before.replace(day=1)), rig.company["name"])
    assert row["sent_to"] == f"{ADMIN}, {ACCOUNTANT}" and row["left_out"] == f"{CLERK}, {ELSEWHERE}"
    assert [each["recipients"] for each in mails(rig)] == sorted([ADMIN, ACCOUNTANT]), "one each: nobody sees who else gets it"
    for mail in mails(rig):
        ((name, size),) = json.loads(mail["attachments"])
        assert name.endswith(".pdf") and size > 50 and mail["reference_name"] == row["name"]
        assert "as of" in mail["message"] and "(UTC)" in mail["message"] and rig.company["name"] in mail["subject"]
    net = f"{Decimal(str(invoice['SubTotal'])):,.2f}"
    for title in ("Profit and Loss", "Balance Sheet", "Aged Receivables", "Aged Payables", "Cash of the coming weeks"):
        assert f"<h3>{title}" in row["content"], title
    assert net in row["content"] and "Made on" in row["content"] and "figures are old" not in row["content"]
    (line,) = history(rig)
    assert f"sent to {ADMIN}, {ACCOUNTANT}" in line and f"left out: {CLERK}, {ELSEWHERE}" in line
    told = [each for each in notifications(rig) if "did not get the monthly pack" in each["email_content"]]
    assert [each["for_user"] for each in told] == [ADMIN] and CLERK in told[0]["email_content"]
    assert rig.xero.call_count() == asked, "Xero is asked nothing"

    # Once: the next hours, another worker, and what a person had waiting.
    work(rig)
    work(rig)
    assert len(rows(rig)) == 1 and len(mails(rig)) == 2
    # A person may want it once more.
    press(rig, "send_now")
    work(rig)
    assert [each["state"] for each in rows(rig)] == ["Sent", "Sent"] and len(mails(rig)) == 4
    # Whoever has lost his role gets nothing, however long he has been on the list.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("User", ACCOUNTANT, "enabled", 0))
    press(rig, "send_now")
    work(rig)
    assert rows(rig)[-1]["sent_to"] == ADMIN and ACCOUNTANT in rows(rig)[-1]["left_out"]


def test_what_fails_is_said_and_tried_again_and_nothing_goes_twice(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    crew(rig)
    sold_last_month(rig)
    choose(rig, ADMIN, ACCOUNTANT)
    from picortex_xero.monthly_pack import sending

    def no_printer(*_: Any) -> bytes:
        raise OSError("No wkhtmltopdf executable found: \"b''\"\nIf this file exists")

    monkeypatch.setattr(sending, "printed", no_printer)
    for _ in range(3):
        work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Waiting" and row["tries"] == 1 and "No wkhtmltopdf" in row["reason"] and "installs wkhtmltopdf" in row["cure"]
    assert not mails(rig) and [each for each in history(rig) if "not sent" in each and "wkhtmltopdf" in each]
    told = [each["for_user"] for each in notifications(rig) if "monthly pack was not sent" in each["email_content"]]
    assert told == [ADMIN], "once"
    rig.advance(3700)
    work(rig)
    assert rows(rig)[0]["tries"] == 2 and len([each for each in notifications(rig) if "not sent" in each["email_content"]]) == 1
    monkeypatch.undo()

    # The mail of one of them cannot be queued: none is.
    real = sending.frappe.sendmail

    def no_mail(recipients: list[str], **given: Any) -> None:
        if recipients == [ACCOUNTANT]:
            raise RuntimeError("Please setup default outgoing Email Account")
        real(recipients=recipients, **given)

    rig.advance(3700)
    with monkeypatch.context() as patched:
        patched.setattr(sending.frappe, "sendmail", no_mail)
        work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Waiting" and "outgoing Email Account" in row["reason"] and not mails(rig)
    rig.advance(3700)
    work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Sent" and not row["reason"] and len(mails(rig)) == 2


def test_given_up_after_three_days_until_a_person_presses(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    crew(rig)
    sold_last_month(rig)
    choose(rig, CLERK)
    from picortex_xero.monthly_pack import sending

    monkeypatch.setattr(sending, "MOST_TRIES", 2)
    for _ in range(4):
        work(rig)
        rig.advance(3700)
    (row,) = rows(rig)
    assert row["state"] == "Not Sent" and row["tries"] == 2 and "may see this company" in row["reason"]
    choose(rig, ADMIN)
    assert press(rig, "send_now") == row["name"], "its own turn is made up for"
    work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Sent" and len(mails(rig)) == 1


def test_of_two_workers_one_sends(rig: Rig) -> None:
    crew(rig)
    sold_last_month(rig)
    choose(rig, ADMIN)

    def both(_frappe: Any) -> None:
        from frappe.utils import getdate, nowdate

        from picortex_xero.monthly_pack import sending

        for _ in range(2):
            sending.plan(rig.connection, getdate(nowdate()))
        (name,) = sending.due(rig.connection)
        first = sending._take(name)
        assert first == 1 and sending._take(name) == 0 and sending.due(rig.connection) == []
        # It stands still for so long that another one takes over, and wakes up afterwards.
        _frappe.db.set_value(PACK, name, "due_at", "2020-01-01 00:00:00")
        second = sending._take(name)
        assert second == 2
        sending._try(rig.connection, name, second)
        sending._try(rig.connection, name, first)

    scene.with_site(rig, both)
    assert [each["state"] for each in rows(rig)] == ["Sent"] and len(mails(rig)) == 1


def test_a_preview_sends_nothing_and_each_press_is_for_whom_the_table_says(rig: Rig) -> None:
    crew(rig)
    add_user(rig.site, "auditor@books.example", ["Xero Auditor"])
    record, _invoice = sold_last_month(rig)
    choose(rig, ADMIN)
    name = press(rig, "preview", "auditor@books.example")
    assert press(rig, "preview") == name, "in place of the one before"
    (row,) = rows(rig)
    assert row["state"] == "Preview" and str(record["doc"]["customer"]) in row["content"] and not mails(rig)
    for user, function in ((ACCOUNTANT, "send_now"), ("auditor@books.example", "send_now"), (CLERK, "preview"), (CLERK, "send_now")):
        with open_site(rig.site) as frappe, pytest.raises(frappe.PermissionError):
            press(rig, function, user)
    work(rig)
    assert sorted(each["state"] for each in rows(rig)) == ["Preview", "Sent"]


def test_old_figures_and_none_at_all(rig: Rig) -> None:
    crew(rig)
    choose(rig, ADMIN, pack_cash=0)
    work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Waiting" and "no figures" in row["reason"] and "Read Xero's Reports" in row["cure"] and not mails(rig)
    sold_last_month(rig)
    rig.advance(26 * 3600)
    work(rig)
    (row,) = rows(rig)
    assert row["state"] == "Sent" and "These figures are old" in row["content"] and "These figures are old" in mails(rig)[0]["message"]


def test_what_could_not_be_followed_is_not_saved(rig: Rig) -> None:
    crew(rig)
    parts = dict.fromkeys(("pack_profit", "pack_balance", "pack_aged", "pack_cash"), 0)
    for people, chosen in (((), {}), ((ADMIN,), {"pack_day": 32}), ((ADMIN,), {"pack_day": 0}), ((ADMIN,), parts)):
        with open_site(rig.site) as frappe, pytest.raises(frappe.ValidationError):
            choose(rig, *people, **chosen)


def test_the_day_and_the_month(rig: Rig) -> None:
    with open_site(rig.site):
        from picortex_xero.monthly_pack.chosen import month_due

        october = date(2026, 10, 1)
        assert month_due(date(2026, 11, 4), 5) is None and month_due(date(2026, 11, 5), 5) == october
        assert month_due(date(2026, 11, 11), 5) == october and month_due(date(2026, 11, 12), 5) is None, "made up for within a week"
        assert month_due(date(2027, 2, 27), 31) is None and month_due(date(2027, 2, 28), 31) == date(2027, 1, 1)
        assert month_due(date(2027, 3, 3), 31) == date(2027, 1, 1), "the last days of February, a little late"
        assert month_due(date(2027, 1, 5), 5) == date(2026, 12, 1)
        # Every month of two years is due on some day, each once in a row.
        for day in (1, 5, 15, 28, 29, 30, 31):
            seen = [month_due(date(2026, 1, 1) + timedelta(days=each), day) for each in range(731)]
            months = [each for at, each in enumerate(seen) if each and (at == 0 or seen[at - 1] != each)]
            assert len(months) == len(set(months)) >= 23, day
