"""The organisation that the questions (picortex_xero/questions) are asked: a Xero Demo Company that the environment names, or the simulator's."""

from __future__ import annotations

import os
import time
from datetime import datetime, timezone

import httpx

from picortex_xero.questions.experiments import Result, ask
from picortex_xero.questions.organisation import NotADemoCompany, Organisation, Wait
from picortex_xero.xero import client
from picortex_xero.xero.answers import Answer
from picortex_xero.xero.client import Request

API = "https://api.xero.com/api.xro/2.0/"
TOKEN = "https://identity.xero.com/connect/token"
# Connections made since 29 April 2026 know granular scopes only (developer.xero.com/faq/granular-scopes, A).
SCOPES = (
    "accounting.invoices accounting.payments accounting.banktransactions accounting.manualjournals "
    "accounting.contacts accounting.settings accounting.attachments"
)


class Unavailable(Exception):
    """No organisation to experiment on; the message says what to set."""


def organisation(api: str, tenant: str, token: str) -> Organisation:
    """An organisation that is called by the app's own client."""
    where = client.Organisation(api, tenant, token)

    def send(request: Request) -> Answer:
        return client.send(where, [request])[0]

    return Organisation(send, lambda: datetime.now(timezone.utc).replace(tzinfo=None))


def demo_company() -> Organisation:
    """The Demo Company that the environment names. Raises Unavailable."""
    token, tenant = os.environ.get("XERO_ACCESS_TOKEN", ""), os.environ.get("XERO_TENANT_ID", "")
    if not token and os.environ.get("XERO_CLIENT_ID"):
        fields = {"grant_type": "client_credentials", "scope": SCOPES}
        answer = httpx.post(TOKEN, data=fields, auth=(os.environ["XERO_CLIENT_ID"], os.environ["XERO_CLIENT_SECRET"]), timeout=30)
        answer.raise_for_status()
        token = answer.json()["access_token"]
    if not token:
        raise Unavailable(
            "set XERO_CLIENT_ID and XERO_CLIENT_SECRET of a custom connection to a Demo Company, or XERO_ACCESS_TOKEN and XERO_TENANT_ID"
        )
    found = organisation(API, tenant, token)
    try:
        found.must_be_a_demo_company()
    except NotADemoCompany as other:
        raise Unavailable(f"{other} is not a Demo Company, and nothing else is ever written to") from other
    return found


def asked(name: str, org: Organisation) -> Result:
    """The result of one question; waits out Xero's minute limit."""
    while True:
        try:
            return ask(name, org)
        except Wait as limit:
            if "day" in limit.limit.lower():
                raise
            time.sleep(limit.seconds)
