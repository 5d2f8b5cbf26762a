"""What is known here of what payments in Xero pay, read in bulk: documents, bank accounts, payments that are here already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.mapping import ONLY_HERE
from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.texts import _, joined
from ..documents.identity import moment
from ..documents.step import ENDED
from ..xero.records.registry import CREDIT_NOTE, INVOICE
from . import in_xero, journals_that_pay, linked_advances, payment_terms
from .known import ADVANCE, Bank, Known, Moved, Named, OwnPayment, Target
from .payment import IncomingPayment

AT_ONCE = 500
LINK, STEP, ROW = "Xero Link", "Xero Outbox Entry", "Xero Incoming Record"
PAYMENT_ENTRY, REFERENCE = "Payment Entry", "Payment Entry Reference"
# Of an invoice or bill: the fields of its party and of the party's account.
SIDES = {"Sales Invoice": ("Customer", "customer", "debit_to"), "Purchase Invoice": ("Supplier", "supplier", "credit_to")}
DOCUMENT_PARTS = ("invoice", "credit")
Rows = dict[str, dict[str, Any]]


def targets(connection: str, records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Target]:
    """By record (endpoint, id in lower case): the document here that became it; of an over- or prepayment the Payment Entry."""
    records = list(records)
    wanted = {place for place in records if place[0] in (INVOICE.endpoint, CREDIT_NOTE.endpoint)}
    links = [
        row
        for ids in _some(sorted({xero_id for _endpoint, xero_id in wanted}))
        for row in frappe.get_all(
            LINK,
            filters={"connection": connection, "xero_id": ("in", ids), "role": ("in", DOCUMENT_PARTS)},
            fields=["reference_doctype", "reference_name", "reference_creation", "endpoint", "xero_id", "remote_status"],
        )
    ]
    links = [row for row in links if row["reference_doctype"] in SIDES and (row["endpoint"], row["xero_id"].lower()) in wanted]
    heads = {doctype: _heads(doctype, [row["reference_name"] for row in links if row["reference_doctype"] == doctype]) for doctype in SIDES}
    terms = payment_terms.by_document(heads)
    back = _from_xero(connection, heads)
    found = linked_advances.targets(connection, records)
    for row in links:
        head = heads[row["reference_doctype"]].get(row["reference_name"])
        party_type, party, account = SIDES[row["reference_doctype"]]
        # A document that got the name of a deleted one is another document.
        if head is None or moment(head["creation"]) != row["reference_creation"]:
            found[row["endpoint"], row["xero_id"].lower()] = Target(
                row["reference_doctype"], row["reference_name"], party_type, "", "", "", "", ZERO, there=False, deleted=True
            )
            continue
        found[row["endpoint"], row["xero_id"].lower()] = Target(
            row["reference_doctype"],
            row["reference_name"],
            party_type,
            head[party],
            head[account],
            head["party_account_currency"] or head["currency"],
            head["currency"],
            decimal(head["outstanding_amount"]),
            int(head["docstatus"]) == 1 and row["remote_status"] not in ENDED,
            head["cost_center"] or "",
            decimal(head["conversion_rate"]) or Decimal(1),
            terms.get((row["reference_doctype"], row["reference_name"]), ()),
            draft=not int(head["docstatus"]),
            from_xero=(row["reference_doctype"], row["reference_name"]) in back,
        )
    return found


def noticed(connection: str, records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Target]:
    """The same of what is looked at as soon as Xero shows that it is paid: what pays a draft that came from Xero is read once that is submitted (inbound/people_entries.py), and a
    document that was deleted here says itself what stops its cancel in Xero."""
    return {place: each for place, each in targets(connection, records).items() if not (each.from_xero or each.deleted)}


def _from_xero(connection: str, heads: dict[str, Rows]) -> set[Named]:
    """Those drafts among these documents, by DocType and name, that were made of what people entered in Xero."""
    drafts = {(doctype, name) for doctype, rows in heads.items() for name, row in rows.items() if not int(row["docstatus"])}
    mine = {"connection": connection, "reference_name": ("in", sorted(name for _doctype, name in drafts))}
    rows = frappe.get_all(ROW, filters=mine, fields=["reference_doctype", "reference_name"]) if drafts else []
    return drafts & {(row["reference_doctype"], row["reference_name"]) for row in rows}


def documents(connection: str, payments: Iterable[IncomingPayment]) -> dict[tuple[str, str], Named]:
    """Which document here each record is that these payments pay."""
    found = targets(connection, (part.target for each in payments for part in each.parts))
    return {place: (each.doctype, each.name) for place, each in found.items()}


def _heads(doctype: str, names: Sequence[str]) -> Rows:
    _type, party, account = SIDES[doctype]
    fields = [
        "name",
        "creation",
        party,
        account,
        "party_account_currency",
        "currency",
        "outstanding_amount",
        "docstatus",
        "cost_center",
        "conversion_rate",
        "payment_terms_template",
    ]
    return {
        row["name"]: row
        for some in _some(sorted(set(names)))
        for row in frappe.get_all(doctype, filters={"name": ("in", some)}, fields=fields)
    }


def banks(connection: str, accounts: Iterable[str]) -> dict[str, Bank | Problem]:
    """By id of Xero's account in lower case: the account here that stands for it, or why none does."""
    wanted = sorted(set(accounts))
    rows = frappe.get_all(
        "Xero Payment Mapping",
        filters={"connection": connection, "xero_account_id": ("in", wanted)},
        fields=["account", "xero_account_id", "xero_account_name", "takes_what_comes_back", "payments_entered"],
    )
    here: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        here[row["xero_account_id"].lower()].append(row)
    found: dict[str, Bank | Problem] = {}
    for account in wanted:
        mapped = here[account]
        marked = [row for row in mapped if row["takes_what_comes_back"]] or mapped
        if len(marked) == 1:
            name = marked[0]["account"]
            currency = frappe.get_cached_value("Account", name, "account_currency")
            found[account] = Bank(name, currency, marked[0]["payments_entered"] == ONLY_HERE)
        else:
            found[account] = _several_accounts(marked) if marked else _no_account()
    return found


