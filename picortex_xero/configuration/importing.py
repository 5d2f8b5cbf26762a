"""Taking over a file: settings and mappings into any company, and what ties documents to records into the same one after a reinstall. A file is read
whole before anything is changed; then all of it is one transaction. What cannot be matched here is listed and left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _

from ..compat import let_pass
from ..connection import history, tax_sign_off
from ..documents.identity import Identity, moment
from ..engine import heartbeat
from ..engine.clock import now
from ..engine.screen_texts import html
from ..engine.wake import after_saving
from ..mapping_screen import changes, saving
from ..mapping_screen.kinds import FEES, KINDS, Key
from . import (
    bank_import,
    bank_rows,
    cash_rows,
    checks,
    compare,
    file,
    mapped,
    parts,
    rules_import,
    rules_rows,
    settings_rows,
    sync_settings_rows,
    tables,
    ties,
)
from .compare import Content
from .file import Row
from .mapped import Books, Taken
from .tables import Table, Wrong

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
SAVEPOINT = "picortex_xero_configuration"
JOB = "picortex_xero.engine.jobs.import_configuration"
QUEUE, JOB_SECONDS = "long", 1500
# A file of more parts is taken over by a job: a request may last two minutes.
AT_ONCE = 4
# Neither waiting in the queue nor at work any more.
NO_LONGER_RUNNING = timedelta(hours=1)
RUNNING, DONE, STOPPED = "Running", "Done", "Stopped"
HELD = {
    file.SETTINGS, file.PEOPLE, file.MAPPINGS, file.SYNC_SETTINGS, file.RULES, file.RULE_CONDITIONS, file.CASH_CHOICES, *bank_import.SECTIONS, "connections",
}  # fmt: skip
MOST_HELD = 50_000


def read(connection: str, upload: str) -> Content:
    """The file, checked to its last byte; its ties are only counted. Throws, with what is wrong; changes nothing."""
    content, of_rows = Content(), 0
    for section, row in file.read(parts.lines(connection, upload)):
        content.counted[section] = content.counted.get(section, 0) + 1
        if section == file.ABOUT:
            content.told.about = row
        elif section in HELD:
            of_rows += 1
            getattr(content, section).append(row)
        elif section == tables.LINKS.section:
            content.told.known.add(str(row.get("xero_id") or "").casefold())
        if of_rows > MOST_HELD:
            frappe.throw(_("This file is too large"))
    if not _is_whole(content):
        frappe.throw(
            _(
                "This file is not as it was exported: it was edited, or damaged on the way. Use the file as Export Configuration has made it. Nothing was changed"
            )
        )
    content.told.connection = content.connections[0] if content.connections else {}
    return content


def _is_whole(content: Content) -> bool:
    """Whether what a file always says is there."""
    about = content.told.about
    named = all(isinstance(about.get(name), dict) for name in ("company", "organisation")) and isinstance(about.get("exported_at"), str)
    mappings = all(row.get("mapping") in KINDS and row["mapping"] in mapped.IN_FILE for row in content.mappings)
    rules = sync_settings_rows.are_sound(content.sync_settings) and rules_rows.are_sound(content.rules, content.rule_conditions)
    return (
        named
        and mappings
        and rules
        and cash_rows.are_sound(content.cash_choices)
        and all(bank_rows.are_sound(doctype, content.of_bank[section]) for section, doctype in bank_import.SECTIONS.items())
        and (not about.get("ties") or bool(content.connections and about.get("unclear_since")))
    )


def compared(connection: str, upload: str) -> dict[str, Any]:
    """What an import would meet: `about` the file, `differences`, whether its ties can be put back (`why_not`: why they cannot), and whether the person is
    asked about another site (`asks_about_site`). Changes nothing."""
    content = read(connection, upload)
    books = _books(connection)
    found = [each.shown() for each in compare.differences(books, content)]
    asks = bool(content.told.about.get("ties")) and checks.is_of_another_site(content.told)
    # Whether the other site is gone is asked on the screen, where the file may be put back for all else.
    why_not = checks.why_not(connection, content.told, gone=True) if content.told.about.get("ties") else []
    return {"about": compare.about(content), "differences": found, "why_not": why_not, "asks_about_site": asks and not why_not}


def start(connection: str, upload: str, with_ties: bool, gone: bool) -> dict[str, Any]:
    """Take the file over: at once, or by a job where it is long. Returns how it stands (`outcome`)."""
    content = read(connection, upload)
    if with_ties:
        refuse(checks.why_not(connection, content.told, gone))
    if parts.count(connection, upload) <= AT_ONCE:
        return take(connection, upload, with_ties, gone)
    note(connection, {"state": RUNNING, "at": str(now())})
    arguments = {"connection": connection, "upload": upload, "user": frappe.session.user, "with_ties": with_ties, "gone": gone}
    frappe.db.after_commit.add(lambda: frappe.enqueue(JOB, queue=QUEUE, timeout=JOB_SECONDS, **arguments))
    return outcome(connection)


def refuse(why_not: list[str]) -> None:
    """Throws where the ties may not be put back."""
    if why_not:
        frappe.throw(html(why_not[0]))


def take(connection: str, upload: str, with_ties: bool, gone: bool) -> dict[str, Any]:
    """Read, check and take over; all of it is part of the caller's transaction. Throws, and has changed nothing then."""
    content = read(connection, upload)
    if with_ties:
        refuse(checks.why_not(connection, content.told, gone))
    frappe.db.savepoint(SAVEPOINT)
    try:
        said = _take(connection, upload, content, with_ties)
    except Wrong as wrong:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.throw(_("This file holds what no export has written ({0}). Nothing was changed").format(html(wrong)))
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        if not (frappe.db.is_unique_key_violation(error) or frappe.db.is_primary_key_violation(error)):
            raise
        frappe.throw(_("Some of what the file would put back is here already. Nothing was changed"))
    parts.drop(connection, upload)
    note(connection, said)
    return outcome(connection)


