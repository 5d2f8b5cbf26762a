"""Organisation, accounts, tax rates, currencies, tracking: what the app reads to map."""
from __future__ import annotations

from typing import Any

from sandbox.xero import elements, listing, organisation, wire
from sandbox.xero.refusals import not_found
from sandbox.xero.world import Call

_ACCOUNT_FILTERS = {"AccountID", "Code", "Name", "Type", "Class", "Status", "SystemAccount", "TaxType",
                    "EnablePaymentsToAccount", "CurrencyCode", "UpdatedDateUTC", "BankAccountNumber"}
_CAN_APPLY = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")
_CURRENCY_NAMES = {"AUD": "Australian Dollar", "NZD": "New Zealand Dollar", "GBP": "British Pound",
                   "USD": "United States Dollar", "EUR": "Euro"}


def show_account(account: dict[str, Any]) -> dict[str, Any]:
    """An account; SystemAccount only where there is one, CurrencyCode only on banks (A/B)."""
    shown = {key: account[key] for key in ("AccountID", "Code", "Name", "Status", "Type", "TaxType", "Class",
                                           "SystemAccount", "CurrencyCode", "BankAccountNumber", "BankAccountType")
             if account.get(key)}
    shown.update(EnablePaymentsToAccount=bool(account.get("EnablePaymentsToAccount")), ShowInExpenseClaims=False,
                 HasAttachments=False, UpdatedDateUTC=wire.ms_datetime(account["updated"]), AddToWatchlist=False)
    return shown


def show_tax_rate(rate: dict[str, Any]) -> dict[str, Any]:
    shown = {key: rate[key] for key in ("Name", "TaxType", "Status", "ReportTaxType") if rate.get(key)}
    shown.update({f"CanApplyTo{name}": name in rate["CanApplyTo"] for name in _CAN_APPLY})
    shown.update(DisplayTaxRate=wire.rounded(wire.number(rate["DisplayTaxRate"]) or wire.ZERO, 4),
                 EffectiveRate=wire.rounded(rate["EffectiveRate"], 4), TaxComponents=rate["TaxComponents"])
    return shown


def _list(call: Call, name: str, kind: str, rows: list[dict[str, Any]], filters: set[str], key: str) -> dict[str, Any]:
    where = listing.compile_where(call.query["where"], kind, filters) if call.query.get("where") else None
    rows = [row for row in rows if where is None or where(row)]
    order = call.query.get("order")
    return elements.success(**{name: listing.in_order(rows, order, key) if order else rows})


def organisation_(call: Call) -> dict[str, Any]:
    return elements.success(Organisations=[organisation.describe(call.org)])


def accounts(call: Call) -> dict[str, Any]:
    since = listing.modified_since(call.headers.get("if-modified-since"))
    rows = [show_account(a) for a in call.org.accounts.values() if not since or a["updated"] >= since]
    return _list(call, "Accounts", "Account", rows, _ACCOUNT_FILTERS, "AccountID")


def account(call: Call, account_id: str) -> dict[str, Any]:
    found = call.org.account(account_id=account_id)
    if found is None:
        raise not_found()
    return elements.success(Accounts=[show_account(found)])


def tax_rates(call: Call) -> dict[str, Any]:
    rows = [show_tax_rate(rate) for rate in call.org.tax_rates.values()]
    filters = {"Name", "TaxType", "Status", "ReportTaxType", "EffectiveRate", "DisplayTaxRate",
               *(f"CanApplyTo{name}" for name in _CAN_APPLY)}
    return _list(call, "TaxRates", "TaxRate", rows, filters, "TaxType")


def tax_rate(call: Call, tax_type: str) -> dict[str, Any]:
    if tax_type not in call.org.tax_rates:
        raise not_found()
    return elements.success(TaxRates=[show_tax_rate(call.org.tax_rates[tax_type])])


def currencies(call: Call) -> dict[str, Any]:
    rows = [{"Code": code, "Description": _CURRENCY_NAMES.get(code, code)} for code in call.org.currencies]
    return _list(call, "Currencies", "Currency", rows, {"Code", "Description"}, "Code")


