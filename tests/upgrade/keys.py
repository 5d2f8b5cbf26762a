"""Where the app's functions are whose results every site has stored (keys, numbers, addresses). Whoever moves one changes its place here;
whoever changes what it returns breaks every site there is.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# What is looked for: the modules in which it may be, the present one first.
HOMES: dict[str, tuple[str, ...]] = {
    "Identity": ("picortex_xero.documents.identity",),
    "step_key": ("picortex_xero.documents.identity",),
    "link_key": ("picortex_xero.documents.identity",),
    "remote_key": ("picortex_xero.documents.identity",),
    "contact_number": ("picortex_xero.documents.identity",),
    "document_url": ("picortex_xero.documents.identity",),
    "note_mark": ("picortex_xero.documents.identity",),
    "KINDS": ("picortex_xero.xero.records.registry",),
    "STATES": ("picortex_xero.engine.protocol",),
}


def of_the_present_code(name: str) -> Any:
    """The function or table of this name. LookupError where it is in none of its homes."""
    return of_the_present_code_in(name, HOMES[name])


def of_the_present_code_in(name: str, homes: tuple[str, ...]) -> Any:
    """Likewise, where it may be in these modules."""
    for home in homes:
        try:
            return getattr(import_module(home), name)
        except (ModuleNotFoundError, AttributeError):
            continue
    raise LookupError(f"{name} is not in {' or '.join(homes)} any more: say in {__name__} where it is now")
