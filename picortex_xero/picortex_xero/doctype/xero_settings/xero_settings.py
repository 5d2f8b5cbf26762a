"""Xero Settings: the registered app, and facts of this site. The secret is kept only as ciphertext."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import secrets, settings
from picortex_xero.engine import reserved


class XeroSettings(Document):
    """Single."""

    def validate(self) -> None:
        """Take a newly typed secret away from the form and keep it encrypted. The app at Xero serves every company."""
        reserved.refuse(self, reserved.OF_SETTINGS)
        reserved.restore(self, "client_secret_encrypted")
        if self.new_client_secret or self.has_value_changed("client_id"):
            settings.only_for_every_company()
        if self.new_client_secret:
            self.client_secret_encrypted = secrets.seal({"client_secret": secrets.Hidden(self.new_client_secret.strip())})
            self.new_client_secret = ""
        self.client_id = (self.client_id or "").strip()
        self.secret_is_set = int(bool(self.client_secret_encrypted))
