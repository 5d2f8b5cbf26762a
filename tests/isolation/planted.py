"""Trouble planted in the app at one stage of one document's way, and what it meets counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rq.timeouts import JobTimeoutException


@dataclass
class Trouble:
    """Raises `times` times wherever the stage comes to a document named in `names`; `met` counts how often."""

    kind: str
    names: set[str]
    times: int
    met: int = 0

    def meets(self, name: str) -> None:
        """The stage works at this document."""
        if name not in self.names or self.met >= self.times:
            return
        self.met += 1
        if self.kind == "defect":
            raise KeyError("a defect")
        if self.kind == "time-out":
            raise JobTimeoutException("the job ran for too long")
        import frappe

        frappe.db.rollback()  # what MariaDB does to the whole transaction
        raise frappe.QueryDeadlockError(1020, "Record has changed since last read")


ALWAYS = 10**6
TIMES = {"defect": ALWAYS, "time-out": 1, "lost race": 1}


def plant(patch: pytest.MonkeyPatch, stage: str, trouble: Trouble) -> None:
    """Put it at a stage: decide, look, seal or record."""
    from picortex_xero.engine import record_element, run, seal

    if stage == "decide":
        _before(patch, run, "decide", lambda args: [args[0].step.who.name], trouble)
    elif stage == "look":
        _before(patch, seal, "_decided", lambda args: [work.doc["name"] for work in args[2]], trouble)
    elif stage == "seal":
        _before(patch, seal, "_member", lambda args: [args[1].doc["name"]], trouble)
    else:
        _before(patch, record_element, "record_element", lambda args: [args[2]["docname"]], trouble)


def _before(patch: pytest.MonkeyPatch, owner: Any, name: str, names: Callable[[tuple[Any, ...]], list[str]], trouble: Trouble) -> None:
    patch.setattr(owner, name, _meeting(getattr(owner, name), names, trouble))


def _meeting(whole: Callable[..., Any], names: Callable[[tuple[Any, ...]], list[str]], trouble: Trouble) -> Callable[..., Any]:
    def planted(*args: Any, **kwargs: Any) -> Any:
        for name in names(args):
            trouble.meets(name)
        return whole(*args, **kwargs)

    return planted
