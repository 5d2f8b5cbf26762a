"""A site of the present code with the rows of a frozen moment in it, as after `bench migrate`, and the simulator as it was then."""

from __future__ import annotations

import importlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import picortex_xero
from sandbox import erp
from sandbox.rig import Rig, standing
from tests.upgrade.frozen import REGISTER, Moment, Row

RECORDING = erp.RECORDED / "cases" / "cases-nz.json.gz"
INSTANCE = "5ec0de5e"
# Of nothing but these sites: what the rows hold sealed must be opened again.
ENCRYPTION_KEY = "c3RhbmQtaW4gc2l0ZSBvZiB0aGUgdXBncmFkZSB0ZXM="
ELSEWHERE = "00000000-0000-0000-0000-000000000000"
BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextmanager
def standing_at(clock: float) -> Iterator[Rig]:
    """Site and simulator with the recorded masters, nobody connected; the site's name, instance id and key are always the same, for they are
    in its fingerprint."""
    with standing("NZ", recording=erp.read(RECORDING), limits=False, connected=False, clock=clock) as rig:
        config = rig.site / "site_config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "encryption_key": ENCRYPTION_KEY}))
        with closing(sqlite3.connect(rig.site / "site.db")) as database:
            changed = database.execute(
                "update tabSingles set value = ? where doctype = 'Xero Settings' and field = 'instance_id'", [INSTANCE]
            ).rowcount
            database.commit()
        assert changed == 1, "the site has no instance id"
        yield rig


@contextmanager
def gone_on_from(moment: Moment, same_machine: bool) -> Iterator[Rig]:
    """The upgraded site at that moment. `same_machine`: it still runs on the machine that sent what is in flight."""
    with standing_at(moment.at - time.time()) as rig:
        for path, content in moment.files.items():
            (rig.site / path).parent.mkdir(parents=True, exist_ok=True)
            (rig.site / path).write_bytes(content)
        with rig.frappe() as frappe:
            database = frappe.db._connection
            for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
                if table not in REGISTER and not table.startswith("sqlite_"):
                    database.execute(f"delete from `{table}`")
            for table, rows in moment.tables.items():
                _fill(database, table, [_moved(table, row, same_machine) for row in rows])
            frappe.db.commit()
        rig.xero.put_state(moment.xero)
        rig.connection = moment.connection
        migrate(rig)
        yield rig


def _moved(table: str, row: Row, same_machine: bool) -> Row:
    """A sealed request says which machine sent it, and for how long that had been running."""
    if table != "tabXero Attempt" or not row.get("machine"):
        return row
    if not same_machine:
        return {**row, "machine": ELSEWHERE}
    # The app's running time is the machine's, moved by the sandbox's clock as its time of day is.
    ahead = time.clock_gettime(time.CLOCK_BOOTTIME) - time.time()
    uptime = int(datetime.fromisoformat(row["first_sent_at"]).replace(tzinfo=timezone.utc).timestamp() + ahead)
    return {**row, "machine": BOOT.read_text().strip(), "first_uptime": uptime, "last_uptime": uptime}


def _fill(database: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    """Insert rows. A table or column that the present code does not have any more stays as a migrated site has it: Frappe drops none."""
    if not rows:
        return
    wanted = {name for row in rows for name in row}
    present = {each[1] for each in database.execute(f"pragma table_info(`{table}`)")}
    if not present:
        database.execute(f"create table `{table}` (name varchar(140) primary key)")
        present = {"name"}
    for column in sorted(wanted - present):
        database.execute(f"alter table `{table}` add column `{column}`")
    for row in rows:
        names = ", ".join(f"`{name}`" for name in row)
        database.execute(f"insert into `{table}` ({names}) values ({', '.join('?' * len(row))})", list(row.values()))


def migrate(rig: Rig) -> None:
    """What `bench migrate` runs of the app: every patch that is listed, in order, then `after_migrate`. The schema is the present one
    already; a patch under [pre_model_sync] sees it, with what the rows had besides."""
    for path in patches():
        with rig.frappe() as frappe:
            run_patch(path)
            frappe.db.commit()
    with rig.frappe() as frappe:
        for path in frappe.get_hooks("after_migrate"):
            frappe.get_attr(path)()
        frappe.db.commit()


def patches() -> list[str]:
    """The lines of patches.txt that name something to run."""
    listed = Path(picortex_xero.__file__).with_name("patches.txt").read_text().splitlines()
    lines = [line.partition("#")[0].strip() for line in listed]
    return [line for line in lines if line and not line.startswith("[")]


def run_patch(line: str) -> Any:
    """One patch, as Frappe reads its line. ValueError for a statement: the app's patches are modules, so that they can be tested."""
    if line.startswith(("execute:", "finally:")):
        raise ValueError(f"a patch of this app is a module with a test, not a statement: {line}")
    module = line.split(maxsplit=1)[0]
    return importlib.import_module(module).execute()
