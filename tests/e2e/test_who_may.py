"""Who may do what: arguments are checked as what they are, nobody acts beyond a company, and what the protocol sets is not typed.

User Permissions are Frappe's own and not imitated here: picortex_xero/tests/bench/test_who_may.py asks a real bench.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.calls import plain
from tests.scene.connecting import ADMIN, begin, come_back, consent, whitelisted

ACCOUNTANT, SECOND = "accountant@example.com", "second@example.com"
NO_NAMES: list[Any] = [
    {}, [], [[]], 5, 0, 1.5, None, True, False, "", " ", {"state": "Live"}, ["like", "%"], ["!=", ""], {"name": ["like", "%"]}, "%", "_%",
    "x" * 141, "x" * 100_000, "no such document", "a\x00b", "a\nb", " padded", "padded ",
]  # fmt: skip
NO_DAYS: list[Any] = [
    {},
    [],
    5,
    None,
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01",
    "01-02-2026",
    "2026-1-1",
    "2026-10-01 10:00",
    "\u0662026-10-01",
]
# Whatever a JSON body, a form or a query can hold: each is refused in words, or taken for what it is.
ANYTHING: list[Any] = [
    {}, [], [[]], [{}], 5, -1, 1.5, float("nan"), None, True, "", "x" * 100_000, "a\x00b", "[", "[" * 100_000, "\u00b2", "\u0663", "9" * 5000, "-1", "1e400",
    "'; DROP TABLE `tabUser`; -- ", "%", ["like", "%"], {"name": ["like", "%"]}, '{"a": 1}', "null", [["Customer", {}]], [[["x"]]], [{"key": [1]}],
    [{"key": ["Sales - KS"], "values": {"xero_account_code": {}}}], "0000-00-00", "9999-12-31T00:00:00+99:00",
]  # fmt: skip
FORMER = ("connect", "compare", "status")
# What is a list, or comes as one: the others are never one.
LISTS = ("names", "rows", "keys", "suggested", "parties", "documents", "rules", "doctypes", "pairs", "items", "steps", "filters")


@pytest.fixture
def crew(rig: Rig) -> Iterator[Rig]:
    """An admin and an accountant beside the connection that Administrator made."""
    add_user(rig.site, ADMIN, ["Xero Admin", "System Manager", "Accounts User"])
    add_user(rig.site, ACCOUNTANT, ["Xero Accountant", "Accounts User"])

    def found(frappe: Any) -> None:
        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        storage.store({**company, "name": "Other Ltd", "company_name": "Other Ltd"})

    scene.with_site(rig, found)
    yield rig


def api(module: str, function: str) -> Callable[..., Any]:
    return getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)


def sound(rig: Rig, record: dict[str, Any]) -> dict[str, Any]:
    """For each parameter a value that is right."""
    authorisation = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Authorisation", pluck="name")[0])
    return plain(rig, record) | {"authorisation": authorisation}


def books(rig: Rig) -> dict[str, Any]:
    """Everything of the app's that a call could have changed."""

    def read(frappe: Any) -> dict[str, Any]:
        names = ("Xero Connection", "Xero Connection State", "Xero Authorisation", "Xero Outbox Entry", "Xero Link", "Xero Account Mapping")
        return {name: frappe.get_all(name, fields=["*"], order_by="name") for name in names} | {
            "settings": frappe.get_doc("Xero Settings").as_dict()
        }

    return dict(scene.with_site(rig, read))


@pytest.mark.case("S3")
def test_every_parameter_of_every_endpoint_refuses_what_is_something_else(crew: Rig) -> None:
    rig = crew
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    values, before, calls, tried, odd = sound(rig, record), books(rig), rig.xero.call_count(), 0, []
    with open_site(rig.site) as frappe:
        for module, function, parameters in whitelisted():
            for parameter in parameters if module in FORMER else ():
                free = parameter in ("state", "code", "error", "client_id", "secret", "cause_key")
                wrong = NO_DAYS if parameter == "date" else [{}, [], 5, None, True, "x" * 100_000] if free else NO_NAMES
                for value in wrong:
                    given = {name: values[name] for name in parameters} | {parameter: value}
                    if function == "retry_step":
                        given = {"name": value}
                    try:
                        api(module, function)(**given)
                        odd.append((function, parameter, value))
                    except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as refusal:
                        assert len(str(refusal)) > 15 and getattr(refusal, "http_status_code", 417) < 500
                    frappe.db.rollback()
                    tried += 1
    assert not odd and tried > 300
    assert books(rig) == before
    assert rig.xero.call_count() == calls, "nothing was asked of Xero"
    assert not scene.error_log(rig)


