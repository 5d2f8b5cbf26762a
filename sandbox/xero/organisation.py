"""One organisation's books: settings, chart, documents; and what an edition starts with.

Everything is kept as plain objects guarded by the simulator's one lock; nothing here knows HTTP.
"""
from __future__ import annotations

import hashlib
import json
import uuid
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, wire
from sandbox.xero.refusals import DATA, Refused, refuse, text

EDITIONS = ("AU", "NZ", "UK", "US")
_CHARTS = json.loads((DATA / "charts.json").read_text())
_RATES = json.loads((DATA / "tax_rates.json").read_text(), parse_float=Decimal)
# The class of an account follows its type (A: Xero's API, "Accounts").
CLASSES = {"BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET", "NONCURRENT": "ASSET", "PREPAYMENT": "ASSET",
           "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "TERMLIAB": "LIABILITY", "PAYG": "LIABILITY", "EQUITY": "EQUITY",
           "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE", "EXPENSE": "EXPENSE", "OVERHEADS": "EXPENSE",
           "OTHERINCOME": "REVENUE", "REVENUE": "REVENUE", "SALES": "REVENUE"}
_COUNTRY = {"AU": "AU", "NZ": "NZ", "UK": "GB", "US": "US"}
_TIMEZONE = {"AU": "AUSEASTERNSTANDARDTIME", "NZ": "NEWZEALANDSTANDARDTIME", "UK": "GMTSTANDARDTIME",
             "US": "USMOUNTAINSTANDARDTIME"}
# USD for one unit, round figures of 2026; only determinism matters (C).
_USD = {"USD": "1", "NZD": "0.58", "AUD": "0.655", "GBP": "1.31", "EUR": "1.15", "SGD": "0.77", "JPY": "0.0065",
        "CAD": "0.71", "INR": "0.0113", "ZAR": "0.058"}


@dataclass
class Limits:
    """Calls allowed; the real figures unless a test changes them (A/B: Xero's FAQ and documentation on API limits)."""

    concurrent: int = 5
    minute: int = 60
    day: int = 5000


@dataclass
class Plan:
    """How many sales invoices and bills may be approved in a calendar month; None is any number.

    20 and 5 are the figures of Xero's smallest plan (B: help.dext.com, help.yourtradebase.com quote the refusal; Xero's pricing pages the
    figures). That a month is the calendar's in UTC, that each approval counts once however it is made, and that bills are refused in
    the words for invoices, is C. Credit notes are not counted (C).
    """

    invoices: int | None = None
    bills: int | None = None


@dataclass
class Organisation:
    """State of one tenant. ``records`` maps a resource name to {id: record} in order of creation."""

    tenant: str
    name: str
    edition: str
    currency: str
    short_code: str
    currencies: list[str]
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tax_rates: dict[str, dict[str, Any]] = field(default_factory=dict)
    tracking: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)
    period_lock: date | None = None
    year_lock: date | None = None
    year_end: tuple[int, int] = (3, 31)  # the last day of the financial year: month, day
    # The overall budget: by account id, by first day of a month, in the account's own direction (A: income and expenses both positive).
    budget: dict[str, dict[date, Decimal]] = field(default_factory=dict)
    # Somebody saved a layout of their own as default: expenses are one group, which has no account (B: Fathom asks for the standard layout).
    own_layout: bool = False
    # Conversion balances: ``Date``, and ``Balances`` by account id (debit positive), as a person entered them; they sum to zero.
    conversion: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    plan: Plan = field(default_factory=Plan)
    plan_class: str = "PREMIUM"  # as Xero's OpenAPI description names plans (Organisation.Class)
    demo: bool = False
    latency: float = 0.0
    counters: dict[str, int] = field(default_factory=dict)
    created: float = field(default_factory=clock.now)
    closed: bool = False  # nobody can choose it at the consent any more
    replaces: str = ""  # the tenant id of the demo company that was reset
    roles: dict[str, str] = field(default_factory=dict)  # OrganisationRole by user id; FINANCIALADVISER where nothing is said
    without_reports: list[str] = field(default_factory=list)  # users who may not see reports

    def of(self, resource: str) -> dict[str, Any]:
        return self.records.setdefault(resource, {})

    def index(self, name: str) -> dict[str, str]:
        """A unique index: folded key -> record id."""
        return self.numbers.setdefault(name, {})

    def next(self, counter: str) -> int:
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def today(self) -> date:
        """Today's date; taken in UTC, since no rule here depends on the organisation's zone (C)."""
        return clock.utc(clock.now()).date()

    def year_start(self, day: date) -> date:
        """The first day of the financial year that ``day`` is in."""
        ends = [date(year, self.year_end[0], min(self.year_end[1], monthrange(year, self.year_end[0])[1])) for year in (day.year - 1, day.year)]
        return max(each for each in ends if each < day) + timedelta(days=1)

    def account(self, *, code: str | None = None, account_id: str | None = None) -> dict[str, Any] | None:
        if account_id:
            return self.accounts.get(account_id.lower())
        return next((a for a in self.accounts.values() if code and a.get("Code") == code), None)

    def item(self, code: str) -> dict[str, Any] | None:
        """The item of this code, spelt exactly so (that case counts: C)."""
        return next((each for each in self.items.values() if each["Code"] == code), None)

    def day_rate(self, currency: str, day: date) -> Decimal:
        """Document currency per one base unit for an omitted CurrencyRate: deterministic, 6 decimals.

        Stands for the XE.com rate Xero takes (A that it does; the figure is made up).
        """
        base, other = Decimal(_USD.get(self.currency, "1")), Decimal(_USD.get(currency, "1"))
        digest = hashlib.sha256(f"{self.currency}{currency}{day}".encode()).digest()
        wobble = Decimal(int.from_bytes(digest[:2], "big") % 400 - 200) / 10000
        return wire.rounded(base / other * (1 + wobble), 6)


