"""Every call with which the app can change something at Xero, and the switch or the kind of document it belongs to (docs/writes.md).

What can be called is read from the code: the kinds of requests in xero/records, what engine/creating.py sends, and every other place where a request
that is no GET is made. A call that has no line here is a violation; so is a line that no code has any more.

`python -m tests.architecture.writing_calls` writes the page's table.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from picortex_xero.xero.records.base import Kind
from picortex_xero.xero.records.registry import KINDS
from tests.architecture.source import ROOT, Module, called, literal, modules

PAGE = ROOT / "docs" / "writes.md"
BEGIN, END = "<!-- begin: made by python -m tests.architecture.writing_calls -->", "<!-- end -->"
LIVE = "only while the connection is Live"
# By method and path below /api.xro/2.0/ (or the address at Xero): what becomes of what, and what has to be switched on.
CALLS: dict[tuple[str, str], tuple[str, str]] = {
    ("PUT", "Contacts"): (
        "a customer, supplier, the company itself, or who gets a fee, whom Xero does not have yet; never changes one",
        LIVE,
    ),
    ("POST", "Contacts"): (
        "changes the contact of a customer or supplier that changed here after it was linked: name, e-mail address, mobile number, tax number, postal addresses, "
        "and of these only what changed here, is not empty here and differs there; no archived one, no bank details",
        f"{LIVE}; Update Contacts in Xero",
    ),
    ("PUT", "Invoices"): ("a sales invoice or a bill", LIVE),
    ("POST", "Invoices"): ("voids or deletes our own; changes our own", f"{LIVE}; changes: Changes After Submit is Update in Xero"),
    ("PUT", "CreditNotes"): ("a return, or what a payment deducts", LIVE),
    ("POST", "CreditNotes"): ("voids or deletes our own; changes our own", f"{LIVE}; changes: Changes After Submit is Update in Xero"),
    ("PUT", "Payments"): ("a payment", LIVE),
    ("POST", "Payments/{id}"): ("deletes our own", LIVE),
    ("PUT", "BatchPayments"): ("a payment of several documents", LIVE),
    ("POST", "BatchPayments/{id}"): ("deletes our own", LIVE),
    ("PUT", "ManualJournals"): ("a journal", LIVE),
    ("POST", "ManualJournals"): ("voids our own", LIVE),
    ("PUT", "BankTransactions"): ("money spent or received, a fee, an advance", LIVE),
    ("POST", "BankTransactions"): ("deletes our own", LIVE),
    ("PUT", "BankTransfers"): ("a transfer between bank accounts", LIVE),
    ("POST", "BankTransfers"): ("deletes our own", LIVE),
    ("POST", "Overpayments"): ("never sent: Xero lets no program remove one, and a person is told", LIVE),
    ("POST", "Prepayments"): ("never sent: Xero lets no program remove one, and a person is told", LIVE),
    ("PUT", "{record}/{id}/Allocations"): ("takes our own credit off our own invoice", LIVE),
    ("DELETE", "{record}/{id}/Allocations/{id}"): ("takes back our own allocation", LIVE),
    ("PUT", "{record}/{id}/History"): ("a note in the history of our own record", "History Notes"),
    ("PUT", "{record}/{id}/Attachments"): ("a file on our own record", "Attach ..."),
    ("PUT", "Accounts"): ("an account, where somebody presses Create for it", "Create Accounts in Xero"),
    ("PUT", "TrackingCategories/{}/Options"): (
        "a tracking option, where somebody presses Create for it",
        "Create Tracking Options in Xero",
    ),
    ("DELETE", "connections/{id}"): ("gives the organisation back (no book is changed)", "the button Disconnect"),
    ("POST", "revocation"): ("ends a sign-in (no book is changed)", "the button Disconnect"),
    ("POST", "token"): ("keeps a sign-in alive (no book is changed)", ""),
    ("any", "questions"): (
        "what the questions enter, change and take back on a Demo Company; refused for any other organisation before the first call",
        "the button that asks the questions",
    ),
}
# Where else a request with another method than GET is made, and which lines of CALLS stand for it. A sealed request's are those of its kind.
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "engine/attempts.py": (),
    "engine/creating.py": (),
    "questions/organisation.py": (("any", "questions"),),
    "xero/oauth.py": (("DELETE", "connections/{id}"), ("POST", "revocation"), ("POST", "token")),
}
# Where it is said to whom a request goes, and whether it may write there: a connection that only watches is read alone.
ADDRESSED = ("connection/organisation.py", "engine/contexts.py")
MAKES = ("Request", "_http", "request", "revoke_token", "fetch_token", "refresh_token", "post", "put", "patch", "delete")


def of_kind(kind: Kind) -> tuple[str, str]:
    """Method and path of a kind of request."""
    if kind.nested:
        below = kind.path_below("{record}/{id}").partition("?")[0]
        return kind.method, below + ("/{id}" if kind.undo else "")
    return kind.method, kind.path("{id}" if kind.alone and kind.undo else "").partition("?")[0]


def from_code(app: Path) -> set[tuple[str, str]]:
    """Every call that the kinds of requests, engine/creating.py and the other known places can make."""
    creating = next(module for module in modules(app) if module.place == "engine/creating.py")
    made = next(node for node in creating.tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "REQUESTS")
    assert isinstance(made.value, ast.Dict)
    created = {ast.literal_eval(value) for value in made.value.values}
    return {of_kind(kind) for kind in KINDS.values()} | created | {each for calls in PLACES.values() for each in calls}


def violations(app: Path) -> list[str]:
    """Calls without a line, lines without a call, and places that make requests nobody has listed."""
    known = from_code(app)
    found = [f"{method} {path}: has no line" for method, path in sorted(known - CALLS.keys())]
    found += [f"{method} {path}: is made nowhere" for method, path in sorted(CALLS.keys() - known)]
    for module in modules(app):
        if module.place in PLACES:
            continue
        for call in (node for node in module.nodes if isinstance(node, ast.Call)):
            name = called(call)
            if name == "Request" and (not call.args or literal(call.args[0], module.constants) != "GET"):
                found.append(f"{module.place}:{call.lineno}: makes a request that is no GET")
            elif name == "Organisation" and module.place not in ADDRESSED and of_the_client(module, call):
                found.append(f"{module.place}:{call.lineno}: addresses an organisation by itself, whether or not it is only watched")
            elif name == "Kind" and not module.place.startswith("xero/records/") and of_records(module):
                found.append(f"{module.place}:{call.lineno}: makes a kind of request outside xero/records")
            elif module.package == "xero" and name in MAKES and name != "Request" and module.place != "xero/client.py":
                found.append(f"{module.place}:{call.lineno}: calls {name}()")
    return found


def of_records(module: Module) -> bool:
    """Whether it takes something from xero.records.base."""
    return any(name.endswith("xero.records.base") or ".records.base." in name for _line, name in module.imports())


def of_the_client(module: Module, call: ast.Call) -> bool:
    """Whether what is called there is xero.client.Organisation."""
    imported = {name.split(".")[-1] for _line, name in module.imports() if ".xero.client" in name}
    whole = ast.unparse(call.func)
    return whole == "client.Organisation" or (whole == "Organisation" and "Organisation" in imported)


def table() -> str:
    """The page's table, between its marks."""
    lines = ["| method | path | what | switch |", "|---|---|---|---|"]
    lines += [f"| {method} | `{path}` | {what} | {switch} |" for (method, path), (what, switch) in CALLS.items()]
    return "\n".join([BEGIN, *lines, END])


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: table(), text, flags=re.S), "utf-8")
