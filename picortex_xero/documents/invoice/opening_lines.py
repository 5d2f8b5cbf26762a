"""Lines without tax that carry balances and no supply: an opening document's amount, and what the sale of an asset does to its accounts.

An opening invoice is coded to the account mapped from ERPNext's Temporary Opening, without tax (in Australia "BAS Excluded"): its tax was
filed before. Depreciation belongs to one register of fixed assets only, ERPNext's or Xero's, as the admin chose.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal, decimals, plain
from ...accounting.own_tax import TypedAmount
from ...accounting.problems import Problem
from ...accounting.texts import Text, _, term
from ..identity import DIRECTIONS, amount_due
from .line_builder import DESCRIPTION_LIMIT, LineBuilder
from .line_taxes import unfit
from .lines import Lines
from .posting import booked_on, disposal, sold_assets

# The choices of who keeps the register of fixed assets, and the name under which no default account is.
KEPT, SENT = "Kept in Xero", "Sent from here"
BALANCE = "balance"


def still_open(doc: dict[str, Any]) -> Decimal:
    """The amount of an opening document still open at go-live, in document currency: its total less what was settled before
    (`settled_before`, read from the ledger)."""
    return decimal(amount_due(doc)) - decimal(doc.get("settled_before"))


def opening_lines(doc: dict[str, Any], mapping: Mapping) -> Lines:
    """One line of what is still open, on the temporary opening account that the rows are booked on. Its tax was filed before."""
    accounts = list(dict.fromkeys(booked_on(doc, item) for item in doc.get("items") or []))
    builder, total = LineBuilder(doc, mapping, DIRECTIONS[doc["doctype"]]), still_open(doc)
    if len(accounts) != 1:
        builder.note(
            Problem(
                "opening-several-accounts",
                _("{doctype} {name} is an opening document booked on several accounts ({accounts})").format(
                    doctype=term(doc["doctype"]), name=doc["name"], accounts=", ".join(accounts)
                ),
                _("Enter {total} open on {name} as a conversion balance in Xero by hand").format(
                    total=f"{plain(total):f}", name=doc["name"]
                ),
                held=True,
            )
        )
    body = _add(builder, f"Opening balance of {doc['name']}", total, (accounts or [""])[0])
    untaxed = mapping.no_tax()
    by_type = [] if isinstance(untaxed, Problem) else [TypedAmount(untaxed, total, ZERO)]
    return Lines([body], "Exclusive", total, ZERO, builder.reasons, builder.problems, by_type=by_type)


def with_disposal(made: Lines, doc: dict[str, Any], mapping: Mapping) -> Lines:
    """`made`, and after it what the ledger (`ledger`, read by the worker) books for sold assets besides their price.

    The price is an ordinary taxed line; what is added comes to zero, so that total and tax stay those of the document. Nothing is added
    where nothing is sold, or where Xero keeps the register: there a person disposes of the asset in Xero.
    """
    if not sold_assets(doc) or mapping.depreciation != SENT:
        return made
    booked = disposal(doc, doc.get("ledger") or [])
    if booked is None or doc["currency"] != mapping.base_currency:
        return replace(
            made,
            problems=[
                _asset_by_hand(
                    doc, _("{doctype} {name} sells an asset ({assets}), whose ledger does not show the asset apart from the rest")
                )
            ],
        )
    builder, sign = LineBuilder(doc, mapping, DIRECTIONS[doc["doctype"]]), -1 if doc.get("is_return") else 1
    assets = ", ".join(_names(doc))
    items = [_add(builder, f"Disposal of {assets}: {account}", sign * amount, account) for account, amount in booked.items()]
    problems = made.problems + [each for each in builder.problems if each not in made.problems]
    return replace(made, items=made.items + items, reasons=made.reasons + builder.reasons, problems=problems)


def asset_held(doc: dict[str, Any], mapping: Mapping) -> list[Problem]:
    """A sold asset while nobody has decided who keeps the register."""
    undecided = mapping.depreciation not in (KEPT, SENT)
    return (
        [_asset_by_hand(doc, _("{doctype} {name} sells an asset ({assets}), and it is not decided who keeps the register of assets"))]
        if undecided and sold_assets(doc)
        else []
    )


def _asset_by_hand(doc: dict[str, Any], why: Text) -> Problem:
    return Problem(
        "asset-sale",
        why.format(doctype=term(doc["doctype"]), name=doc["name"], assets=", ".join(_names(doc))),
        _(
            "Choose who keeps the register under Depreciation on the Xero Connection, then press Retry; or enter {name} in Xero by hand: the price with its tax on the disposal account, then dispose of the asset in Xero"
        ).format(name=doc["name"]),
        held=True,
    )


def _names(doc: dict[str, Any]) -> list[str]:
    return [str(item.get("asset") or item.get("item_name") or item.get("item_code")) for item in sold_assets(doc)]


def _add(builder: LineBuilder, text: str, amount: Decimal, host_account: str) -> dict[str, Any]:
    """A line without tax. Its account must be mapped; a default could be the wrong one, which nobody would notice before year-end."""
    body: dict[str, Any] = {"Description": text[:DESCRIPTION_LIMIT], "Quantity": Decimal(1), "UnitAmount": plain(amount)}
    code, no_tax = builder.mapping.account(host_account, BALANCE), builder.mapping.no_tax()
    builder.put(body, "AccountCode", code)
    if isinstance(no_tax, Problem):
        builder.note(no_tax)
    else:
        body["TaxType"] = no_tax.code
        builder.explain(body, builder.mapping.account_why(host_account, BALANCE), no_tax.why)
        if isinstance(code, str) and (problem := unfit(builder, no_tax, code, "")):
            builder.note(problem)
    if decimals(amount) > 2:
        builder.note(
            too_many_decimals(
                _("{amount} on {account} has more than two decimals; Xero keeps two").format(amount=amount, account=host_account),
                builder.doc["currency"],
            )
        )
    return body
