"""What the app has to know of any Xero object, and of the requests that make, change and take back its records.

Each class in this folder says all of that for one object (an invoice, a payment, ...): its endpoint, how its record is found again, what
people call it, how it is taken back. Nothing here imports frappe or calls Xero; `registry` lists the classes.

A record's marker holds the fields by which it is found again. Its token is what of them proves whose it is: the mark that the app puts into
a Url, a number, or the document's name in a text. The rest is only compared.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import quote

from ...accounting.money import decimal
from ...accounting.texts import Text, _

Element = dict[str, Any]
# The most elements in one request: Xero's documentation recommends 50.
BATCH_LIMIT = 50
# Xero then answers for each element of a request by itself, instead of refusing all because of one.
EACH = "summarizeErrors=false"
# Unit prices with four decimals; without it Xero rounds them to two, when writing and when reading.
EXACT = "unitdp=4"
GONE = ("VOIDED", "DELETED")


@dataclass(frozen=True)
class Kind:
    """One kind of request: it makes records of an object, changes them, or takes them back. Attempts are stored under its `name`.

    Most carry up to BATCH_LIMIT elements. One that is `alone` carries a single element and is addressed by the id in its path; the body of
    a `bare` one is the element itself. `listing` is the query with which the endpoint's records are listed by If-Modified-Since.
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
        """The endpoint it is sent to, which is also the name of the array in bodies and answers."""
        return self.xero_object.made_at or self.home if self.xero_object.made_by is self else self.home

    @property
    def home(self) -> str:
        """The endpoint as links name it."""
        return self.xero_object.endpoint

    @property
    def id_field(self) -> str:
        """The field of an element that holds the id of its record."""
        return self.xero_object.id_field

    @property
    def id_fields(self) -> tuple[str, ...]:
        """The fields in which a saved element may show an id: its record's own, and that of what it was made as."""
        made_as = self.xero_object.made_as_id if self.xero_object.made_by is self else ""
        return tuple(dict.fromkeys(name for name in (self.id_field, made_as) if name))

    @property
    def nested(self) -> bool:
        """Whether it is sent below another record; the plan gives that path."""
        return self.xero_object.nested

    @property
    def paged(self) -> bool:
        """Whether Xero lists the endpoint page by page."""
        return self.xero_object.paged

    @property
    def extra(self) -> bool:
        """Whether it only adds a note or a file to a record."""
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
    """What is known of one object in Xero. Without state: the registry holds one instance of each class."""

    # The endpoint of its records, as links name it; for an object below another one the last part of the path.
    endpoint: ClassVar[str]
    # The field of an element that holds its id.
    id_field: ClassVar[str]
    # The endpoint it is made at, and the field of its id there, where these differ: an overpayment is made as a bank transaction.
    made_at: ClassVar[str] = ""
    made_as_id: ClassVar[str] = ""
    # It is sent below another record ("CreditNotes/<id>/Allocations"); `below` is what the path says where that is not the endpoint.
    nested: ClassVar[bool] = False
    below: ClassVar[str] = ""
    # Xero lists it page by page.
    paged: ClassVar[bool] = True
    # Xero lists many of them by their ids in one call ("?IDs=").
    listed_by_ids: ClassVar[bool] = False

    # What changed in Xero is read so often (inbound/pace.py), in hours; 0: never, since it has no list of its own.
    read_each: ClassVar[int] = 0
    # The query with which that is read, where it is not the listing of its own kind.
    changes: ClassVar[str] = ""
    # Somebody may have to approve it in Xero, and what settles it waits for that.
    approved: ClassVar[bool] = False

    # Its lines are read with all decimals of their prices (EXACT); rounded prices would look like differences.
    read_exactly: ClassVar[bool] = False

    # Its kinds of requests.
    made_by: Kind
    undone_by: Kind | None = None
    updated_by: Kind | None = None

    # The fields of its marker.
    marker_fields: ClassVar[tuple[str, ...]] = ()
    # The fields for its number (or name); the first one with a text counts.
    number_fields: ClassVar[tuple[str, ...]] = ()
    # The number by which to look up a record that Xero says exists already; () where Xero never says so.
    looked_up_by: ClassVar[tuple[str, ...]] = ()
    # A record without a token is shown to a person only if it agrees in all of the first (and in one of the second).
    alike_in: ClassVar[tuple[str, ...]] = ()
    alike_in_one_of: ClassVar[tuple[str, ...]] = ()
    # Its total is compared too: Xero computes it from the lines that are sent.
    has_total: ClassVar[bool] = False
    # The document's name does not tell its records apart (releases of one invoice): the whole text must agree.
    told_by_whole_text: ClassVar[bool] = False
    # It has no token: it is recognised by what it settles and its amount.
    unmarked: ClassVar[bool] = False
    # Only its token counts: a record that merely looks alike is not shown to a person.
    told_by_token_only: ClassVar[bool] = False
    # Several ERPNext documents may share one record.
    shared: ClassVar[bool] = False

    # Its name inside a sentence ("the overpayment of PE-1").
    noun: ClassVar[Text]
    # Its name on screens and its page in Xero, by the DocType it came from; "" stands for every DocType.
    names: ClassVar[Mapping[str, Text]] = {}
    pages: ClassVar[Mapping[str, str]] = {}

    # Lower ranks are taken back first: Xero voids nothing that is paid or has allocations.
    undo_rank: ClassVar[int] = 2
    # The status that takes a record back, by the status it has; `undone_else` for any other, "" where that cannot be done.
    undone_to: ClassVar[Mapping[str, str]] = {}
    undone_else: ClassVar[str] = ""
    # What a person enters on an open day where the record cannot be taken back, because its period is locked.
    reversed_by_hand: ClassVar[Text] = _(
        "The payment stays in Xero. There, dated in the open period, enter the money once more the other way round in the same bank account (spend instead of receive, or receive instead of spend) on a clearing account, and an invoice or bill of the same amount for the contact on that account, so that it is owed again"
    )
    # Fields that are sent back unchanged with the new status, because Xero's OpenAPI files require them.
    kept_on_undo: ClassVar[tuple[str, ...]] = ()
    # What a person does in Xero to remove one.
    removed_by: ClassVar[Text] = _("Void")

    # The field by which a payment or an allocation names it ("Invoice"); "" where it can have none.
    named_in_payments: ClassVar[str] = ""
    # Xero's field for what is still to be paid, or to be used.
    left_field: ClassVar[str] = ""
    # It moves money, of which Xero keeps no drafts.
    moves_money: ClassVar[bool] = False
    # Money received or paid in advance: it stays in Xero, only its allocations are taken back.
    is_advance: ClassVar[bool] = False
    # It settles another record.
    settles: ClassVar[bool] = False
    # Fields that are sent when its ERPNext document has changed.
    changeable: ClassVar[tuple[str, ...]] = ()

    # Whether it takes notes in its history; whether Xero shows its Url as a link to the document; whether it takes files.
    takes_notes: ClassVar[bool] = False
    shows_link: ClassVar[bool] = False
    takes_files: ClassVar[bool] = False
    # A note or a file, which is only added to an existing record: it gets no link, is never taken back, is sent only while nothing
    # else is due, and is Skipped with the reason where it fails, since it is no part of the books.
    extra: ClassVar[bool] = False
    # Its body is a file's own bytes.
    raw: ClassVar[bool] = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds of requests for it."""
        return tuple(kind for kind in (self.made_by, self.undone_by, self.updated_by) if kind is not None)

    @abstractmethod
    def compared_fields(self, element: Element) -> Element:
        """The facts of an element (or of a request's element), by name: those of both are compared. What the element does not show is left
        out."""

    def called(self, doctype: str) -> Text:
        """What people call the record that a document of this doctype became."""
        return self.names.get(doctype) or self.names.get("") or _("Record")

    def page(self, doctype: str) -> str:
        """The address of its page in Xero, up to its id; "" where there is none."""
        return self.pages.get(doctype) or self.pages.get("") or ""

    def page_id(self, xero_id: str, marker: Mapping[str, Any]) -> str:
        """The id in the address of its page; `marker` is what its link stores."""
        return xero_id

    def numbered(self, *numbers: str) -> str:
        """The query of the list that shows the records with these numbers. The path of a single record takes its id alone (Xero's OpenAPI
        description, "Retrieves a specific sales invoice or purchase bill using a unique InvoiceID")."""
        said = [number.replace('"', '\\"') for number in numbers]
        return "where=" + quote(" OR ".join(f'{self.looked_up_by[0]}=="{each}"' for each in said), safe="")

    def together(self, number: str, other: str) -> bool:
        """Whether one query can ask for both numbers."""
        return True

    def undone(self, status: str) -> str:
        """The status that takes a record back, by the status that Xero shows; "" where it cannot be taken back."""
        return self.undone_to.get(status, self.undone_else)

    def left(self, element: Element) -> Any:
        """What is still to be paid, or to be used, in the record's currency."""
        return decimal(element.get(self.left_field)) if self.left_field else decimal(0)

    def number(self, element: Element) -> str:
        """The number (or name) that an element shows, "" for none."""
        return next((text for name in self.number_fields if isinstance(text := element.get(name), str) and text), "")

    def settled(self, marker: Mapping[str, Any]) -> list[str]:
        """The ids of the invoices, credit notes, over- and prepayments that a record settles, each once; empty where it settles none.
        `marker` is what its link stores."""
        named = [str(marker[name]) for name in ("InvoiceID", "CreditID") if marker.get(name)] if self.settles else []
        return list(dict.fromkeys(named))

    def amount_on(self, xero_id: str, marker: Mapping[str, Any]) -> Decimal:
        """How much of a record that it settles a payment or an allocation pays or uses, in that one's currency."""
        return decimal(marker.get("Amount"))

    def added_to(self, document: str, element: Element) -> Text:
        """What an extra has added to a document's record, in words."""
        return _("The {noun} of {document}").format(noun=self.noun, document=document)
