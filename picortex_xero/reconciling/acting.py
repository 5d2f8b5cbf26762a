"""What people and the nightly job do with a bank line: accept a reading, put one together, match two lines. Each act is one transaction with the lines' and the vouchers' rows locked, and is kept as
a Xero Bank Act with all that it made, so that it can be taken back (taking_back.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import Text, _, day, dump
from ..banking.values import DUPLICATE, PAYMENT_ENTRY, RETURNED, TRANSFER, Coding, Proposal
from ..engine import full_names
from ..engine.clock import now
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from ..inbound.entering import as_host
from . import allocating, books, closed, codings, entries, feeds, readings, settings, vouchers
from .plan import CannotBeDone, Wanted, of_reading, plan
from .rows import ACCEPTED, ACT, AUTOMATIC, DONE, DRAFT, JOURNAL, LINE, PAYING, PAYMENT, PROPOSAL, PROPOSED, WAITING

SAID = 1000


@dataclass
class Done:
    """What an act did. `lines`: by line what it allocates ([DocType, name, amount or ""]); `made`: documents it made; `clear`: what is cleared although the line took less or more of it."""

    what: Text
    lines: dict[str, list[list[str]]] = field(default_factory=dict)
    made: list[list[str]] = field(default_factory=list)
    clear: list[list[str]] = field(default_factory=list)
    each_other: bool = False
    waits: bool = False


def accept(name: str, reading: str, automatic: bool = False) -> str:
    """Do what the reading with this key says of the line. Returns the act's name. Raises CannotBeDone where it was done meanwhile, or is not what was shown. Commits nothing, and begins a transaction of
    its own: what was read before the rows are locked would not be what is so."""
    line, other, chosen = _chosen(name, reading)
    setting = _setting(line.company)
    if automatic and not (chosen.automatic and _nobody_decided(name) and not closed.why(line.company, line.date)):
        raise CannotBeDone(_CHANGED)
    if chosen.kind == DUPLICATE:
        raise CannotBeDone(
            _("It may have been paid twice, or imported twice: cancel the bank transaction that is too much, or choose what it is about")
        )
    if chosen.kind == RETURNED:
        done = _each_other(line, other)
    elif chosen.kind == TRANSFER:
        done = _transfer(line, other, setting)
    elif chosen.coding:
        done = _coded(line, chosen.coding, setting)
    else:
        wanted = of_reading(chosen, allocating.left(line), str(line.currency), settings.accounts(setting))
        done = _vouchers(line, wanted, setting, may_pay=not automatic or setting.automatic == PAYING)
    return _keep(line, done, chosen, automatic)


def put_together(name: str, wanted: Wanted) -> str:
    """Do what a person put together for the line: what of it which vouchers are, and what becomes of the rest. `wanted.left` is what he was shown. Like `accept`."""
    line, _other = _locked(name, "")
    if allocating.left(line) != wanted.left:
        raise CannotBeDone(_CHANGED)
    return _keep(line, _vouchers(line, wanted, _setting(line.company), may_pay=True), None, False)


def code(name: str, left: Decimal, coding: Coding) -> str:
    """Enter the line as a person says. `left` is what he was shown to be open. Like `accept`."""
    line, _other = _locked(name, "")
    if allocating.left(line) != left:
        raise CannotBeDone(_CHANGED)
    return _keep(line, _coded(line, coding, _setting(line.company)), None, False)


_CHANGED = _("This line has changed since it was shown: look at it again")


def _chosen(name: str, reading: str) -> tuple[Any, Any, Proposal]:
    frappe.db.rollback()
    kept = frappe.db.get_value(PROPOSAL, {"bank_transaction": name}, "readings")
    found = readings.loaded(name, kept)
    # The other line of any reading that could be meant is locked with it, in the order of their names: two people never wait for each other.
    other_names = {each.other_line for each in found if each.other_line and each.kind in (RETURNED, TRANSFER)}
    left = _left(name)
    chosen = next((each for each in found if readings.key(each, left) == reading), None)
    other_name = chosen.other_line if chosen and chosen.other_line in other_names else ""
    line, other = _locked(name, other_name)
    if chosen is None or readings.key(chosen, allocating.left(line)) != reading:
        raise CannotBeDone(_CHANGED)
    return line, other, chosen


def _nobody_decided(name: str) -> bool:
    """Whether the line still waits for somebody to look at it: what a person has taken back, or left to a draft, is not done again without him. The line is locked."""
    return bool(frappe.db.exists(PROPOSAL, {"bank_transaction": name, "state": PROPOSED}))


def _left(name: str) -> Decimal:
    row = frappe.db.get_value(LINE, name, ["unallocated_amount", "deposit", "withdrawal"], as_dict=True)
    return allocating.left(row) if row else ZERO


def _locked(name: str, other: str) -> tuple[Any, Any]:
    """The lines, locked and as they are now. Throws where one is done already."""
    frappe.db.rollback()
    found = {each: allocating.locked(each) for each in sorted({name, other} - {""})}
    for each in found.values():
        if each.docstatus != 1:
            raise CannotBeDone(_("The bank transaction {name} was cancelled meanwhile").format(name=each.name))
        if decimal(each.unallocated_amount) <= ZERO:
            raise CannotBeDone(_done_by(each.name))
        _nothing_waits(str(each.name))
    return found[name], found.get(other)


def _nothing_waits(name: str) -> None:
    """Throws where a draft that was made for the line waits to be submitted: a second one would enter it twice."""
    for by in waiting(name):
        raise CannotBeDone(_("{user} has made a draft for this line: submit it, or undo that first").format(user=who(by)))


def waiting(name: str) -> list[str]:
    """Who made what waits as a draft for a line, as itself or as the other line."""
    rows = frappe.get_all(
        ACT, filters={"state": WAITING, "company": frappe.db.get_value(LINE, name, "company")}, fields=["acted_by", "done"]
    )
    return [str(each["acted_by"]) for each in rows if name in json.loads(each["done"] or "{}").get("lines", {})]


def _done_by(name: str) -> Text:
    """Who was faster."""
    by = frappe.get_all(
        ACT, filters={"bank_transaction": name, "state": DONE}, fields=["acted_by", "automatic"], order_by="creation desc", limit=1
    )
    if by and not by[0]["automatic"]:
        return _("{user} has reconciled this line meanwhile").format(user=who(by[0]["acted_by"]))
    return _("This line is reconciled already")


def _setting(company: str) -> Any:
    found = settings.of(company)
    if found is None or not found.enabled:
        raise CannotBeDone(_("Bank matching is not switched on for {company}").format(company=company))
    return found


def bank_of(line: Any) -> dict[str, Any]:
    """The line's bank account with its ledger account."""
    found = next((each for each in books.own_accounts(str(line.company)).values() if each["name"] == line.bank_account), None)
    if found is None:
        raise CannotBeDone(
            _("{account} has no ledger account of type Bank, so ERPNext cannot reconcile it").format(account=line.bank_account)
        )
    return found


