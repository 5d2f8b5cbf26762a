"""Command line: play everything recorded, or some of it, and print what became of it. Exit status 0 only where nothing differs."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from sandbox.replay import run


def main() -> int:
    """`cases`, `corpus`, or both."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.replay", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("cases", "corpus", "all"), default="all")
    parser.add_argument("--only", action="append", default=[], help="a case by name; may be repeated")
    parser.add_argument("--country", choices=run.COUNTRIES)
    given = parser.parse_args()
    differing = 0
    for country in [given.country] if given.country else run.COUNTRIES:
        if given.what != "corpus":
            differing += _show(run.cases(country, given.only), bool(given.only))
        if given.what != "cases":
            differing += _show(run.corpus(country), False)
    return int(differing > 0)


def _show(played: run.Played, steps_too: bool) -> int:
    began = time.monotonic()
    outcomes = Counter(verdict.outcome.split(" ")[0] for verdict in played.verdicts.values())
    for name, verdict in played.verdicts.items():
        print(f"{played.country} {name}: {verdict.outcome}")
        for sentence in verdict.different:
            print(f"    {sentence}")
        if name == "corpus":
            print(f"    {verdict.documents} documents stand submitted, held: {dict(Counter(verdict.held.values()))}")
    for step in played.steps if steps_too else ():
        reason = f" {step['reason_code']}: {step['reason']}" if step["reason_code"] else ""
        print(f"  {step['reference_doctype']} {step['reference_name']} {step['role']}: {step['state']}{reason}")
    for sentence in played.loose:
        print(f"{played.country}: {sentence}")
    print(f"{played.country}: {dict(outcomes)}, {len(played.loose)} unexplained in Xero, {time.monotonic() - began:.0f} s\n", flush=True)
    return sum(bool(verdict.different) for verdict in played.verdicts.values()) + len(played.loose)


if __name__ == "__main__":
    sys.exit(main())
