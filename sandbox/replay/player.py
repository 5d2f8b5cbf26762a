"""Plays a recording event by event and lets the app send: after every event of a case, after every few of the corpus.

Everything runs in this process: no worker, no scheduler, no limits. The clock of app and simulator starts when the recording was made
and is put forward to when the next step is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.host import books
from sandbox.replay.host_side import SENT
from sandbox.replay.timeline import Timeline, seconds_from
from sandbox.rig import Rig, standing

ON_THE_WAY = ("Pending", "Sending", "Unknown")
WITH_A_PERSON = ("Held", "Needs Attention")
ROUNDS = 40
# What the admin decides where the app would else ask: everything that can go to Xero goes.
CHOICES = {
    "target_status": "AUTHORISED",
    "opening_documents": "Create",
    "depreciation": "Sent from here",
    "changed_documents": "Update in Xero",
}
Step = dict[str, Any]


class Stuck(Exception):
    """Something is on its way for ever: the message names it."""


class Player:
    """One site and organisation with everything of a recording behind it. Connected as long as `playing` lasts."""

    def __init__(self, rig: Rig, frappe: Any, timeline: Timeline | None = None) -> None:
        self.rig = rig
        self.frappe = frappe
        self._timeline = timeline or Timeline()

    def play(self, record: dict[str, Any]) -> None:
        """One event as if it happened now."""
        books.play(self._timeline.at(record, self.frappe.utils.now_datetime()))

    def drain(self) -> None:
        """Let the app send until nothing is on its way. Raises Stuck."""
        from picortex_xero.sync import jobs

        for _ in range(ROUNDS):
            jobs.dispatch(self.rig.connection)
            moving = self.moving()
            if not moving:
                return
            self.wait_for(moving)
        raise Stuck("; ".join(f"{step['reference_name']} {step['role']} is {step['state']}: {step['reason']}" for step in self.moving()))

    def search(self) -> None:
        """Everything that the scheduler runs hourly or less often, then what that found."""
        for frequency, jobs in (self.frappe.get_hooks("scheduler_events") or {}).items():
            for job in jobs if frequency != "cron" else ():
                self.frappe.get_attr(job)()
        self.drain()

    def age(self) -> None:
        """Let a day pass over everything there is: the searches look at what changed since the last one, give or take two hours, and
        would look at the documents of every former case again. Dates and the clock stay, for what is sent may depend on them."""
        before = (self.frappe.utils.now_datetime() - timedelta(days=1)).isoformat(sep=" ", timespec="microseconds")
        for doctype in (*SENT, "GL Entry"):
            self.frappe.db.sql(f"update `tab{doctype}` set `modified` = %s where `modified` > %s", (before, before))
        self.frappe.db.sql("update `tabGL Entry` set `creation` = %s where `creation` > %s", (before, before))
        self.frappe.db.commit()

    def steps(self, **filters: Any) -> list[Step]:
        """Outbox rows, oldest first."""
        filters = {"connection": self.rig.connection, **filters}
        return self.frappe.get_all("Xero Outbox Entry", filters=filters, fields=["*"], order_by="creation asc")

    def moving(self) -> list[Step]:
        """Steps on their way, without those that wait for one that waits for a person."""
        rows = {step["name"]: step for step in self.steps(state=("in", (*ON_THE_WAY, *WITH_A_PERSON)))}

        def stuck(step: Step) -> bool:
            blocker = rows.get(step["blocked_on"] or "")
            return bool(blocker) and (blocker["state"] in WITH_A_PERSON or stuck(blocker))

        return [step for step in rows.values() if step["state"] in ON_THE_WAY and not stuck(step)]

    def wait_for(self, moving: list[Step]) -> None:
        """Put the clock to when the first of them is due, and past any rest of the organisation."""
        from picortex_xero.engine.clock import now

        rest = self.frappe.db.get_value("Xero Connection State", self.rig.connection, "paused_until")
        if self.frappe.db.get_value("Xero Connection", self.rig.connection, "state") != "Live":
            reason = self.frappe.db.get_value("Xero Connection", self.rig.connection, "reason")
            raise Stuck(f"the connection is paused: {reason}")
        # What was sent without an answer is looked for after a while; it carries no time of its own.
        due = [step["due_at"] if step["state"] == "Pending" else now() + timedelta(minutes=2) for step in moving]
        wanted = max([min(due), *([rest] if rest else [])])
        if wanted > now():
            self.rig.advance((wanted - now()) / timedelta(seconds=1) + 1)


@contextmanager
def playing(country: str, recording: dict[str, Any]) -> Iterator[Player]:
    """A site with the recording's masters, connected, mapped and live, at the time of the recording."""
    clock = seconds_from(recording["recorded_at"], datetime.now(timezone.utc))
    with standing(country, recording=recording, limits=False, clock=clock, **CHOICES) as rig, rig.frappe() as frappe:
        yield Player(rig, frappe)
