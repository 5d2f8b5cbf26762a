"""Checks before a person connects: what Xero would refuse, and what of this site has to run. Red refuses Connect; amber means that connecting
works, and something else does not yet.

Nothing is asked of Xero here but the time, and that only where a person asks for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from ..compat import let_pass, queues_served, scheduler_stands
from ..engine import clock, sign_of_life
from ..engine.screen_texts import html
from ..xero import client
from . import encryption, settings

GREEN, AMBER, RED = "green", "amber", "red"
AUTHORISATION = "Xero Authorisation"
# The queues that jobs of the app go to (hooks.py, engine/wake.py).
QUEUES = ("default", "short", "long")
# The sweep comes every minute; a busy site may be late.
SWEPT = timedelta(minutes=5)
CLOCKS, QUARTER = timedelta(minutes=1), timedelta(minutes=15)


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it stands, the sentence and what to do, both in the reader's language."""

    key: str
    state: str
    message: str
    cure: str = ""


def checks(ask_xero: bool = False) -> list[Check]:
    """All of them. `ask_xero`: compare this machine's clock with Xero's, too, by one request without a body."""
    return [*_app(), *_address(), *_key(), *_scheduler(), *_workers(), *_clock(ask_xero)]


def shown(ask_xero: bool = False) -> list[dict[str, Any]]:
    """The same for a screen: `key`, `state`, `message`, `cure`."""
    return [vars(each) for each in checks(ask_xero)]


def refuse_red() -> None:
    """Throws, with what to do, where Xero would not let anybody in, or what it gives could not be kept."""
    for each in (*_app(), *_address(), *_key()):
        if each.state == RED:
            frappe.throw(_("{0}. {1}").format(html(each.message), html(each.cure)) if each.cure else html(each.message))


def _app() -> Iterator[Check]:
    if not frappe.db.get_single_value(settings.DOCTYPE, "client_id") or not frappe.db.get_single_value(
        settings.DOCTYPE, "client_secret_encrypted"
    ):
        yield Check("app", RED, _("Enter the client ID and secret of your app at Xero in Xero Settings first"))
        return
    yield Check("app", GREEN, _("The client ID and a secret of your app at Xero are stored"))


def _address() -> Iterator[Check]:
    if refused := settings.refused_address():
        yield Check("address", RED, refused)
        return
    yield Check(
        "address",
        GREEN,
        _("Xero will send the browser back to {0}").format(settings.redirect_uri()),
        _("It must be in the app at Xero letter for letter"),
    )


def _key() -> Iterator[Check]:
    probe = {"probe": secrets.token_hex(8)}
    try:
        works = encryption.decrypted(encryption.encrypted(probe)) == probe
    except encryption.Unreadable:
        works = False
    if not works:
        yield Check(
            "key",
            RED,
            _("This site's encryption key does not work, so that no sign-in could be kept"),
            _("Ask whoever runs the site to put back encryption_key in site_config.json"),
        )
        return
    try:
        encryption.decrypted(frappe.db.get_single_value(settings.DOCTYPE, "client_secret_encrypted"))
    except encryption.Unreadable:
        yield Check(
            "key",
            RED,
            _("The stored client secret cannot be read with this site's encryption key, which has changed"),
            _("Enter the client secret again, as New Client Secret"),
        )
        return
    if unreadable := _unreadable_sign_ins():
        yield Check(
            "key",
            AMBER,
            _("{0} sign-ins at Xero cannot be read with this site's encryption key, which has changed").format(unreadable),
            _("Sign in at Xero again for each of them: press Reconnect on the Xero Connection"),
        )
        return
    yield Check("key", GREEN, _("What is stored of sign-ins can be read with this site's encryption key"))


def _unreadable_sign_ins() -> int:
    """Of sign-ins that somebody could still use."""
    count = 0
    for row in frappe.get_all(AUTHORISATION, filters={"state": "Active"}, fields=["tokens_encrypted", "client_encrypted"]):
        try:
            encryption.decrypted(row["tokens_encrypted"])
            encryption.decrypted(row["client_encrypted"])
        except encryption.Unreadable:
            count += 1
    return count


def _scheduler() -> Iterator[Check]:
    if not scheduler_stands():
        yield Check(
            "scheduler",
            AMBER,
            _("The scheduler of this site is switched off: connecting works, and nothing is sent by itself"),
            _("Ask whoever runs the site to enable it: bench --site {0} enable-scheduler").format(frappe.local.site),
        )
        return
    last = sign_of_life.last()
    if last is None or clock.now() - last > SWEPT:
        yield Check(
            "scheduler",
            AMBER,
            _("The scheduler is switched on, and its job of every minute was not seen in the last five"),
            _(
                "Wait a minute after an installation or a restart and check again; if it stays so, ask whoever runs the site whether bench schedule and the workers run"
            ),
        )
        return
    yield Check("scheduler", GREEN, _("The scheduler runs its job of every minute"))


def _workers() -> Iterator[Check]:
    try:
        served = queues_served()
    except Exception as error:
        let_pass(error)
        yield Check(
            "workers",
            AMBER,
            _("The queue of background jobs does not answer: connecting works, and nothing is sent"),
            _("Ask whoever runs the site whether its Redis runs"),
        )
        return
    missing = [each for each in QUEUES if each not in served]
    if missing:
        yield Check(
            "workers",
            AMBER,
            _("No background worker serves the queue {0}: connecting works, and what needs it waits").format(", ".join(missing)),
            _("Ask whoever runs the site to start a worker for it: bench worker --queue {0}").format(",".join(missing)),
        )
        return
    yield Check("workers", GREEN, _("Background workers serve the queues {0}").format(", ".join(QUEUES)))


def _clock(ask_xero: bool) -> Iterator[Check]:
    clock.synchronise()
    database = clock.now()
    # A machine's clock shows the site's zone, and every zone is some quarters of an hour away.
    beside = (now_datetime() - database + QUARTER / 2) % QUARTER - QUARTER / 2
    if abs(beside) > CLOCKS:
        yield Check(
            "clock",
            AMBER,
            _("The clocks of this machine and of its database differ by {0} seconds").format(int(abs(beside.total_seconds()))),
            _("Ask whoever runs the site to set both by the network (NTP)"),
        )
        return
    if not ask_xero:
        yield Check("clock", GREEN, _("This machine and its database have the same time"))
        return
    there = client.time_at(settings.endpoints().token)
    if there is None:
        yield Check(
            "clock",
            AMBER,
            _("Xero could not be reached to compare clocks"),
            _("Ask whoever runs the site whether it may open https connections to identity.xero.com and api.xero.com"),
        )
        return
    apart = abs(database - there)
    if apart > CLOCKS:
        yield Check(
            "clock",
            AMBER,
            _("The clock of this site's database and Xero's differ by {0} seconds").format(int(apart.total_seconds())),
            _("Ask whoever runs the site to set it by the network (NTP)"),
        )
        return
    yield Check("clock", GREEN, _("This machine, its database and Xero have the same time"))
