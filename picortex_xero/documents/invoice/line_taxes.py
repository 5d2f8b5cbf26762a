"""Which Xero tax type a line gets, whether it may have it, and the tax amount where Xero would compute another.

Xero computes tax line by line and rounds each line half up (Xero's developer documentation, "Rounding in Xero"). ERPNext's figure is sent
as TaxAmount where it differs by a cent at most for each tax row. A larger difference stops the document, and so does any on a tax type that
shows no tax (reverse charge, GST on imports, exempt). Withholding is a negative line without tax. What an accountant has to finish by hand
is held, with the instructions; no document is sent in part.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting import causes
from ...accounting.money import ZERO, half_up, plain
from ...accounting.problems import Problem
from ...accounting.rounding import HUNDRED, line_tax
from ...accounting.tax import deducted
from ...accounting.tax_types import CAPITAL, TaxType
from ...accounting.terms import inside
from ...accounting.texts import _
from .line_builder import Line, LineBuilder
from .typed_taxes import left_by_service
from .valuation_problems import partly_claimed


def choose(builder: LineBuilder, line: Line) -> TaxType | Problem:
    """The Xero tax type that the admin mapped for a line's tax, or the problem that there is none."""
    source, row = line.source, line.row
    if source.fixed and row is not None and left_by_service(builder):
        chosen = builder.mapping.tax(builder.direction, source.tax_key, "", line.account)
        return builder.mapping.no_tax() if isinstance(chosen, Problem) else chosen
    if source.fixed and source.net < ZERO:
        return Problem(
            "fixed-tax-deducted",
            _("{document} takes {net} off {fixed} as a fixed amount; Xero's tax type for imports only adds").format(
                document=builder.title, net=-source.net, fixed=source.fixed
            ),
            _("Where it belongs to a reverse charge, enter both rows with their rate and amend; else enter the document in Xero by hand"),
            held=True,
        )
    if row is not None and not source.parts and (deducted(row) or source.net < ZERO):
        if problem := _construction_scheme(builder, line, row):
            return problem
        if deducted(row):
            # Withholding is a liability settled with the tax office, not a taxed supply: always the no-tax type.
            return builder.mapping.no_tax()
    if source.paired and (source.tax or abs(source.left_over) >= builder.unit):
        return Problem(
            "reverse-charge-part",
            _(
                """{document} adds tax to "{description}" and takes another amount off again ({tax_key}): {left_over} is left over, and Xero's reverse charge always claims all of it"""
            ).format(
                document=builder.title,
                description=line.body["Description"][:60],
                tax_key=source.tax_key,
                left_over=half_up(source.left_over),
            ),
            _(
                "Enter it in Xero by hand: the net amount with the reverse charge rate (or without tax where there is none), and your accountant adjusts the part that may not be claimed in the tax return. Where a row is tax withheld from the supplier instead, map its account under Accounts in Mapping and press Retry"
            ),
            held=True,
        )
    # An amount of tax is no supply, so an item tax template on its line says nothing of it.
    bare = source.charged_elsewhere or bool(source.fixed)
    account = line.taxed_as or line.account
    said = bool(source.template) and (builder.direction, source.tax_key, source.template) in builder.mapping.taxes
    if source.fixed and not said and builder.mapping.tells_capital_imports(builder.direction, source.tax_key):
        imported = _imported(builder, source.tax_key)
        if isinstance(imported, Problem):
            return imported
        account = imported or account
    found = builder.mapping.tax(builder.direction, source.tax_key, source.template, account, bare)
    if isinstance(found, Problem) and source.cost_of and any(rate for _account, rate in source.parts):
        return partly_claimed(builder, line)
    return _no_reverse_charge(builder, line) or found if isinstance(found, Problem) and source.paired else found


