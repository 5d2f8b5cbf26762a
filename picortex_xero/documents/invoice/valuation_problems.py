"""Why a bill with rows for "Valuation" or "Valuation and Total" (see `valuation`) waits for a person."""

from __future__ import annotations

from typing import Any

from ...accounting import causes
from ...accounting.money import plain
from ...accounting.problems import Problem
from ...accounting.tax import row_total
from ...accounting.texts import _
from .line_builder import Line, LineBuilder

Doc = dict[str, Any]


def partly_claimed(builder: LineBuilder, line: Line) -> Problem:
    """Why a line is held whose tax is partly cost, where no Xero tax type is mapped that says exactly the rest."""
    return Problem(
        "tax-partly-cost",
        _(
            """{document} claims a part of the tax on "{description}" ({tax_key}) and makes another part of {account} its cost; no tax type that says exactly that is mapped"""
        ).format(
            document=builder.title,
            description=line.body["Description"][:60],
            tax_key=line.source.tax_key,
            account=line.source.cost_of,
        ),
        _(
            """Enter it in Xero by hand: the part that is claimed as a line with its tax, the rest with its tax in the price as a line without tax. A tax rate that Xero's return can read serves as well where it has exactly the rate that is claimed: map "{tax_key}" for Purchases under Taxes in Mapping to it"""
        ).format(tax_key=line.source.tax_key),
        held=True,
        causes=(causes.tax(builder.direction, line.source.tax_key),),
    )


def _known(builder: LineBuilder, row: Doc) -> dict[str, str]:
    return {"document": builder.title, "account": row["account_head"], "amount": f"{plain(row_total(row)):f}"}


def still_tax(builder: LineBuilder, row: Doc) -> Problem:
    """Why a bill is held whose tax is cost by its row, but claimed by its ledger."""
    return Problem(
        "valued-tax-in-ledger",
        _(
            """The tax row {account} of {document} ({amount}) is for "Valuation and Total", so part of the cost, but the ledger has it on the tax account, where tax that is claimed stands"""
        ).format(**_known(builder, row)),
        _(
            """Cancel and amend the document: where this tax may be claimed, choose Total under Consider Tax or Charge for in its row; where not, choose the account of the cost (of the asset or the expense) as Account Head of the row, in place of the tax account"""
        ),
        held=True,
    )


def only_valued(builder: LineBuilder, row: Doc) -> Problem:
    """Why a bill is held whose ledger takes a cost from the tax account."""
    return Problem(
        "valued-tax-only",
        _(
            """The tax row {account} of {document} is for "Valuation" only: the ledger takes {amount} from the tax account into the cost of stock, and no tax return knows of that"""
        ).format(**_known(builder, row)),
        _(
            """Cancel and amend the document with another Account Head in this row, such as Expenses Included In Valuation; or enter it in Xero by hand"""
        ),
        held=True,
    )


def by_hand(builder: LineBuilder, row: Doc) -> Problem:
    """Why a bill is held that takes such tax off."""
    return Problem(
        "valued-tax-deducted",
        _("""{document} deducts tax on {account} ({amount}) in a row for "Valuation and Total"; Xero has no line that says that""").format(
            **_known(builder, row)
        ),
        _("Enter it in Xero by hand as your accountant says: what the supplier charged, and the tax that may not be claimed as a cost"),
        held=True,
    )


def unclear(builder: LineBuilder, row: Doc) -> Problem:
    """Why a bill is held whose ledger does not say where the row is."""
    return Problem(
        "valuation-unclear",
        _(
            """The ledger of {document} has an amount on {account} that its row for "{category}" ({amount}) does not explain, neither as a part of the cost nor beside it"""
        ).format(**_known(builder, row), category=str(row["category"])),
        _("Enter it in Xero by hand as the ledger has it (View, Accounting Ledger)"),
        held=True,
    )
