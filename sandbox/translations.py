"""The texts that the app shows and their translations: what a translation lacks, and what it still has of texts that are gone.

`python -m sandbox.translations` checks every language in picortex_xero/translations; `--write` takes out of each file what is gone, adds what
is missing with an empty translation and sorts it. Like Frappe's own, a file has one line for a text: text, translation, context.

Frappe joins the translations of all apps, and the last app wins: a line of ours without a context is shown on everybody's screens. So a line has a
context where Frappe or ERPNext have another translation of the same words: "Xero" for a text of the code (engine/screen_texts.py asks with it), the
name of the DocType for a label (Frappe's forms ask with it first, and without it next). What they translate well enough for our screens is left to
them; sandbox/host/translated_by_the_host.json names both kinds of words.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "picortex_xero"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
IN_A_SCRIPT = re.compile(r'\b__\(\s*"((?:[^"\\]|\\.)*)"')
TAG = re.compile(r"<[^>]*>")
HOST_WORDS = Path(__file__).with_name("host") / "translated_by_the_host.json"
# The context of the texts in the code, as engine/screen_texts.py has it.
CONTEXT = "Xero"
# Xero's own codes, shown as Xero writes them in every language: people look for them in Xero's documentation and answers. One that the host
# translates (DRAFT) has a line that keeps it.
CODES = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
# English itself: only what people read otherwise than it is called inside (DocTypes and stored states keep their names), so nothing is missing there.
ENGLISH = "en"
# By text and context: the translation.
Rows = dict[tuple[str, str], str]
# By their text: the contexts in which Frappe looks for a label, "" for none.
Labels = dict[str, set[str]]


@dataclass(frozen=True)
class HostWords:
    """Labels of ours that Frappe or ERPNext translate themselves: well enough for our screens, or in another sense."""

    left_to_the_host: frozenset[str] = frozenset()
    in_another_sense: frozenset[str] = frozenset()

    def __contains__(self, text: str) -> bool:
        return text in self.left_to_the_host or text in self.in_another_sense


def texts(app: Path = APP) -> dict[str, str]:
    """Every text that is marked for translation, in Python and in client scripts, and the file that has it."""
    found: dict[str, str] = {}
    for path in sorted(app.rglob("*.py")):
        if "tests" not in path.relative_to(app).parts:
            found |= {text: str(path.relative_to(app)) for text in _in_python(path.read_text("utf-8")) if text not in found}
    for path in sorted(app.rglob("*.js")):
        found |= {text: str(path.relative_to(app)) for text in IN_A_SCRIPT.findall(path.read_text("utf-8")) if text not in found}
    return found


@lru_cache(maxsize=4096)
def _in_python(source: str) -> list[str]:
    return list(_marked(ast.parse(source)))


def _marked(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first = node.args[0]
        if name == "_" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def labels(app: Path = APP) -> Labels:
    """What the app's DocTypes, pages, reports, cards and home page show by themselves: names, labels, descriptions and choices."""
    found: Labels = {text: {""} for text in _of_the_desk(app)}
    for path in sorted(app.rglob("doctype/*/*.json")):
        doctype = json.loads(path.read_text("utf-8"))
        shown = [(doctype["name"], "")]
        for field in doctype["fields"]:
            shown += [(field.get("label") or "", doctype["name"]), (field.get("description") or "", "")]
            choices = (field.get("options") or "").split("\n") if field["fieldtype"] == "Select" else []
            # A choice is looked for with the DocType where it can be chosen, and without it where it is only shown.
            shown += [(choice, context) for choice in choices for context in ("", doctype["name"])]
        for text, context in shown:
            found.setdefault(text, set()).add(context)
    found.pop("", None)
    return found


def _of_the_desk(app: Path) -> Iterator[str]:
    """What Frappe translates, without a context, of records that are no DocTypes."""
    for kind, name in (("report", "report_name"), ("number_card", "label"), ("dashboard_chart", "chart_name"), ("page", "title")):
        for path in sorted(app.rglob(f"{kind}/*/*.json")):
            yield json.loads(path.read_text("utf-8"))[name]
    for path in sorted(app.rglob("workspace/*/*.json")):
        home = json.loads(path.read_text("utf-8"))
        yield from (shown["label"] for table in ("links", "shortcuts", "number_cards", "charts") for shown in home[table])
        yield from (TAG.sub("", block["data"]["text"]) for block in json.loads(home["content"]) if block["type"] == "header")