def _imported(builder: LineBuilder, key: str) -> str | Problem:
    """The account of the fixed assets that tax on imports is about; "" where it is about none, a problem where about some only."""
    capital = {each: CAPITAL in builder.mapping.host_classes.get(each, ()) for each in builder.untaxed}
    if all(capital.values()):
        return next(iter(capital), "")
    if not any(capital.values()):
        return ""
    return Problem(
        "imports-mixed",
        _(
            """{document} has "{key}" beside fixed assets and other lines without tax; tax on the import of capital goods and of others has different tax types in Xero"""
        ).format(document=builder.title, key=key),
        _(
            """Cancel it here and enter two documents: one with what belongs to the import of the asset and its tax on imports, one with the rest; or one with the tax on imports as item lines on the tax account, each with an item tax template for which "{key}" has a row of its own under Taxes in Mapping. Or enter it in Xero by hand"""
        ).format(key=key),
        held=True,
    )


def _no_reverse_charge(builder: LineBuilder, line: Line) -> Problem | None:
    """Reverse charge where Xero has no tax type that shows no tax, as in New Zealand and Australia: held, as there is none to map to."""
    if not builder.mapping.tax_types or any(each.shows_zero and each.active for each in builder.mapping.tax_types.values()):
        return None
    key = line.source.tax_key
    return Problem(
        "reverse-charge-by-hand",
        _("{document} adds tax and takes it off again ({key}); this organisation has no tax type for a reverse charge").format(
            document=builder.title, key=key
        ),
        _(
            'Enter the document in Xero by hand without tax, and your accountant accounts for both sides in the tax return. Where the return is always adjusted so, map "{key}" for {direction} to the type without tax under Taxes in Mapping and press Retry'
        ).format(key=key, direction=inside(builder.direction)),
        held=True,
    )


def _construction_scheme(builder: LineBuilder, line: Line, row: dict[str, Any]) -> Problem | None:
    """Tax withheld under the UK's Construction Industry Scheme (CIS): the document is held. Xero makes and files that deduction itself, and
    an app can make neither CIS bills nor CIS invoices (Xero help "Add or edit a bill from a CIS subcontractor").

    On a bill what is taken off on an income or expense account is a discount, and an account of unknown class counts as withholding;
    on an invoice only an asset or a liability does, since a negative row is a discount there.
    """
    if builder.mapping.country != "GB":
        return None
    classes = builder.mapping.host_classes.get(line.account, ())
    if builder.direction == "Sales":
        withheld = "Asset" in classes or "Liability" in classes
    else:
        withheld = not classes or "Liability" in classes or bool(row.get("is_tax_withholding_account"))
    if not withheld:
        return None
    side = _("a bill from a subcontractor") if builder.direction == "Purchases" else _("an invoice to a contractor")
    return Problem(
        "construction-scheme",
        _("{document} withholds {amount} on {account}; {side} under the Construction Industry Scheme cannot be made by an app").format(
            document=builder.title, amount=-line.amount, account=line.account, side=side
        ),
        _(
            "Enter it in Xero by hand with the Construction Industry Scheme switched on: labour on Xero's CIS labour account, materials on the materials account, and see that Xero deducts the same amount. This document stays held"
        ),
        held=True,
    )


def unfit(builder: LineBuilder, tax_type: TaxType, code: str, key: str) -> Problem | None:
    """Why Xero would refuse this tax type on the account with this code, by Xero's lists as last read; `key` is "" for lines without
    tax."""
    chosen = causes.tax(builder.direction, key) if key else causes.setting("no_tax_type")
    place = _('for "{tax}" under Taxes in Mapping').format(tax=key) if key else _("for Lines Without Tax on the Xero Connection")
    if not tax_type.active:
        return Problem(
            "tax-type-gone",
            _("{document} needs Xero's tax type {code}, which is no longer active there").format(
                document=builder.title, code=tax_type.called
            ),
            _(
                "Choose another tax type {place}, or restore it in Xero and press Refresh From Xero on the Xero Connection; then press Retry"
            ).format(place=place),
            causes=(chosen, causes.xero_tax(tax_type.code)),
        )
    account_class = builder.mapping.xero_classes.get(code)
    if tax_type.classes is None or account_class is None or account_class in tax_type.classes:
        return None
    if builder.direction == "Purchases" and account_class == "REVENUE":
        # Any tax type that fits there is one for sales, and the return would show what was bought as sold.
        resolution = _(
            "Map the account of this line under Accounts in Mapping to an account for costs, which takes {code}; or choose another account on the document and amend it"
        ).format(code=tax_type.called)
    else:
        resolution = _(
            "Add a row {place} for this class of accounts with a tax type that fits, or map to another account under Accounts in Mapping"
        ).format(place=place)
    return Problem(
        "tax-type-not-for-account",
        _("Xero does not take the tax type {code} on its account {account} ({account_class})").format(
            code=tax_type.called, account=builder.mapping.called.account(code), account_class=inside(account_class)
        ),
        resolution,
        causes=(chosen, causes.xero_tax(tax_type.code), causes.xero_account(code)),
    )


