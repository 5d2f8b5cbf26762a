"""What the app has to know of any Xero object, and of the requests that make, change and take back its records.

A class below this folder says all of that for one object (an invoice, a payment, ...): where it is sent, how its record is found again, what
a person calls it, how it is taken back. Nothing here asks frappe or talks to Xero; which classes there are says `registry`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ...accounting.money import decimal
from ...accounting.texts import Text, _

Element = dict[str, Any]
# How many elements share a request at the most: Xero's advice for one request is 50.
BATCH_LIMIT = 50
# Lets Xero answer for each element of a request by itself, instead of refusing all for one.
EACH = "summarizeErrors=false"
# Four decimals of unit prices; without it Xero rounds them to two, and reads back what it has rounded.
EXACT = "unitdp=4"
GONE = ("VOIDED", "DELETED")


@dataclass(frozen=True)
class Kind:
    """One kind of request: it makes records of an object, changes them, or takes them back. Attempts are stored under its `name`.

    Most carry up to BATCH_LIMIT elements. One that goes `alone` carries a single one and is addressed by the id in its path; the body of a
    `bare` one is the element itself. `listing` is the query that lists the endpoint's records when one is looked for by If-Modified-Since.
    """

    xero_object: XeroObject = field(repr=False)
    name: str
    method: str
    query: str = ""
    alone: bool = False
    bare: bool = False
    listing: str = ""

    @property
    def undo(self) -> bool:
        """Whether it takes a record back: voids or deletes it."""
        return self.xero_object.undone_by is self

    @property
    def revises(self) -> bool:
        """Whether it changes a record that is linked already."""
        return self.xero_object.updated_by is self

    @property
    def endpoint(self) -> str:
        """Where it is sent, which is also the array's name in bodies and answers."""
        return self.xero_object.made_at or self.home if self.xero_object.made_by is self else self.home

    @property
    def home(self) -> str:
        """The endpoint that links name."""
        return self.xero_object.endpoint

    @property
    def id_field(self) -> str:
        """The field of an element that shows the id of its record."""
        return self.xero_object.id_field

    @property
    def id_fields(self) -> tuple[str, ...]:
        """The fields in which a saved element may show an id: that of its record, and that of what it was made as."""
        made_as = self.xero_object.made_as_id if self.xero_object.made_by is self else ""
        return tuple(dict.fromkeys(name for name in (self.id_field, made_as) if name))

    @property
    def nested(self) -> bool:
        """Whether it is sent below another record, whose path the work gives."""
        return self.xero_object.nested

    @property
    def paged(self) -> bool:
        """Whether Xero lists the endpoint page by page."""
        return self.xero_object.paged

    @property
    def extra(self) -> bool:
        """Whether it only adds something to what another step made."""
        return self.xero_object.extra

    @property
    def raw(self) -> bool:
        """Whether its body is a file's own bytes."""
        return self.xero_object.raw

    def path(self, xero_id: str = "") -> str:
        """Path and query below /api.xro/2.0/."""
        return self.endpoint + (f"/{xero_id}" if self.alone and xero_id else "") + (f"?{self.query}" if self.query else "")

    def path_below(self, parent: str) -> str:
        """Path and query of a nested kind below the record at `parent` ("CreditNotes/<id>")."""
        return f"{parent}/{self.xero_object.below or self.endpoint}" + (f"?{self.query}" if self.query else "")

    def body(self, elements: list[Element]) -> Element:
        """The request body around the elements of one batch."""
        return elements[0] if self.bare else {self.endpoint: elements}


