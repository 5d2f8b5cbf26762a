"""Journal Entry without money or parties -> ManualJournal, in base currency, debits positive.

With tax rows its LineAmountTypes is Exclusive and each line carries its tax (TaxType and TaxAmount, from Xero's API description). That Xero
keeps a TaxAmount other than its own figure is assumed; if it does not, it refuses the journal as unbalanced, and nothing wrong is posted.
Without tax rows it is NoTax.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...accounting import causes
from ...accounting.causes import Cause
from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import CENT, ZERO, decimals, plain
from ...accounting.plain_text import of_lines
from ...accounting.problems import Problem, Refused
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from ..identity import document_url, identity
from ..invoice.line_builder import DESCRIPTION_LIMIT
from ..translation import Reason, Translation
from .rows import TAX, Journal, JournalRow
from .tax import TaxedLeg, taxed

POSTED = {"AUTHORISED": "POSTED"}


def journal(entry: Journal, site_url: str, instance: str, revision: int) -> Translation:
    """The ManualJournal element of a journal entry over plain and tax accounts. Raises Refused with all problems."""
    doc, problems = entry.doc, unsound(entry)
    has_tax = bool(entry.of(TAX))
    parts = taxed(entry, problems)
    lines = [_line(entry, each, problems) for each in parts]
    problems += entry.mapping.untracked(cost_centers(parts))
    if problems:
        raise Refused(problems)
    body: dict[str, Any] = {
        "Narration": " ".join(dict.fromkeys(filter(None, (doc["name"], doc.get("title"), doc.get("user_remark")))))[:DESCRIPTION_LIMIT],
        "Date": str(doc["posting_date"]),
        "Status": POSTED.get(entry.mapping.target_status, "DRAFT"),
        "LineAmountTypes": "Exclusive" if has_tax else "NoTax",
        "JournalLines": lines,
    }
    if entry.mapping.cash_basis:
        # A cash-basis report shows money only: an accrual is left out of it.
        body["ShowOnCashBasisReports"] = False
    url = document_url(site_url, instance, identity(doc), revision)
    if url:
        body["Url"] = url
    marker = {"Url": url} if url else {"Narration": body["Narration"], "Date": body["Date"]}
    return Translation(body, marker, reasons=reasons(entry, parts), said=entry.mapping.said_of_tracking(cost_centers(parts)))


def cost_centers(parts: list[TaxedLeg]) -> list[str | None]:
    """The cost centres of the rows with an amount."""
    return [each.leg.row.get("cost_center") for each in parts if each.leg.amount]


def _line(entry: Journal, each: TaxedLeg, problems: list[Problem]) -> dict[str, Any]:
    leg = each.leg
    line: dict[str, Any] = {"LineAmount": plain(leg.amount), "Description": said_of(entry, leg)}
    if code := account_code(entry.mapping, leg, each.tax_type, problems):
        line["AccountCode"] = code
    if each.tax_type:
        line["TaxType"] = each.tax_type.code
    if each.override is not None:
        line["TaxAmount"] = plain(each.override)
    if tracking := entry.mapping.tracked(leg.row.get("cost_center")):
        line["Tracking"] = tracking
    return line


def reasons(entry: Journal, parts: list[TaxedLeg]) -> list[Reason]:
    """Why each row has its account and its tax type."""
    mapping = entry.mapping
    return [
        Reason(
            said_of(entry, each.leg),
            mapping.accounts.get(each.leg.account, ""),
            mapping.account_why(each.leg.account, "journal"),
            each.tax_type.code if each.tax_type else "",
            each.tax_type.why if each.tax_type else _("The journal has no row for tax"),
        )
        for each in parts
    ]


def said_of(entry: Journal, leg: JournalRow) -> str:
    """A line's Description: the row's remark, else the journal's, else the journal's name."""
    texts = map(of_lines, (leg.row.get("user_remark"), entry.doc.get("user_remark"), entry.doc["name"]))
    return next(filter(None, texts), "")[:DESCRIPTION_LIMIT]


def account_code(mapping: Mapping, leg: JournalRow, tax_type: TaxType | None, problems: list[Problem]) -> str:
    """The Xero account of a row, which must take the row's tax type. It must be mapped; a default could be
    the wrong one, which nobody would notice before year-end."""
    if code := mapping.accounts.get(leg.account):
        account_class = mapping.xero_classes.get(code)
        if tax_type and not (tax_type.active and (tax_type.classes is None or account_class is None or account_class in tax_type.classes)):
            problems.append(
                Problem(
                    "tax-type-not-for-account" if tax_type.active else "tax-type-gone",
                    _("Xero does not take the tax type {code} on its account {xero_account} for {account}").format(
                        code=tax_type.called, xero_account=mapping.called.account(code), account=leg.account
                    ),
                    _(
                        "Choose a tax type that fits under Taxes in Mapping (for lines without tax on the Xero Connection), or map {account} to another account under Accounts in Mapping"
                    ).format(account=leg.account),
                    causes=(
                        Cause(causes.TAX),
                        causes.setting("no_tax_type"),
                        causes.account(leg.account),
                        causes.xero_tax(tax_type.code),
                    ),
                )
            )
        return code
    found = mapping.account(leg.account, "journal")
    if isinstance(found, Problem) and leg.row.get("account_type") == "Tax":
        resolution = _(
            "Map {account} under Taxes in Mapping where it is a tax on sales or purchases, else under Accounts in Mapping"
        ).format(account=leg.account)
        found = replace(found, resolution=resolution, causes=(*found.causes, Cause(causes.TAX)))
    problems += [found] if isinstance(found, Problem) and found not in problems else []
    return ""


def unsound(entry: Journal) -> list[Problem]:
    """Why the figures of a journal cannot go, whatever it becomes."""
    doc = entry.doc
    found = [
        too_many_decimals(
            _("{amount} on {account} has more than two decimals; Xero keeps two").format(amount=leg.amount, account=leg.account),
            entry.mapping.base_currency,
            leg.currency,
        )
        for leg in entry.legs
        if decimals(leg.amount) > 2 or decimals(leg.own) > 2
    ]
    difference: Decimal = sum((leg.amount for leg in entry.legs), ZERO)
    if len(entry.legs) < 2 or abs(difference) >= CENT:
        found.append(
            Problem(
                "journal-unbalanced",
                _("Journal Entry {name} does not balance in company currency ({difference})").format(
                    name=doc["name"], difference=difference
                ),
                _("Correct the journal and amend it"),
            )
        )
    return found
