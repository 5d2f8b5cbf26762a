"""Journal Entry between one bank account and plain or tax accounts -> money spent or received, a line for each other row.

Xero's manual journals refuse bank accounts, so it is Spend Money or Receive Money. Its lines are in the bank account's currency (both from
Xero's developer documentation: Manual Journals, Bank Transactions).
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ...accounting.exchange import converted
from ...accounting.mapping import PaymentAccount
from ...accounting.money import ZERO
from ...accounting.plain_text import Sent, one_line
from ...accounting.problems import Problem, Refused
from ...accounting.tax import allocate
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from ..identity import document_url, identity
from ..party.contact import NAME_LIMIT
from ..settlement.bank_transaction import BankLine, bank_transaction
from ..settlement.payment_elements import REFERENCE_LIMIT
from ..translation import Translation
from .manual_journal import account_code, cost_centers, reasons, said_of, unsound
from .rows import BANK, TAX, Journal
from .tax import TaxedLeg, taxed


def journal_money(entry: Journal, site_url: str, instance: str, revision: int) -> Translation:
    """The SPEND or RECEIVE element of a journal entry with one bank account and no party's balance. Raises Refused with all problems.

    Its contact is known by name only.
    """
    doc, mapping, problems = entry.doc, entry.mapping, unsound(entry)
    money = entry.of(BANK)
    moved, worth, currency = (sum((leg.own for leg in money), ZERO), sum((leg.amount for leg in money), ZERO), money[0].currency)
    foreign, has_tax = currency != mapping.base_currency, bool(entry.of(TAX))
    theirs = money[0].rate if len(money) == 1 else worth / moved
    rate = converted(doc["name"], abs(moved), abs(worth), theirs, mapping.base_currency, mapping.accept_rates) if foreign else None
    problems += rate.problems if rate else []
    if foreign and has_tax:
        problems.append(_foreign_tax(entry, currency))
    bank = _bank(entry, currency, problems)
    lines = taxed(entry, problems)
    # Money in is the lines' credits, money out their debits.
    sign = Decimal(-1 if moved > ZERO else 1)
    amounts = [sign * each.leg.amount for each in lines]
    if foreign and not problems:
        amounts = _in_currency(amounts, abs(moved))
    none = mapping.no_tax()
    if isinstance(none, Problem):
        # Rows without tax get the no-tax type: a journal does not say whether a supply is exempt or zero-rated.
        problems += [none] if none not in problems and not all(each.tax_type for each in lines) else []
        none = TaxType("", ZERO)
    items = [_line(entry, each, each.tax_type or none, sign, amount, problems) for each, amount in zip(lines, amounts)]
    problems += mapping.untracked(cost_centers(lines))
    if problems or bank is None:
        raise Refused(problems)
    made = bank_transaction(
        "RECEIVE" if moved > ZERO else "SPEND",
        "",
        bank,
        str(doc["posting_date"]),
        f"{doc['name']} {doc.get('cheque_no') or ''}".strip()[:REFERENCE_LIMIT],
        items,
        "Exclusive" if has_tax else "NoTax",
        rate,
        document_url(site_url, instance, identity(doc), revision),
    )
    return replace(
        made,
        body={**made.body, "Contact": {"Name": payee(entry)}},
        reasons=reasons(entry, lines),
        said=made.said + mapping.said_of_tracking(cost_centers(lines)),
    )


def payee(entry: Journal) -> str:
    """Whom the money went to or came from: as the journal says, else the contact chosen for such journals. What Xero takes in no contact
    name is left out: angle brackets, and what is beyond 255 characters (its developer documentation, Contacts)."""
    said = Sent(" ".join(re.sub("[<>]", " ", one_line(entry.doc.get("pay_to_recd_from"))).split())[:NAME_LIMIT].strip())
    return said or one_line(entry.mapping.journal_contact)


def _bank(entry: Journal, currency: str, problems: list[Problem]) -> PaymentAccount | None:
    found = entry.mapping.payment_account(entry.banks[0], currency)
    if isinstance(found, Problem):
        problems.append(found)
        return None
    return found


def _line(entry: Journal, each: TaxedLeg, tax_type: TaxType, sign: Decimal, amount: Decimal, problems: list[Problem]) -> BankLine:
    return BankLine(
        said_of(entry, each.leg),
        amount,
        account_code(entry.mapping, each.leg, tax_type, problems),
        tax_type,
        entry.mapping.tracking.get(each.leg.row.get("cost_center") or ""),
        sign * each.tax,
    )


def _in_currency(amounts: list[Decimal], moved: Decimal) -> list[Decimal]:
    """Each line's share of the foreign money, in whole cents that add up to it."""
    whole = sum(amounts, ZERO)
    dealt = allocate(moved, [moved * amount / whole for amount in amounts], amounts)
    if dealt is None:
        raise ValueError(f"{moved} cannot be divided over {amounts}")
    return dealt


def _foreign_tax(entry: Journal, currency: str) -> Problem:
    return Problem(
        "journal-foreign-tax",
        _("Journal Entry {name} books tax against a bank account in {currency}; Xero would convert the tax itself").format(
            name=entry.doc["name"], currency=currency
        ),
        _(
            "In Xero, enter it in the {currency} bank account as spend or receive money with the tax rate on each line, and correct the tax there to the figure here"
        ).format(currency=currency),
        held=True,
    )
