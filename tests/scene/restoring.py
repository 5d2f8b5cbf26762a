"""Backups of a site, put back in place or copied: its database, and Redis where that is part of the backup."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import redis

from sandbox.host.site import remove, replace_database
from sandbox.rig import Rig
from tests.scene import rig as scene

Dump = dict[bytes, tuple[int, bytes]]
# Less than a gap, and a gap.
ALIVE, OFF, DAY = 120, 600, 86_400
STATE = "Xero Connection State"


@dataclass(frozen=True)
class Backup:
    """The site's database at one moment, and what Redis held."""

    database: Path
    redis: Dump


def back_up(rig: Rig, name: str = "backup") -> Backup:
    """Copy the database and Redis as they are."""
    copy = rig.folder / f"{name}.db"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(rig.site / "site.db")) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    server = redis.Redis.from_url(rig.queue.url)
    kept = {key: (max(server.pttl(key), 0), server.dump(key)) for key in server.keys("*")}
    return Backup(copy, {key: value for key, value in kept.items() if value[1]})


def put_back(rig: Rig, backup: Backup, queue: str = "kept") -> None:
    """Put the database back in place. `queue`: Redis is "kept" as it is now, "flushed", or "restored" too."""
    replace_database(rig.site, backup.database)
    with closing(sqlite3.connect(rig.site / "site.db")) as database:
        database.execute("pragma journal_mode = wal")
    server = redis.Redis.from_url(rig.queue.url)
    if queue != "kept":
        server.flushall()
    for key, (left, value) in backup.redis.items() if queue == "restored" else ():
        server.restore(key, left, value, replace=True)


def second_server(rig: Rig, backup: Backup, name: str = "") -> Rig:
    """A server made from the backup beside the first one, under the same name unless another is given."""
    folder = rig.folder / "second"
    remove(folder)
    shutil.copytree(rig.site, folder / (name or rig.site.name), ignore=shutil.ignore_patterns("site.db*"))
    made = replace(rig, site=folder / (name or rig.site.name), processes=[])
    put_back(made, backup)
    return made


def unlinked(rig: Rig, **filters: Any) -> list[dict[str, Any]]:
    """The records in Xero that were found as belonging to nothing."""
    with rig.frappe() as frappe:
        return list(frappe.get_all("Xero Unlinked Record", filters={"connection": rig.connection, **filters}, fields=["*"]))


def reason(rig: Rig) -> str:
    """Why the connection is paused, and what a person does."""
    with rig.frappe() as frappe:
        said = frappe.db.get_value("Xero Connection", rig.connection, ["reason", "cure"], as_dict=True)
        return f"{said['reason'] or ''}\n{said['cure'] or ''}"


def confirm(rig: Rig) -> None:
    """A person looks at the list and says that this site may send."""

    def work(_frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.resume(rig.connection)

    scene.with_site(rig, work)


def comparisons(rig: Rig, since: int = 0) -> list[dict[str, Any]]:
    """The calls that read a list by what has changed, without the contacts'."""
    return [call for call in rig.xero.calls(since=since) if call["method"] == "GET" and call["headers"].get("if-modified-since")]


# What happens around it


def put_back_later(rig: Rig, backup: Backup) -> int:
    """Ten minutes later the backup is put back; how many calls there were before."""
    rig.advance(600)
    put_back(rig, backup)
    return rig.xero.call_count()


def a_little(receipt: scene.Record) -> scene.Record:
    """The receipt over so little that Xero would take a second one."""
    receipt["doc"]["references"][0]["allocated_amount"] = 10.0
    receipt["doc"].update(dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), 10.0))
    return receipt


def small_payment(rig: Rig) -> list[scene.Record]:
    """An invoice in Xero, and a small part of its receipt that waits."""
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.play([a_little(receipt)])
    return [sale, receipt]


def pass_alive(rig: Rig, seconds: float, send: bool = True) -> None:
    """Time passes while the site is alive; not `send`: no worker has time for it."""
    for _ in range(int(seconds // ALIVE)):
        rig.advance(ALIVE)
        scene.sweep(rig)
        if send:
            rig.dispatch()


def records_of(rig: Rig, step: str) -> list[dict[str, Any]]:
    def work(_frappe: Any) -> Any:
        from picortex_xero.api import status

        return status.records_to_choose(step)

    return list(scene.with_site(rig, work))


def choose(rig: Rig, step: str, xero_id: str) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.api import status

        status.choose_record(step, xero_id)

    scene.with_site(rig, work)


def none_of_these(rig: Rig, step: str) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.api import status

        status.none_of_these(step)

    scene.with_site(rig, work)


def retry(rig: Rig, step: str) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.api import status

        status.retry_step(step)

    scene.with_site(rig, work)


# What the tests of them have in common


def kinds(rig: Rig) -> list[scene.Record]:
    """A few documents of several kinds, none of them in Xero yet."""
    return [*scene.invoices(rig, 3), *scene.bills(rig, 3)]


def state_row(rig: Rig, *fields: str) -> dict[str, Any]:
    def read(frappe: Any) -> dict[str, Any]:
        return dict(frappe.db.get_value(STATE, rig.connection, list(fields), as_dict=True))

    return dict(scene.with_site(rig, read))


def api_calls(rig: Rig, since: int = 0) -> list[dict[str, Any]]:
    return [call for call in rig.xero.calls(since=since) if call["path"].startswith("/api.xro/")]


def written(rig: Rig, since: int) -> list[dict[str, Any]]:
    return [call for call in api_calls(rig, since) if call["method"] != "GET"]


def paying(rig: Rig) -> tuple[scene.Record, scene.Record]:
    """An invoice in Xero, and its receipt that waits."""
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.play([receipt])
    return sale, receipt


def pay_by_hand(rig: Rig, sale: scene.Record, receipt: scene.Record, reference: str, **changes: Any) -> None:
    """A person enters the payment in Xero."""
    (shown,) = [each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]]
    date = str(receipt["doc"]["posting_date"])
    rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Reference=reference, Date=date, **changes)
