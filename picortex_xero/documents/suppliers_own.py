"""A bill, or a supplier's credit note, that somebody may have entered in Xero already.

Xero takes a second one of the same number, so it is asked for those of the supplier's own number first. One that is linked with nothing is shown to a
person before anything is sent (engine/sent_before). Suppliers use a number again (an account number, "Rent"), but hardly for another total on a far day;
people mistype a figure or a date, and Xero rounds otherwise. What one types as "INV 7" another types as "inv7": upper and lower case and blanks make no
other number. Documents of ERPNext are not compared with each other: whether a supplier's number may stand twice there is ERPNext's own setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..accounting.plain_text import one_line
from ..accounting.texts import Text, _
from ..xero.records import xero_element
from ..xero.records.base import Element
from .translation import Translation

# (endpoint, ContactID, the supplier's own number)
Numbered = tuple[str, str, str]
NEAR = timedelta(days=31)
# Where a number goes over from letters to figures, or back: people put a blank there, or leave it out.
TURNS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def compact(number: Any) -> str:
    """A supplier's number as it is compared: without blanks, upper and lower case alike."""
    return xero_element.fold(number).replace(" ", "")


def spellings(number: str) -> tuple[str, ...]:
    """How Xero is asked for a supplier's number, whose lists are asked by the whole number: as it is, without blanks, and with one wherever letters and
    figures meet. Its lists make no difference between upper and lower case."""
    without = "".join(number.split())
    return tuple(dict.fromkeys((number, without, one_line(TURNS.sub(" ", without)))))


@dataclass(frozen=True)
class SuppliersOwn:
    """What a document of a supplier's is recognised by in Xero: the supplier's own `number` of it, and its `days` (yyyy-mm-dd): where it is posted on
    another day than the paper has, people may have typed either."""

    endpoint: str
    number: str
    days: frozenset[str]

    def place(self, made: Translation) -> Numbered:
        """Where Xero is asked for it."""
        return self.endpoint, str(made.body["Contact"]["ContactID"]), self.number

    def like(self, made: Translation, elements: Iterable[Element]) -> list[Element]:
        """Those of the elements that may be the document `made`: of its type, number, supplier and currency, and of its total or near its date."""
        body = made.body
        number_field = "InvoiceNumber" if "InvoiceNumber" in body else "CreditNoteNumber"
        return [
            each
            for each in elements
            if xero_element.fold(each.get("Type")) == xero_element.fold(body["Type"])
            and compact(each.get(number_field)) == compact(self.number)
            and xero_element.contact_id(each) == str(body["Contact"]["ContactID"]).casefold()
            and xero_element.fold(each.get("CurrencyCode")).upper() in ("", body["CurrencyCode"])
            and (xero_element.money(each.get("Total")) == xero_element.money(made.total) or self._near(xero_element.calendar_date(each)))
        ]

    def asked_for(self) -> Text:
        """What the list is called in which they are looked for."""
        return _("Records of {number}").format(number=self.number)

    def _near(self, day: str) -> bool:
        return not day or any(abs(date.fromisoformat(day) - date.fromisoformat(each)) <= NEAR for each in self.days)


@dataclass(frozen=True)
class OwnNumber(SuppliersOwn):
    """A sale of an import of history: whoever kept the books in Xero before may have entered it there under its number. Xero gives the number of a sale once,
    whoever the contact is, and so it is asked for by the number alone."""

    def place(self, made: Translation) -> Numbered:
        """Where Xero is asked for it."""
        return self.endpoint, "", self.number

    def like(self, made: Translation, elements: Iterable[Element]) -> list[Element]:
        """Those of its type and number."""
        field = "InvoiceNumber" if "InvoiceNumber" in made.body else "CreditNoteNumber"
        wanted = xero_element.fold(made.body["Type"]), xero_element.fold(self.number)
        return [each for each in elements if (xero_element.fold(each.get("Type")), xero_element.fold(each.get(field))) == wanted]


def own_number(doc: dict[str, Any], endpoint: str, number: str) -> OwnNumber:
    """The same of a Sales Invoice or its return that an import of history brings."""
    return OwnNumber(endpoint, number, frozenset([str(doc["posting_date"])]))


def suppliers_own(doc: dict[str, Any], endpoint: str, number: str) -> SuppliersOwn:
    """The same of a Purchase Invoice or its return, of which the supplier's number is known."""
    return SuppliersOwn(endpoint, number, frozenset(str(doc[name]) for name in ("posting_date", "bill_date") if doc.get(name)))