def _take(connection: str, upload: str, content: Content, with_ties: bool) -> dict[str, Any]:
    books = _books(connection)
    same = content.told.same_organisation(connection)
    left_out: list[dict[str, str]] = []
    settings = _settings(books, content, same, left_out)
    taken = [mapped.taken(books, row, same) for row in content.mappings]
    mappings = _mappings(connection, taken, left_out)
    if same:
        _agree(connection, taken)
    rules_left: rules_import.Left = []
    settings += rules_import.take(books, content, with_ties, rules_left)
    settings += cash_rows.take(books, content.cash_choices, same, rules_left)
    settings += bank_import.take(books, compare.origin(books, content), content.of_bank, rules_left)
    left_out += [_left(*each) for each in rules_left]
    said: dict[str, Any] = {"settings": settings, "mappings": mappings, "left_out": left_out, "ties": with_ties}
    if with_ties:
        said |= _ties(books, upload, content, taken)
    links = said.get("links", 0)
    history.imported(connection, str(content.told.about["exported_at"])[:16], settings, mappings, int(links))
    after_saving(connection)
    return {"state": DONE, "at": str(now()), **said}


def _settings(books: Books, content: Content, same: bool, left_out: list[dict[str, str]]) -> int:
    """Save what differs; how many settings that was."""
    doc = frappe.get_doc(CONNECTION, books.connection)
    wanted = [settings_rows.taken(books, row, same) for row in content.settings]
    left_out += [_left(compare.SETTINGS, each.label, each.why_not) for each in wanted if each.why_not]
    differing = [each for each in wanted if not each.why_not and not compare.same_value(doc.get(each.field), each.value)]
    people = _people(doc, content.people, left_out)
    saved = 0
    # One by one: what Xero or the form refuses is left out by itself.
    alone = [({each.field: each.value or None}, each.label) for each in differing if each.field not in settings_rows.TOGETHER]
    paces = {each.field: each.value for each in differing if each.field in settings_rows.TOGETHER}
    for values, label in [*alone, *([(paces, str(_("How Often Xero Is Read")))] if paces else []), *people]:
        doc = frappe.get_doc(CONNECTION, books.connection)
        doc.update(values)
        frappe.db.savepoint(saving.ROW)
        try:
            doc.save()
            saved += len(values)
        except frappe.ValidationError as refusal:
            frappe.db.rollback(save_point=saving.ROW)
            frappe.clear_messages()
            left_out.append(_left(compare.SETTINGS, label, saving.plain_words(str(refusal))))
    return saved


def _people(doc: Any, people: list[Row], left_out: list[dict[str, str]]) -> list[tuple[dict[str, Any], str]]:
    """Who is told, where that differs: those of the file who are users here."""
    known: list[Row] = []
    unknown: list[Row] = []
    for row in people:
        (known if frappe.db.exists("User", str(row.get("user"))) else unknown).append(row)
    left_out += [_left(compare.PEOPLE, str(row.get("user")), str(_("There is no such user here"))) for row in unknown]
    here = [{"user": row.user, "how": row.how} for row in doc.get(settings_rows.PEOPLE_FIELD) or []]
    if not known or known == here:
        return []
    return [({settings_rows.PEOPLE_FIELD: [{"user": row["user"], "how": row["how"]} for row in known]}, str(_("Who is told")))]


