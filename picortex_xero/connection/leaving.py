"""Leaving an organisation: disconnecting it, or retiring its connection for another organisation of the same company.

Either way links, attempts and the history stay: they say what is in that organisation. Captured documents of a disconnected company wait until
it reconnects; a retired connection captures nothing, and the company is free for another one.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..engine.limits import paused_because
from ..engine.screen_texts import html, shown
from ..xero import oauth
from . import encryption, history, organisation, pauses, resuming, settings, tokens
from .current import RETIRED

AUTHORISATION = "Xero Authorisation"
CONNECTION = "Xero Connection"
# What becomes of the sign-in: "" ends it where nothing else uses it, "keep" never, "end" in any case.
KEEP, END = "keep", "end"
FAILURES = (oauth.Denied, oauth.Unreachable, tokens.ReconnectNeeded, tokens.NotNow, encryption.Unreadable)


def consequences(connection: str) -> dict[str, Any]:
    """What disconnecting this connection touches, to be said before: `here` (companies on this site whose connections use the same sign-in),
    `elsewhere` (other organisations that Xero lists for this sign-in; None where Xero does not say), `custom` (a custom connection, which is
    ended in Xero itself), `may_end` (whether this user may end the sign-in in any case); `only_here` where Xero is told nothing, since another
    site sends. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    if not doc.authorisation:
        return {"here": [], "elsewhere": [], "custom": False, "may_end": False}
    if _is_elsewhere(doc):
        return {"here": [], "elsewhere": [], "custom": False, "may_end": False, "only_here": True}
    others = frappe.get_all(CONNECTION, filters=_others(doc), fields=["name", "company", "tenant_id"])
    seen = [row["company"] if frappe.has_permission(CONNECTION, "read", doc=row["name"]) else _("another company") for row in others]
    custom, may_end = organisation.is_custom(doc.authorisation), _gave_it(doc.authorisation) and not others
    elsewhere: list[str] | None = []
    if not custom:
        try:
            found = oauth.connections(settings.endpoints(), tokens.access_token(doc.authorisation))
            here = {doc.tenant_id, *(row["tenant_id"] for row in others)}
            elsewhere = _named(doc.authorisation, [each["tenantName"] for each in found if each["tenantId"] not in here])
        except FAILURES:
            elsewhere = None
    return {"here": sorted(seen), "elsewhere": elsewhere, "custom": custom, "may_end": may_end}


def _gave_it(authorisation: str) -> bool:
    """Whether this user signed in at Xero there: what else the sign-in opens is that person's."""
    return frappe.session.user in ("Administrator", frappe.db.get_value(AUTHORISATION, authorisation, "user"))


def _named(authorisation: str, organisations: list[str]) -> list[str]:
    """These organisations as this user may know them: by name for whoever signed in, else only how many."""
    if not organisations or _gave_it(authorisation):
        return organisations
    return [_("further organisations ({0})").format(len(organisations))]


def disconnect(connection: str, sign_in: str = "") -> None:
    """Remove the organisation from the app at Xero and stop. Links, mappings and the outbox stay; reconnecting goes on from there. Whatever
    fails at Xero ends in a sentence, and the connection is disconnected here all the same. Commits.

    `sign_in`: revoking it takes away every organisation that this Xero user connected with this app, on other sites too.
    """
    doc = frappe.get_doc(CONNECTION, connection)
    shared = bool(doc.authorisation) and bool(frappe.db.exists(CONNECTION, _others(doc)))
    if shared and sign_in == END:
        frappe.throw(
            _("Other connections of this site use the same sign-in at Xero: disconnect those first, or leave the sign-in as it is")
        )
    if doc.authorisation and sign_in == END and not _gave_it(doc.authorisation):
        frappe.throw(
            _("Only whoever signed in at Xero may end that sign-in: it opens that person's organisations"), exc=frappe.PermissionError
        )
    if doc.authorisation and doc.state != RETIRED:
        _tell_xero(doc, revoke=not shared and sign_in != KEEP, in_any_case=sign_in == END)
    if doc.state != RETIRED:
        frappe.db.set_value(CONNECTION, connection, {"state": "Disconnected", "authorisation": None, "xero_connection_id": ""})
        history.disconnected(connection)
    drop_unused(doc.authorisation)
    frappe.db.commit()


