"""One country's cases, or its corpus, played and judged."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox import erp
from sandbox.replay import expected, host_side
from sandbox.replay.judge import Judge, Verdict
from sandbox.replay.player import Player, Stuck, playing
from sandbox.replay.xero_side import XeroSide

COUNTRIES = ("AU", "NZ", "UK", "US")
EVENTS_A_ROUND = 10
LONGEST_COMPARISON = 900.0
# Cases in which customers and suppliers are merged in ERPNext after their invoices had gone: people merge contacts in Xero, the app does not.
MERGED = {"NZ": [("Contact", "KO-PI-00005"), ("Contact", "KO-SI-00019")]}


@dataclass
class Played:
    """What a country's cases came to: a verdict for each, and `loose`: records in Xero that no document of the host explains."""

    country: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    expectations: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    # What Compare With Xero finds once everything is played: (kind, document, here, in Xero).
    compared: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def differing(self) -> list[tuple[str, str, str, str]]:
        """What it finds and should not: all of this has just gone. What stands in Xero and waits for a person here is to be found."""
        waiting = {document for verdict in self.verdicts.values() for document in verdict.held}
        known = MERGED.get(self.country, [])
        return [each for each in self.compared if each[:2] not in known and not any(each[1] in document.split() for document in waiting)]


def cases(country: str, only: Iterable[str] = ()) -> Played:
    """Every named case of a country, each drained after every event and searched at its end."""
    recording = erp.read(erp.RECORDED / "cases" / f"cases-{country.lower()}.json.gz")
    wanted = [case for case in recording["cases"] if not only or case["case"] in only]
    if not wanted:
        return Played(country)
    with playing(country, recording) as player:
        failed = {case["case"]: said for case in wanted if (said := _play(player, case))}
        xero, steps = both_sides(player)
        company, calls, compared = player.rig.company, player.rig.xero.calls(), compare(player)
    judge = Judge(country, company, xero, steps)
    played = Played(country, loose=loose(xero), steps=steps, calls=calls, compared=compared)
    for case in wanted:
        found = host_side.vouchers(case["events"], company["name"])
        host_side.note_open(found, case["parties"])
        played.verdicts[case["case"]] = judge.judge(found)
        played.verdicts[case["case"]].different += failed.get(case["case"], [])
        played.expectations[case["case"]] = expected.of_case(case, xero, steps, company["name"])
    return played


def _play(player: Player, case: dict[str, Any]) -> list[str]:
    """Sentences where a case does not come to rest; the others go on."""
    try:
        for event in case["events"]:
            player.play(event)
            player.drain()
        player.search()
        player.age()
    except Stuck as stuck:
        return [f"never came to rest: {stuck}"]
    return []


def corpus(country: str, wanted: Iterable[dict[str, Any]] | None = None) -> Played:
    """A country's random documents, or those of `wanted` events, drained every few events."""
    recording = next(erp.corpus(f"corpus-{country.lower()}.json.gz"))
    company = recording["companies"][0]
    events = list(wanted) if wanted is not None else company["documents"]
    with playing(country, recording) as player:
        for start in range(0, len(events), EVENTS_A_ROUND):
            for event in events[start : start + EVENTS_A_ROUND]:
                player.play(event)
            player.drain()
        player.search()
        xero, steps = both_sides(player)
        compared = compare(player)
    found = host_side.vouchers(events, company["name"])
    host_side.note_outstanding(found, company["final"])
    return Played(country, {"corpus": Judge(country, company, xero, steps).judge(found)}, loose(xero), steps, compared=compared)


def compare(player: Player) -> list[tuple[str, str, str, str]]:
    """What Compare With Xero finds of everything that was played."""
    from picortex_xero.api import compare as buttons
    from picortex_xero.inbound import comparison

    begun = buttons.start(player.rig.connection)
    player.frappe.db.commit()
    if not comparison.go_on(player.rig.connection, time.monotonic() + LONGEST_COMPARISON):
        raise RuntimeError(f"the comparison of {player.rig.country} does not end")
    rows = player.frappe.get_all("Xero Difference", filters={"comparison": begun}, fields=["kind", "reference_name", "here", "there"])
    return sorted((row["kind"], row["reference_name"], row["here"] or "", row["there"] or "") for row in rows)


def both_sides(player: Player) -> tuple[XeroSide, list[dict[str, Any]]]:
    """Xero's books and the app's steps, read before both go down."""
    links = player.frappe.get_all("Xero Link", filters={"connection": player.rig.connection}, fields=["*"])
    return XeroSide(player.rig, links), player.steps()


def loose(xero: XeroSide) -> list[str]:
    """Records, dead ones too, that are linked to no document of the host."""
    linked = {key for keys in xero.became.values() for key in keys}
    every = [*xero.records, *(("Allocations", each) for each in xero.allocations)]
    return [
        f"Xero has {resource} {xero_id}, which no document of the host became"
        for resource, xero_id in every
        if (resource, xero_id) not in linked
    ]
