"""Journal Entry -> ManualJournal, in base currency, debits positive.

Xero's manual journals refuse receivables, payables, bank and tax control accounts (fact sheet 5); journals that touch those are cases of
their own and held until their recipe is here. Exchange gains and losses are Xero's own and never posted (accounting_rules).
"""

from __future__ import annotations

from typing import Any

from ..documents import document_url, identity
from ..mapping import Mapping
from ..money import CENT, ZERO, decimal, decimals, plain
from ..problems import Problem, Refused
from . import Translation
from .invoice import LATER

CONTROL = {"Receivable": "receivables", "Payable": "payables", "Bank": "a bank account", "Cash": "a cash account", "Tax": "a tax account"}
OWN_ENGINE = ("Exchange Gain Or Loss", "Exchange Rate Revaluation")
CREDIT_APPLIED = ("Credit Note", "Debit Note")
POSTED = {"AUTHORISED": "POSTED"}


def skipped(doc: dict[str, Any]) -> Problem | None:
    """Why a journal is nothing to Xero, which computes its own exchange differences; None for all others."""
    if doc.get("voucher_type") in OWN_ENGINE:
        return Problem("exchange-engine", f"{doc['name']} books an exchange difference; Xero computes its own", "")
    return None


def journal(doc: dict[str, Any], mapping: Mapping, site_url: str, instance: str, generation: int) -> Translation:
    """The ManualJournal element of a journal entry. Raises Refused with all problems."""
    problems: list[Problem] = []
    if doc.get("is_opening") == "Yes":
        problems.append(Problem("later-opening", f"Journal Entry {doc['name']} is an opening entry", LATER, held=True))
    if doc.get("is_system_generated"):
        problems.append(Problem("later-system-journal", f"Journal Entry {doc['name']} was made by the system", LATER, held=True))
    touched = [CONTROL[row["account_type"]] for row in doc.get("accounts") or [] if row.get("account_type") in CONTROL]
    if touched:
        what = ", ".join(dict.fromkeys(touched))
        problems.append(
            Problem(
                "later-journal-control",
                f"Journal Entry {doc['name']} touches {what}, which Xero's manual journals refuse",
                LATER,
                held=True,
            )
        )
    if problems:
        raise Refused(problems)
    lines = []
    for row in doc.get("accounts") or []:
        amount = decimal(row.get("debit")) - decimal(row.get("credit"))
        if not amount:
            continue
        line: dict[str, Any] = {
            "LineAmount": plain(amount),
            "Description": (row.get("user_remark") or doc.get("user_remark") or doc["name"])[:4000],
        }
        # No default stands in for a journal's accounts: a wrong one would be found at year-end.
        code = mapping.accounts.get(row["account"]) or mapping.account(row["account"], "journal")
        if isinstance(code, Problem):
            problems += [code] if code not in problems else []
        else:
            line["AccountCode"] = code
        if decimals(amount) > 2:
            problems.append(
                Problem(
                    "too-many-decimals",
                    f"{amount} on {row['account']} has more than two decimals; Xero keeps two",
                    "Set the Currency Precision to 2 in System Settings and enter the journal again",
                )
            )
        if row.get("cost_center") and (tracking := mapping.tracking.get(row["cost_center"])):
            line["Tracking"] = [{"Name": tracking[0], "Option": tracking[1]}]
        lines.append(line)
    _balance(doc, lines, problems)
    if problems:
        raise Refused(problems)
    said = dict.fromkeys(filter(None, (doc["name"], doc.get("title"), doc.get("user_remark"))))
    body: dict[str, Any] = {
        "Narration": " ".join(said)[:4000],
        "Date": str(doc["posting_date"]),
        "Status": POSTED.get(mapping.target_status, "DRAFT"),
        "LineAmountTypes": "NoTax",
        "JournalLines": lines,
    }
    url = document_url(site_url, instance, identity(doc), generation)
    if url:
        body["Url"] = url
    marker = {"Url": url} if url else {"Narration": body["Narration"], "Date": body["Date"]}
    return Translation(body, marker)


def _balance(doc: dict[str, Any], lines: list[dict[str, Any]], problems: list[Problem]) -> None:
    difference = sum((line["LineAmount"] for line in lines), ZERO)
    if len(lines) < 2 or abs(difference) >= CENT:
        problems.append(
            Problem(
                "journal-unbalanced",
                f"Journal Entry {doc['name']} does not balance in company currency ({difference})",
                "Correct the journal and amend it",
            )
        )
