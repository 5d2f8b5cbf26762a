"""Rules about the DocTypes: secrets out of reach, machine tables nobody edits, and every column that the code names is there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.source import Module, calls, dotted, literal, modules

OF_A_ROW = {"parent", "parenttype", "parentfield"}
# Between the tables of one statement: a column is of one of them.
JOINED = " or "
STANDARD = {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype"}
# Written by the app alone: a person reads them.
MACHINE = {
    "Xero Outbox Entry",
    "Xero Step Cause",
    "Xero Attempt",
    "Xero Link",
    "Xero Link Target",
    "Xero Sync Log",
    "Xero Unlinked Record",
    "Xero Inbound Event",
    "Xero Incoming Record",
    "Xero Changed Record",
    "Xero Comparison",
    "Xero Difference",
    "Xero Mapping Change",
    "Xero Connection State",
    "Xero Authorisation",
    "Xero Question Run",
    "Xero Question Result",
    "Xero Preview Run",
    "Xero Preview Row",
    "Xero Test Run",
    "Xero Test Record",
    "Xero History Run",
    "Xero Undo Run",
    "Xero Undo Row",
    "Xero Contact",
    "Xero Contact Reading",
    "Xero Creation",
    "Xero Configuration Part",
    "Xero Approval",
    "Xero Cash Summary",
    "Xero Bank Proposal",
    "Xero Bank Act",
    "Xero Statement Line",
    "Xero Report Snapshot",
    "Xero Monthly Pack",
    "Xero Forecast",
}
SECRET = re.compile(r"_encrypted$|token|password")
# Events of a controller in which other rows may be written, and what writes.
AFTER_SAVING = {"on_update", "after_insert", "on_trash", "after_delete", "after_rename", "on_doctype_update", "clear_old_logs"}
WRITES = {"set_value", "set_single_value", "db_set", "bulk_insert", "db_insert", "insert", "save", "delete", "delete_doc", "rename_doc"}
UNSTORED = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold"}


def doctypes(app: Path) -> dict[str, dict[str, Any]]:
    """Every DocType of the app by name."""
    return {doc["name"]: doc for doc in (json.loads(path.read_text("utf-8")) for path in sorted(app.glob("*/doctype/*/*.json")))}


def secrets_out_of_reach(app: Path) -> list[str]:
    """No Password field (`frappe.client.get_password` shows those); secrets are hidden, on a level that no role has."""
    found = []
    for name, doc in doctypes(app).items():
        for field in doc["fields"]:
            what = f"{name}.{field['fieldname']}"
            if field["fieldtype"] == "Password":
                found.append(f"{what} is a Password field")
            if SECRET.search(field["fieldname"]) and (field.get("permlevel") != 1 or not field.get("hidden")):
                found.append(f"{what} is not hidden on permission level 1")
            if SECRET.search(field["fieldname"]) and (
                field.get("in_list_view") or field.get("in_standard_filter") or field.get("in_global_search")
            ):
                found.append(f"{what} can be searched for or listed")
        found += [
            f"{name}: {row.get('role')} has permission level {row['permlevel']}" for row in doc["permissions"] if row.get("permlevel")
        ]
        if any(SECRET.search(field["fieldname"]) for field in doc["fields"]) and doc.get("track_changes"):
            found.append(f"{name} keeps versions of secrets")
    return found


def machine_tables_are_read_only(app: Path) -> list[str]:
    """Nobody may create, write or delete what the app writes; no role may delete links or history."""
    found = []
    for name in MACHINE:
        if name not in doctypes(app):
            found.append(f"{name} is not there")
            continue
        for row in doctypes(app)[name]["permissions"]:
            found += [f"{name}: {row.get('role')} may {right}" for right in ("create", "write", "delete", "import") if row.get(right)]
    return found


def of_a_company(app: Path) -> list[str]:
    """Whatever belongs to a connection names its company: a User Permission on Company filters by Link fields alone, and the sealed
    requests of one company are no reading for another's accountant."""
    found = []
    for name, doc in doctypes(app).items():
        fields = {field["fieldname"]: field for field in doc["fields"]}
        if "connection" in fields and fields.get("company", {}).get("options") != "Company":
            found.append(f"{name} belongs to a connection and does not name its company")
    return found


