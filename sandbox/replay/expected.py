"""What each case must look like in Xero, as test data that a person can review: `sandbox/erp/expected/cases-<country>.json`.

`objects` and `held` are written from a replay (`python -m sandbox.replay expected --write`); `rule`, `confidence` and `reviewed` are a
person's and are kept. No random id is in it: documents are called by their number or reference, accounts by code, contacts by name.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.replay.host_side import Key
from sandbox.replay.xero_side import XeroSide

FOLDER = Path(__file__).resolve().parents[1] / "erp" / "expected"
KEPT = ("rule", "confidence", "reviewed")
CONFIDENCES = ("A", "B", "C")
SAME = {
    "Contacts": ("Name", "ContactStatus", "EmailAddress", "TaxNumber", "AccountNumber"),
    "Invoices": ("InvoiceNumber", "Type", "Status", "Date", "DueDate", "CurrencyCode", "LineAmountTypes", "Reference", "SubTotal", "TotalTax", "Total"),
    "CreditNotes": ("CreditNoteNumber", "Type", "Status", "Date", "CurrencyCode", "LineAmountTypes", "Reference", "SubTotal", "TotalTax", "Total"),
    "Payments": ("Reference", "Status", "Date", "Amount", "BankAmount"),
    "BatchPayments": ("Reference", "Type", "Status", "Date", "TotalAmount", "Details", "Particulars", "Code"),
    "BankTransactions": ("Type", "Status", "Date", "CurrencyCode", "LineAmountTypes", "Reference", "SubTotal", "TotalTax", "Total"),
    "Overpayments": ("Type", "Status", "Date", "CurrencyCode", "Total"),
    "Prepayments": ("Type", "Status", "Date", "CurrencyCode", "SubTotal", "TotalTax", "Total"),
    "ManualJournals": ("Narration", "Status", "Date", "LineAmountTypes"),
    "BankTransfers": ("Reference", "Status", "Date", "Amount"),
}  # fmt: skip
LINE = ("Description", "Quantity", "UnitAmount", "LineAmount", "TaxType", "TaxAmount")
OPEN = {"Invoices": "AmountDue", "CreditNotes": "RemainingCredit", "Overpayments": "RemainingCredit", "Prepayments": "RemainingCredit"}
PLACES = {"Quantity": "0.0001", "UnitAmount": "0.0001"}
WIDTH = 220


def path(country: str) -> Path:
    """The file of a country."""
    return FOLDER / f"cases-{country.lower()}.json"


def read(country: str) -> dict[str, Any]:
    """The expectations of a country by case, {} where there are none yet."""
    return json.loads(path(country).read_text())["cases"] if path(country).exists() else {}


def write(country: str, found: dict[str, dict[str, Any]]) -> None:
    """Store what a replay of these cases came to, keeping what people wrote beside it, and the other cases."""
    known = read(country)
    for case, made in found.items():
        known[case] = {name: known.get(case, {}).get(name, "") for name in KEPT} | made
    about = (
        "What each recorded case must look like in Xero. objects and held: sandbox/replay/expected.py writes them; the rest is a person's."
    )
    FOLDER.mkdir(exist_ok=True)
    path(country).write_text(_json({"about": about, "cases": dict(sorted(known.items()))}) + "\n")


def of_case(case: dict[str, Any], xero: XeroSide, steps: list[dict[str, Any]], company: str) -> dict[str, Any]:
    """A case's expectation as a replay found it: its title, `objects` by resource, `held` and `not_sent` reason codes by step."""
    documents = _documents(case, company)
    keys = list(dict.fromkeys(key for document in sorted(documents) for key in xero.became.get(document, []) if key in xero.records))
    contacts = {record["contact"] for key in keys if (record := xero.records[key]).get("contact")}
    objects: dict[str, list[dict[str, Any]]] = {}
    for key in [*(("Contacts", each) for each in contacts), *keys]:
        if (shown := normalised(key, xero)) is not None:
            objects.setdefault(key[0], []).append(shown)
    for resource, rows in objects.items():
        objects[resource] = sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False))
    mine = [step for step in steps if (step["reference_doctype"], step["reference_name"], str(step["reference_creation"])) in documents]
    waits = {
        f"{step['reference_name']} {step['role']}": step["reason_code"]
        for step in mine
        if step["state"] in ("Held", "Needs Attention", "Pending")
    }
    nothing = {
        f"{step['reference_name']} {step['role']}": step["reason_code"] for step in mine if step["state"] in ("Skipped", "Superseded")
    }
    return {
        "title": case["title"],
        "held": dict(sorted(waits.items())),
        "not_sent": dict(sorted(nothing.items())),
        "objects": dict(sorted(objects.items())),
    }


def _documents(case: dict[str, Any], company: str) -> set[tuple[str, str, str]]:
    """Identities of everything that happened in a case, of documents that were deleted later too."""
    whole = [doc for event in case["events"] for doc in [*([event["doc"]] if "doc" in event else []), *event.get("after", [])]]
    return {(doc["doctype"], doc["name"], str(doc["creation"])) for doc in whole if "creation" in doc and doc.get("company") == company}


