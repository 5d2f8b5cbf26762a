"""What Xero does with line items: accounts, tax types, tracking, amounts, tax per line, totals.

Rules and grades: line amount = quantity x unit price x (1 - discount), half up (A); unit price cut to 2 decimals
without ``unitdp=4`` (A); tax per line, half up, then summed (A/B); inclusive tax = gross - round(gross / (1 + rate), 2)
(A/B); a line's TaxAmount can be overridden (A), not above the line (B), no other distance limit is known (C).
"""
from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.xero import faults, item_lines, wire
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import Refused, text
from sandbox.xero.world import Call

# Control accounts a document line may not use (B: E049, which of them: C). GST is open for lines of the import types and
# ROUNDING for rounding lines (A/C: accounting rules; whether the API takes 860 is an open question).
CLOSED_ACCOUNTS = {"DEBTORS", "CREDITORS", "UNPAIDEXPCLM", "RETAINEDEARNINGS", "BANKCURRENCYGAIN",
                   "REALISEDCURRENCYGAIN", "UNREALISEDCURRENCYGAIN", "TRACKINGTRANSFERS"}
IMPORT_TYPES = ("GSTONIMPORTS", "GSTONCAPIMPORTS")
_CLASS_FLAG = {"ASSET": "Assets", "EQUITY": "Equity", "EXPENSE": "Expenses", "LIABILITY": "Liabilities",
               "REVENUE": "Revenue"}
MOST = Decimal("9999999999.99")


@dataclass(frozen=True)
class LineContext:
    """What the lines belong to: ``side`` SALE or PURCHASE, amount types, whether it is approved, unit decimals; ``drops``
    what a draft loses without being refused (the setting ``drafts_drop``, C)."""

    org: Organisation
    side: str
    amount_types: str
    approved: bool
    four_decimals: bool
    discounts: bool = True
    drops: tuple[str, ...] = ()


