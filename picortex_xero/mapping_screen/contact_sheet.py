"""Match contacts as a spreadsheet, and back. A file only links whoever has no link: it merges nobody, changes no link and takes none away; each of its
rows is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from frappe import _

from ..accounting.problems import Problem
from ..accounting.texts import joined
from ..documents.party.contact import PARTIES
from ..documents.party.contact_matches import XeroContact
from ..documents.party.evidence import same_name, single_spaced
from ..engine import contact_cache, contact_links, contact_overview, contact_presses
from ..engine.screen_texts import in_words
from . import spreadsheet

Key = tuple[str, str]
# So many are linked by one press; the file is imported again for the others.
MOST_AT_ONCE = 1000
LINKED, SAME, LATER, REFUSED, LINKS = "linked", "same", "later", "refused", "links"


def columns() -> list[tuple[str, str]]:
    """What each column is called in the reader's language, and what it is read as ("" where it is only to be read)."""
    return [
        (_("DocType"), "doctype"),
        (_("Customer or Supplier"), "party"),
        (_("Name"), ""),
        (_("Tax ID"), ""),
        (_("Email Address"), ""),
        (_("Documents"), ""),
        (_("Contact in Xero"), "contact"),
        ("ContactID", "xero_id"),
        ("ContactNumber", ""),
        (_("Suggested"), ""),
        (_("Suggested ContactID"), ""),
        (_("Confidence"), ""),
        (_("Reason"), ""),
    ]


@dataclass
class Line:
    """A row of a sheet, and what becomes of it: `state` (LINKS before it is taken over, then LINKED; SAME, REFUSED, LATER) with the `problem`."""

    number: int
    key: Key
    state: str
    xero_id: str = ""
    contact: str = ""
    problem: str = ""

    def told(self) -> dict[str, Any]:
        """For the screen."""
        after = self.contact if self.state in (LINKS, LINKED) else ""
        return {"number": self.number, "label": self.key[1], "state": self.state, "after": after, "problem": self.problem}


def export(connection: str, form: str, scope: str, show: str, party_type: str, text: str) -> bytes:
    """The rows of the screen as a sheet."""
    heads = [head for head, _field in columns()]
    return spreadsheet.packed([heads, *_cells(contact_overview.everyone(connection, scope, show, party_type, text))], form)


def _cells(rows: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        linked, best = row["linked"], next(iter(row["matches"]), None)
        contact = [linked["name"], linked["xero_id"], linked["number"]] if linked else ["", "", ""]
        suggested = [best["name"], best["xero_id"], f"{best['score'] / 100:.2f}", best["because"]] if best else ["", "", "", ""]
        yield [row["doctype"], row["party"], row["title"], row["tax_number"], row["email"], row["documents"], *contact, *suggested]


def preview(connection: str, filename: str, content: bytes) -> dict[str, Any]:
    """What the sheet would link, and which of its rows would be refused; nothing is changed."""
    return _answer(_read(connection, filename, content), "")


def apply(connection: str, filename: str, content: bytes) -> dict[str, Any]:
    """Link what the sheet says: `rows` with the state of each, and the `batch` that it is undone by. Throws where something is being sent. Commits."""
    lines = _read(connection, filename, content)
    wanted = [line for line in lines if line.state == LINKS]
    for line in wanted[MOST_AT_ONCE:]:
        line.state = LATER
    press = contact_presses.Press(connection, contact_presses.IMPORTED)
    because = contact_overview.said_by_a_sheet()
    pairs = [((*line.key, line.xero_id), because) for line in wanted[:MOST_AT_ONCE]]
    linked, refused = contact_links.link_all(connection, pairs, press)
    why, done = dict(refused), set(linked)
    for line in wanted[:MOST_AT_ONCE]:
        line.state = LINKED if line.key in done else REFUSED
        line.problem = _said(why[line.key]) if line.key in why else ""
    return _answer(lines, press.known_as)


def _answer(lines: list[Line], batch: str) -> dict[str, Any]:
    counts = {state: sum(line.state == state for line in lines) for state in (LINKS, LINKED, SAME, LATER, REFUSED)}
    return {"rows": [line.told() for line in lines], "batch": batch, **counts}


def _read(connection: str, filename: str, content: bytes) -> list[Line]:
    """The rows of a sheet that say something. Throws where it is no sheet of this screen."""
    numbered = spreadsheet.table(filename, content, [(head, field) for head, field in columns() if field])
    names = {cells["contact"] for _number, cells in numbered if cells["contact"] and not cells["xero_id"]}
    by_name = contact_cache.active_named(connection, names)
    by_id = contact_cache.named(connection, [cells["xero_id"] for _number, cells in numbered if cells["xero_id"]])
    linked = contact_overview.linked(connection)
    lines: list[Line] = []
    seen: dict[Key, int] = {}
    taken: dict[tuple[str, str], Key] = {}
    for number, cells in numbered:
        key = (_doctype(cells["doctype"]), cells["party"])
        line = Line(number, key, SAME)
        lines.append(line)
        if key in seen:
            line.state, line.problem = REFUSED, str(_("It stands in row {0} already").format(seen[key]))
            continue
        seen[key] = number
        if not cells["contact"] and not cells["xero_id"]:
            # A row that says nothing is left as it is: a link is undone on the screen, never by an empty cell.
            continue
        contact, line.problem = _contact(cells, by_name, by_id)
        if contact is None:
            line.state = REFUSED
            continue
        line.xero_id, line.contact = contact.xero_id, contact.name
        if linked.get(key, "").casefold() == contact.xero_id.casefold():
            continue
        line.state = LINKS
        if key[0] not in PARTIES:
            line.problem = str(_("{0} must be one of {1}").format(_("DocType"), ", ".join(PARTIES)))
        elif other := taken.get((key[0], contact.xero_id.casefold())):
            line.problem = str(_("{0} stands in row {1} with the same contact").format(other[1], seen[other]))
        elif problem := contact_links.standing_against(connection, *key, contact.xero_id):
            line.problem = _said(problem)
        else:
            taken[key[0], contact.xero_id.casefold()] = key
        if line.problem:
            line.state = REFUSED
    return lines


def _doctype(written: str) -> str:
    return next((each for each in PARTIES if written.casefold() in (each.casefold(), _(each).casefold())), written)


def _contact(cells: dict[str, str], by_name: dict[str, list[XeroContact]], by_id: dict[str, XeroContact]) -> tuple[XeroContact | None, str]:
    """The contact that a row names, or why that cannot be told."""
    name, xero_id = cells["contact"], cells["xero_id"]
    if xero_id:
        found = by_id.get(xero_id.casefold())
        if found is None:
            return None, str(_("No contact with this ContactID was read from Xero; press Read contacts if it is new"))
        if name and not same_name(found.name, name):
            said = _("The ContactID is that of {0}, and the name is another one: change both, or empty one of the two")
            return None, str(said.format(found.name))
        return found, ""
    several = by_name.get(single_spaced(name).casefold(), [])
    if len(several) == 1:
        return several[0], ""
    if several:
        return None, str(_("{0} contacts of Xero have this name: fill in the ContactID").format(len(several)))
    return None, str(_("No active contact of this name was read from Xero; press Read contacts if it is new"))


def _said(problem: Problem) -> str:
    return in_words(joined(". ", [problem.message, problem.resolution]))
