"""What a person types for the named cases: invoices, payments, journals. No figure that the host computes."""

from __future__ import annotations

from typing import Any

import frappe

DAY, LATER = "2026-10-05", "2026-10-20"
DEFAULT_LINES = [("PANEL", 2, 148.5), ("LABOUR", 3.5, 95.0)]
BILL_LINES = [("TIMBER", 120, 4.3), ("FUEL", 40, 1.84)]
SERIES = {"Sales Invoice": "SI", "Purchase Invoice": "PI", "Payment Entry": "PAY", "Journal Entry": "JV", "POS Invoice": "POS",
          "Sales Order": "SO", "Purchase Order": "PO", "Purchase Receipt": "PR", "Delivery Note": "DN"}  # fmt: skip


def lines(rows: Any) -> list[dict[str, Any]]:
    """Item rows from (code, quantity, rate) or (code, quantity, rate, {more})."""
    return [{"item_code": row[0], "qty": row[1], "rate": row[2], **(row[3] if len(row) > 3 else {})} for row in rows]


def _head(chain: Any, doctype: str, day: str) -> dict[str, Any]:
    return {"doctype": doctype, "naming_series": f"{chain.books.place['abbr']}-{SERIES[doctype]}-.#####",
            "company": chain.books.company, "posting_date": day, "set_posting_time": 1}  # fmt: skip


def _priced(chain: Any, side: str) -> dict[str, Any]:
    base = chain.books.currency
    return {f"{side}_price_list": f"{side.title()} {base}", "price_list_currency": base, "plc_conversion_rate": 1, "ignore_pricing_rule": 1}


def sale(
    chain: Any, customer: str, rows: Any = DEFAULT_LINES, day: str = DAY, due: str = "2026-11-20", included: bool = False, **more: Any
) -> dict[str, Any]:
    """A sales invoice with the company's standard tax (`taxes` replaces it)."""
    typed = {**_head(chain, "Sales Invoice", day), "customer": customer, "due_date": due, "currency": chain.books.currency,
             "conversion_rate": 1, **_priced(chain, "selling"), "disable_rounded_total": 1, "items": lines(rows),
             "taxes": chain.books.tax_rows("Sales Invoice", included)}  # fmt: skip
    return {**typed, **more}


def bill(
    chain: Any, supplier: str, rows: Any = BILL_LINES, day: str = DAY, due: str = "2026-11-20", included: bool = False, **more: Any
) -> dict[str, Any]:
    """A purchase invoice, likewise."""
    typed = {**_head(chain, "Purchase Invoice", day), "supplier": supplier, "due_date": due, "bill_no": f"B-{chain.name[:12]}-{len(chain.events)}",
             "bill_date": day, "currency": chain.books.currency, "conversion_rate": 1, **_priced(chain, "buying"),
             "disable_rounded_total": 1, "items": lines(rows), "taxes": chain.books.tax_rows("Purchase Invoice", included)}  # fmt: skip
    return {**typed, **more}


def order(chain: Any, party: str, rows: Any = DEFAULT_LINES, buying: bool = False, **more: Any) -> dict[str, Any]:
    """A sales or purchase order."""
    doctype, kind = ("Purchase Order", "supplier") if buying else ("Sales Order", "customer")
    typed = {**_head(chain, doctype, DAY), "transaction_date": DAY, kind: party, ("schedule_date" if buying else "delivery_date"): LATER,
             "currency": chain.books.currency, "conversion_rate": 1, **_priced(chain, "buying" if buying else "selling"),
             "disable_rounded_total": 1, "items": lines(rows),
             "taxes": chain.books.tax_rows("Purchase Invoice" if buying else "Sales Invoice")}  # fmt: skip
    typed.pop("posting_date"), typed.pop("set_posting_time")
    return {**typed, **more}


def tax(chain: Any, rate: float, kind: str = "On Net Total", **more: Any) -> dict[str, Any]:
    """One tax row on the company's first tax account."""
    name = next(iter(chain.books.place["taxes"]))
    return {"charge_type": kind, "account_head": chain.books.of(name), "description": f"{name} {rate}%", "rate": rate, **more}


def charge(chain: Any, symbol: str, amount: float, **more: Any) -> dict[str, Any]:
    """One row of a fixed amount."""
    return {"charge_type": "Actual", "account_head": chain.books.of(symbol), "description": symbol, "tax_amount": amount, **more}


