"""Xero Settings: the registered app with its webhook, and facts of this site. Secrets are kept only as ciphertext."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.attention import whom_to_ask
from picortex_xero.connection import encryption, resuming, settings
from picortex_xero.engine import write_protection


class XeroSettings(Document):
    """Single."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        client_id: DF.Data | None
        client_secret_encrypted: DF.SmallText | None
        instance_id: DF.Data | None
        new_client_secret: DF.Data | None
        new_webhook_key: DF.Data | None
        redirect_uri: DF.Data | None
        secret_is_set: DF.Check
        webhook_address: DF.Data | None
        webhook_key_encrypted: DF.SmallText | None
        webhook_key_is_set: DF.Check
    # end: auto-generated types

    def onload(self) -> None:
        """The callback address as it will be sent now: a proxy or host_name may have come since it was stored; and whether Xero takes it."""
        self.redirect_uri = settings.redirect_uri()
        self.webhook_address = settings.webhook_address()
        self.set_onload("refused_address", settings.refused_address())
        self.set_onload("whom_to_ask", whom_to_ask.of_settings())

    def validate(self) -> None:
        """Take a newly typed secret away from the form and keep it encrypted. The app at Xero serves every company."""
        # What the form shows of the address is worked out anew each time, and nobody's change.
        for shown in ("redirect_uri", "webhook_address"):
            write_protection.restore(self, shown)
        write_protection.refuse(self, write_protection.OF_SETTINGS)
        for stored in ("client_secret_encrypted", "webhook_key_encrypted"):
            write_protection.restore(self, stored)
        if self.new_client_secret or self.new_webhook_key or self.has_value_changed("client_id"):
            settings.only_for_every_company()
        if self.new_client_secret:
            self.client_secret_encrypted = encryption.encrypted({"client_secret": encryption.SecretText(self.new_client_secret.strip())})
            self.new_client_secret = ""
        if self.new_webhook_key:
            self.webhook_key_encrypted = encryption.encrypted({"webhook_key": encryption.SecretText(self.new_webhook_key.strip())})
            self.new_webhook_key = ""
        self.client_id = (self.client_id or "").strip()
        self.secret_is_set = int(bool(self.client_secret_encrypted))
        self.webhook_key_is_set = int(bool(self.webhook_key_encrypted))

    def on_update(self) -> None:
        """What Xero refused for the sake of the former id or secret is tried again at once."""
        if self.has_value_changed("client_id") or self.has_value_changed("client_secret_encrypted"):
            resuming.app_changed()