def _tell_xero(doc: Any, revoke: bool, in_any_case: bool) -> None:
    """Delete the connection at Xero, and revoke the sign-in where it is of no more use. A person is told what did not work."""
    if _is_elsewhere(doc):
        frappe.msgprint(
            _("Xero was told nothing: this site is not the one that went live, and the site that sends to Xero keeps its connection")
        )
        return
    if organisation.is_custom(doc.authorisation):
        frappe.msgprint(_("A custom connection is ended in Xero: remove it under Connected Apps there, too"))
        return
    try:
        token = tokens.access_token(doc.authorisation)
        connection_id = doc.xero_connection_id or _id_at_xero(token, doc.tenant_id)
        if connection_id:
            oauth.disconnect(settings.endpoints(), token, connection_id)
    except FAILURES as error:
        frappe.msgprint(_("Xero could not be told ({0}): remove the app under Connected Apps in Xero, too").format(html(error)))
        if not in_any_case:
            return
    if revoke:
        _revoke(doc.authorisation, in_any_case)


def _revoke(authorisation: str, in_any_case: bool) -> None:
    """End the sign-in at Xero, unless Xero lists further organisations for it."""
    try:
        if not in_any_case:
            left = oauth.connections(settings.endpoints(), tokens.access_token(authorisation))
            if left:
                said = _(
                    "The sign-in at Xero was not ended, since it also gives access to {0}; you can remove it under Connected Apps in Xero"
                )
                frappe.msgprint(said.format(html(", ".join(_named(authorisation, [each["tenantName"] for each in left])))))
                return
        found = tokens.revocable(authorisation)
        if found:
            oauth.revoke(settings.endpoints(), *found)
    except FAILURES as error:
        frappe.msgprint(_("The sign-in could not be ended at Xero ({0}): remove the app under Connected Apps in Xero").format(html(error)))


def _id_at_xero(token: str, tenant_id: str) -> str:
    listed = oauth.connections(settings.endpoints(), token)
    return next((str(each["id"]) for each in listed if each["tenantId"] == tenant_id), "")


def retire(connection: str) -> None:
    """Another organisation takes this one's place for the company. Nothing is sent to it or captured for it any more; all that is known of it
    stays. Its state is kept in what it says when it comes back (`after_retirement`). Part of the caller's transaction."""
    history.retired(connection)
    frappe.db.set_value(CONNECTION, connection, {"state": RETIRED, "active_company": None, "active_tenant": None, "authorisation": None})
    resuming.nothing_is_told(connection)


def after_retirement(connection: str) -> dict[str, Any]:
    """The columns with which a retired connection goes on: as after a sign-in; but where the company has gone live with another
    organisation, a person first says from when on this one gets documents again."""
    values = resuming.after_signing_in(connection)
    company = frappe.db.get_value(CONNECTION, connection, "company")
    others = {"company": company, "name": ("!=", connection), "go_live_date": ("is", "set")}
    meanwhile = frappe.get_all(CONNECTION, filters=others, fields=["organisation_name"], order_by="modified desc", limit=1)
    if values["state"] == "Live" and meanwhile:
        problem = pauses.other_organisation_meanwhile(shown(meanwhile[0]["organisation_name"]))
        return {"state": "Paused", **paused_because(problem.message, problem.resolution, problem.code)}
    return values


def drop_unused(authorisation: str | None) -> None:
    """Forget a sign-in that no connection uses any more. Part of the caller's transaction."""
    if authorisation and not frappe.db.exists(CONNECTION, {"authorisation": authorisation}):
        frappe.db.delete(AUTHORISATION, {"name": authorisation})


def _others(doc: Any) -> dict[str, Any]:
    return {"authorisation": doc.authorisation, "name": ("!=", doc.name)}


def _is_elsewhere(doc: Any) -> bool:
    """Whether another site sends through this connection, or uses its sign-in: this one is a copy."""
    return settings.is_another_site(doc.name) or settings.sign_in_is_elsewhere(doc.authorisation)
