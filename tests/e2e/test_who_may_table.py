"""Every role calls every whitelisted function and asks for every right to every DocType: what the table says (connection/who_may.py) is what
happens, and a refusal is a sentence. The functions are found by looking at the package, so that a new one is tried too.

User Permissions are Frappe's own and not imitated here: picortex_xero/tests/bench/test_roles.py asks a real bench.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from picortex_xero.connection import who_may
from sandbox.host.site import add_user, migrate, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.calls import sound
from tests.scene.connecting import begin, come_back, consent, whitelisted
from tests.scene.document_buttons import FLAGS

# Each has exactly one role of the table, and may read documents. The clerk has none of the table; the guest is nobody.
PEOPLE = {
    "manager@example.com": who_may.MANAGER,
    "admin@example.com": who_may.ADMIN,
    "accountant@example.com": who_may.ACCOUNTANT,
    "auditor@example.com": who_may.AUDITOR,
    "approver@example.com": who_may.APPROVER,
    "clerk@example.com": who_may.READER,
}
MANAGER, CLERK, GUEST = "manager@example.com", "clerk@example.com", "Guest"


@pytest.fixture
def crew(rig: Rig) -> Iterator[Rig]:
    for user, role in PEOPLE.items():
        add_user(rig.site, user, [*([role] if role in who_may.ROLES else []), "Accounts User"])
    yield rig


def expected(endpoint: str, user: str) -> bool:
    roles = who_may.ENDPOINTS[endpoint]
    return user != GUEST and (who_may.READER in roles or PEOPLE[user] in roles)


def outcomes(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """For each function and person "" where the function would have run, else the refusal. Nothing runs."""
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    calls = [(f"{module}.{function}", sound(rig, record, function, parameters)) for module, function, parameters in whitelisted()]
    found = {}
    for user in (*PEOPLE, GUEST):
        # A sign-in is used by whoever gave it: here that is each of them.
        scene.with_site(rig, lambda frappe, user=user: frappe.db.set_value("Xero Authorisation", {"state": "Active"}, "user", user))
        with open_site(rig.site, user) as frappe:
            arguments = importlib.import_module("picortex_xero.api.arguments")
            monkeypatch.setattr(arguments, "_answered", lambda function, checked: "reached")
            for endpoint, given in calls:
                module, function = endpoint.split(".")
                try:
                    assert getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)(**given) == "reached"
                    found[endpoint, user] = ""
                except frappe.PermissionError as refusal:
                    found[endpoint, user] = str(refusal)
                    shown = [each["message"] for each in frappe.local.message_log]
                    assert shown in ([], [str(refusal)]), "one sentence, not two"
                frappe.clear_messages()
    return found


@pytest.mark.case("B1")
def test_every_role_calls_every_function(crew: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcomes(crew, monkeypatch)
    assert len(found) == len(who_may.ENDPOINTS) * 7
    odd = {key: refusal or "allowed" for key, refusal in found.items() if (refusal == "") != expected(*key)}
    assert odd == {}
    for (endpoint, user), refusal in found.items():
        needed = [role for role in who_may.ENDPOINTS[endpoint] if role in who_may.ROLES]
        if refusal:
            assert len(refusal) > 15 and all(role in refusal for role in needed), (endpoint, user, refusal)


@pytest.mark.case("B1")
@pytest.mark.parametrize(
    ("module", "guard", "endpoint"),
    [
        ("connect", "_may_change", "connect.go_live"),
        ("status", "_may_send_again", "status.retry"),
        ("connect", "_may_read_records", "connect.unlinked_records"),
    ],
)
def test_a_guard_that_lets_everybody_in_is_seen(crew: Rig, monkeypatch: pytest.MonkeyPatch, module: str, guard: str, endpoint: str) -> None:
    """The test above is not blind: here a guard asks for less than the table."""
    with open_site(crew.site):
        api = importlib.import_module(f"picortex_xero.api.{module}")
        monkeypatch.setattr(getattr(api, guard), "__code__", (lambda *_, **__: None).__code__)
        monkeypatch.setattr(getattr(api, guard), "__kwdefaults__", None)
    found = outcomes(crew, monkeypatch)
    assert [user for (each, user), refusal in found.items() if each == endpoint and not refusal and not expected(each, user)]


@pytest.mark.case("B1")
def test_every_role_has_the_rights_of_the_table_to_every_doctype(crew: Rig) -> None:
    asked = 0
    for user, role in {**PEOPLE, GUEST: ""}.items():
        with open_site(crew.site, user) as frappe:
            ours = frappe.get_all("DocType", filters={"module": "PiCortex Xero"}, pluck="name")
            assert {*ours} == {*who_may.DOCTYPES}
            for doctype in ours:
                for right in (*who_may.RIGHTS, *who_may.NEVER):
                    wanted = right in who_may.DOCTYPES[doctype].get(role, ())
                    assert bool(frappe.has_permission(doctype, right)) == wanted, (user, doctype, right)
                    asked += 1
    assert asked > 1000


@pytest.mark.case("B1")
@pytest.mark.parametrize("user", PEOPLE)
def test_a_form_offers_what_the_user_may_press(crew: Rig, monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    record = scene.invoices(crew)[0]
    crew.play([record])
    scene.settle(crew)
    with open_site(crew.site, user):
        api = importlib.import_module("picortex_xero.api.status")
        of = api.status.of

        def everything(*given: Any, with_details: bool) -> dict[str, Any]:
            shown = of(*given, with_details=with_details)
            return {**shown, **dict.fromkeys(FLAGS, True), "instead": "or by hand"} if with_details else shown

        monkeypatch.setattr(api.status, "of", everything)
        shown = api.document_status(record["doctype"], record["name"])
    if PEOPLE[user] not in who_may.READS:
        assert set(shown) == {"message", "colour"}
        return
    assert shown["number"] == record["name"]
    assert {flag: shown[flag] for flag in FLAGS} == {flag: expected(endpoint, user) for flag, endpoint in FLAGS.items()}
    assert bool(shown["instead"]) == shown["can_say_done"]


@pytest.mark.case("B1")
def test_a_system_manager_sees_figures_and_not_what_they_are_about(crew: Rig) -> None:
    def unmap(frappe: Any) -> None:
        for name in frappe.get_all("Xero Account Mapping", pluck="name"):
            frappe.get_doc("Xero Account Mapping", name).delete()

    scene.with_site(crew, unmap)
    crew.play(scene.invoices(crew))
    scene.settle(crew)
    shown = {}
    for user in ("accountant@example.com", MANAGER):
        with open_site(crew.site, user):
            from picortex_xero.api import status

            shown[user] = status.overview()[0]
            assert status.connection_status(crew.connection)["code"] == ""
    full, figures = shown.values()
    assert full["causes"] and all(each["key"] and each["reason"] for each in full["causes"])
    assert figures == {**full, "causes": [{**each, "key": "", "reason": "", "cure": ""} for each in full["causes"]]}


@pytest.mark.case("B1")
def test_a_system_manager_connects_a_company_and_goes_no_further(unconnected: Rig) -> None:
    """From the empty settings to a connection that is set up; the rest is the Xero Admin's."""
    rig = unconnected
    # ERPNext lets a System Manager read companies; the stand-in's recorded DocTypes know Accounts User alone.
    add_user(rig.site, MANAGER, [who_may.MANAGER, "Accounts User"])
    with open_site(rig.site, MANAGER) as frappe:
        from picortex_xero.api import connect, status

        settings = frappe.get_doc("Xero Settings")
        assert frappe.has_permission("Xero Settings", "write", doc=settings)
        settings.client_id = "sandbox-web"
        settings.save()
        connect.keep_secret(secret="sandbox-web-secret")
        frappe.db.commit()
    authorisation = come_back(rig, consent(begin(rig, MANAGER)), MANAGER)
    with open_site(rig.site, MANAGER) as frappe:
        # The stand-in of Xero may have organisations of tests before.
        assert rig.xero.tenant in [each["tenantId"] for each in connect.organisations(authorisation)]
        connection = connect.choose_organisation(authorisation, rig.xero.tenant, rig.company["name"])
        doc = frappe.get_doc("Xero Connection", connection)
        assert doc.state == "Setting Up" and frappe.has_permission("Xero Connection", "read", doc=doc)
        assert connect.choices(connection)["accounts"] and status.overview()[0]["state"] == "Setting Up"
        doc.target_status = "AUTHORISED"
        with pytest.raises(frappe.PermissionError):
            doc.save()
        account = frappe.get_all("Account", filters={"company": rig.company["name"], "is_group": 0}, pluck="name", limit=1)[0]
        mapping = {"doctype": "Xero Account Mapping", "connection": connection, "account": account, "xero_account_code": "200"}
        with pytest.raises(frappe.PermissionError):
            frappe.get_doc(mapping).insert()
        for act in (
            lambda: connect.go_live(connection, "2026-01-01"),
            lambda: connect.disconnect(connection),
            lambda: connect.refresh(connection),
        ):
            with pytest.raises(frappe.PermissionError, match="This is for Xero Admin"):
                act()


