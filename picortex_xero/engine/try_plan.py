"""What a test run sends: in a Demo Company the whole chain with payments, elsewhere drafts alone, made with the accounts and tax types that were chosen
in the mapping. Numbers and narrations begin with TEST-."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.mapping import Mapping as Choices
from ..accounting.money import ZERO, decimal, half_up
from ..accounting.plain_text import one_line
from ..accounting.texts import Text, _
from ..xero.records.registry import CONTACT, CREDIT_NOTE, INVOICE, MANUAL_JOURNAL, PAYMENT
from . import try_account

CHAIN, DRAFTS = "Whole Chain", "Drafts Only"
Element = dict[str, Any]
NET = Decimal("100.00")
# So many of the mapped tax types get a line each.
MOST_TAXES = 6
PAID_IN_TEST = Decimal("10.00")


@dataclass(frozen=True)
class Basis:
    """What the elements are made of: `run` is in every number; `lists` as stored; `contact` an id in Xero ("" while the chain makes its own), `supplier` that of bills where it is another one;
    `made` the ids of what was made before, by place; `uses` how often the company's documents use each of its accounts, `apart` those of them
    that no test line is put on."""

    run: str
    date: str
    choices: Choices
    lists: Mapping[str, list[Element]]
    contact: str
    made: Mapping[int, str]
    uses: Mapping[str, int] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    supplier: str = ""

    def number(self, place: int) -> str:
        """The number of a record."""
        return f"TEST-{self.run}-{place}"


@dataclass(frozen=True)
class Try:
    """One record: how people call it, where it goes, its element (None where something it needs was not made), the status that takes it back and
    the `after` places that have to be made first."""

    place: int
    what: Text
    endpoint: str
    id_field: str
    element: Callable[[Basis], Element | None]
    undone: str
    numbered: str
    after: tuple[int, ...] = ()


def plan(mode: str) -> list[Try]:
    """The records of a run, in the order in which they are made; they are taken back the other way round."""
    chain = mode == CHAIN
    status = "AUTHORISED" if chain else "DRAFT"
    gone = "VOIDED" if chain else "DELETED"
    found = [
        Try(1, _("Sales invoice"), INVOICE.endpoint, INVOICE.id_field, _document(1, "ACCREC", status), gone, "InvoiceNumber"),
        Try(2, _("Bill"), INVOICE.endpoint, INVOICE.id_field, _document(2, "ACCPAY", status), gone, "InvoiceNumber"),
        Try(
            3,
            _("Manual journal"),
            MANUAL_JOURNAL.endpoint,
            MANUAL_JOURNAL.id_field,
            _journal(3, "POSTED" if chain else "DRAFT"),
            gone,
            "Narration",
        ),
    ]
    if chain:
        found.insert(0, Try(9, _("Contact"), CONTACT.endpoint, CONTACT.id_field, _contact, "ARCHIVED", "Name"))
        found += [
            Try(4, _("Payment of the invoice"), PAYMENT.endpoint, PAYMENT.id_field, _payment(4, 1), "DELETED", "Reference", (1,)),
            Try(5, _("Payment of the bill"), PAYMENT.endpoint, PAYMENT.id_field, _payment(5, 2), "DELETED", "Reference", (2,)),
            Try(6, _("Credit note"), CREDIT_NOTE.endpoint, CREDIT_NOTE.id_field, _credit_note, "VOIDED", "CreditNoteNumber"),
        ]
    return found


def stays(mode: str) -> list[Text]:
    """What a run leaves in Xero for good, to be said first."""
    found = [
        _("The numbers TEST-... of the invoice and the bill stay used"),
        _("What was deleted or voided stays in Xero's history and in its lists of deleted and voided records"),
    ]
    if mode == CHAIN:
        found.append(_("The contact that is made for it is archived, and stays among the archived contacts"))
    else:
        # Xero's OpenAPI description of IsCustomer and IsSupplier: set by itself once such an invoice is entered.
        found.append(
            _(
                "Xero may count a contact on which drafts are made as a customer (the invoice) or a supplier (the bill) from then on, where it did not before; nothing else of it changes"
            )
        )
    return found


def expected(element: Element, choices: Choices) -> dict[str, str]:
    """What Xero must show of an element, by name: figures as text."""
    lines = element.get("LineItems") or []
    found = {name: str(element[name]) for name in ("Status",) if element.get(name)}
    if lines:
        taxes = [_tax(line, choices) for line in lines]
        net = sum((decimal(line["UnitAmount"]) for line in lines), ZERO)
        tax = sum(taxes, ZERO)
        found |= {"SubTotal": f"{net:.2f}", "TotalTax": f"{tax:.2f}", "Total": f"{net + tax:.2f}"}
        found["Accounts"] = ", ".join(str(line["AccountCode"]) for line in lines)
        found["Tax types"] = ", ".join(str(line["TaxType"]) for line in lines)
    if rows := element.get("JournalLines"):
        found["Accounts"] = ", ".join(str(row["AccountCode"]) for row in rows)
    if "Amount" in element:
        found = {"Amount": f"{decimal(element['Amount']):.2f}"}
    if element.get("Contact"):
        found["Contact"] = str(element["Contact"]["ContactID"])
    return found


def seen(record: Element) -> dict[str, str]:
    """The same of a record as Xero shows it."""
    rows = record.get("LineItems") or record.get("JournalLines") or []
    found = {name: f"{decimal(record[name]):.2f}" for name in ("SubTotal", "TotalTax", "Total", "Amount") if record.get(name) is not None}
    found["Status"] = str(record.get("Status") or record.get("ContactStatus") or "")
    found["Accounts"] = ", ".join(str(row.get("AccountCode") or "") for row in rows)
    found["Tax types"] = ", ".join(str(row.get("TaxType") or "") for row in rows)
    found["Contact"] = str((record.get("Contact") or {}).get("ContactID") or "")
    return found


def _tax(line: Element, choices: Choices) -> Decimal:
    kind = choices.tax_types.get(str(line["TaxType"]))
    rate = ZERO if kind is None or kind.shows_zero or kind.rate is None else kind.rate
    return half_up(decimal(line["UnitAmount"]) * rate / 100)


def lines(basis: Basis, sales: bool) -> list[Element]:
    """A line of 100.00 for each tax type that was chosen for this side, on an account that was chosen; [] where nothing is chosen yet."""
    direction, wanted = ("Sales", "REVENUE") if sales else ("Purchases", "EXPENSE")
    fits = "CanApplyToRevenue" if sales else "CanApplyToExpenses"
    account = _account(basis, direction, wanted)
    if not account:
        return []
    applies = {str(each["TaxType"]) for each in basis.lists["tax_rates"] if each.get(fits) and each.get("Status") == "ACTIVE"}
    chosen = [kind.code for (side, _key, _template), kind in basis.choices.taxes.items() if side == direction and kind.code in applies]
    chosen += [basis.choices.no_tax_type] if basis.choices.no_tax_type else []
    codes = list(dict.fromkeys(chosen))[:MOST_TAXES]
    names = {str(each["TaxType"]): str(each.get("Name") or "") for each in basis.lists["tax_rates"]}
    return [
        {"Description": one_line(f"TEST {names.get(code) or code}"), "Quantity": 1, "UnitAmount": NET, "AccountCode": account, "TaxType": code}
        for code in codes
    ]  # fmt: skip


def _account(basis: Basis, direction: str, wanted: str) -> str:
    codes, default = basis.choices.accounts, basis.choices.default_accounts.get(direction, "")
    return try_account.chosen(
        {host: code for host, code in codes.items() if host not in basis.apart}, default, wanted, basis.lists, basis.uses
    )


def _document(place: int, kind: str, status: str) -> Callable[[Basis], Element | None]:
    def build(basis: Basis) -> Element | None:
        rows = lines(basis, kind == "ACCREC")
        contact = (basis.supplier if kind == "ACCPAY" else "") or basis.contact or basis.made.get(9, "")
        if not rows or not contact:
            return None
        own = {
            "Type": kind,
            "InvoiceNumber": basis.number(place),
            "Contact": {"ContactID": contact},
            "Date": basis.date,
            "DueDate": basis.date,
        }
        return {**own, "Status": status, "LineAmountTypes": "Exclusive", "LineItems": rows}

    return build


def _credit_note(basis: Basis) -> Element | None:
    rows, contact = lines(basis, True), basis.contact or basis.made.get(9, "")
    if not rows or not contact:
        return None
    own = {"Type": "ACCRECCREDIT", "CreditNoteNumber": basis.number(6), "Contact": {"ContactID": contact}, "Date": basis.date}
    return {**own, "Status": "AUTHORISED", "LineAmountTypes": "Exclusive", "LineItems": rows}


def _journal(place: int, status: str) -> Callable[[Basis], Element | None]:
    def build(basis: Basis) -> Element | None:
        code = _account(basis, "Purchases", "EXPENSE")
        if not code:
            return None
        # Which tax type says that there is none differs by country; without a choice Xero sets its own, as it does for every journal without tax.
        untaxed = {"TaxType": basis.choices.no_tax_type} if basis.choices.no_tax_type else {}
        rows = [{"LineAmount": amount, "AccountCode": code, "Description": "TEST", **untaxed} for amount in (NET, -NET)]
        return {
            "Narration": f"{basis.number(place)} from PiCortex",
            "Date": basis.date,
            "Status": status,
            "LineAmountTypes": "NoTax",
            "JournalLines": rows,
        }

    return build


def _contact(basis: Basis) -> Element | None:
    return {"Name": f"{basis.number(9)} PiCortex"}


def _payment(place: int, of: int) -> Callable[[Basis], Element | None]:
    def build(basis: Basis) -> Element | None:
        account = _pays_home_money(basis)
        if not account or of not in basis.made:
            return None
        pays = {"Invoice": {"InvoiceID": basis.made[of]}, "Account": {"AccountID": account}}
        return {**pays, "Date": basis.date, "Amount": PAID_IN_TEST, "Reference": basis.number(place)}

    return build


def _pays_home_money(basis: Basis) -> str:
    """The id of an account that a payment in the organisation's currency may be on: one that was chosen, else any bank account of Xero's; "" for none."""
    fit = {
        str(each["AccountID"]): each
        for each in basis.lists["accounts"]
        if each.get("Status") == "ACTIVE"
        and (each.get("Type") == "BANK" or each.get("EnablePaymentsToAccount"))
        and (each.get("CurrencyCode") or basis.choices.base_currency) == basis.choices.base_currency
    }
    default = basis.choices.default_payment_account
    chosen = [each.account_id for each in (*basis.choices.payment_accounts.values(), *((default,) if default else ()))]
    banks = [xero_id for xero_id, each in fit.items() if each.get("Type") == "BANK"]
    return next((each for each in (*chosen, *banks) if each in fit), "")
