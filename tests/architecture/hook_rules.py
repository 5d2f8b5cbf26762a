"""Rules about hooks.py: every dotted path leads to a function, every file named exists, and only to where hooks may point."""

from __future__ import annotations

import ast
import re
from pathlib import Path

MAY_POINT_AT = ("overrides.", "engine.jobs.", "setup.", "api.bank_tool.")


def _strings(app: Path) -> list[str]:
    tree = ast.parse((app / "hooks.py").read_text("utf-8"))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def paths_resolve(app: Path) -> list[str]:
    """Every "picortex_xero.a.b.function" in hooks names a function of that module."""
    found = []
    for text in _strings(app):
        if not re.fullmatch(rf"{app.name}(\.\w+)+", text):
            continue
        *folders, module, function = text.split(".")[1:]
        path = app.joinpath(*folders, f"{module}.py")
        if not path.exists():
            found.append(f"{text}: no file {path.relative_to(app)}")
        elif function not in {n.name for n in ast.parse(path.read_text("utf-8")).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}:
            found.append(f"{text}: {module}.py has no {function}")
    return found


def patches_run(app: Path) -> list[str]:
    """Every line of patches.txt names a module with `execute`, and every patch there is stands in patches.txt: Frappe runs no other."""
    lines = (app / "patches.txt").read_text("utf-8").split() if (app / "patches.txt").exists() else []
    listed = [line for line in lines if not line.startswith("[")]
    there = {f"{app.name}.{'.'.join(path.relative_to(app).with_suffix('').parts)}": path for path in app.glob("patches/v*/*.py")}
    there = {name: path for name, path in there.items() if path.name != "__init__.py"}
    found = [f"patches.txt: {name} has no file below patches/v*/" for name in listed if name not in there]
    found += [f"{path.relative_to(app)}: not in patches.txt" for name, path in there.items() if name not in listed]
    for path in there.values():
        if "execute" not in {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}:
            found.append(f"{path.relative_to(app)}: no execute()")
    return found


def points_where_hooks_may(app: Path) -> list[str]:
    """Hooks point at overrides/, engine/jobs and setup/ only."""
    named = [text.removeprefix(f"{app.name}.") for text in _strings(app) if re.fullmatch(rf"{app.name}(\.\w+)+", text)]
    return [f"{text}: hooks point only at {', '.join(MAY_POINT_AT)}" for text in named if not text.startswith(MAY_POINT_AT)]


def files_exist(app: Path) -> list[str]:
    """Every file under public/ that hooks name is there."""
    return [f"{text} is not there" for text in _strings(app) if text.startswith("public/") and not (app / text).exists()]


def no_code(app: Path) -> list[str]:
    """hooks.py holds assignments of literals, nothing that runs."""
    tree = ast.parse((app / "hooks.py").read_text("utf-8"))
    running = (ast.Call, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.If, ast.For)
    return [f"hooks.py:{node.lineno}: {type(node).__name__}" for node in ast.walk(tree) if isinstance(node, running)]
