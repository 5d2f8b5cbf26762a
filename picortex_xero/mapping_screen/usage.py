"""What the documents of the last year use: each account, tax, bank account and cost centre with how many documents and how much money.

One grouped query for each kind, over documents that are sent. A small ledger is counted at every look. One of a million rows takes seconds: what was
counted is shown for a week, and counted anew by a job where it is older than some minutes, or where somebody presses Refresh; when it was counted is said. Amounts are in company currency, as texts with two decimals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe.utils import now_datetime

from ..accounting.money import ZERO, decimal
from ..accounting.tax import NO_TAX, charged_rates, fixed_name, item_rates, template_key
from ..accounting.tax_types import CAPITAL, CAPITAL_ACCOUNTS
from ..compat import let_pass
from ..documents import registry
from ..engine.clock import now
from .journal_query import JOURNALS
from .journal_taxes import JournalTax

DAYS = 365
FRESH_SECONDS, KEEP_SECONDS = 600, 7 * 86400
# A ledger with fewer rows than this is counted at once, by whoever asks.
AT_ONCE = 20_000
# Kinds that were counted in the same look are not counted once more in it.
SAME_LOOK = timedelta(seconds=3)
SIZE = "select count(*) from (select 1 from `tabGL Entry` where `company` = %(company)s limit %(most)s) rows_of"
JOB, JOB_SECONDS = "picortex_xero.mapping_screen.usage.count_anew", 1500
LEDGER = """select g.`account`, count(distinct g.`voucher_no`), sum(g.`debit`), sum(g.`credit`)
    from `tabGL Entry` g
    where g.`company` = %(company)s and g.`posting_date` >= %(since)s and g.`is_cancelled` = 0 and g.`voucher_type` in %(sent)s
    group by g.`account`"""
CENTRES = """select g.`cost_center`, count(distinct g.`voucher_no`), sum(g.`debit`), sum(g.`credit`)
    from `tabGL Entry` g join `tabAccount` a on a.`name` = g.`account`
    where g.`company` = %(company)s and a.`report_type` = 'Profit and Loss' and g.`posting_date` >= %(since)s and g.`is_cancelled` = 0
    and g.`voucher_type` in %(sent)s and g.`cost_center` is not null and g.`cost_center` <> ''
    group by g.`cost_center`"""
# What somebody was paid from or to; the other side of a payment is the party's own account.
PAID = """select p.`paid_to`, count(*), sum(p.`base_received_amount`) from `tabPayment Entry` p
    where p.`company` = %(company)s and p.`docstatus` = 1 and p.`posting_date` >= %(since)s and p.`payment_type` <> 'Pay' group by p.`paid_to`
    union all
    select p.`paid_from`, count(*), sum(p.`base_paid_amount`) from `tabPayment Entry` p
    where p.`company` = %(company)s and p.`docstatus` = 1 and p.`posting_date` >= %(since)s and p.`payment_type` <> 'Receive' group by p.`paid_from`
    union all
    select r.`account`, count(distinct s.`name`), sum(r.`base_amount`) from `tabSales Invoice Payment` r join `tabSales Invoice` s on s.`name` = r.`parent`
    where s.`company` = %(company)s and s.`docstatus` = 1 and s.`posting_date` >= %(since)s and r.`amount` <> 0 group by r.`account`"""
DEDUCTED = """select d.`account`, count(distinct p.`name`), sum(abs(d.`amount`))
    from `tabPayment Entry Deduction` d join `tabPayment Entry` p on p.`name` = d.`parent`
    where p.`company` = %(company)s and p.`docstatus` = 1 and p.`posting_date` >= %(since)s group by d.`account`
    union all
    select s.`write_off_account`, count(*), sum(abs(s.`base_write_off_amount`)) from `tabSales Invoice` s
    where s.`company` = %(company)s and s.`docstatus` = 1 and s.`posting_date` >= %(since)s and s.`base_write_off_amount` <> 0
    group by s.`write_off_account`"""
# Lines that have the same taxes: of each group one document shows which. Documents of a group have as many tax rows, of the same rates in sum and
# of the same accounts at both ends of the alphabet.
TAXED = """select i.`item_tax_template`, i.`item_tax_rate`, s.`taxes_and_charges`, max(s.`name`) as document, count(distinct s.`name`) as documents,
    sum(i.`base_net_amount`) as net, {capital} as capital
    from `tab{doctype}` s join `tab{doctype} Item` i on i.`parent` = s.`name` left join `tabAccount` a on a.`name` = i.`{account}`
    left join (
        select t.`parent`, count(*) as rows_of, sum(t.`rate`) as rates, min(t.`account_head`) as first_head, max(t.`account_head`) as last_head
        from `tab{taxes}` t join `tab{doctype}` d on d.`name` = t.`parent`
        where t.`parenttype` = '{doctype}' and d.`company` = %(company)s and d.`docstatus` = 1 and d.`posting_date` >= %(since)s group by t.`parent`
    ) t on t.`parent` = s.`name`
    where s.`company` = %(company)s and s.`docstatus` = 1 and s.`posting_date` >= %(since)s
    group by i.`item_tax_template`, i.`item_tax_rate`, s.`taxes_and_charges`, t.`rows_of`, t.`rates`, t.`first_head`, t.`last_head`, capital"""
SIDES = {
    "Sales": ("Sales Invoice", "Sales Taxes and Charges", "income_account"),
    "Purchases": ("Purchase Invoice", "Purchase Taxes and Charges", "expense_account"),
}
ROW_FIELDS = ["parent", "charge_type", "row_id", "account_head", "rate"]


class Used(NamedTuple):
    """How many documents, and how much money moved on it; of a tax, what was taxed."""

    documents: int
    amount: str


class TaxUsed(NamedTuple):
    """A tax that documents use: `template` where that tells how it is filed, `words` of the templates that it came from."""

    direction: str
    tax: str
    template: str
    account_class: str
    words: tuple[str, ...]
    documents: int
    amount: str


def accounts(company: str) -> dict[str, Used]:
    """Posting accounts that documents moved."""
    return _figures("ledger", company)


def centres(company: str) -> dict[str, Used]:
    """Cost centres of income and expenses."""
    return _figures("centres", company)


def paid(company: str) -> dict[str, Used]:
    """Accounts that payments came to or went from."""
    return _figures("paid", company)


def deducted(company: str) -> dict[str, Used]:
    """Accounts on which something was taken off a payment; exchange differences are Xero's own."""
    own = frappe.get_cached_value("Company", company, "exchange_gain_loss_account")
    return {name: used for name, used in _figures("deducted", company).items() if name != own}


