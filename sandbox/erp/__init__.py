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
    """`doc` as the host returned it, with what `pack` (in `bench_packing`) left out put back.

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
    """One recording, with every document restored."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        recording: dict[str, Any] = json.load(stream)
    schema = recording.get("schema", {})
    for company in recording.get("companies", ()):
        for doctype, docs in company["masters"].items():
            company["masters"][doctype] = [restore(doc, schema) for doc in docs]
        for record in company["documents"]:
            record["doc"] = restore(record["doc"], schema)
            # Other documents changed along the way are whole where they carry their creation, else states.
            record["after"] = [restore(doc, schema) if "creation" in doc else doc for doc in record["after"]]
    return recording


def recordings(pattern: str = "company-*.json.gz") -> Iterator[dict[str, Any]]:
    """The recordings whose file name matches, by name; `company-nz*` is the demo's month.

    `random-*` holds figures of generated invoices under `records`, not documents."""
    for path in sorted(RECORDED.glob(pattern)):
        yield read(path)
