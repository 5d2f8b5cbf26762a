"""What becomes of an invoice, bill or credit note that somebody has entered in Xero: a draft here with the same totals to the cent, or a person's choice. Decides on values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, decimal, half_up
from ..accounting.problems import Problem
from ..accounting.tax import NO_TAX, deducts, is_fixed
from ..accounting.texts import Text, _, amount, day, joined
from .document import DocumentLine, IncomingDocument, named
from .journal import (
    CONTACT_BACK,
    ENTRY_BY_HAND,
    HERE_ALREADY,
    MOST_NAMED,
    ONE_TOO_MANY,
    OTHER_TOTALS,
    RATE_DECIMALS,
    SAME_OR_ANOTHER,
    TWICE,
    Draft,
    Waits,
)
from .way_back import PURCHASES, SALES, Candidate, WayBack

_PART = re.compile(r"(.+?) @ (-?[0-9.]+)(?: \+ |$)")
HUNDRED = Decimal(100)
LONGEST_NAME = 140
Rates = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class DocumentsHere:
    """What is known here of a document. `party`: who is matched with its contact ("": nobody); `items`: the items here that lines may name by their codes; `templates`: what
    each item tax template of the company says of its accounts, by rate in per cent; `alike`: documents here that are perhaps the same; `twice`: documents that went to Xero from here and look like it; `unit`: of lines without an item."""

    company: str
    base_currency: str
    way_back: WayBack
    party: str = ""
    items: frozenset[str] = frozenset()
    templates: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    alike: tuple[str, ...] = ()
    unit: str = "Nos"
    certain: bool = False
    twice: tuple[str, ...] = ()


def decide(document: IncomingDocument, known: DocumentsHere) -> Draft | Waits:
    """One outcome for one document."""
    if not known.party:
        return Waits(_no_party(document))
    made = _items(document, known)
    if isinstance(made, Problem):
        return Waits(made)
    items, taxes, total = made
    if total != document.total or not items:
        return Waits(other_totals(document, total))
    if document.currency not in ("", known.base_currency) and document.rate <= ZERO:
        return Waits(_by_hand(document, _("Xero shows no exchange rate of it")))
    if known.alike and not known.certain:
        return Waits(_here_already(document, known.alike), tuple((document.doctype, name) for name in known.alike))
    if known.twice and not known.certain:
        return Waits(_twice(document, known.twice))
    return Draft(_voucher(document, items, taxes, known))


def _items(document: IncomingDocument, known: DocumentsHere) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Decimal] | Problem:
    """The rows of items and of taxes, and the total that ERPNext works out of them."""
    found: list[tuple[DocumentLine, str, str, Candidate, Rates]] = []
    for line in document.lines:
        account = known.way_back.account(line.code, line.account_id)
        centre = known.way_back.cost_center(line.tags)
        tax = _tax(document, line, known)
        for answer in (account, centre, tax):
            if isinstance(answer, Problem):
                return answer
        assert isinstance(account, str) and isinstance(centre, str) and isinstance(tax, Candidate)
        if is_fixed(tax.here) or deducts(tax.here):
            return _by_hand(document, _("the tax {tax} is no rate of what was bought").format(tax=tax.here))
        rates = () if tax.here == NO_TAX else tuple((name, Decimal(rate)) for name, rate in _PART.findall(tax.here))
        found.append((line, account, centre, tax, rates))
    charged = Counter(rates for *_rest, rates in found if rates)
    main: Rates = charged.most_common(1)[0][0] if charged else ()
    accounts = list(dict.fromkeys(account for rates in [main, *charged] for account, _rate in rates))
    items = []
    for line, account, centre, tax, rates in found:
        template = tax.template if tax.template or not accounts or _same(rates, main) else _template(rates, accounts, known)
        if not template and accounts and not _same(rates, main):
            return _no_template(document, tax.here)
        items.append(_item(document, line, account, centre, template, known))
    taxes, sums = [], ZERO
    for account in accounts:
        exact = sum((line.net * dict(rates).get(account, ZERO) / HUNDRED for line, _a, _c, _t, rates in found), ZERO)
        sums += half_up(exact)
        taxes.append(
            {
                "charge_type": "On Net Total",
                "account_head": account,
                "description": account,
                "rate": dict(main).get(account, ZERO),
                "cost_center": known.way_back.centre,
            }
        )
    return items, taxes, half_up(sum((line.net for line in document.lines), ZERO)) + sums


def _tax(document: IncomingDocument, line: DocumentLine, known: DocumentsHere) -> Candidate | Problem:
    if not line.tax_type and not line.tax:
        return Candidate(NO_TAX)
    found = known.way_back.tax(line.tax_type, [SALES if document.sells else PURCHASES])
    # What no return tells apart here: a line without tax needs no row that says so.
    return Candidate(NO_TAX) if isinstance(found, Problem) and line.tax_type == "NONE" and not line.tax else found


def _same(rates: Rates, others: Rates) -> bool:
    return {name: rate for name, rate in rates if rate} == {name: rate for name, rate in others if rate}


def _template(rates: Rates, accounts: list[str], known: DocumentsHere) -> str:
    """The item tax template that gives a line these rates where the document's rows have others; "" where none or several do."""
    wanted = {account: dict(rates).get(account, ZERO) for account in accounts}
    fitting = [name for name, says in known.templates.items() if all(says.get(account) == rate for account, rate in wanted.items())]
    return fitting[0] if len(fitting) == 1 else ""