def taxes(company: str) -> list[TaxUsed]:
    """The taxes on lines of invoices and bills."""
    return [
        TaxUsed(direction, tax, template, account_class, tuple(said), documents, amount)
        for direction, tax, template, account_class, said, documents, amount in _kept("taxes", company)
    ]


def journals(company: str) -> list[JournalTax]:
    """The journals that book a tax, those alike together."""
    return [
        JournalTax(first, last, heads, bool(debit), root_type, Decimal(rate), documents, amount)
        for first, last, heads, debit, root_type, rate, documents, amount in _kept("journals", company)
    ]


def count_anew(what: str, company: str) -> None:
    """Count one kind again; a job (JOB) that a look at older figures has queued."""
    _keep(what, company, COUNTS[what](company))


def add(used: Used, documents: int, amount: str) -> Used:
    """With so many documents more."""
    return Used(used.documents + documents, _money(Decimal(used.amount) + Decimal(amount)))


def counted_at(company: str) -> str:
    """When the oldest of the figures that are shown was counted (UTC, to the second); "" where nothing is kept."""
    kept = [known.at for what in COUNTS if (known := _last(what, company))]
    return str(min(kept))[:19] if kept else ""


def count_now(company: str) -> bool:
    """Somebody wants the figures of now: a small ledger is counted at the next look; of another one jobs begin to count, and the figures stay meanwhile.
    Whether they are those of now."""
    if is_small(company):
        forget(company)
        return True
    for what in COUNTS:
        frappe.cache.delete(_fresh_key(what, company))
        _queue(what, company)
    return False


