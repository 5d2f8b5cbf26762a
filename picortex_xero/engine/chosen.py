"""What an admin has chosen for one connection, read once: accounts, taxes, banks, tracking and deductions, with what Xero's lists say of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from ..accounting import tax_types, xero_now
from ..accounting.account_classes import class_of, objection
from ..accounting.called import NOTHING_CALLED, Called, called
from ..accounting.mapping import HOLD, ClearingAccount, DeductionChoice, Mapping
from ..accounting.problems import Problem
from ..accounting.tax_types import TaxType
from ..accounting.xero_now import OtherParts, RateChange, XeroNow
from ..connection import item_codes, xero_lists
from . import question_holds, tax_stops
from .bank_accounts import Banks

UNTAXED = TaxType("NONE", Decimal(0))


def mapping(doc: Any) -> Mapping:
    """All mapping rows of a Xero Connection document as one Mapping."""
    rows = {
        kind: frappe.get_all(f"Xero {kind} Mapping", filters={"connection": doc.name}, fields=["*"])
        for kind in ("Account", "Tax", "Tracking", "Payment", "Deduction")
    }
    defaults = {"Sales": doc.default_sales_account, "Purchases": doc.default_purchase_account}
    lists = xero_lists.stored(doc.name) if xero_lists.read_at(doc.name) else None
    banks = Banks(lists["accounts"] if lists else [], doc.base_currency)
    fixed = {each["Code"] for each in lists["accounts"] if each.get("Type") == "FIXED"} if lists else set()
    classes, currencies, root_types, money_accounts = _host_accounts(
        doc.company, {row["account"] for row in rows["Account"] if row["xero_account_code"] in fixed}
    )
    xero_classes = {each["Code"]: each["Class"] for each in lists["accounts"] if each["Code"]} if lists else {}
    names = called(lists["accounts"], lists["tax_rates"]) if lists else NOTHING_CALLED
    told_classes = {each["Code"]: class_of(each) for each in lists["accounts"] if each["Code"]} if lists else {}
    types = {each["TaxType"]: tax_types.listed(each) for each in lists["tax_rates"]} if lists else {}
    taxes, class_taxes = _taxes(rows["Tax"], types)
    advances = {"Sales": doc.advance_account_sales, "Purchases": doc.advance_account_purchases}
    return Mapping(
        base_currency=doc.base_currency,
        target_status=doc.target_status,
        accounts={row["account"]: row["xero_account_code"] for row in rows["Account"]},
        taxes=taxes,
        class_taxes=class_taxes,
        tax_types=types,
        host_classes=classes,
        host_currencies=currencies,
        xero_classes=xero_classes,
        other_class=_other_class(rows["Account"], root_types, told_classes, names),
        untaxed=_untaxed(lists["accounts"], types, doc.country_code) if lists else frozenset(),
        tracking={row["cost_center"]: (row["tracking_category"], row["tracking_option"]) for row in rows["Tracking"]},
        payment_accounts={
            row["account"]: banks.checked(row["xero_account_id"], row["xero_currency"], row.get("payments_entered"))
            for row in rows["Payment"]
        },
        money_accounts=money_accounts,
        default_accounts={direction: code for direction, code in defaults.items() if code},
        default_payment_account=banks.listed(doc.default_payment_account) if doc.default_payment_account else None,
        rounding_account=doc.rounding_account or "",
        no_tax_type=doc.no_tax_type or "",
        country=doc.country_code or "",
        opening_documents=doc.get("opening_documents") or "Hold",
        deductions={row["account"]: _deduction(row, types, banks) for row in rows["Deduction"]},
        clearing=ClearingAccount(doc.clearing_account, doc.clearing_account_code) if doc.clearing_account else None,
        advance_accounts={direction: code for direction, code in advances.items() if code},
        depreciation=doc.depreciation or "Ask",
        cash_basis=bool(doc.cash_basis),
        accept_rates=bool(doc.get("accept_rates")),
        journal_contact=doc.journal_contact or "",
        missing_tracking=doc.get("missing_tracking") or HOLD,
        items=item_codes.items(doc.name, item_codes.are_sent(doc)),
        now=xero_now.listed(
            lists,
            _changed_rates(rows, doc.no_tax_type, types, lists["tax_rates"]),
            tax_stops.standing(doc.name),
            question_holds.differing(doc.name),
        )
        if lists
        else XeroNow(),
        called=names,
    )


def _other_class(rows: list[dict[str, Any]], root_types: dict[str, str], classes: dict[str, str], names: Called) -> dict[str, Problem]:
    """By account, why its mapping to an account of another class is not followed."""
    asked = [row for row in rows if not row.get("other_class")]
    mapped = [(row["account"], row["xero_account_code"]) for row in asked]
    found = {each: objection(each, root_types.get(each, ""), names.account(code), classes.get(code, "")) for each, code in mapped}
    return {account: problem for account, problem in found.items() if problem}


def _untaxed(accounts: list[dict[str, Any]], types: dict[str, TaxType], country: str) -> frozenset[str]:
    """The codes of the accounts that carry no tax of their own in Xero's chart, such as wages. A reverse charge counts as tax."""
    if country == "US":
        # There every account starts without a rate: sales taxes are the organisation's own and chosen on each document.
        return frozenset()
    own = {each["Code"]: types.get(each.get("TaxType") or "", UNTAXED if each.get("TaxType") == "NONE" else None) for each in accounts}
    return frozenset(code for code, kind in own.items() if code and kind and not kind.rate and not kind.shows_zero)


