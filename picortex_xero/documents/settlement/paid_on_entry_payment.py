"""A sum that was entered inside an invoice -> Payment on it; on the credit note of a return it is a refund (rules file (f), A)."""

from __future__ import annotations

from typing import Any

from ...accounting.mapping import Mapping, PaymentAccount
from ...accounting.money import half_up, plain
from ...accounting.problems import Problem, Refused
from ..invoice.lines import currency_rate
from ..translation import Translation
from .paid_on_entry import Tender, tenders
from .payment import Target


def payment(doc: dict[str, Any], mapping: Mapping, target: Target, sequence: int) -> Translation:
    """The Payment element of the `sequence`-th (from 1) sum inside an invoice, on `target`: the invoice, or the credit note of a return.

    Raises Refused.
    """
    sums = tenders(doc)
    tender = sums[sequence - 1]
    found, problems = _bank(doc, mapping, tender)
    if target.status in ("AUTHORISED", "PAID") and tender.amount > target.amount_due:
        problems.append(
            Problem(
                "payment-exceeds-due",
                f"{doc['name']} has {target.amount_due} {target.currency} left in Xero, what was paid with it is {tender.amount}",
                f"See in Xero what else was paid or credited on {doc['name']}; remove it there, then press Retry",
            )
        )
    if problems or found is None:
        raise Refused(problems)
    reference = doc["name"] + (f"/{sequence}" if len(sums) > 1 else "")
    settles, marks = ("CreditNote", "CreditID") if doc.get("is_return") else ("Invoice", "InvoiceID")
    body: dict[str, Any] = {
        settles: {f"{settles}ID": target.xero_id},
        "Account": {"AccountID": found.account_id},
        "Date": str(doc["posting_date"]),
        "Amount": plain(tender.amount),
        "Reference": reference,
    }
    if doc["currency"] != mapping.base_currency:
        # Money that moved in company currency is said in it; else the document's own rate holds (rules file (a) Details, A).
        own = found.currency == doc["currency"]
        body |= {"CurrencyRate": currency_rate(doc)} if own else {"BankAmount": plain(half_up(tender.base))}
    return Translation(body, {"Reference": reference, marks: target.xero_id, "Amount": tender.amount}, tender.amount)


def _bank(doc: dict[str, Any], mapping: Mapping, tender: Tender) -> tuple[PaymentAccount | None, list[Problem]]:
    """The Xero account of the same currency as the host's, which is the document's or the company's: nothing else has a figure here."""
    found = mapping.payment_account(tender.account)
    if isinstance(found, Problem):
        return None, [found]
    if found.currency not in ("", doc["currency"], mapping.base_currency):
        return None, [
            Problem(
                "payment-account-currency",
                f"{doc['name']} was paid in {doc['currency']} on {tender.account}, which is in {found.currency}",
                f"In Xero, enter the payment of {doc['name']} by hand: its figure in {found.currency} is not known here",
            )
        ]
    return found, []