def identifier(*parts: str) -> str:
    """A stable GUID, so that a repeated run meets the same ids."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "sandbox/" + "/".join(parts)))


def found(edition: str, currency: str | None, name: str, **options: Any) -> Organisation:
    """A new organisation of an edition (AU, NZ, UK, US) with its default chart, rates and a bank account each."""
    if edition not in EDITIONS:
        raise ValueError(f"edition {edition!r} is not one of {', '.join(EDITIONS)}")
    base = currency or _CHARTS["currencies"][edition]
    tenant = options.get("tenant") or identifier(edition, name)
    code = "!" + hashlib.sha256(tenant.encode()).hexdigest()[:5].upper()
    enabled = list(dict.fromkeys([base, *options.get("currencies", ["AUD", "EUR", "GBP", "NZD", "USD"])]))
    org = Organisation(tenant, name, edition, base, code, enabled)
    for row in _CHARTS[edition]:
        add_account(org, row)
    for row in _RATES[edition]:
        add_tax_rate(org, row)
    return org


def add_account(org: Organisation, row: dict[str, Any]) -> dict[str, Any]:
    """Adds one account from a chart row; a bank account of the edition's own currency follows the base currency."""
    account = {key: value for key, value in row.items() if key != "grade"}
    account["AccountID"] = row.get("AccountID") or identifier(org.tenant, "account", row.get("Code", ""), row["Name"])
    account.setdefault("Status", "ACTIVE")
    account["updated"] = clock.now()
    if account["Type"] == "BANK":
        if account.get("CurrencyCode") in (None, _CHARTS["currencies"][org.edition]):
            account["CurrencyCode"] = org.currency
        account.setdefault("BankAccountType", "BANK")
        account.setdefault("BankAccountNumber", "0" * 9 + account.get("Code", "0"))
    org.accounts[account["AccountID"]] = account
    return account


def create_account(org: Organisation, element: dict[str, Any]) -> dict[str, Any]:
    """What PUT Accounts makes of an element. Raises Refused: unique Code and Name (archived ones count), at most 10 and 150 characters (A)."""
    code, name, kind = (str(element.get(field) or "").strip() for field in ("Code", "Name", "Type"))
    messages = []
    if kind not in CLASSES or kind == "BANK":
        messages.append(f"The account type '{kind}' is not valid.")  # banks need an account number, which nothing here sends; wording C
    if not code or len(code) > 10:
        messages.append("The Code field must have 1 to 10 characters.")  # length A, wording C
    if not name or len(name) > 150:
        messages.append("The Name field must have 1 to 150 characters.")  # length A, wording C
    if any(str(each.get("Code") or "").casefold() == code.casefold() for each in org.accounts.values() if code):
        messages.append("Please enter a unique Code.")  # after E056, which is the Name's; wording C
    if any(each["Name"].casefold() == name.casefold() for each in org.accounts.values()):
        raise refuse("E056")
    tax = element.get("TaxType") or "NONE"
    if tax not in org.tax_rates and tax != "NONE":
        messages.append(f"TaxType code '{tax}' does not exist or has been archived.")  # wording C
    if messages:
        raise Refused(*messages)
    return add_account(org, {**element, "AccountID": str(uuid.uuid4()), "Class": CLASSES[kind], "TaxType": tax})


def add_item(org: Organisation, element: dict[str, Any]) -> dict[str, Any]:
    """Adds an item. Raises Refused: a unique Code of at most 30 characters, a Name of at most 50 (A). It is tracked where it has an INVENTORY account,
    InventoryAssetAccountCode (A; that of the cost of what is sold is not looked at)."""
    code, name = str(element.get("Code") or "").strip(), str(element.get("Name") or "")
    messages = []
    if not code or len(code) > 30:
        messages.append("The Code field must have 1 to 30 characters.")  # length A, wording C
    if len(name) > 50:
        messages.append("The Name field must have at most 50 characters.")  # length A, wording C
    if org.item(code):
        messages.append(text("E060", code=code))
    if messages:
        raise Refused(*messages)
    item = {"ItemID": identifier(org.tenant, "item", code), "IsSold": True, "IsPurchased": True, **element, "Code": code, "Name": name}
    org.items[item["ItemID"]] = item
    return set_tracked(org, item, element.get("InventoryAssetAccountCode"))


