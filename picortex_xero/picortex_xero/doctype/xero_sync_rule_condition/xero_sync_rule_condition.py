"""One condition of a Xero Sync Rule."""

from __future__ import annotations

from frappe.model.document import Document


class XeroSyncRuleCondition(Document):
    """Checked by its rule."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        field_name: DF.Data
        joined: DF.Literal["and", "or"]
        operator: DF.Literal["=", "!=", ">", ">=", "<", "<=", "in", "not in", "contains", "is set", "is not set", "is or is below"]
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        value: DF.SmallText | None
    # end: auto-generated types
