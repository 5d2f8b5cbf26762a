"""What a person changes in an organisation's own settings: accounts, tax rates, tracking, locks, its plan, and who is connected to it.

Documents and contacts: ``people``.
"""
from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, organisation, wire
from sandbox.xero.organisation import Limits, Plan
from sandbox.xero.world import Call


def _account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    account = call.org.account(code=body.get("Code"), account_id=body.get("AccountID"))
    if account is None:
        raise ValueError("no such account")
    return account


def edit_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes fields of an account (find by AccountID or Code), for example Status, TaxType, Name."""
    account = _account(call, body)
    account.update({k: v for k, v in body.items() if k not in ("AccountID", "Code")}, updated=clock.now())
    return account


def recode_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Gives the account ``Code`` (or AccountID) the code ``NewCode``; it stays the same account (A: its AccountID is kept)."""
    account = _account(call, body)
    if call.org.account(code=body["NewCode"]):
        raise ValueError(f"code {body['NewCode']} is used")
    account.update(Code=body["NewCode"], updated=clock.now())
    return account


def delete_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes an account that no line uses (A: one that is used can only be archived)."""
    account = _account(call, body)
    used = {line.get("account") for records in call.org.records.values() for record in records.values()
            for line in record.get("lines") or []}
    if account["AccountID"] in used:
        raise ValueError("the account is used")
    return call.org.accounts.pop(account["AccountID"])


def edit_tracking(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Renames (``NewName``) or archives (``Status``) the category ``Name`` or, with ``Option``, one of its options; ids stay (A).
    Lines keep the name that they were stored with (C)."""
    category = next(each for each in call.org.tracking.values() if each["Name"] == body["Name"])
    edited = next(each for each in category["Options"] if each["Name"] == body["Option"]) if body.get("Option") else category
    edited.update({"Name": body.get("NewName", edited["Name"]), "Status": body.get("Status", edited["Status"])})
    return category