class XeroObject(ABC):
    """All that is known of one object in Xero. It has no state: the registry holds one of each class."""

    # Where its records are. `endpoint` is what links name; the last part of it for an object below another one.
    endpoint: ClassVar[str]
    # The field of an element that shows its id.
    id_field: ClassVar[str]
    # The endpoint it is made at, and the field of the id it has there, where these are others: an overpayment is made as a bank transaction.
    made_at: ClassVar[str] = ""
    made_as_id: ClassVar[str] = ""
    # It is sent below another record ("CreditNotes/<id>/Allocations"); `below` is what the path says where that is not the endpoint.
    nested: ClassVar[bool] = False
    below: ClassVar[str] = ""
    # Xero lists it page by page.
    paged: ClassVar[bool] = True
    # Xero lists many of them by their ids in one call ("?IDs=").
    listed_by_ids: ClassVar[bool] = False

    # Its lines are read with all decimals of their prices, or a comparison with what was sent would find differences that are none.
    read_exactly: ClassVar[bool] = False

    # The requests of it; attempts name them.
    made_by: Kind
    undone_by: Kind | None = None
    updated_by: Kind | None = None

    # Which fields of a marker find its record again. A url's mark, a number or our name in a text is a token; the rest is compared.
    marker_fields: ClassVar[tuple[str, ...]] = ()
    # What its number (or name) is read from, the first that it shows.
    number_fields: ClassVar[tuple[str, ...]] = ()
    # By which number of its marker a record is looked up that Xero says exists already; () where Xero knows no such refusal.
    looked_up_by: ClassVar[tuple[str, ...]] = ()
    # What a record without our token has to show, and to agree in (and in one of the second), before a person has to look at it.
    alike_in: ClassVar[tuple[str, ...]] = ()
    alike_in_one_of: ClassVar[tuple[str, ...]] = ()
    # Its total is compared, too: Xero works it out from the lines that are sent.
    has_total: ClassVar[bool] = False
    # Our name alone does not tell its records apart (releases of one invoice): the whole text must be there.
    told_by_whole_text: ClassVar[bool] = False
    # Nothing marks it: it is known by its target and amount alone.
    unmarked: ClassVar[bool] = False
    # Only its own token tells whose it is: one that merely looks alike is nobody's concern.
    told_by_token_only: ClassVar[bool] = False
    # Several host documents may share one of its records.
    shared: ClassVar[bool] = False

    # What it is in a sentence ("the overpayment of PE-1").
    noun: ClassVar[Text]
    # What a person calls it and the page that shows it in Xero, by the host document it came from; "" stands for every one.
    names: ClassVar[Mapping[str, Text]] = {}
    pages: ClassVar[Mapping[str, str]] = {}

    # What hangs on something else is taken back first: what is applied or paid cannot be voided.
    undo_rank: ClassVar[int] = 2
    # Which status a record is taken back to, by the one it has; `undone_else` from any other one, "" where that cannot be done.
    undone_to: ClassVar[Mapping[str, str]] = {}
    undone_else: ClassVar[str] = ""
    # What goes back with the new status as it was read, because Xero's description demands it even there.
    kept_on_undo: ClassVar[tuple[str, ...]] = ()
    # What a person does in Xero to remove one.
    removed_by: ClassVar[Text] = _("Void")

    # How a payment or an allocation names one that it is of ("Invoice"); "" where it can be of none.
    named_in_payments: ClassVar[str] = ""
    # What Xero calls the rest of it that is still to be paid, or to be used.
    left_field: ClassVar[str] = ""
    # Money that was received or paid in advance: it stays in Xero, only what is allocated of it moves.
    is_advance: ClassVar[bool] = False
    # It settles something else.
    settles: ClassVar[bool] = False
    # Fields that are sent when its document has changed here.
    changeable: ClassVar[tuple[str, ...]] = ()

    # It takes notes in its history; Xero shows a link back to our document by itself; it takes files.
    takes_notes: ClassVar[bool] = False
    shows_link: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    # It is only added to a record that is there already, a note or a file: it gets no link and is never undone, goes only while nothing
    # else is due, and where it fails it is Skipped with the reason, for it is no part of the books.
    extra: ClassVar[bool] = False
    # Its body is a file's own bytes.
    raw: ClassVar[bool] = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All requests of it."""
        return tuple(kind for kind in (self.made_by, self.undone_by, self.updated_by) if kind is not None)

    @abstractmethod
    def facts(self, element: Element) -> Element:
        """What an element (or the body of one) says of its record, by name: that is compared with what was sent. What it does not say is
        empty."""

    def called(self, doctype: str) -> Text:
        """What a person calls the record that a document of this doctype became."""
        return self.names.get(doctype) or self.names.get("") or _("Record")

    def page(self, doctype: str) -> str:
        """The page that shows it in Xero, up to its id; "" where there is none."""
        return self.pages.get(doctype) or self.pages.get("") or ""

    def page_id(self, xero_id: str, marker: Mapping[str, Any]) -> str:
        """The id by which its page is opened; `marker` is what its link keeps of it."""
        return xero_id

    def undone(self, status: str) -> str:
        """The status that takes a record back from the one that Xero shows; "" where that cannot be done."""
        return self.undone_to.get(status, self.undone_else)

    def left(self, element: Element) -> Any:
        """What is still to be paid of it, or to be used."""
        return decimal(element.get(self.left_field)) if self.left_field else decimal(0)

    def number(self, element: Element) -> str:
        """The number (or name) that an element shows, "" for none."""
        return next((text for name in self.number_fields if isinstance(text := element.get(name), str) and text), "")

    def added_to(self, document: str, element: Element) -> Text:
        """What an extra has added to a document's record, in words."""
        return _("The {noun} of {document}").format(noun=self.noun, document=document)
