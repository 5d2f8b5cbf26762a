"""The generators as they were before the matching of bank lines was written: `frozen.json` has the SHA-256 of each, over its files' names and contents.

`python -m benchmarks.bank_lines.frozen` prints them. What is measured with a generator that has changed since says nothing of the matching, so a test holds them to it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
GENERATORS = ("tuning", "judge")


def hashes(where: Path = HERE) -> dict[str, str]:
    """The SHA-256 of each generator, and of the form they share."""
    found = {"values": hashlib.sha256((where / "values.py").read_bytes()).hexdigest()}
    for name in GENERATORS:
        digest = hashlib.sha256()
        for file in sorted((where / name).glob("**/*.py")):
            digest.update(f"{file.relative_to(where).as_posix()}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
        found[name] = digest.hexdigest()
    return found


if __name__ == "__main__":
    print(json.dumps(hashes(), indent=1))