@pytest.mark.case("B1")
def test_who_only_connects_takes_no_company_away_from_a_live_organisation(crew: Rig) -> None:
    with crew.frappe() as frappe:
        frappe.db.set_value("Xero Authorisation", {"state": "Active"}, "user", MANAGER)
        frappe.db.commit()
        authorisation = frappe.get_all("Xero Authorisation", pluck="name")[0]
    with open_site(crew.site, MANAGER) as frappe:
        from picortex_xero.api import connect

        with pytest.raises(frappe.PermissionError):
            connect.choose_organisation(authorisation, "11111111-1111-1111-1111-111111111111", crew.company["name"])
        assert connect.choose_organisation(authorisation, crew.xero.tenant, crew.company["name"]) == crew.connection
    assert scene.connection_state(crew) == "Live"


@pytest.mark.case("B1")
def test_a_system_manager_reconnects_what_stood_still(crew: Rig) -> None:
    def stop(frappe: Any) -> None:
        from picortex_xero.connection import pauses

        code = sorted(pauses.CURED_BY_A_TOKEN)[0]
        frappe.db.set_value("Xero Connection", crew.connection, {"state": "Paused", "reason_code": code, "reason": "x"})

    scene.with_site(crew, stop)
    come_back(crew, consent(begin(crew, MANAGER)), MANAGER)
    assert scene.connection_state(crew) == "Live"


