"""What a statement's balances say: whether its own lines add up to them, and whether ERPNext's Bank Transactions of those days do."""

from __future__ import annotations

from decimal import Decimal

from ..accounting.texts import Text, _, amount, day, joined
from ..statements.values import Statement, Unreadable

ZERO = Decimal(0)


def currency(statement: Statement, own: str) -> None:
    """Raises Unreadable where a line is in another currency than the account (`own`), or the statement is."""
    others = {each for each in (statement.currency, *(line.currency for line in statement.lines)) if each} - {own}
    if others:
        raise Unreadable(
            _("The file is in {theirs}, and the bank account is in {own}. Choose the file of this account").format(
                theirs=", ".join(sorted(others)), own=own
            )
        )


def of_the_file(statement: Statement) -> Text:
    """Whether opening balance, lines and closing balance of the file agree, in a sentence."""
    total = sum((each.amount for each in statement.lines), ZERO)
    if statement.gap is None:
        if statement.closing is not None:
            return _("The lines come to {total}. The file states the closing balance {closing}, and no opening one").format(
                total=amount(total), closing=amount(statement.closing)
            )
        return _("The lines come to {total}. The file states no balances, so compare that with the bank's own statement").format(
            total=amount(total)
        )
    said = {"opening": amount(statement.opening), "total": amount(total), "closing": amount(statement.closing)}
    if statement.gap == ZERO:
        return _("Opening balance {opening} and lines {total} make the closing balance {closing}").format(**said)
    return _(
        "Opening balance {opening} and lines {total} do not make the closing balance {closing}: {gap} is missing. Lines may be missing in the file, or twice in it"
    ).format(**said, gap=amount(statement.gap))


def of_erpnext(total: Decimal, within: Decimal, until: Decimal, closing: Decimal | None, first: object, last: object) -> Text:
    """`total`: of the file's lines; `within`: of ERPNext's Bank Transactions of this account from the first day to the last; `until`: of all of them until the last."""
    said = {"first": day(first), "last": day(last), "within": amount(within)}
    parts = []
    if within == total:
        parts.append(_("ERPNext's Bank Transactions from {first} to {last} come to the same, {within}").format(**said))
    else:
        parts.append(
            _("ERPNext's Bank Transactions from {first} to {last} come to {within}, the lines of the file to {total}: {gap} apart").format(
                **said, total=amount(total), gap=amount(abs(within - total))
            )
        )
    if closing is not None:
        if until == closing:
            parts.append(_("All of them until {last} make the closing balance {closing}").format(last=day(last), closing=amount(closing)))
        else:
            parts.append(
                _(
                    "All of them until {last} come to {until}, and the closing balance is {closing}: {gap} was there before the first of them, or is missing"
                ).format(last=day(last), until=amount(until), closing=amount(closing), gap=amount(closing - until))
            )
    return joined(". ", parts)
