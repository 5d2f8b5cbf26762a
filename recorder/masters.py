"""Creates a company with what its documents need, through ERPNext, on a bench.

Accounts, tax templates, cost centres, customers, suppliers and bank accounts come from `companies.json`;
people, places and numbers in it are invented. Every company uses ERPNext's Standard chart of accounts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frappe

from recorder.packing import pack

PLACES: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "companies.json").read_text("utf-8"))
CENTRES = ("North", "South")
PRICE_FIELDS = ("rate", "net_rate", "price_list_rate", "base_rate", "base_net_rate", "base_price_list_rate")

# code -> (name, price in NZD, sold for (income account), or None where it is only bought)
ITEMS: dict[str, tuple[str, str, str | None]] = {
    "PANEL": ("Fence panel, 1.8 m", "148.50", "Sales"),
    "POST": ("Gate post, H4 treated", "22.8725", "Sales"),
    "STAIN": ("Timber stain, litre", "36.63", "Sales"),
    "LABOUR": ("Site labour, hour", "95", "Service"),
    "SCREW": ("Deck screw, stainless", "0.0385", "Sales"),
    "GATE": ("Farm gate, 3.6 m", "489", "Sales"),
    "HINGE": ("Gate hinge, pair", "12.495", "Sales"),
    "ADVICE": ("Site visit and design", "140", "Service"),
    "TIMBER": ("Rough sawn timber, metre", "4.3175", None),
    "WIRE": ("High tensile wire, metre", "0.4225", None),
    "FUEL": ("Diesel, litre", "1.8435", None),
    "RENT": ("Yard rent, month", "3450", None),
    "POWER": ("Electricity", "412.37", None),
    "SOFTWARE": ("Software subscription", "89.90", None),
}
EXPENSES = {
    "TIMBER": "Cost of Goods Sold", "WIRE": "Cost of Goods Sold", "RENT": "Office Rent", "POWER": "Utility Expenses",
    "FUEL": "Travel Expenses", "SOFTWARE": "Administrative Expenses",
}  # fmt: skip
UNITS = {"LABOUR": "Hour", "ADVICE": "Hour", "STAIN": "Litre", "FUEL": "Litre", "TIMBER": "Meter", "WIRE": "Meter"}
RATES = {
    ("AUD", "NZD"): 1.0932, ("USD", "NZD"): 1.6614, ("EUR", "NZD"): 1.9341, ("USD", "AUD"): 1.5233,
    ("NZD", "AUD"): 0.9147, ("EUR", "GBP"): 0.8724, ("USD", "GBP"): 0.7553, ("EUR", "USD"): 1.1582,
    ("GBP", "USD"): 1.3239,
}  # fmt: skip


def ensure(doctype: str, name: str, **fields: Any) -> str:
    """The document of that name, created with these fields if it is not there."""
    if not frappe.db.exists(doctype, name):
        name = frappe.get_doc({"doctype": doctype, **fields}).insert().name
    return name


def use_price_places(places: int) -> None:
    """Give the price fields of invoice lines this many decimals, as a person does in Customize Form."""
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    for doctype in ("Sales Invoice Item", "Purchase Invoice Item"):
        for field in PRICE_FIELDS:
            make_property_setter(doctype, field, "precision", str(places), "Select", validate_fields_for_doctype=False)
    frappe.db.commit()
    frappe.clear_cache()


def site_settings() -> dict[str, Any]:
    """The settings that decide cents, as a recording states them."""
    system = frappe.get_doc("System Settings")
    field = frappe.get_meta("Sales Invoice Item").get_field("rate")
    fractions = frappe.get_all("Currency", {"enabled": 1}, ["name", "smallest_currency_fraction_value"])
    return {
        "rounding_method": system.rounding_method,
        "currency_precision": system.currency_precision or None,
        "number_format": system.number_format,
        "float_precision": system.float_precision,
        "rate_places": int(field.precision or 2),
        "smallest_currency_fraction": {row.name: row.smallest_currency_fraction_value for row in fractions},
        "time_zone": system.time_zone,
    }


def prepare_site() -> None:
    """What all companies share: items, currencies, exchange rates, and no price list of its own accord."""
    frappe.db.set_single_value("Stock Settings", "auto_insert_price_list_rate_if_missing", 0)
    frappe.db.set_single_value("Selling Settings", "allow_negative_rates_for_items", 1)
    frappe.db.set_value("UOM", "Nos", "must_be_whole_number", 0)  # the random invoices count in fractions
    # Before the first document: a process reads a currency's fraction once and remembers it.
    for place in PLACES.values():
        frappe.db.set_value("Currency", place["currency"], {"enabled": 1, "smallest_currency_fraction_value": place["smallest"]})
    for code, (name, _price, sold_for) in ITEMS.items():
        ensure("Item", code, item_code=code, item_name=name, description=name, item_group="All Item Groups",
               stock_uom=UNITS.get(code, "Nos"), is_stock_item=0, is_sales_item=int(bool(sold_for)), is_purchase_item=1)  # fmt: skip
    for (currency, base), rate in RATES.items():
        frappe.db.set_value("Currency", currency, "enabled", 1)
        for date, drift in (("2026-09-01", 1.0), ("2026-10-10", 1.0071), ("2026-10-20", 0.9948)):
            filters = {"from_currency": currency, "to_currency": base, "date": date}
            if not frappe.db.exists("Currency Exchange", filters):
                frappe.get_doc(doctype="Currency Exchange", exchange_rate=round(rate * drift, 4), for_buying=1,
                               for_selling=1, **filters).insert()  # fmt: skip
    frappe.db.commit()


class Books:
    """A company's names for the symbols that documents are typed with."""

    def __init__(self, code: str) -> None:
        self.code, self.place = code, PLACES[code]
        self.company: str = self.place["name"]
        self.currency: str = self.place["currency"]

    def of(self, symbol: str) -> str:
        """The company's own name of an account, cost centre or template."""
        return f"{symbol} - {self.place['abbr']}"

    def freight(self, doctype: str) -> str:
        return self.of("Freight Recovered" if doctype == "Sales Invoice" else "Freight and Forwarding Charges")

    def create(self) -> None:
        place = self.place
        ensure("Company", self.company, company_name=self.company, abbr=place["abbr"], country=place["country"],
               default_currency=self.currency, chart_of_accounts="Standard", tax_id=place["tax_id"])  # fmt: skip
        self._accounts()
        self._templates()
        for centre in CENTRES:
            ensure("Cost Center", self.of(centre), cost_center_name=centre, company=self.company,
                   parent_cost_center=f"{self.company} - {place['abbr']}")  # fmt: skip
        for side, currency in (("selling", self.currency), ("buying", self.currency)):
            ensure("Price List", f"{side.title()} {currency}", price_list_name=f"{side.title()} {currency}",
                   currency=currency, enabled=1, **{side: 1})  # fmt: skip
        self._items()
        for kind in ("customers", "suppliers"):
            for place_in_list, name in enumerate(place[kind], start=1):
                self._party(kind[:-1].title(), name, self.currency, place_in_list)
            for place_in_list, (name, currency) in enumerate(place["foreign_" + kind].items(), start=60):
                self._party(kind[:-1].title(), name, currency, place_in_list)
        frappe.db.commit()

    def _account(self, symbol: str, parent: str, **fields: Any) -> str:
        return ensure("Account", self.of(symbol), account_name=symbol, company=self.company,
                      parent_account=self.of(parent), **fields)  # fmt: skip

    def _accounts(self) -> None:
        place = self.place
        for tax, rate in {**place["taxes"], **place.get("compound", {})}.items():
            self._account(tax, "Duties and Taxes", account_type="Tax", tax_rate=rate)
        self._account("Freight Recovered", "Direct Income", account_type="Chargeable")
        for bank, currency in place["banks"].items():
            self._account(bank, "Bank Accounts", account_type="Bank", account_currency=currency)
        for currency in sorted(set(place["foreign_customers"].values()) | set(place["foreign_suppliers"].values())):
            self._account(f"Debtors {currency}", "Accounts Receivable", account_type="Receivable", account_currency=currency)
            self._account(f"Creditors {currency}", "Accounts Payable", account_type="Payable", account_currency=currency)

    def tax_rows(self, doctype: str, included: bool = False, compound: bool = False) -> list[dict[str, Any]]:
        """The standard tax rows of this company as the form appends them from its template."""
        rows: list[dict[str, Any]] = []
        for tax, rate in self.place["taxes"].items():
            rows.append({"charge_type": "On Net Total", "account_head": self.of(tax), "description": f"{tax} {rate}%",
                         "rate": rate, "included_in_print_rate": int(included)})  # fmt: skip
        for tax, rate in self.place.get("compound", {}).items() if compound else ():
            rows.append({"charge_type": "On Previous Row Total", "row_id": str(len(rows)), "account_head": self.of(tax),
                         "description": f"{tax} {rate}%", "rate": rate})  # fmt: skip
        if doctype == "Purchase Invoice":
            rows = [{**row, "category": "Total", "add_deduct_tax": "Add"} for row in rows]
        return rows

    def template(self, included: bool = False, compound: bool = False) -> str:
        title = " + ".join(self.place["taxes"])
        return self.of(title + (" with district" if compound else "") + (" included" if included else ""))

    def _templates(self) -> None:
        for title, rates in self.place["item_tax"].items():
            taxes = [{"tax_type": self.of(tax), "tax_rate": rate} for tax, rate in rates.items()]
            ensure("Item Tax Template", self.of(title), title=title, company=self.company, taxes=taxes)
        variants = [(False, False), (True, False)] + ([(False, True)] if "compound" in self.place else [])
        for doctype in ("Sales Invoice", "Purchase Invoice"):
            master = doctype.split()[0].replace("Sales", "Sales Taxes").replace("Purchase", "Purchase Taxes") + " and Charges Template"
            for included, compound in variants:
                name = self.template(included, compound)
                ensure(master, name, title=name.rsplit(" - ", 1)[0], company=self.company,
                       taxes=self.tax_rows(doctype, included, compound))  # fmt: skip

    def _items(self) -> None:
        for code, (_name, _price, sold_for) in ITEMS.items():
            item = frappe.get_doc("Item", code)
            if any(row.company == self.company for row in item.item_defaults):
                continue
            item.append("item_defaults", {
                "company": self.company, "income_account": self.of(sold_for or "Sales"),
                "expense_account": self.of(EXPENSES.get(code, "Cost of Goods Sold")),
                "default_warehouse": self.of("Stores"),  # else the site's default, of another company
                "selling_cost_center": self.of("Main"), "buying_cost_center": self.of("Main"),
            })  # fmt: skip
            item.save()

    def _party(self, doctype: str, name: str, currency: str, number: int) -> None:
        if frappe.db.exists(doctype, name):
            return
        kind = doctype.lower()
        foreign = currency != self.currency
        account = self.of(f"{'Debtors' if doctype == 'Customer' else 'Creditors'} {currency}")
        group = {"customer_group": "All Customer Groups", "territory": "All Territories"}
        party = frappe.get_doc({
            "doctype": doctype, f"{kind}_name": name, f"{kind}_type": "Company", "default_currency": currency,
            **(group if doctype == "Customer" else {"supplier_group": "All Supplier Groups"}),
            "tax_id": None if foreign or number % 3 else f"{self.place['tax_id'][:-2]}{number:02d}",
            "accounts": [{"company": self.company, "account": account}] if foreign else [],
        }).insert()  # fmt: skip
        plain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
        link = [{"link_doctype": doctype, "link_name": party.name}]
        contact = frappe.get_doc(doctype="Contact", first_name=("Alex", "Sam", "Kiri", "Jo", "Lee")[number % 5], last_name=name.split()[0],
                                 is_primary_contact=1, links=link, email_ids=[{"email_id": f"accounts@{plain}.example", "is_primary": 1}],
                                 phone_nos=[{"phone": f"{self.place['phone']}{number:02d}", "is_primary_phone": 1}]).insert()  # fmt: skip
        address = frappe.get_doc(doctype="Address", address_title=name, address_type="Billing", address_line1=f"{number} Mill Road",
                                 city=self.place["city"], country=self.place["country"], is_primary_address=1, links=link).insert()  # fmt: skip
        party.reload()
        party.set(f"{kind}_primary_contact", contact.name)
        party.set(f"{kind}_primary_address", address.name)
        party.save()

    def masters(self) -> dict[str, list[dict[str, Any]]]:
        """The company's masters as documents, with what they share with other companies left to them."""
        mine = {"company": self.company}
        place = self.place
        names = {
            "Account": frappe.get_all("Account", mine, pluck="name", order_by="lft"),
            "Cost Center": frappe.get_all("Cost Center", mine, pluck="name", order_by="lft"),
            "Customer": [*place["customers"], *place["foreign_customers"]],
            "Supplier": [*place["suppliers"], *place["foreign_suppliers"]],
            "Item": list(ITEMS),
            "Currency Exchange": frappe.get_all("Currency Exchange", {"to_currency": self.currency}, pluck="name"),
            "Currency": frappe.get_all("Currency", {"enabled": 1}, pluck="name"),
            "Fiscal Year": frappe.get_all("Fiscal Year", pluck="name", order_by="name"),
            "Mode of Payment": frappe.get_all("Mode of Payment", pluck="name"),
        }
        for doctype in ("Item Tax Template", "Sales Taxes and Charges Template", "Purchase Taxes and Charges Template"):
            names[doctype] = frappe.get_all(doctype, mine, pluck="name")
        parties = [*names["Customer"], *names["Supplier"]]
        for doctype in ("Contact", "Address"):
            linked = {"parenttype": doctype, "link_name": ["in", parties]}
            names[doctype] = frappe.get_all("Dynamic Link", linked, pluck="parent", distinct=True)
        found = {doctype: [pack(frappe.get_doc(doctype, name)) for name in of] for doctype, of in names.items()}
        for item in found["Item"]:
            item["item_defaults"] = [row for row in item["item_defaults"] if row["company"] == self.company]
        return found
