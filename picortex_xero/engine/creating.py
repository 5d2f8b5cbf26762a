"""Making an account or a tracking option in Xero because a person asks for it: never by itself, and only while the switch for it on the Xero
Connection is on. Tax rates, tracking categories and bank accounts are never made.

What is asked for is looked for in Xero first. Then the exact request is written down (Xero Creation: one row for each code or name, ever), committed,
and sent under its Idempotency-Key. Whoever asks again while its answer is out sends nothing, or, while Xero still knows the key, the same bytes under
the same key; after that Xero's list says whether it is there. So two workers, and a lost answer, make one account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import frappe
from frappe import _

from ..accounting.texts import Text
from ..compat import affected_rows
from ..connection import connecting, history, organisation, this_site, tokens
from ..connection.current import RETIRED
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import TOTAL_DEADLINE, Request
from ..xero.scopes import SETTINGS
from . import creating_texts, limits
from .attempts import ABSENCE_AFTER, REPLAY_WINDOW
from .clock import now, running
from .leases import SEND_MARGIN
from .screen_texts import html, in_words, stored
from .standard_columns import standard

DOCTYPE, CONNECTION = "Xero Creation", "Xero Connection"
ACCOUNT, OPTION = "Account", "Tracking Option"
# By what is made: the switch for it, and what it is called in a sentence.
SWITCHES = {ACCOUNT: "create_accounts", OPTION: "create_tracking"}
# The requests that this module sends, as xero/records has those of documents: (method, path); "{}" is the id of a tracking category.
REQUESTS = {ACCOUNT: ("PUT", "Accounts"), OPTION: ("PUT", "TrackingCategories/{}/Options")}
SENDING, UNKNOWN, CREATED, WAS_THERE, NOT_CREATED = "Sending", "Unknown", "Created", "Was There", "Not Created"
LONGEST_SAID = 1000
Element = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is to be made. `find` gives the element in Xero that it would be, from the organisation's list at `listed_at`, or None; it throws where
    another one stands in the way. `mine` is whether an element of an answer is it."""

    what: str
    title: str
    path: str
    body: Element
    listed_at: str
    answered_as: str
    id_field: str
    find: Callable[[list[Element]], Element | None]
    mine: Callable[[Element], bool]
    code: str = ""
    key: tuple[str, ...] = field(default=())

    @property
    def bytes(self) -> bytes:
        """The exact body."""
        return client.encode(self.body)


@dataclass(frozen=True)
class Made:
    """What is in Xero now, and whether it was there before."""

    element: Element
    xero_id: str
    was_there: bool


def switched_on(connection: str, what: str) -> bool:
    """Whether the switch for it is on."""
    return bool(frappe.db.get_value(CONNECTION, connection, SWITCHES[what]))


def create(connection: str, wanted: Wanted) -> Made:
    """Make it in Xero, once. Throws, with what to do, where it may not be made, something else is in the way, Xero refuses, or its answer is out.
    Commits."""
    doc = _may(connection, wanted.what)
    # Which organisation it is, before anything is written there.
    organisation.facts(doc["authorisation"], doc["tenant_id"])
    if found := _shown(doc, wanted):
        row = _row(connection, doc["company"], wanted)
        _settle(row, WAS_THERE if row["state"] not in (SENDING, UNKNOWN, CREATED) else CREATED, found, wanted)
        frappe.db.commit()
        return Made(found, str(found[wanted.id_field]), row["state"] != CREATED)
    row = _claimed(connection, doc["company"], wanted)
    answer = _sent(doc, row)
    limits.note(connection, [answer])
    return _recorded(connection, doc, row, wanted, answer)


def _may(connection: str, what: str) -> dict[str, Any]:
    this_site.must_be_free_to_write(connection)
    fields = ["name", "company", "state", "authorisation", "tenant_id", SWITCHES[what]]
    doc = dict(frappe.db.get_value(CONNECTION, connection, fields, as_dict=True))
    if not doc[SWITCHES[what]]:
        label = _("Create Accounts in Xero") if what == ACCOUNT else _("Create Tracking Options in Xero")
        frappe.throw(_("{0} is switched off on the Xero Connection: nothing is created there").format(html(label)))
    if doc["state"] in (RETIRED, "Disconnected") or not doc["authorisation"]:
        frappe.throw(_("Connect to Xero first"))
    if not allowed(doc["authorisation"]):
        frappe.throw(_("Press Give More Permissions on the Xero Connection: creating needs a permission that Xero has not given yet"))
    return doc


def allowed(authorisation: str) -> bool:
    """Whether the consent at Xero covers creating accounts and tracking options."""
    return SETTINGS in (frappe.db.get_value("Xero Authorisation", authorisation, "scopes") or "").split()


