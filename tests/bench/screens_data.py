"""Runs in the bench's Python on the site: a company whose organisation in Xero is named, numbered and refused in HTML. Prints what the
screens are to show as JSON. `screens_data.py SITE`, with PICORTEX_BENCH_XERO."""

import json
import sys
import time

import frappe

HIT = "<img src=x onerror=\"window.__hit='{0}'\"> {0} <svg onload=window.__hit='{0}'> \"><script>window.__hit='{0}'</script> & {0} <img src=x onerror=window.__hit='{0}' "
SHORT = "<img src=x onerror=window.__hit='{0}'> & {0}"
USER = 'Zo\u00eb & "O\'Brien" USER'
# Xero itself refuses < and > in the name of a contact.
THERE = 'There & Sons\' "Fences"'
PASSWORD = "Fence-Posts-4711"
SETUP = ("Xero Account Mapping", "Xero Tax Mapping", "Xero Payment Mapping", "Xero Tracking Mapping")


def main(site: str) -> None:
    frappe.init(site=site)
    frappe.connect()
    frappe.set_user("Administrator")
    frappe.flags.in_test = True
    from picortex_xero.accounting.problems import Problem
    from picortex_xero.documents.identity import identity
    from picortex_xero.engine import attempts, contact_reading, limits, links, log, outbox
    from picortex_xero.tests.bench import xero
    from picortex_xero.tests.bench.books import Books, submit

    books = Books.create()
    organisation = xero.Organisation(f"{SHORT.format('ORGANISATION')} {books.abbr}", ("Branch", list(books.CENTRES)))
    organisation.person("add_account", Code="481", Name=SHORT.format("ACCOUNT"), Type="EXPENSE", TaxType="INPUT2")
    organisation.person("add_account", Code="482", Name='Smith & Sons\' "Fences"', Type="EXPENSE", TaxType="INPUT2")
    organisation.person("add_tax_rate", Name=SHORT.format("TAX"), TaxType="TAX900", EffectiveRate="15")
    organisation.person("add_tracking", Name=SHORT.format("CATEGORY"), Options=[SHORT.format("OPTION")])
    connection = xero.connect(books.company, organisation)
    xero.map_books(connection, books)
    for account, code in (("Telephone Expenses", "481"), ("Marketing Expenses", "482")):
        frappe.get_doc(
            {"doctype": "Xero Account Mapping", "connection": connection, "account": books.of(account), "xero_account_code": code}
        ).insert()
    xero.go_live(connection, books.first_day)

    sent = submit(books.invoice(True, [("PANEL", 1, 61)]))
    run(connection)
    row = outbox.steps_of(connection, identity(sent.as_dict()))[0]
    assert row["state"] == "Synced", row
    xero.control("POST", "faults", {"kind": "element_error", "path": "/Invoices", "index": 0, "text": HIT.format("XERO SAYS")})
    refused = submit(books.invoice(True, [("PANEL", 1, 62)]))
    run(connection)
    held = outbox.steps_of(connection, identity(refused.as_dict()))[0]
    assert held["state"] == "Needs Attention" and "XERO SAYS" in held["reason"], held
    users = people()
    by_leave(connection, books, organisation, users)
    # Two records of which a person is to say which is this document's, and one that stands beside.
    attempt = attempts.named(held["attempt"])
    assert attempt
    shown = {"id": "", "endpoint": "Invoices", "number": SHORT.format("CHOICE"), "total": "62.00", "date": "2026-10-01"}
    shown |= {"status": SHORT.format("STANDS"), "double": False}
    ids = [frappe.generate_hash(length=36) for _ in range(3)]
    attempt.keep_candidates({held["name"]: [{**shown, "id": each, "double": each == ids[2]} for each in ids]})
    outbox.set_columns(held, kept_by=attempt.key)
    who = outbox.identity(row)
    links.add(
        connection,
        books.company,
        who,
        "fee",
        1,
        "BankTransactions",
        frappe.generate_hash(length=36),
        xero_number=SHORT.format("NUMBER"),
        status=SHORT.format("STATUS"),
    )
    problem = Problem("attachment", HIT.format("REASON"), HIT.format("CURE"))
    outbox.add(connection, books.company, who, "attachment-1", kind="attachment", state="Skipped", problem=problem)
    log.write(connection, books.company, who, "Refused", HIT.format("MESSAGE"), json.dumps({"Message": HIT.format("DETAIL")}))
    contact_reading.start(connection)
    frappe.db.commit()
    contact_reading.go_on(connection, time.monotonic() + 60)
    limits.rest(connection, 3600, HIT.format("RESTS"))
    limits.pause(connection, HIT.format("PAUSED"))
    frappe.db.set_value("Xero Authorisation", {"user": "Administrator"}, "reason", "")
    customer = pages(connection, books, sent, held, users["admin"])
    authorisation = frappe.db.get_value("Xero Connection", connection, "authorisation")
    # Whoever is in the browser has signed in at Xero himself.
    frappe.db.set_value("Xero Authorisation", authorisation, "user", users["admin"])
    frappe.db.commit()
    named = {doctype: frappe.get_all(doctype, filters={"connection": connection}, pluck="name", limit=1)[0] for doctype in SETUP} | {
        "Xero Connection": connection,
        "Xero Connection State": connection,
        "Xero Authorisation": authorisation,
        "Xero Account Mapping": frappe.db.get_value("Xero Account Mapping", {"connection": connection, "xero_account_code": "481"}, "name"),
        "Xero Outbox Entry": held["name"],
        "Xero Link": frappe.db.get_value("Xero Link", {"connection": connection, "role": "fee"}, "name"),
        "Xero Sync Log": frappe.db.get_value("Xero Sync Log", {"connection": connection, "event": "Refused"}, "name"),
        "Xero Attempt": frappe.db.get_value("Xero Attempt", {"connection": connection}, "name"),
        "Xero Deduction Mapping": frappe.db.get_value("Xero Deduction Mapping", {"connection": connection}, "name"),
    }
    print(
        json.dumps(
            {
                "documents": named,
                "sent": sent.name,
                "refused": refused.name,
                "users": users,
                "password": PASSWORD,
                "company": books.company,
                "spare": books.of("Cash"),
                "centre": books.of("Main"),
                "customer": customer,
            }
        )
    )


