"""Preparing a site on install and after every migrate; every step may run any number of times."""

from __future__ import annotations

import secrets

import frappe

from ..connection import plans, settings
from ..engine import write_protection
from . import home_block


def after_install() -> None:
    """A new site."""
    ensure_all()


def ensure_all() -> None:
    """A new or an upgraded site: make the instance id and the callback address. Indexes are made with their DocType (`on_doctype_update`).
    Roles are fixtures, which Frappe loads after this; it has already made them with the DocTypes whose permissions name them."""
    ensure_settings()
    home_block.ensure()
    plans.ensure()


def ensure_settings() -> None:
    """Make the instance id, once: it marks everything that this site ever sends."""
    doc = frappe.get_doc("Xero Settings")
    doc.instance_id = doc.instance_id or secrets.token_hex(4)
    doc.redirect_uri = settings.redirect_uri()
    with write_protection.own_writes():
        doc.save(ignore_permissions=True)
