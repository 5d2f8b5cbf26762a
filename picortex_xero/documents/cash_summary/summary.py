"""Xero Cash Summary -> Receive Money or Spend Money: one line for each rule that kept documents from Xero.

Its contact is that of journals without a party: by the name chosen for these, else the company's own.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ...accounting import causes
from ...accounting.causes import Cause
from ...accounting.exchange import converted
from ...accounting.mapping import Mapping, PaymentAccount
from ...accounting.money import ZERO, decimal
from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from ..base import Doc
from ..identity import document_url, identity
from ..settlement.bank_transaction import BankLine, bank_transaction
from ..settlement.payment_elements import REFERENCE_LIMIT
from ..still_in_xero import objections
from ..translation import Reason, Translation

RECEIVED, PAID = "Received", "Paid"
# Lines without a rule: a kind is switched off, or starts later.
BY_SETTINGS = "Sync settings"


def cash_summary(doc: Doc, mapping: Mapping, site_url: str, instance: str, revision: int) -> Translation:
    """The element of a summary. Raises Refused with all problems."""
    received, total, worth = doc["direction"] == RECEIVED, decimal(doc["total"]), decimal(doc["base_total"])
    bank, code, tax_type, problems = booking(mapping, doc["account"], doc["against_account"], doc.get("tax_type") or "", doc["currency"])
    foreign = doc["currency"] != mapping.base_currency
    rate = converted(doc["name"], total, worth, worth / total, mapping.base_currency, mapping.accept_rates) if foreign and total else None
    problems += rate.problems if rate else []
    if problems or bank is None or tax_type is None:
        raise Refused(problems)
    made = bank_transaction(
        "RECEIVE" if received else "SPEND",
        "",
        bank,
        str(doc["posting_date"]),
        reference(doc),
        [BankLine(_said(rule, count, received), amount, code, tax_type) for rule, count, amount in by_rule(doc)],
        "Inclusive" if doc.get("tax_type") else "NoTax",
        rate,
        document_url(site_url, instance, identity(doc), revision),
    )
    why = _("It is the account chosen on the page Rules for cash of {account} without a document").format(account=doc["account"])
    reasons = [
        Reason(
            _said(rule, count, received), code, why, tax_type.code, _("It is the tax chosen there") if doc.get("tax_type") else tax_type.why
        )
        for rule, count, _amount in by_rule(doc)
    ]
    return replace(made, body={**made.body, "Contact": {"Name": one_line(mapping.journal_contact)}}, reasons=reasons)


def by_rule(doc: Doc) -> list[tuple[str, int, Decimal]]:
    """Rule, documents and amount of each line, in the order of the rules' names."""
    found: dict[str, tuple[int, Decimal]] = {}
    for row in doc["rows"]:
        count, amount = found.get(row.get("rule") or "", (0, ZERO))
        found[row.get("rule") or ""] = (count + 1, amount + decimal(row["amount"]))
    return [(rule, *found[rule]) for rule in sorted(found)]


def reference(doc: Doc) -> str:
    """What people match it by with a line of the bank: "Cash-AB-2026-11-27-1 · 14 receipts". Its first words are the document's name, which finds it again."""
    return f"{doc['name']} · {_counted(len(doc['rows']), doc['direction'] == RECEIVED)}"[:REFERENCE_LIMIT]


def _said(rule: str, count: int, received: bool) -> str:
    return f"{rule or BY_SETTINGS}: {_counted(count, received)}"


def _counted(count: int, received: bool) -> str:
    one = "receipt" if received else "payment"
    return f"{count} {one if count == 1 else one + 's'}"


def booking(
    mapping: Mapping, account: str, against: str, tax_type: str, currency: str = ""
) -> tuple[PaymentAccount | None, str, TaxType | None, list[Problem]]:
    """The Xero account of the bank or cash account, the code of the account that its money is booked to, the tax type, and all that speaks against these (`currency`: what was moved, "" for
    the account's own): for
    whoever chooses them, and for every summary before it goes."""
    problems: list[Problem] = []
    bank = mapping.payment_account(account, currency)
    if isinstance(bank, Problem):
        problems.append(bank)
    code = mapping.accounts.get(against, "")
    if not code or against in mapping.other_class:
        found = mapping.account(against, "")
        problems += [found] if isinstance(found, Problem) else []
    tax = _tax(mapping, tax_type)
    if isinstance(tax, Problem):
        problems.append(tax)
    if problems or isinstance(bank, Problem) or isinstance(tax, Problem):
        return None, code, None, problems
    line = {"AccountCode": code, "TaxType": tax.code}
    body = {"BankAccount": {"AccountID": bank.account_id}, "LineAmountTypes": "Inclusive" if tax_type else "NoTax", "LineItems": [line]}
    account_class = mapping.xero_classes.get(code)
    if not tax.active or not (tax.classes is None or account_class is None or account_class in tax.classes):
        problems.append(_refused(mapping, against, code, tax))
    return bank, code, tax, problems or objections(body, mapping)


def _tax(mapping: Mapping, tax_type: str) -> TaxType | Problem:
    if not tax_type:
        return mapping.no_tax()
    return mapping.rate_changed(tax_type) or mapping.tax_types.get(tax_type) or TaxType(tax_type, None, active=not mapping.tax_types)


def _refused(mapping: Mapping, against: str, code: str, tax: TaxType) -> Problem:
    return Problem(
        "tax-type-not-for-account" if tax.active else "tax-type-gone",
        _("Xero does not take the tax type {code} on its account {xero_account} for {account}").format(
            code=tax.called, xero_account=mapping.called.account(code), account=against
        ),
        _("Choose another tax or another account for this cash on the page Rules"),
        causes=(Cause(causes.RULES), causes.setting("no_tax_type"), causes.account(against), causes.xero_tax(tax.code)),
    )
