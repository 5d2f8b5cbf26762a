"""`frappe.get_hooks`, `whitelist`, and the calling of dotted paths, from the `hooks.py` of the site's apps."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from frappe._context import _dict, local

whitelisted: dict[Callable[..., Any], dict[str, Any]] = {}


def get_attr(method_string: str) -> Any:
    """The function a dotted path names. Looked up on every call, so that wrapping it in its module takes effect."""
    module, _, name = method_string.rpartition(".")
    return getattr(importlib.import_module(module), name)


def _append(target: dict[str, Any], key: str, value: Any) -> None:
    if isinstance(value, dict):
        inner = target.setdefault(key, {})
        for each in value:
            _append(inner, each, value[each])
    else:
        target.setdefault(key, []).extend(value if isinstance(value, list) else [value])


def _load(apps: list[str]) -> _dict:
    hooks: dict[str, Any] = {}
    for app in apps:
        module = importlib.import_module(f"{app}.hooks")
        for key, value in vars(module).items():
            if not key.startswith("_") and not callable(value) and not hasattr(value, "__path__"):
                _append(hooks, key, value)
    return _dict(hooks)


def get_hooks(hook: str | None = None, app_name: str | None = None) -> Any:
    """All hooks of the site's apps (or of one), every value a list and dicts merged; [] for a hook nobody set."""
    if app_name:
        hooks = _load([app_name])
    else:
        if local.hooks_cache is None:
            local.hooks_cache = _load(local.conf.installed_apps)
        hooks = local.hooks_cache
    return hooks.get(hook, []) if hook else hooks


def whitelist(allow_guest: bool = False, methods: list[str] | None = None) -> Callable[..., Any]:
    """Mark a function as callable over HTTP. Without `methods`: GET, POST, PUT, DELETE."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        whitelisted[function] = {"allow_guest": allow_guest, "methods": methods or ["GET", "POST", "PUT", "DELETE"]}
        return function

    return mark
