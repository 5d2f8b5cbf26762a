"""Which rows of the app's tables a file holds that ties documents to their records in Xero, and which of their columns. What is not named here is
worked out anew (keys, times of the next try), read again from Xero, or only history; `LEFT_OUT` says why, and a test holds both to the DocTypes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..engine import attempts, former_names, links, outbox, unlinked_records
from ..engine.screen_texts import stored

TEXT, SHOWN, WHOLE, AMOUNT, TIME, DAY = "text", "shown", "whole", "amount", "time", "day"
LONGEST = {TEXT: 140, SHOWN: 140}
LONGEST_TEXT = 3_000_000
# An endpoint as links name it, and the path of a request for it; nothing that leads elsewhere.
PLACE = re.compile(r"[A-Za-z]+(/[A-Za-z0-9-]+){0,3}(\?[A-Za-z0-9=&-]*)?", re.ASCII)
XERO_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


class Wrong(Exception):
    """A row of the file that no export can have written."""


@dataclass(frozen=True)
class Table:
    """A section of the file: rows of one DocType, with these columns by kind. `long` are texts without a limit of a column. `only`: the rows that
    count, as filters besides the connection; None where the rows are of no connection."""

    section: str
    doctype: str
    columns: dict[str, str]
    long: tuple[str, ...] = ()
    only: dict[str, Any] | None = None

    def checked(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row as it goes into the table: every column, of its kind. Raises Wrong."""
        unknown = set(row) - {*self.columns, "of"}
        if unknown:
            raise Wrong(f"{self.section}: {', '.join(sorted(unknown))}")
        if not XERO_ID.fullmatch(str(row.get("name") or "")):
            raise Wrong(f"{self.section}: name")
        try:
            return {column: self._value(column, kind, row.get(column)) for column, kind in self.columns.items()}
        except (ValueError, TypeError, OverflowError) as error:
            raise Wrong(f"{self.section}: {error}") from error

    def _value(self, column: str, kind: str, value: Any) -> Any:
        if kind in (TEXT, SHOWN):
            if not isinstance(value, (str, type(None))) or len(value or "") > (LONGEST_TEXT if column in self.long else LONGEST[kind]):
                raise ValueError(column)
            return stored(value) if kind == SHOWN else value or ""
        if kind == WHOLE:
            return _number(int, column, value)
        if kind == AMOUNT:
            return _number(float, column, value)
        if value in (None, ""):
            return None
        return datetime.fromisoformat(value) if kind == TIME else date.fromisoformat(value)


