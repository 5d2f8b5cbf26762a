"""What settles a record marks it to be read again; once its list is read, only what was marked is written, however many links there are."""

from __future__ import annotations

from datetime import timedelta

from sandbox.rig import Rig
from tests.scene import rig as scene


def test_a_list_that_was_read_writes_only_the_links_that_were_marked(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    rig.play([scene.copied(record, f"{record['name']}-{at}") for at in range(4)])
    scene.settle(rig)
    with rig.frappe() as frappe:
        from picortex_xero.engine import settled
        from picortex_xero.engine.clock import now

        names = frappe.get_all(
            settled.LINK, filters={"connection": rig.connection, "endpoint": "Invoices"}, pluck="name", order_by="name asc"
        )
        assert len(names) == 4
        moment = now()
        for name, at in zip(names, (moment, moment + timedelta(hours=1))):
            frappe.db.set_value(settled.LINK, name, "reading_again", at, update_modified=False)
        before = frappe.db._connection.total_changes
        settled.were_read(rig.connection, "Invoices", moment + timedelta(minutes=1))
        assert frappe.db._connection.total_changes - before == 1
        assert frappe.db.get_value(settled.LINK, names[0], "reading_again") is None
        assert settled.to_read(rig.connection) == {"Invoices"}
