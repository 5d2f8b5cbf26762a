"""What will be invoiced, as far as ERPNext knows it already: orders that are not billed, Auto Repeats, Subscriptions. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, decimal, half_up
from . import instalments, repeating
from .asking import rows
from .instalments import Instalment
from .open_here import PURCHASE, SALE
from .values import CUSTOMER, PURCHASE_ORDER, REPEATED, SALES_ORDER, SUPPLIER, Item

AT_BEGINNING, BEFORE = "Beginning of the current subscription period", "Days before the current subscription period"
_SIDES = {SALE: (CUSTOMER, 1), PURCHASE: (SUPPLIER, -1)}


def orders(company: str, base: str, today: date) -> Iterator[Item]:
    """What is ordered and not billed, less what was paid in advance: invoiced on the day of delivery (today where that is over), then paid by the order's terms."""
    for doctype, kind, party_type, sign, delivered in (
        ("Sales Order", SALES_ORDER, CUSTOMER, 1, "delivery_date"),
        ("Purchase Order", PURCHASE_ORDER, SUPPLIER, -1, "schedule_date"),
    ):
        party = party_type.lower()
        open_ = "doc.`company`=%(company)s AND doc.`docstatus`=1 AND doc.`per_billed`<100 AND doc.`status` NOT IN ('Closed', 'On Hold')"
        terms: dict[str, list[Instalment]] = {}
        for row in rows(
            f"SELECT part.`parent`, part.`due_date`, part.`payment_amount` FROM `tabPayment Schedule` part JOIN `tab{doctype}` doc ON doc.`name`=part.`parent` "
            f"WHERE part.`parenttype`=%(doctype)s AND part.`due_date` IS NOT NULL AND {open_}",
            {"company": company, "doctype": doctype},
            doctype,
            "Payment Schedule",
        ):
            terms.setdefault(str(row["parent"]), []).append(Instalment(row["due_date"], decimal(row["payment_amount"])))
        for row in rows(
            f"SELECT doc.`name`, doc.`{party}` AS `party`, doc.`{party}_name` AS `party_name`, doc.`currency`, doc.`party_account_currency`, doc.`conversion_rate`, doc.`grand_total`, "
            f"doc.`rounded_total`, doc.`per_billed`, doc.`advance_paid`, doc.`transaction_date`, doc.`{delivered}` AS `delivered` FROM `tab{doctype}` doc WHERE {open_}",
            {"company": company},
            doctype,
        ):
            left = _not_billed(row)
            if left < CENT:
                continue
            invoiced = max(row["delivered"] or today, today)
            later = invoiced - row["transaction_date"]
            due = [replace(each, due=max(each.due + later, invoiced)) for each in terms.get(str(row["name"]), ())]
            item = Item(
                kind,
                doctype,
                str(row["name"]),
                sign * left,
                str(row["currency"] or base),
                invoiced,
                due[0].due if len(due) == 1 else invoiced,
                party_type=party_type,
                party=str(row["party"] or ""),
                party_name=str(row["party_name"] or row["party"] or ""),
                rate=decimal(row["conversion_rate"]),
            )
            yield from instalments.of(item, sign * left, due)


def _not_billed(row: dict[str, Any]) -> Decimal:
    whole = decimal(row["rounded_total"]) or decimal(row["grand_total"])
    advance = decimal(row["advance_paid"])
    if row["party_account_currency"] and row["party_account_currency"] != row["currency"]:
        advance /= decimal(row["conversion_rate"]) or Decimal(1)
    return half_up(whole * (100 - decimal(row["per_billed"])) / 100 - advance)


def auto_repeats(company: str, base: str, today: date, until: date) -> Iterator[Item]:
    """Invoices and bills that ERPNext will make again: as the one that is repeated, due as long after its day."""
    for doctype, (party_type, sign) in _SIDES.items():
        party = party_type.lower()
        for row in rows(
            f"SELECT again.`name`, again.`frequency`, again.`next_schedule_date`, again.`end_date`, doc.`{party}` AS `party`, doc.`{party}_name` AS `party_name`, doc.`currency`, "
            "doc.`conversion_rate`, doc.`grand_total`, doc.`rounded_total`, doc.`posting_date`, doc.`due_date` "
            f"FROM `tabAuto Repeat` again JOIN `tab{doctype}` doc ON doc.`name`=again.`reference_document` "
            "WHERE again.`reference_doctype`=%(doctype)s AND again.`disabled`=0 AND again.`status`='Active' AND again.`next_schedule_date` IS NOT NULL AND doc.`company`=%(company)s",
            {"company": company, "doctype": doctype},
            "Auto Repeat",
        ):
            every = repeating.NAMED.get(str(row["frequency"]))
            terms = (row["due_date"] - row["posting_date"]) if row["due_date"] else timedelta(0)
            first = row["next_schedule_date"]
            # What should have been made already is made with the next run.
            if every is not None:
                days = repeating.days(first, every, first, until, row["end_date"])
                whole = decimal(row["rounded_total"]) or decimal(row["grand_total"])
                yield from _again("Auto Repeat", row, days, terms, today, sign * whole, party_type, base)


