"""Tokens of one Xero user or custom connection, encrypted."""

from __future__ import annotations

from picortex_xero.engine.screen_texts import for_the_reader
from picortex_xero.engine.write_protection import OwnRecord


class XeroAuthorisation(OwnRecord):
    """Written by the app only; people read it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        access_expires_at: DF.Datetime | None
        client_encrypted: DF.SmallText | None
        cure: DF.SmallText | None
        grant_type: DF.Literal["Authorisation Code", "Custom Connection"]
        looked_at: DF.Datetime | None
        opens: DF.Data | None
        pending_encrypted: DF.SmallText | None
        pending_expires_at: DF.Datetime | None
        pending_state_hash: DF.Data | None
        reason: DF.SmallText | None
        reason_parts: DF.Code | None
        refresh_owner: DF.Data | None
        refresh_until: DF.Datetime | None
        refreshed_at: DF.Datetime | None
        refusals: DF.Int
        refused_since: DF.Datetime | None
        scopes: DF.SmallText | None
        site: DF.Data | None
        state: DF.Literal["Authorising", "Active", "Reconnect Needed", "Revoked"]
        subject_key: DF.Data | None
        tokens_encrypted: DF.LongText | None
        trouble: DF.Data | None
        trouble_since: DF.Datetime | None
        try_again_at: DF.Datetime | None
        user: DF.Link | None
    # end: auto-generated types

    def onload(self) -> None:
        """Whoever opens it reads it in his own language; nobody saves it."""
        for_the_reader(self, "reason_parts", "reason")
