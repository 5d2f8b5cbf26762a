"""A company with what its documents need, made through ERPNext, and the documents a person types."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import Any, ClassVar

import frappe
from frappe.utils import add_days, nowdate

PRICE_FIELDS = ("rate", "net_rate", "price_list_rate", "base_rate", "base_net_rate", "base_price_list_rate")
ITEMS = {"PANEL": "Sales", "POST": "Sales", "LABOUR": "Service", "SCREW": "Sales", "GATE": "Sales"}
EXPENSES = {
    "PANEL": "Cost of Goods Sold",
    "POST": "Cost of Goods Sold",
    "SCREW": "Cost of Goods Sold",
    "GATE": "Office Rent",
    "LABOUR": "Travel Expenses",
}


def ensure(doctype: str, name: str, **fields: Any) -> str:
    """The document of that name, made with these fields if it is not there."""
    if not frappe.db.exists(doctype, name):
        name = frappe.get_doc({"doctype": doctype, **fields}).insert().name
    return name


@dataclass
class Books:
    """One company: `of(symbol)` is its own name of an account, cost centre or template. Dates are relative to today."""

    company: str
    abbr: str
    first_day: str
    CENTRES: ClassVar[tuple[str, ...]] = ("North", "South")
    XERO_ACCOUNTS: ClassVar[dict[str, str]] = {
        "Sales": "200", "Service": "260", "Freight Recovered": "260", "Cost of Goods Sold": "310", "Office Rent": "469",
        "Travel Expenses": "493", "Freight and Forwarding Charges": "425",
    }  # fmt: skip
    XERO_TAXES: ClassVar[list[tuple[str, str, str, str]]] = [
        ("Sales", "15", "", "OUTPUT2"), ("Purchases", "15", "", "INPUT2"), ("Sales", "0", "Zero-rated", "ZERORATED"),
        ("Purchases", "0", "Zero-rated", "NONE"), ("Sales", "No tax", "", "NONE"), ("Purchases", "No tax", "", "NONE"),
    ]  # fmt: skip
    XERO_BANKS: ClassVar[dict[str, str]] = {"Trading Account": "090", "USD Account": "091", "AUD Account": "092"}

    def of(self, symbol: str) -> str:
        return f"{symbol} - {self.abbr}"

    def party(self, kind: str, currency: str = "NZD") -> str:
        """The customer or supplier of a currency."""
        return f"{self.abbr} {kind} {currency}"

    @classmethod
    def create(cls) -> Books:
        """A new company, committed; its name is unlike any other's."""
        tag = "".join(secrets.choice(string.ascii_uppercase) for _ in range(4))
        books = cls(f"Bench Fencing {tag}", f"B{tag}", add_days(nowdate(), -12))
        for currency in ("NZD", "AUD", "USD"):
            frappe.db.set_value("Currency", currency, "enabled", 1)
        ensure("Company", books.company, company_name=books.company, abbr=books.abbr, country="New Zealand", default_currency="NZD",
               chart_of_accounts="Standard")  # fmt: skip
        books._accounts()
        for code in ITEMS:
            ensure("Item", f"BENCH-{code}", item_code=f"BENCH-{code}", item_name=code.title(), description=f"{code.title()}, for fences",
                   item_group="All Item Groups", stock_uom="Meter", is_stock_item=0)  # fmt: skip
        for side in ("selling", "buying"):
            name = f"Bench {side} NZD"
            ensure("Price List", name, price_list_name=name, currency="NZD", enabled=1, **{side: 1})
        for kind in ("Customer", "Supplier"):
            for currency in ("NZD", "AUD", "USD"):
                books._party(kind, currency)
        frappe.db.commit()
        return books

    def _accounts(self) -> None:
        def account(symbol: str, parent: str, **fields: Any) -> None:
            ensure("Account", self.of(symbol), account_name=symbol, company=self.company, parent_account=self.of(parent), **fields)

        account("GST", "Duties and Taxes", account_type="Tax", tax_rate=15)
        account("Freight Recovered", "Direct Income", account_type="Chargeable")
        for bank, currency in (("Trading Account", "NZD"), ("USD Account", "USD"), ("AUD Account", "AUD")):
            account(bank, "Bank Accounts", account_type="Bank", account_currency=currency)
        for currency in ("AUD", "USD"):
            account(f"Debtors {currency}", "Accounts Receivable", account_type="Receivable", account_currency=currency)
            account(f"Creditors {currency}", "Accounts Payable", account_type="Payable", account_currency=currency)
        ensure("Item Tax Template", self.of("Zero-rated"), title="Zero-rated", company=self.company,
               taxes=[{"tax_type": self.of("GST"), "tax_rate": 0}])  # fmt: skip
        for centre in self.CENTRES:
            ensure("Cost Center", self.of(centre), cost_center_name=centre, company=self.company,
                   parent_cost_center=f"{self.company} - {self.abbr}")  # fmt: skip

    def _party(self, kind: str, currency: str) -> None:
        name, field = self.party(kind, currency), kind.lower()
        control = self.of(f"{'Debtors' if kind == 'Customer' else 'Creditors'} {currency}")
        groups = (
            {"customer_group": "All Customer Groups", "territory": "All Territories"}
            if kind == "Customer"
            else {"supplier_group": "All Supplier Groups"}
        )
        accounts = [] if currency == "NZD" else [{"company": self.company, "account": control}]
        ensure(kind, name, **{f"{field}_name": name, f"{field}_type": "Company"}, default_currency=currency, accounts=accounts, **groups)

    def line(self, sale: bool, code: str, qty: float, rate: float, template: str = "", **more: Any) -> dict[str, Any]:
        """One line as a person types it."""
        account = {"income_account": self.of(ITEMS[code])} if sale else {"expense_account": self.of(EXPENSES[code])}
        centre = self.of(more.pop("centre", "Main"))
        return {"item_code": f"BENCH-{code}", "qty": qty, "rate": rate, "cost_center": centre, "item_tax_template": template and self.of(template),
                **account, **more}  # fmt: skip

    def invoice(self, sale: bool, lines: list[tuple[Any, ...]], day: int = -10, *, currency: str = "NZD", rate: float = 1, included: bool = False,
                freight: float = 0, **fields: Any) -> Any:  # fmt: skip
        """An unsaved invoice; `lines` are (code, qty, rate, template, more) with the last two optional; `day` is relative to today."""
        kind, side = ("customer", "selling") if sale else ("supplier", "buying")
        items = [self.line(sale, *line[:4], **(line[4] if len(line) > 4 else {})) for line in lines]
        typed = {
            "doctype": "Sales Invoice" if sale else "Purchase Invoice", "company": self.company, kind: self.party(kind.title(), currency),
            "posting_date": add_days(nowdate(), day), "set_posting_time": 1, "due_date": add_days(nowdate(), day + 14), "currency": currency,
            "conversion_rate": rate, f"{side}_price_list": f"Bench {side} NZD", "price_list_currency": "NZD", "plc_conversion_rate": 1,
            "ignore_pricing_rule": 1, "disable_rounded_total": 1, "cost_center": self.of("Main"), "items": items,
            "taxes": self._taxes(sale, included, freight),
        }  # fmt: skip
        if not sale:
            typed |= {"bill_no": secrets.token_hex(4), "bill_date": typed["posting_date"]}
        return frappe.get_doc({**typed, **fields})

    def _taxes(self, sale: bool, included: bool, freight: float) -> list[dict[str, Any]]:
        gst = {
            "charge_type": "On Net Total",
            "account_head": self.of("GST"),
            "description": "GST",
            "rate": 15,
            "included_in_print_rate": int(included),
        }
        rows = [gst]
        if freight:
            account = self.of("Freight Recovered" if sale else "Freight and Forwarding Charges")
            charge = {
                "charge_type": "Actual",
                "account_head": account,
                "description": "Freight",
                "tax_amount": freight,
                "cost_center": self.of("Main"),
            }
            rows = [charge, {**gst, "charge_type": "On Previous Row Total", "row_id": "1"}]
        return rows if sale else [{**row, "category": "Total", "add_deduct_tax": "Add"} for row in rows]

    def payment(self, shares: list[tuple[Any, float]], bank: str, day: int = -5, rate: float = 1) -> Any:
        """An unsaved payment of (invoice, share in its currency); `bank` is the bank account, `rate` NZD per unit of the invoices' currency."""
        first = shares[0][0]
        sale = first.doctype == "Sales Invoice"
        party_account = first.debit_to if sale else first.credit_to
        total = round(sum(share for _, share in shares), 2)
        same = frappe.get_cached_value("Account", self.of(bank), "account_currency") == first.currency
        at_bank = total if same else round(total * rate, 2)
        party_rate, bank_rate = rate, rate if same else 1.0
        theirs = {"account": party_account, "amount": total, "rate": party_rate if same else at_bank / total}
        ours = {"account": self.of(bank), "amount": at_bank, "rate": bank_rate}
        source, target = (theirs, ours) if sale else (ours, theirs)
        return frappe.get_doc({
            "doctype": "Payment Entry", "payment_type": "Receive" if sale else "Pay", "company": self.company,
            "posting_date": add_days(nowdate(), day), "mode_of_payment": "Wire Transfer", "party_type": "Customer" if sale else "Supplier",
            "party": first.customer if sale else first.supplier, "paid_from": source["account"], "paid_to": target["account"],
            "paid_amount": source["amount"], "received_amount": target["amount"], "source_exchange_rate": source["rate"],
            "target_exchange_rate": target["rate"], "reference_no": secrets.token_hex(3), "reference_date": add_days(nowdate(), day),
            "references": [{"reference_doctype": doc.doctype, "reference_name": doc.name, "allocated_amount": share} for doc, share in shares],
        })  # fmt: skip


def submit(doc: Any) -> Any:
    """Insert, submit and commit, as saving a form does."""
    doc.insert()
    doc.reload()
    doc.submit()
    frappe.db.commit()
    frappe.clear_messages()
    return doc


def use_fine_prices() -> list[str]:
    """Let prices have four decimals, as a person does in Customize Form; the names of the Property Setters made."""
    from frappe.custom.doctype.property_setter.property_setter import make_property_setter

    made = []
    for doctype in ("Sales Invoice Item", "Purchase Invoice Item"):
        for field in PRICE_FIELDS:
            if not frappe.db.exists("Property Setter", {"doc_type": doctype, "field_name": field, "property": "precision"}):
                made.append(make_property_setter(doctype, field, "precision", "4", "Select", validate_fields_for_doctype=False).name)
    frappe.db.commit()
    frappe.clear_cache()
    return made


def drop_property_setters(names: list[str]) -> None:
    """Undo `use_fine_prices`."""
    for name in names:
        frappe.delete_doc("Property Setter", name)
    frappe.db.commit()
    frappe.clear_cache()
