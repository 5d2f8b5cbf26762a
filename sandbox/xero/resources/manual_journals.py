"""Manual journals: at least two lines that balance, no control or bank accounts, posted or drafted."""
from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, documents, elements, lines, listing, wire
from sandbox.xero.refusals import Refused, not_found, refuse, text
from sandbox.xero.world import Call

_CLOSED = lines.CLOSED_ACCOUNTS | {"GST"}
FILTERS = {"ManualJournalID", "Narration", "Status", "Date", "UpdatedDateUTC", "LineAmountTypes"}


def show(call: Call, record: dict[str, Any], *, detail: bool = True) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "ManualJournalID": record["ManualJournalID"], "Narration": record["Narration"], "Status": record["Status"],
        "DateString": wire.iso_day(record["Date"]), "Date": wire.ms_date(record["Date"]),
        "LineAmountTypes": record["LineAmountTypes"], "ShowOnCashBasisReports": record["cash"],
        "HasAttachments": bool(record.get("attachments")), "UpdatedDateUTC": wire.ms_datetime(record["updated"])}
    if record["Url"]:
        shown["Url"] = record["Url"]
    shown["JournalLines"] = [] if not detail else [{
        "LineAmount": line["LineAmount"], **_account(call, line["account"]), "Description": line["Description"],
        "TaxType": line["TaxType"], "TaxAmount": line["TaxAmount"], "Tracking": line["Tracking"],
        "IsBlank": False} for line in record["lines"]]
    return shown


def _account(call: Call, account_id: str | None) -> dict[str, Any]:
    return {"AccountID": account_id, "AccountCode": call.org.accounts[account_id].get("Code", "")} if account_id else {}


def _line(call: Call, entry: dict[str, Any], types: str, messages: list[str]) -> dict[str, Any]:
    """One journal line: debit positive, credit negative (A)."""
    code, account_id = entry.get("AccountCode"), entry.get("AccountID")
    account = call.org.account(code=code, account_id=account_id)
    shown = code or account_id
    if not shown:
        messages.append(text("E052"))
    elif account is None or account["Type"] in ("BANK", "INVENTORY") or account.get("SystemAccount") in _CLOSED:
        messages.append(text("E049", code=shown))
    elif account["Status"] != "ACTIVE":
        messages.append(text("E050", code=shown))
    amount = wire.number(entry.get("LineAmount"))
    if amount is None or amount != wire.money(amount):
        messages.append("The LineAmount must be a number with at most 2 decimal places.")  # wording C
    tax_type = entry.get("TaxType") or ("BASEXCLUDED" if call.org.edition == "AU" else "NONE")
    rate = call.org.tax_rates.get(tax_type)
    if rate is None or rate["Status"] != "ACTIVE" or lines.looked_up(rate):
        messages.append(text("E058", tax=tax_type))
    elif account is not None and not lines.fits(account, rate):
        messages.append(text("E057", tax=tax_type, code=shown))
    context = lines.LineContext(call.org, "SALE", types, True, False)
    tracking = lines.tags(context, entry, messages)
    net = wire.money(amount) if amount is not None else wire.ZERO
    percent = rate["EffectiveRate"] if rate and types != "NoTax" else Decimal(0)
    tax = net - wire.money(net / (1 + percent / 100)) if types == "Inclusive" else wire.money(net * percent / 100)
    sent = wire.number(entry.get("TaxAmount"))
    if sent is not None and percent:
        # The schema has the field (A); that a figure other than Xero's own is kept, as on invoices, is inference (C).
        tax = wire.money(sent)
        if abs(tax) > abs(net) or tax * net < 0:
            messages.append(text("E038"))
    return {"account": account["AccountID"] if account else None, "LineAmount": net, "TaxType": tax_type,
            "TaxAmount": tax, "Description": entry.get("Description") or "", "Tracking": tracking}


