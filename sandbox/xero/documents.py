"""Invoices and credit notes: the rules both share, from the header to the change of status.

Statuses: DRAFT <-> SUBMITTED -> AUTHORISED -> PAID (by settlement only); DELETED from DRAFT and SUBMITTED; VOIDED from
AUTHORISED without payments or credits; AUTHORISED never goes back (A/B: Xero developer documentation, invoices).
"""
from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from sandbox.xero import clock, contacts, lines, numbers, wire
from sandbox.xero.refusals import Refused, refuse, text
from sandbox.xero.world import Call

AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
_AFTER_PAYMENT = {"Reference", "DueDate", "Url", "PlannedPaymentDate", "ExpectedPaymentDate", "BrandingThemeID"}


@dataclass(frozen=True)
class Kind:
    """What differs between the document resources."""

    resource: str
    schema: str
    id_key: str
    number_key: str
    sale: str
    purchase: str
    prefix: str
    due: bool
    url: bool


def check_locks(call: Call, day: date) -> None:
    """Lock dates hold approved documents; drafts pass (B: E081, E082, E133)."""
    for lock, error in ((call.org.year_lock, "E081"), (call.org.period_lock, "E082")):
        if lock and day <= lock:
            raise refuse(error, date=lock.strftime("%d-%b-%Y"))


def check_plan(call: Call, kind: Kind, element: dict[str, Any]) -> None:
    """The plan's cap of approvals a month (B: E045; see organisation.Plan for what of it is C)."""
    if kind.id_key != "InvoiceID":
        return
    what = "invoices" if element.get("Type") == kind.sale else "bills"
    most = getattr(call.org.plan, what)
    if most is not None and call.org.counters.get(_approvals(call, what), 0) >= most:
        raise refuse("E045")


def count_approval(call: Call, kind: Kind, record: dict[str, Any]) -> None:
    """One document more was approved this month."""
    if kind.id_key == "InvoiceID":
        call.org.next(_approvals(call, "invoices" if record["Type"] == kind.sale else "bills"))


def _approvals(call: Call, what: str) -> str:
    return f"approved {what} {call.org.today():%Y-%m}"


def check_url(value: Any) -> list[str]:
    """Absolute http(s), without the word xero (B: reports of users of the API; the wording of the second refusal is unknown, C)."""
    if value in (None, ""):
        return []
    parts = urlsplit(str(value))
    if parts.scheme not in ("http", "https") or not parts.netloc or "xero" in str(value).lower():
        return [text("E041")]
    return []


def currency_of(call: Call, element: dict[str, Any], day: date) -> tuple[str, Decimal]:
    """Currency and rate (document currency per one base unit, 6 decimals: A). Raises Refused when not enabled."""
    code = element.get("CurrencyCode") or call.org.currency
    if code not in call.org.currencies:
        raise refuse("E070", CUR=code)
    if code == call.org.currency:
        return code, Decimal(1)
    sent = wire.number(element.get("CurrencyRate"))
    if sent is None:
        return code, call.org.day_rate(code, day)
    if wire.rounded(sent, 6) <= 0:
        raise Refused("The currency rate must be greater than zero.")  # wording C
    return code, wire.rounded(sent, 6)


def _dates(call: Call, kind: Kind, element: dict[str, Any], approved: bool, messages: list[str]) -> dict[str, Any]:
    day = wire.parse_day(element["Date"]) if element.get("Date") else call.org.today()
    if day is None:
        messages.append("The Date is not valid.")  # wording C
        day = call.org.today()
    values: dict[str, Any] = {"Date": day}
    if kind.due:
        due = wire.parse_day(element.get("DueDate"))
        if due is None and approved:
            messages.append(text("E034"))
        values["DueDate"] = due
    return values


