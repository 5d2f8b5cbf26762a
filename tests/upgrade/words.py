"""Words that the tables store, as a list a person can read: `stored_words.json`. A word that is stored at a customer's is for ever."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.upgrade.frozen import Row, Tables

FILE = Path(__file__).parent / "stored_words.json"
COLUMNS = {
    "Xero Outbox Entry": ("state", "kind", "reason_code", "reference_doctype"),
    "Xero Attempt": ("state", "kind", "outcome", "method"),
    "Xero Link": ("endpoint", "remote_status", "reference_doctype"),
    "Xero Connection": ("state", "reason_code", "target_status", "changed_documents", "opening_documents", "history_notes", "depreciation"),
    "Xero Authorisation": ("state", "trouble"),
    "Xero Sync Log": ("event",),
    "Xero Step Cause": ("kind",),
    "Xero Former Name": ("reference_doctype",),
    "Xero Tax Mapping": ("direction",),
    "Xero Deduction Mapping": ("treatment",),
}
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER, HASH = re.compile(r"-\d+\b"), re.compile(r"^(attachment)-(?!print)[0-9a-z]{10}$")


def role(stored: str) -> str:
    """A role without its number or the name of its file: "payment-n"."""
    return NUMBER.sub("-n", HASH.sub(r"\1-<File>", stored))


class Words:
    """Collects them."""

    def __init__(self) -> None:
        self.found: dict[str, set[str]] = {}

    def note(self, tables: Tables) -> None:
        """Every word in these rows."""
        for doctype, columns in COLUMNS.items():
            for row in tables.get(f"tab{doctype}", []):
                for column in columns:
                    self._add(f"{doctype}.{column}", IDS.sub("<id>", str(row.get(column) or "")))
                if "role" in row:
                    self._add(f"{doctype}.role", role(row["role"]))
        for row in tables.get("tabXero Attempt", []):
            for member in members(row):
                for name in member:
                    self._add("Xero Attempt.members", name)
            for records in json.loads(row.get("kept") or "{}").values():
                for record in records:
                    for name in record:
                        self._add("Xero Attempt.kept", name)

    def _add(self, where: str, word: str) -> None:
        if word:
            self.found.setdefault(where, set()).add(word)

    def write(self) -> None:
        """Make the list anew."""
        FILE.write_text(json.dumps({where: sorted(found) for where, found in sorted(self.found.items())}, indent=1) + "\n")


def members(row: Row) -> list[dict[str, Any]]:
    """Who is inside a sealed request."""
    return list(json.loads(row.get("members") or "[]"))


def known() -> dict[str, set[str]]:
    """The list."""
    return {where: set(found) for where, found in json.loads(FILE.read_text()).items()}
