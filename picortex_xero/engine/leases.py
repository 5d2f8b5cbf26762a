"""One sender per organisation at a time: a lease on the connection's state row, with a number (epoch) that grows with every holder.

Queues and job states prove nothing: the job of a killed worker stays "started" for minutes. The lease outlasts every request sent under it,
since its holder sends only while more is left of it than a request can take.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import frappe

from ..compat import affected_rows, lost_race
from ..connection import current
from .clock import now

DOCTYPE = "Xero Connection State"
LENGTH = timedelta(seconds=120)
# Longer than xero.client.TOTAL_DEADLINE: a request ends before the next holder may begin.
SEND_MARGIN = timedelta(seconds=60)
# No lease is ever that long: such an end was written while the database's clock was ahead, and the lease is given to the next one.
IMPOSSIBLE = LENGTH * 3
RACES = 3


@dataclass
class Lease:
    """Proof of being the only sender of `connection`; `epoch` grows with every holder."""

    connection: str
    owner: str
    epoch: int

    def extend(self) -> bool:
        """Renew the lease before sending. False where another worker has it by now, or the connection only watches; then nothing may be sent. Commits. Tried again only
        where another transaction touched its row."""
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
        if current.watches_only(self.connection):
            return False
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
    """The lease of `connection` (also the name of its state row), or None while another worker holds it, or the connection only watches: then nobody is
    its sender. Commits."""
    owner, at = secrets.token_hex(8), now()
    # Begin a new transaction, so that what another worker has just committed is seen.
    frappe.db.commit()
    if current.watches_only(connection):
        return None
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `lease_owner`=%(owner)s, `lease_epoch`=COALESCE(`lease_epoch`, 0)+1, `lease_until`=%(until)s, `heartbeat`=%(now)s WHERE `name`=%(name)s AND (`lease_until` IS NULL OR `lease_until`<=%(now)s OR `lease_until`>%(never)s)",
        {"owner": owner, "until": at + LENGTH, "now": at, "name": connection, "never": at + IMPOSSIBLE},
    )
    if affected_rows() != 1:
        frappe.db.rollback()
        return None
    frappe.db.commit()
    return Lease(connection, owner, int(frappe.db.get_value(DOCTYPE, connection, "lease_epoch")))
