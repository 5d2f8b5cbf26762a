"""One country's cases, or its corpus, played and judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox import erp
from sandbox.replay import host_side
from sandbox.replay.judge import Judge, Verdict
from sandbox.replay.player import Player, Stuck, playing
from sandbox.replay.xero_side import XeroSide

COUNTRIES = ("AU", "NZ", "UK", "US")
EVENTS_A_ROUND = 10


@dataclass
class Played:
    """What a country's cases came to: a verdict for each, and `loose`: records in Xero that no document of the host explains."""

    country: str
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    xero: XeroSide | None = None


def cases(country: str, only: Iterable[str] = ()) -> Played:
    """Every named case of a country, each drained after every event and searched at its end."""
    recording = erp.read(erp.RECORDED / "cases" / f"cases-{country.lower()}.json.gz")
    wanted = [case for case in recording["cases"] if not only or case["case"] in only]
    with playing(country, recording) as player:
        failed = {case["case"]: said for case in wanted if (said := _play(player, case))}
        played, judge = _standing(player, country)
    for case in wanted:
        found = host_side.vouchers(case["events"], player.rig.company["name"])
        host_side.note_open(found, case["parties"])
        played.verdicts[case["case"]] = judge.judge(found)
        played.verdicts[case["case"]].different += failed.get(case["case"], [])
    return played


def _play(player: Player, case: dict[str, Any]) -> list[str]:
    """Sentences where a case does not come to rest; the others go on."""
    try:
        for event in case["events"]:
            player.play(event)
            player.drain()
        player.search()
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
        played, judge = _standing(player, country)
    found = host_side.vouchers(events, company["name"])
    host_side.note_outstanding(found, company["final"])
    played.verdicts["corpus"] = judge.judge(found)
    return played


def _standing(player: Player, country: str) -> tuple[Played, Judge]:
    """Everything read from both sides before they go down."""
    links = player.frappe.get_all("Xero Link", filters={"connection": player.rig.connection}, fields=["*"])
    xero = XeroSide(player.rig, links)
    steps = player.steps()
    return Played(country, loose=_loose(xero), steps=steps, xero=xero), Judge(country, player.rig.company, xero, steps)


def _loose(xero: XeroSide) -> list[str]:
    """Records, dead ones too, that are linked to no document of the host. A payee that a journal only names is no party of the host: Xero
    makes the contact with the transaction."""
    linked = {key for keys in xero.became.values() for key in keys}
    linked |= {("Contacts", str(xero.records[key]["contact"])) for key in linked if key[0] == "BankTransactions" and key in xero.records}
    every = [*xero.records, *(("Allocations", each) for each in xero.allocations)]
    return [f"Xero has {resource} {xero_id}, which no document of the host became" for resource, xero_id in every if (resource, xero_id) not in linked]