def set_tracked(org: Organisation, item: dict[str, Any], account_code: str | None) -> dict[str, Any]:
    """Lets Xero track the item's quantity on this account of type INVENTORY, or no longer (None). Raises Refused."""
    account = org.account(code=account_code) if account_code else None
    if account_code and (account is None or account["Type"] != "INVENTORY"):
        raise Refused(text("E053", code=account_code))
    item.update(InventoryAssetAccountCode=account_code, IsTrackedAsInventory=bool(account_code), updated=clock.now())
    return item


def create_option(org: Organisation, category: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """What PUT TrackingCategories/{id}/Options makes of an element. Raises Refused: a unique name of at most 100 characters, at most 100 active
    options (A that there are limits, wordings C)."""
    name = str(element.get("Name") or "").strip()
    if not name or len(name) > 100:
        raise Refused("The tracking option name must have 1 to 100 characters.")
    if any(each["Name"].casefold() == name.casefold() for each in category["Options"]):
        raise refuse("E056")
    if sum(each["Status"] == "ACTIVE" for each in category["Options"]) >= 100:
        raise Refused("A tracking category can have at most 100 active options.")
    option = {"TrackingOptionID": str(uuid.uuid4()), "Name": name, "Status": "ACTIVE"}
    category["Options"].append(option)
    return option


def add_tax_rate(org: Organisation, row: dict[str, Any]) -> dict[str, Any]:
    rate = {key: value for key, value in row.items() if key != "grade"}
    rate.setdefault("Status", "ACTIVE")
    rate.setdefault("CanApplyTo", ["Assets", "Equity", "Expenses", "Liabilities", "Revenue"])
    rate.setdefault("TaxType", f"TAX{len([t for t in org.tax_rates if t.startswith('TAX')]) + 1:03d}")
    rate["EffectiveRate"] = Decimal(str(rate["EffectiveRate"]))
    rate.setdefault("DisplayTaxRate", rate["EffectiveRate"])
    rate.setdefault("TaxComponents", [{"Name": rate["Name"], "Rate": rate["DisplayTaxRate"], "IsCompound": False,
                                       "IsNonRecoverable": False}])
    org.tax_rates[rate["TaxType"]] = rate
    return rate


def add_tracking(org: Organisation, name: str, options: list[str]) -> dict[str, Any]:
    """Adds a tracking category; at most 2 active ones in an organisation (A)."""
    if sum(c["Status"] == "ACTIVE" for c in org.tracking.values()) >= 2:
        raise ValueError("an organisation has at most 2 active tracking categories")
    category_id = identifier(org.tenant, "tracking", name)
    org.tracking[category_id] = {
        "TrackingCategoryID": category_id, "Name": name, "Status": "ACTIVE",
        "Options": [{"TrackingOptionID": identifier(org.tenant, "tracking", name, option), "Name": option,
                     "Status": "ACTIVE"} for option in options]}
    return org.tracking[category_id]


def describe(org: Organisation) -> dict[str, Any]:
    """``GET /Organisation``: the fields of the published example; lock dates only when set (A)."""
    answer = {
        "OrganisationID": org.tenant, "Name": org.name, "LegalName": org.name, "PaysTax": True,
        "Version": org.edition, "OrganisationType": "COMPANY", "OrganisationEntityType": "COMPANY",
        "BaseCurrency": org.currency, "CountryCode": _COUNTRY[org.edition], "IsDemoCompany": org.demo,
        "OrganisationStatus": "ACTIVE", "FinancialYearEndDay": org.year_end[1], "FinancialYearEndMonth": org.year_end[0],
        "SalesTaxBasis": "ACCRUALS" if org.edition in ("AU", "UK") else "INVOICE",
        "SalesTaxPeriod": "QUARTERLY" if org.edition in ("AU", "UK") else "TWOMONTHS",
        "DefaultSalesTax": "Tax Exclusive", "DefaultPurchasesTax": "Tax Exclusive",
        "CreatedDateUTC": wire.ms_datetime(org.created), "Timezone": _TIMEZONE[org.edition],
        "ShortCode": org.short_code, "Class": "DEMO" if org.demo else org.plan_class, "Edition": "BUSINESS",
        "Addresses": [], "Phones": [], "ExternalLinks": [], "PaymentTerms": {}}
    if org.period_lock:
        answer["PeriodLockDate"] = wire.ms_date(org.period_lock)
    if org.year_lock:
        answer["EndOfYearLockDate"] = wire.ms_date(org.year_lock)
    return answer