def payment(
    chain: Any,
    kind: str,
    party: str,
    amount: float,
    refs: Any = (),
    day: str = LATER,
    received: float | None = None,
    bank: str | None = None,
    account: str | None = None,
    party_type: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A payment entry: `kind` Receive or Pay; `refs` pairs of (invoice or order, allocated).

    `amount` is in the party account's currency, `received` in the bank's where that differs."""
    receive = kind == "Receive"
    party_type = party_type or ("Customer" if receive else "Supplier")
    refs = [(frappe.get_doc(doc.doctype, doc.name), allocated) for doc, allocated in refs]
    if account is None and refs and refs[0][0].doctype in ("Sales Invoice", "Purchase Invoice"):
        account = refs[0][0].get("debit_to") or refs[0][0].get("credit_to")
    account = account or chain.books.of("Debtors" if party_type == "Customer" else "Creditors")
    at_bank = amount if received is None else received
    bank = bank or chain.books.bank()
    return {
        **_head(chain, "Payment Entry", day), "payment_type": kind, "party_type": party_type, "party": party, "mode_of_payment": "Wire Transfer",
        "paid_from": account if receive else bank, "paid_to": bank if receive else account,
        "paid_amount": amount if receive else at_bank, "received_amount": at_bank if receive else amount,
        "source_exchange_rate": 1, "target_exchange_rate": 1, "reference_no": f"{kind[:1]}{len(chain.events)}-{chain.name[:14]}", "reference_date": day,
        "references": [{"reference_doctype": doc.doctype, "reference_name": doc.name, "allocated_amount": allocated} for doc, allocated in refs],
        **more,
    }  # fmt: skip


def deduction(chain: Any, symbol: str, amount: float) -> dict[str, Any]:
    return {"account": chain.books.of(symbol), "cost_center": chain.books.of("Main"), "amount": amount}


def transfer(
    chain: Any, paid_from: str, paid_to: str, paid: float, received: float | None = None, rates: tuple[float, float] = (1, 1)
) -> dict[str, Any]:
    """An internal transfer between two bank or cash accounts (full names)."""
    return {**_head(chain, "Payment Entry", LATER), "payment_type": "Internal Transfer", "paid_from": paid_from, "paid_to": paid_to,
            "paid_amount": paid, "received_amount": paid if received is None else received, "source_exchange_rate": rates[0],
            "target_exchange_rate": rates[1], "reference_no": f"T-{chain.name[:14]}", "reference_date": LATER}  # fmt: skip


def journal(chain: Any, rows: Any, kind: str = "Journal Entry", day: str = LATER, **more: Any) -> dict[str, Any]:
    """A journal entry; rows of (account symbol, debit, credit, {more}) in the account's currency."""
    accounts = []
    for symbol, debit, credit, *extra in rows:
        account = symbol if " - " in symbol else chain.books.of(symbol)
        accounts.append({"account": account, "debit_in_account_currency": debit, "credit_in_account_currency": credit,
                         "cost_center": chain.books.of("Main"), **(extra[0] if extra else {})})  # fmt: skip
    typed = {**_head(chain, "Journal Entry", day), "voucher_type": kind, "accounts": accounts,
             "cheque_no": f"J-{chain.name[:14]}", "cheque_date": day, "user_remark": chain.title}  # fmt: skip
    typed.pop("set_posting_time")
    return {**typed, **more}


def on_party(kind: str, party: str, doc: Any = None, **more: Any) -> dict[str, Any]:
    """The further fields of a journal row on a receivable or payable, against `doc` if given."""
    refer = {"reference_type": doc.doctype, "reference_name": doc.name} if doc else {}
    return {"party_type": kind, "party": party, **refer, **more}


def goods_return(
    chain: Any, doc: Any, keep_open: int = 1, share: float = 1.0, day: str = LATER, first_only: bool = False, **more: Any
) -> dict[str, Any]:
    """A credit or debit note against `doc` as "Create > Return" fills it; `share` of each quantity; `keep_open` is
    update_outstanding_for_self."""
    from erpnext.controllers.sales_and_purchase_return import make_return_doc

    note = make_return_doc(doc.doctype, doc.name)
    source = "sales_invoice_item" if doc.doctype == "Sales Invoice" else "purchase_invoice_item"
    party = "customer" if doc.doctype == "Sales Invoice" else "supplier"
    side = "selling" if party == "customer" else "buying"
    rows = [{"item_code": row.item_code, "qty": row.qty * share, "rate": row.rate, source: row.get(source),
             **{name: row.get(name) for name in ("warehouse", "item_tax_template", "income_account", "expense_account") if row.get(name)}}
            for row in note.items[: 1 if first_only else None]]  # fmt: skip
    taxes = [{name: row.get(name) for name in ("charge_type", "account_head", "description", "rate", "included_in_print_rate", "category",
              "add_deduct_tax", "row_id") if row.get(name)} | ({"tax_amount": row.tax_amount} if row.charge_type == "Actual" else {})
             for row in note.taxes]  # fmt: skip
    return {**_head(chain, doc.doctype, day), "is_return": 1, "return_against": doc.name, party: doc.get(party), "due_date": day,
            "currency": doc.currency, "conversion_rate": doc.conversion_rate, **_priced(chain, side), "disable_rounded_total": 1,
            "update_stock": doc.update_stock, "update_outstanding_for_self": keep_open, "items": rows, "taxes": taxes, **more}  # fmt: skip


def reconcile(
    chain: Any, kind: str, party: str, payment_name: str, invoice_name: str, amount: float | None = None, account: str | None = None
) -> Any:
    """Use the Payment Reconciliation form: allocate one payment, note or journal to one invoice; an event of kind `tool`."""
    account = account or chain.books.of("Debtors" if kind == "Customer" else "Creditors")

    def do() -> dict[str, Any]:
        form = frappe.get_doc("Payment Reconciliation")
        form.update({"company": chain.books.company, "party_type": kind, "party": party, "receivable_payable_account": account,
                     "payment_limit": 1000, "invoice_limit": 1000})  # fmt: skip
        form.get_unreconciled_entries()
        payments = [row.as_dict() for row in form.payments if row.reference_name == payment_name]
        invoices = [row.as_dict() for row in form.invoices if row.invoice_number == invoice_name]
        if not payments or not invoices:
            raise LookupError(f"{payment_name} or {invoice_name} is not open: {form.payments} {form.invoices}")
        form.allocate_entries(frappe._dict(payments=payments, invoices=invoices))
        if amount is not None:
            form.allocation[0].allocated_amount = amount
        form.reconcile()
        return {"doctype": "Payment Reconciliation", "name": "Payment Reconciliation"}

    chosen = {"company": chain.books.company, "party_type": kind, "party": party, "account": account, "payment": payment_name,
              "invoice": invoice_name, "allocated_amount": amount}  # fmt: skip
    return chain.event("tool", do, chosen)
