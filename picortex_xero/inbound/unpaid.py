"""Payments of ours that an invoice or credit note in Xero does not show any more: somebody has removed them there. Each is read by its id, whatever the list of
payments has shown."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..documents.picture import PAID
from ..documents.step import ASIDE, ENDED
from ..engine import links, reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..xero.records import xero_element
from ..xero.records.invoice import Invoice
from ..xero.records.registry import BATCH_PAYMENT, PAYMENT
from .judge import Linked

Element = dict[str, Any]
PAYMENTS = (PAYMENT.endpoint, BATCH_PAYMENT.endpoint)
# So many are read for one page; of more the list of payments shows what became of them.
MOST = 20


def removed(context: Context, lease: Lease, known: dict[str, list[Linked]], elements: list[Element]) -> list[tuple[str, Element]]:
    """(endpoint, element) of the payments that these records showed before and do not show now, and that no longer stand. `known`: the links of the records,
    as they were before the records were judged, by id in lower case. Raises send.LeaseLost and what concerns the whole connection."""
    left: set[str] = set()
    for shown in elements:
        if isinstance(shown.get("Payments"), list):
            mine = [each for value in shown.values() if isinstance(value, str) for each in known.get(value.casefold(), [])]
            left |= {xero_id for linked in mine for xero_id in no_longer_shown(linked.link.picture.get(PAID), shown)}
    rows = [row for row in links.by_records(context.connection, sorted(left)) if row["endpoint"] in PAYMENTS] if left else []
    standing = [row for row in rows if row["remote_status"] not in ENDED and int(row["sequence"]) < ASIDE]
    found: list[tuple[str, Element]] = []
    for row in standing[:MOST]:
        endpoint, xero_id = str(row["endpoint"]), str(row["xero_id"])
        there, element = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
        if there and element is not None and xero_element.gone(element):
            found.append((endpoint, element))
    return found


def no_longer_shown(was: Any, element: Element) -> set[str]:
    """The ids of what paid a record when it was read last (`was`: [id, amount] each) and is not shown now."""
    now = {str(each[0]) for each in Invoice.paid_by(element)}
    return {str(each[0]) for each in was or [] if str(each[0]) not in now}
