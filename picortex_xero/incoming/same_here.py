"""Whether a document here is still what somebody has entered in Xero: when, with whom and how much. On which accounts it is booked may differ: that is why it comes as a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _, amount, day, joined
from .document import IncomingDocument
from .entry import IncomingEntry

EDITED = "edited-draft"
Doc = Mapping[str, Any]


def document_differs(found: IncomingDocument, party: str, doc: Doc, agreed: str = "") -> tuple[Text, ...]:
    """What differs between an invoice or bill here and the one in Xero, in words; a total that nobody has worked out differs from none. `party`: whose it is, "" where
    nobody here is matched with its contact; `agreed`: the day here (yyyy-mm-dd) of which a person has said that it is the same all the same."""
    total = abs(decimal(doc.get("rounded_total")) or decimal(doc.get("grand_total")))
    whose = str(doc.get("customer" if found.sells else "supplier") or "")
    said = [
        dated(found.date, doc, agreed),
        _total(found.total, total) if total else NONE,
        _party(party, whose) if party and party != whose else NONE,
    ]
    if found.currency and doc.get("currency") and found.currency != doc["currency"]:
        said.append(_("in {here} here, in {there} in Xero").format(here=str(doc["currency"]), there=found.currency))
    if bool(doc.get("is_return")) != found.credit:
        said.append(_("a credit note on one side only"))
    return tuple(each for each in said if each is not NONE)


def entry_differs(found: IncomingEntry, voucher: Doc | None, doc: Doc, *, accounts: bool = False, agreed: str = "") -> tuple[Text, ...]:
    """The same of a journal. `voucher`: what would be made of the record today, None where nothing can be; `accounts`: also on which accounts it is booked."""
    said = [dated(found.date, doc, agreed)]
    if voucher:
        there, here = _by(voucher, "account"), _by(doc, "account")
        said.append(_total(_debits(voucher), _debits(doc)))
        bank = voucher["accounts"][0]["account"] if found.bank else ""
        if bank and there.get(bank) != here.get(bank):
            said.append(_("{account} is moved otherwise").format(account=bank))
        if _by(voucher, "party") != _by(doc, "party"):
            said.append(_("it names other parties"))
        if accounts and there != here:
            said.append(_("it is booked on other accounts"))
    return tuple(each for each in said if each is not NONE)


def edited(what: Text, name: str, found: Iterable[Text]) -> Problem:
    """Why what was made of a record is a person's: it was changed here before it was submitted, or does not follow what was changed there."""
    return Problem(
        EDITED,
        _("{name} came from Xero ({what}) and is otherwise than there: {found}").format(name=name, what=what, found=joined("; ", found)),
        _(
            "See who is right. Change it in Xero and press Retry in Entered in Xero; or cancel and amend {name} as it is in Xero. Or leave both, and press Done by Hand in Entered in Xero"
        ).format(name=name),
    )


def dated(there: str, doc: Doc, agreed: str = "") -> Text:
    """That the days differ; NONE where they do not, or a person has agreed to the one here."""
    here = str(doc.get("posting_date") or "")[:10]
    return NONE if here in (there, agreed) else _("dated {here} here, {there} in Xero").format(here=day(here), there=day(there))


def _total(there: Decimal, here: Decimal) -> Text:
    if here == there:
        return NONE
    return _("{here} here, {there} in Xero").format(here=amount(f"{here:.2f}"), there=amount(f"{there:.2f}"))


def _party(there: str, here: str) -> Text:
    return _("of {here} here, of {there} in Xero").format(here=here or _("(none)"), there=there)


def _debits(doc: Doc) -> Decimal:
    return sum((decimal(row.get("debit")) for row in doc.get("accounts") or []), ZERO)


def _by(doc: Doc, name: str) -> dict[str, Decimal]:
    """What is moved, debit positive, by what its rows say under this name; rows without it count nowhere."""
    found: dict[str, Decimal] = {}
    for row in doc.get("accounts") or []:
        if row.get(name):
            found[row[name]] = found.get(row[name], ZERO) + decimal(row.get("debit")) - decimal(row.get("credit"))
    return {key: value for key, value in found.items() if value}