def _mappings(connection: str, taken: list[Taken], left_out: list[dict[str, str]]) -> int:
    """Save what differs, each through its DocType's own checks; how many mappings that was."""
    left_out += [_left(each.kind.name, each.label, each.why_not) for each in taken if each.entry is None]
    saved = saving.save(connection, [each.entry for each in taken if each.entry], changes.IMPORTED)
    left_out += [_left(each.entry.kind.name, each.entry.kind.label(each.entry.key), each.message) for each in saved.refused]
    return len(saved.changed)


def _left(group: str, what: str, why: str) -> dict[str, str]:
    return {"group": compare.group(group), "what": what, "why": why}


def _agree(connection: str, taken: list[Taken]) -> None:
    """The rate to which people have agreed is that of the day of their choice: where it has changed in Xero since, that is to be told."""
    for each in taken:
        rate = each.row.get("rate_when_chosen")
        if each.entry and each.kind.rated and isinstance(rate, (int, float)) and not isinstance(rate, bool):
            each.kind.agree(connection, each.entry.key, rate)


def _ties(books: Books, upload: str, content: Content, taken: list[Taken]) -> dict[str, Any]:
    told = content.told
    ties.take_id(told)
    names = ties.connections(books.connection, books.company, content.connections)
    restoring = ties.Restoring(names, books.company, _known_as(books.connection, taken))
    restoring.take(_tied(books.connection, upload))
    ties.stand(books.connection, told)
    heartbeat.note(books.connection)
    signed = ties.signed_off(books.connection, told, tax_sign_off.fingerprint(books.connection))
    done = restoring.done
    return {**done.counted, "not_here": done.not_here[: ties.NAMED], "not_here_count": len(done.not_here), "taxes_signed": signed}


def _tied(connection: str, upload: str) -> Iterator[tuple[Table, Row]]:
    for section, row in file.read(parts.lines(connection, upload)):
        if section in tables.BY_SECTION:
            yield tables.BY_SECTION[section], row


def _known_as(connection: str, taken: list[Taken]) -> dict[ties.Who, Identity]:
    """A fee's contact is known by its mapping, which is another row now."""
    found: dict[ties.Who, Identity] = {}
    for each in taken:
        known = each.row.get("known_as")
        if each.kind.name != FEES or not each.entry or not isinstance(known, list) or len(known) != 2:
            continue
        here = _fee(each.entry.key, connection)
        if here:
            found[ties.FEES, str(known[0]), moment(str(known[1]))] = here
    return found


def _fee(key: Key, connection: str) -> Identity | None:
    row = frappe.db.get_value(ties.FEES, {"host_key": KINDS[FEES].host_key(connection, key)}, ["name", "creation"], as_dict=True)
    return Identity(ties.FEES, row["name"], moment(row["creation"])) if row else None


def _books(connection: str) -> Books:
    return Books(connection, str(frappe.db.get_value(CONNECTION, connection, "company")))


def stopped(connection: str, error: Exception) -> None:
    """A job could not take the file over, and nothing of it was kept. Part of the caller's transaction."""
    known = isinstance(error, frappe.ValidationError)
    why = (
        saving.plain_words(str(error))
        if known
        else str(_("Something went wrong here ({0}); the Error Log has the details. Nothing was kept")).format(type(error).__name__)
    )
    note(connection, {"state": STOPPED, "at": str(now()), "why": why})


def note(connection: str, said: dict[str, Any]) -> None:
    """Keep how the last import stands. Part of the caller's transaction."""
    frappe.db.set_value(STATE, connection, "imported", json.dumps(said, ensure_ascii=False), update_modified=False)


def is_there(connection: str, upload: str) -> bool:
    """Whether a file that this user has sent was not taken over yet."""
    return parts.count(connection, upload) > 0


def outcome(connection: str) -> dict[str, Any]:
    """How the last import stands: `state` (Running, Done, Stopped), `settings`, `mappings` and `links` that were changed, `left_out`, ...; {} for none."""
    said = dict(json.loads(frappe.db.get_value(STATE, connection, "imported") or "{}"))
    if said.get("state") == RUNNING and abs(now() - datetime.fromisoformat(said["at"])) > NO_LONGER_RUNNING:
        return {
            **said,
            "state": STOPPED,
            "why": str(_("No worker has finished this. Nothing was changed: press Import Configuration again")),
        }
    return said