def _shown(doc: dict[str, Any], wanted: Wanted) -> Element | None:
    return wanted.find(organisation.listed(doc["authorisation"], doc["tenant_id"], wanted.listed_at))


def _row(connection: str, company: str, wanted: Wanted) -> dict[str, Any]:
    """The one row about this code or name, made where there is none."""
    key = hashlib.sha256("\x1f".join((connection, wanted.what, *wanted.key)).encode()).hexdigest()[:40]
    values = {
        "name": frappe.generate_hash(length=12),
        **standard(frappe.session.user),
        "connection": connection,
        "company": company,
        "what": wanted.what,
        "title": stored(wanted.title),
        "code": stored(wanted.code),
        "state": NOT_CREATED,
        "tries": 0,
        "creation_key": key,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    fields = ["name", "state", "tries", "sent_at", "body", "request_key", "path", "method"]
    return dict(frappe.db.get_value(DOCTYPE, {"creation_key": key}, fields, as_dict=True))


def _claimed(connection: str, company: str, wanted: Wanted) -> dict[str, Any]:
    """The row with the request that is to be sent now, which no other worker sends. Throws where one is on its way. Commits."""
    row, at = _row(connection, company, wanted), now()
    ago = at - row["sent_at"] if row["sent_at"] and row["sent_at"] <= at else timedelta.max
    key, body = secrets.token_hex(16), wanted.bytes.decode()
    if row["state"] in (SENDING, UNKNOWN) and ago < SEND_MARGIN + ABSENCE_AFTER:
        known = ago < REPLAY_WINDOW - SEND_MARGIN and row["body"] == body and row["path"] == wanted.path
        if (row["state"] == SENDING and ago < SEND_MARGIN) or not known:
            frappe.db.rollback()
            frappe.throw(
                _(
                    "{0} was sent to Xero, and its answer is not here yet: look in Xero, or try again in ten minutes, then it is looked for first"
                ).format(html(wanted.title))
            )
        # Xero answers the same key with what it did then.
        key = row["request_key"]
    fields = {
        "state": SENDING,
        "sent_at": row["sent_at"] if key == row["request_key"] else at,
        "asked_at": at,
        "asked_by": frappe.session.user,
        "tries": int(row["tries"] or 0) + 1,
        "method": REQUESTS[wanted.what][0],
        "path": wanted.path,
        "body": body,
        "request_key": key,
        "said": "",
        "http_status": 0,
        "title": stored(wanted.title),
    }
    assignments = ", ".join(f"`{name}`=%({name})s" for name in fields)
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(_name)s AND `state`=%(_seen)s AND COALESCE(`tries`, 0)=%(_tries)s",
        {**fields, "_name": row["name"], "_seen": row["state"], "_tries": int(row["tries"] or 0)},
    )
    if affected_rows() != 1:
        frappe.db.rollback()
        frappe.throw(_("Somebody else is creating {0} in Xero at this moment").format(html(wanted.title)))
    frappe.db.commit()
    return {**row, **fields}


def _sent(doc: dict[str, Any], row: dict[str, Any]) -> Answer:
    """The answer to the request of a row, sent once more with a new token where Xero refuses the stored one: then nothing was written."""
    token = tokens.access_token(doc["authorisation"])
    answer = _once(doc, row, token)
    if answers.judge(answer).kind == answers.EXPIRED:
        answer = _once(doc, row, tokens.access_token(doc["authorisation"], refused=token))
    return answer


def _once(doc: dict[str, Any], row: dict[str, Any], token: str) -> Answer:
    where = organisation.addressed(doc["authorisation"], doc["tenant_id"], token)
    fence = (running(), now() + timedelta(seconds=TOTAL_DEADLINE))
    # No transaction is open while Xero is asked.
    frappe.db.commit()
    return client.send(where, [Request(row["method"], row["path"], row["body"].encode(), row["request_key"], fence=fence)])[0]


def _recorded(connection: str, doc: dict[str, Any], row: dict[str, Any], wanted: Wanted, answer: Answer) -> Made:
    verdict = answers.judge(answer)
    if verdict.kind in (answers.REPLAY, answers.PROBE) or (verdict.kind == answers.ELEMENTS and answer.status != 400):
        return _made(connection, doc, row, wanted, answer)
    said: Text
    if verdict.kind == answers.ELEMENTS:
        elements = [each for each in answer.data.get("Elements") or [] if isinstance(each, dict)]
        said = answers.refusal([words for each in elements for words in answers.element_errors(each)]).problem.message
    elif verdict.kind == answers.PARK:
        limits.rest(connection, verdict.wait, creating_texts.limit(verdict.limit))
        said = creating_texts.LATER
    else:
        said = verdict.problem.message if verdict.problem else creating_texts.NO_ANSWER
    _set(row, state=NOT_CREATED, said=stored(said)[:LONGEST_SAID], http_status=answer.status)
    frappe.db.commit()
    frappe.throw(_("{0} was not created in Xero: {1}").format(html(wanted.title), html(in_words(said))))
    raise AssertionError