def host_words(language: str, path: Path = HOST_WORDS) -> HostWords:
    """What the host translates to a language; nothing is known of a language that the file does not have."""
    known = json.loads(path.read_text("utf-8")).get(language, {})
    return HostWords(**{kind: frozenset(words) for kind, words in known.items()})


def read(path: Path) -> Rows:
    """A file's translations."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {(row[0], row[2]): row[1] for row in csv.reader(lines) if row}


def problems(rows: Rows, wanted: dict[str, str], shown: Labels, host: HostWords) -> list[str]:
    """What is wrong with a translation, one line for each text."""
    done = {key: translation for key, translation in rows.items() if translation}
    found = [f"missing: {text} ({place})" for text, place in wanted.items() if not {(text, ""), (text, CONTEXT)} & set(done)]
    for text in sorted(shown):
        lacking = _lacking(text, done, shown, host)
        found += [f"missing: {text} (label{f', context {context}' if context else ''})" for context in sorted(lacking)]
    for text, context in rows:
        if not _belongs(text, context, wanted, shown):
            found.append(f"gone: {text}{f' (context {context})' if context else ''}")
        elif not context and _overrides(text, wanted, host):
            found.append(f"the host's own word: {text}; leave it out, or give it a context")
    found += [f"gone: {text} ({HOST_WORDS.name})" for text in sorted(host.left_to_the_host | host.in_another_sense) if text not in shown]
    for (text, _context), translation in done.items():
        if _placeholders(text) != _placeholders(translation):
            found.append(f"other placeholders: {text} | {translation}")
    return found


def _lacking(text: str, done: Rows, shown: Labels, host: HostWords) -> set[str]:
    """The contexts in which a label still needs a line. One without a context serves them all, and would override the host's."""
    if text in host.in_another_sense:
        return {context for context in shown[text] if context and (text, context) not in done}
    if text in host or text in CODES or (text, "") in done:
        return set()
    return {""} if any((text, context) not in done for context in shown[text]) else set()


def _belongs(text: str, context: str, wanted: dict[str, str], shown: Labels) -> bool:
    """Whether somebody asks for this text in this context."""
    return (text in wanted and context in ("", CONTEXT)) or context in shown.get(text, set()) or (text in shown and not context)


def _overrides(text: str, wanted: dict[str, str], host: HostWords) -> bool:
    """Whether a line without a context puts our word on the host's screens. A text of the code may have the very word of the host."""
    return text in host.in_another_sense or (text in host and text not in wanted)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text)) | ({"{"} if re.search(r"[{}]", PLACEHOLDER.sub("", text)) else set())


def write(path: Path, rows: Rows, wanted: dict[str, str], shown: Labels, host: HostWords) -> None:
    """The file as it has to be; what is missing has an empty translation, for which Frappe shows the text itself."""
    kept = {
        (text, context): translation
        for (text, context), translation in rows.items()
        if _belongs(text, context, wanted, shown) and (context or not _overrides(text, wanted, host))
    }
    for text in wanted:
        if not {(text, ""), (text, CONTEXT)} & set(kept):
            kept[text, CONTEXT if text in host.in_another_sense else ""] = ""
    for text in shown:
        kept |= {(text, context): "" for context in _lacking(text, kept, shown, host)}
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([text, kept[text, context], context] for text, context in sorted(kept))


def languages(app: Path = APP) -> list[Path]:
    """The files that have to have every text: all but the one of English."""
    return sorted(path for path in (app / "translations").glob("*.csv") if path.stem != ENGLISH)


def main(arguments: list[str]) -> int:
    """Check (or, with --write, bring up to date) every language; the number of problems tells whether all is well."""
    wanted, shown, count = texts(), labels(), 0
    for path in languages():
        host = host_words(path.stem)
        if "--write" in arguments:
            write(path, read(path), wanted, shown, host)
        for line in problems(read(path), wanted, shown, host):
            print(f"{path.stem}: {line}")
            count += 1
    print(f"{len(wanted)} texts, {len(shown)} labels, {count} problems")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
