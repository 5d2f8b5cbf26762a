"""Contacts: a customer, a supplier, or anyone else whom money goes to or comes from.

A contact is never taken back; a party that is disabled in ERPNext stays a contact in Xero. A customer and a supplier may share one.
"""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .xero_element import fold


class Contact(XeroObject):
    """Found by ContactNumber, which the app sets, or by its name, which is unique in Xero."""

    endpoint, id_field, noun = "Contacts", "ContactID", _("contact")
    read_each = 8
    marker_fields = ("ContactNumber",)
    number_fields = ("Name",)
    looked_up_by = ("ContactNumber",)
    # Xero allows no second contact of the same name.
    told_by_token_only = True
    shared = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "contact", "PUT", EACH, listing="includeArchived=true")
        self.updated_by = Kind(self, "update-contact", "POST", EACH)

    def compared_fields(self, element: Element) -> Element:
        return {"Name": fold(element.get("Name"))}
