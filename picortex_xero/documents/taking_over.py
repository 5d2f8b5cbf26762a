"""An invoice or bill that somebody has edited in Xero, as it would be here: which fields a draft amendment gets, and what has no one counterpart.

Taken over are dates, a sales invoice's reference, a bill's number, and of each line text, quantity, price, account, tax rate and tracking, as far as one account, item tax template
and cost centre here stand for them. Whatever else differs (contact, currency, rate, item, lines added or removed) has to be decided here by a person: nothing is made then, since
half of it would be neither side's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import Any, Protocol

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..xero.records import xero_element
from .details import due_date
from .identity import INVOICE_DOCTYPES

Doc = dict[str, Any]
Element = dict[str, Any]
LONGEST_NAME = 140
NO_DISCOUNT = {
    "discount_percentage": 0,
    "discount_amount": 0,
    "margin_type": "",
    "margin_rate_or_amount": 0,
    "pricing_rules": "",
}


class Counterparts(Protocol):
    """What here stands for what Xero shows on a line, or why nothing does (incoming/recoded.py)."""

    def account(self, code: str) -> str | Problem: ...
    def cost_center(self, tags: Iterable[tuple[str, str]]) -> str | Problem: ...
    def template(self, tax_type: str, taxes: Sequence[Doc]) -> str | Problem: ...


@dataclass(frozen=True)
class Amendment:
    """The fields of the document, and by row those of its items; `stands_in_the_way`: why none can be made (then the others mean nothing). `total`: what the
    document must then come to, in its currency, as Xero shows it."""

    fields: dict[str, Any] = field(default_factory=dict)
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    total: Decimal = ZERO
    stands_in_the_way: tuple[Text, ...] = ()


def amendment(doc: Doc, here: Element | None, there: Element, back: Counterparts) -> Amendment:
    """What becomes of a document with what Xero shows. `here`: what would be sent of the document today; `back`: what stands for Xero's accounts, taxes and tracking."""
    if doc["doctype"] == "Payment Entry":
        return _none(
            _(
                "Xero changes no payment that is entered, only removes it: cancel this one here and enter it as it is in Xero, or remove the one in Xero, and put it back"
            )
        )
    if doc["doctype"] not in INVOICE_DOCTYPES or doc.get("is_return"):
        return _none(_("Only invoices and bills can be taken over: change it here as it is in Xero, or put it back"))
    if here is None:
        return _none(_("By the settings of today it would not be sent, so that both cannot be compared line by line"))
    if settled(doc):
        return _none(
            _("Something is paid or credited of it here: a cancelled document would lose that. Change it here by hand, or put it back")
        )
    found = _Found(doc, here, there, back)
    found.header()
    found.lines()
    if found.refused:
        return _none(*found.refused)
    return Amendment(found.fields, found.items, decimal(there.get("Total")))


def settled(doc: Doc) -> bool:
    """Whether something was paid or credited of a document here."""
    whole = decimal(doc.get("rounded_total")) or decimal(doc.get("grand_total"))
    return decimal(doc.get("outstanding_amount")) != whole


def _none(*why: Text) -> Amendment:
    return Amendment(stands_in_the_way=why)