def build(call: Call, kind: Kind, element: dict[str, Any], warnings: list[str],
          old: dict[str, Any] | None = None) -> dict[str, Any]:
    """The values of a document from an element (and, on update, what it was). Raises Refused with every message."""
    sale = element.get("Type") == kind.sale
    if element.get("Type") not in (kind.sale, kind.purchase):
        raise refuse("E024")
    status = element.get("Status") or "DRAFT"
    approved = status in ("SUBMITTED", "AUTHORISED")
    messages: list[str] = check_url(element.get("Url")) if kind.url else []
    for field in (kind.number_key, "Reference"):
        if len(str(element.get(field) or "")) > 255:
            messages.append(f"The {field} field must be 255 characters or fewer.")  # length A, wording C
    values: dict[str, Any] = {"Type": element["Type"], "Status": status, **_dates(call, kind, element, approved,
                                                                                messages)}
    if status == "AUTHORISED":
        try:
            check_locks(call, values["Date"])
        except Refused as refused:
            messages += refused.messages
    types = element.get("LineAmountTypes") or "Exclusive"
    if types not in AMOUNT_TYPES:
        messages.append("LineAmountTypes is not valid.")  # wording C
        types = "Exclusive"
    try:
        values["CurrencyCode"], values["CurrencyRate"] = currency_of(call, element, values["Date"])
    except Refused as refused:
        messages += refused.messages
    raw = element.get("LineItems")
    if raw is None and old is not None:
        priced = old["lines"]
    elif not raw:
        messages.append(text("E032"))
        priced = []
    else:
        context = lines.LineContext(call.org, "SALE" if sale else "PURCHASE", types, approved, call.four_decimals,
                                    discounts=kind.id_key == "InvoiceID" and sale,
                                    drops=tuple(call.world.settings["drafts_drop"]) if status == "DRAFT" else ())
        try:
            priced = lines.work_out(context, raw, warnings, {line["LineItemID"]: line for line in old["lines"]}
                                    if old else {})
        except Refused as refused:
            messages += refused.messages
            priced = []
    values.update(LineAmountTypes=types, lines=lines.as_kept(call, element, priced), **lines.totals(priced, types))
    if values["Total"] < 0:
        messages.append(text("E035"))
    if element.get("SentToContact") is not None and status != "AUTHORISED":
        warnings.append(text("E042"))
    if messages:
        raise Refused(*dict.fromkeys(messages))
    contact = contacts.of_document(call, element.get("Contact"))
    values.update(contact=contact["ContactID"], Reference=(element.get("Reference") or "") if sale else "",
                  Url=element.get("Url") if kind.url else None,
                  SentToContact=bool(element.get("SentToContact")) and status == "AUTHORISED",
                  **lines.base_amounts(priced, types, values["CurrencyRate"]))
    contact["IsCustomer" if sale else "IsSupplier"] = True
    return values


def _number(call: Call, kind: Kind, element: dict[str, Any]) -> str:
    """The number of a new document; refused when taken. A voided one keeps its number (B: xero-php-oauth2#257)."""
    given = element.get(kind.number_key)
    if element.get("Type") != kind.sale:
        return given or ""
    index = call.org.index(kind.resource)
    if not given:
        while True:
            given = f"{kind.prefix}-{call.org.next(kind.prefix):04d}"
            if given.casefold() not in index:
                return given
    taken = index.get(given.casefold())  # compared without case: C
    if taken:
        live = call.org.of(kind.resource)[taken]["Status"] not in ("VOIDED", "DELETED")
        raise refuse("E020" if live else "E023")
    return given


