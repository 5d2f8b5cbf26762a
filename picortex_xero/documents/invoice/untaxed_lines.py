"""The lines of an invoice that carry no tax and no supply: discounts that leave the tax as it is, ERPNext's rounding, and what is left of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal, plain
from ...accounting.problems import Problem
from ...accounting.texts import Text, _
from ..identity import amount_due
from .discounts import UntaxedDiscount
from .line_builder import LineBuilder
from .line_taxes import unfit

# In cents, or in whole units of a currency that has none.
DRIFT_CAP = 5
# The name of a default account that nobody can choose: a discount's own account must be mapped itself, or it would land on income again.
DISCOUNT = "discount"


def discount_line(builder: LineBuilder, discount: UntaxedDiscount) -> dict[str, Any]:
    """A discount that leaves the tax as it is: a negative line without tax on its own account."""
    body: dict[str, Any] = {"Description": "Discount", "Quantity": Decimal(1), "UnitAmount": plain(-discount.amount)}
    if not discount.account:
        builder.note(
            Problem(
                "discount-account-missing",
                _("{document} has a cash discount of {amount} and names no account for it").format(
                    document=builder.title, amount=f"{plain(discount.amount):f}"
                ),
                _("Choose the Discount Account on the document and amend it, or enter it in Xero by hand"),
            )
        )
        return body
    return untaxed_line(builder, body, discount.account, DISCOUNT, builder.doc.get("cost_center"))


def untaxed_line(builder: LineBuilder, body: dict[str, Any], account: str, default: str, cost_center: str | None) -> dict[str, Any]:
    """The body with its account (or the default of that name), tracking, and the Tax Type for Lines Without Tax."""
    if tracking := builder.mapping.tracked(cost_center):
        body["Tracking"] = tracking
    builder.cost_centers += [cost_center] if cost_center else []
    builder.put(body, "AccountCode", builder.mapping.account(account, default))
    return without_tax(builder, body, builder.mapping.account_why(account, default))


def rounding_lines(builder: LineBuilder, body_lines: list[dict[str, Any]], tax: Decimal) -> Decimal:
    """Append the no-tax lines for rounding drift and ERPNext's rounding adjustment; return the total Xero will show."""
    doc = builder.doc
    grand, due = decimal(doc.get("grand_total")), amount_due(doc)
    built = sum((line.amount for line in builder.lines), ZERO) + (ZERO if builder.inclusive else tax)
    drift = grand - built
    if abs(drift) > DRIFT_CAP * builder.unit:
        builder.problems.append(
            Problem(
                "total-differs",
                _("The lines and taxes of {name} add up to {built}, its grand total is {grand}").format(
                    name=doc["name"], built=built, grand=grand
                ),
                _("Look for a row that belongs to neither; correct the document and amend it"),
            )
        )
    for amount, text in ((drift, "Rounding difference"), (due - grand, "Rounding")):
        if amount:
            body_lines.append(_rounding_line(builder, amount, text))
    if due < ZERO:
        builder.problems.append(
            Problem(
                "negative-total",
                _("{name} has a negative total ({due})").format(name=doc["name"], due=due),
                _("Enter it as a return, so that it becomes a credit note"),
            )
        )
    return due


def _rounding_line(builder: LineBuilder, amount: Decimal, text: str) -> dict[str, Any]:
    body: dict[str, Any] = {"Description": text, "Quantity": Decimal(1), "UnitAmount": plain(amount)}
    code = builder.mapping.rounding_account
    if code:
        body["AccountCode"] = code
    else:
        builder.note(
            Problem(
                "rounding-account-missing", _("No account is chosen for rounding"), _("Choose the Rounding Account on the Xero Connection")
            )
        )
    return without_tax(builder, body, _("It is the Rounding Account (Xero Connection)"))


def without_tax(builder: LineBuilder, body: dict[str, Any], account_why: Text) -> dict[str, Any]:
    """The body with the Tax Type for Lines Without Tax; what stands against it is noted."""
    no_tax = builder.mapping.no_tax()
    if isinstance(no_tax, Problem):
        builder.note(no_tax)
        return body
    body["TaxType"] = no_tax.code
    builder.explain(body, account_why, no_tax.why)
    if problem := unfit(builder, no_tax, body.get("AccountCode", ""), ""):
        builder.note(problem)
    return body
