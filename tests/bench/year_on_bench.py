"""The part of `make test-year` that runs with the bench's Python: `year_on_bench.py SITE COMPANY ABBR COUNT OUT`.

Makes the company through ERPNext, connects and maps it as an admin would, types the year while the bench's workers send it, waits until
they are done, and writes what the host's books say to OUT as JSON. Compares nothing: that is `year_tieout.py`, on figures alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import frappe  # noqa: E402

from picortex_xero.sync import jobs  # noqa: E402
from picortex_xero.tests.bench import xero  # noqa: E402
from recorder.masters import prepare_site, use_price_places  # noqa: E402
from recorder.year import FIRST, BusyYear, YearBooks  # noqa: E402

MAPPING: dict[str, Any] = json.loads((ROOT / "sandbox" / "mappings.json").read_text("utf-8"))["NZ"]
OUTBOX, VOUCHERS = "Xero Outbox Entry", ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")
SWEEP_EVERY, PATIENCE = 5.0, 900.0


def ready_site() -> None:
    """What all companies of the site share, and rights as on the Desk of an administrator."""
    frappe.set_user("Administrator")
    frappe.flags.mute_emails = True
    prepare_site()
    use_price_places(4)


def map_books(connection: str, books: YearBooks) -> None:
    """The admin's mapping, row by row through the DocTypes' own checks; accounts the company has not are left out."""
    suffix = f" - {books.place['abbr']}"

    def row(kind: str, **values: Any) -> None:
        frappe.get_doc({"doctype": f"Xero {kind} Mapping", "connection": connection, **values}).insert()

    for account, code in MAPPING["accounts"].items():
        if frappe.db.exists("Account", account + suffix):
            row("Account", account=account + suffix, xero_account_code=code, other_class=int(account in MAPPING["other_class"]))
    for direction, tax, template, tax_type in MAPPING["taxes"]:
        row("Tax", direction=direction, tax=tax.replace("{}", suffix), item_tax_template=template.replace("{}", suffix), tax_type=tax_type)
    for account, code in MAPPING["payments"].items():
        if frappe.db.exists("Account", account + suffix):
            row("Payment", account=account + suffix, xero_account_id=code)
    for account, treatment, tax_type, contact in MAPPING["deductions"]:
        fee = {"clearing_account": MAPPING["fees_through"], "contact_name": contact} if treatment == "Fee" else {}
        if frappe.db.exists("Account", account + suffix):
            row("Deduction", account=account + suffix, treatment=treatment, tax_type=tax_type, **fee)
    category, options = MAPPING["tracking"]
    for option in options:
        row("Tracking", cost_center=option + suffix, tracking_category=category, tracking_option=option)
    frappe.db.commit()


def go_live(connection: str) -> None:
    """The choices on the Connection form, then the first day of the year."""
    doc = frappe.get_doc("Xero Connection", connection)
    doc.rounding_account = MAPPING["rounding_account"]
    doc.clearing_account, doc.depreciation = MAPPING["clearing"], "Sent from here"
    doc.advance_account_sales, doc.advance_account_purchases = MAPPING["advances"]
    doc.save()
    xero.go_live(connection, str(FIRST))


class Sweeper:
    """Calls the minute's sweep every few seconds, as the scheduler would every minute; counts how often."""

    def __init__(self) -> None:
        self.at, self.times = 0.0, 0

    def __call__(self) -> None:
        if time.monotonic() - self.at > SWEEP_EVERY:
            self.at, self.times = time.monotonic(), self.times + 1
            jobs.sweep()


def drain(connection: str, sweep: Sweeper) -> float:
    """Wait until all that is left waits for a person; the seconds it took. SystemExit after PATIENCE seconds without an end."""
    started = time.monotonic()
    while moving := [step for step in steps_of(connection) if on_its_way(step)]:
        if time.monotonic() - started > PATIENCE:
            print(f"not drained after {PATIENCE} s; what is still on its way is listed as in flight: {len(moving)}", flush=True)
            break
        sweep()
        time.sleep(0.5)
    return round(time.monotonic() - started, 1)


def steps_of(connection: str) -> list[dict[str, Any]]:
    """The outbox, each step with `waits_on`: the held step for which it waits in the end, or "" """
    frappe.db.rollback()
    steps = {
        step["name"]: dict(step)
        for step in frappe.get_all(OUTBOX, filters={"connection": connection}, fields=["*"], order_by="creation asc")
    }

    def end(step: dict[str, Any], seen: frozenset[str] = frozenset()) -> str:
        if step["state"] in ("Held", "Needs Attention"):
            return str(step["name"])
        blocker = steps.get(step["blocked_on"] or "")
        waits = step["state"] == "Pending" and blocker and blocker["name"] not in seen
        return end(blocker, seen | {step["name"]}) if waits and blocker else ""

    return [{**step, "waits_on": end(step)} for step in steps.values()]


