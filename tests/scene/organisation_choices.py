"""What an admin of a recorded company has chosen, against an organisation of its country, and what Xero's own arithmetic makes of lines."""

from __future__ import annotations

from functools import cache
from typing import Any

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.tax_types import TaxType, classes_of, listed
from picortex_xero.documents.translation import Translation
from sandbox.rig import MAPPINGS
from sandbox.xero import lines
from sandbox.xero.organisation import Organisation, add_account, add_tax_rate, describe, found
from sandbox.xero.resources.settings import show_account, show_tax_rate


@cache
def organisation(country: str) -> Organisation:
    """An organisation of the edition with its default chart and rates, and what its accountant has added."""
    made = found(country, None, f"Cases {country}")
    for account in MAPPINGS[country]["added_accounts"]:
        add_account(made, account)
    for rate in MAPPINGS[country]["added_rates"]:
        add_tax_rate(made, rate)
    return made


def choices(place: str, company: dict[str, Any], **changes: Any) -> Mapping:
    """The mapping of a recorded company, with the organisation's lists as the app reads them."""
    chosen, suffix, org = MAPPINGS[place], f" - {company['abbr']}", organisation(place)
    types: dict[str, TaxType] = {code: listed(show_tax_rate(rate)) for code, rate in org.tax_rates.items()}
    classes = {
        account["name"]: classes_of(account.get("account_type"), account.get("root_type")) for account in company["masters"]["Account"]
    }
    shown = [show_account(account) for account in org.accounts.values()]
    known: dict[str, Any] = {
        "accounts": {f"{name}{suffix}": code for name, code in chosen["accounts"].items()},
        "taxes": {
            (direction, key.replace("{}", suffix), template.replace("{}", suffix)): types[code]
            for direction, key, template, code in chosen["taxes"]
        },
        "tax_types": types,
        "host_classes": classes,
        "xero_classes": {account["Code"]: account["Class"] for account in shown if account.get("Code")},
        **{name: chosen[name] for name in ("rounding_account", "no_tax_type")},
        "country": describe(org)["CountryCode"],
    }
    return Mapping(org.currency, "AUTHORISED", **{**known, **changes})


def worked_out(country: str, made: Translation) -> list[dict[str, Any]]:
    """The lines as the simulator keeps them; raises where it would refuse one."""
    side = "SALE" if made.body["Type"].startswith("ACCREC") else "PURCHASE"
    context = lines.LineContext(organisation(country), side, made.body["LineAmountTypes"], True, True)
    return lines.work_out(context, made.body["LineItems"], [], {})
