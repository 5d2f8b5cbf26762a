"""Files of a record: the document's print, or what people attached to it. A file replaces one of the same name."""

from __future__ import annotations

from ...accounting.texts import Text, _
from .base import Element, Kind, XeroObject


class Attachment(XeroObject):
    """Found by its name, which says which file of which document it is."""

    endpoint, id_field, noun = "Attachments", "AttachmentID", _("file")
    nested = True
    marker_fields = ("FileName",)
    told_by_token_only = True
    extra = raw = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "attachment", "PUT", alone=True, bare=True)

    def compared_fields(self, element: Element) -> Element:
        return {}

    def added_to(self, document: str, element: Element) -> Text:
        return _("The file {file} of {document}").format(file=element.get("FileName"), document=document)
