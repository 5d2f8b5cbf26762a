"""What an invoice writes off on entry: a CreditNote over it, taken off the invoice; of a return, an Invoice that uses up its credit note.

Rule: accounting_rules "Write-off, settlement discount": with the tax treatment the accountant chose for the account (Xero Deduction
Mapping), never a payment from an expense account. Inclusive, because what the host writes off is gross.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal, decimals, plain
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...accounting.tax_types import TaxType
from ..identity import document_url, identity
from ..translation import Translation
from .lines import currency_rate

CREDIT_NOTE = "Credit note"


def written_off(doc: dict[str, Any]) -> Decimal:
    """What is written off, in document currency: positive where the party still owes it (or, of a return, is still owed it).

    ERPNext posts it in counter sales only, and in every bill (read in its controllers, not observed for a bill that is not `is_paid`).
    """
    if doc["doctype"] == "Sales Invoice" and not doc.get("is_pos"):
        return ZERO
    return decimal(doc.get("write_off_amount")) * (-1 if doc.get("is_return") else 1)


def problems(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    """Why the write-off has no safe treatment; the whole document waits then. Empty where nothing is written off."""
    amount, account, what = written_off(doc), doc.get("write_off_account") or "(no account)", f"{doc['doctype']} {doc['name']}"
    if not amount:
        return []
    choice = mapping.deductions.get(account)
    by_hand = f"enter {doc['name']} in Xero by hand, with a credit note (for a return: an invoice) of {plain(abs(amount)):f} on {account}"
    if amount < ZERO:
        return [Problem("pos-write-off-negative", f"{what} writes off more than it leaves open", by_hand.capitalize(), held=True)]
    if choice is None or choice.treatment != CREDIT_NOTE:
        why = f"{what} writes off {plain(amount):f} on {account}, which nobody has chosen a credit note for"
        cure = f"Choose Credit note and its tax type for {account} under Xero Deduction Mapping, then press Retry; or {by_hand}"
        return [Problem("pos-write-off", why, cure, held=True)]
    found = []
    if choice.tax_type is None or choice.tax_type.shown is None or not choice.tax_type.active:
        why = f"The choice for {account}, on which {what} writes off {plain(amount):f}, has no tax type with a rate that was read from Xero"
        cure = f"Complete {account} under Xero Deduction Mapping and press Refresh From Xero on the Xero Connection, then press Retry"
        found.append(Problem("deduction-incomplete", why, cure))
    if isinstance(code := mapping.account(account, "deduction"), Problem):
        found.append(code)
    if decimals(amount) > 2:
        why = f"{what} writes off {amount}, which has more than two decimals; Xero keeps two"
        found.append(Problem("too-many-decimals", why, "Set the Currency Precision to 2 in System Settings and enter the document again"))
    return found


def write_off(
    doc: dict[str, Any], mapping: Mapping, contact_id: str, site_url: str, instance: str, generation: int, suffix: int = 0
) -> Translation:
    """The CreditNote element over what an invoice writes off, or the Invoice element of a return. Raises Refused.

    Its number is the document's with "-W": Xero numbers invoices and credit notes in one sequence (Xero help "Change numbering on invoices",
    B), and whether one number may stand on both is not known; the document itself bears it already.
    """
    found, choice = problems(doc, mapping), mapping.deductions.get(doc.get("write_off_account") or "")
    kind = choice.tax_type if choice else None
    if found or kind is None:
        raise Refused(found)
    sales, back, amount = doc["doctype"] == "Sales Invoice", bool(doc.get("is_return")), written_off(doc)
    number = f"{doc['name']}-W" + (f"-R{suffix}" if suffix else "")
    body: dict[str, Any] = {"Type": ("ACCREC" if sales else "ACCPAY") + ("" if back else "CREDIT")}
    body["InvoiceNumber" if back else "CreditNoteNumber"] = number
    if sales:
        body["Reference"] = f"Written off {doc['name']}"
    body |= {"Contact": {"ContactID": contact_id}, "Date": str(doc["posting_date"]), "CurrencyCode": doc["currency"]}
    body["Status"] = mapping.target_status
    marker = {"Type": body["Type"], "ContactID": contact_id, "Total": amount}
    marker["InvoiceNumber" if back else "CreditNoteNumber"] = number
    if back:
        body["DueDate"] = body["Date"]
        if url := document_url(site_url, instance, identity(doc), generation):
            body["Url"] = marker["Url"] = f"{url}-writeoff"
    if doc["currency"] != mapping.base_currency:
        body["CurrencyRate"] = currency_rate(doc)
    body["LineAmountTypes"] = "Inclusive"
    body["LineItems"] = [_line(doc, mapping, kind, amount)]
    return Translation(body, marker, amount, line_tax(amount, kind.shown or ZERO, True))


def _line(doc: dict[str, Any], mapping: Mapping, kind: TaxType, amount: Decimal) -> dict[str, Any]:
    return {
        "Description": f"Written off {doc['name']}",
        "Quantity": Decimal(1),
        "UnitAmount": plain(amount),
        "AccountCode": mapping.account(doc["write_off_account"], "deduction"),
        "TaxType": kind.code,
    }
