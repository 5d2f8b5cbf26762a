"""What must be there before anything else works; every step may run any number of times."""

from __future__ import annotations

import secrets

import frappe

from ..connection import settings
from ..engine import reserved


def after_install() -> None:
    """A fresh site."""
    ensure_all()


def ensure_all() -> None:
    """A fresh or an upgraded site: instance id, callback address. Indexes are made with their DocType (`on_doctype_update`). The roles are
    fixtures, which Frappe loads after this; with the DocTypes whose permissions name them it has made them already, so that nothing here
    ever runs without them."""
    ensure_settings()


def ensure_settings() -> None:
    """The instance id is made once and kept: it marks everything this site ever sent."""
    doc = frappe.get_doc("Xero Settings")
    doc.instance_id = doc.instance_id or secrets.token_hex(4)
    doc.redirect_uri = settings.redirect_uri()
    with reserved.own_writes():
        doc.save(ignore_permissions=True)
