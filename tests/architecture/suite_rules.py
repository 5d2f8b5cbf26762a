"""Rules about the tests themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.source import nodes_of

TEST_MODULE = re.compile(r"(^|\.)(test_\w+|conftest)(\.|$)")


def nothing_imports_a_test(tests: Path) -> list[str]:
    """What tests share is in `tests/scene` (or a module of their folder): nobody imports a test module or a conftest, in functions neither."""
    return [
        f"{path.relative_to(tests.parent)}:{line}: imports {name}"
        for path in sorted(tests.rglob("*.py"))
        for line, name in _imports(path, tests)
        if TEST_MODULE.search(name)
    ]


def _imports(path: Path, tests: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of what a file imports of the tests."""
    home = [tests.name, *path.relative_to(tests).parts[:-1]]
    for node in nodes_of(path.read_text("utf-8")):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names if each.name.startswith(f"{tests.name}."))
        elif isinstance(node, ast.ImportFrom):
            above = home[: len(home) - node.level + 1] if node.level else []
            stem = [*above, *(node.module.split(".") if node.module else [])]
            if stem[0] == tests.name:
                modules = [".".join([*stem, each.name]) for each in node.names if _is_module(tests, [*stem[1:], each.name])]
                yield from ((node.lineno, name) for name in modules or [".".join(stem)])


def _is_module(tests: Path, parts: list[str]) -> bool:
    return tests.joinpath(*parts).with_suffix(".py").exists() or tests.joinpath(*parts).is_dir()


def names_that_are_gone(folder: Path, app: Path) -> list[str]:
    """What files of `folder` take from the app's modules (`from picortex_xero.x import y`, or `y` of an imported module `x`) and no longer
    find there. Tests that run for hours, or on a bench only, would be the last to say so."""
    return [
        f"{path.relative_to(folder.parent)}:{line}: {module} has no {name}"
        for path in sorted(folder.rglob("*.py"))
        for line, module, name in sorted(set(_taken(path, app)))
        if not _has(app, module, name)
    ]


def _taken(path: Path, app: Path) -> Iterator[tuple[int, str, str]]:
    """(line, dotted module of the app, name) of what a file uses of the app's modules."""
    text = path.read_text("utf-8")
    if f"from {app.name}" not in text:
        return
    nodes = nodes_of(text)
    modules: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == app.name:
            for each in node.names:
                yield node.lineno, str(node.module), each.name
                if _file(app, f"{node.module}.{each.name}"):
                    modules.setdefault(each.asname or each.name, set()).add(f"{node.module}.{each.name}")
    # A name that means something else as well somewhere in the file tells nothing.
    plain = modules.keys() - {name for node in nodes for name in _bound(node)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in plain:
            known = modules[node.value.id]
            if len(known) == 1:
                yield node.lineno, next(iter(known)), node.attr


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def _file(app: Path, module: str) -> Path | None:
    stem = app.parent.joinpath(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.exists()), None)


def _has(app: Path, module: str, name: str) -> bool:
    path = _file(app, module)
    if path is None:
        return False
    known = _names(path)
    return name in known or name.startswith("__") or bool(_file(app, f"{module}.{name}")) or "*" in known


@cache
def _names(path: Path) -> frozenset[str]:
    return frozenset(each for node in ast.parse(path.read_text("utf-8")).body for each in _defined(node))


def _defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module brings; in branches as well."""
    for each in ast.walk(node) if isinstance(node, (ast.If, ast.Try, ast.With, ast.For)) else [node]:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield each.name
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.split(".")[0] for alias in each.names)
        elif isinstance(each, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (target.id for whole in targets for target in ast.walk(whole) if isinstance(target, ast.Name))
