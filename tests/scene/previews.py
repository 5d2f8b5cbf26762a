"""Recorded cases played with a preview of each document before it is sent, and both compared byte for byte.

As a command it plays every recorded case: `python -m tests.scene.previews [--country UK] [--only <case>]`.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import simplejson

from sandbox import erp
from sandbox.replay import run
from sandbox.replay.player import Player, playing

Sent = tuple[Any, str, int]  # whose it is, role, revision


@dataclass
class Compared:
    """What came of comparing: how many elements were previewed as they were sent, and in which sentences they differ. `outcomes` counts what was
    previewed, `assumed` the codes of assumptions; `adopted`: contacts that were in Xero already; `later`: what was sent in the same event once another
    document was there, or once Xero had shown something, as the preview said that it would wait for."""

    same: int = 0
    documents: int = 0
    adopted: int = 0
    later: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    assumed: Counter[str] = field(default_factory=Counter)


def cases(country: str, only: Iterable[str] = ()) -> Compared:
    """A country's recorded cases, or those named."""
    recording = erp.read(erp.RECORDED / "cases" / f"cases-{country.lower()}.json.gz")
    compared, names = Compared(), set(only)
    with playing(country, recording) as player, sealing() as sealed:
        for case in recording["cases"]:
            if not names or case["case"] in names:
                _play(player, case, sealed, compared)
    return compared


@contextmanager
def sealing() -> Iterator[dict[Sent, tuple[str, str]]]:
    """Path and body of each element as it is sealed, alone in its request."""
    from picortex_xero.documents.identity import identity
    from picortex_xero.engine import seal
    from picortex_xero.xero.client import encode

    sealed: dict[Sent, tuple[str, str]] = {}
    original = seal._seal

    def noting(context: Any, lease: Any, kind: Any, made: Any) -> Any:
        for work, translation in made:
            key = (identity(work.doc), work.row["role"], int(work.row["generation"]))
            sealed[key] = (work.path or kind.path(work.xero_id), encode(kind.body([translation.body])).decode())
        return original(context, lease, kind, made)

    seal._seal = noting  # type: ignore[assignment]
    try:
        yield sealed
    finally:
        seal._seal = original


def _play(player: Player, case: dict[str, Any], sealed: dict[Sent, tuple[str, str]], compared: Compared) -> None:
    for event in case["events"]:
        player.play(event)
        former = {link["name"] for link in _links(player)}
        previewed = {who: _preview(player, who, compared) for who in _waiting(player)}
        sealed.clear()
        player.drain()
        for who, steps in previewed.items():
            compared.documents += 1
            said = _differences(player, who, steps, sealed, former, compared)
            compared.differences += [f"{player.rig.country} {case['case']}: {who.name} {each}" for each in said]
    player.search()
    player.age()


def _links(player: Player) -> list[dict[str, Any]]:
    return player.frappe.get_all("Xero Link", filters={"connection": player.rig.connection}, fields=["*"])


def _waiting(player: Player) -> list[Any]:
    """The submitted documents of which steps are to be sent."""
    from picortex_xero.documents.identity import Identity
    from picortex_xero.documents.registry import SUBMITTED

    steps = player.steps(state="Pending", reference_doctype=("in", SUBMITTED))
    found = [Identity(step["reference_doctype"], step["reference_name"], step["reference_creation"]) for step in steps]
    return [who for who in dict.fromkeys(found) if player.frappe.db.get_value(who.doctype, who.name, "docstatus") == 1]


def _preview(player: Player, who: Any, compared: Compared) -> list[Any]:
    from picortex_xero.engine.preview import preview

    calls, writes = player.rig.xero.call_count(), written(player.frappe)
    found = preview(player.rig.connection, who.doctype, who.name)
    if player.rig.xero.call_count() != calls or written(player.frappe) != writes:
        compared.differences.append(f"the preview of {who.name} was not only looking")
    compared.outcomes.update(each.outcome for each in found)
    compared.assumed.update(each.code for step in found for each in step.assumptions)
    return found


def written(frappe: Any) -> tuple[int, int]:
    """How many rows were ever written over this connection, those included that were undone or stayed as they were; and what the commit of another one changes."""
    connection = frappe.db._connection
    return connection.total_changes, connection.execute("pragma data_version").fetchone()[0]