def _values(call: Call, element: dict[str, Any]) -> dict[str, Any]:
    messages = documents.check_url(element.get("Url"))
    status = element.get("Status") or "DRAFT"
    types = element.get("LineAmountTypes") or "NoTax"  # default NoTax here (B)
    if not element.get("Narration"):
        messages.append("Narration must be specified.")  # wording C
    if status not in ("DRAFT", "POSTED"):
        messages.append(text("E025"))
    day = wire.parse_day(element["Date"]) if element.get("Date") else call.org.today()
    if day is None:
        raise Refused("The Date is not valid.")
    if status == "POSTED":
        try:
            documents.check_locks(call, day)
        except Refused as refused:
            messages += refused.messages
    raw = element.get("JournalLines") or []
    if len(raw) < 2:
        messages.append("A manual journal must have at least 2 journal lines.")  # rule A, wording C
    made = [_line(call, entry, types, messages) for entry in raw]
    gross = [line["LineAmount"] + (line["TaxAmount"] if types == "Exclusive" else 0) for line in made]
    debits, credits = sum((g for g in gross if g > 0), wire.ZERO), sum((g for g in gross if g < 0), wire.ZERO)
    if debits + credits != 0:
        messages.append(text("E084", x=debits, y=credits))
    if messages:
        raise Refused(*dict.fromkeys(messages))
    return {"Narration": element["Narration"], "Status": status, "Date": day, "LineAmountTypes": types,
            "Url": element.get("Url"), "cash": element.get("ShowOnCashBasisReports", True) is not False,
            "lines": lines.as_kept(call, element, made), "debits": debits}


def note(call: Call, record: dict[str, Any], action: str) -> None:
    record["updated"] = clock.now()
    call.world.note(call, "ManualJournals", record["ManualJournalID"], action, {
        "status": record["Status"], "url": record["Url"], "narration": record["Narration"],
        "total": record["debits"]})


def create(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    record = {"ManualJournalID": str(uuid.uuid4()), **_values(call, element), "updated": clock.now()}
    call.org.of("ManualJournals")[record["ManualJournalID"]] = record
    note(call, record, "created")
    return record


def update(call: Call, record: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    """POSTED goes to VOIDED, DRAFT to DELETED or POSTED; a draft may be changed. Locks hold posted ones."""
    now, was = element.get("Status") or record["Status"], record["Status"]
    if was == "POSTED":
        documents.check_locks(call, record["Date"])
    if was not in ("DRAFT", "POSTED") or was == "POSTED" and now != "VOIDED" or was == "DRAFT" and now == "VOIDED":
        raise refuse("E025")
    if now in ("VOIDED", "DELETED"):
        record["Status"] = now
    else:
        old = {"Narration": record["Narration"], "Date": record["Date"].isoformat(), "Url": record["Url"],
               "LineAmountTypes": record["LineAmountTypes"], "ShowOnCashBasisReports": record["cash"],
               "JournalLines": [{"LineAmount": line["LineAmount"], "AccountID": line["account"],
                                 "TaxType": line["TaxType"], "Description": line["Description"],
                                 "Tracking": line["Tracking"]} for line in record["lines"]]}
        record.update(_values(call, {**old, **element, "Status": now}))
    note(call, record, now.lower() if now != was else "updated")
    return record


def _find(call: Call, journal_id: str) -> dict[str, Any]:
    record = call.org.of("ManualJournals").get(journal_id.lower())
    if record is None:
        raise not_found()
    return record


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "ManualJournals", "ManualJournal", "ManualJournalID",
                               lambda element, warnings: show(call, create(call, element, warnings)))


def post(call: Call) -> dict[str, Any]:
    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        given = element.get("ManualJournalID")
        record = call.org.of("ManualJournals").get(str(given).lower()) if given else None
        if given and record is None:
            raise refuse("E086")
        return show(call, update(call, record, element) if record else create(call, element, warnings))
    return elements.write_each(call, "ManualJournals", "ManualJournal", "ManualJournalID", one)


def post_one(call: Call, journal_id: str) -> dict[str, Any]:
    record = _find(call, journal_id)
    return elements.write_one(call, "ManualJournals", "ManualJournal", "ManualJournalID",
                              elements.only(call, "ManualJournals"),
                              lambda element, warnings: show(call, update(call, record, element)))


def get_one(call: Call, journal_id: str) -> dict[str, Any]:
    return elements.success(ManualJournals=[show(call, _find(call, journal_id))])


def get(call: Call) -> dict[str, Any]:
    return listing.records(call, "ManualJournals", "ManualJournal", "ManualJournalID", FILTERS, show)


_SCOPE = "accounting.manualjournals"
ROUTES = [
    ("GET", r"/ManualJournals", _SCOPE, get), ("PUT", r"/ManualJournals", _SCOPE, put),
    ("POST", r"/ManualJournals", _SCOPE, post), ("GET", r"/ManualJournals/([^/]+)", _SCOPE, get_one),
    ("POST", r"/ManualJournals/([^/]+)", _SCOPE, post_one)]