def people() -> dict[str, str]:
    """Who looks at the screens, by role."""
    from frappe.utils.password import update_password

    from picortex_xero.tests.bench.people import person

    users = {}
    for role, more in (
        ("admin", ["Xero Admin", "System Manager", "Accounts Manager"]),
        ("accountant", ["Xero Accountant"]),
        ("approver", ["Xero Approver"]),
    ):
        users[role] = person(f"screens-{role}", "Accounts User", *more)
        update_password(users[role], PASSWORD)
    return users


def by_leave(connection, books, organisation, users) -> None:
    """A rule that is called HTML, one invoice that waits for approval after it was given back with a note, an import of history that found in Xero what was
    there, an undo whose documents wait for a person, and what was seen while only watching."""
    from picortex_xero.api import approvals, preview
    from picortex_xero.documents.identity import identity
    from picortex_xero.engine import history, jobs, outbox, undoing
    from picortex_xero.engine.screen_texts import stored
    from picortex_xero.tests.bench.books import submit

    rule = frappe.get_doc(
        {
            "doctype": "Xero Sync Rule",
            "connection": connection,
            "title": "Large ones",
            "enabled": 1,
            "outcome": "Hold for approval",
            "for_invoices": 1,
            "conditions": [{"joined": "and", "field_name": "amount", "operator": ">", "value": "900"}],
            "approval_steps": [{"approver_role": "Xero Approver"}],
        }
    ).insert()
    # As another program may have put it there, past the form's own cleaning.
    frappe.db.set_value("Xero Sync Rule", rule.name, "title", SHORT.format("RULE"))
    frappe.clear_document_cache("Xero Sync Rule", rule.name)
    waiting = submit(books.invoice(True, [("PANEL", 1, 999)]))
    run(connection)
    frappe.set_user(users["approver"])
    items = [
        {key: each[key] for key in ("doctype", "name", "seen")} for each in approvals.page()["documents"] if each["name"] == waiting.name
    ]
    assert items and all(each["done"] for each in approvals.decide(items, "Returned", HIT.format("RETURNED"))), items
    frappe.set_user("Administrator")
    frappe.db.commit()
    old = submit(books.invoice(True, [("PANEL", 1, 71)], -20))
    organisation.person(
        "create_invoice", Type="ACCREC", Contact={"Name": THERE}, InvoiceNumber=old.name, Date=str(old.posting_date), DueDate=str(old.due_date), Status="AUTHORISED",
        LineAmountTypes="Exclusive", LineItems=[{"Description": "x", "Quantity": "1", "UnitAmount": "71", "TaxType": "OUTPUT2", "AccountCode": "200"}],
    )  # fmt: skip
    imported = history.start(connection, "History", str(old.posting_date), str(old.posting_date), ("Invoice",))
    frappe.db.commit()
    for _ in range(6):
        # What is counted is counted again a minute later.
        frappe.db.set_value("Xero History Run", imported, "due_at", "2026-01-01 00:00:00")
        frappe.db.commit()
        jobs.go_on("Xero History Run", imported)
        run(connection)
    seen = frappe.db.get_value("Xero History Run", imported, ["state", "was_there", "reason", "looked_at", "held"])
    assert seen[:2] == ("Done", 1), (
        seen,
        [(each["state"], each["reason"]) for each in outbox.steps_of(connection, identity(old.as_dict()))],
    )
    undo = undoing.look(
        connection, "Sent Between", from_time=frappe.utils.add_to_date(None, hours=-1), to_time=frappe.utils.add_to_date(None, hours=1)
    )
    frappe.db.commit()
    jobs.go_on("Xero Undo Run", undo)
    rows = frappe.get_all("Xero Undo Row", filters={"undo_run": undo}, pluck="name")
    assert rows, undo
    said = {
        "why": stored(HIT.format("UNDO WHY")),
        "said": stored(HIT.format("UNDO SAID")),
        "cure": stored(HIT.format("UNDO CURE")),
        "texts": "",
        "state": "With a Person",
    }
    frappe.db.set_value("Xero Undo Row", rows[0], said)
    frappe.db.set_value("Xero Undo Run", undo, {"state": "Paused", "phase": "Taking Back", "with_person": 1})
    watched = preview.start(connection, "A Period", books.first_day, frappe.utils.nowdate())
    frappe.db.commit()
    jobs.go_on("Xero Preview Run", watched)
    frappe.db.set_value("Xero Preview Run", watched, "what", "Watch Only")
    row = frappe.get_all("Xero Preview Row", filters={"preview": watched}, pluck="name", limit=1)
    frappe.db.set_value("Xero Preview Row", row[0], {"problems": stored(HIT.format("WATCHED")), "texts": ""})
    frappe.db.commit()