def tracking(call: Call) -> dict[str, Any]:
    """Active categories; archived ones too with includeArchived=true (A)."""
    archived = call.query.get("includeArchived", "").lower() == "true"
    rows = []
    for category in call.org.tracking.values():
        if archived or category["Status"] == "ACTIVE":
            options = [option for option in category["Options"] if archived or option["Status"] == "ACTIVE"]
            rows.append({**category, "Options": options})
    return _list(call, "TrackingCategories", "TrackingCategory", rows, {"Name", "Status", "TrackingCategoryID"},
                 "TrackingCategoryID")


def tracking_one(call: Call, category_id: str) -> dict[str, Any]:
    if category_id.lower() not in call.org.tracking:
        raise not_found()
    return elements.success(TrackingCategories=[call.org.tracking[category_id.lower()]])


def users(call: Call) -> dict[str, Any]:
    """Everybody who has connected this organisation to an app, and whoever was given a role in it; UserID is the id in the token (C)."""
    known = dict.fromkeys([*(each["user"] for each in call.world.connections.values() if each["tenantId"] == call.org.tenant), *call.org.roles])
    return elements.success(Users=[show_user(call, each) for each in known if each])


def show_user(call: Call, user: str) -> dict[str, Any]:
    return {"UserID": user, "EmailAddress": "admin@example.com", "FirstName": "Ada", "LastName": "Admin", "IsSubscriber": False,
            "UpdatedDateUTC": wire.ms_datetime(call.org.created), "OrganisationRole": call.org.roles.get(user, "FINANCIALADVISER")}


def actions(call: Call) -> dict[str, Any]:
    """What the signed-in user may do here (A: names and statuses in Xero's description; B: that the list has the one of the lock date). Here
    advisers alone post before the period lock date."""
    adviser = not call.user or call.org.roles.get(call.user, "FINANCIALADVISER") == "FINANCIALADVISER"
    may = {"CreateApprovedInvoice": True, "CreateApprovedBill": True, "CreateDraftInvoice": True, "CreateDraftBill": True,
           "UseMulticurrency": len(call.org.currencies) > 1, "ApproveTransactionsBeforePeriodLockDate": adviser}
    return elements.success(Actions=[{"Name": name, "Status": "ALLOWED" if allowed else "NOT-ALLOWED"} for name, allowed in may.items()])


def put_account(call: Call) -> dict[str, Any]:
    """PUT Accounts: one account, bare or wrapped (A); Class and, where it is left out, TaxType follow the Type."""
    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        return show_account(organisation.create_account(call.org, element))
    shown = elements.write_one(call, "Accounts", "Account", "AccountID", elements.only(call, "Accounts"), one)
    created = shown["Accounts"][0]
    call.world.note(call, "Accounts", created["AccountID"], "created", {"code": created.get("Code"), "name": created["Name"]})
    return shown


def put_option(call: Call, category_id: str) -> dict[str, Any]:
    """PUT TrackingCategories/{id}/Options: one option, bare (A)."""
    category = call.org.tracking.get(category_id.lower())
    if category is None:
        raise not_found()

    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        return dict(organisation.create_option(call.org, category, element))
    shown = elements.write_one(call, "Options", "TrackingOption", "TrackingOptionID", elements.only(call, "Options"), one)
    created = shown["Options"][0]
    call.world.note(call, "TrackingOptions", created["TrackingOptionID"], "created", {"category": category["Name"], "name": created["Name"]})
    return shown


_SCOPE = "accounting.settings"
ROUTES = [
    ("GET", r"/Users", _SCOPE, users), ("GET", r"/Organisation/Actions", _SCOPE, actions),
    ("PUT", r"/Accounts", _SCOPE, put_account), ("PUT", r"/TrackingCategories/([^/]+)/Options", _SCOPE, put_option),
    ("GET", r"/Organisation", _SCOPE, organisation_), ("GET", r"/Accounts", _SCOPE, accounts),
    ("GET", r"/Accounts/([^/]+)", _SCOPE, account), ("GET", r"/TaxRates", _SCOPE, tax_rates),
    ("GET", r"/TaxRates/([^/]+)", _SCOPE, tax_rate), ("GET", r"/Currencies", _SCOPE, currencies),
    ("GET", r"/TrackingCategories", _SCOPE, tracking), ("GET", r"/TrackingCategories/([^/]+)", _SCOPE, tracking_one)]
