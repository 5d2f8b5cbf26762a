"""Who approves in the place of somebody who is away, from one day to another."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import approvers


class XeroDeputy(Document):
    """An approver names his own deputy; a Xero Admin anyone's."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        deputy: DF.Link
        first_day: DF.Date
        last_day: DF.Date
        person: DF.Link
    # end: auto-generated types

    def validate(self) -> None:
        """Both are people who may approve, and the days are in order."""
        approvers.check_deputy(self)
