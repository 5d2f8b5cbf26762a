"""What the page Bank Matching calls: bank lines with what is proposed for them, and what a person does with one."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from ..accounting.money import decimal
from ..banking.values import CENTS, DISCOUNT, FEE, OVERPAID, Coding, Part
from ..connection import who_may
from ..engine.jobs import queue_bank_proposals
from ..engine.screen_texts import html
from ..reconciling import acting, codings, kept_memory, shown, shown_codings, taking_back
from ..reconciling import settings as chosen
from ..reconciling.plan import ACCOUNTS, Wanted
from ..reconciling.rows import ACT, JOURNAL, LINE, LOANS, PAID, PAYMENT, PROPOSAL, STATES
from .arguments import asks, count, from_json, listed, name, name_or_nothing, one, text_or_nothing
from .bank_sentences import in_a_sentence
from .to_fix import _presses

MOST_PARTS = 100
RESTS = ("", FEE, CENTS, DISCOUNT, OVERPAID)


# Who may


def _may_see(company: str, **_arguments: Any) -> None:
    """Throws unless the user may read this company's bank lines."""
    one("Company", company, "read")
    frappe.has_permission(PROPOSAL, "read", throw=True)


def _may_see_line(bank_transaction: str, **_arguments: Any) -> None:
    one(LINE, bank_transaction, "read")
    frappe.has_permission(PROPOSAL, "read", throw=True)


def _may_act(bank_transaction: str, **_arguments: Any) -> None:
    """Throws unless the user may reconcile this line in ERPNext, and decides such things in the app."""
    one(LINE, bank_transaction, "write")
    _presses()


def _may_put_together(bank_transaction: str, parts: list[Part], **_arguments: Any) -> None:
    _may_act(bank_transaction)
    for each in parts:
        one(each.voucher[0], each.voucher[1], "read")


def _may_code(bank_transaction: str, coding: Coding, **_arguments: Any) -> None:
    """Throws unless the user may reconcile the line, and sees what it is entered on."""
    _may_act(bank_transaction)
    for doctype, known_as in (
        ("Account", coding.account),
        (coding.tax_doctype, coding.tax_template),
        ("Cost Center", coding.cost_center),
        (coding.party_type, coding.party),
    ):
        if known_as:
            one(_one_of(doctype), known_as, "read")


def _one_of(doctype: str) -> str:
    """A DocType that a coding may name."""
    if doctype not in ("Account", "Cost Center", *codings.TEMPLATES, *codings.PARTY_TYPES):
        frappe.throw(_("There is no {0}").format(html(doctype)))
    return doctype


def _may_undo(act: str) -> None:
    one(ACT, act, "read")
    one(LINE, str(frappe.db.get_value(ACT, act, "bank_transaction")), "write")
    _presses()


def _may_look_again(company: str) -> None:
    _may_see(company)
    _presses()


# Kinds of arguments


def _state(label: str, value: Any) -> str:
    return str(value) if value in STATES else ""


def _amount(label: str, value: Any) -> Decimal:
    try:
        return decimal(value)
    except ValueError:
        frappe.throw(_("{0} must be an amount").format(html(label)))
        raise


def _amount_or_nothing(label: str, value: Any) -> Decimal | None:
    return None if value in ("", None) else _amount(label, value)


def _rest(label: str, value: Any) -> str:
    if value not in RESTS:
        frappe.throw(_("{0} must be one of those that the page offers").format(html(label)))
    return str(value)


def _parts(label: str, value: Any) -> list[Part]:
    """Vouchers with how much of each the line is, as [DocType, name, whether it is entered on the line's account, amount, positive in]; a list or its JSON."""
    found = []
    for each in listed(label, value, MOST_PARTS):
        if not isinstance(each, list) or len(each) != 4 or each[0] not in (*PAID, *LOANS, PAYMENT, JOURNAL):
            frappe.throw(_("{0} must name each document with its DocType").format(html(label)))
        found.append(Part((str(each[0]), name(label, each[1]), "entered" if each[2] else ""), _amount(label, each[3])))
    return found


def _coding(label: str, value: Any) -> Coding:
    """As what a line is entered: a dict, or its JSON, of the fields of a coding."""
    found = from_json(value)
    if not isinstance(found, dict) or set(found) - set(codings.FIELDS):
        frappe.throw(_("{0} must say as what the line is entered").format(html(label)))
    return codings.of_row({field: name_or_nothing(field, each) for field, each in dict(found).items()})


# What


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name)
def about(company: str) -> dict[str, Any]:
    """Whether the company's lines are matched, its bank accounts, until when its books are closed; `decides`: whether the user may match."""
    return {**shown.company(company), "decides": bool(frappe.has_permission(LINE, "write")) and who_may.presses(frappe.get_roles())}


