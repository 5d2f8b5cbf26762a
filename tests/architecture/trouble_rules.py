"""Rules: which exceptions no handler may swallow, and that times come from the database, not from the machine."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import calls, dotted, modules

# Exceptions that say nothing about the document at hand: where any exception is caught, these are let through first or caught by name.
PASSES = {"let_pass", "lost_race", "out_of_time"}
ANY = {"Exception", "BaseException", "None"}
# Handlers of others' failings outside any job, each with its reason.
ELSEWHERE = {
    "api/arguments.py": "a request has no time limit of the queue's, and Frappe answers a lost race itself",
    "xero/client.py": "what it catches it raises again, without the frames beneath",
}
OWN_CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
              "datetime.datetime.utcnow", "datetime.date.today"}  # fmt: skip


def trouble_passes(app: Path) -> list[str]:
    """Where any exception is caught, the queue's time limit and a lost race go on to whoever runs the job."""
    found = []
    for module in modules(app):
        for node in module.nodes:
            if not isinstance(node, ast.ExceptHandler) or module.place in ELSEWHERE:
                continue
            caught = (
                [dotted(each) for each in (node.type.elts if isinstance(node.type, ast.Tuple) else [node.type])] if node.type else ["None"]
            )
            if not ANY & set(caught):
                continue
            asked = {dotted(call.func).split(".")[-1] for call in ast.walk(node) if isinstance(call, ast.Call)}
            if not PASSES & asked:
                found.append(f"{module.place}:{node.lineno}: swallows the queue's time limit and lost races")
    return found


def time_is_the_databases(app: Path) -> list[str]:
    """No machine's own time of day is asked: what is compared across machines is the database's time (engine/clock.py)."""
    return [
        f"{module.place}:{call.lineno}: {name}() is this machine's own time"
        for module in modules(app)
        for call, name in calls(module)
        if name in OWN_CLOCKS
    ]
