"""Companies for the named cases: those of `companies.json` under other names, with what the cases need besides.

Accounts, items and masters are made through ERPNext. Names are invented.
"""

from __future__ import annotations

from typing import Any

import frappe

from recorder.masters import ITEMS, PLACES, Books, ensure
from recorder.packing import pack

COMPANIES = {
    "NZ": {"name": "Kahikatea Outdoor Ltd", "abbr": "KO"},
    "HIRE": {"name": "Kahikatea Hire Ltd", "abbr": "KH", "of": "NZ"},
    "AU": {"name": "Saltbush Traders Pty Ltd", "abbr": "ST"},
    "UK": {"name": "Marlpit Interiors Ltd", "abbr": "MI"},
    "US": {"name": "Sagebrush Mercantile Inc", "abbr": "SM"},
}
WORDS = ("Aldergate", "Beckwith", "Corriedale", "Dunmore", "Elmwood", "Farrier", "Glenside", "Hawthorn", "Ironbark", "Juniper",
         "Kingsley", "Larkfield", "Marram", "Nettlebed", "Oakham", "Pinecrest", "Quarry", "Redwood", "Sedgefield", "Thornbury")  # fmt: skip
TRADES = {
    "Customer": ("Builders", "Homes", "Motels", "Gardens", "Stables", "Lodges", "Orchards", "Farms"),
    "Supplier": ("Timber", "Wholesale", "Freight", "Fasteners", "Energy", "Services", "Foundry", "Supply"),
}
MORE_ACCOUNTS = (
    ("Bank Fees", "Indirect Expenses", {}), ("Merchant Fees", "Indirect Expenses", {}), ("Bad Debts", "Indirect Expenses", {}),
    ("Discounts Allowed", "Indirect Expenses", {}), ("Discounts Taken", "Indirect Income", {}), ("Interest Received", "Indirect Income", {}),
    ("Withholding Tax", "Duties and Taxes", {"account_type": "Tax"}), ("Clearing", "Current Liabilities", {}),
    ("Deferred Revenue", "Current Liabilities", {}), ("Prepayments", "Current Assets", {}),
    ("Customer Advances", "Current Liabilities", {"account_type": "Receivable"}),
    ("Supplier Advances", "Current Assets", {"account_type": "Payable"}),
)  # fmt: skip
# code -> (name, fields of Item)
MORE_ITEMS: dict[str, tuple[str, dict[str, Any]]] = {
    "KETTLE": ("Camp kettle", {"is_stock_item": 1, "valuation_method": "FIFO"}),
    "TENT": ("Two-person tent", {"is_stock_item": 1, "valuation_method": "FIFO"}),
    "SUPPORT": (
        "Yearly support",
        {"is_stock_item": 0, "enable_deferred_revenue": 1, "enable_deferred_expense": 1, "no_of_months": 3, "no_of_months_exp": 3},
    ),
    "CUSTOMS": ("Customs entry fee", {"is_stock_item": 0}),
}


