"""The answer to what Xero posts to the webhook. Nothing but one row for each event is written here; what it means is found out by the next run."""

from __future__ import annotations

import frappe
from werkzeug.wrappers import Response

from .. import compat
from ..connection import settings
from ..connection.encryption import Unreadable
from ..xero import webhooks
from . import received

# A body of a few hundred events has some 100 kB.
MOST_BYTES = 4_000_000


def answer() -> Response:
    """Without body and cookies, as Xero demands: 200 where the signature is right (Xero tests the address with right and wrong ones, "intent to receive"), else
    401. What fails otherwise is answered with 500 and nothing of it is written: Xero sends it again for a day."""
    compat.answer_without_cookies()
    try:
        key = settings.webhook_key()
    except Unreadable:
        # Xero Settings says so; until the key is entered again nothing can be checked.
        return Response(status=503)
    if compat.announced_bytes() > MOST_BYTES:
        return Response(status=413)
    body = compat.raw_body()
    if not webhooks.is_signed(body, key, compat.header(webhooks.SIGNATURE)):
        return Response(status=401)
    try:
        events = webhooks.events(body)
    except ValueError as error:
        # Signed by Xero and no list of events: to send it again would help nobody.
        frappe.logger("picortex_xero").warning(f"Xero's webhook sent what is no list of events: {error}")
        return Response(status=200)
    received.keep(events)
    return Response(status=200)
