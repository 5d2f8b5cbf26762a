"""Encryption with the site's key: Fernet, as in Frappe, so a token encrypted on a bench reads here and back."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from frappe._context import local
from frappe._messages import throw


@lru_cache(maxsize=16)
def _with(key: str) -> Fernet:
    return Fernet(key.encode())


def encrypt(txt: str) -> str:
    """Fernet text of `txt`."""
    return _with(local.conf.encryption_key).encrypt(txt.encode()).decode()


def decrypt(txt: str) -> str:
    """The clear text; ValidationError where the site's key is not the one it was encrypted with."""
    try:
        return _with(local.conf.encryption_key).decrypt(txt.encode()).decode()
    except InvalidToken:
        throw("Encryption key is invalid! Please check site_config.json")
