"""Watching what one action does: its SQL statements, its HTTP and queue calls, with or without the app's handlers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import frappe


@dataclass
class Seen:
    """In order: every SQL statement, and every call that leaves the process ("http ...", "enqueue ...", "commit")."""

    statements: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def ours(self) -> list[str]:
        """The app's own statements."""
        return [each for each in self.statements if "tabXero" in each or "picortex_xero" in each]

    def inserts(self) -> list[str]:
        """The app's inserts."""
        return [each for each in self.ours() if each.lstrip().upper().startswith("INSERT")]


@contextmanager
def watching() -> Iterator[Seen]:
    """Note what happens in the block. `commit` in `calls` marks where the transaction ended."""
    import httpx
    import requests
    import rq

    seen, database = Seen(), frappe.local.db.__class__
    sql, commit, enqueue, send, request, queue = (
        database.sql,
        database.commit,
        frappe.enqueue,
        httpx.Client.send,
        requests.Session.request,
        rq.Queue.enqueue_call,
    )

    def noted(name: str, original: Any, statement: bool = False) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            if statement:
                seen.statements.append(" ".join(str(arguments[1] if len(arguments) > 1 else options.get("query")).split()))
            else:
                seen.calls.append(name)
            return original(*arguments, **options)

        return run

    with ExitStack() as stack:
        for owner, attribute, original in (
            (database, "commit", commit),
            (frappe, "enqueue", enqueue),
            (httpx.Client, "send", send),
            (requests.Session, "request", request),
            (rq.Queue, "enqueue_call", queue),
        ):
            name = {"commit": "commit", "send": "http", "request": "http"}.get(attribute, attribute)
            stack.enter_context(patch.object(owner, attribute, noted(name, original)))
        stack.enter_context(patch.object(database, "sql", noted("", sql, statement=True)))
        yield seen


@contextmanager
def without_the_app() -> Iterator[None]:
    """The host as it is without the app's handlers."""
    hooks = frappe.get_doc_hooks()
    bare = {
        doctype: {event: [path for path in paths if not path.startswith("picortex_xero.")] for event, paths in events.items()}
        for doctype, events in hooks.items()
    }
    frappe.local.doc_events_hooks = bare
    try:
        yield
    finally:
        frappe.local.doc_events_hooks = hooks
