"""Runs in the bench's Python on the site: a New Zealand company that has used ERPNext for a year, and the people of the journey.

`journey_data.py SITE books`, before the app is installed: the only company of the site gets 60 accounts in use, 8 taxes, 4 banks, customers and
suppliers, and a draft invoice of today. Prints what there is as JSON. `journey_data.py SITE people` afterwards gives the roles that the app brings.
`journey_data.py SITE sent`: what of the company has a step or a link, as JSON. `journey_data.py SITE leave`, once it is live: a clerk with drafts of
today, two who approve, and what there is of the year, as JSON.
"""

import json
import sys

import frappe
from frappe.utils import add_days, nowdate

PASSWORD = "Kowhai-Trees-4711"
INSTALLER, ACCOUNTANT = "ines.admin@journey.example", "aroha.accounts@journey.example"
CLERK, MAIA, TOM = "carl.clerk@journey.example", "maia.approver@journey.example", "tom.approver@journey.example"
# Whom a rule of the second part skips.
SCHOOL = "Island Bay School"
# Drafts of today as the clerk has entered them, by what is to become of each: (party, amount before tax, sale or not).
DRAFTS = {
    "skipped": (SCHOOL, 640, True),
    "at_once": ("Matai Motors", 180, True),
    "one_step": ("Rimu Joinery Ltd", 1300, True),
    "two_steps": ("Pohutukawa Lodge", 3900, True),
    "wrong": ("Tui Landscapes", 1690, True),
    "batch": ("Metro Print", 88, False),
    "held_bill": ("Fern Office Supplies", 1750, False),
}
BANKS = ("Savings Account", "Visa Card", "Wise Account")
# (name, parent, type) of what a New Zealand company adds to ERPNext's Standard chart.
ADDED = [
    ("Interest Income", "Indirect Income", ""),
    ("Bank Fees", "Indirect Expenses", ""),
    ("Insurance", "Indirect Expenses", ""),
    ("Subscriptions", "Indirect Expenses", ""),
    ("Motor Vehicle Expenses", "Indirect Expenses", ""),
    ("Accounting Fees", "Indirect Expenses", ""),
    ("Cleaning", "Indirect Expenses", ""),
    ("Repairs and Maintenance", "Indirect Expenses", ""),
    ("Interest Expense", "Indirect Expenses", ""),
    ("PAYE Payable", "Current Liabilities", ""),
    ("Income in Advance", "Current Liabilities", ""),
    ("Prepayments", "Current Assets", ""),
]
# What stock, assets and opening entries post by themselves, and the accounts of parties, taxes and banks, which no journal of this company touches.
BY_ITSELF = ("Stock", "Stock Received But Not Billed", "Asset Received But Not Billed", "Temporary", "Stock Adjustment", "Receivable", "Payable", "Tax", "Bank",
             "Expenses Included In Valuation", "Expenses Included In Asset Valuation")  # fmt: skip
CUSTOMERS = (
    "Harbour Cafe Ltd",
    "Rimu Joinery Ltd",
    "Pohutukawa Lodge",
    "Southern Cross Events",
    "Tui Landscapes",
    SCHOOL,
    "Matai Motors",
    "Export Timber Pty",
)
SUPPLIERS = (
    "Metro Print",
    "Spark Telecom",
    "Genesis Power",
    "Wellington Couriers",
    "Tower Insurers",
    "Cuba Street Rentals",
    "Chapman Legal",
    "Fern Office Supplies",
)


def main(site: str, what: str) -> None:
    frappe.init(site=site)
    frappe.connect()
    frappe.set_user("Administrator")
    frappe.flags.in_test = True
    print(json.dumps({"books": books, "people": people, "sent": sent, "leave": leave}[what](), default=str))
    frappe.db.commit()


