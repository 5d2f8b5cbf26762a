"""A row of a Xero Connection: how somebody is told what needs a person (attention/people.py)."""

from __future__ import annotations

from frappe.model.document import Document


class XeroPersonTold(Document):
    """Belongs to its Xero Connection."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        how: DF.Literal["In the Desk", "In the Desk and by e-mail", "Not at all"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        user: DF.Link
    # end: auto-generated types
