"""Journal Entry -> Settlement, where the journal is in effect a payment, a transfer or a write-off.

From there on it is treated like a Payment Entry (batches, overpayments, fees, refunds, currencies), and its amounts have the same signs:
allocated amounts in the party account's currency, negative where a credit is paid back; deductions in company currency, cost positive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from ...accounting.money import ZERO, half_up
from ..identity import identity
from ..settlement.settlement import DeductionRow, SettledDocument, Settlement, SettlementKind, Side, parts_of
from .cases import PAYMENT, case_of
from .rows import BANK, PARTY, PLAIN, TAX, Journal, JournalRow

RECEIVE, PAY = SettlementKind.RECEIVE, SettlementKind.PAY


def settlement(entry: Journal) -> Settlement | None:
    """The settlement that a journal amounts to; None where its case is no payment, as for payroll and employees."""
    case = case_of(entry)
    return SETTLES[case.name](entry) if case.becomes == PAYMENT else None


def _transfer(entry: Journal) -> Settlement:
    """A transfer between two bank accounts."""
    source, goal = sorted(entry.of(BANK), key=lambda leg: leg.amount)
    leaves, arrives = _side(source, abs(source.own), goal.amount), _side(goal, abs(goal.own), goal.amount)
    return _settlement(entry, SettlementKind.TRANSFER, leaves, arrives)


def _payment(entry: Journal) -> Settlement:
    """One bank account and the trade parties of one account: money received or paid, the other rows being its deductions."""
    money, parties = entry.of(BANK), entry.of(PARTY)
    moved, worth = sum((leg.own for leg in money), ZERO), sum((leg.amount for leg in money), ZERO)
    bank, party = money[0], parties[0]
    # What the party's own currency makes of the money: what the parties are cleared of, and the deductions on top of it, as in a Payment
    # Entry. An exchange difference is neither: it is why the two are worth different sums.
    others = [leg.amount for leg in entry.of(PLAIN, TAX) if not leg.row.get("is_exchange_account")]
    if bank.currency == party.currency:
        in_party_currency = abs(moved)
    elif not others:
        in_party_currency = abs(sum((leg.own for leg in parties), ZERO))
    else:
        cleared = sum((leg.own for leg in parties), ZERO) + sum(others, ZERO) / party.rate
        in_party_currency = half_up(abs(cleared))
    # Both sides are worth the same in company currency, as the journal balances.
    bank_side, party_side = _side(bank, abs(moved), abs(worth)), _side(party, in_party_currency, abs(worth))
    if bank.currency == party.currency:
        # Deductions are worth what the money is, not what the invoice was.
        party_side = replace(party_side, rate=bank.rate)
    if moved > ZERO:
        return _with_party(entry, RECEIVE, party_side, bank_side)
    return _with_party(entry, PAY, bank_side, party_side)


def _write_off(entry: Journal) -> Settlement:
    """What is taken off an invoice without money: a payment of nothing with deductions."""
    party = entry.of(PARTY)[0]
    party_side = _side(party, ZERO, ZERO)
    nowhere = replace(party_side, account="")
    if party.row.get("account_type") == "Receivable":
        return _with_party(entry, RECEIVE, party_side, nowhere)
    return _with_party(entry, PAY, nowhere, party_side)


def _set_off(entry: Journal) -> Settlement:
    """Each reference is a payment of its own, of an invoice into the clearing account or of a bill from it."""
    nowhere = Side("", entry.mapping.base_currency, ZERO, Decimal(1), ZERO)
    made = _settlement(entry, SettlementKind.SET_OFF, nowhere, nowhere)
    return replace(made, parts=_parts(entry), deductions=_deductions(entry))


def _with_party(entry: Journal, kind: SettlementKind, leaves: Side, arrives: Side) -> Settlement:
    row = entry.of(PARTY)[0].row
    return replace(
        _settlement(entry, kind, leaves, arrives),
        party_type=row.get("party_type") or "",
        party=row.get("party") or "",
        parts=_parts(entry),
        deductions=_deductions(entry),
    )


def _settlement(entry: Journal, kind: SettlementKind, leaves: Side, arrives: Side) -> Settlement:
    doc = entry.doc
    return Settlement(identity(doc), str(doc["posting_date"]), kind, leaves, arrives, reference_number=doc.get("cheque_no") or "")


def _parts(entry: Journal) -> tuple[SettledDocument, ...]:
    """What the party rows refer to; a receivable is settled by credit, a payable by debit."""
    return parts_of(
        (leg.row["reference_type"], leg.row["reference_name"], -leg.own if leg.row.get("account_type") == "Receivable" else leg.own)
        for leg in entry.of(PARTY)
        if leg.row.get("reference_name")
    )


def _deductions(entry: Journal) -> tuple[DeductionRow, ...]:
    return tuple(
        DeductionRow(
            leg.account,
            leg.amount,
            str(leg.row.get("user_remark") or entry.doc.get("user_remark") or ""),
            leg.row.get("cost_center") or "",
            bool(leg.row.get("is_exchange_account")),
        )
        for leg in entry.of(PLAIN, TAX)
    )


def _side(leg: JournalRow, amount: Decimal, base: Decimal) -> Side:
    return Side(leg.account, leg.currency, amount, leg.rate, base)


SETTLES: dict[str, Callable[[Journal], Settlement]] = {
    "transfer": _transfer,
    "pays": _payment,
    "set-off": _set_off,
    "write-off": _write_off,
}
