"""E-mails: queued in the current transaction, as Frappe does by default; a job of its own sends them, which there is none of here."""

from __future__ import annotations

import json
from typing import Any

from frappe.model.document import get_doc


def sendmail(
    recipients: list[str],
    subject: str = "",
    message: str = "",
    attachments: list[dict[str, Any]] | None = None,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
) -> None:
    """Queue one e-mail (a row of Email Queue). Of attachments ({"fname", "fcontent"}) it keeps names and sizes; Frappe 15 makes them part of the message at once."""
    files = [[each["fname"], len(each["fcontent"])] for each in attachments or []]
    about = {"reference_doctype": reference_doctype, "reference_name": reference_name, "attachments": json.dumps(files)}
    get_doc({"doctype": "Email Queue", "recipients": ", ".join(recipients), "subject": subject, "message": message, **about}).insert(
        ignore_permissions=True
    )