def kept_when_transactions_are_cleared(app: Path) -> list[str]:
    """ERPNext's Transaction Deletion Record deletes every record with a company, of any app, unless a hook says otherwise."""
    hooks = ast.parse((app / "hooks.py").read_text("utf-8")).body
    kept = next(
        (
            ast.literal_eval(node.value)
            for node in hooks
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "company_data_to_be_ignored"
        ),
        [],
    )
    with_company = {name for name, doc in doctypes(app).items() if any(field.get("options") == "Company" for field in doc["fields"])}
    return [f"{name} would be cleared with a company's transactions" for name in sorted(with_company - set(kept))]


def only_our_roles(app: Path) -> list[str]:
    """Permissions name the app's own roles, which are fixtures, and the host's own for whoever installs. (Which of them may what:
    who_may_page.py.)"""
    roles = {role["name"] for role in json.loads((app / "fixtures" / "role.json").read_text("utf-8"))} | {"System Manager"}
    return [
        f"{name}: {row.get('role')} is not a role of this app"
        for name, doc in doctypes(app).items()
        for row in doc["permissions"]
        if row.get("role") not in roles
    ]


def controllers_exist(app: Path) -> list[str]:
    """Every DocType has its controller with the class that Frappe looks for."""
    found = []
    for path in sorted(app.glob("*/doctype/*/*.json")):
        name = json.loads(path.read_text("utf-8"))["name"]
        controller = path.with_suffix(".py")
        if not controller.exists() or f"class {name.replace(' ', '')}(" not in controller.read_text("utf-8"):
            found.append(f"{name}: no class {name.replace(' ', '')} in {controller.name}")
    return found


def validate_writes_nothing(app: Path) -> list[str]:
    """A controller checks and completes its own document before it is saved; what that means for other DocTypes is written afterwards
    (`on_update`), when it is certain that it is saved."""
    found = []
    for module in modules(app):
        if module.package != app.name or "/doctype/" not in module.place:
            continue
        for function in (node for node in module.nodes if isinstance(node, ast.FunctionDef) and node.name not in AFTER_SAVING):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = dotted(call.func)
                if name.split(".")[-1] in WRITES and not name.startswith("super()") or name == "frappe.db.sql":
                    found.append(f"{module.place}:{call.lineno}: {function.name} calls {name}()")
    return found


def lists_say_it_once(app: Path) -> list[str]:
    """The Desk gives a list a column of its own for what its script's `get_indicator` shows, and for a field `enabled`: a column of the field beside it says the same again."""
    found = []
    for name, doc in doctypes(app).items():
        folder = name.lower().replace(" ", "_")
        script = app / app.name / "doctype" / folder / f"{folder}_list.js"
        text = script.read_text("utf-8") if script.exists() else ""
        for field in doc["fields"]:
            named = field["fieldname"]
            said = named == "enabled" or re.search(rf"get_indicator\(doc\).*`{named},=,", text, re.DOTALL)
            if field.get("in_list_view") and said and not doc.get("istable"):
                found.append(f"{name}.{named} stands twice in its list")
    return found


def uniqueness(app: Path) -> list[str]:
    """What must exist once is unique in the database: the keys that promise "never twice" stand on this."""
    wanted = {
        "Xero Outbox Entry": ["step_key"],
        "Xero Link": ["link_key", "remote_key"],
        "Xero Connection": ["active_company", "active_tenant"],
        "Xero Authorisation": ["subject_key"],
        "Xero Contact": ["contact_key"],
        "Xero Creation": ["creation_key"],
        "Xero Approval": ["approval_key"],
        "Xero Cash Summary": ["summary_key"],
        "Xero Cash Summary Row": ["counted_key"],
        "Xero Bank Setting": ["company"],
        "Xero Bank Proposal": ["bank_transaction"],
        "Xero Forecast Setting": ["company"],
        "Xero Forecast": ["forecast_key"],
        "Xero Monthly Pack": ["pack_key"],
    }
    found = []
    for name, fields in wanted.items():
        known = {field["fieldname"]: field for field in doctypes(app).get(name, {"fields": []})["fields"]}
        found += [f"{name}.{field} is not unique" for field in fields if not known.get(field, {}).get("unique")]
    return found