def with_tax(builder: LineBuilder, line: Line, row_count: int) -> dict[str, Any]:
    """The line's body, with TaxAmount where ERPNext's tax is not what Xero would compute."""
    if line.tax_type is None or not line.tax_type.active:
        return line.body  # noted already
    shown = line.tax_type.shown
    if shown is None:
        builder.note(
            Problem(
                "tax-rate-unknown",
                _("The rate of Xero's tax type {code} was never read").format(code=line.tax_type.called),
                _("Press Refresh From Xero on the Xero Connection"),
                causes=(causes.xero_tax(line.tax_type.code),),
            )
        )
        return line.body
    own = line_tax(line.amount, shown, builder.inclusive)
    if shown == ZERO:
        # The tax type shows no tax, by design (reverse charge) or at 0 %: a TaxAmount is never sent, so ERPNext must have none.
        differs = bool(line.source.tax) or _assessed_otherwise(line, line.tax_type, builder.unit)
    else:
        differs = abs(own - line.source.tax) > builder.unit * max(1, row_count)
    if differs:
        builder.note(_tax_differs(builder, line, line.tax_type, own))
        return line.body
    # What was typed stays what was typed, also where Xero would come to the same.
    return {**line.body, "TaxAmount": line.source.tax} if own != line.source.tax or line.source.typed else line.body


def _assessed_otherwise(line: Line, tax_type: TaxType, unit: Decimal) -> bool:
    """Whether ERPNext accounts for another tax on a reverse charge than Xero will: the document shows neither, the returns would differ."""
    if not line.source.paired or not tax_type.shows_zero or tax_type.rate is None:
        return False
    return abs(line.source.self_assessed() - line.source.net * tax_type.rate / HUNDRED) >= unit


def _tax_differs(builder: LineBuilder, line: Line, tax_type: TaxType, own: Decimal) -> Problem:
    source = line.source
    host_rate = sum((rate for _, rate in source.parts if not (source.paired and rate.is_signed())), ZERO)
    rate = tax_type.rate or ZERO
    if not source.paired and host_rate == tax_type.shown:
        fitting = _(
            "The rate is the same ({host_rate} %), the amount is not: correct the tax of {tax_key} and amend, or enter the document in Xero by hand with the tax that it has here"
        )
    elif source.paired:
        fitting = _('Map "{tax_key}" to the Xero reverse charge with the same rate ({host_rate} %)')
    else:
        fitting = _('Map "{tax_key}" to the Xero tax type with the same rate ({host_rate} %)')
    return Problem(
        "tax-differs",
        _(""""{description}" has {tax} tax here ({tax_key}), but Xero's {code} ({rate} %) makes it {own}""").format(
            description=line.body["Description"][:60],
            tax=source.tax,
            tax_key=source.tax_key,
            code=tax_type.known_as,
            rate=f"{plain(rate):f}",
            own=own,
        ),
        fitting.format(tax_key=source.tax_key, host_rate=f"{plain(host_rate):f}"),
        causes=(causes.tax(builder.direction, source.tax_key), causes.xero_tax(tax_type.code)),
    )
