"""Rules about code that an import linter cannot say (who may import whom: `.importlinter`). Each takes the app's folder and returns
one line per violation, starting with the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from picortex_xero.xero.records.registry import OBJECTS
from sandbox.host import manifest_check
from tests.architecture.source import Module, calls, dotted, literal, modules

LONGEST = {"": 350, "engine/protocol.py": 199, "hooks.py": 149}
# Code that decides: it uses no frappe, no HTTP, no clock and no randomness.
PURE = ("accounting", "documents", "suggestions", "banking", "ready", "xero/records")
PURE_FILES = (
    "extras/note_plans.py",
    "extras/file_plans.py",
    "extras/tries.py",
    "engine/protocol.py",
    "attention/wording.py",
    "extras/file_rules.py",
    "extras/note_texts.py",
    "xero/answers.py",
    "inbound/judge.py",
    "inbound/pace.py",
    "cash_flow/collected.py",
    "cash_flow/curve.py",
    "cash_flow/expected.py",
    "cash_flow/forecast.py",
    "cash_flow/habits.py",
    "cash_flow/instalments.py",
    "cash_flow/once.py",
    "cash_flow/repeating.py",
    "cash_flow/scenarios.py",
    "cash_flow/values.py",
)
# Floats that are seconds, not money, each with the reason.
SECONDS = {
    "inbound/people_rows.py": "amounts go into the host's documents, whose own arithmetic is with floats",
    "engine/clock.py": "the sandbox's clock offset",
    "connection/tokens.py": "how long to wait for another process's refresh",
    "xero/client.py": "timeouts",
    "xero/oauth.py": "timeouts",
    "attention/amending.py": "amounts go into the host's documents, whose own arithmetic is with floats",
    "inbound/entering.py": "amounts go into the host's documents, whose own arithmetic is with floats",
}
OUTBOX, AUTHORITY = "Xero Outbox Entry", "engine/outbox.py"
IN_THE_SUBMIT = ("overrides/", "engine/capture.py", "engine/outbox.py", "engine/links.py", "engine/log.py")
# The linter knows other packages by their first name only.
HTTP_PARTS = {"urllib.request", "http.client"}
# Imports httpx to read answers; makes no calls.
READS_ONLY = ("xero/safe_json.py",)
# The one place for what the app knows of an object in Xero.
RECORDS, ENDPOINTS = "xero/records/", {each.endpoint for each in OBJECTS}
AT_RUN_TIME = {"import_module", "__import__"}
TAKE_TIME = {"AsyncClient", "Client", "AsyncOAuth2Client", "OAuth2Client"}


def _is_pure(module: Module) -> bool:
    return module.place.startswith(tuple(f"{folder}/" for folder in PURE)) or module.place in PURE_FILES


def pure_is_pure(app: Path) -> list[str]:
    """What decides asks neither clock nor environment nor person, and opens nothing: such things come in as arguments."""
    return [
        f"{module.place}:{call.lineno}: {name}() reads the outside"
        for module in filter(_is_pure, modules(app))
        for call, name in calls(module)
        if name.split(".")[-1] in ("now", "today", "utcnow", "getenv", "input", "open")
    ]


def imports_are_written_out(app: Path) -> list[str]:
    """What the linter cannot see: modules imported by a text at run time where something is forbidden, HTTP inside the standard library."""
    found = []
    for module in modules(app):
        if _is_pure(module) or module.package == "xero":
            found += [f"{module.place}:{call.lineno}: {name}()" for call, name in calls(module) if name.split(".")[-1] in AT_RUN_TIME]
        if module.package != "xero":
            found += [f"{module.place}:{line}: imports {name}" for line, name in module.imports() if _within(name, HTTP_PARTS)]
    return found


def _within(name: str, roots: Iterable[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


# The one function that whoever has no login may call.
SIGNED = ("api/webhook.py", "receive")


def whitelisted_only_in_api(app: Path) -> list[str]:
    """@frappe.whitelist only in api/, and every such function is declared with `asks`: a guard that throws, a kind for each parameter. What is
    declared so is whitelisted: without it a button ends in "not permitted"."""
    found = []
    for module in modules(app):
        functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
        for node in module.nodes:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            where = f"{module.place}:{node.lineno}: {node.name}"
            if not any("whitelist" in ast.unparse(decorator) for decorator in node.decorator_list):
                if any(isinstance(each, ast.Call) and dotted(each.func) == "asks" for each in node.decorator_list):
                    found.append(f"{where} is declared with asks and not whitelisted: nobody can call it")
                continue
            if module.package != "api":
                found.append(f"{where} is whitelisted outside api/")
                continue
            if (f"{module.place}", node.name) == SIGNED:
                # Its one statement hands over to what checks Xero's signature.
                found += (
                    []
                    if ast.unparse(node.body[-1]) == "return webhook.answer()" and not ast.unparse(node.args)
                    else [f"{where} is not asked for Xero's signature"]
                )
                continue
            found += [f"{where} {problem}" for problem in _undeclared(node, functions)]
            if any("allow_guest" in ast.unparse(decorator) for decorator in node.decorator_list):
                found.append(f"{where} lets guests in")
    return found


def _undeclared(function: ast.FunctionDef | ast.AsyncFunctionDef, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """What `@asks(guard, parameter=kind, ...)`, the innermost decorator, does not say."""
    declared = function.decorator_list[-1]
    if not (isinstance(declared, ast.Call) and dotted(declared.func) == "asks" and len(declared.args) == 1):
        yield "is not declared with asks"
        return
    if not _throws(functions.get(dotted(declared.args[0])), functions):
        yield "does not ask permission"
    arguments = function.args
    if arguments.vararg or arguments.kwarg:
        yield "takes whatever it is given"
    named = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    yield from (f"does not check {each}" for each in sorted(named - {keyword.arg for keyword in declared.keywords}))


def _throws(guard: ast.FunctionDef | None, functions: dict[str, ast.FunctionDef]) -> bool:
    """Whether a guard asks, in a statement of its own that always runs, for a right that it throws without: `one`, frappe.has_permission
    with throw, or another guard. No statement before it may leave."""
    for statement in guard.body if guard else []:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call):
            called = dotted(call.func)
            if called == "one" or _is_check(statement) or (called in functions and _throws(functions[called], functions)):
                return True
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
    return False


def _is_check(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and dotted(call.func) == "frappe.has_permission"
        and any(k.arg == "throw" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords)
    )


def said_as_text(app: Path) -> list[str]:
    """The Desk draws messages as HTML: in frappe.throw and frappe.msgprint everything but the app's own words goes through `html`."""
    found = []
    for module in modules(app):
        for function in (node for node in module.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if dotted(call.func) in ("frappe.throw", "frappe.msgprint") and not _is_text(call.args[0], function):
                    found.append(f"{module.place}:{call.lineno}: {ast.unparse(call.args[0])[:60]} may hold HTML")
    return found


def _is_text(node: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return _is_text(node.body, function) and _is_text(node.orelse, function)
    if isinstance(node, ast.Call):
        called = dotted(node.func)
        if called in ("html", "screen_texts.html", "screen_texts.cannot_be_kept"):
            return True
        if called == "_":
            return isinstance(node.args[0], ast.Constant)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            return _is_text(node.func.value, function) and all(_is_text(each, function) for each in given)
    if isinstance(node, ast.Name):
        targets = (
            (n.targets[0] if isinstance(n, ast.Assign) else n.target, n.value)
            for n in ast.walk(function)
            if isinstance(n, (ast.Assign, ast.NamedExpr))
        )
        values = [value for target, value in targets if isinstance(target, ast.Name) and target.id == node.id]
        return bool(values) and all(_is_text(value, function) for value in values)
    return False


def quiet_in_the_submit(app: Path) -> list[str]:
    """What runs inside a user's transaction never commits, rolls back more than its savepoint, enqueues or talks to anybody."""
    found = []
    for module in modules(app):
        if not module.place.startswith(IN_THE_SUBMIT):
            continue
        for call, name in calls(module):
            last = name.split(".")[-1]
            partial = any(keyword.arg == "save_point" for keyword in call.keywords)
            if last in ("commit", "enqueue", "enqueue_doc", "publish_realtime", "sleep") or (last == "rollback" and not partial):
                found.append(f"{module.place}:{call.lineno}: {name}()")
    return found


def no_float_money(app: Path) -> list[str]:
    """No float literal, float() or round() where money may be; seconds are listed with their reason."""
    found = []
    for module in modules(app):
        if module.place in SECONDS:
            continue
        found += [
            f"{module.place}:{node.lineno}: float {node.value}"
            for node in module.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, float)
        ]
        found += [
            f"{module.place}:{call.lineno}: {name}()"
            for call, name in calls(module)
            if name in ("float", "round", "frappe.utils.flt", "flt")
        ]
    return found


def one_state_authority(app: Path) -> list[str]:
    """Only engine/outbox.py writes rows of the outbox, and there a state comes only from the protocol."""
    found = []
    for module in modules(app):
        for call, name in calls(module):
            where, last = f"{module.place}:{call.lineno}", name.split(".")[-1]
            keywords = {keyword.arg for keyword in call.keywords}
            if last in ("set_columns", "move", "postpone", "_update") and "state" in keywords:
                found.append(f"{where}: {name}(state=) goes round the protocol")
            if module.place == AUTHORITY:
                continue
            if name.endswith("outbox._update"):
                found.append(f"{where}: {name}() is private to {AUTHORITY}")
            if last in ("set_value", "bulk_insert", "delete", "get_doc", "new_doc", "sql", "sql_ddl", "multisql"):
                told = " ".join(str(text) for text in _texts(call, module))
                writes = last not in ("sql", "multisql") or re.search(r"\b(UPDATE|INSERT|DELETE|REPLACE)\b", told)
                if writes and OUTBOX in told:
                    found.append(f"{where}: {name}() writes the outbox")
    return found + _states_in_the_authority(app)


def _texts(call: ast.Call, module: Module) -> Iterator[Any]:
    """The literals of a call's arguments, names resolved; `outbox.DOCTYPE` is the outbox wherever it is written."""
    for node in (each for argument in [*call.args, *[k.value for k in call.keywords]] for each in ast.walk(argument)):
        if isinstance(node, ast.Attribute) and dotted(node) == "outbox.DOCTYPE":
            yield OUTBOX
        elif isinstance(node, (ast.Constant, ast.Name, ast.JoinedStr)) and (value := literal(node, module.constants)) is not None:
            yield value


def _states_in_the_authority(app: Path) -> list[str]:
    """In engine/outbox.py a "state" is written in `add` and in `move`, which asks the protocol."""
    found = []
    for module in modules(app):
        if module.place != AUTHORITY:
            continue
        for function in (node for node in module.tree.body if isinstance(node, ast.FunctionDef)):
            filters = {id(k.value) for n in ast.walk(function) if isinstance(n, ast.Call) for k in n.keywords if k.arg == "filters"}
            keys = [key for node in ast.walk(function) if isinstance(node, ast.Dict) and id(node) not in filters for key in node.keys]
            sets = any(isinstance(key, ast.Constant) and key.value == "state" for key in keys)
            statements = [str(literal(node, {})) for node in ast.walk(function) if isinstance(node, (ast.Constant, ast.JoinedStr))]
            sets |= any(re.search(r"\bSET\b.*`state`\s*=", text.split("WHERE")[0]) for text in statements)
            asks = "protocol.after(" in ast.unparse(function)
            if sets and not (function.name == "add" or (function.name == "move" and asks)):
                found.append(f"{module.place}:{function.lineno}: {function.name} writes a state without asking the protocol")
    return found


def deadlines(app: Path) -> list[str]:
    """Timeouts sit on the client, never on a call; every HTTP call is awaited within a total deadline."""
    found = []
    for module in modules(app):
        for call, name in calls(module):
            where, last = f"{module.place}:{call.lineno}", name.split(".")[-1]
            timed = any(keyword.arg == "timeout" for keyword in call.keywords)
            if last in TAKE_TIME and not timed:
                found.append(f"{where}: {name}() without a timeout")
            if last in ("get", "put", "post", "delete", "request", "fetch_token", "send", "stream") and timed:
                found.append(f"{where}: a timeout on the call {name}()")
            if name.startswith("httpx.") and last in ("get", "put", "post", "delete", "request", "stream"):
                found.append(f"{where}: {name}() has no client")
        calls_out = any(_within(name, {"httpx"}) for _, name in module.imports()) and module.place not in READS_ONLY
        if calls_out and not _waits(module):
            found.append(f"{module.place}: no asyncio.wait_for(..., TOTAL_DEADLINE) around its calls")
    return found


def _waits(module: Module) -> bool:
    named = "TOTAL_DEADLINE" in module.constants
    return named and any(
        name == "asyncio.wait_for" and dotted(call.args[-1]) == "TOTAL_DEADLINE" for call, name in calls(module) if call.args
    )


def manifest(app: Path) -> list[str]:
    """Every frappe.* symbol and keyword is in the stand-in's manifest."""
    return [each for module in modules(app) for each in manifest_check.violations(module.text, module.place)]


def objects_have_classes(app: Path) -> list[str]:
    """Outside xero/records no code depends on the name of a Xero endpoint: no table of them, no comparison with one."""
    found = []
    for module in modules(app):
        if module.place.startswith(RECORDS):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Dict):
                told, least = node.keys, 2
            elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
                told, least = list(node.elts), 2
            elif isinstance(node, ast.Compare):
                told, least = [node.left, *node.comparators], 1
            else:
                continue
            named = {each.value for each in told if isinstance(each, ast.Constant) and isinstance(each.value, str)} & ENDPOINTS
            if len(named) >= least:
                found.append(f"{module.place}:{node.lineno}: {', '.join(sorted(named))} belong to classes in {RECORDS}")
    return found


def sizes(app: Path) -> list[str]:
    """No file above 350 lines; hooks.py under 150, the protocol under 200."""
    found = []
    for module in modules(app):
        lines, limit = len(module.text.splitlines()), LONGEST.get(module.place, LONGEST[""])
        if lines > limit:
            found.append(f"{module.place}: {lines} lines, at most {limit}")
    return found
