"""Reading one organisation while a person waits at a screen: what is wrong ends as a sentence."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..engine import limits
from ..engine.screen_texts import html, in_words, shown
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import Request
from . import current, pauses, settings, tokens
from .current import RETIRED

AUTHORISATION, CONNECTION = "Xero Authorisation", "Xero Connection"
SAID_IN_WORDS = ("Name", "BaseCurrency", "OrganisationID")


def facts(authorisation: str, tenant_id: str) -> dict[str, Any]:
    """The organisation as Xero describes it: `Name`, `BaseCurrency`, `OrganisationID`, `ShortCode`, `CountryCode` are texts. Throws.
    Commits."""
    found = listed(authorisation, tenant_id, "Organisation", "Organisations")
    if _of_another(authorisation, tenant_id, found):
        # Perhaps the stored token is from before the custom connection was authorised anew.
        tokens.renew(authorisation)
        found = listed(authorisation, tenant_id, "Organisation", "Organisations")
    if other := _of_another(authorisation, tenant_id, found):
        connected = frappe.db.get_value(CONNECTION, {"tenant_id": tenant_id}, "organisation_name")
        frappe.throw(html(in_words(pauses.joined(pauses.another_organisation(shown(connected), other)))))
    if len(found) != 1 or not all(isinstance(found[0].get(name), str) for name in SAID_IN_WORDS):
        frappe.throw(_("Xero does not say which organisation this is; try again in a minute"))
    return {**found[0], **{name: str(found[0].get(name) or "") for name in ("ShortCode", "CountryCode")}}


def _of_another(authorisation: str, tenant_id: str, found: list[dict[str, Any]]) -> str:
    """The name of the organisation that a custom connection opens where it is not this one (`tenant_id`, its OrganisationID); else ""."""
    if not tenant_id or not is_custom(authorisation) or len(found) != 1:
        return ""
    said = found[0].get("OrganisationID")
    return str(found[0].get("Name") or said) if isinstance(said, str) and said.casefold() != tenant_id.casefold() else ""


def is_custom(authorisation: str) -> bool:
    """Whether a sign-in is a custom connection's: it opens one organisation, and a person ends it in Xero."""
    return bool(frappe.db.get_value(AUTHORISATION, authorisation, "grant_type") == "Custom Connection")


def listed(authorisation: str, tenant_id: str, path: str, listed_as: str = "") -> list[dict[str, Any]]:
    """The elements that a GET lists. Throws. Commits."""
    answer = _asked(authorisation, tenant_id, path)
    found = answer.data.get(listed_as or path) if answer.status == 200 and isinstance(answer.data, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        frappe.throw(_("Xero's answer cannot be read; try again in a minute"))
    return list(found or [])


def refuse_another(company: str, tenant_id: str, other: str) -> None:
    """Throws where documents of the company are linked to records in another organisation than this one (`other` is its name), unless that one
    was disconnected: then its connection may be retired. No link is ever taken over."""
    filters = {"company": company, "tenant_id": ("!=", tenant_id), "state": ("not in", (RETIRED, "Disconnected"))}
    former = frappe.db.get_value(CONNECTION, filters, ["name", "organisation_name"], as_dict=True)
    linked = frappe.db.count("Xero Link", {"connection": former["name"]}) if former else 0
    if linked:
        frappe.throw(
            _(
                "{0} is connected to {1}, where {2} of its records stand; they cannot be taken over to {3}. If you chose {3} by mistake, choose {1}. If {3} is to be used from now on, a Xero Admin presses Disconnect on the Xero Connection to {1} first, then connects again and chooses {3}: it starts anew, with its own mappings and go-live date, and what is in {1} stays as it is"
            ).format(html(company), html(shown(former["organisation_name"])), html(linked), html(other))
        )


def observed(authorisation: str, tenant_id: str, paths: list[str]) -> list[Answer]:
    """The answers to these GETs, whatever they say; none where there is no token. Commits."""
    where = addressed(authorisation, tenant_id, tokens.access_token(authorisation))
    frappe.db.commit()
    return client.send(where, [Request("GET", path) for path in paths])


def must_be_reached(authorisation: str, tenant_id: str) -> None:
    """Throws, with what to do, unless Xero lets this sign-in into the organisation now. Commits."""
    facts(authorisation, tenant_id)


def answered(authorisation: str, tenant_id: str, path: str, modified_since: str = "") -> Answer:
    """The answer to a GET, whatever it says, once more with a new token where Xero refuses the stored one. `modified_since`: "yyyy-mm-ddThh:mm:ss"
    (UTC). Raises tokens.Trouble where the sign-in gives no token that Xero takes. Commits."""
    token = tokens.access_token(authorisation)
    answer = _sent(authorisation, tenant_id, path, token, modified_since)
    if answers.judge(answer).kind == answers.EXPIRED:
        answer = _sent(authorisation, tenant_id, path, tokens.access_token(authorisation, refused=token), modified_since)
    if answers.judge(answer).kind == answers.EXPIRED:
        raise tokens.ReconnectNeeded(pauses.token_refused())
    return answer


def _asked(authorisation: str, tenant_id: str, path: str) -> Answer:
    """The answer to a GET. Throws where Xero refuses or says nothing."""
    answer = answered(authorisation, tenant_id, path)
    verdict = answers.judge(answer)
    if verdict.kind == answers.SHUT and verdict.problem:
        frappe.throw(html(in_words(pauses.joined(verdict.problem))))
    if answer.status != 200:
        frappe.throw(_("Xero did not answer ({0}); try again in a minute").format(html(answer.status or answer.text)))
    known = frappe.db.get_value(CONNECTION, {"authorisation": authorisation, "tenant_id": tenant_id}, "name") if tenant_id else None
    if known:
        limits.note(known, [answer])
    return answer


def _sent(authorisation: str, tenant_id: str, path: str, token: str, modified_since: str) -> Answer:
    # No transaction is open while Xero is asked.
    where = addressed(authorisation, tenant_id, token)
    frappe.db.commit()
    return client.send(where, [Request("GET", path, modified_since=modified_since)])[0]


def addressed(authorisation: str, tenant_id: str, token: str) -> client.Organisation:
    """The organisation with which to call Xero, for reading alone where its connection only watches now: a custom connection's token names it alone."""
    named = "" if is_custom(authorisation) else tenant_id
    return client.Organisation(settings.endpoints().api, named, token, current.organisation_is_watched(tenant_id))