def _no_account() -> Problem:
    return Problem(
        "bank-not-mapped-back",
        _("It was entered in Xero on an account that no bank or cash account here stands for"),
        _("Map a bank or cash account here to that account (Mapping, Bank and payment accounts); then press Retry"),
        held=True,
    )


def _several_accounts(rows: list[dict[str, Any]]) -> Problem:
    return Problem(
        "bank-several-back",
        _("{accounts} all stand for {there} in Xero").format(
            accounts=joined(", ", [row["account"] for row in rows]), there=str(rows[0]["xero_account_name"] or "")
        ),
        _("Open one of them under Bank and payment accounts and tick Takes What Comes Back; then press Retry"),
        held=True,
    )


def own_payments(connection: str, company: str, documents: Iterable[Named]) -> dict[Named, list[OwnPayment]]:
    """By document: the payments here that pay it, submitted or drafts, and journals that do, which are not in Xero (any more), or not with all of their parts."""
    documents = set(documents)
    names = sorted({name for _doctype, name in documents})
    parents = {
        row["parent"]
        for some in _some(names)
        for row in frappe.get_all(
            REFERENCE, filters={"reference_name": ("in", some), "docstatus": ("<", 2)}, fields=["parent"], limit=AT_ONCE * 20
        )
    }
    there = in_xero.linked(parents)
    in_part = in_xero.in_part(there)
    wanted = sorted(parents - there | in_part)
    waiting = in_xero.awaited(wanted)
    heads = [
        row
        for some in _some(wanted)
        for row in frappe.get_all(
            PAYMENT_ENTRY,
            filters={"name": ("in", some), "company": company},
            fields=[
                "name",
                "docstatus",
                "payment_type",
                "paid_from",
                "paid_to",
                "paid_amount",
                "received_amount",
                "posting_date",
                "reference_no",
            ],
        )
    ]
    pays: dict[str, dict[Named, Decimal]] = defaultdict(dict)
    for some in _some(wanted):
        rows = frappe.get_all(
            REFERENCE,
            filters={"parent": ("in", some)},
            fields=["parent", "reference_doctype", "reference_name", "allocated_amount"],
            limit=AT_ONCE * 20,
        )
        for row in rows:
            named = (row["reference_doctype"], row["reference_name"])
            pays[row["parent"]][named] = pays[row["parent"]].get(named, ZERO) + decimal(row["allocated_amount"])
    found: dict[Named, list[OwnPayment]] = defaultdict(list)
    for head in heads:
        comes_in = head["payment_type"] == "Receive"
        own = OwnPayment(
            head["name"],
            int(head["docstatus"]) == 0,
            frozenset(pays[head["name"]].items()),
            decimal(head["paid_amount"] if comes_in else head["received_amount"]),
            str(head["posting_date"]),
            head["paid_to"] if comes_in else head["paid_from"],
            head["name"] in waiting,
            at_bank=decimal(head["received_amount"] if comes_in else head["paid_amount"]),
            in_doubt=head["name"] in in_part,
            reference=head["reference_no"] or "",
        )
        for named, _amount in own.pays:
            found[named].append(own)
    for journal in journals_that_pay.that_pay(connection, company, documents):
        for named in {named for named, _amount in journal.pays} & documents:
            found[named].append(journal)
    return found


