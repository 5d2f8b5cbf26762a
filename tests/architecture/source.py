"""Reading the app's source: modules, their imports as dotted names, and constants. Nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "picortex_xero"
# The bench suite drives Frappe itself and is no part of what runs in production.
TESTS = "tests"


@lru_cache(maxsize=4096)
def parsed(text: str) -> ast.Module:
    """The tree of a source. One for each text, however many rules and planted copies ask: nobody may change it."""
    return ast.parse(text)


@lru_cache(maxsize=4096)
def nodes_of(text: str) -> list[ast.AST]:
    """All nodes of a source."""
    return list(ast.walk(parsed(text)))


@dataclass(frozen=True)
class Module:
    """One source file; `name` is dotted below the app ("engine.outbox"), "" for the package itself."""

    path: Path
    app: Path

    @property
    def place(self) -> str:
        """Path below the app, for messages and for naming files in rules."""
        return self.path.relative_to(self.app).as_posix()

    @property
    def name(self) -> str:
        parts = list(self.path.relative_to(self.app).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The top folder ("documents", "engine" ...), or the file's own name at the top."""
        return self.name.split(".")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.text.encode().split(b"\n")

    def segment(self, node: ast.expr) -> str:
        """A node's source. `ast.get_source_segment` takes the whole file apart for each."""
        if node.lineno != node.end_lineno:
            return ast.get_source_segment(self.text, node) or ""
        return self._lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()

    @cached_property
    def tree(self) -> ast.Module:
        return parsed(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return nodes_of(self.text)

    def imports(self) -> Iterator[tuple[int, str]]:
        """(line, dotted name) of everything imported, also inside functions; the app's own modules start with its package name."""
        home = [self.app.name, *self.path.relative_to(self.app).parts[:-1]]
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = home[: len(home) - node.level + 1] if node.level else []
                stem = ".".join([*base, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)

    @cached_property
    def constants(self) -> dict[str, Any]:
        """Module-level names with literal values, texts split into lists where the source does so."""
        found: dict[str, Any] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                value = literal(node.value, found)
                if value is not None:
                    found[node.targets[0].id] = value
        return found


def modules(app: Path = APP, *folders: str) -> list[Module]:
    """All modules of the app (of these folders, if named), the bench suite aside."""
    found = [Module(path, app) for path in sorted(app.rglob("*.py"))]
    return [module for module in found if module.package != TESTS and (not folders or module.package in folders)]


def dotted(node: ast.AST) -> str:
    """ "frappe.db.commit" for that attribute chain; "" where it does not start at a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else f"?.{node.attr}"
    return "?" if isinstance(node, ast.Call) else ""


def called(call: ast.Call) -> str:
    """The last part of what is called, "commit" of `frappe.db.commit()`; "" where it has no name. `ast.unparse` takes a hundred times as long."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def literal(node: ast.AST, names: dict[str, Any]) -> Any:
    """The value of a literal, of a known name or of an f-string of known names; None for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(literal(part, names) if isinstance(part, ast.Constant) else _hole(part, names)) for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split" and not node.args:
        text = literal(node.func.value, names)
        return text.split() if isinstance(text, str) else None
    if isinstance(node, (ast.List, ast.Tuple)):
        values = [literal(each, names) for each in node.elts]
        return None if None in values else values
    return node.value if isinstance(node, ast.Constant) else None


def _hole(part: ast.AST, names: dict[str, Any]) -> str:
    value = literal(part.value, names) if isinstance(part, ast.FormattedValue) else None
    return "{}" if value is None else str(value)
