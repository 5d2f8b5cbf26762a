"""E-mails: queued in the current transaction, as Frappe does by default; a job of its own sends them, which there is none of here."""

from __future__ import annotations

from frappe.model.document import get_doc


def sendmail(recipients: list[str], subject: str = "", message: str = "") -> None:
    """Queue one e-mail (a row of Email Queue)."""
    get_doc({"doctype": "Email Queue", "recipients": ", ".join(recipients), "subject": subject, "message": message}).insert(
        ignore_permissions=True
    )