def settings_as_they_are(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Accounts, tax rates, tracking, currencies, items and locks, whole: changes nothing."""
    org = call.org
    return {"accounts": org.accounts, "tax_rates": org.tax_rates, "tracking": org.tracking, "currencies": org.currencies, "items": org.items,
            "locks": [org.period_lock, org.year_lock], "name": org.name}


def archive_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return edit_account(call, {**body, "Status": "ARCHIVED"})


def add_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A new account: Code, Name, Type, Class, TaxType, for banks CurrencyCode."""
    if call.org.account(code=body.get("Code")):
        raise ValueError(f"code {body['Code']} is used")
    return organisation.add_account(call.org, body)


def add_tax_rate(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A rate of the organisation's own: Name, EffectiveRate (per cent); TaxType TAX001 and on unless given."""
    return organisation.add_tax_rate(call.org, body)


def edit_tax_rate(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes fields of a rate; a new EffectiveRate without TaxComponents is one component of that rate."""
    rate = call.org.tax_rates[body["TaxType"]]
    rate.update(body)
    if "EffectiveRate" in body:
        rate["EffectiveRate"] = rate["DisplayTaxRate"] = Decimal(str(body["EffectiveRate"]))
        if "TaxComponents" not in body:
            rate["TaxComponents"] = [{"Name": rate["Name"], "Rate": rate["EffectiveRate"], "IsCompound": False,
                                      "IsNonRecoverable": False}]
    return rate


def add_tracking(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return organisation.add_tracking(call.org, body["Name"], body.get("Options", []))


def add_item(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A new item: Code, Name, IsSold, IsPurchased, SalesDetails, PurchaseDetails; ``InventoryAssetAccountCode`` makes it a tracked one, ``opening`` is
    the quantity it starts with."""
    return organisation.add_item(call.org, body)


def edit_item(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes fields of the item ``Code``; ``InventoryAssetAccountCode`` (or null) is whether its quantity is tracked."""
    item = _item(call, body)
    item.update(body, updated=clock.now())
    return organisation.set_tracked(call.org, item, item.get("InventoryAssetAccountCode"))


def delete_item(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes the item ``Code``; lines that have it keep it (C)."""
    return call.org.items.pop(_item(call, body)["ItemID"])


def _item(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    found = call.org.item(body["Code"])
    if found is None:
        raise ValueError("no such item")
    return found


def set_lock_dates(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``period`` and ``year_end``: YYYY-MM-DD or null."""
    call.org.period_lock = wire.parse_day(body.get("period"))
    call.org.year_lock = wire.parse_day(body.get("year_end"))
    return organisation.describe(call.org)


def set_limits(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``concurrent``, ``minute``, ``day`` (calls) and ``latency`` (real seconds every call takes)."""
    call.org.latency = float(body.pop("latency", call.org.latency))
    call.org.limits = Limits(**{**vars(call.org.limits), **body})
    return {**vars(call.org.limits), "latency": call.org.latency}


def set_plan(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``invoices`` and ``bills`` that may be approved a month (20 and 5 in Xero's smallest plan); null or left out: any number."""
    call.org.plan = Plan(body.get("invoices"), body.get("bills"))
    return vars(call.org.plan)


def set_user(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """What a user (``UserID``, or whoever is connected) may do here: ``OrganisationRole``, and ``reports`` (true, false)."""
    connected = [each["user"] for each in call.world.connections.values() if each["tenantId"] == call.org.tenant]
    user = body.get("UserID") or connected[0]
    if body.get("OrganisationRole"):
        call.org.roles[user] = body["OrganisationRole"]
    call.org.without_reports = [each for each in call.org.without_reports if each != user] + ([] if body.get("reports", True) else [user])
    return {"UserID": user, "OrganisationRole": call.org.roles.get(user, "FINANCIALADVISER"), "reports": user not in call.org.without_reports}


def set_class(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``class``: the organisation's plan as Xero names it (IGNITE, GROW, PREMIUM ...)."""
    call.org.plan_class = str(body["class"])
    return organisation.describe(call.org)


def set_demo(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``demo``: whether it is Xero's Demo Company, which people may fill and reset."""
    call.org.demo = bool(body["demo"])
    return organisation.describe(call.org)


def set_conversion(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Enters conversion balances: ``Date``, and ``Balances`` by account code (debit positive). What they do not add up to stands on Historical
    Adjustment (A: Xero Central, "Conversion balances")."""
    by_id: dict[str, Decimal] = {}
    for code, amount in body["Balances"].items():
        by_id[_account(call, {"Code": code})["AccountID"]] = wire.money(Decimal(str(amount)))
    rest = next(each["AccountID"] for each in call.org.accounts.values() if each.get("SystemAccount") == "HISTORICAL")
    by_id[rest] = by_id.get(rest, wire.ZERO) - sum(by_id.values(), wire.ZERO)
    call.org.conversion = {"Date": wire.parse_day(body["Date"]), "Balances": by_id}
    return {"conversion": str(call.org.conversion["Date"])}


def set_financial_year(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``month`` and ``day``: the last day of the financial year."""
    call.org.year_end = (int(body["month"]), int(body["day"]))
    return organisation.describe(call.org)


def set_budget(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """The overall budget: ``Lines`` by account code, by month (yyyy-mm), an amount in the account's own direction."""
    call.org.budget = {
        _account(call, {"Code": code})["AccountID"]: {date.fromisoformat(f"{month}-01"): wire.money(Decimal(str(amount))) for month, amount in months.items()}
        for code, months in body["Lines"].items()}
    return {"accounts": len(call.org.budget)}


def set_layout(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``own``: whether a layout of the organisation's own is the default of Profit and Loss and Balance Sheet."""
    call.org.own_layout = bool(body["own"])
    return {"own": call.org.own_layout}


def set_currencies(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    call.org.currencies = list(dict.fromkeys([call.org.currency, *body["currencies"]]))
    return {"currencies": call.org.currencies}


def disconnect(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes every connection to this organisation, as 'Connected apps' does."""
    gone = [i for i, c in call.world.connections.items() if c["tenantId"] == call.org.tenant]
    for connection in gone:
        del call.world.connections[connection]
    return {"removed": gone}


def reset_demo(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Xero (or a person) resets a demo company: it is founded anew under another tenant id, and no app is connected to it (C). What the former one held
    stays in the ledger; nobody can choose it any more."""
    former, world = call.org, call.world
    removed = disconnect(call, body)
    former.closed = True
    new = organisation.found(former.edition, former.currency, former.name, tenant=str(uuid.uuid4()), currencies=former.currencies)
    new.replaces, new.demo = former.tenant, former.demo
    world.organisations[new.tenant] = new
    return {**removed, "tenant": new.tenant}


ACTIONS: dict[str, Callable[[Call, dict[str, Any]], dict[str, Any]]] = {action.__name__: action for action in (
    settings_as_they_are, edit_account, archive_account, recode_account, delete_account, add_account, edit_tracking, add_tracking, add_tax_rate, edit_tax_rate,
    add_item, edit_item, delete_item,
    set_lock_dates, set_limits, set_plan, set_user, set_class, set_demo, set_conversion, set_financial_year, set_budget, set_layout, set_currencies, disconnect, reset_demo)}
