"""What the buttons of Xero Settings and Xero Connection call. Who may create a connection may connect, a System Manager too; who may write
one decides what is sent (connection/who_may.py)."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe import _

from ..connection import (
    before_connecting,
    checklist,
    connecting,
    current,
    going_live,
    handing_over,
    leaving,
    offers,
    resuming,
    settings,
    setup_steps,
    watching,
    widening,
)
from ..engine import unlinked_records as records
from ..engine.screen_texts import html
from .arguments import asks, day, identifier, name, one, secret, secret_or_nothing, text, text_or_nothing

CONNECTION, AUTHORISATION, UNLINKED = "Xero Connection", "Xero Authorisation", "Xero Unlinked Record"
# The form of OAuth's error codes; anything else in the address does not come from Xero.
OAUTH_ERROR = re.compile(r"[a-z_]{1,40}", re.ASCII)


# Who may


def _may_connect(**_arguments: Any) -> None:
    frappe.has_permission(CONNECTION, "create", throw=True)


def _may_register(**_arguments: Any) -> None:
    """Throws unless the user may connect every company, since all use the one registered app."""
    frappe.has_permission("Xero Settings", "write", throw=True)
    settings.only_for_every_company()


def _may_change(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


def _may_read(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")


def _may_reconnect(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "create")


def _may_read_records(connection: str, **_arguments: Any) -> None:
    """Throws unless the user may read what is in the books, too: the records have numbers and amounts."""
    one(CONNECTION, connection, "read")
    frappe.has_permission(UNLINKED, "read", throw=True)


def _may_use(authorisation: str, **_arguments: Any) -> None:
    """Throws unless the user gave this sign-in at Xero: it opens that person's organisations."""
    frappe.has_permission(CONNECTION, "create", throw=True)
    one(AUTHORISATION, authorisation, "read")
    if frappe.session.user not in ("Administrator", frappe.db.get_value(AUTHORISATION, authorisation, "user")):
        frappe.throw(_("Somebody else signed in at Xero there: press Connect to Xero and sign in yourself"), exc=frappe.PermissionError)


def _may_tie(authorisation: str, tenant_id: str, company: str, **_arguments: Any) -> None:
    """Throws unless the user has the right to the sign-in, the company, and the connection that this company has or gets. Who only connects
    takes no company away from an organisation to which it has gone live."""
    _may_use(authorisation=authorisation)
    one("Company", company, "read")
    known = current.of_company(company)
    for each in (*([known] if known else ()), *current.former_of_company(company)):
        one(CONNECTION, each, "create")
    if known and _would_leave(known, tenant_id):
        one(CONNECTION, known, "write")
    if not known:
        frappe.has_permission(CONNECTION, "create", doc=frappe.get_doc({"doctype": CONNECTION, "company": company}), throw=True)


def _would_leave(connection: str, tenant_id: str) -> bool:
    """Whether choosing this organisation retires a connection that has gone live to another one."""
    now = frappe.db.get_value(CONNECTION, connection, ["tenant_id", "go_live_date"], as_dict=True)
    return bool(now["go_live_date"]) and now["tenant_id"] != tenant_id


# What


@frappe.whitelist(methods=["POST"])
@asks(_may_connect)
def start() -> str:
    """The address at Xero where the admin gives consent."""
    return connecting.begin(frappe.session.user)


@frappe.whitelist(methods=["GET"])
@asks(_may_connect, state=secret_or_nothing, code=secret_or_nothing, error=text_or_nothing)
def callback(state: str = "", code: str = "", error: str = "") -> None:
    """Where Xero sends the browser back; goes on to choosing the organisation."""
    if error or not code:
        connecting.refused(frappe.session.user, state)
        if not OAUTH_ERROR.fullmatch(error):
            error = _("no code")
        frappe.throw(_("Xero did not give access ({0})").format(html(error)))
    authorisation = connecting.finish(frappe.session.user, state, code)
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = "/app/xero-settings?" + urlencode({"authorisation": authorisation})


@frappe.whitelist(methods=["POST"])
@asks(_may_connect, client_id=text, secret=secret)
def custom_connection(client_id: str, secret: str) -> str:
    """Authorise a custom connection by its own id and secret; returns the name of the authorisation."""
    return connecting.custom(client_id, secret)


@frappe.whitelist(methods=["POST"])
@asks(_may_register, secret=secret)
def keep_secret(secret: str) -> None:
    """Store the secret of the app registered at Xero, encrypted."""
    settings.keep_secret(secret)


@frappe.whitelist(methods=["POST"])
@asks(_may_register, secret=secret)
def keep_webhook_key(secret: str) -> None:
    """Store the key of the webhook of the app registered at Xero, encrypted."""
    settings.keep_webhook_key(secret)


@frappe.whitelist(methods=["POST"])
@asks(_may_use, authorisation=name)
def organisations(authorisation: str) -> list[dict[str, Any]]:
    """The organisations that this sign-in may connect."""
    return connecting.organisations(authorisation)