class CaseBooks(Books):
    """One company of the cases; each case has customers and suppliers of its own."""

    def __init__(self, code: str) -> None:
        mine = COMPANIES[code]
        self.code = code
        self.place = PLACES[mine.get("of", code)] | mine
        self.place |= {"customers": [], "suppliers": [], "foreign_customers": {}, "foreign_suppliers": {}}
        self.company, self.currency = self.place["name"], self.place["currency"]
        self.foreign = sorted({currency for currency in self.place["banks"].values() if currency != self.currency} | {"USD"})
        self._made = frappe.db.count("Customer", {"name": ["like", f"% {mine['abbr']}%"]}) + frappe.db.count(
            "Supplier", {"name": ["like", f"% {mine['abbr']}%"]}
        )

    def create(self) -> None:
        super().create()
        for currency in self.foreign:
            self._account(f"Debtors {currency}", "Accounts Receivable", account_type="Receivable", account_currency=currency)
            self._account(f"Creditors {currency}", "Accounts Payable", account_type="Payable", account_currency=currency)
        for symbol, parent, fields in MORE_ACCOUNTS:
            self._account(symbol, parent, **fields)
        self._cash()
        self._more_items()
        self._assets()
        self._terms()
        category = self.of("Withholding 10%")
        if not frappe.db.exists("Tax Withholding Category", category):
            rate = {"from_date": "2026-04-01", "to_date": "2027-03-31", "tax_withholding_rate": 10, "single_threshold": 100}
            frappe.get_doc(doctype="Tax Withholding Category", __newname=category, name=category, category_name="Withholding", rates=[rate],
                           accounts=[{"company": self.company, "account": self.of("Withholding Tax")}]).insert()  # fmt: skip
        frappe.db.commit()

    def _cash(self) -> None:
        for mode, account in (("Cash", "Cash"), ("Credit Card", self.bank()), ("Wire Transfer", self.bank())):
            name = self.of("Cash") if account == "Cash" else account
            ensure("Mode of Payment", mode, mode_of_payment=mode, type="Bank", enabled=1)
            document = frappe.get_doc("Mode of Payment", mode)
            if not any(row.company == self.company for row in document.accounts):
                document.append("accounts", {"company": self.company, "default_account": name})
                document.save()

    def _more_items(self) -> None:
        for code, (name, fields) in MORE_ITEMS.items():
            ensure("Item", code, item_code=code, item_name=name, description=name, item_group="All Item Groups", stock_uom="Nos", **fields)
            item = frappe.get_doc("Item", code)
            if any(row.company == self.company for row in item.item_defaults):
                continue
            item.append("item_defaults", {
                "company": self.company, "income_account": self.of("Sales"), "default_warehouse": self.of("Stores"),
                "expense_account": self.of("Administrative Expenses" if code in ("SUPPORT", "CUSTOMS") else "Cost of Goods Sold"),
                "selling_cost_center": self.of("Main"), "buying_cost_center": self.of("Main"),
                "deferred_revenue_account": self.of("Deferred Revenue"), "deferred_expense_account": self.of("Prepayments"),
            })  # fmt: skip
            item.save()

    def _assets(self) -> None:
        frappe.db.set_value("Company", self.company, {
            "disposal_account": self.of("Gain/Loss on Asset Disposal"), "depreciation_cost_center": self.of("Main"),
            "accumulated_depreciation_account": self.of("Accumulated Depreciation"), "depreciation_expense_account": self.of("Depreciation")})  # fmt: skip
        accounts = {"company_name": self.company, "fixed_asset_account": self.of("Office Equipments"),
                    "accumulated_depreciation_account": self.of("Accumulated Depreciation"),
                    "depreciation_expense_account": self.of("Depreciation")}  # fmt: skip
        if not frappe.db.exists("Asset Category", "Equipment"):
            frappe.get_doc(doctype="Asset Category", asset_category_name="Equipment", accounts=[accounts]).insert()
        category = frappe.get_doc("Asset Category", "Equipment")
        if not any(row.company_name == self.company for row in category.accounts):
            category.append("accounts", accounts)
            category.save()
        ensure("Location", "Workshop", location_name="Workshop")
        ensure("Item", "LATHE", item_code="LATHE", item_name="Wood lathe", item_group="All Item Groups", stock_uom="Nos", is_stock_item=0,
               is_fixed_asset=1, asset_category="Equipment", auto_create_assets=1, asset_naming_series="ACC-ASS-.YYYY.-")  # fmt: skip

    def _terms(self) -> None:
        ensure("Payment Term", "2% in 10 days, net 30", payment_term_name="2% in 10 days, net 30", invoice_portion=100, credit_days=30,
               due_date_based_on="Day(s) after invoice date", discount_type="Percentage", discount=2,
               discount_validity_based_on="Day(s) after invoice date", discount_validity=10)  # fmt: skip
        ensure("Payment Terms Template", "Prompt payer", template_name="Prompt payer", terms=[{
            "payment_term": "2% in 10 days, net 30", "invoice_portion": 100, "credit_days": 30, "due_date_based_on": "Day(s) after invoice date",
            "discount_type": "Percentage", "discount": 2, "discount_validity_based_on": "Day(s) after invoice date", "discount_validity": 10}])  # fmt: skip

    def bank(self, currency: str | None = None) -> str:
        """The bank account of that currency (of the company's, if not said)."""
        return self.of(next(name for name, of in self.place["banks"].items() if of == (currency or self.currency)))

    def party(self, kind: str, currency: str | None = None, account: str | None = None, name: str | None = None) -> str:
        """A new customer or supplier; `account` (a symbol) instead of the currency's own."""
        number, self._made = self._made, self._made + 1
        trades = TRADES[kind]
        name = name or f"{WORDS[number % len(WORDS)]} {trades[number // len(WORDS) % len(trades)]} {self.place['abbr']}{number:03d}"
        self._party(kind, name, currency or self.currency, number % 90 + 1)
        if account:  # not the account that the currency suggests
            party = frappe.get_doc(kind, name)
            party.set("accounts", [{"company": self.company, "account": self.of(account)}])
            party.save()
        frappe.db.commit()
        return name

    def masters(self) -> dict[str, list[dict[str, Any]]]:
        found = super().masters()
        more = {"Warehouse": {"company": self.company}, "Payment Terms Template": {}, "Payment Term": {}, "Asset Category": {},
                "Tax Withholding Category": {"name": ["like", f"%{self.place['abbr']}"]}}  # fmt: skip
        for doctype, filters in more.items():
            found[doctype] = [pack(frappe.get_doc(doctype, name)) for name in frappe.get_all(doctype, filters, pluck="name")]
        for code in (*MORE_ITEMS, "LATHE"):
            item = pack(frappe.get_doc("Item", code))
            item["item_defaults"] = [row for row in item.get("item_defaults", []) if row["company"] == self.company]
            found["Item"].append(item)
        found["Contact"], found["Address"] = [], []
        found["Item"] = [item for item in found["Item"] if item["name"] in {*ITEMS, *MORE_ITEMS, "LATHE"}]
        return found
