"""What several companies share is one message to each person, which names the companies that he may see, and no other; a day is one message, too."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.telling import ADMIN, make_admin, notifications

SECOND, THIRD, LIMITED = "Second Ltd", "Third & Sons", "second@books.example"


def further_companies(rig: Rig) -> list[str]:
    """Two more companies on the same sign-in; all three connections."""

    def work(frappe: Any) -> list[str]:
        from sandbox.host import storage

        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        for name in (SECOND, THIRD):
            storage.store({**company, "name": name, "company_name": name})
            for doctype in ("Xero Connection", "Xero Connection State"):
                row = frappe.get_all(doctype, {"name": rig.connection}, ["*"])[0]
                unique = {
                    field: f"{value}-{name}"
                    for field, value in row.items()
                    if value and (field.endswith("_key") or field.startswith("active_"))
                }
                own = {"company": name} if "company" in row else {}
                of_it = {"connection": name} if "connection" in row else {}
                known = [each for each in row if each not in ("name", *unique, *own, *of_it)]
                columns = ["name", *unique, *own, *of_it, *known]
                values = [name, *unique.values(), *own.values(), *of_it.values(), *(row[each] for each in known)]
                frappe.db.bulk_insert(doctype, columns, [tuple(values)])
        return [rig.connection, SECOND, THIRD]

    return scene.with_site(rig, work)


def told(rig: Rig) -> dict[str, list[str]]:
    """What each person read of it, oldest first; then it is as if nobody had been told anything."""
    found: dict[str, list[str]] = {}
    for each in notifications(rig):
        found.setdefault(each["for_user"], []).append(f"{each['subject']}<br>{each['email_content']}")
    scene.with_site(rig, lambda frappe: frappe.db.delete("Notification Log", {"name": ("is", "set")}))
    return found


def test_what_companies_share_is_one_message_to_each_person_and_names_only_what_he_may_see(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    from picortex_xero.accounting.problems import Problem
    from picortex_xero.accounting.texts import plain
    from picortex_xero.attention import notifications as telling
    from picortex_xero.attention import standing
    from picortex_xero.connection import pauses, resuming
    from picortex_xero.documents.identity import Identity
    from picortex_xero.engine import jobs, limits, outbox

    make_admin(rig)
    make_admin(rig, LIMITED, SECOND)
    connections, first = further_companies(rig), rig.company["name"]

    def sign_in_dies(frappe: Any) -> None:
        problem = pauses.gone()
        for each in connections:
            limits.pause(each, problem.message, problem.resolution, problem.code)

    scene.with_site(rig, sign_in_dies)
    found = told(rig)
    assert {user: len(entries) for user, entries in found.items()} == {ADMIN: 1, LIMITED: 1}
    assert f"This is so for {first}, {SECOND}, Third &amp; Sons" in found[ADMIN][0]
    assert not any(name in found[LIMITED][0] for name in (first, "Third")), "nobody reads of a company that he may not see"

    def two_sign_ins_die(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", THIRD, "authorisation", "another-sign-in")
        problem = pauses.gone()
        for each in connections:
            resuming.nothing_is_told(each)
            frappe.db.set_value("Xero Connection", each, {"state": "Live", "reason": "", "reason_code": ""})
        for each in connections:
            limits.pause(each, problem.message, problem.resolution, problem.code)

    scene.with_site(rig, two_sign_ins_die)
    found = told(rig)
    assert {user: len(entries) for user, entries in found.items()} == {ADMIN: 2, LIMITED: 1}, "two sign-ins are two things to do"

    def outage(frappe: Any) -> None:
        for each in connections:
            resuming.nothing_is_told(each)
            frappe.db.set_value("Xero Connection", each, {"state": "Live", "reason": "", "reason_code": ""})
            frappe.db.set_value("Xero Connection State", each, {"paused_reason": "Xero does not answer (503)"})
        monkeypatch.setattr(standing, "_silence", lambda *_of: Problem("not-sending", plain("For an hour nothing"), plain("Wait")))
        for _minute in range(2):
            for each in connections:
                standing.tell(each)

    scene.with_site(rig, outage)
    found = told(rig)
    assert {user: len(entries) for user, entries in found.items()} == {ADMIN: 1, LIMITED: 1} and first not in found[LIMITED][0]

    def own_trouble(frappe: Any) -> None:
        for each in connections[:2]:
            telling.tell_once(each, "unclear", plain("Is it there?"), plain("Look"))

    scene.with_site(rig, own_trouble)
    assert {user: len(entries) for user, entries in told(rig).items()} == {ADMIN: 2, LIMITED: 1}, "what is no shared cause is told of each"

    def day(frappe: Any) -> None:
        for each, company in zip(connections, (first, SECOND, THIRD)):
            resuming.nothing_is_told(each)
            problem = Problem("tax-unmapped", plain("No tax"), plain("Map it"))
            for number in range(2):
                who = Identity("Sales Invoice", f"S-{number}", "2026-10-01 10:00:00.000000")
                outbox.add(each, company, who, "invoice", state="Needs Attention", problem=problem)
        for _twice in range(2):
            jobs.digest()

    scene.with_site(rig, day)
    found = told(rig)
    assert {user: len(entries) for user, entries in found.items()} == {ADMIN: 1, LIMITED: 1}
    assert "In 3 companies 6 documents wait" in found[ADMIN][0] and all(
        name in found[ADMIN][0] for name in (first, SECOND, "Third &amp; Sons")
    )
    assert f"{SECOND}: 2 documents" in found[LIMITED][0] and not any(name in found[LIMITED][0] for name in (first, "Third"))
