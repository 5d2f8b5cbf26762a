"""Records that Xero shows and that no document here is linked with."""

from __future__ import annotations

from typing import Any

from ..engine.contexts import Context
from ..engine.leases import Lease


def judge_unlinked(context: Context, lease: Lease, endpoint: str, elements: list[dict[str, Any]]) -> None:
    """What becomes of changed records of `endpoint` that no link names: those that people made in Xero are none of ours.

    THE CALL SITE for records that bear a mark of this instance (`sync=`) without a link here, as after a restore or on a copy of the site: the
    reader hands every such page to this function, under the lease, after what former runs left open was settled, with no transaction open.
    It may pause the connection and commit; nothing is read again because of what it does.
    """
