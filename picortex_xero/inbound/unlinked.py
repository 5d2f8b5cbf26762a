"""Records that Xero shows and that no document here is linked with: most were made by people; some tell that this site was put back from a
backup, or that a copy of it sends as well."""

from __future__ import annotations

from typing import Any

from ..engine import restored, second_records, unlinked
from ..engine.contexts import Context
from ..engine.leases import Lease
from ..xero.records.registry import MADE_AT


def judge_unlinked(context: Context, lease: Lease, endpoint: str, elements: list[dict[str, Any]]) -> None:
    """Look whether changed records of `endpoint` that no link names bear a mark of this site. Under the lease, after what former runs left open
    was settled, with no transaction open. It may pause the connection. Commits."""
    if not elements or endpoint not in MADE_AT:
        # Over- and prepayments are listed among bank transactions.
        return
    found = unlinked.among(context.connection, context.instance, endpoint, elements)
    found, paused = second_records.tell(context, lease, found)
    if not paused and (found.marked or found.named):
        restored.report(context.connection, context.company, found)
