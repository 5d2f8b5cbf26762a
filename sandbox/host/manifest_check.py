"""Finds uses of `frappe` in source that sandbox/host/manifest.json does not list. Reads source only; imports nothing.

Sees `frappe.x.y`, names imported from frappe under any alias, keywords of their calls, and calls chained on `get_doc`,
`new_doc` and `get_meta`. It cannot see methods called on a document held in a variable: those the stand-in itself
refuses when the tests run. What stands under `if TYPE_CHECKING:` is for type checkers and never runs: it is left out.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).with_name("manifest.json")
# Whoever uses them has to name them.
_NAMED = re.compile(r"\b(frappe|erpnext)\b")
_RETURNS_DOCUMENT = ("frappe.get_doc()", "frappe.new_doc()")


def violations(source: str, where: str = "source", manifest: dict[str, Any] | None = None) -> list[str]:
    """One line per use that the manifest does not list, each starting with `where:line`."""
    if not _NAMED.search(source):
        return []
    manifest = manifest or json.loads(MANIFEST.read_text("utf-8"))
    tree = ast.parse(source)
    if "TYPE_CHECKING" in source:
        tree = _WithoutTypes().visit(tree)
    aliases = _aliases(tree)
    found = []
    for node, symbol in _uses(tree, aliases):
        line = f"{where}:{node.lineno}"
        known = _listed(symbol, manifest)
        if not known:
            found.append(f"{line}: {symbol} is not in the manifest")
        elif isinstance(node, ast.Call) and known in manifest["functions"]:
            found += [f"{line}: {problem}" for problem in _call_problems(node, known, manifest)]
    return found


class _WithoutTypes(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        return node.orelse if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node


def violations_in(folder: Path) -> list[str]:
    """`violations` of every Python file under a folder."""
    return [
        each for path in sorted(folder.rglob("*.py")) for each in violations(path.read_text("utf-8"), str(path.relative_to(folder.parent)))
    ]


def _aliases(tree: ast.AST) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.name.split(".")[0] in ("frappe", "erpnext"):
                    aliases[each.asname or each.name.split(".")[0]] = each.name if each.asname else each.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("frappe", "erpnext"):
            for each in node.names:
                aliases[each.asname or each.name] = f"{node.module}.{each.name}"
    return aliases


def _uses(tree: ast.AST, aliases: dict[str, str]) -> Iterator[tuple[Any, str]]:
    """Every maximal chain that starts at frappe, with the Call node where it is called."""
    inner: set[int] = set()
    for node in ast.walk(tree):  # parents come before their children
        if id(node) in inner:
            continue
        if isinstance(node, ast.Import):
            for each in node.names:
                if each.name.split(".")[0] in ("frappe", "erpnext") and "." in each.name:
                    yield node, each.name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("frappe", "erpnext"):
            for each in node.names:
                yield node, f"{node.module}.{each.name}"
        elif isinstance(node, ast.Call) and (symbol := _dotted(node.func, aliases)):
            _mark(node.func, inner)
            yield node, symbol
        elif isinstance(node, (ast.Attribute, ast.Name)) and (symbol := _dotted(node, aliases)):
            _mark(node, inner)
            if symbol not in ("frappe", "erpnext"):
                yield node, symbol


def _mark(node: ast.AST, inner: set[int]) -> None:
    inner.add(id(node))
    while isinstance(node, ast.Attribute):
        node = node.value
        inner.add(id(node))


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return aliases.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, aliases)
        return f"{owner}.{node.attr}" if owner else None
    if isinstance(node, ast.Call):
        called = _dotted(node.func, aliases)
        if called and f"{called}()" in _RETURNS_DOCUMENT:
            return "frappe.model.document.Document"
        return f"{called}()" if called in ("frappe.get_meta", "frappe.logger") else None
    return None


def _listed(symbol: str, manifest: dict[str, Any]) -> str | None:
    """The manifest's entry that covers a symbol: itself, or a listed value that it is part of."""
    if symbol in manifest["functions"] or symbol in manifest["names"]:
        return symbol
    parts = symbol.split(".")
    for end in range(len(parts) - 1, 1, -1):
        prefix = ".".join(parts[:end])
        if prefix in manifest["open_values"]:
            return prefix
    return None


def _call_problems(call: ast.Call, symbol: str, manifest: dict[str, Any]) -> Iterator[str]:
    listed = manifest["functions"][symbol]
    named = [name for name in listed if name not in ("*", "**")]
    if "*" not in listed and len(call.args) > len(named) and not any(isinstance(a, ast.Starred) for a in call.args):
        yield f"{symbol} takes at most {len(named)} arguments, {len(call.args)} given"
    for keyword in call.keywords:
        if keyword.arg is None:
            if "**" not in listed:
                yield f"{symbol}(**...) hides its keywords"
        elif keyword.arg in manifest["refused_keywords"].get(symbol, []):
            yield f"{symbol}({keyword.arg}=) is refused by the manifest"
        elif keyword.arg not in named and "**" not in listed:
            yield f"{symbol}({keyword.arg}=) is not in the manifest"