def _changed_rates(
    rows: dict[str, list[dict[str, Any]]], no_tax_type: str, types: dict[str, TaxType], listed: list[dict[str, Any]]
) -> dict[str, RateChange | OtherParts]:
    """The tax types whose rate in Xero is another one than when they were chosen. A mapping row keeps the rate of the day it was saved."""
    chosen = [(row["tax_type"], row["tax"], row["xero_rate"]) for row in rows["Tax"]]
    chosen += [(row["tax_type"], row["account"], row["xero_rate"]) for row in rows["Deduction"] if row["tax_type"]]
    chosen += [(no_tax_type, "", 0)] if no_tax_type else []
    known = [(code, key, agreed) for code, key, agreed in chosen if code in types and types[code].active]
    found: dict[str, RateChange | OtherParts] = {}
    for code, key, agreed in known:
        if change := xero_now.rate_change(key, types[code], agreed):
            found.setdefault(code, change)
    # Lists that a former release stored have no components.
    components = {each["TaxType"]: each.get("TaxComponents") or [] for each in listed}
    for code, key, _agreed in known:
        if other := xero_now.other_parts(key, components.get(code) or []):
            found.setdefault(code, other)
    return found


def _taxes(
    rows: list[dict[str, Any]], types: dict[str, TaxType]
) -> tuple[dict[tuple[str, str, str], TaxType], dict[tuple[str, str, str, str], TaxType]]:
    """The tax mapping rows for all accounts, and those for one class of accounts. A tax type that is no longer in Xero's list is not
    active; while the list was never read, nothing is known of any."""
    taxes, class_taxes = {}, {}
    for row in rows:
        tax_type = types.get(row["tax_type"]) or TaxType(row["tax_type"], None, active=not types)
        key = (row["direction"], row["tax"], row["item_tax_template"] or "")
        if row["account_class"]:
            class_taxes[key + (row["account_class"],)] = tax_type
        else:
            taxes[key] = tax_type
    return taxes, class_taxes


def _host_accounts(company: str, fixed: set[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str], dict[str, str], frozenset[str]]:
    """By account of the company: its classes as tax mappings name them, the narrowest first; its currency; and its root type. Then its bank and cash
    accounts. `fixed` are mapped to fixed assets of Xero."""
    fields = ["name", "root_type", "account_type", "account_currency"]
    rows = frappe.get_all("Account", filters={"company": company, "is_group": 0}, fields=fields)
    classes = {
        row["name"]: tax_types.classes_of(row["account_type"], row["root_type"], "FIXED" if row["name"] in fixed else "") for row in rows
    }
    # As in ERPNext, an account without a currency is in the company's.
    own = frappe.get_cached_value("Company", company, "default_currency")
    return (
        classes,
        {row["name"]: row["account_currency"] or own for row in rows},
        {row["name"]: row["root_type"] or "" for row in rows},
        frozenset(row["name"] for row in rows if row["account_type"] in ("Bank", "Cash")),
    )


def _deduction(row: dict[str, Any], types: dict[str, TaxType], banks: Banks) -> DeductionChoice:
    tax_type = types.get(row["tax_type"]) or TaxType(row["tax_type"], None, active=not types) if row["tax_type"] else None
    clearing = banks.listed(row["clearing_account"]) if row["clearing_account"] else None
    return DeductionChoice(row["treatment"], tax_type, clearing, row["name"])
