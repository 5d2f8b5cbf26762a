"""How a company's bank lines are matched and categorised, taken over from a file and compared with it. Each row goes through its DocType's own checks; one that names what is not here is left out
whole, since a rule without its bank account or its payee would catch other lines than it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from ..banking.payees import same
from ..mapping_screen import saving
from ..reconciling.kept_rules import look_again
from ..reconciling.rows import MEMORY, RULE, SETTING
from . import bank_rows
from .bank_rows import CHOICES, Kept
from .file import BANK_MEMORY, BANK_RULES, BANK_SETTING, Row
from .mapped import Books
from .rule_values import Origin

# The groups of their lines in a comparison, by section of the file.
SECTIONS = {BANK_SETTING: SETTING, BANK_RULES: RULE, BANK_MEMORY: MEMORY}
STEP = 10


@dataclass(frozen=True)
class Differing:
    """One difference: the section, what it is about, and how it is here and in the file (None: it is not there at all). `why_not`: why the file's cannot be so here."""

    section: str
    what: str
    here: str | None
    there: str | None
    why_not: str = ""


def differences(books: Books, origin: Origin, found: dict[str, list[Row]]) -> list[Differing]:
    """What differs, by sections of the file; of a section that is not in the file nothing is said."""
    differing: list[Differing] = []
    for section, doctype in SECTIONS.items():
        there = bank_rows.taken(books, origin, doctype, found[section])
        known = {each.key: each for each in bank_rows.stored(doctype, books.company)}
        for each in there:
            now = known.pop(each.key, None)
            if doctype == SETTING:
                differing += _of_choices(section, now, each)
            elif each.why_not or now is None or now.values != each.values:
                differing.append(Differing(section, each.called, now.said() if now else None, each.said(), each.why_not))
        if there:
            differing += [Differing(section, each.called, each.said(), None) for each in known.values()]
    return differing + _order(books, origin, found[BANK_RULES])


def _of_choices(section: str, now: Kept | None, there: Kept) -> list[Differing]:
    """Choice by choice."""
    differing = []
    for field in CHOICES:
        value, known = there.values[field], now.values[field] if now else ""
        if (now is None and value not in ("", 0)) or (now is not None and value != known):
            told, said = (bank_rows.in_words(SETTING, field, each) if each != "" else "" for each in (known, value))
            label = bank_rows.label(SETTING, field)
            differing.append(Differing(section, label, told if now else None, said, there.missing.get(field, "")))
    return differing


def _order(books: Books, origin: Origin, found: list[Row]) -> list[Differing]:
    here = {each.key: each.called for each in bank_rows.stored(RULE, books.company)}
    there = [each for each in bank_rows.taken(books, origin, RULE, found) if each.key in here]
    mine = [key for key in here if key in {each.key for each in there}]
    if mine == [each.key for each in there]:
        return []
    said = (", ".join(here[key] for key in keys) for keys in (mine, [each.key for each in there]))
    return [Differing(BANK_RULES, str(_("Order of the rules")), *said)]


def take(books: Books, origin: Origin, found: dict[str, list[Row]], left_out: list[tuple[str, str, str]]) -> int:
    """Save what differs; how many rows that was. `left_out` gets section, what and why."""
    saved = 0
    for section, doctype in SECTIONS.items():
        known = {each.key: each for each in bank_rows.stored(doctype, books.company)}
        for each in bank_rows.taken(books, origin, doctype, found[section]):
            now = known.get(each.key)
            if doctype == SETTING:
                # A choice that cannot be so here leaves the others alone.
                left_out += [(section, bank_rows.label(SETTING, field), why) for field, why in each.missing.items()]
                stays = {field: now.values[field] if now else "" for field in each.missing}
                each = Kept(SETTING, {**each.values, **stays})
            if now is not None and now.values == each.values:
                continue
            why_not = each.why_not or _refused(books.company, now, each)
            saved += not why_not
            if why_not and now is not None:
                why_not = str(_("{0}. What is here stays as it is")).format(why_not)
            if why_not:
                left_out.append((section, each.called, why_not))
    if found[BANK_RULES]:
        _put_in_order(books, origin, found[BANK_RULES])
    return saved


def _refused(company: str, now: Kept | None, wanted: Kept) -> str:
    """Save it; why that was refused, and nothing is kept of it then."""
    frappe.db.savepoint(saving.ROW)
    try:
        doc: Any = _doc(company, now, wanted)
        doc.update({field: value if value != "" else None for field, value in wanted.values.items()})
        doc.save()
    except frappe.ValidationError as refusal:
        frappe.db.rollback(save_point=saving.ROW)
        frappe.clear_messages()
        return saving.plain_words(str(refusal)) or type(refusal).__name__
    return ""


def _doc(company: str, now: Kept | None, wanted: Kept) -> Any:
    if now is not None:
        return frappe.get_doc(now.doctype, now.name)
    # What was only counted of the payee is what a person says now.
    counted = _counted(company, wanted) if wanted.doctype == MEMORY else ""
    return frappe.get_doc(MEMORY, counted) if counted else frappe.get_doc({"doctype": wanted.doctype, "company": company})


def _counted(company: str, wanted: Kept) -> str:
    """The row of the same payee and coding that nobody has said anything of; ""."""
    filters = {"company": company, **{field: wanted.values[field] or ("in", ("", None)) for field in ("direction", *bank_rows.CODING)}}
    for row in frappe.get_all(MEMORY, filters=filters, fields=["name", "payee"]):
        if same(str(row["payee"])) == wanted.key[0]:
            return str(row["name"])
    return ""


def _put_in_order(books: Books, origin: Origin, found: list[Row]) -> None:
    """The rules in the file's order; one that is only here stays behind the one that it follows here."""
    place = {each.key: at for at, each in enumerate(bank_rows.taken(books, origin, RULE, found))}
    here = bank_rows.stored(RULE, books.company)
    order = sorted((each for each in here if each.key in place), key=lambda each: place[each.key])
    before: Kept | None = None
    for each in here:
        if each.key not in place:
            order.insert(order.index(before) + 1 if before in order else 0, each)
        before = each
    if order == here:
        return
    for at, each in enumerate(order, start=1):
        frappe.db.set_value(RULE, each.name, "place", at * STEP)
    look_again(books.company)
