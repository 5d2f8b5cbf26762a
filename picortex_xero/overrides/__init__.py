"""The document events that hooks.py names: functions named after the event, a few lines each; no commit, HTTP call or queueing.

Frappe keeps hooks in its cache, and calls what they name inside a user's submit, unguarded. So the paths that hooks.py had before release
0.2, one module for each DocType, lead to the same functions until release 0.3.
"""

from __future__ import annotations

import sys

from . import documents, masters

FORMER = {
    documents: ("sales_invoice", "purchase_invoice", "payment_entry", "journal_entry"),
    masters: ("customer", "supplier", "company", "account", "cost_center", "item_tax_template"),
}
for _module, _names in FORMER.items():
    for _name in _names:
        sys.modules[f"{__name__}.{_name}"] = _module
