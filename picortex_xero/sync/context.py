"""Everything one run needs to know of its connection, read once: organisation, mapping, instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import get_url

from ..core.attachments import SETTINGS
from ..core.mapping import Mapping, PaymentAccount, TaxType
from ..core.money import decimal
from ..core.notes import OFF
from ..xero import client
from ..xero.scopes import FILES
from . import settings, tokens


@dataclass(frozen=True)
class Extras:
    """What else goes to Xero: `notes` as the setting says, `files` the file settings that are on, `files_allowed` whether the consent
    covers files."""

    notes: str
    files: frozenset[str]
    files_allowed: bool


@dataclass
class Context:
    """One connection as a run sees it. `token` is renewed between rounds, never inside one."""

    connection: str
    company: str
    authorisation: str
    tenant_id: str
    mapping: Mapping
    site_url: str
    instance: str
    go_live_date: str
    extras: Extras
    token: str = ""

    def renew_token(self, refused: str = "") -> None:
        """Make sure the token is good for a round. Raises tokens.ReconnectNeeded, tokens.NotNow. Commits."""
        self.token = tokens.access_token(self.authorisation, refused=refused)

    def organisation(self) -> client.Organisation:
        """Where and as whom to call Xero."""
        return client.Organisation(settings.endpoints().api, self.tenant_id, self.token)


def load(connection: str) -> Context | None:
    """The context of a Live connection; None for any other state, and where it is gone: a queued job outlives an uninstalled app."""
    if not frappe.db.exists("Xero Connection", connection):
        return None
    doc = frappe.get_doc("Xero Connection", connection)
    if doc.state != "Live" or not doc.authorisation:
        return None
    custom = frappe.db.get_value("Xero Authorisation", doc.authorisation, "grant_type") == "Custom Connection"
    return Context(
        doc.name,
        doc.company,
        doc.authorisation,
        "" if custom else doc.tenant_id,
        mapping(doc),
        get_url(),
        settings.instance_id(),
        str(doc.go_live_date),
        Extras(doc.history_notes or OFF, files_on(doc), files_allowed(doc.authorisation)),
    )


def files_on(doc: Any) -> frozenset[str]:
    """The file settings that are on at a Xero Connection (a document, or a dict of those fields)."""
    return frozenset(setting for setting in SETTINGS if doc.get(setting))


def files_allowed(authorisation: str) -> bool:
    """Whether the consent covers files."""
    return FILES in (frappe.db.get_value("Xero Authorisation", authorisation, "scopes") or "").split()


def mapping(doc: Any) -> Mapping:
    """All mapping rows of a Xero Connection document as the translators ask for them."""
    rows = {
        kind: frappe.get_all(f"Xero {kind} Mapping", filters={"connection": doc.name}, fields=["*"])
        for kind in ("Account", "Tax", "Tracking", "Payment")
    }
    defaults = {"Sales": doc.default_sales_account, "Purchases": doc.default_purchase_account}
    return Mapping(
        base_currency=doc.base_currency,
        target_status=doc.target_status,
        accounts={row["account"]: row["xero_account_code"] for row in rows["Account"]},
        taxes={(row["direction"], row["tax"], row["item_tax_template"] or ""): TaxType(row["tax_type"], _rate(row)) for row in rows["Tax"]},
        tracking={row["cost_center"]: (row["tracking_category"], row["tracking_option"]) for row in rows["Tracking"]},
        payment_accounts={row["account"]: PaymentAccount(row["xero_account_id"], row["xero_currency"] or "") for row in rows["Payment"]},
        default_accounts={direction: code for direction, code in defaults.items() if code},
        default_payment_account=PaymentAccount(doc.default_payment_account, "") if doc.default_payment_account else None,
        rounding_account=doc.rounding_account or "",
        no_tax_type=doc.no_tax_type or "",
    )


def _rate(row: dict[str, Any]) -> Any:
    """A rate counts only once it was read from Xero: a fresh row's 0.0 would pass for a zero rate."""
    return decimal(row["xero_rate"]) if row["last_checked"] else None
