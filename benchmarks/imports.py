"""Import floors and arrows of the app, read from its source.

An **arrow** is a pair of modules of which one imports the other, wherever in the file it does so, but not under `if TYPE_CHECKING`. A
**floor** is a step of the longest chain of modules that import one another; modules that import each other in a circle share one floor.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TESTS = "tests"
Arrows = dict[str, set[str]]


@dataclass(frozen=True)
class Shape:
    """`modules` counts every module, those that import nothing included."""

    modules: int
    floors: int
    arrows: int
    circles: int


def graph(app: Path) -> Arrows:
    """Module -> modules of the app that it imports, as dotted names below the app ("" is the app's own __init__)."""
    places = {name_of(path, app): path for path in sorted(app.rglob("*.py")) if path.relative_to(app).parts[0] != TESTS}
    return {name: {each for each in _imported(path, app, places) if each != name} for name, path in places.items()}


def name_of(path: Path, app: Path) -> str:
    """ "engine.outbox" of picortex_xero/engine/outbox.py."""
    parts = path.relative_to(app).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, app: Path, known: dict[str, Path]) -> Iterator[str]:
    home = [app.name, *path.relative_to(app).parts[:-1]]
    for node in _statements_of(path.read_text("utf-8")):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        else:
            base = home[: len(home) - node.level + 1] if node.level else []
            names = [(".".join([*base, *([node.module] if node.module else [])]), alias.name) for alias in node.names]
        for stem, name in names:
            inside = f"{stem}.".removeprefix(f"{app.name}.").removesuffix(".") if f"{stem}.".startswith(f"{app.name}.") else None
            if inside is not None:
                whole = f"{inside}.{name}".strip(".")
                yield whole if whole in known else inside


@lru_cache(maxsize=4096)
def _statements_of(source: str) -> list[ast.Import | ast.ImportFrom]:
    return list(_statements(ast.parse(source)))


def _statements(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        yield from _statements(node)


def shape(arrows: Arrows) -> Shape:
    """Floors, arrows and circles of a graph."""
    circles = _circles(arrows)
    home = {name: number for number, circle in enumerate(circles) for name in circle}
    floors: dict[int, int] = {}
    for number, circle in enumerate(circles):  # what is imported comes before what imports it
        beneath = {home[each] for name in circle for each in arrows[name]} - {number}
        floors[number] = 1 + max((floors[each] for each in beneath), default=0)
    several = sum(len(circle) > 1 for circle in circles)
    return Shape(len(arrows), max(floors.values(), default=0), sum(map(len, arrows.values())), several)


def within(arrows: Arrows, package: str) -> Arrows:
    """The part of a graph inside one top-level package."""
    names = {name for name in arrows if top(name) == package}
    return {name: arrows[name] & names for name in names}


def packages(arrows: Arrows) -> Arrows:
    """The graph of the top-level packages (and modules): package -> packages that it imports from."""
    found: Arrows = {top(name): set() for name in arrows}
    for name, imported in arrows.items():
        found[top(name)] |= {top(each) for each in imported} - {top(name)}
    return found


def top(name: str) -> str:
    """The top-level package of a module."""
    return name.partition(".")[0]


def _circles(arrows: Arrows) -> list[list[str]]:
    """Strongly connected parts (Tarjan), each after those it leads to."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for each in sorted(arrows[name]):
            if each not in index:
                visit(each)
                low[name] = min(low[name], low[each])
            elif each in stack:
                low[name] = min(low[name], index[each])
        if low[name] == index[name]:
            at = stack.index(name)
            found.append(stack[at:])
            del stack[at:]

    for name in sorted(arrows):
        if name not in index:
            visit(name)
    return found