def is_small(company: str) -> bool:
    """Whether the ledger is counted at each look."""
    return bool(frappe.db.sql(SIZE, {"company": company, "most": AT_ONCE})[0][0] < AT_ONCE)


def ready(company: str) -> bool:
    """Whether every kind can be shown without a long count: all were counted, or the ledger is small. Where not, jobs are queued that count."""
    missing = [what for what in COUNTS if _last(what, company) is None]
    if not missing or is_small(company):
        return True
    for what in missing:
        _queue(what, company)
    return False


def forget(company: str) -> None:
    """Count anew at the next look."""
    for what in COUNTS:
        try:
            for key in (_cache_key(what, company), _fresh_key(what, company)):
                frappe.cache.delete(key)
        except Exception as error:
            let_pass(error)
            frappe.logger("picortex_xero").warning(f"The figures of {company} could not be forgotten: {error}")


def _taxed(direction: str, company: str) -> list[TaxUsed]:
    doctype, table, account = SIDES[direction]
    capital = "0" if direction == "Sales" else "case when a.`account_type` in %(capital)s then 1 else 0 end"
    query = TAXED.format(doctype=doctype, taxes=table, account=account, capital=capital)
    groups = _rows(query, company, as_dict=True)
    rows = _tax_rows(direction, doctype, table, {group["document"] for group in groups})
    kinds = _account_types({row["account_head"] for each in rows.values() for row in each})
    found: dict[tuple[str, str, str], tuple[int, Decimal, set[str]]] = {}
    for group in groups:
        rates, template = item_rates(group["item_tax_rate"]), group["item_tax_template"] or ""
        own = rows.get(group["document"], [])
        key = template_key(own, rates)
        # A template without tax on the line says how it is filed; one whose tax the document does not have says nothing.
        elsewhere = key == NO_TAX and any(rate != "N/A" and decimal(rate) for rate in rates.values())
        wanted = "" if charged_rates(key) or elsewhere else template
        places = [(key, wanted, CAPITAL if group["capital"] else "")]
        if direction == "Purchases":
            places += [
                (fixed_name(row["account_head"]), "", "")
                for row in own
                if row["charge_type"] == "Actual" and kinds.get(row["account_head"]) == "Tax"
            ]
        for place in places:
            count, net, words = found.get(place, (0, ZERO, set()))
            words |= {each for each in (template, group["taxes_and_charges"] or "") if each}
            found[place] = count + group["documents"], net + decimal(group["net"]), words
    return [
        TaxUsed(direction, key, template, account_class, tuple(sorted(words)), count, _money(net))
        for (key, template, account_class), (count, net, words) in found.items()
    ]


