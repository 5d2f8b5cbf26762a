"""One condition of a rule: a field, an operator and a value, compared by type. Nothing here fails: what cannot be compared does not hold, and a
condition that names what is not there (any more) is `broken`, which its rule tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from ...accounting.money import decimal
from ...accounting.texts import NONE, Text, _
from .fields import AMOUNT, CHECK, DATE, NUMBER, TEXT, Doc, Groups, values

EQUALS, DIFFERS, IN, NOT_IN, CONTAINS = "=", "!=", "in", "not in", "contains"
IS_SET, IS_NOT_SET, UNDER = "is set", "is not set", "is or is below"
ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}
# The opposite of each: it holds where the other does not, so that of several lines none may have the value.
OPPOSITE = {DIFFERS: EQUALS, NOT_IN: IN, IS_NOT_SET: IS_SET}
WITHOUT_VALUE = (IS_SET, IS_NOT_SET)
# By type of the field.
OPERATORS = {
    NUMBER: (EQUALS, DIFFERS, *ORDERED, IN, NOT_IN, IS_SET, IS_NOT_SET),
    DATE: (EQUALS, DIFFERS, *ORDERED, IS_SET, IS_NOT_SET),
    CHECK: (EQUALS,),
    TEXT: (EQUALS, DIFFERS, IN, NOT_IN, CONTAINS, IS_SET, IS_NOT_SET),
}
EVERY = (*OPERATORS[NUMBER], CONTAINS, UNDER)
YES, NO = ("1", "yes", "true"), ("0", "no", "false", "")


@dataclass(frozen=True)
class Condition:
    """`type` is the field's (fields.py); `value` as it was typed, for "in" and "not in" one value a line. `below`: what the named group, territory
    ... contains, itself too. `broken`: what is wrong with the condition, "" where nothing is."""

    field: str
    operator: str
    value: str = ""
    type: str = TEXT
    below: frozenset[str] = frozenset()
    broken: Text = NONE

    def holds(self, doc: Doc, groups: Groups) -> bool | None:
        """Whether it holds of a document; None where it is broken, so that nobody knows."""
        if self.broken:
            return None
        if self.operator in OPPOSITE:
            return not self._any(OPPOSITE[self.operator], values(self.field, doc, groups))
        return self._any(self.operator, values(self.field, doc, groups))

    def _any(self, operator: str, found: list[Any]) -> bool:
        if self.type == CHECK:
            return (any(as_check(each) for each in found)) == bool(as_check(self.value))
        if self.type == NUMBER and not found and operator != IS_SET:
            # To ERPNext an amount that nobody has entered is zero.
            found = [0]
        if operator == IS_SET:
            return any(number != 0 for each in found if (number := as_number(each)) is not None) if self.type == NUMBER else bool(found)
        if operator == UNDER:
            return any(str(each) in self.below for each in found)
        return any(self._compared(operator, each) for each in found)

    def _compared(self, operator: str, own: Any) -> bool:
        if operator == CONTAINS:
            return folded(self.value) in folded(own)
        read = READ[self.type]
        mine = abs(own) if (own := read(own)) is not None and self.field == AMOUNT else own
        wanted = [read(each) for each in listed(self.value)] if operator == IN else [read(self.value)]
        if mine is None or None in wanted:
            return False
        if operator in ORDERED:
            return ORDERED[operator](mine, wanted[0])
        return mine in wanted


def listed(value: str) -> list[str]:
    """The values of "in" and "not in", one a line."""
    return [each.strip() for each in value.splitlines() if each.strip()]


def folded(value: Any) -> str:
    """A text as it is compared: names that differ in case or spaces around them alone are one."""
    return str(value).strip().casefold()


def as_number(value: Any) -> Decimal | None:
    """A number; None for what is none."""
    try:
        return decimal(value)
    except (ValueError, ArithmeticError):
        return None


def as_date(value: Any) -> date | None:
    """The day of a date or of a moment; None for what is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def as_check(value: Any) -> bool | None:
    """A tick; None for what is none."""
    text = folded("" if value is None else value)
    return True if text in YES else False if text in NO else None


READ: Mapping[str, Callable[[Any], Any]] = {NUMBER: as_number, DATE: as_date, TEXT: folded, CHECK: as_check}


def objection(field: str, type_: str, operator: str, value: str, tree: bool) -> Text:
    """What is wrong with a condition as it was typed; "" where nothing is. `tree`: the field names something that is kept in a tree."""
    allowed = (*OPERATORS[type_], *((UNDER,) if tree else ()))
    if operator not in allowed:
        return _("{field} cannot be compared by '{operator}'").format(field=field, operator=operator)
    if operator in WITHOUT_VALUE:
        return NONE
    given = listed(value) if operator in (IN, NOT_IN) else [value.strip()]
    if not given or not all(given):
        return _("{field} is compared with nothing: enter a value, or choose 'is set' or 'is not set'").format(field=field)
    if wrong := next((each for each in given if READ[type_](each) is None), None):
        said = {
            NUMBER: _("{field} is a number, and {value} is none"),
            DATE: _("{field} is a date, and {value} is none (2026-12-31 is one)"),
            CHECK: _("{field} is yes or no, and {value} is neither"),
        }
        return said[type_].format(field=field, value=wrong)
    return NONE