def subscriptions(company: str, base: str, today: date, until: date) -> Iterator[Item]:
    """Invoices that Subscriptions will make: of as much as the last one of theirs, else of what their plans cost (before tax)."""
    plans: dict[str, list[dict[str, Any]]] = {}
    for row in rows(
        "SELECT part.`parent`, part.`qty`, plan.`cost`, plan.`currency`, plan.`billing_interval`, plan.`billing_interval_count` FROM `tabSubscription Plan Detail` part "
        "JOIN `tabSubscription Plan` plan ON plan.`name`=part.`plan` WHERE part.`parenttype`='Subscription' ORDER BY part.`parent`, part.`idx`",
        {},
        "Subscription Plan",
        "Subscription Plan Detail",
    ):
        plans.setdefault(str(row["parent"]), []).append(row)
    made = {doctype: _last_of_subscriptions(company, doctype) for doctype in _SIDES}
    for row in rows(
        "SELECT `name`, `party_type`, `party`, `end_date`, `current_invoice_start`, `current_invoice_end`, `generate_invoice_at`, `number_of_days`, `days_until_due`, `cancel_at_period_end` "
        "FROM `tabSubscription` WHERE `company`=%(company)s AND `status` NOT IN ('Cancelled', 'Completed') AND `current_invoice_start` IS NOT NULL AND `current_invoice_end` IS NOT NULL",
        {"company": company},
        "Subscription",
    ):
        own = plans.get(str(row["name"]), [])
        doctype = SALE if row["party_type"] == CUSTOMER else PURCHASE
        party_type, sign = _SIDES[doctype]
        last = made[doctype].get(str(row["name"]))
        every = (
            repeating.of_interval(str(own[0]["billing_interval"]), int(own[0]["billing_interval_count"] or 1)) if own else repeating.ONCE
        )
        if every == repeating.ONCE:
            continue
        cost = sum((decimal(each["cost"]) * decimal(each["qty"]) for each in own), ZERO)
        amount = (decimal(last["rounded_total"]) or decimal(last["grand_total"])) if last else cost
        one_of = {**row, "currency": (last or own[0])["currency"], "conversion_rate": (last or {}).get("conversion_rate")}
        starts = row["current_invoice_start"]
        if last and last["to_date"] and last["to_date"] >= row["current_invoice_end"]:
            starts = row["current_invoice_end"] + timedelta(days=1)
        ends = row["current_invoice_end"] if row["cancel_at_period_end"] else row["end_date"]
        terms = timedelta(days=int(row["days_until_due"] or 0))
        yield from _again("Subscription", one_of, _invoiced(row, starts, every, until, ends), terms, today, sign * amount, party_type, base)


def _invoiced(row: dict[str, Any], starts: date, every: repeating.Every, until: date, ends: date | None) -> Iterator[date]:
    """The day on which each period is invoiced: at its beginning, some days before that, or at its end."""
    ahead = until + timedelta(days=400)
    for first in repeating.days(starts, every, starts, ahead, ends):
        if row["generate_invoice_at"] == AT_BEGINNING:
            when = first
        elif row["generate_invoice_at"] == BEFORE:
            when = first - timedelta(days=int(row["number_of_days"] or 0))
        else:
            when = next(repeating.days(first, every, first + timedelta(days=1), ahead)) - timedelta(days=1)
        if when > until:
            return
        yield when


def _last_of_subscriptions(company: str, doctype: str) -> dict[str, dict[str, Any]]:
    """The last invoice of each Subscription."""
    found = rows(
        f"SELECT `subscription`, `currency`, `conversion_rate`, `grand_total`, `rounded_total`, `to_date` FROM `tab{doctype}` "
        "WHERE `company`=%(company)s AND `docstatus`=1 AND COALESCE(`subscription`, '')!='' ORDER BY `posting_date`, `name`",
        {"company": company},
        "Subscription",
    )
    return {str(row["subscription"]): row for row in found}


def _again(
    doctype: str, row: dict[str, Any], days: Iterable[date], terms: timedelta, today: date, amount: Decimal, party_type: str, base: str
) -> Iterator[Item]:
    """An item for each of these days; what is late is made today."""
    if abs(amount) < CENT:
        return
    for when in days:
        made = max(when, today)
        yield Item(
            REPEATED,
            doctype,
            str(row["name"]),
            amount,
            str(row["currency"] or base),
            made,
            made + terms,
            part=when.isoformat(),
            party_type=party_type,
            party=str(row["party"] or ""),
            party_name=str(row.get("party_name") or row["party"] or ""),
            rate=decimal(row["conversion_rate"]),
        )
