"""A release of deferred revenue or expense -> ManualJournal, as the host's ledger booked it (accounting_rules "Deferred revenue/expense")."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimals, plain
from ...accounting.problems import Problem, Refused
from ..identity import document_url, identity
from ..translation import Translation
from .deferred import by_account

WHAT = {"Sales Invoice": "Deferred revenue", "Purchase Invoice": "Deferred expense"}


def release(
    doc: dict[str, Any], date: str, rows: Sequence[dict[str, Any]], mapping: Mapping, site_url: str, instance: str, role: str
) -> Translation:
    """The ManualJournal of one posting date's release rows. `role` is the step's ("release-1"): it tells the journals of one invoice apart
    in their Url, which is their marker. Raises Refused with all problems."""
    problems: list[Problem] = []
    lines = [_line(doc, account, cost_center, moved, mapping, problems) for (account, cost_center), moved in by_account(rows).items()]
    if sum((line["LineAmount"] for line in lines), ZERO):
        what = f"The release of {doc['name']} on {date} does not balance in the ledger"
        problems.append(Problem("journal-unbalanced", what, "Run the Process Deferred Accounting again, then press Retry"))
    if problems:
        raise Refused(list(dict.fromkeys(problems)))
    body: dict[str, Any] = {
        "Narration": f"{doc['name']} {WHAT[doc['doctype']]} released on {date}",
        "Date": date,
        "Status": "POSTED" if mapping.target_status == "AUTHORISED" else "DRAFT",
        "LineAmountTypes": "NoTax",
        "JournalLines": lines,
    }
    if mapping.cash_basis:
        # An accrual is nothing to reports on a cash basis (accounting_rules "Cash-basis organisation").
        body["ShowOnCashBasisReports"] = False
    marker = {"Narration": body["Narration"], "Date": date}
    if url := document_url(site_url, instance, identity(doc), 1):
        body["Url"] = url + f"-{role}"
        marker = {"Url": body["Url"]}
    return Translation(body, marker)


def recipe(rows: Sequence[dict[str, Any]]) -> str:
    """The release as a person enters it: "Deferred Revenue - KS 404.35, Sales - KS -404.35"."""
    return ", ".join(f"{account} {plain(moved):f}" for (account, _), moved in by_account(rows).items())


def _line(doc: dict[str, Any], account: str, cost_center: str, moved: Decimal, mapping: Mapping, problems: list[Problem]) -> dict[str, Any]:
    """One line. No default stands in for a journal's accounts: a wrong one would be found at year-end."""
    line: dict[str, Any] = {"LineAmount": plain(moved), "Description": f"{WHAT[doc['doctype']]} of {doc['name']}"}
    code = mapping.accounts.get(account) or mapping.account(account, "journal")
    if isinstance(code, Problem):
        problems.append(code)
    else:
        line["AccountCode"] = code
    if decimals(moved) > 2:
        what = f"{moved} on {account} has more than two decimals; Xero keeps two"
        problems.append(Problem("too-many-decimals", what, "Set the Currency Precision to 2 in System Settings and release again"))
    if tracking := mapping.tracking.get(cost_center):
        line["Tracking"] = [{"Name": tracking[0], "Option": tracking[1]}]
    return line