def _made(connection: str, doc: dict[str, Any], row: dict[str, Any], wanted: Wanted, answer: Answer) -> Made:
    """What the answer shows, or, where it does not, Xero's list."""
    listed = answer.data.get(wanted.answered_as) if isinstance(answer.data, dict) else None
    shown = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    found = next((each for each in shown if wanted.mine(each) and isinstance(each.get(wanted.id_field), str)), None)
    if found is None:
        _set(row, state=UNKNOWN, http_status=answer.status)
        frappe.db.commit()
        found = _shown(doc, wanted)
    if found is None:
        frappe.throw(
            _(
                "{0} was sent to Xero, and its answer is not here yet: look in Xero, or try again in ten minutes, then it is looked for first"
            ).format(html(wanted.title))
        )
        raise AssertionError
    _settle(row, CREATED, found, wanted)
    history.created(connection, wanted.what == ACCOUNT, wanted.title)
    frappe.db.commit()
    return Made(found, str(found[wanted.id_field]), False)


def _settle(row: dict[str, Any], state: str, element: Element, wanted: Wanted) -> None:
    _set(row, state=state, xero_id=str(element[wanted.id_field]), said="")


def _set(row: dict[str, Any], **fields: Any) -> None:
    row.update(fields)
    frappe.db.set_value(DOCTYPE, row["name"], fields, update_modified=False)


def account(code: str, name: str, kind: str, tax_type: str) -> Wanted:
    """An account of Xero's chart. `kind` is one of Xero's types of accounts."""
    body = {"Code": code, "Name": name, "Type": kind, "TaxType": tax_type}

    def find(listed: list[Element]) -> Element | None:
        same_code = next((each for each in listed if str(each.get("Code") or "").casefold() == code.casefold()), None)
        same_name = next((each for each in listed if str(each.get("Name") or "").casefold() == name.casefold()), None)
        there = same_code or same_name
        if there is None:
            return None
        if there is same_name and there is same_code and there.get("Type") == kind and there.get("Status") == "ACTIVE":
            return there
        frappe.throw(
            _("Xero has the account {0} {1} already ({2}): choose it, or give this one another code and name").format(
                html(there.get("Code") or ""), html(there.get("Name") or ""), html(str(there.get("Status") or "").casefold())
            )
        )
        raise AssertionError

    def mine(element: Element) -> bool:
        return str(element.get("Code") or "").casefold() == code.casefold()

    method_path = REQUESTS[ACCOUNT][1]
    return Wanted(ACCOUNT, name, method_path, body, "Accounts", "Accounts", "AccountID", find, mine, code, (code.casefold(),))


def option(category_id: str, category: str, name: str, most: int) -> Wanted:
    """An option of a tracking category, which may have `most` active ones."""

    def find(listed: list[Element]) -> Element | None:
        own = next((each for each in listed if each.get("TrackingCategoryID") == category_id and each.get("Status") == "ACTIVE"), None)
        if own is None:
            frappe.throw(_("Xero has no active tracking category {0} any more: press Refresh From Xero").format(html(category)))
            raise AssertionError
        options = [each for each in own.get("Options") or [] if isinstance(each, dict) and each.get("Status") == "ACTIVE"]
        there = next((each for each in options if str(each.get("Name") or "").casefold() == name.casefold()), None)
        if there is None and len(options) >= most:
            frappe.throw(
                _(
                    "The tracking category {0} is full: it has {1} active options, and Xero takes no more. Archive some in Xero first"
                ).format(html(category), html(len(options)))
            )
        return there

    def mine(element: Element) -> bool:
        return str(element.get("Name") or "").casefold() == name.casefold()

    path = REQUESTS[OPTION][1].format(category_id)
    key = (category_id, name.casefold())
    return Wanted(OPTION, name, path, {"Name": name}, "TrackingCategories", "Options", "TrackingOptionID", find, mine, "", key)


def refresh_lists(connection: str) -> str:
    """Take what was made into the lists from which mappings choose; "" or why that has to be done once more by hand. Commits."""
    try:
        connecting.refresh(connection, by_hand=False)
    except (tokens.Trouble, frappe.ValidationError) as trouble:
        frappe.db.rollback()
        return str(trouble)
    return ""
