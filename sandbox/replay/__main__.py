"""Command line: play everything recorded, or some of it, and print what became of it.

Exit status 0 only where nothing differs, nothing in Xero is unexplained, and what is held is held for a listed reason.
`expected` compares each case with `sandbox/erp/expected`; with `--write` it writes what it finds there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from sandbox.replay import expected, run
from sandbox.replay.judge import Verdict
from sandbox.replay.refusals import REFUSALS

MOST_REFUSED = 0.01


def main() -> int:
    """`cases`, `corpus`, both of them (`all`), `expected`, or `refusals`: every reason for which a document may wait for a person."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.replay", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="?", choices=("cases", "corpus", "all", "expected", "refusals"), default="all")
    parser.add_argument("--only", action="append", default=[], help="a case by name; may be repeated")
    parser.add_argument("--country", choices=run.COUNTRIES)
    parser.add_argument("--write", action="store_true", help="with expected: write what is found")
    given = parser.parse_args()
    if given.what == "refusals":
        print("\n".join(f"{code:<32} {sentence}" for code, sentence in sorted(REFUSALS.items())))
        return 0
    bad = 0
    corpus: list[Verdict] = []
    for country in [given.country] if given.country else run.COUNTRIES:
        began = time.monotonic()
        if given.what != "corpus":
            played = run.cases(country, given.only)
            bad += _compare(played, given.write) if given.what == "expected" else _show(played, bool(given.only))
        if given.what in ("corpus", "all"):
            played = run.corpus(country)
            corpus += played.verdicts.values()
            bad += _show(played, False)
        if played.verdicts:
            print(f"{country} took {time.monotonic() - began:.0f} s\n", flush=True)
    bad += _refused(corpus) if corpus else 0
    return int(bad > 0)


def _show(played: run.Played, steps_too: bool) -> int:
    """Print every outcome; how many differ or are held for no listed reason."""
    bad = len(played.loose) + len(played.differing)
    for name, verdict in played.verdicts.items():
        print(f"{played.country} {name}: {verdict.outcome if name != 'corpus' else f'{verdict.documents} documents'}")
        unlisted = [
            f"{document} is held for {code}, which is no listed reason" for document, code in verdict.held.items() if code not in REFUSALS
        ]
        for sentence in (*verdict.different, *unlisted):
            print(f"    {sentence}")
        bad += bool(verdict.different or unlisted)
    for step in played.steps if steps_too else ():
        reason = f" {step['reason_code']}: {step['reason']}" if step["reason_code"] else ""
        print(f"  {step['reference_doctype']} {step['reference_name']} {step['role']}: {step['state']}{reason}")
    for kind, name, here, there in played.differing:
        print(f"{played.country} {name}: compared with Xero, {kind} differs: {here or 'nothing'} here, {there or 'nothing'} there")
    for sentence in played.loose:
        print(f"{played.country}: {sentence}")
    if played.verdicts:
        outcomes = Counter(verdict.outcome.partition(" ")[0] for verdict in played.verdicts.values())
        print(f"{played.country}: {dict(outcomes)}, {len(played.loose)} unexplained in Xero")
    return bad


def _refused(corpus: list[Verdict]) -> int:
    """The corpus's refusals by reason; 1 where they are too many."""
    documents, held = sum(verdict.documents for verdict in corpus), Counter(code for verdict in corpus for code in verdict.held.values())
    print(
        f"Of {documents} documents {sum(held.values())} wait for a person ({sum(held.values()) / documents:.1%}; at most {MOST_REFUSED:.0%} may):"
    )
    for code, count in held.most_common():
        print(f"  {count:>4}  {code}: {REFUSALS.get(code, 'NOT LISTED')}")
    return int(sum(held.values()) > MOST_REFUSED * documents)


def _compare(played: run.Played, write: bool) -> int:
    """Write the expectations, or print where this replay leaves them; how many cases do."""
    if write:
        expected.write(played.country, played.expectations)
    bad = 0
    for case, sentences in expected.differences(played.country, played.expectations).items():
        bad += 1
        print(f"{played.country} {case}:", *sentences, sep="\n    ")
    print(f"{played.country}: {len(played.expectations)} cases, {bad} not as expected")
    return bad


if __name__ == "__main__":
    sys.exit(main())