@pytest.mark.case("B1")
def test_every_row_names_its_company(rig: Rig) -> None:
    """A User Permission on Company does not filter what names none."""
    rig.play(scene.paid(rig))
    scene.settle(rig)

    def nameless(frappe: Any) -> dict[str, int]:
        found, rows = {}, 0
        for doctype in who_may.DOCTYPES:
            if any(each["fieldname"] == "company" for each in frappe.get_meta(doctype)._json["fields"]):
                rows += frappe.db.count(doctype)
                found[doctype] = frappe.db.count(doctype, {"company": ("is", "not set")})
        assert rows > 30
        return {doctype: number for doctype, number in found.items() if number}

    assert scene.with_site(rig, nameless) == {}


# Sites of before


PATCH = "picortex_xero.patches.v0_2.grant_new_roles"


def permissions(frappe: Any) -> list[dict[str, Any]]:
    return list(frappe.get_all("Custom DocPerm", fields=["*"], order_by="parent, role"))


@pytest.mark.case("B1")
def test_new_roles_come_to_a_site_of_before_and_nothing_of_its_own_goes(rig: Rig) -> None:
    own = [
        {"parent": "Xero Connection", "role": "Accounts Manager", "permlevel": 0, "read": 1, "write": 1, "export": 1},
        {"parent": "Xero Connection", "role": "Xero Accountant", "permlevel": 0, "read": 1},
        {"parent": "Xero Link", "role": "System Manager", "permlevel": 0, "read": 1, "report": 1},
        {"parent": "Sales Invoice", "role": "Accounts User", "permlevel": 0, "read": 1},
    ]

    def as_before(frappe: Any) -> list[dict[str, Any]]:
        for name in frappe.get_all("Patch Log", filters={"patch": PATCH}, pluck="name"):
            frappe.db.delete("Patch Log", {"name": name})
        frappe.db.delete("Role", {"name": who_may.AUDITOR})
        for row in own:
            frappe.get_doc({"doctype": "Custom DocPerm", **row}).insert(ignore_permissions=True)
        return permissions(frappe)

    before = scene.with_site(rig, as_before)
    migrate(rig.site)
    with rig.frappe() as frappe:
        assert {*who_may.OURS} <= {*frappe.get_all("Role", pluck="name")}
        after = permissions(frappe)
        assert [row for row in after if row["name"] in {each["name"] for each in before}] == before
        added = {
            (row["parent"], row["role"]): {right for right in (*who_may.RIGHTS, *who_may.NEVER) if row[right]}
            for row in after
            if row not in before
        }
        assert added == {
            (doctype, role): {*who_may.DOCTYPES[doctype][role]}
            for doctype, role in (
                ("Xero Connection", who_may.AUDITOR),
                ("Xero Connection", who_may.MANAGER),
                ("Xero Link", who_may.AUDITOR),
            )
        }
        importlib.import_module(PATCH).execute()
        assert permissions(frappe) == after


@pytest.mark.case("B1")
def test_leaving_takes_our_roles_and_no_other() -> None:
    """Reads what uninstalling takes away; that it does so is for a bench (picortex_xero/tests/bench/test_reinstall.py)."""
    uninstall = importlib.import_module("picortex_xero.setup.uninstall")
    assert {*uninstall._roles()} == {*who_may.OURS}
