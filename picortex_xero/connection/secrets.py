"""Secrets at rest: text encrypted with the site's key, in columns that are not Password fields.

`frappe.client.get_password` shows any Password field to every System Manager (fact sheet A6); these columns hold only ciphertext,
and their fields sit on a permission level that no role has.
"""

from __future__ import annotations

import json
from typing import Any

from frappe.utils.password import decrypt, encrypt

from ..accounting.texts import _
from ..compat import let_pass
from ..xero.hidden import Hidden


class Unreadable(Exception):
    """The stored text cannot be decrypted: the site's encryption key has changed. `said`: that, for a person."""

    said = _("Stored secrets cannot be read with this site's encryption key; connect to Xero again")


def seal(value: dict[str, Any]) -> str:
    """Ciphertext of a JSON object."""
    return str(encrypt(json.dumps(value)))


def unseal(text: str | None) -> dict[str, Any]:
    """The JSON object behind ciphertext, its texts `Hidden`; {} for an empty column. Raises Unreadable."""
    if not text:
        return {}
    try:
        return {name: Hidden(value) if isinstance(value, str) else value for name, value in json.loads(decrypt(text)).items()}
    except Exception as error:
        let_pass(error)
        raise Unreadable(Unreadable.said) from error
