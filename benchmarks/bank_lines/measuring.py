"""What the matching of bank lines is worth: `python -m benchmarks.bank_lines.measuring --generator tuning --seeds 1-6 --lines 1000` (`make bench-matching`).

Prints precision of what is automatic (with Wilson's 95 % lower bound) and coverage of what is decidable, lines with traps apart, each type of case, beside ERPNext's own rule and
a matcher that goes by the amount; then time and memory for 10,000 and 100,000 lines and as many vouchers. `--json` gives the same as one object.

An answer is right when kind, vouchers, amounts and other line are the truth's. One that is given for a line that is not decidable is a guess: it counts as wrong unless it is the truth.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.bank_lines import matchers
from benchmarks.bank_lines.frozen import GENERATORS
from benchmarks.bank_lines.judging import Count, Figures, Matcher
from benchmarks.bank_lines.values import World
from picortex_xero.banking import matching
from picortex_xero.banking.around import Around

MATCHERS: dict[str, Matcher] = {
    "PiCortex Xero": matchers.app,
    "ERPNext: equal reference": matchers.erpnext,
    "amount first": matchers.amount_first,
}
SIZES = (10_000, 100_000)


def make_world(generator: str, seed: int, lines: int) -> World:
    """A world of one of the frozen generators."""
    return importlib.import_module(f"benchmarks.bank_lines.{generator}").world(seed, lines)


def measured(generator: str, seeds: Iterable[int], lines: int) -> dict[str, Figures]:
    """The figures of each matcher over the worlds of these seeds."""
    found = {name: Figures() for name in MATCHERS}
    for seed in seeds:
        world = make_world(generator, seed, lines)
        for name, matcher in MATCHERS.items():
            found[name].add(world, matcher(matchers.without_truths(world)))
    return found


def as_dict(count: Count) -> dict[str, Any]:
    return {**vars(count), "automatic": count.automatic, "precision": count.precision, "lower": count.lower, "coverage": count.coverage}


def speed(generator: str, size: int, seed: int = 1) -> dict[str, Any]:
    """Seconds of one processor and the memory (MB) that the process had at most, for so many lines and as many vouchers; each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "books"
        for step in ("write", "match"):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.bank_lines.measuring",
                    "--generator",
                    generator,
                    "--step",
                    step,
                    "--file",
                    str(file),
                    "--lines",
                    str(size),
                ]
                + ["--seeds", str(seed)],
                check=True,
                capture_output=True,
                text=True,
            )
    return dict(json.loads(done.stdout))


def _step(arguments: argparse.Namespace) -> None:
    file = Path(arguments.file)
    if arguments.step == "write":
        file.write_bytes(pickle.dumps(matchers.as_books(make_world(arguments.generator, int(arguments.seeds), arguments.lines))))
        return
    books = pickle.loads(file.read_bytes())
    started, wall = time.process_time(), time.perf_counter()
    with matching.one_way():
        around = Around(books)
    found = matching.proposals(books, around=around)
    print(
        json.dumps(
            {
                "lines": len(books.lines),
                "vouchers": len(books.vouchers),
                "seconds": round(time.process_time() - started, 1),
                "on the clock": round(time.perf_counter() - wall, 1),
                "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "pairs looked at": around.looked,
                "automatic": sum(bool(each and each[0].automatic) for each in found.values()),
            }
        )
    )


def printed(found: dict[str, Figures]) -> list[str]:
    """The figures as tables."""
    lines = []
    for name, figures in found.items():
        lines.append(f"\n{name}")
        for title, count in (("all lines", figures.all), ("lines with a trap", figures.traps)):
            lines.append(
                f"  {title}: {count.lines} lines, {count.decidable} decidable ({count.decidable / max(1, count.lines):.1%}); automatic {count.automatic}, "
                f"precision {count.precision:.3%} (at least {count.lower:.3%}), coverage {count.coverage:.2%}; decidable: right {count.right}, wrong {count.wrong}, "
                f"abstained {count.abstained}; not decidable: guessed right {count.guessed}, guessed wrong {count.guessed_wrong}, left {count.left}"
            )
    lines += ["", "| case | lines | decidable | right | wrong | abstained | guessed right | guessed wrong | left |", "|---|" + "---:|" * 8]
    for case, count in sorted(next(iter(found.values())).cases.items()):
        cells = (count.lines, count.decidable, count.right, count.wrong, count.abstained, count.guessed, count.guessed_wrong, count.left)
        lines.append(f"| {case} | " + " | ".join(map(str, cells)) + " |")
    return lines


def _seeds(text: str) -> list[int]:
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", choices=GENERATORS, default="tuning")
    parser.add_argument("--seeds", default="1-6", help="one or a range, as 1-6")
    parser.add_argument("--lines", type=int, default=1_000, help="of each world")
    parser.add_argument("--no-speed", action="store_true", help="without time and memory")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        _step(arguments)
        return
    found = measured(arguments.generator, _seeds(arguments.seeds), arguments.lines)
    speeds = [] if arguments.no_speed else [speed(arguments.generator, size) for size in SIZES]
    if arguments.json:
        figures = {
            name: {
                "all": as_dict(each.all),
                "traps": as_dict(each.traps),
                "cases": {case: as_dict(count) for case, count in sorted(each.cases.items())},
            }
            for name, each in found.items()
        }
        print(
            json.dumps(
                {"generator": arguments.generator, "seeds": arguments.seeds, "lines": arguments.lines, "figures": figures, "speed": speeds},
                indent=1,
            )
        )
        return
    print(f"Generator {arguments.generator}, seeds {arguments.seeds}, {arguments.lines} lines each")
    print("\n".join(printed(found)))
    for each in speeds:
        print("\n" + ", ".join(f"{name} {value}" for name, value in each.items()))


if __name__ == "__main__":
    main()