def on_their_way(connection: str, names: Iterable[str]) -> set[str]:
    """Of these documents, those with a step that Xero has not answered yet."""
    return {
        name
        for some in _some(sorted(set(names)))
        for name in frappe.get_all(
            STEP,
            filters={"connection": connection, "reference_name": ("in", some), "state": ("in", ("Sending", "Unknown"))},
            pluck="reference_name",
        )
    }


def load(connection: str, company: str, base_currency: str, payments: Sequence[IncomingPayment]) -> list[Known]:
    """What `decide` has to know of each payment, in their order."""
    known = targets(connection, (part.target for each in payments for part in each.parts))
    accounts = banks(connection, (each.account for each in payments))
    named = {(each.doctype, each.name) for each in known.values()}
    own = own_payments(connection, company, {each for each in named if each[0] != ADVANCE})
    books = frappe.get_cached_value("Company", company, ["exchange_gain_loss_account", "cost_center"]) or ("", "")
    busy = on_their_way(connection, [*(name for _doctype, name in named), *(each.name for found in own.values() for each in found)])
    made = []
    for payment in payments:
        mine = {part.target: known[part.target] for part in payment.parts if part.target in known}
        pays = [(each.doctype, each.name) for each in mine.values()]
        here = {(each.doctype, each.name, each.account): each for one in pays for each in own.get(one, [])}
        for advance in (each for each in mine.values() if each.doctype == ADVANCE):
            back = linked_advances.on_account(company, (advance.party_type, advance.party), payment.comes_in)
            here |= {(each.doctype, each.name, each.account): each for each in back if each.amount == payment.amount and not each.pays}
        waits = bool(busy & {*(name for _doctype, name in pays), *(each.name for each in here.values())})
        bank = accounts[payment.account]
        moved = moved_from(connection, company, payment, bank.account, mine.values()) if isinstance(bank, Bank) else ()
        made.append(
            Known(
                company,
                base_currency,
                mine,
                bank,
                tuple(here.values()),
                waits,
                moved,
                exchange_account=books[0] or "",
                cost_center=books[1] or "",
            )
        )
    return made


def moved_from(connection: str, company: str, payment: IncomingPayment, account: str, pays: Iterable[Target]) -> tuple[Moved, ...]:
    """The payments here of the same amount, day and bank account that stand, and whose own payment was removed in Xero."""
    money, bank = ("paid_amount", "paid_to") if payment.comes_in else ("received_amount", "paid_from")
    filters = {
        "company": company,
        "docstatus": 1,
        "posting_date": payment.date,
        "payment_type": "Receive" if payment.comes_in else "Pay",
        bank: account,
        money: payment.amount,
    }
    names = frappe.get_all(PAYMENT_ENTRY, filters=filters, pluck="name", order_by="name asc", limit=AT_ONCE)
    linked: dict[str, list[str]] = defaultdict(list)
    mine = {"connection": connection, "reference_doctype": PAYMENT_ENTRY, "reference_name": ("in", names), "role": "payment"}
    for row in frappe.get_all(LINK, filters=mine, fields=["reference_name", "remote_status"]) if names else []:
        linked[row["reference_name"]].append(row["remote_status"])
    gone = [name for name in names if linked[name] and all(status in ENDED for status in linked[name])]
    others = {each.name for each in pays}
    rows = frappe.get_all(REFERENCE, filters={"parent": ("in", gone)}, fields=["parent", "reference_name"]) if gone else []
    paid = {name: tuple(sorted({row["reference_name"] for row in rows if row["parent"] == name})) for name in gone}
    return tuple(Moved(name, paid[name]) for name in gone if paid[name] and not others & set(paid[name]))


def _some(names: Sequence[str]) -> list[list[str]]:
    return [list(names[at : at + AT_ONCE]) for at in range(0, len(names), AT_ONCE)]