def _tax_rows(direction: str, doctype: str, table: str, documents: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    filters = {"parenttype": doctype, "parent": ("in", sorted(documents))}
    fields = ROW_FIELDS + ["add_deduct_tax"] * (direction == "Purchases")
    for row in frappe.get_all(table, filters=filters, fields=fields, order_by="idx asc") if documents else ():
        found.setdefault(row["parent"], []).append(row)
    return found


def _account_types(names: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(names))
    rows = frappe.get_all("Account", filters={"name": ("in", wanted)}, fields=["name", "account_type"]) if wanted else []
    return {row["name"]: row["account_type"] or "" for row in rows}


def _rows(query: str, company: str, as_dict: bool = False) -> list[Any]:
    since = str((now_datetime() - timedelta(days=DAYS)).date())
    values = {"company": company, "since": since, "sent": registry.SUBMITTED, "capital": CAPITAL_ACCOUNTS}
    # The stand-in and the driver alike take only values that the query names.
    named = {name: value for name, value in values.items() if f"%({name})s" in query}
    return list(frappe.db.sql(query, named, as_dict=as_dict))


def _figures(what: str, company: str) -> dict[str, Used]:
    found: dict[str, Used] = {}
    for name, documents, amount in _kept(what, company):
        before = found.get(name, Used(0, "0"))
        found[name] = Used(before.documents + documents, _money(Decimal(before.amount) + Decimal(amount)))
    return found


def _moved(query: str) -> Callable[[str], list[Any]]:
    """Rows of (name, documents, debit, credit), or of (name, documents, amount)."""

    def count(company: str) -> list[Any]:
        rows = ((name, documents, sum(map(decimal, amounts), ZERO)) for name, documents, *amounts in _rows(query, company) if name)
        return [(name, int(documents), _money(amount)) for name, documents, amount in rows]

    return count


def _journals(company: str) -> list[Any]:
    return [
        (first, last, int(heads), int(debit), root_type, str(Decimal(int(rate)).scaleb(-1)), int(documents), _money(decimal(net)))
        for first, last, heads, debit, root_type, rate, documents, net in _rows(JOURNALS, company)
    ]


def _all_taxes(company: str) -> list[Any]:
    return [tuple(each) for direction in SIDES for each in _taxed(direction, company)]


COUNTS: dict[str, Callable[[str], list[Any]]] = {
    "ledger": _moved(LEDGER),
    "centres": _moved(CENTRES),
    "paid": _moved(PAID),
    "deducted": _moved(DEDUCTED),
    "taxes": _all_taxes,
    "journals": _journals,
}


class Counted(NamedTuple):
    """Figures, and when they were counted (UTC)."""

    at: datetime
    rows: list[Any]


def _kept(what: str, company: str) -> list[Any]:
    """What was counted last; where that is some minutes old a job counts anew for the next look. A small ledger, and one without a cache, is counted each
    time."""
    known = _last(what, company)
    if known is None or (now() - known.at > SAME_LOOK and is_small(company)):
        return _keep(what, company, COUNTS[what](company))
    _queue(what, company)
    return known.rows


def _last(what: str, company: str) -> Counted | None:
    try:
        known = frappe.cache.get(_cache_key(what, company))
        if not known:
            return None
        at, rows = json.loads(known)
        return Counted(datetime.fromisoformat(at), rows)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"No figures are kept: {error}")
        return None


def _queue(what: str, company: str) -> None:
    """Have a job count one kind anew, once in some minutes. Without a queue the older figures are shown, and the next look asks again: a look waits
    for no count of a million rows."""
    try:
        if frappe.cache.set(_fresh_key(what, company), 1, nx=True, ex=FRESH_SECONDS):
            frappe.enqueue(JOB, queue="long", timeout=JOB_SECONDS, what=what, company=company)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"The figures of {company} are not counted anew, as no job could be queued: {error}")
        try:
            frappe.cache.delete(_fresh_key(what, company))
        except Exception as other:
            let_pass(other)
            frappe.logger("picortex_xero").warning(f"The next look at the figures of {company} comes some minutes later: {other}")


def _keep(what: str, company: str, counted: list[Any]) -> list[Any]:
    written = json.dumps([now().isoformat(), counted])
    try:
        frappe.cache.set(_cache_key(what, company), written, ex=KEEP_SECONDS)
        frappe.cache.set(_fresh_key(what, company), 1, ex=FRESH_SECONDS)
    except Exception as error:
        let_pass(error)
        frappe.logger("picortex_xero").warning(f"No figures are kept: {error}")
    return list(json.loads(written)[1])


def _cache_key(what: str, company: str) -> Any:
    return frappe.cache.make_key(f"picortex_xero:mapping-counted:{what}:{company}")


def _fresh_key(what: str, company: str) -> Any:
    return frappe.cache.make_key(f"picortex_xero:mapping-fresh:{what}:{company}")


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
