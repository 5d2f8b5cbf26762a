"""Accounts and tracking options that a person may have created in Xero from the mapping: what they would be, and the mapping row afterwards.

The creating itself is engine/creating.py."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..accounting import tax_types
from ..engine import creating
from ..engine.screen_texts import html, in_words
from ..suggestions import new_accounts
from ..suggestions.values import HostAccount, XeroAccount
from . import xero_lists

CONNECTION = "Xero Connection"
ACCOUNT_MAPPING, TRACKING_MAPPING = "Xero Account Mapping", "Xero Tracking Mapping"
# Xero's API, "Tracking Categories".
MOST_OPTIONS, MOST_CATEGORIES, LONGEST_OPTION = 100, 2, 100
FLAGS = {"ASSET": "Assets", "EQUITY": "Equity", "EXPENSE": "Expenses", "LIABILITY": "Liabilities", "REVENUE": "Revenue"}


def proposed_account(connection: str, account: str) -> dict[str, Any]:
    """See api/creating.py."""
    offered, host = xero_lists.stored(connection), _host(connection, account)
    found = new_accounts.propose(host, [XeroAccount.listed(each) for each in offered["accounts"]])
    return {
        "on": creating.switched_on(connection, creating.ACCOUNT),
        "why_not": in_words(found.why_not),
        "code": found.code,
        "name": found.name,
        "type": found.type,
        "tax_type": found.tax_type,
        "types": list(found.types),
        "tax_types": [
            {
                "value": each["TaxType"],
                "label": each.get("Name") or each["TaxType"],
                "types": [kind for kind in found.types if _takes(each, kind)],
            }
            for each in offered["tax_rates"]
            if tax_types.usable(each)
        ],
    }


def create_account(connection: str, account: str, code: str, name: str, kind: str, tax_type: str) -> dict[str, Any]:
    """See api/creating.py. Throws, with what to do."""
    offered, host = xero_lists.stored(connection), _host(connection, account)
    proposal = new_accounts.propose(host, [])
    if proposal.why_not:
        frappe.throw(html(in_words(proposal.why_not)))
    if kind not in proposal.types:
        frappe.throw(_("{0} is no type of account that Xero has for {1}").format(html(kind), html(account)))
    if not code or len(code) > new_accounts.LONGEST_CODE:
        frappe.throw(_("A code in Xero has 1 to {0} characters").format(html(new_accounts.LONGEST_CODE)))
    if not name or len(name) > new_accounts.LONGEST_NAME:
        frappe.throw(_("A name in Xero has 1 to {0} characters").format(html(new_accounts.LONGEST_NAME)))
    rate = next((each for each in offered["tax_rates"] if each["TaxType"] == tax_type), None)
    if tax_type != new_accounts.NO_TAX and (not rate or not _takes(rate, kind)):
        frappe.throw(_("Xero has no active tax type {0} for such an account").format(html(tax_type)))
    made = creating.create(connection, creating.account(code, name, kind, tax_type))
    hint = creating.refresh_lists(connection)
    if not hint:
        _map(ACCOUNT_MAPPING, connection, {"account": account}, {"xero_account_code": str(made.element.get("Code") or code)})
    return {"code": code, "name": name, "was_there": made.was_there, "hint": hint}


def proposed_option(connection: str, cost_center: str) -> dict[str, Any]:
    """See api/creating.py."""
    offered, title = xero_lists.stored(connection), _cost_center(connection, cost_center)
    categories = [
        {"name": each["Name"], "options": len(each["Options"]), "most": MOST_OPTIONS, "full": len(each["Options"]) >= MOST_OPTIONS}
        for each in offered["tracking"]
    ]
    why_not = ""
    if not categories:
        why_not = _(
            "Xero has no tracking category: make one there (Settings, Tracking categories; at most {0} active ones), then press Refresh From Xero"
        ).format(MOST_CATEGORIES)
    elif all(each["full"] for each in categories):
        why_not = _("Every tracking category is full ({0} active options): archive some in Xero first").format(MOST_OPTIONS)
    hint = _("Xero has at most {0} active tracking categories, each with at most {1} active options").format(MOST_CATEGORIES, MOST_OPTIONS)
    on = creating.switched_on(connection, creating.OPTION)
    return {"on": on, "why_not": why_not, "name": title[:LONGEST_OPTION], "categories": categories, "hint": hint}


def create_option(connection: str, cost_center: str, category: str, option: str) -> dict[str, Any]:
    """See api/creating.py. Throws, with what to do."""
    _cost_center(connection, cost_center)
    found = next((each for each in xero_lists.stored(connection)["tracking"] if each["Name"] == category), None)
    if found is None or not found.get("CategoryID"):
        frappe.throw(_("Xero has no active tracking category {0}: press Refresh From Xero").format(html(category)))
        raise AssertionError
    if not option or len(option) > LONGEST_OPTION:
        frappe.throw(_("A tracking option in Xero has 1 to {0} characters").format(html(LONGEST_OPTION)))
    made = creating.create(connection, creating.option(str(found["CategoryID"]), category, option, MOST_OPTIONS))
    hint = creating.refresh_lists(connection)
    name = str(made.element.get("Name") or option)
    if not hint:
        _map(TRACKING_MAPPING, connection, {"cost_center": cost_center}, {"tracking_category": category, "tracking_option": name})
    return {"category": category, "option": name, "was_there": made.was_there, "hint": hint}


def _takes(rate: dict[str, Any], kind: str) -> bool:
    """Whether Xero takes this tax rate on accounts of a type."""
    return tax_types.usable(rate) and bool(rate.get(f"CanApplyTo{FLAGS.get(new_accounts.class_of(kind), '')}"))


def _host(connection: str, account: str) -> HostAccount:
    """One posting account of the connection's company. Throws where there is none of this name."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    fields = ["name", "account_name", "account_number", "root_type", "account_type", "account_currency", "company", "is_group"]
    row = frappe.db.get_value("Account", account, fields, as_dict=True)
    if not row or row["company"] != company or row["is_group"] or row["name"] != account:
        frappe.throw(_("{0} has no posting account {1}").format(html(company), html(account)))
        raise AssertionError
    number, root, kind, title = (str(row[name] or "") for name in ("account_number", "root_type", "account_type", "account_name"))
    return HostAccount(account, number, root, kind, str(row["account_currency"] or ""), (), title)


def _cost_center(connection: str, cost_center: str) -> str:
    """The name of a cost centre of the connection's company, without the company's abbreviation. Throws where there is none."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    row = frappe.db.get_value("Cost Center", cost_center, ["name", "cost_center_name", "company"], as_dict=True)
    if not row or row["company"] != company or row["name"] != cost_center:
        frappe.throw(_("{0} has no cost centre {1}").format(html(company), html(cost_center)))
        raise AssertionError
    return str(row["cost_center_name"] or cost_center)


def _map(doctype: str, connection: str, of: dict[str, str], choice: dict[str, str]) -> None:
    """Choose what was made in the mapping, through the mapping's own checks, as the user of now."""
    known = frappe.db.get_value(doctype, {"connection": connection, **of}, "name")
    doc = frappe.get_doc(doctype, known) if known else frappe.get_doc({"doctype": doctype, "connection": connection, **of})
    doc.update(choice)
    doc.save()