@frappe.whitelist(methods=["GET"])
@asks(
    _may_see,
    company=name,
    bank_account=name_or_nothing,
    state=_state,
    search=text_or_nothing,
    least=_amount_or_nothing,
    most=_amount_or_nothing,
    unexplained=count,
    start=count,
)
def lines(
    company: str,
    bank_account: str = "",
    state: str = "",
    search: str = "",
    least: Decimal | None = None,
    most: Decimal | None = None,
    unexplained: int = 0,
    start: int = 0,
) -> dict[str, Any]:
    """One page of bank lines, with how many there are in each state."""
    return shown.lines(shown.Filters(company, bank_account, state, search.strip(), least, most, unexplained), start)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_line, bank_transaction=name)
def line(bank_transaction: str) -> dict[str, Any]:
    """One line with its readings, and what was done with it."""
    return shown.line(bank_transaction)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_line, bank_transaction=name, search=text_or_nothing)
def choices(bank_transaction: str, search: str = "") -> list[dict[str, Any]]:
    """Vouchers that a person can choose for a line."""
    return shown.choices(bank_transaction, search.strip())


@frappe.whitelist(methods=["GET"])
@asks(_may_see, company=name, start=count)
def acts(company: str, start: int = 0) -> dict[str, Any]:
    """One page of what was done in a company, by people and without, the newest first."""
    return shown.acts({"company": company}, start)


@frappe.whitelist(methods=["POST"])
@asks(_may_act, bank_transaction=name, reading=name)
def accept(bank_transaction: str, reading: str) -> dict[str, Any]:
    """Do what this reading (its `key`) says; `act`: the name of what was done. Refused where the line or the reading is not what was shown any more."""
    act = in_a_sentence(functools.partial(acting.accept, bank_transaction, reading))
    return {"act": act, **shown.line(bank_transaction)}


@frappe.whitelist(methods=["POST"])
@asks(_may_put_together, bank_transaction=name, left=_amount, parts=_parts, rest=_rest)
def put_together(bank_transaction: str, left: Decimal, parts: list[Part], rest: str = "") -> dict[str, Any]:
    """Match the line with these parts. `left`: what the person was shown to be open; `rest`: what becomes of what the parts leave, "" leaves it open."""
    line = frappe.db.get_value(LINE, bank_transaction, ["company", "bank_account", "currency"], as_dict=True)
    setting = chosen.of(str(line.company))
    account = chosen.accounts(setting).get(ACCOUNTS.get(rest, ""), "") if setting else ""
    over = abs(left - sum((each.amount for each in parts), Decimal(0)))
    if rest == CENTS and setting and over > decimal(setting.write_off_up_to):
        frappe.throw(_("That is more than the company writes off ({0})").format(html(str(decimal(setting.write_off_up_to)))))
    here = tuple(Part((*each.voucher[:2], str(line.bank_account) if each.voucher[2] else ""), each.amount) for each in parts)
    wanted = Wanted(left, str(line.currency), here, rest, account)
    act = in_a_sentence(functools.partial(acting.put_together, bank_transaction, wanted))
    return {"act": act, **shown.line(bank_transaction)}


@frappe.whitelist(methods=["GET"])
@asks(_may_see_line, bank_transaction=name, coding=_coding)
def coding_rows(bank_transaction: str, coding: Coding) -> dict[str, Any]:
    """The rows of what a line would be entered as, tax taken apart; `refused`: why it cannot be."""
    fields = ["company", "bank_account", "date", "deposit", "withdrawal", "unallocated_amount", "currency"]
    return shown_codings.rows_of(coding, frappe.db.get_value(LINE, bank_transaction, fields, as_dict=True))


@frappe.whitelist(methods=["POST"])
@asks(_may_code, bank_transaction=name, left=_amount, coding=_coding, remember=count)
def categorise(bank_transaction: str, left: Decimal, coding: Coding, remember: int = 0) -> dict[str, Any]:
    """Enter the line as the person says. `left`: what he was shown to be open; `remember` 1: lines of its payee are always entered so."""
    act = in_a_sentence(functools.partial(_categorise, bank_transaction, left, coding, bool(remember)))
    return {"act": act, **shown.line(bank_transaction)}


def _categorise(bank_transaction: str, left: Decimal, coding: Coding, remember: bool) -> str:
    act = acting.code(bank_transaction, left, coding)
    if remember:
        line = frappe.db.get_value(LINE, bank_transaction, ["company", "currency", "description", "bank_party_name"], as_dict=True)
        kept_memory.remember(str(line.company), shown_codings.of_line(line)["payee"], left > 0, coding)
    return act


@frappe.whitelist(methods=["POST"])
@asks(_may_undo, act=name)
def undo(act: str) -> None:
    """Take back what was done: the line is open again, and a payment that was made for it is cancelled, in Xero too."""
    in_a_sentence(functools.partial(taking_back.take_back, act))


@frappe.whitelist(methods=["POST"])
@asks(_may_look_again, company=name)
def look_again(company: str) -> None:
    """Make the proposals anew, in the background."""
    queue_bank_proposals(company, again=True)
