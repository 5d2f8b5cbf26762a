"""A person reads what stops a document in his own language, with the names in it; what is stored stays the English text."""

from __future__ import annotations

import json
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.telling import make_admin, notifications

ANNA, BEN = "anna@books.example", "ben@books.example"


def reads(rig: Rig, user: str, work: Any) -> Any:
    """What `user` is shown: the host sets the language of a request before anything else."""

    def read(frappe: Any) -> Any:
        from frappe.translate import get_user_lang

        frappe.set_user(user)
        frappe.local.lang = get_user_lang()
        return work(frappe)

    return scene.with_site(rig, read)


def people(rig: Rig) -> None:
    """Two Xero Admins: Anna reads German, Ben English."""
    for user in (ANNA, BEN):
        make_admin(rig, user)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("User", ANNA, "language", "de"))


def without_taxes(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Tax Mapping", {"connection": rig.connection}))


def without_a_tax_type(rig: Rig) -> Any:
    """An invoice that waits for a person, because its tax is mapped to nothing; one reader reads German and another English."""
    people(rig)
    without_taxes(rig)
    (invoice,) = scene.invoices(rig, 1)
    rig.play([invoice])
    scene.settle(rig)
    return invoice


def opened(rig: Rig, user: str, doctype: str, name: str) -> Any:
    """A form as the Desk loads it."""

    def load(frappe: Any) -> Any:
        doc = frappe.get_doc(doctype, name)
        doc.run_method("onload")
        return doc

    return reads(rig, user, load)


def test_a_reason_and_its_cure_are_read_in_the_readers_language(rig: Rig) -> None:
    from picortex_xero.attention import status

    invoice = without_a_tax_type(rig)
    stuck = scene.step(rig, invoice["name"])
    assert stuck["state"] == "Needs Attention" and stuck["reason_code"] == "tax-unmapped"
    assert stuck["reason"].startswith('The tax "') and "has no tax type in Xero yet (sales)" in stuck["reason"], "stored in English"
    tax = stuck["reason"].split('"')[1]

    german = reads(rig, ANNA, lambda frappe: status.of("Sales Invoice", invoice["name"], True))
    assert german["message"] == "Noch nicht in Xero: Buchhaltung ist informiert" and german["state"] == "Zu klären"
    assert f"Die Steuer „{tax}“ hat noch keine Steuerart in Xero (Verkauf)" in german["reason"]
    assert f"Ordnen Sie „{tax}“ für Verkauf in der Zuordnung unter „Steuern“ zu" in german["cure"]

    english = reads(rig, BEN, lambda frappe: status.of("Sales Invoice", invoice["name"], True))
    assert english["reason"] == stuck["reason"] and english["cure"] == stuck["cure"] and english["state"] == "To fix"

    form = opened(rig, ANNA, "Xero Outbox Entry", stuck["name"])
    assert form.reason == german["reason"] and form.cure == german["cure"]
    assert opened(rig, BEN, "Xero Outbox Entry", stuck["name"]).reason == stuck["reason"]
    assert scene.step(rig, invoice["name"])["reason"] == stuck["reason"], "reading changes nothing"


def test_everybody_is_told_in_his_own_language(rig: Rig) -> None:
    people(rig)
    without_taxes(rig)
    (invoice,) = scene.invoices(rig, 1)
    rig.play([invoice, scene.copied(invoice, "ANOTHER")])
    scene.settle(rig)
    scene.sweep(rig)
    told = {entry["for_user"]: entry for entry in notifications(rig)}
    assert set(told) == {ANNA, BEN}
    assert told[ANNA]["subject"].startswith("Xero: Die Steuer „") and "1 weitere aus demselben Grund" in told[ANNA]["email_content"]
    assert "in der Zuordnung unter „Steuern“ zu" in told[ANNA]["email_content"]
    assert told[BEN]["subject"].startswith("Xero: The tax ") and "1 more for the same reason" in told[BEN]["email_content"]


def test_the_history_and_a_pause_are_read_in_the_readers_language(rig: Rig) -> None:
    from picortex_xero.accounting.texts import _
    from picortex_xero.attention import overview, status

    people(rig)
    (invoice,) = scene.invoices(rig, 1)
    rig.play([invoice])
    scene.settle(rig)

    def pause(frappe: Any) -> None:
        from picortex_xero.engine import limits

        limits.pause(rig.connection, _("Xero refuses this sign-in, even with a new token"))
        limits.rest(rig.connection, 60, _("Xero allows 60 requests a minute; the next ones follow in a moment"))

    scene.with_site(rig, pause)
    german = reads(rig, ANNA, lambda frappe: status.of("Sales Invoice", invoice["name"], True))
    assert german["reason"] == "Die Verbindung ist angehalten: Xero lehnt diese Anmeldung ab, auch mit einem neuen Token"
    assert [each["what"] for each in german["records"]] == ["Rechnung"]
    resting = opened(rig, ANNA, "Xero Connection State", rig.connection)
    assert resting.paused_reason == "Xero erlaubt 60 Aufrufe je Minute; die nächsten folgen gleich"

    with rig.frappe() as frappe:
        (line,) = frappe.get_all(
            "Xero Sync Log", filters={"reference_name": invoice["name"], "event": "In Xero"}, fields=["name", "message"]
        )
    assert line["message"].startswith(f"{invoice['name']} is in Xero as ")
    assert opened(rig, ANNA, "Xero Sync Log", line["name"]).message == line["message"].replace("is in Xero as", "ist in Xero als")
    assert [entry["email_content"] for entry in notifications(rig) if entry["for_user"] == ANNA] == [
        "Xero lehnt diese Anmeldung ab, auch mit einem neuen Token<br>Öffnen Sie die Xero-Verbindung und tun Sie, was dort steht"
    ]
    (figures,) = reads(rig, ANNA, lambda frappe: overview.overview([rig.connection]))
    assert figures["reason"] == "Xero refuses this sign-in, even with a new token" and figures["told"][0]["code"] == "paused", (
        "for programs: English, and codes"
    )


def test_what_an_older_release_wrote_is_shown_as_it_is(rig: Rig) -> None:
    from picortex_xero.attention import status

    invoice = without_a_tax_type(rig)
    stuck = scene.step(rig, invoice["name"])

    def older(frappe: Any, parts: str) -> None:
        frappe.db.set_value("Xero Outbox Entry", stuck["name"], {"reason": "As it was &lt;b> said", "reason_parts": parts})

    # Nothing; what is no JSON; and a text whose translation would not fit what was stored.
    for parts in ("", "no JSON", json.dumps({"reason": ["{gone}", {}], "cure": 3})):
        scene.with_site(rig, lambda frappe, parts=parts: older(frappe, parts))
        shown = reads(rig, ANNA, lambda frappe: status.of("Sales Invoice", invoice["name"], True))
        assert shown["reason"] == "As it was <b> said" and shown["cure"] == stuck["cure"]
        assert opened(rig, ANNA, "Xero Outbox Entry", stuck["name"]).reason == "As it was &lt;b> said"
