"""A contract of the import linter: no module of a package imports itself in a circle, inside functions included.

The linter's own `acyclic_siblings` asks more: that no two folders know each other. The app's engine, connection, attention and extras do,
without a circle of modules; the stand-ins are held to the stricter one.
"""

from __future__ import annotations

import grimp
from importlinter import Contract, ContractCheck, fields, output


class NoCircles(Contract):
    """`root`: the package that is looked at."""

    type_name = "no_circles"
    root = fields.StringField()

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Broken where a group of modules can be reached from each other."""
        found = circles(graph, str(self.root))
        return ContractCheck(kept=not found, metadata={"circles": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One circle a line."""
        for circle in check.metadata["circles"]:
            output.print_error(" -> ".join(circle))


def circles(graph: grimp.ImportGraph, root: str) -> list[list[str]]:
    """One shortest circle through the first module of every knot, each module in one of them at most."""
    found: list[list[str]] = []
    done: set[str] = set()
    for module in sorted(graph.find_descendants(root) | {root}):
        if module in done:
            continue
        circle = _through(graph, module, root)
        if circle:
            found.append(circle)
            done |= set(circle)
    return found


def _through(graph: grimp.ImportGraph, module: str, root: str) -> list[str]:
    """The shortest way from a module back to itself."""
    ways = [[module]]
    seen: set[str] = set()
    for way in ways:
        for target in sorted(graph.find_modules_directly_imported_by(way[-1])):
            if target == module:
                return [*way, module]
            if target not in seen and (target == root or target.startswith(f"{root}.")):
                seen.add(target)
                ways.append([*way, target])
    return []