def create(call: Call, kind: Kind, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """A new document. Creation takes DRAFT, SUBMITTED and AUTHORISED (B: E022)."""
    if (element.get("Status") or "DRAFT") not in ("DRAFT", "SUBMITTED", "AUTHORISED"):
        raise refuse("E022")
    if element.get(kind.id_key) and str(element[kind.id_key]).strip("0-"):
        exists = str(element[kind.id_key]).lower() in call.org.of(kind.resource)
        raise refuse("E023" if exists else "E030")
    number = _number(call, kind, element)
    if element.get("Status") == "AUTHORISED":
        check_plan(call, kind, element)
    values = build(call, kind, element, warnings)
    record = {kind.id_key: str(uuid.uuid4()), kind.number_key: number, **values, "settled": wire.ZERO,
              "credited": wire.ZERO, "payments": [], "allocations": [], "FullyPaidOnDate": None, "client": call.client}
    call.org.of(kind.resource)[record[kind.id_key]] = record
    if number and record["Type"] == kind.sale:
        call.org.index(kind.resource)[number.casefold()] = record[kind.id_key]
    if record["Status"] == "AUTHORISED":
        count_approval(call, kind, record)
    changed(call, kind, record, "created")
    return record


def changed(call: Call, kind: Kind, record: dict[str, Any], action: str) -> None:
    """Bumps UpdatedDateUTC and notes the change in the ledger."""
    record["updated"] = clock.now()
    numbers.note(call, kind.resource, record[kind.id_key], record[kind.number_key])
    call.world.note(call, kind.resource, record[kind.id_key], action, {
        "type": record["Type"], "number": record[kind.number_key], "reference": record["Reference"],
        "url": record["Url"], "status": record["Status"], "contact": record["contact"],
        "currency": record["CurrencyCode"], "total": record["Total"], "tax": record["TotalTax"],
        "base_total": record["BaseTotal"], "due": outstanding(record)})


def outstanding(record: dict[str, Any]) -> Decimal:
    """AmountDue or RemainingCredit in document currency; 0 for a dead document (C)."""
    if record["Status"] in ("VOIDED", "DELETED"):
        return wire.ZERO
    return record["Total"] - record["settled"] - record["credited"]


def _as_element(kind: Kind, record: dict[str, Any]) -> dict[str, Any]:
    element = {key: record.get(key) for key in (
        "Type", "Status", "LineAmountTypes", "CurrencyCode", "CurrencyRate", "Reference", "Url", kind.number_key)}
    element.update(Date=record["Date"].isoformat(), Contact={"ContactID": record["contact"]})
    if record.get("DueDate"):
        element["DueDate"] = record["DueDate"].isoformat()
    return element


def update(call: Call, kind: Kind, record: dict[str, Any], element: dict[str, Any],
           warnings: list[str]) -> dict[str, Any]:
    """Changes a document: status change, edit, or both."""
    was, now = record["Status"], element.get("Status") or record["Status"]
    if now == "PAID" and was == "AUTHORISED" or was in ("VOIDED", "DELETED"):
        raise refuse("E023")
    if now in ("VOIDED", "DELETED"):
        return _kill(call, kind, record, now)
    if was in ("AUTHORISED", "PAID"):
        if now not in (was, "AUTHORISED"):
            raise refuse("E023")
        check_locks(call, record["Date"])
        if record["payments"] or record["allocations"]:
            return _edit_settled(call, kind, record, element)
    given = element.get(kind.number_key)
    if given and given != record[kind.number_key]:
        _rename(call, kind, record, {**element, "Type": record["Type"]})
    merged = {**_as_element(kind, record), **element, "Status": now, "Type": record["Type"]}
    approved = now == "AUTHORISED" and was != "AUTHORISED"
    if approved:
        check_plan(call, kind, merged)
    record.update(build(call, kind, merged, warnings, record))
    if approved:
        count_approval(call, kind, record)
    changed(call, kind, record, "updated" if now == was else now.lower())
    return record


def _rename(call: Call, kind: Kind, record: dict[str, Any], element: dict[str, Any]) -> None:
    number = _number(call, kind, element)
    if record["Type"] == kind.sale:
        index = call.org.index(kind.resource)
        index.pop(record[kind.number_key].casefold(), None)
        index[number.casefold()] = record[kind.id_key]
    record[kind.number_key] = number


def _edit_settled(call: Call, kind: Kind, record: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """Part-paid and paid documents: only fields that move no money (B: third parties on Xero's change of March 2026)."""
    if element.get("Status") == "AUTHORISED":
        raise refuse("E029")
    before = _as_element(kind, record)
    for key, value in element.items():
        if key in _AFTER_PAYMENT or key == kind.id_key or value == before.get(key):
            continue
        raise refuse("E028" if key == "Date" else "E027")
    if element.get("DueDate"):
        record["DueDate"] = wire.parse_day(element["DueDate"])
    if "Reference" in element and record["Type"] == kind.sale:
        record["Reference"] = element["Reference"] or ""
    if kind.url and "Url" in element:
        if check_url(element["Url"]):
            raise refuse("E041")
        record["Url"] = element["Url"]
    changed(call, kind, record, "updated")
    return record


def _kill(call: Call, kind: Kind, record: dict[str, Any], now: str) -> dict[str, Any]:
    was = record["Status"]
    if was == "PAID":
        raise refuse("E023")
    if record["payments"] or record["allocations"]:
        raise refuse("E027")
    if now != ("VOIDED" if was == "AUTHORISED" else "DELETED"):
        raise refuse("E023")
    if was == "AUTHORISED":
        check_locks(call, record["Date"])
    record["Status"] = now
    changed(call, kind, record, now.lower())
    return record
