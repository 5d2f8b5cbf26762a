"""`python -m tests.echo`: all combinations, on two processes; goes on where the last run of the same code ended.

`--shard 1/4` runs that quarter in this one process, `--seconds` ends in time, `--only` is a regular expression over names
("scene|mode|route|field|operation"), `--report` prints what is known without running anything. The exit code is 1 where something failed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time

from tests.echo import plan, results, trial
from tests.echo.plan import Combination, Known
from tests.echo.scenes import SCENES
from tests.echo.stage import built

PROCESSES = 2
# Of two hours: what a run may take before it ends by itself.
SECONDS = 7000


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="tests.echo", description=__doc__)
    parser.add_argument("--shard", default="", metavar="N/OF")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--only", default="")
    parser.add_argument("--report", action="store_true")
    given = parser.parse_args()
    if not given.shard and not given.report:
        return _in_parallel(given.seconds, given.only)
    mine, of = (int(part) for part in (given.shard or "1/1").split("/"))
    if not 1 <= mine <= of:
        parser.error("a shard is named 1/4, 2/4, 3/4 or 4/4")
    return _run(mine, of, given.seconds, given.only, given.report)


def _in_parallel(seconds: float, only: str) -> int:
    """Both halves at once, then the report of all."""
    until = time.monotonic() + seconds
    more = ["--seconds", str(seconds), *(["--only", only] if only else [])]
    halves = [
        subprocess.Popen([sys.executable, "-m", "tests.echo", "--shard", f"{at}/{PROCESSES}", *more], cwd=results.ROOT,
                         stdout=subprocess.DEVNULL)
        for at in range(1, PROCESSES + 1)
    ]  # fmt: skip
    broken = [half.returncode for half in halves if half.wait() not in (0, 1)]
    code = _run(1, 1, 0, only, True)
    print(f"{seconds - (until - time.monotonic()):.0f} seconds")
    return 2 if broken else code


def _run(mine: int, of: int, seconds: float, only: str, report_only: bool) -> int:
    made_with, until = results.code(), time.monotonic() + seconds
    with built() as stage:
        known: dict[str, Known] = {name: trial.learn(stage, name) for name in SCENES}
        everything, left_out = plan.combinations(known)
        chosen = [each for each in everything if each.share(of) == mine and re.search(only, each.name)]
        done = results.read(made_with)
        if not report_only:
            with results.PLACE.open("a") as place:
                for combination in chosen:
                    if combination.name in done:
                        continue
                    if time.monotonic() > until:
                        break
                    place.write(results.line(combination, _tried(stage, known, combination), made_with) + "\n")
                    place.flush()
    done = results.read(made_with)
    print("\n".join(results.report(chosen, done, left_out)), flush=True)
    return int(any(kind in results.FAILS for each in chosen for kind, _ in done.get(each.name, {"findings": []})["findings"]))


def _tried(stage: trial.Stage, known: dict[str, Known], combination: Combination) -> trial.Outcome:
    """A combination; where the fuzz itself breaks, its name is said before it ends."""
    try:
        return trial.run(stage, known[combination.scene], combination)
    except Exception:
        print(f"broke at {combination.name}", file=sys.stderr)
        raise


if __name__ == "__main__":
    sys.exit(main())
