"""A rule about the tests themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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
