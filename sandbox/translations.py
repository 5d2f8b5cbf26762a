"""The texts that the app shows and their translations: what a translation lacks, and what it still has of texts that are gone.

`python -m sandbox.translations` checks every language in picortex_xero/translations; `--write` takes out of each file what is gone, adds what
is missing with an empty translation and sorts it. Like Frappe's own, a file has one line for a text: text, translation, context. The context is
"Xero" where Frappe or ERPNext have another translation of the same words, and theirs stays on their own screens (engine/screen_texts.py asks with it).
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "picortex_xero"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
IN_A_SCRIPT = re.compile(r'\b__\(\s*"((?:[^"\\]|\\.)*)"')
# By their text: translation and context.
Rows = dict[str, tuple[str, str]]


def texts(app: Path = APP) -> dict[str, str]:
    """Every text that is marked for translation, in Python and in client scripts, and the file that has it."""
    found: dict[str, str] = {}
    for path in sorted(app.rglob("*.py")):
        if "tests" not in path.relative_to(app).parts:
            found |= {text: str(path.relative_to(app)) for text in _in_python(path) if text not in found}
    for path in sorted(app.rglob("*.js")):
        found |= {text: str(path.relative_to(app)) for text in IN_A_SCRIPT.findall(path.read_text("utf-8")) if text not in found}
    return found


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first = node.args[0]
        if name == "_" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def labels(app: Path = APP) -> set[str]:
    """What the app's DocTypes show by themselves: names, labels and choices. A translation may have them, and need not."""
    found: set[str] = set()
    for path in app.rglob("doctype/*/*.json"):
        doctype = json.loads(path.read_text("utf-8"))
        found.add(doctype["name"])
        for field in doctype["fields"]:
            found |= {field.get("label") or "", field.get("description") or ""}
            found |= set((field.get("options") or "").split("\n")) if field["fieldtype"] == "Select" else set()
    return found - {""}


def read(path: Path) -> Rows:
    """A file's translations."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[0]: (row[1], row[2]) for row in csv.reader(lines) if row}


def problems(rows: Rows, wanted: dict[str, str], allowed: set[str]) -> list[str]:
    """What is wrong with a translation, one line for each text."""
    found = [f"missing: {text} ({place})" for text, place in wanted.items() if not rows.get(text, ("", ""))[0]]
    found += [f"gone: {text}" for text in rows if text not in wanted and text not in allowed]
    for text, (translation, _context) in rows.items():
        if translation and _placeholders(text) != _placeholders(translation):
            found.append(f"other placeholders: {text} | {translation}")
    return found


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text)) | ({"{"} if re.search(r"[{}]", PLACEHOLDER.sub("", text)) else set())


def write(path: Path, rows: Rows, wanted: dict[str, str], allowed: set[str]) -> None:
    """The file as it has to be; what is missing has an empty translation, for which Frappe shows the text itself."""
    kept = {text: rows.get(text, ("", "")) for text in {*wanted, *(set(rows) & allowed)}}
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([text, *kept[text]] for text in sorted(kept))


def main(arguments: list[str]) -> int:
    """Check (or, with --write, bring up to date) every language; the number of problems tells whether all is well."""
    wanted, allowed, count = texts(), labels(), 0
    for path in sorted((APP / "translations").glob("*.csv")):
        if "--write" in arguments:
            write(path, read(path), wanted, allowed)
        for line in problems(read(path), wanted, allowed):
            print(f"{path.stem}: {line}")
            count += 1
    print(f"{len(wanted)} texts, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
