"""A connection that only watches: what would go is shown, nothing is written in Xero, and going live afterwards loses nothing and sends nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import rig as scene

LATER = "2026-11-15"


def ready(rig: Rig) -> None:
    """A connection that could go live, and has not."""
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Setting Up", "go_live_date": None})
    )


def watch(rig: Rig, date: str = "2020-01-01") -> None:
    def work(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.watch_only(rig.connection, date)

    scene.with_site(rig, work)


def look(rig: Rig) -> dict[str, Any]:
    """A cycle: the worker that a submit wakes, and the job of the long queue. What was seen so far."""

    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import preview
        from picortex_xero.engine import jobs

        jobs.dispatch(rig.connection)
        seen = preview.watched(rig.connection)
        jobs.go_on("Xero Preview Run", seen["preview"])
        return dict(preview.watched(rig.connection))

    return dict(scene.with_site(rig, work))


def table(rig: Rig, state: str = "") -> dict[str, dict[str, Any]]:
    """The lines of what was seen (of one state), by document."""

    def work(frappe: Any) -> dict[str, dict[str, Any]]:
        from picortex_xero.api import preview

        return {row["reference_name"]: row for row in preview.table(preview.watched(rig.connection)["preview"], state=state)}

    return dict(scene.with_site(rig, work))


def test_what_is_watched_is_shown_and_goes_once_after_going_live(rig: Rig) -> None:
    """Each cycle adds what is new, what was stopped is decided anew once its cause is cured, and going live from a later day sends what is dated from then
    on, once."""
    ready(rig)
    records = scene.paid(rig)
    other = scene.bills(rig, 1)[0]
    # Dated after all others.
    for row in (other["doc"], *other["gl"]):
        row["posting_date"] = LATER
    written = len(scene.writes(rig))
    watch(rig)
    rig.play(records)
    seen = look(rig)
    assert (seen["go"], seen["stopped"]) == (len(records), 0)
    assert {row["said"] for row in table(rig).values()} == {"Would go"}, "a payment finds the invoice that was watched before it"

    scene.with_site(rig, lambda frappe: unmapped(frappe, rig.connection))
    rig.play([other])
    seen = look(rig)
    assert (seen["go"], seen["stopped"]) == (len(records), 1), "what would have gone stays as it was said"
    assert table(rig)[other["name"]]["state"] == "Would Be Held"
    said = status(rig, other)
    assert said["form"]["message"] == said["list"]["message"] == "Not sent to Xero: what would go is only watched"
    assert said["form"]["reason"].startswith("Would be held\n") and said["form"]["cure"]

    scene.with_site(
        rig, lambda frappe: frappe.db.sql("UPDATE `tabXero Account Mapping` SET `connection`=%s WHERE `connection`='away'", rig.connection)
    )
    assert look(rig)["stopped"] == 1, "what was stopped is decided anew once an hour, or where that is asked for"
    before = table(rig)[other["name"]]
    assert before["stopped_at"] and not before["stopped_until"]
    scene.with_site(rig, lambda frappe: press_look_again(rig))
    seen = look(rig)
    assert (seen["go"], seen["stopped"], seen["cured"]) == (len(records) + 1, 0, 1)
    after = table(rig)[other["name"]]
    assert after["said"] == "Would go" and not after["problems"]
    assert (after["stopped_at"], after["stopped_by"]) == (before["stopped_at"], before["problems"]), (
        "it says what stopped it first, and since when"
    )
    assert after["stopped_until"] >= after["stopped_at"]
    assert list(table(rig, "Cured")) == [other["name"]]
    assert len(scene.writes(rig)) == written, "nothing was written in Xero while it watched"
    assert home(rig)["on_its_way"] == 0 and home(rig)["watched"]["go"] == len(records) + 1

    live(rig, LATER)
    scene.settle(rig)
    names = [each["name"] for each in records]
    older = [(step["state"], step["reason_code"]) for step in rig.steps(reference_name=("in", names))]
    assert older == [("Skipped", "before-go-live")] * len(records)
    links = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Link", fields=["reference_name", "role"]))
    assert [row["reference_name"] for row in links if row["role"] != "contact"] == [other["name"]], "it went, and once"
    assert len(scene.writes(rig, "Invoices")) == 1
    line = table(rig)[other["name"]]
    assert line["real"] and not line["differs"], "what was seen stays to be compared with what happened"


def unmapped(frappe: Any, connection: str) -> None:
    """Nothing says to which accounts lines go."""
    frappe.db.sql("UPDATE `tabXero Account Mapping` SET `connection`='away' WHERE `connection`=%s", connection)
    frappe.db.set_value("Xero Connection", connection, {"default_purchase_account": None, "default_sales_account": None})


def press_look_again(rig: Rig) -> None:
    from picortex_xero.api import preview

    preview.look_again(rig.connection)


def status(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """What the form and the list of a document say of it."""

    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import home as api
        from picortex_xero.api import status as form

        name = record["name"]
        return {
            "form": form.document_status(record["doctype"], name),
            "list": api.list_states(record["doctype"], [name])[name],
        }

    return dict(scene.with_site(rig, work))


def home(rig: Rig) -> dict[str, Any]:
    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import home as api

        return next(each for each in api.companies() if each["connection"] == rig.connection)

    return dict(scene.with_site(rig, work))


def live(rig: Rig, date: str) -> None:
    def work(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.go_live(rig.connection, date)
        frappe.db.set_value("Xero Connection State", rig.connection, {"compare_since": None, "comparison": ""})

    scene.with_site(rig, work)


def test_no_writing_request_leaves_while_it_watches(rig: Rig) -> None:
    """Whoever tries to write is refused before the request leaves: the sender's lease, a direct call, what people press. Planted: a lease that was
    given before, and POST, PUT and DELETE with a good token."""
    ready(rig)
    watch(rig)
    rig.play(scene.invoices(rig, 1))
    calls = rig.xero.call_count()

    def plant(frappe: Any) -> None:
        from picortex_xero.connection import organisation
        from picortex_xero.engine import creating, direct, leases, trying
        from picortex_xero.engine.leases import Lease
        from picortex_xero.xero.client import Request, WritesRefused, send

        doc = frappe.get_doc("Xero Connection", rig.connection)
        assert leases.acquire(rig.connection) is None, "nobody is its sender"
        frappe.db.set_value("Xero Connection State", rig.connection, {"lease_owner": "me", "lease_epoch": 7, "lease_until": "2099-01-01"})
        assert not Lease(rig.connection, "me", 7).extend(), "a sender that had the lease before sends nothing more"
        for method in ("POST", "PUT", "DELETE"):
            with pytest.raises(WritesRefused):
                direct.calls(doc)(Request(method, "Invoices", b"{}"))
            with pytest.raises(WritesRefused):
                send(
                    organisation.addressed(doc.authorisation, doc.tenant_id, "token"),
                    [Request("GET", "Organisation"), Request(method, "Contacts")],
                )
        for press in (lambda: trying.start(rig.connection, "Drafts", "c", "C"), lambda: creating._may(rig.connection, creating.ACCOUNT)):
            with pytest.raises(frappe.ValidationError, match="only watches"):
                press()

    scene.with_site(rig, plant)
    rig.dispatch()
    assert rig.xero.call_count() == calls, "not one request left"


def test_stopping_goes_back_to_the_set_up_and_forgets_nothing_that_counts(rig: Rig) -> None:
    """What was noted is forgotten, what was seen stays; going live later finds the documents all the same."""
    ready(rig)
    watch(rig)
    record = scene.invoices(rig, 1)[0]
    rig.play([record])
    assert look(rig)["go"] == 1

    def work(frappe: Any) -> tuple[str, int]:
        from picortex_xero.api import connect

        connect.stop_watching(rig.connection)
        return frappe.db.get_value("Xero Connection", rig.connection, "state"), len(rig.steps())

    assert scene.with_site(rig, work)[0] == "Setting Up" and not rig.steps()
    assert table(rig)[record["name"]]["said"] == "Would go"
    live(rig, "2020-01-01")

    def search(frappe: Any) -> int:
        from picortex_xero.engine import missed_search

        return missed_search.find(rig.connection)

    assert scene.with_site(rig, search) == 1


def test_what_was_there_before_is_found_and_what_is_cancelled_meanwhile_never_goes(rig: Rig) -> None:
    """A look begins with what was submitted before; each minute's job has new documents looked at, whatever the queue has lost; a disconnect and coming back
    leave it watching."""
    ready(rig)
    before, cancelled = scene.invoices(rig, 2)
    rig.play([before])
    watch(rig)
    assert look(rig)["go"] == 1, "submitted before it watched"
    rig.play([cancelled])

    def sweep(frappe: Any) -> str:
        from picortex_xero.engine import jobs

        jobs.sweep()
        return str(frappe.db.get_value("Xero Preview Run", {"what": "Watch Only"}, "state"))

    assert scene.with_site(rig, sweep) == "Running", "the minute's job has it looked at"
    assert look(rig)["go"] == 2

    rig.play([scene.cancelling(cancelled)])

    def come_back(frappe: Any) -> str:
        from picortex_xero.connection import resuming

        values = resuming.after_signing_in(rig.connection)
        resuming.go_on(rig.connection, values)
        return str(values["state"])

    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Disconnected"))
    assert scene.with_site(rig, come_back) == "Watch Only"
    live(rig, "2020-01-01")
    scene.settle(rig)
    links = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Link", fields=["reference_name", "role"]))
    assert [row["reference_name"] for row in links if row["role"] != "contact"] == [before["name"]]
    assert {step["state"] for step in rig.steps(reference_name=cancelled["name"])} <= {"Superseded", "Skipped"}


def test_it_watches_only_where_it_could_go_live_and_writes_nothing_at_that_moment(rig: Rig) -> None:
    def refused(said: str) -> None:
        def work(frappe: Any) -> None:
            from picortex_xero.api import connect

            with pytest.raises(frappe.ValidationError, match=said):
                connect.watch_only(rig.connection, "2020-01-01")
            with pytest.raises(frappe.ValidationError, match="does not watch"):
                connect.stop_watching(rig.connection)

        scene.with_site(rig, work)

    refused("has not gone live yet")
    ready(rig)
    running = {"name": "run", "connection": rig.connection, "state": "Running"}
    scene.with_site(rig, lambda frappe: frappe.db.bulk_insert("Xero Test Run", list(running), [tuple(running.values())]))
    refused("still being written in Xero")
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Test Run", {"name": "run"}))
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "no_tax_type", ""))
    refused("has to be right")


def test_a_look_reads_of_former_ones_only_what_its_documents_need(rig: Rig) -> None:
    """One look for each document: a payment finds its invoice, and what paid it before, on their lines; what is neither new nor named is not read. What
    nobody can send any more has a line too, so that no look comes back to it."""
    ready(rig)
    records = [*scene.paid(rig), *scene.invoices(rig, 3)[1:]]
    gone = records.pop()
    watch(rig)
    read: list[list[str]] = []
    for record in records:
        rig.play([record])
        read.append(recalled(rig))
    assert {row["said"] for row in table(rig).values()} == {"Would go"}
    invoice, payment = (
        next(each["name"] for each in records if each["doctype"] == doctype) for doctype in ("Sales Invoice", "Payment Entry")
    )
    at = next(number for number, each in enumerate(records) if each["name"] == payment)
    assert invoice in read[at], "the payment's look reads the line of its invoice"
    assert payment not in read[-1] and invoice not in read[-1], "a look at another document reads neither"

    def anew(frappe: Any) -> tuple[set[str], int]:
        """What a further look would know of the invoice, and how often its contact."""
        from picortex_xero.documents.fact_types import LINKS
        from picortex_xero.documents.needs import Facts
        from picortex_xero.engine import watch_look

        row = frappe.get_all("Xero Preview Run", filters={"what": "Watch Only"}, fields=["*"])[0]
        looking = watch_look.WatchLook(dict(row))
        looking._recall_contacts()
        looking._together._bring(LINKS.of([("Sales Invoice", invoice)]), Facts())
        paying = {link.who.name for links in looking._together._by_place.values() for link in links}
        return paying, len(looking._together._contacts)

    paying, contacts = scene.with_site(rig, anew)
    assert paying == {payment} and contacts == len({each["doc"].get("customer") or each["doc"].get("party") for each in records})

    rig.play([gone, scene.cancelling(gone)])
    look(rig)
    assert table(rig)[gone["name"]]["state"] == "Not Sent", "it was cancelled before it would have gone"
    assert gone["name"] not in recalled(rig)


def recalled(rig: Rig) -> list[str]:
    """A cycle; the documents whose lines were read in it."""
    from picortex_xero.engine import watch_look

    names: list[str] = []
    lines = watch_look.WatchLook._lines

    def noting(self: Any, wanted: Any, fields: Any) -> Any:
        found = lines(self, wanted, fields)
        names.extend(row["reference_name"] for row in found)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch_look.WatchLook, "_lines", noting)
        look(rig)
    return names


def test_a_configuration_file_puts_the_watch_back_and_never_into_what_is_live(rig: Rig) -> None:
    """Exported while it watches: after a reinstall it watches again, from the same day, and a connection that is live stays live."""
    record = scene.invoices(rig, 1)[0]
    ready(rig)
    watch(rig, "2026-01-15")
    rig.play([record])
    assert look(rig)["go"] == 1
    content = files.exported(rig)
    assert "Stop Watching" in files.compared(rig, content)["why_not"][0], (
        "what is noted meanwhile would stand beside what the file puts back"
    )

    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Live", "go_live_date": "2020-01-01"})
    )
    assert files.compared(rig, content)["why_not"], "it has gone live"
    files.imported(rig, content, ties=False)
    assert stands(rig) == ("Live", "2026-01-15"), "what is chosen is taken over, and where it stands is not"

    files.reinstalled(rig)
    files.connected_again(rig)
    ready(rig)
    assert files.compared(rig, content)["why_not"] == []
    assert files.imported(rig, content)["state"] == "Done"
    assert stands(rig) == ("Watch Only", "2026-01-15")
    assert [step["state"] for step in rig.steps()] == ["Pending"]
    assert look(rig)["go"] == 1 and not scene.writes(rig), "it is seen anew, and nothing is sent"


def stands(rig: Rig) -> tuple[str, str]:
    def work(frappe: Any) -> tuple[str, str]:
        row = frappe.db.get_value("Xero Connection", rig.connection, ["state", "watched_from"], as_dict=True)
        return row["state"], str(row["watched_from"] or "")

    return scene.with_site(rig, work)
