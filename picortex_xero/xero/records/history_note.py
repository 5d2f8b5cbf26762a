"""Notes in the history of a record: they can only be added, never changed or removed."""

from __future__ import annotations

from ...accounting.texts import Text, _
from .base import Element, Kind, XeroObject


class HistoryNote(XeroObject):
    """Found by the app's mark in its text. It has no id; "Details" stands for one, which every answer has."""

    endpoint, id_field, noun = "HistoryRecords", "Details", _("note")
    nested, below = True, "History"
    marker_fields = ("Mark",)
    told_by_token_only = True
    extra = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "note", "PUT", alone=True)

    def compared_fields(self, element: Element) -> Element:
        return {}

    def added_to(self, document: str, element: Element) -> Text:
        return _("A note about {document}").format(document=document)
