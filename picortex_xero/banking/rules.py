"""A company's own rules for lines that no voucher explains: the first, in their order, whose conditions all hold says as what the line is entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ..accounting.texts import Text, _, amount
from .values import Coding, Line


@dataclass(frozen=True, slots=True)
class Rule:
    """`comes_in`: money in only (True), money out only (False), or both (None). `texts`: one of them stands in the text, the reference or the payee's name; `payees`: one of them in the name that the
    bank gives, or in the text where it gives none. `least`, `most`: the amount without its sign. What is empty is no condition."""

    name: str
    title: str
    coding: Coding
    bank_account: str = ""
    comes_in: bool | None = None
    texts: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None


def first(rules: Iterable[Rule], line: Line) -> tuple[Rule, tuple[Text, ...]] | None:
    """The first rule that holds of the line, and why it does; None where none holds."""
    for rule in rules:
        if (why := holds(rule, line)) is not None:
            return rule, why
    return None


def holds(rule: Rule, line: Line) -> tuple[Text, ...] | None:
    """Why a rule holds of a line; None where it does not."""
    if rule.bank_account and rule.bank_account != line.bank_account:
        return None
    if rule.comes_in is not None and rule.comes_in != (line.amount > 0):
        return None
    size = abs(line.amount)
    if (rule.least is not None and size < rule.least) or (rule.most is not None and size > rule.most):
        return None
    why = [_("Your rule {title}").format(title=rule.title)]
    for wanted, where in (
        (rule.texts, (line.description, line.reference, line.party_name)),
        (rule.payees, (line.party_name or line.description,)),
    ):
        if wanted:
            shown = _stands(wanted, where)
            if not shown:
                return None
            why.append(_("The line has “{text}” in it").format(text=shown))
    if rule.least is not None or rule.most is not None:
        why.append(_between(rule.least, rule.most))
    return tuple(why)


def _stands(wanted: Iterable[str], where: Iterable[str]) -> str:
    """The first wanted text that stands in one of these, whatever the letters' size and the blanks; "" where none does."""
    texts = [folded(each) for each in where]
    return next((each for each in wanted if any(folded(each) in text for text in texts)), "")


@lru_cache(65_536)
def folded(text: str) -> str:
    """A text without the difference of small and capital letters and of blanks."""
    return " ".join(text.casefold().split())


def _between(least: Decimal | None, most: Decimal | None) -> Text:
    if least is None:
        return _("The amount is at most {most}").format(most=amount(most))
    if most is None:
        return _("The amount is {least} at least").format(least=amount(least))
    return _("The amount is between {least} and {most}").format(least=amount(least), most=amount(most))
