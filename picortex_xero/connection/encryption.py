"""Storing secrets: text encrypted with the site's key, in columns that are not Password fields.

`frappe.client.get_password` returns any Password field to every System Manager (observed on Frappe 15). These columns hold only ciphertext,
and their fields are on a permission level that no role has.
"""

from __future__ import annotations

import json
from typing import Any

from frappe.utils.password import decrypt, encrypt

from ..compat import let_pass
from ..xero.secret_text import SecretText
from . import pauses


class Unreadable(Exception):
    """The stored text cannot be decrypted, because the site's encryption key has changed. Its text tells a person so."""


def encrypted(value: dict[str, Any]) -> str:
    """The ciphertext of a JSON object. Raises Unreadable where the site's key is none."""
    try:
        return str(encrypt(json.dumps(value)))
    except ValueError:
        raise Unreadable(pauses.joined(pauses.unreadable())) from None


def decrypted(text: str | None) -> dict[str, Any]:
    """The JSON object behind a ciphertext, its texts as `SecretText`; {} for an empty column. Raises Unreadable."""
    if not text:
        return {}
    try:
        return {name: SecretText(value) if isinstance(value, str) else value for name, value in json.loads(decrypt(text)).items()}
    except Exception as error:
        let_pass(error)
        raise Unreadable(pauses.joined(pauses.unreadable())) from error
