"""Invoices (ACCREC) and bills (ACCPAY): answers and routes; the rules are in ``documents``."""
from __future__ import annotations

from typing import Any

from sandbox.xero import contacts, documents, elements, lines, listing, numbers, wire
from sandbox.xero.refusals import not_found, refuse
from sandbox.xero.world import Call

KIND = documents.Kind("Invoices", "Invoice", "InvoiceID", "InvoiceNumber", "ACCREC", "ACCPAY", "INV",
                      due=True, url=True)
FILTERS = {"InvoiceID", "InvoiceNumber", "Type", "Status", "Reference", "Contact", "Date", "DueDate", "Total",
           "AmountDue", "AmountPaid", "CurrencyCode", "UpdatedDateUTC", "SubTotal", "TotalTax", "LineAmountTypes"}


def settlements(call: Call, record: dict[str, Any]) -> dict[str, Any]:
    """The payments and credits of a document as nested in its answer."""
    payments = [call.org.of("Payments")[payment_id] for payment_id in record["payments"]]
    shown: dict[str, Any] = {"Payments": [{
        "PaymentID": p["PaymentID"], "Date": wire.ms_date(p["Date"]), "Amount": p["Amount"],
        "Reference": p["Reference"], "CurrencyRate": p["CurrencyRate"], "HasAccount": True,
        "HasValidationErrors": False,
        **({"BatchPaymentID": p["batch"]} if p.get("batch") else {})} for p in payments]}
    shown.update(CreditNotes=[], Prepayments=[], Overpayments=[])
    for allocation in record["allocations"]:
        source = call.org.of(allocation["resource"])[allocation["source"]]
        credit = {allocation["id_key"]: allocation["source"], "Date": wire.ms_date(allocation["Date"]),
                  "AppliedAmount": allocation["Amount"], "Total": source["Total"]}
        if allocation["resource"] == "CreditNotes":
            credit["CreditNoteNumber"] = source["CreditNoteNumber"]
        shown[allocation["resource"]].append(credit)
    return shown


def show(call: Call, record: dict[str, Any], *, detail: bool = True, summary: bool = False) -> dict[str, Any]:
    """An invoice as answered. Without ``detail`` no lines and payments (A); ``summary`` is summaryOnly=true."""
    contact = call.org.of("Contacts")[record["contact"]]
    due = documents.outstanding(record)
    shown: dict[str, Any] = {
        "Type": record["Type"], "InvoiceID": record["InvoiceID"], "InvoiceNumber": record["InvoiceNumber"],
        "Reference": record["Reference"], "AmountDue": due, "AmountPaid": record["settled"],
        "AmountCredited": record["credited"], "CurrencyRate": wire.rounded(record["CurrencyRate"], 6),
        "IsDiscounted": any("DiscountRate" in line or "DiscountAmount" in line for line in record["lines"]),
        "HasAttachments": bool(record.get("attachments")), "HasErrors": False,
        "Contact": contacts.show(contact, brief=summary or not detail),
        "DateString": wire.iso_day(record["Date"]), "Date": wire.ms_date(record["Date"]),
        "Status": record["Status"], "LineAmountTypes": record["LineAmountTypes"], "SubTotal": record["SubTotal"],
        "TotalTax": record["TotalTax"], "Total": record["Total"], "CurrencyCode": record["CurrencyCode"],
        "UpdatedDateUTC": wire.ms_datetime(record["updated"]),
        "UpdatedDateUTCString": wire.utc_string(record["updated"])}
    if record["Url"]:
        shown["Url"] = record["Url"]
    if record["Type"] == "ACCREC":
        shown["SentToContact"] = record["SentToContact"]
    if record.get("DueDate"):
        shown.update(DueDateString=wire.iso_day(record["DueDate"]), DueDate=wire.ms_date(record["DueDate"]))
    if record["FullyPaidOnDate"]:
        shown["FullyPaidOnDate"] = wire.ms_date(record["FullyPaidOnDate"])
    if summary:
        return shown
    shown["LineItems"] = [lines.show(call.org, line, call.four_decimals) for line in record["lines"]] if detail else []
    if detail:
        shown.update(settlements(call, record))
    return shown


