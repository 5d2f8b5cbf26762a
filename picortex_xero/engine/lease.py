"""One sender per organisation: a lease in the database, fenced by an epoch.

Queues and job states carry no truth (a killed worker's job stays "started" for minutes); the lease does. It outlives any send
that was started under it: a holder sends only while more than a send's whole deadline is left.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import frappe

from ..compat import affected_rows, lost_race
from .clock import now

DOCTYPE = "Xero Connection State"
LENGTH = timedelta(seconds=120)
# Longer than xero.client.TOTAL_DEADLINE: what is on the wire ends before anyone else may begin.
SEND_MARGIN = timedelta(seconds=60)
# No lease runs so long: the database's clock was ahead when it was written. Whoever holds it has lost it, for its epoch is no longer his.
IMPOSSIBLE = LENGTH * 3
RACES = 3


@dataclass
class Lease:
    """Proof of being the one sender of `connection`; `epoch` grows with every holder."""

    connection: str
    owner: str
    epoch: int

    def extend(self) -> bool:
        """Renew before sending. False when the lease is no longer ours; nothing may be sent then. Commits. Only a lease that is still ours is
        worth a second try where another transaction touched its row."""
        for _ in range(RACES - 1):
            try:
                return self._extend()
            except Exception as error:
                frappe.db.rollback()
                if not lost_race(error):
                    raise
        return self._extend()

    def _extend(self) -> bool:
        at = now()
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `lease_until`=%(until)s, `heartbeat`=%(now)s WHERE `name`=%(name)s AND `lease_owner`=%(owner)s AND `lease_epoch`=%(epoch)s AND `lease_until`>%(now)s",
            {"until": at + LENGTH, "now": at, "name": self.connection, "owner": self.owner, "epoch": self.epoch},
        )
        held = affected_rows() == 1
        frappe.db.commit()
        return held

    def release(self) -> None:
        """Let the next holder in. Commits."""
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `lease_until`=%(now)s, `lease_owner`='' WHERE `name`=%(name)s AND `lease_owner`=%(owner)s AND `lease_epoch`=%(epoch)s",
            {"now": now(), "name": self.connection, "owner": self.owner, "epoch": self.epoch},
        )
        frappe.db.commit()


def held(connection: str) -> bool:
    """Whether someone is the sender of `connection` right now."""
    until = frappe.db.get_value(DOCTYPE, connection, "lease_until")
    return bool(until and now() < until <= now() + IMPOSSIBLE)


def acquire(connection: str) -> Lease | None:
    """The lease of `connection` (also the name of its state row), or None while someone else holds it. Commits."""
    owner, at = secrets.token_hex(8), now()
    # A transaction of its own, so that it sees what another worker has just done.
    frappe.db.commit()
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `lease_owner`=%(owner)s, `lease_epoch`=COALESCE(`lease_epoch`, 0)+1, `lease_until`=%(until)s, `heartbeat`=%(now)s WHERE `name`=%(name)s AND (`lease_until` IS NULL OR `lease_until`<=%(now)s OR `lease_until`>%(never)s)",
        {"owner": owner, "until": at + LENGTH, "now": at, "name": connection, "never": at + IMPOSSIBLE},
    )
    if affected_rows() != 1:
        frappe.db.rollback()
        return None
    frappe.db.commit()
    return Lease(connection, owner, int(frappe.db.get_value(DOCTYPE, connection, "lease_epoch")))
