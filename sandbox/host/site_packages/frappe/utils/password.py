"""Encryption with the site's key: Fernet, as in Frappe, so a token encrypted on a bench reads here and back."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from frappe._context import local
from frappe._messages import throw


def encrypt(txt: str) -> str:
    """Fernet text of `txt`."""
    return Fernet(local.conf.encryption_key.encode()).encrypt(txt.encode()).decode()


def decrypt(txt: str) -> str:
    """The clear text; ValidationError where the site's key is not the one it was encrypted with."""
    try:
        return Fernet(local.conf.encryption_key.encode()).decrypt(txt.encode()).decode()
    except InvalidToken:
        throw("Encryption key is invalid! Please check site_config.json")