def by_reference(call: Call, value: str) -> dict[str, Any] | None:
    """An invoice by InvoiceID, or a sales invoice by InvoiceNumber (A)."""
    found = call.org.of("Invoices").get(value.lower())
    if found is None:
        found = call.org.of("Invoices").get(call.org.index("Invoices").get(value.casefold(), ""))
    return found


def put(call: Call) -> dict[str, Any]:
    """PUT Invoices: create only."""
    return elements.write_each(call, "Invoices", "Invoice", "InvoiceID", lambda element, warnings: show(
        call, documents.create(call, KIND, element, warnings)))


def _upsert(call: Call, element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
    """POST: update by InvoiceID or, for sales invoices, by number; else create (A)."""
    record = None
    if element.get("InvoiceID"):
        record = call.org.of("Invoices").get(str(element["InvoiceID"]).lower())
        if record is None:
            raise refuse("E030")
    elif element.get("InvoiceNumber") and element.get("Type", "ACCREC") == "ACCREC":
        record = by_reference(call, element["InvoiceNumber"])
    if record is None:
        return show(call, documents.create(call, KIND, element, warnings))
    return show(call, documents.update(call, KIND, record, element, warnings))


def post(call: Call) -> dict[str, Any]:
    return elements.write_each(call, "Invoices", "Invoice", "InvoiceID",
                               lambda element, warnings: _upsert(call, element, warnings))


def post_one(call: Call, invoice_id: str) -> dict[str, Any]:
    record = by_reference(call, invoice_id)
    if record is None:
        raise not_found()
    return elements.write_one(
        call, "Invoices", "Invoice", "InvoiceID", elements.only(call, "Invoices"),
        lambda element, warnings: show(call, documents.update(
            call, KIND, record, {k: v for k, v in element.items() if k != "InvoiceID"}, warnings)))


def get_one(call: Call, invoice_id: str) -> dict[str, Any]:
    record = by_reference(call, invoice_id)
    if record is None:
        raise not_found()
    return elements.success(Invoices=[show(call, record)])


def _part(query: dict[str, str], name: str) -> set[str]:
    return {part.strip().casefold() for part in query.get(name, "").split(",") if part.strip()}


def _candidates(call: Call, ids: set[str], wanted: set[str]) -> list[dict[str, Any]]:
    """The invoices that may be asked for, in order of creation: with ids or numbers not all of the organisation's are gone through."""
    every = call.org.of("Invoices")
    if ids:
        return [every[each] for each in ids if each in every]
    if wanted:
        return [every[each] for each in numbers.of(call, wanted)]
    return list(every.values())


def get(call: Call) -> dict[str, Any]:
    """GET Invoices. Lines and payments only with ``page`` (A); voided and deleted ones are included (B: other integrations)."""
    query, since = call.query, listing.modified_since(call.headers.get("if-modified-since"))
    ids, named, statuses = _part(query, "IDs"), _part(query, "InvoiceNumbers"), _part(query, "Statuses")
    who, search = _part(query, "ContactIDs"), query.get("searchTerm", "").lower()
    mine = query.get("createdByMyApp", "").lower() == "true"
    summary = query.get("summaryOnly", "").lower() == "true"
    where = listing.compile_where(query["where"], "Invoice", FILTERS) if query.get("where") else None
    chosen = {}
    for record in _candidates(call, ids, named):
        if since and record["updated"] < since or ids and record["InvoiceID"] not in ids:
            continue
        if named and record["InvoiceNumber"].casefold() not in named:
            continue
        if statuses and record["Status"].casefold() not in statuses or who and record["contact"] not in who:
            continue
        if mine and record["client"] != call.client:
            continue
        if search and search not in f"{record['InvoiceNumber']} {record['Reference']}".lower():
            continue
        chosen[record["InvoiceID"]] = record
    page, block = listing.shown(
        list(chosen.values()), query, "InvoiceID", lambda record: show(call, record, detail=False, summary=summary), where)
    if block and not summary:
        page = [show(call, chosen[row["InvoiceID"]]) for row in page]
    return elements.success(**({"pagination": block} if block else {}), Invoices=page)


ROUTES = [
    ("GET", r"/Invoices", "accounting.invoices", get), ("PUT", r"/Invoices", "accounting.invoices", put),
    ("POST", r"/Invoices", "accounting.invoices", post),
    ("GET", r"/Invoices/([^/]+)", "accounting.invoices", get_one),
    ("POST", r"/Invoices/([^/]+)", "accounting.invoices", post_one)]
