"""Contacts: a customer, a supplier, or whoever else money goes to or comes from.

A contact is never taken back, and what is switched off here stays a contact there. A customer and a supplier may share one.
"""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .elements import fold


class Contact(XeroObject):
    """Found by ContactNumber, which is ours, or by its name, of which Xero has only one."""

    endpoint, id_field, noun = "Contacts", "ContactID", _("contact")
    marker_fields = ("ContactNumber",)
    number_fields = ("Name",)
    looked_up_by = ("ContactNumber",)
    # No second contact of a name can be made.
    told_by_token_only = True
    shared = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "contact", "PUT", EACH, listing="includeArchived=true")

    def facts(self, element: Element) -> Element:
        return {"Name": fold(element.get("Name"))}
