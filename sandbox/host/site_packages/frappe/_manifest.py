"""Holds the stand-in to sandbox/host/manifest.json: every listed symbol exists with exactly the listed keywords, and
nothing public exists that is not listed."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).resolve().parents[2] / "manifest.json"
_MODULES = {"utils", "model", "tests", "exceptions", "core", "translate"}


@lru_cache
def manifest() -> dict[str, Any]:
    """The manifest's content."""
    content: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return content


def _owners() -> dict[str, Any]:
    from frappe._cache import SiteCache
    from frappe._database import CallbackManager, Database
    from frappe._meta import Meta
    from frappe.model.document import Document

    return {
        "frappe.db.after_commit": CallbackManager,
        "frappe.db": Database,
        "frappe.cache": SiteCache,
        "frappe.get_meta()": Meta,
        "frappe.model.document.Document": Document,
        "frappe.tests.utils": importlib.import_module("frappe.tests.utils"),
        "frappe.utils.password": importlib.import_module("frappe.utils.password"),
        "frappe.utils.xlsxutils": importlib.import_module("frappe.utils.xlsxutils"),
        "frappe.utils": importlib.import_module("frappe.utils"),
        "frappe.core.doctype.file.file.File": importlib.import_module("frappe.core.doctype.file.file").File,
        "frappe.translate": importlib.import_module("frappe.translate"),
        "frappe.model.document": importlib.import_module("frappe.model.document"),
        "frappe": sys.modules["frappe"],
    }


def keywords(function: Any) -> list[str]:
    """Parameter names of a function, `*` and `**` for free ones, without self."""
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            found.append("**")
        elif parameter.kind is parameter.VAR_POSITIONAL:
            found.append("*")
        elif name != "self":
            found.append(name)
    return found


def _public(owner: Any) -> set[str]:
    names = {name for name in vars(owner) if not name.startswith("_")}
    for base in owner.__mro__[1:-1] if inspect.isclass(owner) else ():
        names |= {name for name in vars(base) if not name.startswith("_")}
    if inspect.ismodule(owner):
        names = {n for n in names if n not in _MODULES and getattr(vars(owner)[n], "__module__", "").startswith("frappe")}
    return names


def problems() -> list[str]:
    """Differences between the manifest and the stand-in, one line each."""
    owners, found = _owners(), []
    listed: dict[str, set[str]] = {owner: set() for owner in owners}
    for symbol, expected in {**manifest()["functions"], **dict.fromkeys(manifest()["names"])}.items():
        owner, _, name = symbol.rpartition(".")
        if owner not in owners:
            continue  # a value of the session or the like: the architecture test looks at it
        listed[owner].add(name)
        thing = getattr(owners[owner], name, None)
        if expected is not None and thing is None:
            found.append(f"{symbol} is in the manifest but not in the stand-in")
        elif expected is not None and keywords(thing) != expected:
            found.append(f"{symbol} takes {keywords(thing)}, the manifest says {expected}")
    for owner in ("frappe", "frappe.db", "frappe.cache", "frappe.get_meta()", "frappe.model.document.Document"):
        found += [f"{owner}.{name} is not in the manifest" for name in sorted(_public(owners[owner]) - listed[owner])]
    return found


def check() -> None:
    """Raise ImportError naming every difference."""
    if found := problems():
        raise ImportError("the stand-in and its manifest disagree:\n" + "\n".join(found))
