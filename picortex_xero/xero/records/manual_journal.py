"""Manual journals: journal entries that no other Xero object fits, and releases of deferred amounts."""

from __future__ import annotations

from ...accounting.texts import _
from .base import EACH, Element, Kind, XeroObject
from .xero_element import calendar_date, line_amounts


class ManualJournal(XeroObject):
    """Found by the mark in its Url, else by its whole Narration. It has neither a number nor a total."""

    endpoint, id_field, noun = "ManualJournals", "ManualJournalID", _("manual journal")
    read_each = 6
    marker_fields = ("Url", "Narration", "Date")
    alike_in = ("Date", "Lines")
    told_by_whole_text = True
    names = {"": _("Manual journal")}
    # The address is the one that Xero's MCP server uses, there without the organisation's short code.
    pages = {"": "Journal/View.aspx?invoiceID="}
    undone_to = {"POSTED": "VOIDED", "DRAFT": "DELETED"}
    reversed_by_hand = _("In Xero, dated in the open period, enter its lines once more with debits and credits exchanged")
    kept_on_undo = ("Narration",)
    takes_notes = shows_link = takes_files = True

    def __init__(self) -> None:
        self.made_by = Kind(self, "manual-journal", "PUT", EACH)
        self.undone_by = Kind(self, "void-journal", "POST", EACH)

    def compared_fields(self, element: Element) -> Element:
        return {"Date": calendar_date(element), "Lines": line_amounts(element)}