def rows(frappe: Any) -> str:
    """All rows of all tables of the site as one hash."""
    names = [name for (name,) in frappe.db._connection.execute("select name from sqlite_master where type = 'table' order by name")]
    digest = hashlib.sha256()
    for name in names:
        for row in frappe.db._connection.execute(f'select * from "{name}"'):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _differences(
    player: Player, who: Any, steps: list[Any], sealed: dict[Sent, tuple[str, str]], former: set[str], compared: Compared
) -> Iterator[str]:
    from picortex_xero.documents.role import role
    from picortex_xero.xero.client import encode
    from picortex_xero.xero.records.registry import KINDS

    made = [link for link in _links(player) if link["name"] not in former]
    previewed = {(each.who, each.role, each.revision): each for each in steps}
    sent = {key: each for key, each in sealed.items() if key[0] == who and role(key[1]).purpose.value == "create"}
    for key, each in previewed.items():
        if each.outcome != "Send":
            continue
        if key not in sealed:
            if any(link["adopted"] and _whose(link) == (each.who, each.role) for link in made):
                compared.adopted += 1
            else:
                yield f"{each.role}: previewed, but not sent"
            continue
        real = tuple(_masked(text, made) for text in sealed[key])
        body = encode(KINDS[each.kind].body([each.body])).decode()
        number_taken = "assumes-number-free" in [assumption.code for assumption in each.assumptions]
        if number_taken and real[1].replace('-R1",', '",') == body:
            compared.later.append(f"{who.name} {each.role}: with -R1, as was said")
        elif real != (each.path, body) and _by_name(player, real[1]) != body:
            yield f"{each.role}: previewed {each.path} {body}, sent {real[0]} {real[1]}"
        else:
            compared.same += 1
    unclear = {problem.code for each in steps if each.outcome == "Unclear" for problem in each.problems}
    for key in sent:
        seen = previewed.get(key)
        if seen and seen.outcome == "Wait" and any(each.code == "waits-for-invoice" for each in seen.problems):
            compared.later.append(f"{who.name} {key[1]}: waits-for-invoice")
        elif seen is None and "preview-asks-xero" in unclear:
            compared.later.append(f"{who.name} {key[1]}: preview-asks-xero")
        elif seen is None or seen.outcome != "Send":
            why = f"{seen.outcome} {[each.code for each in seen.problems]}" if seen else "not at all"
            yield f"{key[1]}: sent, but previewed as {why}"


def _whose(link: dict[str, Any]) -> tuple[Any, str]:
    from picortex_xero.documents.identity import Identity

    who = Identity(link["reference_doctype"], link["reference_name"], link["reference_creation"])
    return who, link["role"] + ("" if link["sequence"] == 1 else f"-{link['sequence']}")


def _masked(text: str, made: list[dict[str, Any]]) -> str:
    """The ids that Xero gave since the preview are what stood for them there."""
    from picortex_xero.documents.preview_facts import made_up_id

    for link in made:
        text = text.replace(link["xero_id"], made_up_id(_whose(link)[0], link["role"], link["sequence"], link["generation"]))
    return text


def _by_name(player: Player, body: str) -> str:
    """With the contact's name in place of its id: of somebody who is known by name only, a preview does not know whether Xero knows that."""
    data = simplejson.loads(body, use_decimal=True)
    names = {each["ContactID"]: each["Name"] for each in player.rig.xero.documents("Contacts")}
    for element in (each for rows in data.values() if isinstance(rows, list) for each in rows):
        if name := names.get((element.get("Contact") or {}).get("ContactID", "")):
            element["Contact"] = {"Name": name}
    from picortex_xero.xero.client import encode

    return encode(data).decode()


def main() -> int:
    """Every recorded case; exit status 0 only where nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.scene.previews", description=__doc__)
    parser.add_argument("--country", choices=run.COUNTRIES)
    parser.add_argument("--only", action="append", default=[], help="a case by name; may be repeated")
    given = parser.parse_args()
    bad = 0
    for country in [given.country] if given.country else run.COUNTRIES:
        found = cases(country, given.only)
        print(*found.differences, *(f"({each})" for each in found.later), sep="\n")
        print(f"{country}: {found.documents} previews, {found.same} elements as sent, {found.adopted} contacts were there, "
              f"{dict(found.outcomes)}, assumed {dict(found.assumed)}", flush=True)  # fmt: skip
        bad += len(found.differences)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
