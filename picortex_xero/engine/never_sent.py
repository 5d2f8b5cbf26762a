"""Requests that are never sent: they hold, for one step, records that Xero has already, as a sealed request holds them (engine/attempts)."""

from __future__ import annotations

import secrets
from typing import Any

from ..xero.records.base import Kind
from . import attempts, outbox
from .attempts import Attempt
from .contexts import Context
from .leases import Lease
from .members import Member
from .outbox import Row


def member(step: Row, **known: Any) -> Member:
    """The member that stands for a step of which nothing is sent: what the step says, and what is `known` of its record besides."""
    who = outbox.identity(step)
    return {
        "entry": step["name"],
        "doctype": who.doctype,
        "docname": who.name,
        "creation": who.creation,
        "role": step["role"],
        "generation": step["generation"],
        "company": step["company"],
        "currency": step["currency"] or "",
        "content": "",
        "total": None,
        "tax": None,
        "link": "",
        "contact": "",
        "said": "",
        **known,
    }


def seal(context: Context, lease: Lease, kind: Kind, one: Member) -> Attempt:
    """The request, of kind `kind`, with this one member; the caller resolves it. Part of the caller's transaction."""
    return attempts.seal(context.connection, one["company"], lease.epoch, kind, kind.path(), b"", [one], secrets.token_hex(16))