def work_out(context: LineContext, raw: list[Any], warnings: list[str], kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Every line as Xero keeps it. Raises Refused with the messages of all lines.

    ``kept`` maps the LineItemIDs of the document before an update; a line without its id is a new line (A) and
    new lines go to the top when mixed with known ones (B: NetStandard#374).
    """
    messages: list[str] = []
    new: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for entry in raw:
        if not isinstance(entry, dict):
            raise Refused(text("E032"))
        try:
            line = _line(context, entry, warnings)
        except Refused as refused:
            messages += refused.messages
            continue
        given = str(entry.get("LineItemID") or "").lower()
        if given and given in kept:
            known.append({**line, "LineItemID": given})
        else:
            new.append({**line, "LineItemID": str(uuid.uuid4())})
    if messages:
        raise Refused(*dict.fromkeys(messages))
    return new + known


def _line(context: LineContext, entry: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    messages: list[str] = []
    item = item_lines.item(context.org, context.side, entry, messages)
    entry = item_lines.with_defaults(context.side, entry, item)
    description = entry.get("Description")
    if not description:
        messages.append(text("E033"))
    elif len(str(description)) > 4000:
        messages.append("The Description field must be 4000 characters or fewer.")  # length A, wording C
    line: dict[str, Any] = {"Description": description or "", "Tracking": tags(context, entry, messages)}
    if item:
        line.update(item_lines.kept(item))
    if description and not item and not any(entry.get(key) is not None for key in
                               ("UnitAmount", "LineAmount", "AccountCode", "AccountID", "TaxType", "Quantity")):
        line.update(Quantity=None, UnitAmount=None, LineAmount=wire.ZERO, TaxAmount=wire.ZERO, TaxType="NONE",
                    comment=True)
    else:
        line.update(_amounts(context, entry, messages))
        account = _account(context, entry, messages, warnings)
        line["account"] = account["AccountID"] if account else None
        item_lines.check_account(context.side, item, account, messages)
        rate = _tax_rate(context, entry, account, messages)
        line["TaxType"] = rate["TaxType"] if rate else None
        line["TaxAmount"] = _tax(context, entry, line, rate, messages)
    if messages:
        raise Refused(*messages)
    return line


def _amounts(context: LineContext, entry: dict[str, Any], messages: list[str]) -> dict[str, Any]:
    quantity = wire.number(entry.get("Quantity", 1))
    unit, sent = wire.number(entry.get("UnitAmount")), wire.number(entry.get("LineAmount"))
    rate, discount = wire.number(entry.get("DiscountRate")), wire.number(entry.get("DiscountAmount"))
    quantity = Decimal(1) if quantity is None else wire.rounded(quantity, 4)
    if unit is None:
        unit = wire.rounded(sent / quantity, 4) if sent is not None and quantity else wire.ZERO
        full = sent if sent is not None else wire.ZERO
    else:
        if context.four_decimals and unit != wire.rounded(unit, 4):
            messages += [text("E054"), text("E055")]  # B: Xero-Java#353
        unit = wire.rounded(unit, 4 if context.four_decimals else 2)
        full = quantity * unit
    amount = wire.money(full)
    kept: dict[str, Any] = {}
    if rate is not None or discount is not None:
        if not context.discounts:
            messages.append(text("E039"))
        if full < 0:
            messages.append(text("E040", n=rate if rate is not None else discount))
        elif rate is not None:  # the rate wins when both are sent (B)
            amount, kept = wire.money(full * (100 - rate) / 100), {"DiscountRate": rate}
        elif discount is not None:
            discount = wire.money(discount)
            amount, kept = wire.money(full) - discount, {"DiscountAmount": discount}
        if full >= 0 and amount < 0:
            messages.append(text("E040", n=rate if rate is not None else discount))
    if sent is not None and sent != amount:
        messages.append(text("E037", sent=sent, computed=amount))
    if abs(amount) > MOST:
        messages.append("The line amount must be less than or equal to 9999999999.99")  # limit A, wording C
    return {"Quantity": quantity, "UnitAmount": unit, "LineAmount": amount, **kept}


def _account(context: LineContext, entry: dict[str, Any], messages: list[str],
             warnings: list[str]) -> dict[str, Any] | None:
    code, account_id = entry.get("AccountCode"), entry.get("AccountID")
    if not code and not account_id:
        if context.approved:
            messages.append(text("E052"))
        return None
    account = context.org.account(code=code, account_id=account_id)
    shown = code or account_id
    if account is None:
        if context.approved:
            messages.append(text("E049", code=shown))
        else:
            warnings.append(text("E051", code=shown))
        return None
    if account["Status"] != "ACTIVE" and "account" in context.drops and not context.approved:
        warnings.append(text("E050", code=shown))
        return None
    if account["Status"] != "ACTIVE":
        messages.append(text("E050", code=shown))
    elif account["Type"] == "BANK" or account.get("SystemAccount") in CLOSED_ACCOUNTS:
        messages.append(text("E049", code=shown))
    elif account.get("SystemAccount") == "GST" and entry.get("TaxType") not in IMPORT_TYPES:
        messages.append(text("E049", code=shown))
    return account


def _tax_rate(context: LineContext, entry: dict[str, Any], account: dict[str, Any] | None,
              messages: list[str]) -> dict[str, Any] | None:
    tax_type = entry.get("TaxType") or (account or {}).get("TaxType")
    if not tax_type:
        if context.approved and account is not None:
            messages.append(text("E059"))
        return None
    rate = context.org.tax_rates.get(tax_type)
    if rate is None or rate["Status"] != "ACTIVE" or looked_up(rate):
        if "tax" not in context.drops or context.approved:
            messages.append(text("E058", tax=tax_type))
        return None
    if account is not None and not fits(account, rate):
        messages.append(text("E057", tax=tax_type, code=account.get("Code", "")))
    return rate


def looked_up(rate: dict[str, Any]) -> bool:
    """Whether Xero works the tax out itself, from addresses, which the API does not take (A: TaxRates page; the refusal's words C)."""
    return rate["TaxType"] == "AVALARA" or rate.get("ReportTaxType") in ("AVALARA", "USSALESTAX")


def fits(account: dict[str, Any], rate: dict[str, Any]) -> bool:
    """Whether the rate may be used on accounts of this one's class (A: CanApplyTo...)."""
    return _CLASS_FLAG[account["Class"]] in rate["CanApplyTo"]


def _tax(context: LineContext, entry: dict[str, Any], line: dict[str, Any], rate: dict[str, Any] | None,
         messages: list[str]) -> Decimal:
    percent = rate["EffectiveRate"] if rate and not rate.get("shows_zero") else Decimal(0)
    if context.amount_types == "NoTax" or not percent:
        return wire.ZERO  # a TaxAmount sent on a zero rate is dropped, not kept (C)
    amount = line["LineAmount"]
    if context.amount_types == "Inclusive":
        own = amount - wire.money(amount / (1 + percent / 100))
    else:
        own = wire.money(amount * percent / 100)
    override = wire.number(entry.get("TaxAmount"))
    if override is None:
        return own
    override = wire.money(override)
    if abs(override) > abs(amount) or override * amount < 0:
        messages.append(text("E038"))
    return override


def tags(context: LineContext, entry: dict[str, Any], messages: list[str]) -> list[dict[str, str]]:
    """The tracking of a line as kept; unknown categories and options are added to ``messages`` (B: E063)."""
    found: list[dict[str, str]] = []
    for tag in entry.get("Tracking") or []:
        category = next((c for c in context.org.tracking.values() if c["Status"] == "ACTIVE" and (
            c["TrackingCategoryID"] == tag.get("TrackingCategoryID") or c["Name"] == tag.get("Name"))), None)
        option = next((o for o in category["Options"] if o["Status"] == "ACTIVE" and (
            o["TrackingOptionID"] == tag.get("TrackingOptionID") or o["Name"] == tag.get("Option"))),
            None) if category else None
        if category is None or option is None:
            # Dropped without a word from drafts where switched (C: reported, not documented).
            if "tracking" not in context.drops or context.approved:
                messages.append(text("E063"))
        else:
            found.append({"Name": category["Name"], "Option": option["Name"],
                          "TrackingCategoryID": category["TrackingCategoryID"],
                          "TrackingOptionID": option["TrackingOptionID"]})
    if len({tag["Name"] for tag in found}) != len(found) or len(found) > 2:
        messages.append("A line item can have at most 2 tracking categories.")  # limit A, wording C
    return found


def as_kept(call: Call, element: dict[str, Any], made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines as a ``keep`` fault lets them be stored: its ``line`` (0 unless said, or "all") loses or changes what ``set``
    names, whatever Xero's rules are; ``reverse`` stores them the other way round. Totals stay those of what was sent."""
    fault = call.fault or {}
    if fault.get("kind") != "keep" or (fault.get("marker") and not faults.holds(element, fault["marker"])):
        return made
    kept = [dict(line) for line in made]
    for at, line in enumerate(kept):
        if fault.get("line", 0) in (at, "all"):
            for name, value in (fault.get("set") or {}).items():
                if name == "AccountCode":
                    line["account"] = call.org.account(code=value)["AccountID"] if value else None  # type: ignore[index]
                else:
                    line[name] = wire.number(value) if name in ("LineAmount", "TaxAmount") else value
    return kept[::-1] if fault.get("reverse") else kept


def totals(lines: list[dict[str, Any]], amount_types: str) -> dict[str, Decimal]:
    """SubTotal, TotalTax, Total in document currency: sums of the lines (A)."""
    amount = sum((line["LineAmount"] for line in lines), wire.ZERO)
    tax = sum((line["TaxAmount"] for line in lines), wire.ZERO)
    net = amount - tax if amount_types == "Inclusive" else amount
    return {"SubTotal": net, "TotalTax": tax, "Total": net + tax}


def base_amounts(lines: list[dict[str, Any]], amount_types: str, rate: Decimal) -> dict[str, Decimal]:
    """Base-currency figures for the ledger: each line and its tax converted and rounded alone (B: Xero developer forum 45385; C)."""
    net = wire.ZERO
    tax = wire.ZERO
    for line in lines:
        own = line["LineAmount"] - (line["TaxAmount"] if amount_types == "Inclusive" else 0)
        net += wire.money(own / rate)
        tax += wire.money(line["TaxAmount"] / rate)
    return {"BaseSubTotal": net, "BaseTotalTax": tax, "BaseTotal": net + tax}


def show(org: Organisation, line: dict[str, Any], four_decimals: bool) -> dict[str, Any]:
    """A line as it is answered; UnitAmount at 2 decimals unless ``unitdp=4`` was asked for (A)."""
    shown = {"LineItemID": line["LineItemID"], "Description": line["Description"], "Tracking": line["Tracking"],
             "TaxAmount": line["TaxAmount"], "LineAmount": line["LineAmount"]}
    if line.get("comment"):
        return {**shown, "TaxType": "NONE"}
    shown["UnitAmount"] = wire.rounded(line["UnitAmount"], 4 if four_decimals else 2)
    shown["Quantity"] = wire.rounded(line["Quantity"], 4)
    if line["TaxType"]:
        shown["TaxType"] = line["TaxType"]
    if line["account"]:
        account = org.accounts[line["account"]]
        shown["AccountID"] = account["AccountID"]
        if account.get("Code"):
            shown["AccountCode"] = account["Code"]
    shown.update(item_lines.show(line))
    for key in ("DiscountRate", "DiscountAmount"):
        if key in line:
            shown[key] = line[key]
    return shown
