"""Places that a kind of document touches outside of its own files: where the app's code says one of the kind's names.

A **name** is what the host, Xero or the outbox calls the kind. A file **says** it where a text in its code (docstrings, comments and
annotations are none) is the name, or begins with it and goes on with "/", "-" or "?" (a path below the endpoint, a numbered role, a query),
or is a list of words that is split in the code and has it among them. A file is the kind's **own** where a part of its path begins with
one of the kind's `own` words. Each file counts once per kind, however often it says whichever of the names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks.imports import TESTS


@dataclass(frozen=True)
class Kind:
    """A kind with its names. Left out is "credit", the outbox's word for a credit note: a column of ERPNext's ledger has that name, too."""

    title: str
    names: tuple[str, ...]
    own: tuple[str, ...]


KINDS = (
    Kind(
        "credit note",
        ("is_return", "credit-note", "CreditNotes", "CreditNoteID", "void-credit-note", "update-credit-note"),
        ("credit_note", "credits"),
    ),
    Kind(
        "journal entry",
        ("Journal Entry", "journal", "manual-journal", "ManualJournals", "ManualJournalID", "void-journal"),
        ("journal", "manual_journal"),
    ),
    Kind(
        "bank transfer",
        ("Internal Transfer", "bank-transfer", "BankTransfers", "BankTransferID", "delete-transfer"),
        ("transfer", "bank_transfer"),
    ),
)


def said(app: Path, kind: Kind) -> dict[str, dict[str, list[int]]]:
    """Name -> file (relative to the app) -> lines, outside of the kind's own files."""
    found: dict[str, dict[str, list[int]]] = {name: {} for name in kind.names}
    for path in sorted(app.rglob("*.py")):
        parts = path.relative_to(app).with_suffix("").parts
        if parts[0] == TESTS or any(part.startswith(kind.own) for part in parts):
            continue
        for line, text, whole in _texts_of(path.read_text("utf-8")):
            for name in kind.names:
                if says(text, name, whole):
                    found[name].setdefault(path.relative_to(app).as_posix(), []).append(line)
    return found


def files(said_where: dict[str, dict[str, list[int]]]) -> set[str]:
    """All files of any of the names."""
    return {place for places in said_where.values() for place in places}


def says(text: str, name: str, words: bool) -> bool:
    """Whether a text is or begins with the name; `words`: it is a list of words."""
    return text == name or text.startswith((f"{name}/", f"{name}-", f"{name}?")) or (words and name in text.split())


@lru_cache(maxsize=4096)
def _texts_of(source: str) -> list[tuple[int, str, bool]]:
    return list(texts(ast.parse(source)))


def texts(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """(line, text, whether it is split into words) of every text in code."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            if isinstance(node.func.value, ast.Constant) and isinstance(node.func.value.value, str):
                yield node.lineno, node.func.value.value, True
                continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value, False
        yield from texts(_without_annotation(node))


def _without_annotation(node: ast.AST) -> ast.AST:
    for name in ("annotation", "returns"):
        if getattr(node, name, None) is not None:
            setattr(node, name, ast.Constant(None) if name == "annotation" else None)
    return node