def _number(kind: type, column: str, value: Any) -> Any:
    if value is None:
        return kind(0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 10**15:
        raise ValueError(column)
    return kind(value)


def _columns(**kinds: str) -> dict[str, str]:
    """Columns by kind: `text="name role"` and so on."""
    return {column: kind for kind, columns in kinds.items() for column in columns.split()}


_OF_A_DOCUMENT = "name reference_doctype reference_name reference_creation"
LINKS = Table(
    "links",
    links.DOCTYPE,
    _columns(
        text=f"{_OF_A_DOCUMENT} role endpoint xero_id marker remote_contact currency content sent_lines remote_picture reconciled",
        shown="xero_number remote_status",
        whole="sequence generation content_version adopted",
        amount="remote_total remote_amount_due",
        time="remote_updated content_at last_checked reading_again creation",
    ),
    ("marker", "sent_lines", "remote_picture"),
    {},
)
# Which documents went as what was owed at a day, and which belong to an import that is not over: it is paused until somebody goes on.
IMPORTS = Table(
    "imports",
    "Xero History Run",
    _columns(
        text="name mode state kinds opening_account reason_parts position forecast_details",
        shown="reason cure",
        whole="paused_seconds documents looked_at added known in_xero was_there held left_out withdrawn walked forecast_documents forecast_requests forecast_a_day forecast_seconds calls",
        time="started_at finished_at forecast_end creation",
        day="from_date to_date first_open_day",
    ),
    ("kinds", "reason", "cure", "reason_parts", "position", "forecast_details"),
    {},
)
STEPS = Table(
    "steps",
    outbox.DOCTYPE,
    _columns(
        text=f"{_OF_A_DOCUMENT} room role kind mark state blocked_on awaits reason_code reason_parts currency kept_by released_by approved_by rule history_run changed_fields late_by late_for undo_run",
        shown="reason cure",
        whole="generation told number_suffix",
        amount="amount",
        time="released_at approved_at not_before late_at creation",
        day="posting_date left_out_on",
    ),
    ("reason", "cure", "reason_parts"),
    {},
)
CAUSES = Table("causes", "Xero Step Cause", _columns(text="name step code kind cause_key look", time="since creation"), only={})
# What a person has to choose from. Their bytes are not in the file: nothing of a former site is ever sent again as it was.
REQUESTS = Table(
    "requests",
    attempts.DOCTYPE,
    _columns(text="name kind method path members kept outcome", whole="http_status", time="sealed_at first_sent_at send_deadline creation"),
    ("path", "members", "kept"),
    {"kept": ("is", "set")},
)
RECORDS = Table(
    "records",
    unlinked_records.DOCTYPE,
    _columns(
        text="name state what total date bears endpoint xero_id element",
        shown="number document status",
        whole="alike",
        time="found_at creation",
    ),
    ("element",),
    {},
)
RUNS = Table(
    "question_runs",
    "Xero Question Run",
    _columns(
        text="name state organisation reason_parts",
        shown="reason cure",
        whole="as_expected differing not_checked calls",
        time="started_at finished_at creation",
    ),
    ("reason", "cure", "reason_parts"),
    {"state": ("!=", "Running")},
)
ANSWERS = Table(
    "answers",
    "Xero Question Result",
    _columns(text="name run question state", shown="rule seen kinds", time="asked_at creation"),
    ("rule", "seen", "kinds"),
    {},
)
RENAMES = Table(
    "renames", former_names.DOCTYPE, _columns(text="name reference_doctype former_name present_name", time="creation"), only=None
)
# Before what is about them: the documents that the app itself made, and what they count.
CASH_SUMMARIES = Table(
    "cash_summaries",
    "Xero Cash Summary",
    _columns(
        text="name account direction currency against_account tax_type amended_from",
        whole="number docstatus make_anew",
        amount="total base_total",
        time="creation",
        day="posting_date",
    ),
    only={},
)
CASH_COUNTED = Table(
    "cash_counted",
    "Xero Cash Summary Row",
    _columns(text=f"{_OF_A_DOCUMENT} parent rule currency", whole="idx", amount="amount base_amount", time="creation"),
    only={},
)
# In the order in which they stand in the file and are written.
TABLES = (CASH_SUMMARIES, CASH_COUNTED, LINKS, IMPORTS, STEPS, CAUSES, REQUESTS, RECORDS, RUNS, ANSWERS, RENAMES)
BY_SECTION = {each.section: each for each in TABLES}
# Columns that are made anew.
LEFT_OUT = {
    links.DOCTYPE: {"connection", "company", "link_key", "remote_key"},
    outbox.DOCTYPE: {
        "connection", "company", "step_key", "due_at", "attempt", "epoch", "tries", "batch_limit", "failures", "failing", "request_group",
        "approval_stage",
    },
    "Xero History Run": {"connection", "company", "started_by", "paused_at", "paused_by", "due_at", "preview"},
    "Xero Step Cause": {"connection", "company"},
    attempts.DOCTYPE: {
        "connection", "company", "state", "body", "sends", "replays", "epoch", "watch_until", "next_at", "machine", "first_uptime", "last_uptime",
    },
    unlinked_records.DOCTYPE: {"connection", "company", "record_key"},
    "Xero Question Run": {"connection", "company", "started_by", "due_at"},
    "Xero Question Result": {"connection", "company"},
    former_names.DOCTYPE: set(),
    "Xero Cash Summary": {"connection", "company", "rows", "summary_key"},
    "Xero Cash Summary Row": {"connection", "company", "counted_key"},
}  # fmt: skip
# Read from Xero or made again, or only history; and what people agreed to: a file can be written by anyone, so what has not gone is asked about again.
NOT_IN_THE_FILE = {
    "Xero Report Snapshot", "Xero Monthly Pack", "Xero Sync Log", "Xero Mapping Change", "Xero Comparison", "Xero Difference", "Xero Preview Run", "Xero Preview Row", "Xero Test Run",
    "Xero Test Record", "Xero Contact", "Xero Contact Reading", "Xero Creation", "Xero Configuration Part", "Xero Approval",
    "Xero Undo Run", "Xero Undo Row", "Xero Inbound Event", "Xero Incoming Record", "Xero Changed Record",
}  # fmt: skip
# Of the connection and its state row, without what is chosen (settings) and what is read or worked out again.
OF_CONNECTION = ("organisation_name", "tenant_id", "state", "go_live_date", "watched_from", "country_code", "base_currency", "short_code")
OF_STATE = (
    "read_until",
    "tax_stops",
    "question_overrides",
    "steps_opened",
    "compare_since",
    "taxes_checked",
    "taxes_checked_by",
    "taxes_checked_at",
)
