"""A company that leaves one organisation for another: tried out against a demo company first, a demo company that Xero has reset, books that
moved. What was sent stays evidence, nothing of it is taken for the new one, and coming back is possible."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import organisations as scenes
from tests.scene import rig as scene
from tests.scene.desk import search
from tests.scene.telling import make_admin, notifications

REAL = "The Real Books Ltd"


def numbers(rig: Rig, tenant: str) -> list[str]:
    """The numbers of the invoices that stand in an organisation."""
    return sorted(each["InvoiceNumber"] for each in rig.xero.documents("Invoices", tenant) if each["Status"] not in scene.GONE)


def later(records: list[scene.Record], date: str) -> list[scene.Record]:
    return [each for each in records if each["doc"]["posting_date"] >= date]


def earlier(records: list[scene.Record], date: str) -> list[scene.Record]:
    return [each for each in records if each["doc"]["posting_date"] < date]


DATE = "2026-10-10"


@pytest.mark.case("32")
@pytest.mark.parametrize("leaving", ["disconnected first", "refused, then disconnected", "reset by Xero"])
def test_from_a_demo_company_to_the_real_organisation(rig: Rig, leaving: str) -> None:
    make_admin(rig)
    demo, demo_tenant = rig.connection, rig.xero.tenant
    records = scene.invoices(rig, 60)
    (tried, waiting), (new,) = earlier(records, DATE)[:2], later(records, DATE)[:1]
    rig.play([tried])
    scene.settle(rig)
    if leaving == "reset by Xero":
        real = rig.xero.person("reset_demo")["tenant"]
        from sandbox.rig import prepare_organisation

        prepare_organisation(rig, real)
        rig.play([waiting])
        rig.dispatch()
        assert scene.connection_state(rig) == "Disconnected" and "demo company" in scenes.connection(rig)["cure"]
        assert len(notifications(rig)) == 1
    else:
        real = scenes.found(rig, REAL)
        if leaving == "refused, then disconnected":
            with pytest.raises(Exception, match="presses Disconnect on the Xero Connection"):
                scenes.choose(rig, scenes.sign_in(rig), real)
            assert scene.connection_state(rig) == "Live"
        scenes.press(rig, "disconnect")
        rig.play([waiting])
    before = {
        name: scene.with_site(rig, lambda frappe, name=name: frappe.get_all(name, fields=["*"], order_by="name"))
        for name in ("Xero Link", "Xero Attempt")
    }
    scenes.choose(rig, scenes.sign_in(rig), real)
    former, now = scenes.connection(rig, demo), scenes.connection(rig)
    assert rig.connection != demo
    assert (former["state"], former["company"], former["tenant_id"], former["active_company"]) == (
        "Retired",
        rig.company["name"],
        demo_tenant,
        None,
    )
    assert (now["state"], now["tenant_id"], now["go_live_date"]) == ("Setting Up", real, None), "it has a go-live date of its own"
    after = {name: scene.with_site(rig, lambda frappe, name=name: frappe.get_all(name, fields=["*"], order_by="name")) for name in before}
    assert after == before, "links and attempts are what they were"

    from sandbox.rig import go_live, map_everything

    map_everything(rig)
    go_live(rig, "AUTHORISED", DATE)
    rig.play([new])
    search(rig)
    scene.settle(rig)
    assert numbers(rig, real) == [new["name"]], "only from its own date"
    assert numbers(rig, demo_tenant) == [tried["name"]], "and nothing more goes to the former one"
    shown = scenes.form(rig, tried)
    assert (
        shown["message"] == "In a former Xero organisation" and former["organisation_name"] in shown["reason"] and DATE in shown["reason"]
    )
    assert shown["number"] == tried["name"] and shown["records"] and not shown["can_retry"]
    assert scenes.form(rig, waiting)["message"] == "Not sent to Xero" and DATE in scenes.form(rig, waiting)["reason"]
    assert scenes.form(rig, new)["message"] == "In Xero"

    def listed(_frappe: Any) -> dict[str, str]:
        from picortex_xero.api import home

        names = [record["name"] for record in (tried, waiting, new)]
        return {name: each["message"] for name, each in home.list_states(tried["doctype"], names).items()}

    assert scene.with_site(rig, listed) == {each["name"]: scenes.form(rig, each)["message"] for each in (tried, waiting, new)}, (
        "as the form"
    )
    figures = scenes.figures(rig, demo)
    assert figures["state"] == "Retired" and figures["reason"] and figures["cure"] and not figures["told"]
    assert [each["state"] for each in scene.with_site(rig, lambda frappe: frappe.get_all("Xero Authorisation", fields=["state"]))] == [
        "Active"
    ]


@pytest.mark.case("32")
def test_what_was_tried_out_goes_again_where_the_new_date_covers_it_and_takes_no_link_over(rig: Rig) -> None:
    demo, demo_tenant = rig.connection, rig.xero.tenant
    invoice, payment = scene.paid(rig)
    rig.play([invoice, payment])
    scene.settle(rig)
    sent = numbers(rig, demo_tenant)
    real = scenes.found(rig, REAL)
    scenes.move_to(rig, real, "2020-01-01")
    search(rig)
    scene.settle(rig)
    assert numbers(rig, real) == sent and len(scene.live(rig, "Payments")) == 1
    links = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Link", fields=["connection", "reference_name", "xero_id", "role"]))
    of_demo = {row["xero_id"] for row in links if row["connection"] == demo}
    of_real = {row["xero_id"] for row in links if row["connection"] == rig.connection}
    assert of_demo and of_real and not of_demo & of_real
    assert len(rig.xero.documents("Contacts", real)) == 1
    shown = scenes.form(rig, invoice)
    assert shown["message"] == "In Xero"
    assert any("which the company has left" in each["what"] for each in shown["records"]), "and what the former one has is shown beside it"
    rig.play([scene.cancelling(payment), scene.cancelling(invoice)])
    scene.settle(rig)
    assert numbers(rig, real) == [] and numbers(rig, demo_tenant) == sent, "a cancel is for the present organisation"


@pytest.mark.case("32")
def test_a_step_of_the_former_organisation_is_not_sent_again(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    rig.xero.person("archive_account", Code="310")
    bill = next(each for each in scene.bills(rig, 60) if any("Cost of Goods" in row["expense_account"] for row in each["doc"]["items"]))
    rig.play([bill])
    scene.settle(rig)
    row = scene.step(rig, bill["name"])
    assert row["state"] == "Needs Attention"
    scenes.move_to(rig, scenes.found(rig, REAL), "2027-01-01")
    with rig.frappe() as frappe:
        from picortex_xero.api import status

        with pytest.raises(frappe.ValidationError, match="has left"):
            status.retry_step(row["name"])
        assert status.retry(bill["doctype"], bill["name"]) == 0
    rig.play([record])
    scene.sweep(rig)
    assert not rig.steps()


@pytest.mark.case("32")
def test_back_to_the_first_one_after_a_wrong_choice_goes_on_as_if_nothing_had_been(rig: Rig) -> None:
    first, tenant = rig.connection, rig.xero.tenant
    sent, between, after = scene.invoices(rig, 3)
    rig.play([sent])
    scene.settle(rig)
    wrong = scenes.found(rig, REAL)
    scenes.move_to(rig, wrong)
    rig.play([between, scene.cancelling(sent)])
    scenes.move_to(rig, tenant)
    assert rig.connection == first and scene.connection_state(rig) == "Live"
    rig.play([after])
    search(rig)
    scene.settle(rig)
    assert numbers(rig, tenant) == sorted([between["name"], after["name"]])
    assert not rig.xero.documents("Invoices", wrong)


@pytest.mark.case("32")
def test_back_to_the_first_one_after_the_other_went_live_waits_for_a_person(rig: Rig) -> None:
    first, tenant = rig.connection, rig.xero.tenant
    sent, between, after = scene.invoices(rig, 3)
    rig.play([sent])
    scene.settle(rig)
    real = scenes.found(rig, REAL)
    second = scenes.move_to(rig, real, "2020-01-01")
    rig.play([between])
    search(rig)
    scene.settle(rig)
    assert numbers(rig, real) == sorted([sent["name"], between["name"]])
    scenes.move_to(rig, tenant)
    assert rig.connection == first and scenes.connection(rig, second)["state"] == "Retired"
    assert (
        scene.connection_state(rig) == "Paused" and REAL in scenes.connection(rig)["reason"] and "Go-Live" in scenes.connection(rig)["cure"]
    )
    search(rig)
    rig.dispatch()
    assert numbers(rig, tenant) == [sent["name"]], "nothing of the meantime goes unasked"
    rig.play([after])
    scenes.press(rig, "resume", rig.connection)
    scene.settle(rig)
    assert numbers(rig, tenant) == sorted([sent["name"], between["name"], after["name"]]), "each of them once, by the links of before"
    assert scenes.connection(rig)["active_company"] == rig.company["name"] and scenes.connection(rig, second)["active_company"] is None


@pytest.mark.case("32")
def test_a_demo_company_that_one_company_has_left_is_free_for_another(rig: Rig) -> None:
    def found(frappe: Any) -> None:
        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        storage.store({**company, "name": "Twin Ltd", "company_name": "Twin Ltd"})

    scene.with_site(rig, found)
    first, demo, real = rig.connection, rig.xero.tenant, scenes.found(rig, REAL)
    authorisation = scenes.sign_in(rig)
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="connected to"):
        scenes.choose(rig, authorisation, demo, "Twin Ltd")
    scenes.choose(rig, authorisation, real)
    twin = scenes.choose(rig, authorisation, demo, "Twin Ltd")
    assert twin not in (first, rig.connection)
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="connected to"):
        scenes.choose(rig, authorisation, demo)
    assert scenes.connection(rig, first)["state"] == "Retired" and scene.connection_state(rig) == "Setting Up"


@pytest.mark.case("32")
def test_a_company_of_which_the_wrong_organisation_was_chosen_is_not_left(rig: Rig) -> None:
    """What cannot be connected retires nothing."""
    foreign = rig.xero.control("POST", "organisations", {"edition": "NZ", "currency": "USD", "name": "Dollars Ltd"})["tenant"]
    authorisation = scenes.sign_in(rig)
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="USD"):
        scenes.choose(rig, authorisation, foreign)
    assert scene.connection_state(rig) == "Live"
