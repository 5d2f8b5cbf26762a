"""The results file of the fuzz: one line a combination, good for exactly the code that it was made with, so that a run goes on where
the last one ended."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.echo.judge import Finding
from tests.echo.plan import Combination
from tests.echo.trial import Outcome

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".echo-results.jsonl"
# Twice, or gone without being asked for: these fail. The others are told.
FAILS = ("double", "deleted")


def code() -> str:
    """A hash of everything that decides a result: app, simulator, host stand-in and this fuzz."""
    digest = hashlib.sha256()
    for folder in ("picortex_xero", "sandbox", "tests/echo", "tests/e2e"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".json") and "/tests/bench/" not in str(path):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def line(combination: Combination, outcome: Outcome, made_with: str) -> str:
    """One result as it is kept."""
    findings = [[finding.kind, finding.text] for finding in outcome.findings]
    kept = {"code": made_with, "name": combination.name, "reached": outcome.reached, "runs": outcome.runs, "findings": findings}
    return json.dumps(kept, ensure_ascii=False)


def read(made_with: str, place: Path = PLACE) -> dict[str, dict[str, Any]]:
    """Results of this code by the combination's name; a line cut off by a kill is no result."""
    found: dict[str, dict[str, Any]] = {}
    for text in place.read_text().splitlines() if place.exists() else []:
        try:
            kept = json.loads(text)
        except ValueError:
            continue
        if kept["code"] == made_with:
            found[kept["name"]] = kept
    return found


def failed(findings: list[Finding]) -> list[Finding]:
    """Those of a combination that fail it."""
    return [finding for finding in findings if finding.kind in FAILS]


def report(combinations: list[Combination], results: dict[str, dict[str, Any]], left_out: dict[str, int], examples: int = 3) -> list[str]:
    """What was run, left out and failed, findings grouped by kind, scene, mode and route; the rest not yet run."""
    run = {each.name: results[each.name] for each in combinations if each.name in results}
    silent = [name for name, kept in run.items() if not kept["reached"] and not kept["findings"]]
    bad = [kept for kept in run.values() if any(kind in FAILS for kind, _ in kept["findings"])]
    lines = [f"{len(run)} of {len(combinations)} combinations run, {len(combinations) - len(run)} still to run, {len(bad)} failed"]
    lines.append(f"left out before: {sum(left_out.values())} pairs of field and operation, by reason:")
    lines += [f"  {count:6} {reason}" for reason, count in sorted(left_out.items(), key=lambda each: -each[1])]
    lines.append(f"run, but the app never read what was changed: {len(silent)}, by scene and mode:")
    lines += [f"  {count:6} {group}" for group, count in Counter("|".join(name.split("|")[:3]) for name in silent).most_common()]
    groups: dict[tuple[str, str], list[str]] = {}
    for kept in run.values():
        for kind in dict.fromkeys(kind for kind, _ in kept["findings"]):
            groups.setdefault((kind, "|".join(kept["name"].split("|")[:3])), []).append(kept["name"])
    for (kind, group), names in sorted(groups.items()):
        lines.append(f"{kind:9} {len(names):5} {group}")
        lines += [f"            {'|'.join(name.split('|')[3:])}: {_text(run[name], kind)}" for name in sorted(names)[:examples]]
    return lines


def _text(kept: dict[str, Any], kind: str) -> str:
    return str(next(text for each, text in kept["findings"] if each == kind))[:160]
