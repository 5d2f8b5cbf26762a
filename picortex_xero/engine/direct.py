"""Calls to an organisation outside a run: reads for a preview, questions, test transactions. The token is renewed, the calls left are noted, and
no transaction is open while Xero is asked. Documents go by engine/send alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..connection import organisation, tokens
from ..xero import answers, client
from ..xero.answers import Answer
from ..xero.client import Request
from . import limits


def calls(connection: Any) -> Callable[[Request], Answer]:
    """A function that makes one call for a Xero Connection (a document). It raises tokens.Trouble, and commits."""

    def once(request: Request, refused: str = "") -> tuple[Answer, str]:
        frappe.db.commit()
        token = tokens.access_token(connection.authorisation, refused=refused)
        where = organisation.addressed(connection.authorisation, connection.tenant_id, token)
        frappe.db.commit()
        return client.send(where, [request])[0], token

    def send(request: Request) -> Answer:
        answer, token = once(request)
        if answers.judge(answer).kind == answers.EXPIRED:
            answer, _token = once(request, refused=token)
        limits.note(connection.name, [answer])
        return answer

    return send
