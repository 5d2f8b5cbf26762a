"""By the bench's own Python, from its sites folder: `webhook_site.py SITE prepare KEY TENANT` gives the site a webhook key and a connection to an organisation,
and prints the last event's number; `webhook_site.py SITE count TENANT` prints how many events of it there are."""

import sys

import frappe

EVENT, CONNECTION = "Xero Inbound Event", "Xero Connection"


def prepare(key: str, tenant: str) -> None:
    """A connection that has not gone live: what comes is kept, and nothing is read for it."""
    from picortex_xero.connection import settings
    from picortex_xero.engine.write_protection import own_writes

    settings.keep_webhook_key(key)
    if not frappe.db.exists(CONNECTION, {"tenant_id": tenant}):
        company = frappe.get_all("Company", pluck="name", limit=1)[0]
        with own_writes():
            doc = frappe.get_doc(
                {"doctype": CONNECTION, "company": company, "tenant_id": tenant, "organisation_name": "Webhook load", "state": "Setting Up"}
            )
            doc.flags.ignore_mandatory = True
            doc.db_insert()
    frappe.db.commit()


def count(tenant: str) -> None:
    """Rows, and different events."""
    of = frappe.db.get_value(CONNECTION, {"tenant_id": tenant}, "name")
    print(frappe.db.count(EVENT, {"connection": of}))


frappe.init(sys.argv[1])
frappe.connect()
frappe.set_user("Administrator")
{"prepare": prepare, "count": count}[sys.argv[2]](*sys.argv[3:])