def pages(connection, books, sent, held, admin) -> str:
    """What the pages show: a customer who is called HTML and whose contact in Xero is, too; a preview of everything; a test run and its answers; a
    comment and somebody who has it to do; a mapping that was chosen, and a new account without one."""
    from picortex_xero.accounting.questions import RULES
    from picortex_xero.api import mapping, preview, to_fix
    from picortex_xero.engine import jobs, slices
    from picortex_xero.engine.clock import now
    from picortex_xero.engine.screen_texts import stored
    from picortex_xero.engine.standard_columns import standard

    customer = sent.customer
    # As another program may have put it there, past the form's own cleaning. Not in the invoice: the host's form draws what stands there as HTML.
    frappe.db.set_value("Customer", customer, {"customer_name": SHORT.format("CUSTOMER"), "tax_id": SHORT.format("TAX ID")})
    for user in ("Administrator", admin):
        frappe.db.set_value("User", user, "full_name", USER)
    known = frappe.get_all("Xero Contact", filters={"connection": connection}, pluck="name", limit=1)
    frappe.db.set_value("Xero Contact", known[0], "contact_name", stored(SHORT.format("CONTACT")))
    account = books.of("Print and Stationery")
    mapping.save(connection, "accounts", [{"key": [account], "values": {"xero_account_code": "481"}}])
    to_fix.assign(held["name"], admin, SHORT.format("NOTE"))
    to_fix.comment(held["name"], SHORT.format("COMMENT"))
    begun = preview.start(connection, "A Period", books.first_day, frappe.utils.nowdate())
    frappe.db.commit()
    jobs.go_on("Xero Preview Run", begun)
    row = frappe.get_all("Xero Preview Row", filters={"preview": begun}, pluck="name", limit=1)
    if row:
        frappe.db.set_value(
            "Xero Preview Row", row[0], {"contact": stored(SHORT.format("CONTACT")), "problems": stored(HIT.format("PROBLEM")), "texts": ""}
        )
    common = {"connection": connection, "company": books.company}
    tested = slices.begin("Xero Test Run", {**common, "mode": "Drafts Only", "organisation": stored(SHORT.format("TESTED"))})
    slices.end("Xero Test Run", tested)
    record = {"name": frappe.generate_hash(length=12), **standard(), **common, "run": tested, "place": 1, "what": "Sales invoice", "number": stored(SHORT.format("TEST NUMBER")), "endpoint": "Invoices", "state": "In Xero", "said": stored(HIT.format("TEST SAID")), "checks": json.dumps([{"what": "Status", "expected": "DRAFT", "seen": SHORT.format("TEST SEEN"), "ok": False}])}  # fmt: skip
    frappe.db.bulk_insert("Xero Test Record", list(record), [tuple(record.values())])
    frappe.db.set_value("Xero Test Run", tested, {"left_over": 1, "reason": stored(HIT.format("TEST REASON"))})
    asked = slices.begin("Xero Question Run", {**common, "organisation": stored(SHORT.format("ASKED"))})
    slices.end("Xero Question Run", asked)
    question = sorted(RULES)[0]
    answer = {"name": frappe.generate_hash(length=12), **standard(), **common, "run": asked, "question": question, "rule": RULES[question].said, "state": "Differs", "seen": stored(HIT.format("ANSWER")), "asked_at": now()}  # fmt: skip
    frappe.db.bulk_insert("Xero Question Result", list(answer), [tuple(answer.values())])
    frappe.db.commit()
    return customer


def run(connection: str) -> None:
    """What the worker would do, here and now."""
    from picortex_xero.engine import run as dispatch

    frappe.db.commit()
    for _ in range(6):
        dispatch.run(connection)
        frappe.db.commit()


main(sys.argv[1])