def on_its_way(step: dict[str, Any]) -> bool:
    """Whether the workers still have something to do for a step."""
    return step["state"] in ("Sending", "Unknown") or (step["state"] == "Pending" and not step["waits_on"])


def host_books(company: str, connection: str, since: str) -> dict[str, Any]:
    """The host's own records, as they stand: documents, both ledgers, accounts, what the app did."""
    mine = {"company": company}
    live = {**mine, "is_cancelled": 0}
    fields = {
        "Sales Invoice": ["name", "creation", "docstatus", "posting_date", "currency", "conversion_rate", "is_return", "is_pos", "customer as party", "amended_from"],
        "Purchase Invoice": ["name", "creation", "docstatus", "posting_date", "currency", "conversion_rate", "is_return", "is_paid", "supplier as party", "amended_from"],
        "Payment Entry": ["name", "creation", "docstatus", "posting_date", "payment_type", "party", "paid_from_account_currency as currency",
                          "paid_to_account_currency as other_currency", "amended_from"],
        "Journal Entry": ["name", "creation", "docstatus", "posting_date", "voucher_type", "is_system_generated", "multi_currency", "amended_from"],
    }  # fmt: skip
    ledger = ["voucher_type", "voucher_no", "account", "debit", "credit", "debit_in_account_currency", "credit_in_account_currency"]
    owed = ["account_type", "account_currency", "party_type", "party", "voucher_type", "voucher_no", "against_voucher_type", "against_voucher_no",
            "amount_in_account_currency as amount"]  # fmt: skip
    stock = ["voucher_type", "voucher_no", "stock_value_difference as value", "warehouse"]
    of_journals = {"parenttype": "Journal Entry", "docstatus": 1, "reference_type": ["in", VOUCHERS]}
    return {
        "company": company,
        "documents": {doctype: frappe.get_all(doctype, mine, listed, order_by="name") for doctype, listed in fields.items()},
        "ledger": frappe.get_all("GL Entry", live, ledger, order_by="creation, name"),
        "owed": frappe.get_all("Payment Ledger Entry", {**mine, "delinked": 0}, owed, order_by="creation, name"),
        "stock": frappe.get_all("Stock Ledger Entry", live, stock),
        "journal_references": frappe.get_all("Journal Entry Account", of_journals, ["parent", "reference_type", "reference_name"]),
        "accounts": frappe.get_all("Account", {**mine, "is_group": 0}, ["name", "account_type", "account_currency", "root_type"]),
        "exchange_account": frappe.get_cached_value("Company", company, "exchange_gain_loss_account"),
        "taxes": frappe.get_all("Xero Tax Mapping", {"connection": connection}, pluck="tax"),
        "mapped": dict(frappe.get_all("Xero Account Mapping", {"connection": connection}, ["account", "xero_account_code"], as_list=True)),
        "banks": dict(frappe.get_all("Xero Payment Mapping", {"connection": connection}, ["account", "xero_account_id"], as_list=True)),
        "steps": steps_of(connection),
        "links": frappe.get_all("Xero Link", {"connection": connection}, ["*"]),
        "errors": frappe.get_all("Error Log", {"creation": [">=", since]}, ["method", "error"], limit=20),
    }  # fmt: skip


def main() -> None:
    """All of it, in order."""
    site, company, abbr, count, out = sys.argv[1:6]
    frappe.init(site=site)
    frappe.connect()
    ready_site()
    since = frappe.utils.now()
    books = YearBooks(company, abbr)
    books.create()
    frappe.clear_cache()
    tenant = xero.control("GET", "organisations")["organisations"][0]["tenant"]
    connection = xero.connect(company, SimpleNamespace(tenant=tenant))  # type: ignore[arg-type]
    map_books(connection, books)
    go_live(connection)
    sweep = Sweeper()
    year = BusyYear(books, sweep)
    started = time.monotonic()
    year.run(int(count))
    typed = round(time.monotonic() - started, 1)
    waited = drain(connection, sweep)
    jobs.find_missed()
    waited_again = drain(connection, sweep)
    found = host_books(company, connection, since)
    found["events"] = dict(Counter(f"{record['event']} {record['doctype']}" for record in year.records))
    found["refused_by_the_host"] = dict(year.refused)
    found["seconds"] = {"typing": typed, "draining after the last document": waited, "after the hourly search": waited_again}
    found["sweeps"] = sweep.times
    Path(out).write_text(json.dumps(found, default=str, indent=1), "utf-8")
    frappe.destroy()


if __name__ == "__main__":
    main()
