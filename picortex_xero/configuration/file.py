"""The form of the file: JSON that a person can read, one row a line, always in the same order, so that two of them can be compared by eye or by any
program that compares texts. It is written and read line by line, however many rows it has.

A file is a head (what it is, and the version of this form), sections of rows, and a checksum over every byte before it: a file that was cut, damaged or
edited is told before anything is changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import frappe
from frappe import _

from ..engine.screen_texts import html

FORMAT = "PiCortex connector for Xero: configuration"
# Form 2 holds sync settings and rules, too, what becomes of cash without a document, and how bank lines are matched and categorised.
VERSION = 2
Row = dict[str, Any]
# In this order. Without ties a file ends with BANK_MEMORY.
ABOUT, SETTINGS, PEOPLE, MAPPINGS = "about", "settings", "people", "mappings"
SYNC_SETTINGS, RULES, RULE_CONDITIONS, CASH_CHOICES = "sync_settings", "rules", "rule_conditions", "cash_choices"
BANK_SETTING, BANK_RULES, BANK_MEMORY = "bank_setting", "bank_rules", "bank_memory"
SECTIONS = (
    ABOUT, SETTINGS, PEOPLE, MAPPINGS, SYNC_SETTINGS, RULES, RULE_CONDITIONS, CASH_CHOICES, BANK_SETTING, BANK_RULES, BANK_MEMORY,
    "connections", "cash_summaries", "cash_counted", "links", "imports", "steps", "causes", "requests", "records", "question_runs", "answers", "renames",
)  # fmt: skip
# A row is a few hundred bytes; of a record with thousands of lines, some hundred thousand.
LONGEST_LINE = 4_000_000
OPENS = re.compile(rb'"([a-z_]+)": \[\n?')
CHECKSUM = re.compile(rb'"checksum": "([0-9a-f]{64})"\n?')
_VERSION = re.compile(rb'"version": ([0-9]{1,9}),\n?')


def written(sections: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[bytes]:
    """The file, line by line."""
    summed = hashlib.sha256()
    for line in _content(sections):
        encoded = line.encode()
        summed.update(encoded)
        yield encoded
    yield f'"checksum": "{summed.hexdigest()}"\n}}\n'.encode()


def _content(sections: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[str]:
    yield f'{{\n"format": {json.dumps(FORMAT)},\n"version": {VERSION},\n'
    for name, rows in sections:
        yield f'"{name}": [\n'
        before = ""
        for row in rows:
            if before:
                yield f"{before},\n"
            before = json.dumps(row, ensure_ascii=False, default=str)
        yield f"{before}\n],\n" if before else "],\n"


def read(lines: Iterable[bytes]) -> Iterator[tuple[str, Row]]:
    """Each row with its section, in the order of the file. Throws where it is none of these files, of a newer release, cut, or not as it was exported:
    that it is whole is known only at the end, so nothing may be kept before."""
    summed, section, line_before = hashlib.sha256(), "", -1
    source = iter(lines)
    _head(source, summed)
    for line in source:
        if (found := CHECKSUM.fullmatch(line)) and not section:
            _end(source, found[1].decode(), summed.hexdigest())
            return
        summed.update(line)
        if section:
            if line.rstrip(b"\n") == b"],":
                section = ""
            else:
                yield section, _row(line)
        elif found := OPENS.fullmatch(line):
            section = found[1].decode()
            at = SECTIONS.index(section) if section in SECTIONS else -1
            if at <= line_before:
                _not_as_exported()
            line_before = at
        else:
            _not_as_exported()
    frappe.throw(_("This file ends too early: a part of it is missing. Export it again, or copy it once more. Nothing was changed"))


def _head(source: Iterator[bytes], summed: Any) -> None:
    """The first three lines."""
    first, second, third = (next(source, b"") for _each in range(3))
    if first != b"{\n" or second != f'"format": {json.dumps(FORMAT)},\n'.encode():
        frappe.throw(_("This is no configuration file of this app, or it was edited. Export Configuration makes one. Nothing was changed"))
    version = _VERSION.fullmatch(third)
    if version is None:
        _not_as_exported()
    elif int(version[1]) > VERSION:
        frappe.throw(
            _(
                "This file was exported by a newer release of this app (form {0}, this one reads {1}): update the app first. Nothing was changed"
            ).format(html(version[1].decode()), html(VERSION))
        )
    for line in (first, second, third):
        summed.update(line)


def _end(source: Iterator[bytes], said: str, found: str) -> None:
    if said != found or next(source, b"") != b"}\n" or next(source, b""):
        _not_as_exported()


def _row(line: bytes) -> Row:
    try:
        row = json.loads(line.rstrip(b"\n").removesuffix(b","))
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        _not_as_exported()
    return dict(row or {})


def _not_as_exported() -> None:
    frappe.throw(
        _(
            "This file is not as it was exported: it was edited, or damaged on the way. Use the file as Export Configuration has made it. Nothing was changed"
        )
    )