@pytest.mark.case("S3")
def test_anything_at_all_is_refused_in_words_before_a_page_is_asked(crew: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs: what got through stands in `reached`, as it would have been given on."""
    rig = crew
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    values, failed, through, tried = sound(rig, record), [], [], 0
    with open_site(rig.site) as frappe:
        arguments = importlib.import_module("picortex_xero.api.arguments")
        monkeypatch.setattr(arguments, "_answered", lambda function, checked: checked)
        for module, function, parameters in whitelisted():
            for parameter in parameters if module not in FORMER else ():
                for value in ANYTHING:
                    tried += 1
                    try:
                        reached = api(module, function)(**{name: values[name] for name in parameters} | {parameter: value})
                    except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError):
                        continue
                    except Exception as defect:
                        failed.append((module, function, parameter, repr(value)[:40], repr(defect)[:80]))
                        continue
                    if isinstance(reached[parameter], (list, dict)) and parameter not in LISTS:
                        through.append((module, function, parameter, value))
    assert not failed and not through and tried > 2000


@pytest.mark.case("S3")
def test_the_wrong_kind_is_said_before_permission_is_asked(crew: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    with open_site(crew.site, ACCOUNTANT) as frappe:
        arguments = importlib.import_module("picortex_xero.api.arguments")
        monkeypatch.setattr(arguments.frappe, "has_permission", lambda *given, **named: asked.append((given, named)))
        for module, function, parameters in whitelisted():
            if "connection" in parameters:
                with pytest.raises(frappe.ValidationError, match="name of one document"):
                    api(module, function)(**{name: {} for name in parameters})
    assert not asked


@pytest.mark.case("S3")
def test_what_is_missing_is_said(crew: Rig) -> None:
    with open_site(crew.site) as frappe:
        for module, function, _parameters in whitelisted():
            needed = [each for each in inspect.signature(api(module, function)).parameters.values() if each.default is each.empty]
            if needed and function != "callback":
                with pytest.raises(frappe.ValidationError, match="missing"):
                    api(module, function)()


@pytest.mark.case("S3")
def test_a_filter_in_place_of_a_name_reaches_no_connection(crew: Rig) -> None:
    """The reported one: `connection={}` set every connection live, and a reader got the choices of any."""
    with open_site(crew.site, ADMIN) as frappe:
        for function, more in (("go_live", {"date": "2020-01-01"}), ("disconnect", {}), ("resume", {}), ("refresh", {}), ("choices", {})):
            for value in ({}, [], {"state": "Live"}, ["like", "%"]):
                with pytest.raises(frappe.ValidationError, match="name of one document"):
                    api("connect", function)(connection=value, **more)
        frappe.db.commit()
    assert scene.connection_state(crew) == "Live"


@pytest.mark.case("S3")
def test_a_name_is_spelled_as_it_is_stored(crew: Rig) -> None:
    with open_site(crew.site, ADMIN) as frappe:
        for spelled in (crew.connection.upper(), crew.connection.swapcase()):
            if spelled != crew.connection:
                with pytest.raises(frappe.DoesNotExistError):
                    api("connect", "choices")(spelled)
        assert api("connect", "choices")(crew.connection)["accounts"]


@pytest.mark.case("S3")
def test_who_may_not_see_such_documents_does_not_learn_which_there_are(crew: Rig) -> None:
    add_user(crew.site, "clerk@example.com", [])
    with open_site(crew.site, "clerk@example.com") as frappe:
        for known_as in (crew.connection, "no such document"):
            with pytest.raises(frappe.PermissionError):
                api("connect", "choices")(known_as)


@pytest.mark.case("S3")
def test_a_sign_in_is_used_by_whoever_gave_it(people: Rig) -> None:  # noqa: F811
    add_user(people.site, SECOND, ["Xero Admin", "System Manager"])
    authorisation = come_back(people, consent(begin(people)))
    with open_site(people.site, SECOND) as frappe:
        with pytest.raises(frappe.PermissionError):
            api("connect", "organisations")(authorisation)
        with pytest.raises(frappe.PermissionError):
            api("connect", "choose_organisation")(authorisation, people.xero.tenant, people.company["name"])
        assert not frappe.has_permission("Xero Authorisation", "read", doc=authorisation)
    with open_site(people.site, ADMIN) as frappe:
        assert api("connect", "organisations")(authorisation)
    # Signed in himself, as the same person at Xero: the sign-in is his now, for he gave it last.
    assert come_back(people, consent(begin(people, SECOND)), SECOND) == authorisation
    with open_site(people.site, SECOND):
        assert api("connect", "organisations")(authorisation)


@pytest.mark.case("S3")
def test_a_refused_consent_is_over(people: Rig) -> None:  # noqa: F811
    given = consent(begin(people))
    with open_site(people.site, ADMIN) as frappe, pytest.raises(frappe.ValidationError, match="access_denied"):
        come_back(people, {"state": given["state"], "error": "access_denied"})
    with open_site(people.site, ADMIN) as frappe, pytest.raises(frappe.PermissionError):
        come_back(people, given)


@pytest.mark.case("S4")
@pytest.mark.parametrize("error", ["<img src=x onerror=alert(1)>", "Your account is locked, call 555 1234", "a" * 41, "ACCESS", "a-b"])
def test_the_address_of_the_callback_cannot_put_words_on_the_screen(people: Rig, error: str) -> None:  # noqa: F811
    with open_site(people.site, ADMIN) as frappe, pytest.raises(frappe.ValidationError) as caught:
        come_back(people, {"state": "x", "error": error})
    assert error not in str(caught.value) and "no code" in str(caught.value)


# What the protocol sets


FORGED = {
    "state": "Paused", "go_live_date": "1990-01-01", "base_currency": "USD", "short_code": "!abc", "tenant_id": "other", "reason": "x", "reason_parts": "{}",
    "authorisation": None, "company": "Other Ltd", "organisation_name": "x", "xero_connection_id": "x", "country_code": "US",
    "cure": "x", "reason_code": "x", "active_company": "Other Ltd", "active_tenant": "other", "watched_from": "1990-01-01",
}  # fmt: skip


@pytest.mark.case("S8")
@pytest.mark.parametrize("field", sorted(FORGED))
@pytest.mark.parametrize("user", ["Administrator", ADMIN])
def test_what_connecting_sets_is_not_typed(crew: Rig, field: str, user: str) -> None:
    before = books(crew)
    with open_site(crew.site, user) as frappe:
        doc = frappe.get_doc("Xero Connection", crew.connection)
        doc.set(field, FORGED[field])
        with pytest.raises((frappe.PermissionError, frappe.ValidationError)) as caught:
            doc.save()
        assert "cannot be changed by hand" in str(caught.value)
    assert books(crew) == before


@pytest.mark.case("S8")
def test_every_field_of_a_connection_is_the_protocols_or_a_choice(crew: Rig) -> None:
    """A field that comes later has to be decided about."""
    write_protection = importlib.import_module("picortex_xero.engine.write_protection")
    with open_site(crew.site, ADMIN) as frappe:
        fields = frappe.get_meta("Xero Connection")._json["fields"]
    typed = {each["fieldname"] for each in fields if not each.get("read_only") and not each["fieldtype"].endswith("Break")}
    set_here = {each["fieldname"] for each in fields if each.get("read_only")}
    assert set(FORGED) == set(write_protection.OF_CONNECTION)
    # `company` is chosen when connecting, and never again; the code of the clearing account follows its choice in `validate`.
    assert set(write_protection.OF_CONNECTION) == (set_here - {"clearing_account_code"}) | {"company"} and "company" in typed


@pytest.mark.case("S8")
def test_choices_of_an_admin_are_still_his(crew: Rig) -> None:
    with open_site(crew.site, ADMIN) as frappe:
        doc = frappe.get_doc("Xero Connection", crew.connection)
        doc.target_status, doc.cash_basis = "DRAFT", 1
        doc.save()
        frappe.db.commit()
        assert frappe.db.get_value("Xero Connection", crew.connection, "target_status") == "DRAFT"


@pytest.mark.case("S8")
@pytest.mark.parametrize("user", ["Administrator", ADMIN])
def test_a_connection_is_made_by_connecting_only(crew: Rig, user: str) -> None:
    with open_site(crew.site, user) as frappe, pytest.raises(frappe.PermissionError, match="connecting"):
        frappe.get_doc({"doctype": "Xero Connection", "company": crew.company["name"], "state": "Live"}).insert()


MACHINE = (
    "Xero Outbox Entry",
    "Xero Attempt",
    "Xero Link",
    "Xero Link Target",
    "Xero Sync Log",
    "Xero Connection State",
    "Xero Authorisation",
)


@pytest.mark.case("S8")
@pytest.mark.parametrize("doctype", MACHINE)
def test_nobody_writes_what_machines_write(crew: Rig, doctype: str) -> None:
    """Not Administrator either, whom no role keeps out."""
    crew.play(scene.paid(crew))
    scene.settle(crew)
    with open_site(crew.site) as frappe:
        name = frappe.get_all(doctype, pluck="name")[0]
        for act in (
            lambda doc: doc.save(),
            lambda doc: doc.save(ignore_permissions=True),
            lambda doc: doc.delete(),
            lambda doc: frappe.get_doc({"doctype": doctype, "connection": crew.connection}).insert(ignore_permissions=True),
            lambda doc: doc._run("before_rename", name, "other", False),
        ):
            with pytest.raises(frappe.PermissionError, match="by the app alone"):
                act(frappe.get_doc(doctype, name))


@pytest.mark.case("S8")
@pytest.mark.parametrize("user", ["Administrator", ADMIN])
def test_a_connection_keeps_its_name(crew: Rig, user: str) -> None:
    with open_site(crew.site, user) as frappe, pytest.raises(frappe.PermissionError, match="by the app alone"):
        frappe.get_doc("Xero Connection", crew.connection)._run("before_rename", crew.connection, "other", False)


@pytest.mark.case("S8")
def test_flags_of_a_document_open_nothing(crew: Rig) -> None:
    """A request may send "flags" as it may send any field."""
    with open_site(crew.site) as frappe:
        doc = frappe.get_doc("Xero Connection", crew.connection)
        doc.flags.update({"ignore_validate": True, "own_writes": True, "ignore_permissions": True})
        doc.state = "Setting Up"
        with pytest.raises(frappe.PermissionError):
            doc.save()


@pytest.mark.case("S8")
def test_a_mapping_stays_with_its_connection_and_says_what_xero_says(crew: Rig) -> None:
    with open_site(crew.site, ADMIN) as frappe:
        name = frappe.get_all("Xero Account Mapping", pluck="name")[0]
        doc = frappe.get_doc("Xero Account Mapping", name)
        before = doc.as_dict()
        doc.update({"company": "Other Ltd", "host_key": "x", "xero_account_name": "x", "xero_account_class": "x", "last_checked": None})
        doc.save()
        kept = frappe.get_doc("Xero Account Mapping", name).as_dict()
        for field in ("company", "host_key", "xero_account_name", "xero_account_class"):
            assert kept[field] == before[field], field
        from picortex_xero.engine import write_protection

        other = "0123456789"
        frappe.db.set_value("Xero Account Mapping", name, "connection", other)
        doc = frappe.get_doc("Xero Account Mapping", name)
        doc.connection = crew.connection
        with pytest.raises(frappe.PermissionError, match="stays with its connection"):
            reserved_check(frappe, doc, write_protection)


def reserved_check(frappe: Any, doc: Any, write_protection: Any) -> None:
    """The check alone, as `save` runs it: the stand-in's link checks would be first."""
    doc._before_save = frappe.get_doc(doc.doctype, doc.name)
    write_protection.same_connection(doc)


@pytest.mark.case("S8")
def test_a_mapping_is_for_who_may_change_the_connection(crew: Rig) -> None:
    with open_site(crew.site, ACCOUNTANT) as frappe:
        name = frappe.get_all("Xero Account Mapping", pluck="name")[0]
        doc = frappe.get_doc("Xero Account Mapping", name)
        doc.flags.ignore_permissions = True
        with pytest.raises(frappe.PermissionError):
            doc.save(ignore_permissions=True)


@pytest.mark.case("S8")
def test_facts_of_the_site_are_not_typed(crew: Rig) -> None:
    with open_site(crew.site, ADMIN) as frappe:
        doc = frappe.get_doc("Xero Settings")
        doc.instance_id = "forged"
        with pytest.raises(frappe.PermissionError, match="cannot be changed by hand"):
            doc.save()
        doc, known = frappe.get_doc("Xero Settings"), frappe.db.get_single_value("Xero Settings", "redirect_uri")
        doc.redirect_uri = "forged"
        doc.save()
        assert frappe.db.get_single_value("Xero Settings", "redirect_uri") == known
        doc = frappe.get_doc("Xero Settings")
        known = frappe.db.get_single_value("Xero Settings", "client_secret_encrypted")
        doc.client_secret_encrypted, doc.secret_is_set = "forged", 0
        doc.save()
        assert frappe.db.get_single_value("Xero Settings", "client_secret_encrypted") == known
        assert frappe.get_doc("Xero Settings").secret_is_set == 1


@pytest.mark.case("S6")
def test_the_secret_of_the_app_is_kept_by_a_call_of_its_own(crew: Rig) -> None:
    with open_site(crew.site, ADMIN) as frappe:
        api("connect", "keep_secret")(secret="  another-secret ")
        frappe.db.commit()
        from picortex_xero.connection import settings

        assert str(settings.app().client_secret) == "another-secret"
    with open_site(crew.site, ACCOUNTANT) as frappe, pytest.raises(frappe.PermissionError):
        api("connect", "keep_secret")(secret="x")


def test_the_decorator_keeps_the_signature(crew: Rig) -> None:
    """Frappe passes on the parameters that `inspect.signature` shows."""
    with open_site(crew.site):
        for module, function, parameters in whitelisted():
            assert list(inspect.signature(api(module, function)).parameters) == parameters