def _open_day(line: Any, doctype: str = PAYMENT) -> None:
    if why := closed.why(str(line.company), line.date, doctype):
        raise CannotBeDone(_("Nothing is entered on {day}: {why}").format(day=day(line.date), why=why))


def _vouchers(line: Any, wanted: Wanted, setting: Any, may_pay: bool) -> Done:
    bank = bank_of(line)
    for each in wanted.parts:
        if each.voucher[2]:
            if each.voucher[2] != line.bank_account:
                raise CannotBeDone(_("{name} moved no money on {account}").format(name=each.voucher[1], account=line.bank_account))
            allocating.check_entered(*each.voucher[:2])
    found = plan(wanted, vouchers.open_now(each.voucher[:2] for each in wanted.parts if not each.voucher[2]))
    if (found.payments or found.apart) and not may_pay:
        raise CannotBeDone(_("A payment is entered by a person here"))
    for doctype, makes in ((PAYMENT, found.payments), (JOURNAL, found.apart)):
        if makes:
            _open_day(line, doctype)
    done = Done(_("Matched with what is entered"))
    parts = done.lines.setdefault(str(line.name), [])
    for part in found.entered:
        # All that fits, which clears it; a person's smaller part as it is.
        parts.append(
            [
                *part.voucher[:2],
                "" if found.apart or len(wanted.parts) == 1 or _whole(part.voucher, bank, part.amount) else str(abs(part.amount)),
            ]
        )
    for wants in found.payments:
        made = vouchers.payment(line, bank, wants, setting)
        done.made.append([made.doctype, made.name])
        parts.append([made.doctype, made.name, ""])
        done.what = _("Payment entered")
    if found.apart:
        made = vouchers.difference(line, bank, found.apart, found.apart_account, setting)
        done.made.append([made.doctype, made.name])
        done.clear = [[made.doctype, made.name], *(list(each.voucher[:2]) for each in found.entered)]
        done.what = _("Matched, with the difference entered")
    done.waits = bool(done.made and setting.leave_drafts)
    return done