class _Found:
    def __init__(self, doc: Doc, here: Element, there: Element, back: Counterparts) -> None:
        self.doc, self.here, self.there, self.back = doc, here, there, back
        self.fields: dict[str, Any] = {}
        self.items: dict[int, dict[str, Any]] = {}
        self.refused: list[Text] = []

    def header(self) -> None:
        """Dates, reference, number; what has no counterpart is refused."""
        dated, due = xero_element.calendar_date(self.there), due_date(self.there)
        if dated and dated != str(self.here.get("Date"))[:10]:
            self.fields |= {"posting_date": dated, "set_posting_time": 1}
        if due and due != str(self.here.get("DueDate"))[:10]:
            # The terms would bring their own date back.
            self.fields |= {"due_date": due, "payment_terms_template": "", "payment_schedule": []}
        self._text("Reference", "po_no" if self._is_sale and not self.doc.get("is_debit_note") else "", _("another reference"))
        self._text("InvoiceNumber", "" if self._is_sale else "bill_no", _("another number"))
        shown = (
            (_("another contact"), _contact(self.here), _contact(self.there)),
            (_("another currency"), self.here.get("CurrencyCode"), self.there.get("CurrencyCode")),
            (
                _("amounts with tax instead of without, or the other way round"),
                self.here.get("LineAmountTypes"),
                self.there.get("LineAmountTypes"),
            ),
        )
        self.refused += [_has(what) for what, one, other in shown if one and other and xero_element.fold(one) != xero_element.fold(other)]
        if "CurrencyRate" in self.here and "CurrencyRate" in self.there and _differ(self.here, self.there, "CurrencyRate"):
            self.refused.append(_has(_("another exchange rate")))

    @property
    def _is_sale(self) -> bool:
        return bool(self.doc["doctype"] == "Sales Invoice")

    def _text(self, name: str, fieldname: str, what: Text) -> None:
        if name not in self.there or xero_element.fold(self.here.get(name)) == xero_element.fold(self.there[name]):
            return
        if fieldname:
            self.fields[fieldname] = str(self.there[name] or "")
        else:
            self.refused.append(_has(what))

    def lines(self) -> None:
        """Text, quantity and price of each line, where each is one item here."""
        ours, theirs, items = (
            list(each or []) for each in (self.here.get("LineItems"), self.there.get("LineItems"), self.doc.get("items"))
        )
        if not any(_line_differs(one, other) for one, other in zip(ours, theirs)) and len(ours) == len(theirs):
            return
        if not len(ours) == len(theirs) == len(items):
            self.refused.append(
                _has(_("lines that were added or removed"))
                if len(ours) != len(theirs)
                else _("Its lines in Xero are not one for each item here")
            )
            return
        for at, (one, other, item) in enumerate(zip(ours, theirs, items)):
            self._line(at, one, other, item)

    def _line(self, at: int, one: Element, other: Element, item: Doc) -> None:
        number = at + 1
        wanted = self._coded(number, one, other)
        if xero_element.fold(one.get("ItemCode") or "") != xero_element.fold(other.get("ItemCode") or "") and "ItemCode" in other:
            self.refused.append(_("In Xero line {number} has another {what}: change it here by hand").format(number=number, what=_("item")))
        if _differ(one, other, "DiscountRate") or _differ(one, other, "DiscountAmount"):
            self.refused.append(
                _("In Xero line {number} has another {what}: change it here by hand").format(number=number, what=_("discount"))
            )
        text = str(other.get("Description") or "")
        if text and xero_element.fold(one.get("Description")) != xero_element.fold(text):
            wanted |= _said(text, item)
        for name, fieldname in (("Quantity", "qty"), ("UnitAmount", "rate")):
            if name not in other or not _differ(one, other, name):
                continue
            if decimal(one.get(name)) != decimal(item.get(fieldname)):
                self.refused.append(
                    _("The quantity or price of line {number} is worked out here: change it here by hand").format(number=number)
                )
                continue
            wanted[fieldname] = decimal(other[name])
            if fieldname == "rate":
                wanted |= {"price_list_rate": decimal(other[name]), **NO_DISCOUNT}
        if wanted:
            self.items[at] = wanted

    def _coded(self, number: int, one: Element, other: Element) -> dict[str, Any]:
        """The fields of an item for the account, tax rate and tracking that its line has in Xero; what nothing stands for is refused."""
        account = "income_account" if self._is_sale else "expense_account"
        coded: tuple[tuple[Text, str, str, Callable[[], str | Problem]], ...] = (
            (_("account"), "AccountCode", account, lambda: self.back.account(str(other.get("AccountCode") or ""))),
            (
                _("tax rate"),
                "TaxType",
                "item_tax_template",
                lambda: self.back.template(str(other.get("TaxType") or ""), self.doc.get("taxes") or []),
            ),
            (_("tracking"), "Tracking", "cost_center", lambda: self.back.cost_center(_tags(other))),
        )
        wanted: dict[str, Any] = {}
        for what, name, fieldname, asked in coded:
            before, after = (_tracking(each.get(name)) if name == "Tracking" else str(each.get(name) or "") for each in (one, other))
            if name not in other or xero_element.fold(before) == xero_element.fold(after):
                continue
            answer = asked()
            if isinstance(answer, Problem):
                self.refused.append(
                    _("In Xero line {number} has another {what}, and {why}. Change it here by hand, or put it back").format(
                        number=number, what=what, why=answer.message
                    )
                )
            else:
                wanted[fieldname] = answer
        if "item_tax_template" in wanted:
            # ERPNext works it out of the template.
            wanted["item_tax_rate"] = "{}"
        return wanted


def _tags(line: Element) -> list[tuple[str, str]]:
    return [(str(each.get("Name") or ""), str(each.get("Option") or "")) for each in line.get("Tracking") or [] if isinstance(each, dict)]


def _said(text: str, item: Doc) -> dict[str, Any]:
    """The fields of an item by which its line says this text (invoice/line_text.py)."""
    found = {"description": escape(text, quote=False).replace("\n", "<br>")}
    if not xero_element.fold(text).startswith(xero_element.fold(item.get("item_name"))):
        found["item_name"] = text.split("\n")[0][:LONGEST_NAME]
    return found


def _line_differs(one: Element, other: Element) -> bool:
    texts = ("AccountCode", "TaxType", "ItemCode", "Description")
    figures = ("Quantity", "UnitAmount", "DiscountRate", "DiscountAmount")
    return (
        any(name in other and xero_element.fold(one.get(name)) != xero_element.fold(other[name]) for name in texts)
        or any(name in other and _differ(one, other, name) for name in figures)
        or _tracking(one.get("Tracking")) != _tracking(other.get("Tracking"))
    )


def _differ(one: Element, other: Element, name: str) -> bool:
    return decimal(one.get(name)) != decimal(other.get(name))


def _tracking(tags: Any) -> str:
    return ", ".join(sorted(f"{each.get('Name')}: {each.get('Option')}" for each in tags or [] if isinstance(each, dict)))


def _contact(element: Element) -> str:
    return xero_element.contact_id(element)


def _has(what: Text) -> Text:
    return _("In Xero it has {what}: change it here by hand").format(what=what)