def normalised(key: Key, xero: XeroSide) -> dict[str, Any] | None:
    """One record without ids; None for a side of a bank transfer, which the transfer says already."""
    resource, record = key[0], xero.records[key]
    if str(record.get("Type", "")).endswith("-TRANSFER"):
        return None
    shown = {name: _text(record[name]) for name in SAME[resource] if record.get(name) not in (None, "")}
    if record.get("contact"):
        shown["Contact"] = xero.contact(record["contact"])
    if record.get("CurrencyRate", 1) != 1:
        shown["CurrencyRate"] = _text(record["CurrencyRate"], "0.000001")
    if record.get("Url"):
        shown["Url"] = str(record["Url"]).partition("?")[0].partition("/app/")[2]
    if resource in OPEN:
        shown[OPEN[resource]] = _text(abs(xero.open(key)))
    for name, field in (("Account", "account"), ("From", "from"), ("To", "to")):
        if record.get(field):
            shown[name] = xero.code(record[field])
    if resource == "Payments":
        shown["Type"], shown["For"] = record["type"], _called(record["target"], xero)
    if resource == "BatchPayments":
        shown["Payments"] = sorted(f"{_called(payment['target'], xero)}: {_text(payment['Amount'])}" for payment in _members(record, xero))
    if record.get("allocations"):
        shown["Allocations"] = [
            f"{each['Date']} {_called(each['invoice'], xero)}: {_text(each['Amount'])}" for each in record["allocations"]
        ]
    if record.get("lines") and resource not in ("Overpayments", "Prepayments"):
        shown["Lines"] = [_line(line, xero) for line in record["lines"]]
    return shown


def _members(batch: dict[str, Any], xero: XeroSide) -> list[dict[str, Any]]:
    return [xero.records["Payments", each] for each in batch["payments"]]


def _line(line: dict[str, Any], xero: XeroSide) -> dict[str, Any]:
    shown = {name: _text(line[name], PLACES.get(name, "0.01")) for name in LINE if line.get(name) not in (None, "")}
    shown["AccountCode"] = xero.code(line["account"])
    if line.get("Tracking"):
        shown["Tracking"] = [f"{each['Name']}: {each['Option']}" for each in line["Tracking"]]
    return shown


def _called(xero_id: str, xero: XeroSide) -> str:
    """What a person calls a record: its number, else whom and when it is for."""
    record = next(each for key, each in xero.records.items() if key[1] == xero_id and key[0] != "BankTransactions")
    number = record.get("InvoiceNumber") or record.get("CreditNoteNumber") or record.get("Reference")
    return str(number or f"{record['Type']} {xero.contact(record['contact'])} {record['Date']} {_text(record['Total'])}")


def _text(value: Any, places: str = "0.01") -> Any:
    """A figure as text with fixed decimals, so that 5 and 5.00 are one; everything else as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value
    return str(Decimal(str(value)).quantize(Decimal(places)))


def _json(value: Any, depth: int = 0) -> str:
    """JSON with what fits into a line on one line, and the plain fields of a record together: it can be read like a list of bookings."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(flat) + depth <= WIDTH and depth > 2:
        return flat
    pad, end = " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, list):
        return "[\n" + ",\n".join(pad + _json(each, depth + 1) for each in value) + f"{end}]"
    fields = {name: f"{json.dumps(name, ensure_ascii=False)}: {_json(each, depth + 1)}" for name, each in value.items()}
    plain = [text for name, text in fields.items() if depth > 3 and not isinstance(value[name], (dict, list))]
    rest = [text for text in fields.values() if text not in plain]
    return "{\n" + ",\n".join(pad + text for text in [*([", ".join(plain)] if plain else []), *rest]) + f"{end}}}"


def differences(country: str, found: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Sentences by case where a replay came out otherwise than expected, or where nothing is expected of a case."""
    known = read(country)
    unlike = {}
    for case, made in found.items():
        wanted = known.get(case)
        sentences = _unlike(wanted, made) if wanted else ["nothing is written down for this case"]
        if sentences:
            unlike[case] = sentences
    return unlike


def _unlike(wanted: dict[str, Any], made: dict[str, Any]) -> list[str]:
    sentences = []
    for part in ("held", "not_sent"):
        if wanted[part] != made[part]:
            sentences.append(f"{part}: expected {wanted[part]}, is {made[part]}")
    for resource in sorted({*wanted["objects"], *made["objects"]}):
        before, now = wanted["objects"].get(resource, []), made["objects"].get(resource, [])
        sentences += [f"{resource}: missing {json.dumps(each, ensure_ascii=False)}" for each in before if each not in now]
        sentences += [f"{resource}: not expected {json.dumps(each, ensure_ascii=False)}" for each in now if each not in before]
        if len(before) != len(now):
            sentences.append(f"{resource}: expected {len(before)}, are {len(now)}")
    return sentences
