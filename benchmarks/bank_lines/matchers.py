"""The matchers that are measured: the app's own, ERPNext's rule, and one that goes by the amount first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from benchmarks.bank_lines.values import VOUCHERS, Answer, Line, Voucher, World
from picortex_xero.banking import matching, values


def as_books(world: World) -> values.Books:
    """What the app's matching is given of a world: nothing of its truths."""
    return values.Books(
        world.currency,
        tuple(values.OwnAccount(each.name, each.currency, each.number) for each in world.accounts),
        tuple(values.Party(each.party_type, each.name, each.title, each.numbers) for each in world.parties),
        tuple(
            values.Voucher(
                each.doctype,
                each.name,
                each.party_type,
                each.party,
                each.posting_date,
                each.amount,
                each.currency,
                each.total,
                each.due_date,
                each.reference,
                each.bank_account,
                each.remarks,
            )
            for each in world.vouchers
        ),
        tuple(
            values.Line(
                each.name,
                each.bank_account,
                each.date,
                each.amount,
                each.currency,
                each.description,
                each.reference,
                each.transaction_type,
                each.party_name,
                each.party_number,
                each.transaction_id,
            )
            for each in world.lines
        ),
        world.closed_until,
        world.rates,
    )


def app(world: World) -> Mapping[str, Answer]:
    """The app's matching, at the threshold that a company has when it chooses nothing."""
    return {name: as_answer(found[0]) for name, found in matching.proposals(as_books(world)).items() if found and found[0].automatic}


def as_answer(proposal: values.Proposal) -> Answer:
    return Answer(proposal.kind, tuple((part.voucher, part.amount) for part in proposal.vouchers), proposal.difference, proposal.other_line)


def erpnext(world: World) -> Mapping[str, Answer]:
    """ERPNext 15's auto-reconcile: Payment and Journal Entries of the account whose reference equals the line's, the earliest first, until the line is filled."""
    entries: dict[tuple[str, str], list[Voucher]] = defaultdict(list)
    for voucher in sorted(world.vouchers, key=lambda voucher: (voucher.posting_date, voucher.name)):
        if voucher.bank_account and voucher.reference:
            entries[voucher.bank_account, voucher.reference].append(voucher)
    left = {voucher.key: voucher.amount for voucher in world.vouchers}
    found = {}
    for line in _by_day(world):
        parts, rest = [], line.amount
        for voucher in entries.get((line.bank_account, line.reference), ()) if line.reference else ():
            if left[voucher.key] and (voucher.amount > 0) == (line.amount > 0) and rest:
                part = min(left[voucher.key], rest, key=abs)
                parts.append((voucher.key, part))
                left[voucher.key] -= part
                rest -= part
        if parts:
            found[line.name] = Answer(VOUCHERS, tuple(parts), rest)
    return found


def amount_first(world: World) -> Mapping[str, Answer]:
    """The voucher of just the line's amount that is nearest in time, each used once: what a person does who looks at nothing else."""
    vouchers: dict[tuple[str, Decimal], list[Voucher]] = defaultdict(list)
    for voucher in world.vouchers:
        vouchers[voucher.currency, voucher.amount].append(voucher)
    used, found = set(), {}
    for line in _by_day(world):
        able = [
            voucher
            for voucher in vouchers.get((line.currency, line.amount), ())
            if voucher.key not in used and voucher.bank_account in ("", line.bank_account) and voucher.posting_date <= line.date
        ]
        if able:
            nearest = min(able, key=lambda voucher: (line.date - voucher.posting_date, voucher.key))
            used.add(nearest.key)
            found[line.name] = Answer(VOUCHERS, ((nearest.key, line.amount),))
    return found


def _by_day(world: World) -> list[Line]:
    return sorted(world.lines, key=lambda line: (line.date, line.name))


def without_truths(world: World) -> World:
    """The world as a matcher may see it."""
    return replace(world, truths={})
