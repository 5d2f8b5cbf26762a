"""A company that signs in at Xero and chooses among organisations, as its admin does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from sandbox.rig import Rig, go_live, map_everything, prepare_organisation
from tests.scene import rig as scene


def found(rig: Rig, name: str) -> str:
    """A further organisation at Xero, set up like the company's own; its tenant id."""
    made = rig.xero.control("POST", "organisations", {"edition": rig.country, "currency": rig.company["default_currency"], "name": name})
    prepare_organisation(rig, made["tenant"])
    rig.xero.unlimited(made["tenant"])
    return str(made["tenant"])


def sign_in(rig: Rig, *tenants: str, user: str = "") -> str:
    """The consent at Xero, for these organisations (all of them without); the authorisation."""
    from picortex_xero.api import connect as buttons

    with rig.frappe() as frappe:
        address = buttons.start()
        frappe.db.commit()
        form: dict[str, Any] = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        form |= {"decision": "allow", **({"tenant": list(tenants)} if tenants else {}), **({"user": user} if user else {})}
        answer = httpx.post(address.partition("?")[0], data=form, follow_redirects=False)
        given = parse_qs(urlsplit(answer.headers["location"]).query)
        buttons.callback(state=given["state"][0], code=given["code"][0])
        frappe.db.commit()
        return parse_qs(urlsplit(frappe.local.response["location"]).query)["authorisation"][0]


def choose(rig: Rig, authorisation: str, tenant: str, company: str = "") -> str:
    """The company's new organisation; the connection, which is the rig's from now on."""
    from picortex_xero.api import connect as buttons

    chosen = scene.with_site(rig, lambda _: buttons.choose_organisation(authorisation, tenant, company or rig.company["name"]))
    if not company:
        rig.connection = chosen
    return str(chosen)


def move_to(rig: Rig, tenant: str, date: str = "") -> str:
    """Leave the organisation, sign in, choose this one, and with a date map everything and go live from it; the connection."""
    if rig.connection and scene.connection_state(rig) not in ("Disconnected", "Retired"):
        press(rig, "disconnect")
    connection = choose(rig, sign_in(rig), tenant)
    if date:
        map_everything(rig)
        go_live(rig, "AUTHORISED", date)
    return connection


def connection(rig: Rig, name: str = "") -> dict[str, Any]:
    """A connection's row."""
    return dict(
        scene.with_site(rig, lambda frappe: frappe.get_all("Xero Connection", filters={"name": name or rig.connection}, fields=["*"])[0])
    )


def press(rig: Rig, function: str, *arguments: Any) -> Any:
    """One of the connection's buttons."""
    from picortex_xero.api import connect as buttons

    return scene.with_site(rig, lambda _: getattr(buttons, function)(*(arguments or (rig.connection,))))


def form(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """What the document's form shows."""
    from picortex_xero.api import status

    return dict(scene.with_site(rig, lambda _: status.document_status(record["doctype"], record["name"])))


def figures(rig: Rig, name: str = "") -> dict[str, Any]:
    """A connection in the overview."""
    from picortex_xero.api import status

    return next(each for each in scene.with_site(rig, lambda _: status.overview()) if each["connection"] == (name or rig.connection))
