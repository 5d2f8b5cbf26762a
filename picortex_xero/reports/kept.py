"""A statement as it is kept: text, with amounts as they were read."""

from __future__ import annotations

import json
from decimal import Decimal

from .reading import Line, Statement


def text(statement: Statement) -> str:
    """JSON; amounts as text, so that no cent is lost."""
    lines = [
        [each.kind, each.section, each.title, each.account, [str(each.amounts[name]) for name in statement.columns]]
        for each in statement.lines
    ]
    return json.dumps({"columns": statement.columns, "lines": lines}, ensure_ascii=False, separators=(",", ":"))


def statement(kept: str) -> Statement:
    """What `text` wrote. Raises ValueError, KeyError or TypeError where it was not."""
    found = json.loads(kept)
    columns = tuple(found["columns"])
    lines = (
        Line(kind, section, title, account, {name: Decimal(amount) for name, amount in zip(columns, amounts)})
        for kind, section, title, account, amounts in found["lines"]
    )
    return Statement(columns, tuple(lines))
