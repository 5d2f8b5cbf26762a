"""The two kinds of what people enter in Xero that pays nothing: what becomes of one, and how one is compared with what is here, with the facts that both need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import Text
from ..engine.contexts import COME_BACK, Context
from ..incoming import document, document_facts, entry, facts, invoice, journal, same_here, way_back_facts
from ..incoming.document import IncomingDocument
from ..incoming.entry import IncomingEntry
from ..incoming.journal import Draft, Surroundings, Waits
from .people_rows import Kind


def _decide_entry(context: Context, entered: IncomingEntry, certain: bool) -> Draft | Waits:
    base, company, connection = context.mapping.base_currency, context.company, context.connection
    back = way_back_facts.way_back(connection, company, context.mapping.called)
    bank: str | Problem = ""
    if entered.bank:
        found = facts.banks(connection, [entered.bank])[entered.bank]
        bank = found if isinstance(found, Problem) else found.account
    wanted = [each for line in entered.lines if isinstance(each := back.account(line.code, line.account_id), str)]
    names = [*wanted, *([bank] if isinstance(bank, str) and bank else [])]
    amounts: list[tuple[str, Decimal]] = []
    if isinstance(bank, str) and bank:
        amounts = [(bank, entered.moved)]
    elif not entered.bank and len(wanted) == len(entered.lines):
        amounts = [(account, line.net) for account, line in zip(wanted, entered.lines) if line.net]
    like = way_back_facts.alike(company, amounts, entered.date) if amounts and not certain else set()
    return journal.decide(
        entered,
        Surroundings(
            company,
            base,
            back,
            way_back_facts.accounts(company, base, names),
            bank,
            way_back_facts.parties(connection, [entered.contact]).get(entered.contact, {}),
            way_back_facts.not_in_xero(like),
            way_back_facts.left_out(connection, company, bank, entered.date) if isinstance(bank, str) and bank and not certain else (),
            certain,
            way_back_facts.sent(connection, like),
        ),
    )


def _party(context: Context, found: IncomingDocument) -> str:
    return way_back_facts.parties(context.connection, [found.contact]).get(found.contact, {}).get(found.party_type, "")


def _decide_document(context: Context, found: IncomingDocument, certain: bool) -> Draft | Waits:
    company, connection = context.company, context.connection
    party = _party(context, found)
    return invoice.decide(
        found,
        invoice.DocumentsHere(
            company,
            context.mapping.base_currency,
            way_back_facts.way_back(connection, company, context.mapping.called),
            party,
            document_facts.items(found),
            document_facts.templates(company),
            document_facts.alike(company, found, party) if party and not certain else (),
            document_facts.unit(),
            certain,
            document_facts.twice(connection, company, found, party) if party and not certain else (),
        ),
    )


def _entry_otherwise(context: Context, entered: IncomingEntry, doc: Any, accounts: bool, agreed: str) -> tuple[Text, ...]:
    made = _decide_entry(context, entered, True)
    voucher = made.voucher if isinstance(made, Draft) else None
    return same_here.entry_differs(entered, voucher, doc.as_dict(), accounts=accounts, agreed=agreed)


def _document_otherwise(context: Context, found: IncomingDocument, doc: Any, accounts: bool, agreed: str) -> tuple[Text, ...]:
    return same_here.document_differs(found, _party(context, found), doc.as_dict(), agreed)


def _endpoints(setting: str) -> tuple[str, ...]:
    return tuple(each.endpoint for each in COME_BACK[setting])


ENTRIES = Kind(
    "entries_from_xero",
    _endpoints("entries_from_xero"),
    entry.read,
    entry.kept,
    journal.named,
    _decide_entry,
    otherwise=_entry_otherwise,
)
DOCUMENTS = Kind(
    "documents_from_xero",
    _endpoints("documents_from_xero"),
    document.read,
    document.kept,
    document.named,
    _decide_document,
    lambda found, doc: invoice.made_otherwise(found, doc.get("grand_total")),
    _document_otherwise,
)