@frappe.whitelist(methods=["POST"])
@asks(_may_tie, authorisation=name, tenant_id=identifier, company=name)
def choose_organisation(authorisation: str, tenant_id: str, company: str) -> str:
    """Tie a company to an organisation; returns the Xero Connection."""
    return connecting.choose(authorisation, tenant_id, company)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def refresh(connection: str) -> dict[str, int]:
    """Read accounts, tax rates and tracking categories anew; returns how many of each. What waits for something in Xero is decided anew."""
    found = connecting.refresh(connection)
    return {name: len(found[name]) for name in ("accounts", "tax_rates", "tracking")}


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, connection=name)
def choices(connection: str) -> dict[str, Any]:
    """What may be chosen in the mapping forms: Xero's accounts, tax types and tracking options, and ERPNext's taxes."""
    return offers.choices(connection)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, connection=name)
def before_going_live(connection: str) -> list[dict[str, Any]]:
    """What has to be right before a company goes live: `key`, `step`, `state` ("green", "amber", "red"), `message`, `cure`, and how many documents of
    lately are `waiting` for it."""
    return checklist.shown(connection)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_change, connection=name, date=day)
def before_sending(connection: str, date: str) -> dict[str, Any]:
    """What sending from `date` on would mean: what has to be right first, which documents dated from then on go or not, and how many are dated before."""
    return going_live.consequences(connection, date)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, date=day)
def go_live(connection: str, date: str) -> None:
    """Start sending documents dated `date` or later."""
    going_live.go_live(connection, date)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_change, connection=name)
def before_watching(connection: str) -> dict[str, Any]:
    """What has to be right before the connection watches: `red`."""
    return watching.outlook(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, date=day)
def watch_only(connection: str, date: str) -> None:
    """Show what would become of documents dated `date` or later, and send nothing."""
    watching.start(connection, date)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def stop_watching(connection: str) -> None:
    """Watch no more, and go on with the set-up."""
    watching.stop(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_read_records, connection=name)
def unlinked_records(connection: str) -> list[dict[str, str]]:
    """The records in Xero that a restore or a copy of the site has left without a document here: what, number, document, total, date,
    status, what they bear."""
    return records.listed(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_change, connection=name)
def before_resuming(connection: str) -> dict[str, Any]:
    """What there is to ask before a paused connection goes on: `site` (is this the one that sends), `records` (found in Xero and linked to nothing here),
    `since` (from which day documents go to an organisation to which the company comes back)."""
    return asdict(resuming.doubt(connection))


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def resume(connection: str) -> None:
    """Let a paused connection send again from this site; records that were found in Xero then belong to its documents."""
    connecting.resume(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def pause(connection: str) -> None:
    """Stop sending until a person resumes; what is submitted meanwhile is kept and waits."""
    resuming.pause(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_reconnect, connection=name)
def more_permissions(connection: str) -> str:
    """The address at Xero where the admin allows what was switched on since, and nothing else; "" for a custom connection, which has it then."""
    return widening.more_permissions(frappe.session.user, connection)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_connect)
def checks_before_connecting() -> dict[str, Any]:
    """`checks` (`key`, `state`, `message`, `cure`): what Xero would refuse, and what of this site has to run; `steps`: the strip while no company
    is connected; `connections`: those that this user may see (`name`, `company`, `organisation`, `state`)."""
    return {"checks": before_connecting.shown(), "steps": setup_steps.before_any(), "connections": current.seen()}


@frappe.whitelist(methods=["POST"])
@asks(_may_connect)
def checks_with_xeros_clock() -> list[dict[str, Any]]:
    """The same checks, and this machine's clock compared with Xero's by one request."""
    return before_connecting.shown(ask_xero=True)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, connection=name)
def setup(connection: str) -> dict[str, Any]:
    """Organisation, state, last good call, the steps of the set-up and the one next step, as this user may do it."""
    return setup_steps.strip(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, step=text)
def step_opened(connection: str, step: str) -> None:
    """Note that this step of the set-up was opened: where it is only amber, the one after it is the next one then."""
    if step not in setup_steps.LABELS:
        frappe.throw(_("There is no such step of the set-up"))
    setup_steps.opened(connection, step)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_reconnect, connection=name)
def colleagues(connection: str) -> list[dict[str, str]]:
    """The Xero Admins who may see this company, to whom the set-up may be handed over."""
    return handing_over.colleagues(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_reconnect, connection=name, user=name)
def hand_over(connection: str, user: str) -> None:
    """Tell a Xero Admin that the set-up is theirs now."""
    handing_over.hand_over(connection, user)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def before_disconnecting(connection: str) -> dict[str, Any]:
    """What else uses the same sign-in at Xero, to be said before a person decides whether it is ended."""
    return leaving.consequences(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def disconnect(connection: str) -> None:
    """Remove the organisation from the app at Xero; nothing that links the books is lost. The sign-in is ended where nothing else uses it."""
    leaving.disconnect(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def disconnect_only(connection: str) -> None:
    """As `disconnect`, and the sign-in stays in any case."""
    leaving.disconnect(connection, leaving.KEEP)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name)
def disconnect_and_end_sign_in(connection: str) -> None:
    """As `disconnect`, and the sign-in is ended although Xero lists further organisations for it: on every site that uses this app."""
    leaving.disconnect(connection, leaving.END)
