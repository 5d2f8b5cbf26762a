"""A stand-in for Frappe 15, for running the unchanged app without a bench. NOT Frappe: see sandbox/host/README.md.

Only what sandbox/host/manifest.json lists exists here; anything else raises. The manifest is checked against this
package each time it is imported, so neither can drift from the other.
"""

# ruff: noqa: F401  (what is imported here is what `frappe` offers)

from frappe._asking import get_list, has_permission
from frappe._context import _dict, cache, conf, db, flags, local, session, set_user
from frappe._error_log import log_error
from frappe._filters import get_all
from frappe._hooks import get_attr, get_hooks, whitelist
from frappe._jobs import enqueue
from frappe._mail import sendmail
from frappe._messages import (
    _,
    as_json,
    clear_messages,
    get_traceback,
    logger,
    msgprint,
    parse_json,
    publish_realtime,
    scrub,
    throw,
)
from frappe._meta import get_meta
from frappe._permissions import get_roles
from frappe._printing import get_print
from frappe._validation import generate_hash
from frappe.exceptions import *  # noqa: F403
from frappe.model.document import get_cached_value, get_doc, new_doc


def __getattr__(name: str) -> object:
    raise AttributeError(f"frappe.{name} is not in sandbox/host/manifest.json")


from frappe import _manifest  # noqa: E402  (checks this module, so it comes last)

_manifest.check()
