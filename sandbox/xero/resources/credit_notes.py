"""Credit notes of customers (ACCRECCREDIT) and suppliers (ACCPAYCREDIT); the rules are in ``documents``.

They have no Url; a supplier's has neither Reference nor a unique number (A: OpenAPI description).
"""
from __future__ import annotations

from typing import Any

from sandbox.xero import contacts, documents, elements, lines, listing, wire
from sandbox.xero.refusals import not_found, refuse
from sandbox.xero.resources import allocations
from sandbox.xero.world import Call

KIND = documents.Kind("CreditNotes", "CreditNote", "CreditNoteID", "CreditNoteNumber", "ACCRECCREDIT", "ACCPAYCREDIT",
                      "CN", due=False, url=False)
FILTERS = {"CreditNoteID", "CreditNoteNumber", "Type", "Status", "Reference", "Contact", "Date", "Total",
           "RemainingCredit", "CurrencyCode", "UpdatedDateUTC"}


def show(call: Call, record: dict[str, Any], *, detail: bool = True) -> dict[str, Any]:
    """A credit note as answered; ``RemainingCredit`` is what is neither allocated nor refunded."""
    shown: dict[str, Any] = {
        "Type": record["Type"], "CreditNoteID": record["CreditNoteID"], "CreditNoteNumber": record["CreditNoteNumber"],
        "RemainingCredit": documents.outstanding(record), "AppliedAmount": record["credited"] + record["settled"],
        "CurrencyRate": wire.rounded(record["CurrencyRate"], 6), "HasAttachments": bool(record.get("attachments")),
        "HasErrors": False, "Contact": contacts.show(call.org.of("Contacts")[record["contact"]], brief=not detail),
        "DateString": wire.iso_day(record["Date"]), "Date": wire.ms_date(record["Date"]), "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"], "SubTotal": record["SubTotal"], "TotalTax": record["TotalTax"],
        "Total": record["Total"], "CurrencyCode": record["CurrencyCode"],
        "UpdatedDateUTC": wire.ms_datetime(record["updated"]),
        "UpdatedDateUTCString": wire.utc_string(record["updated"])}
    if record["Type"] == "ACCRECCREDIT":
        shown["Reference"] = record["Reference"]
    if record["FullyPaidOnDate"]:
        shown["FullyPaidOnDate"] = wire.ms_date(record["FullyPaidOnDate"])
    shown["LineItems"] = [lines.show(call.org, line, call.four_decimals) for line in record["lines"]] if detail else []
    if detail:
        shown["Allocations"] = [allocations.show(call, allocation) for allocation in record["allocations"]]
        shown["Payments"] = [{"PaymentID": p, "Amount": call.org.of("Payments")[p]["Amount"],
                              "Date": wire.ms_date(call.org.of("Payments")[p]["Date"])} for p in record["payments"]]
    return shown


def find(call: Call, value: str) -> dict[str, Any]:
    record = call.org.of("CreditNotes").get(value.lower())
    record = record or call.org.of("CreditNotes").get(call.org.index("CreditNotes").get(value.casefold(), ""))
    if record is None:
        raise not_found()
    return record


def put(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "CreditNotes", "CreditNote", "CreditNoteID", lambda element, warnings: show(
        call, documents.create(call, KIND, element, warnings)))


def _upsert(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """POST: update by id or, for customers' notes, by number; else create (A)."""
    record = None
    if element.get("CreditNoteID"):
        record = call.org.of("CreditNotes").get(str(element["CreditNoteID"]).lower())
        if record is None:
            raise refuse("E031")
    elif element.get("CreditNoteNumber") and element.get("Type", "ACCRECCREDIT") == "ACCRECCREDIT":
        number = call.org.index("CreditNotes").get(element["CreditNoteNumber"].casefold(), "")
        record = call.org.of("CreditNotes").get(number)
    if record is None:
        return show(call, documents.create(call, KIND, element, warnings))
    return show(call, documents.update(call, KIND, record, element, warnings))


def post(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "CreditNotes", "CreditNote", "CreditNoteID",
                               lambda element, warnings: _upsert(call, element, warnings))


def post_one(call: Call, note_id: str) -> dict[str, Any]:
    record = find(call, note_id)
    return elements.write_one(
        call, "CreditNotes", "CreditNote", "CreditNoteID", elements.only(call, "CreditNotes"),
        lambda element, warnings: show(call, documents.update(
            call, KIND, record, {k: v for k, v in element.items() if k != "CreditNoteID"}, warnings)))


def get_one(call: Call, note_id: str) -> dict[str, Any]:
    return elements.success(CreditNotes=[show(call, find(call, note_id))])


def get(call: Call) -> dict[str, Any]:
    """GET CreditNotes: lines and allocations only with ``page`` (A)."""
    return listing.records(call, "CreditNotes", "CreditNote", "CreditNoteID", FILTERS, show)


_SCOPE = "accounting.invoices"
ROUTES = [
    ("GET", r"/CreditNotes", _SCOPE, get), ("PUT", r"/CreditNotes", _SCOPE, put),
    ("POST", r"/CreditNotes", _SCOPE, post), ("GET", r"/CreditNotes/([^/]+)", _SCOPE, get_one),
    ("POST", r"/CreditNotes/([^/]+)", _SCOPE, post_one)]
