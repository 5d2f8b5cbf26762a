"""What a person reads is a template that translators find: rules about `_` and about where texts go. mypy holds the other half: a problem's message,
what overtakes a step and what the history says are of the type Text, which only `_` makes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import APP, Module, calls, dotted, modules

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Where texts go: which arguments are read by a person, by position and by name.
READ: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "Problem": ((1, 2), ("message", "resolution")),
    "Overtaken": ((0,), ("by",)),
    "overtaken": ((0,), ("by",)),
    "Overtake": ((1,), ("by",)),
    "Say": ((1,), ("message",)),
    "Adopt": ((), ("said",)),
    "supersede": ((1,), ("why",)),
    "tell_once": ((2, 3), ("message", "resolution")),
    "rest": ((2,), ("reason",)),
    "rest_longer": ((2,), ("reason",)),
    "pause": ((1, 2), ("reason", "cure")),
    "paused_because": ((0, 1), ("reason", "cure")),
    "frappe.throw": ((0,), ("msg",)),
    "frappe.msgprint": ((0,), ("msg",)),
    "frappe.ValidationError": ((0,), ()),
    "log.write": ((4,), ("message",)),
    "write_history": ((4,), ("message",)),
}
BY_THE_WHOLE_NAME = ("frappe.throw", "frappe.msgprint", "frappe.ValidationError", "log.write")
# Methods of a str that give one that is no text any more.
LOSES = {"join", "capitalize", "lower", "upper", "title", "strip", "replace", "removesuffix", "removeprefix", "strftime", "format_map"}
# Where `_` is given what somebody else wrote down: a stored template, or a DocType's name for the host to translate.
RENDERS = "engine/screen_texts.py"


def people_read_texts(app: Path) -> list[str]:
    """No f-string, no concatenation and no bare text where a person reads it."""
    found = []
    for module in modules(app):
        for call, name in calls(module):
            last = name.split(".")[-1]
            positions, names = READ.get(name if name in BY_THE_WHOLE_NAME else last, ((), ()))
            given = [call.args[at] for at in positions if at < len(call.args)]
            given += [keyword.value for keyword in call.keywords if keyword.arg in names]
            found += [f"{module.place}:{call.lineno}: {name} is given {what}" for each in given for what in _bare(each, module, call)]
    return found


def _bare(node: ast.AST, module: Module, call: ast.Call) -> Iterator[str]:
    """What of an argument is no text made by `_`."""
    if isinstance(node, (ast.JoinedStr, ast.BinOp)) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield ast.unparse(node)[:60]
    elif isinstance(node, ast.IfExp):
        yield from (*_bare(node.body, module, call), *_bare(node.orelse, module, call))
    elif isinstance(node, ast.BoolOp):
        yield from (each for value in node.values for each in _bare(value, module, call))
    elif isinstance(node, ast.Name):
        yield from (each for value in _assigned(node.id, module, call) for each in _bare(value, module, call))
    elif isinstance(node, ast.Call):
        if dotted(node.func) == "str" or (isinstance(node.func, ast.Attribute) and node.func.attr in LOSES):
            yield ast.unparse(node)[:60]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            yield from _bare(node.func.value, module, call)


def _assigned(name: str, module: Module, call: ast.Call) -> list[ast.AST]:
    """What a name is set to in the function that calls."""
    functions = [node for node in module.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    around = [each for each in functions if each.lineno <= call.lineno <= (each.end_lineno or 0)]
    scope = max(around, key=lambda each: each.lineno, default=module.tree)
    found: list[ast.AST] = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
            found.append(node.value)
        elif (
            isinstance(node, (ast.AugAssign, ast.AnnAssign)) and isinstance(node.target, ast.Name) and node.target.id == name and node.value
        ):
            found.append(node.value)
    return found


EVENT_AT = {"log.write": 3, "write_history": 3, "Say": 0}


def events_are_choices(app: Path) -> list[str]:
    """Each event of the history is a choice of its field, which the host translates where it is shown."""
    fields = json.loads((APP / "picortex_xero/doctype/xero_sync_log/xero_sync_log.json").read_text("utf-8"))["fields"]
    choices = next(field["options"] for field in fields if field["fieldname"] == "event").split("\n")
    found = []
    for module in modules(app):
        for call, name in calls(module):
            at = EVENT_AT.get(name, EVENT_AT.get(name.split(".")[-1]))
            event = call.args[at] if at is not None and at < len(call.args) else None
            if isinstance(event, ast.Constant) and event.value not in choices:
                found.append(f"{module.place}:{call.lineno}: {event.value!r} is no choice of Xero Sync Log's Event")
    return found


def templates_are_found(app: Path) -> list[str]:
    """The host's extractors find every template: one literal on one line, without an escape, and nothing else between the parentheses. With
    `.format` behind it every placeholder has its value."""
    found = []
    for module in modules(app):
        ours = any(name.endswith("accounting.texts._") for _, name in module.imports())
        for call, name in calls(module):
            where = f"{module.place}:{call.lineno}"
            if name.split(".")[-1] == "_" and module.place != RENDERS:
                found += [f"{where}: {problem}" for problem in _template(call, module, strict=ours and name == "_")]
            if isinstance(call.func, ast.Attribute) and call.func.attr == "format" and isinstance(call.func.value, ast.Call) and ours:
                found += [f"{where}: {problem}" for problem in _values(call)]
    return found


def _template(call: ast.Call, module: Module, strict: bool) -> Iterator[str]:
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        if strict:
            yield f"{ast.unparse(call)[:60]} is no literal"
        elif isinstance(first, (ast.JoinedStr, ast.BinOp)):
            yield f"{ast.unparse(call)[:60]} cannot be found by an extractor"
        return
    if len(call.args) > 1 or call.keywords:
        yield f"{first.value[:40]!r}: values follow with .format, or an extractor loses the template"
    if first.lineno != first.end_lineno:
        yield f"{first.value[:40]!r} stands on several lines"
    source = module.segment(first)
    if "\\" in source or re.search(r"""["']\s+["']""", source.replace(first.value, "")):
        yield f"{first.value[:40]!r} is escaped or in several pieces"
    if first.value != first.value.strip() or re.search(r"<[^>]+>", first.value):
        yield f"{first.value[:40]!r}: Frappe looks for it without its outer spaces and tags, and does not find it"


def _values(call: ast.Call) -> Iterator[str]:
    assert isinstance(call.func, ast.Attribute)
    marked = call.func.value
    if not (isinstance(marked, ast.Call) and dotted(marked.func) == "_" and marked.args and isinstance(marked.args[0], ast.Constant)):
        return
    wanted, given = set(PLACEHOLDER.findall(str(marked.args[0].value))), {keyword.arg for keyword in call.keywords}
    if call.args or not given - {None} <= wanted or (None not in given and given != wanted):
        yield f"{str(marked.args[0].value)[:40]!r} takes {sorted(wanted)}, not {sorted(map(str, given))}"