def books() -> dict:
    """The company, its year, and its people as they are before the app comes."""
    companies = frappe.get_all("Company", ["name", "abbr", "country"])
    if len(companies) != 1 or frappe.db.count("GL Entry"):
        raise SystemExit(f"The journey needs a site with one company that has posted nothing yet: {companies}")
    company, abbr = companies[0].name, companies[0].abbr
    assert companies[0].country == "New Zealand", companies
    for name, parent, kind in [*ADDED, *((bank, "Bank Accounts", "Bank") for bank in BANKS)]:
        new("Account", account_name=name, company=company, parent_account=f"{parent} - {abbr}", account_type=kind)
    for name in ("Consulting", "Fence Panel"):
        new("Item", item_code=name, item_name=name, item_group="All Item Groups", stock_uom="Nos", is_stock_item=0)
    for each in CUSTOMERS:
        new("Customer", customer_name=each, customer_type="Company", customer_group="All Customer Groups", territory="All Territories")
    for each in SUPPLIERS:
        new("Supplier", supplier_name=each, supplier_type="Company", supplier_group="All Supplier Groups")
    for title in ("Zero-rated", "Exempt"):
        new("Item Tax Template", title=title, company=company, taxes=[{"tax_type": f"GST - {abbr}", "tax_rate": 0}])
    year(company, abbr)
    draft = sale(company, abbr, "Harbour Cafe Ltd", 0, f"Sales - {abbr}", 480)
    draft.insert()
    for user, roles in (
        (INSTALLER, ["System Manager", "Accounts User", "Accounts Manager"]),
        (ACCOUNTANT, ["Accounts User", "Accounts Manager"]),
    ):
        person(user, roles)
    frappe.db.commit()
    used = frappe.db.sql_list("select distinct account from `tabGL Entry` where company=%s and is_cancelled=0 order by account", company)
    banks = frappe.db.sql_list("select distinct if(payment_type='Pay', paid_from, paid_to) from `tabPayment Entry` where docstatus=1")
    return {
        "company": company, "draft": draft.name, "password": PASSWORD, "installer": INSTALLER, "accountant": ACCOUNTANT, "accounts_in_use": used,
        "banks": sorted(banks), "documents": {doctype: frappe.db.count(doctype, {"docstatus": 1}) for doctype in ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")},
    }  # fmt: skip


def year(company: str, abbr: str) -> None:
    """Invoices, bills, payments and journals of the last twelve months."""
    sales, bills = [], []
    for at in range(16):
        day = -300 + 19 * at
        income = ("Sales", "Service", "Sales", "Sales")[at % 4]
        customer = CUSTOMERS[at % 7]
        sales.append(submit(sale(company, abbr, customer, day, f"{income} - {abbr}", 400 + 35 * at)))
    submit(sale(company, abbr, "Export Timber Pty", -40, f"Sales - {abbr}", 2200, template=f"Zero-rated - {abbr}"))
    submit(sale(company, abbr, "Pohutukawa Lodge", -33, f"Service - {abbr}", 310, template=f"Exempt - {abbr}"))
    submit(sale(company, abbr, "Export Timber Pty", -21, f"Service - {abbr}", 150, taxed=False))
    expenses = accounts(company, "Expense")
    for at, account in enumerate(expenses):
        bills.append(submit(bill(company, abbr, SUPPLIERS[at % 8], -320 + 9 * at, account, 90 + 11 * at)))
    for at, account in enumerate(
        frappe.get_all("Account", {"company": company, "account_type": "Fixed Asset", "is_group": 0}, pluck="name", order_by="lft")
    ):
        bills.append(submit(bill(company, abbr, "Fern Office Supplies", -80 + at, account, 1500 + at)))
    submit(bill(company, abbr, "Metro Print", -31, f"Print and Stationery - {abbr}", 77, template=f"Zero-rated - {abbr}"))
    submit(bill(company, abbr, "Tower Insurers", -26, f"Insurance - {abbr}", 210, template=f"Exempt - {abbr}"))
    submit(bill(company, abbr, "Spark Telecom", -28, f"Telephone Expenses - {abbr}", 65, taxed=False))
    banks = [f"Cheque Account - {abbr}", *(f"{bank} - {abbr}" for bank in BANKS)]
    for at, invoice in enumerate([*sales[4:12], *bills[4:12]]):
        submit(payment(invoice, banks[at % 4], at))
    rest = [each for root in ("Asset", "Liability", "Equity", "Income") for each in accounts(company, root)]
    centre = frappe.get_cached_value("Company", company, "cost_center")
    for at, account in enumerate(rest):
        lines = [
            {"account": account, "debit_in_account_currency": 50 + at, "cost_center": centre},
            {"account": f"Miscellaneous Expenses - {abbr}", "credit_in_account_currency": 50 + at, "cost_center": centre},
        ]
        submit(
            frappe.get_doc(
                {
                    "doctype": "Journal Entry",
                    "company": company,
                    "posting_date": add_days(nowdate(), -200 + 4 * at),
                    "accounts": lines,
                    "user_remark": "Month end",
                }
            )
        )


def accounts(company: str, root: str) -> list[str]:
    """What a person posts to directly, of a root type."""
    filters = {"company": company, "root_type": root, "is_group": 0, "account_type": ("not in", BY_ITSELF)}
    found = frappe.get_all("Account", filters, pluck="name", order_by="lft")
    return [each for each in found if frappe.get_cached_value("Account", each, "account_type") != "Fixed Asset"]


def taxes(abbr: str, taxed: bool) -> list[dict]:
    return [{"charge_type": "On Net Total", "account_head": f"GST - {abbr}", "description": "GST 15%", "rate": 15}] if taxed else []


def sale(company: str, abbr: str, customer: str, day: int, account: str, amount: float, template: str = "", taxed: bool = True):
    """An unsaved sales invoice of one line; `day` relative to today."""
    date = add_days(nowdate(), day)
    line = {"item_code": "Consulting", "qty": 1, "rate": amount, "income_account": account, "item_tax_template": template}
    return frappe.get_doc({"doctype": "Sales Invoice", "company": company, "customer": customer, "posting_date": date, "set_posting_time": 1, "due_date": add_days(date, 20),
                           "items": [line], "taxes": taxes(abbr, taxed), "disable_rounded_total": 1})  # fmt: skip


def bill(company: str, abbr: str, supplier: str, day: int, account: str, amount: float, template: str = "", taxed: bool = True):
    """An unsaved purchase invoice of one line; `day` relative to today."""
    date = add_days(nowdate(), day)
    line = {"item_code": "Fence Panel", "qty": 1, "rate": amount, "expense_account": account, "item_tax_template": template}
    rows = [{**each, "category": "Total", "add_deduct_tax": "Add"} for each in taxes(abbr, taxed)]
    return frappe.get_doc({"doctype": "Purchase Invoice", "company": company, "supplier": supplier, "posting_date": date, "set_posting_time": 1, "due_date": add_days(date, 20),
                           "bill_no": f"B-{supplier[:3]}-{day}-{amount}", "bill_date": date, "items": [line], "taxes": rows, "disable_rounded_total": 1})  # fmt: skip


def payment(invoice, bank: str, at: int):
    """An unsaved payment of all of an invoice or bill."""
    from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

    doc = get_payment_entry(invoice.doctype, invoice.name, bank_account=bank)
    doc.posting_date = doc.reference_date = add_days(invoice.posting_date, 10)
    doc.reference_no = f"TT-{at}"
    return doc


def submit(doc):
    doc.insert()
    doc.submit()
    return doc


def new(doctype: str, **fields) -> None:
    """A document made now."""
    frappe.get_doc({"doctype": doctype, **fields}).insert()


def person(email: str, roles: list[str]) -> None:
    """A user of the Desk, with these roles in addition to those he has."""
    if not frappe.db.exists("User", email):
        first = email.split(".")[0].title()
        new("User", email=email, first_name=first, send_welcome_email=0, user_type="System User", new_password=PASSWORD)
    user = frappe.get_doc("User", email)
    user.add_roles(*roles)


def people() -> list[str]:
    """Who installs is to decide as well; the accountant has his own role."""
    person(INSTALLER, ["Xero Admin"])
    person(ACCOUNTANT, ["Xero Accountant"])
    return [INSTALLER, ACCOUNTANT]


def sent() -> list[dict]:
    """Every step there is: document, role, state, and the attempt that sent it, if any did."""
    return frappe.get_all(
        "Xero Outbox Entry", fields=["reference_doctype", "reference_name", "role", "state", "attempt"], order_by="creation asc"
    )


def leave() -> dict:
    """The people of the second part, the clerk's drafts by what is to become of each, the suppliers' numbers of bills, and the year."""
    # Of ERPNext's roles Accounts Manager may cancel, which a correction takes.
    for user, roles in (
        (CLERK, ["Accounts User", "Accounts Manager"]),
        (MAIA, ["Accounts User", "Xero Approver"]),
        (TOM, ["Accounts User", "Xero Approver"]),
    ):
        person(user, roles)
    frappe.db.commit()
    company, abbr = frappe.get_all("Company", ["name", "abbr"], as_list=True)[0]
    frappe.set_user(CLERK)
    drafts = {}
    for what, (party, amount, is_sale) in DRAFTS.items():
        doc = (
            sale(company, abbr, party, 0, f"Sales - {abbr}", amount)
            if is_sale
            else bill(company, abbr, party, 0, f"Print and Stationery - {abbr}", amount)
        )
        drafts[what] = doc.insert().name
    frappe.set_user("Administrator")
    bills = dict(frappe.get_all("Purchase Invoice", fields=["name", "bill_no"], as_list=True))
    return {"clerk": CLERK, "maia": MAIA, "tom": TOM, "drafts": drafts, "bills": bills, "year": of_the_year()}


def of_the_year() -> dict:
    """What an import of history is to bring, and of which documents what is to happen: `documents` by kind and name with their totals, `called` by what Xero
    knows a bill; `skipped` by a rule, `large` so that a rule holds it; `there` and `coded`, which somebody has entered in Xero; `unpaid`, which
    somebody pays there; the `oldest` bill, whose day is locked."""
    before = {"docstatus": 1, "posting_date": ("<", nowdate())}
    totals = {
        "Sales Invoice": "grand_total",
        "Purchase Invoice": "grand_total",
        "Payment Entry": "paid_amount",
        "Journal Entry": "total_debit",
    }
    documents = {
        doctype: dict(frappe.get_all(doctype, before, ["name", total], order_by="posting_date asc, name asc", as_list=True))
        for doctype, total in totals.items()
    }
    called = dict(frappe.get_all("Purchase Invoice", fields=["name", "bill_no"], as_list=True))
    fields = ["name", "customer", "posting_date", "due_date", "net_total", "grand_total"]
    first = {**before, "customer": ("in", CUSTOMERS[:3]), "outstanding_amount": (">", 0)}
    there = frappe.get_all("Sales Invoice", first, fields, order_by="posting_date asc", limit=3)
    others = {**before, "customer": ("not in", [*CUSTOMERS[:3], SCHOOL]), "outstanding_amount": (">", 0), "base_grand_total": ("<", 1000)}
    unpaid = frappe.get_all("Sales Invoice", others, pluck="name", order_by="posting_date desc", limit=1)
    pays = {**before, "payment_type": "Pay"}
    coded = frappe.get_all(
        "Payment Entry", pays, ["name", "paid_from", "posting_date", "paid_amount"], order_by="posting_date asc", limit=1
    )
    banks = dict(frappe.get_all("Xero Payment Mapping", fields=["account", "xero_account_id"], as_list=True))
    skipped = frappe.get_all("Sales Invoice", {**before, "customer": SCHOOL}, pluck="name")
    skipped += frappe.get_all("Payment Entry", {**before, "party": SCHOOL}, pluck="name")
    large = [
        name
        for doctype in ("Sales Invoice", "Purchase Invoice")
        for name in frappe.get_all(doctype, {**before, "base_grand_total": (">", 1000)}, pluck="name")
    ]
    oldest = frappe.get_all("Purchase Invoice", {"docstatus": 1}, ["name", "posting_date"], order_by="posting_date asc", limit=1)
    return {
        "documents": documents, "called": called, "skipped": skipped, "large": large, "there": there, "coded": {**coded[0], "bank": banks[coded[0].paid_from]},
        "unpaid": unpaid[0], "oldest": oldest[0],
    }  # fmt: skip


main(sys.argv[1], sys.argv[2])