def columns_exist(app: Path) -> list[str]:
    """Every column of ours named in SQL, inserts, filters, field lists and set_value is a field of its DocType."""
    known = {
        name: STANDARD
        | (OF_A_ROW if doc.get("istable") else set())
        | {field["fieldname"] for field in doc["fields"] if field["fieldtype"] not in UNSTORED}
        for name, doc in doctypes(app).items()
    }
    found = []
    for module in modules(app):
        for line, named, column in _named_columns(module):
            tables = named.split(JOINED)
            if all(table in known for table in tables) and not any(column in known[table] for table in tables):
                found.append(f"{module.place}:{line}: {named} has no {column}")
    return found


def counted_columns(app: Path) -> int:
    """How many uses of columns `columns_exist` looked at, so that a test sees it is not blind."""
    known = doctypes(app)
    return sum(doctype in known for module in modules(app) for _, doctype, _ in _named_columns(module))


def _named_columns(module: Module) -> Iterator[tuple[int, str, str]]:
    for call, name in calls(module):
        last = name.split(".")[-1]
        if last in ("sql", "_select"):
            yield from _in_sql(call, module)
        elif last in ("get_all", "get_value", "set_value", "count", "exists", "delete", "bulk_insert", "get_single_value") and call.args:
            doctype = literal(call.args[0], module.constants)
            if isinstance(doctype, str):
                for column in _in_call(call, last, module):
                    yield call.lineno, doctype, column
        elif (
            last in ("note", "move", "postpone", "give_back")
            and name != "limits.note"
            and module.constants.get("DOCTYPE") != "Xero Connection State"
        ):
            ours = {"until", "problem", "problems", "event", "blocked_on"}
            yield from ((call.lineno, "Xero Outbox Entry", k.arg) for k in call.keywords if k.arg and k.arg not in ours)
        elif name == "links.seen":
            yield from ((call.lineno, "Xero Link", k.arg) for k in call.keywords if k.arg)
        elif name == "_set" and module.constants.get("DOCTYPE"):
            yield from ((call.lineno, module.constants["DOCTYPE"], k.arg) for k in call.keywords if k.arg)


def _in_sql(call: ast.Call, module: Module) -> Iterator[tuple[int, str, str]]:
    text = literal(call.args[0], module.constants) if call.args else None
    if isinstance(text, str):
        tables = dict.fromkeys(re.findall(r"`tab([^`]+)`", text)) or [module.constants.get("DOCTYPE", "")]
        renamed = set(re.findall(r" AS `([^`]+)`", text))
        for column in re.findall(r"`([^`]+)`", text):
            if not column.startswith("tab") and "{" not in column and column not in renamed:
                yield call.lineno, JOINED.join(tables), column


def _in_call(call: ast.Call, last: str, module: Module) -> Iterator[str]:
    for part in [*call.args[1:], *[k.value for k in call.keywords if k.arg in ("filters", "fields", "fieldname", "pluck", "val", "field")]]:
        if isinstance(part, ast.Dict):
            yield from (key.value for key in part.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(value := literal(part, module.constants), list):
            yield from (each for each in value if isinstance(each, str))
    place = {"get_value": 2, "set_value": 2, "get_single_value": 1}.get(last)
    if place and len(call.args) > place and isinstance(column := literal(call.args[place], module.constants), str):
        yield column
    yield from (k.value.value for k in call.keywords if k.arg == "pluck" and isinstance(k.value, ast.Constant))
    if last == "bulk_insert":
        yield from _inserted(call, module)


def _inserted(call: ast.Call, module: Module) -> Iterator[str]:
    """The keys of the dict `values` in the function around a bulk_insert(DOCTYPE, list(values), ...)."""
    for function in (node for node in module.tree.body if isinstance(node, ast.FunctionDef)):
        if call not in ast.walk(function):
            continue
        for node in ast.walk(function):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
            if target is not None and dotted(target) == "values" and isinstance(node.value, ast.Dict):  # type: ignore[attr-defined]
                yield from (key.value for key in node.value.keys if isinstance(key, ast.Constant))  # type: ignore[attr-defined]


def field_lists_exist(app: Path) -> list[str]:
    """A module's FIELDS are fields of its DOCTYPE."""
    found = []
    known = doctypes(app)
    for module in modules(app):
        doctype, fields = module.constants.get("DOCTYPE"), module.constants.get("FIELDS")
        if doctype in known and isinstance(fields, list):
            columns = STANDARD | {field["fieldname"] for field in known[doctype]["fields"]}
            found += [f"{module.place}: {doctype} has no {field}" for field in fields if field not in columns]
    return found