def _whole(voucher: tuple[str, str, str], bank: dict[str, Any], amount: Decimal) -> bool:
    """Whether the part is all that is left of what is entered."""
    rows = frappe.db.sql(
        "SELECT ABS(SUM(`debit_in_account_currency`-`credit_in_account_currency`)) FROM `tabGL Entry` "
        "WHERE `voucher_type`=%(doctype)s AND `voucher_no`=%(name)s AND `account`=%(account)s AND `is_cancelled`=0",
        {"doctype": voucher[0], "name": voucher[1], "account": bank["account"]},
    )
    return decimal(rows[0][0] if rows else 0) <= abs(amount)


def _transfer(line: Any, other: Any, setting: Any) -> Done:
    if bool(line.withdrawal) == bool(other.withdrawal):
        raise CannotBeDone(_CHANGED)
    bank, theirs = bank_of(line), bank_of(other)
    for each in (line, other):
        _open_day(each)
    made = vouchers.transfer(line, other, bank, theirs, setting)
    done = Done(_("Transfer between own accounts entered"), made=[[made.doctype, made.name]], waits=bool(setting.leave_drafts))
    done.lines = {str(each.name): [[made.doctype, made.name, ""]] for each in (line, other)}
    return done


def _coded(line: Any, coding: Coding, setting: Any) -> Done:
    if why := feeds.why_not(str(line.company), str(line.bank_account)):
        raise CannotBeDone(why)
    _open_day(line, PAYMENT if coding.entry == PAYMENT_ENTRY else JOURNAL)
    made = entries.coded(line, bank_of(line), coding, bool(setting.submit_categorised))
    of_line = [[made.doctype, made.name, ""]]
    return Done(codings.said(coding), {str(line.name): of_line}, [of_line[0][:2]], waits=not setting.submit_categorised)


def _each_other(line: Any, other: Any) -> Done:
    done = Done(_("Two lines take each other back"), each_other=True)
    amount = min(decimal(line.unallocated_amount), decimal(other.unallocated_amount))
    done.lines = {str(line.name): [[LINE, str(other.name), str(amount)]], str(other.name): [[LINE, str(line.name), str(amount)]]}
    return done


def _keep(line: Any, done: Done, reading: Proposal | None, automatic: bool) -> str:
    """Allocate, unless drafts wait, and note what was done. Of several lines each has its row."""
    if not done.waits:
        carry_out(done, {str(line.name): line})
    by = str(frappe.session.user)
    why = readings.why(reading)
    row = {
        "name": frappe.generate_hash(length=12),
        **standard(by),
        "company": line.company,
        "bank_account": line.bank_account,
        "bank_transaction": line.name,
        "date": line.date,
        "amount": as_host(decimal(line.deposit) - decimal(line.withdrawal)),
        "currency": line.currency,
        "state": WAITING if done.waits else DONE,
        "automatic": int(automatic),
        "score": reading.score if reading else 0,
        "what": stored(str(done.what)),
        "why": stored(why[:SAID]),
        "texts": dump(what=done.what, why=why),
        "acted_by": by,
        "acted_at": now(),
        "done": json.dumps({"lines": done.lines, "made": done.made, "clear": done.clear, "each_other": done.each_other}),
    }
    frappe.db.bulk_insert(ACT, list(row), [tuple(row.values())])
    state = DRAFT if done.waits else AUTOMATIC if automatic else ACCEPTED
    for each in done.lines:
        mark(each, state, str(row["name"]))
    return str(row["name"])


def mark(name: str, state: str, act: str = "") -> None:
    """The line's row says what was done with it; of a line that is still open in part it is what is left."""
    found = frappe.db.get_value(PROPOSAL, {"bank_transaction": name}, "name")
    if found:
        frappe.db.set_value(PROPOSAL, found, {"state": state, "act": act or None}, update_modified=False)


def carry_out(done: Done, lines: dict[str, Any]) -> None:
    """Allocate what an act allocates; `lines`: those that are loaded and locked already."""
    for name in sorted(done.lines):
        lines.setdefault(name, allocating.locked(name))
    if done.each_other:
        (one, (part,)), (two, _parts) = done.lines.items()
        allocating.each_other(lines[one], lines[two], decimal(part[2]))
        return
    for name, parts in done.lines.items():
        done.lines[name] = allocating.allocate(
            lines[name], [(doctype, each, decimal(amount) if amount else None) for doctype, each, amount in parts]
        )
    on = next(iter(lines.values())).date
    for doctype, name in done.clear:
        allocating.clear(doctype, name, on)


def who(user: str) -> str:
    """What a user is called."""
    return full_names.of([user]).get(user, user)
