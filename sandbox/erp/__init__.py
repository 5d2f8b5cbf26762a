"""Documents recorded from a real ERPNext site: what was typed and what the host made of it.

Owns reading the recordings back. Imports no frappe, computes no figure: the host's results are facts here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
NUMBERS = {"Currency": 0.0, "Float": 0.0, "Percent": 0.0, "Int": 0, "Check": 0}


def restore(doc: dict[str, Any], schema: dict[str, dict[str, str]], parent: dict[str, Any] | None = None) -> dict[str, Any]:
    """`doc` as the host returned it, with what `pack` (in `packing`) left out put back.

    `schema` is {doctype: {fieldname: fieldtype}}. Numbers that were zero are zero again, child rows know
    their parent again. Fields that were null or empty stay absent.
    """
    full: dict[str, Any] = {"docstatus": 0}
    full |= {name: NUMBERS[kind] for name, kind in schema.get(doc.get("doctype", ""), {}).items() if kind in NUMBERS}
    if parent is not None:
        full |= {"parent": parent["name"], "parenttype": parent["doctype"], "docstatus": parent.get("docstatus", 0)}
        full |= {name: parent[name] for name in ("owner", "creation", "modified", "modified_by") if name in parent}
    for name, value in doc.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            own = {"doctype": doc["doctype"], **{k: v for k, v in doc.items() if not isinstance(v, list)}}
            value = [restore({**row, "parentfield": name}, schema, own) for row in value]
        full[name] = value
    return full


def read(path: Path) -> dict[str, Any]:
    """One recording, with every document restored.

    Where it holds named cases, each case's own masters join its company's, and the company's `documents` are the
    events of its cases that carry a document, in order (of every kind: not only `submit` and `cancel`).
    """
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        recording: dict[str, Any] = json.load(stream)
    schema = recording.get("schema", {})
    companies = {company["code"]: company for company in recording.get("companies", ())}
    for case in recording.get("cases", ()):
        company = companies[case["company"]]
        for doctype, docs in case["masters"].items():
            company["masters"].setdefault(doctype, []).extend(docs)
        company.setdefault("documents", []).extend(event for event in case["events"] if "doc" in event)
        for event in case["events"]:
            if "doc" not in event:
                event["after"] = _restored(event.get("after", []), schema)
    for company in companies.values():
        for doctype, docs in company["masters"].items():
            company["masters"][doctype] = [restore(doc, schema) for doc in docs]
        for record in company.setdefault("documents", []):
            record["doc"] = restore(record["doc"], schema)
            record["after"] = _restored(record["after"], schema)
    return recording


def _restored(after: list[dict[str, Any]], schema: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Other documents changed along the way are whole where they carry their creation, else changed fields."""
    return [restore(doc, schema) if "creation" in doc else doc for doc in after]


def recordings(pattern: str = "company-*.json.gz") -> Iterator[dict[str, Any]]:
    """The recordings whose file name matches, by name; `company-nz*` is the demo's month.

    `random-*` holds figures of generated invoices under `records`, not documents."""
    for path in sorted(RECORDED.glob(pattern)):
        yield read(path)


def cases() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(recording, case) of every named case, by file and in the order of recording; format in `recorded/README.md`."""
    for path in sorted((RECORDED / "cases").glob("cases-*.json.gz")):
        recording = read(path)
        for case in recording["cases"]:
            yield recording, case


def corpus(pattern: str = "corpus-*.json.gz") -> Iterator[dict[str, Any]]:
    """The random corpus, one recording per company, in the format of `recordings`."""
    for path in sorted((RECORDED / "corpus").glob(pattern)):
        yield read(path)
