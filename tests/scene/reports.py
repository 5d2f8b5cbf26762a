"""Reports of Xero's that are read: switched on by a person, read by the job of every minute, and what the page shows."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from picortex_xero.reports import months
from sandbox.host.site import open_site
from sandbox.rig import Rig
from tests.scene import rig as scene

CONNECTION, SNAPSHOT = "Xero Connection", "Xero Report Snapshot"


def choose(rig: Rig, **chosen: Any) -> None:
    """What an admin saves on the connection."""
    scene.with_site(rig, lambda frappe: frappe.db.set_value(CONNECTION, rig.connection, chosen or {"read_reports": 1}))


def allow(rig: Rig) -> None:
    """Somebody allows at Xero what is switched on and not allowed yet."""

    def work(_frappe: Any) -> None:
        from picortex_xero.connection import connecting as consents
        from picortex_xero.connection import widening
        from tests.scene import connecting

        given = connecting.consent(widening.more_permissions("Administrator", rig.connection))
        consents.finish("Administrator", given["state"], given["code"])

    scene.with_site(rig, work)


def switch_on(rig: Rig) -> None:
    """Reports are read from now on, and Xero allows it."""
    choose(rig)
    allow(rig)


def due(rig: Rig) -> list[str]:
    """The reports whose turn it is."""

    def work(_frappe: Any) -> list[str]:
        from picortex_xero.reporting import standing

        return [each.name for each in standing.due(rig.connection)]

    return list(scene.with_site(rig, work))


def take_turns(rig: Rig) -> int:
    """The job that reads what is due, as a worker runs it; how many requests it made."""
    before = rig.xero.call_count()

    def work(_frappe: Any) -> None:
        from picortex_xero.engine import jobs

        jobs.read_reports(rig.connection)

    scene.with_site(rig, work)
    return rig.xero.call_count() - before


def tiles(rig: Rig, user: str = "Administrator") -> dict[str, dict[str, Any]]:
    """What the page shows, by report."""
    with open_site(rig.site, user):
        from picortex_xero.api import reports

        return {each["report"]: each for each in reports.tiles(rig.company["name"])}


def refresh(rig: Rig, report: str, user: str = "Administrator") -> dict[str, str]:
    """A person presses Refresh."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import reports

        said = reports.refresh(rig.company["name"], report)
        frappe.db.commit()
        return dict(said)


def read_days(rig: Rig, report: str, filters: dict[str, Any]) -> dict[str, str]:
    """A person presses Refresh From Xero in a report."""
    with open_site(rig.site, "Administrator") as frappe:
        from picortex_xero.api import reports

        said = reports.read_days(rig.company["name"], report, json.dumps(filters))
        frappe.db.commit()
        return dict(said)


def today(rig: Rig) -> str:
    """The site's day."""

    def work(_frappe: Any) -> str:
        from frappe.utils import nowdate

        return str(nowdate())

    return str(scene.with_site(rig, work))


def month_end(day: str) -> str:
    """The last day of its month."""
    return str(months.end(date.fromisoformat(day)))


def asked(rig: Rig, since: int) -> list[str]:
    """The addresses asked for since a call, without their queries."""
    return [each["path"].partition("?")[0].rpartition("api.xro/2.0/")[2] for each in rig.xero.calls(since)]