def _item(document: IncomingDocument, line: DocumentLine, account: str, centre: str, template: str, known: DocumentsHere) -> dict[str, Any]:
    sign = -1 if document.credit else 1
    quantity, rate = line.quantity, ZERO
    if quantity > ZERO:
        rate = (line.net / quantity).quantize(CENT)
    text = line.text or line.item_code or str(named(document))
    if quantity <= ZERO or quantity * rate != line.net:
        # A discount or a fraction of a cent: the amount is what counts.
        text = f"{text} ({line.quantity.normalize():f})" if quantity > ZERO and quantity != 1 else text
        quantity, rate = Decimal(1), line.net
    made: dict[str, Any] = {
        "item_name": text[:LONGEST_NAME],
        "description": text,
        "qty": sign * quantity,
        "uom": known.unit,
        "conversion_factor": Decimal(1),
        "rate": rate,
        "income_account" if document.sells else "expense_account": account,
        "cost_center": centre,
    }
    if template:
        made["item_tax_template"] = template
    return {"item_code": line.item_code, **made} if line.item_code in known.items else made


def _voucher(document: IncomingDocument, items: list[dict[str, Any]], taxes: list[dict[str, Any]], known: DocumentsHere) -> dict[str, Any]:
    currency = document.currency or known.base_currency
    rate = Decimal(1) if currency == known.base_currency else half_up(1 / document.rate, RATE_DECIMALS)
    said = [each for each in (_("Entered in Xero"), document.number, document.reference) if each]
    made: dict[str, Any] = {
        "doctype": document.doctype,
        "company": known.company,
        "customer" if document.sells else "supplier": known.party,
        "set_posting_time": 1,
        "posting_date": document.date,
        "due_date": document.due,
        "ignore_default_payment_terms_template": 1,
        "currency": currency,
        "conversion_rate": rate,
        "ignore_pricing_rule": 1,
        "disable_rounded_total": 1,
        "update_stock": 0,
        "is_return": int(document.credit),
        "remarks": str(joined(" · ", said)),
        "cost_center": known.way_back.centre,
        "items": items,
        "taxes": taxes,
    }
    if document.sells:
        return made
    return made | {"bill_no": (document.number or document.reference)[:LONGEST_NAME], "bill_date": document.date}


def other_totals(document: IncomingDocument, here: Decimal) -> Problem:
    """ERPNext works out another total than Xero has."""
    return Problem(
        OTHER_TOTALS,
        _("{what} in Xero comes to {there} {currency}, and ERPNext works out {here}").format(
            what=named(document), there=amount(f"{document.total:.2f}"), here=amount(f"{here:.2f}"), currency=document.currency
        ),
        _("Enter it here, dated {date}, and press Done by Hand").format(date=day(document.date)),
        held=True,
    )


def made_otherwise(document: IncomingDocument, made: Any) -> Problem | None:
    """Why the draft does not stand for the document: ERPNext has worked out another total; None where it is the same, or none was worked out."""
    here = decimal(made)
    return other_totals(document, abs(here)) if here and abs(here) != document.total else None


def _no_party(document: IncomingDocument) -> Problem:
    kind = _("customer") if document.sells else _("supplier")
    return Problem(
        CONTACT_BACK,
        _("{what} in Xero is of {contact}, and no {party_type} is matched with that contact").format(
            what=named(document), contact=document.contact_name or _("(none)"), party_type=kind
        ),
        _("Match the contact under Match contacts; it is then entered by itself"),
        held=True,
    )


def _no_template(document: IncomingDocument, tax: str) -> Problem:
    return _by_hand(document, _("its lines bear several taxes, and no item tax template stands for {tax}").format(tax=tax))


def _by_hand(document: IncomingDocument, why: Text) -> Problem:
    return Problem(
        ENTRY_BY_HAND,
        _("{what} in Xero cannot be entered here by itself: {why}").format(what=named(document), why=why),
        _("Enter it here, dated {date}, and press Done by Hand").format(date=day(document.date)),
        held=True,
    )


def _here_already(document: IncomingDocument, alike: tuple[str, ...]) -> Problem:
    return Problem(
        HERE_ALREADY,
        _("{what} in Xero is perhaps here already: {names}, of the same party with the same total, not in Xero").format(
            what=named(document), names=joined(", ", alike[:MOST_NAMED])
        ),
        SAME_OR_ANOTHER,
        held=True,
    )


def _twice(document: IncomingDocument, twice: tuple[str, ...]) -> Problem:
    return Problem(
        TWICE,
        _("{what} is perhaps in Xero twice: {names}, of the same party with the same total, went there from here").format(
            what=named(document), names=joined(", ", twice[:MOST_NAMED])
        ),
        ONE_TOO_MANY,
        held=True,
    )
