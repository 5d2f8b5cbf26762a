"""An index of the numbers of invoices and bills, so that a look for a few of them does not go through all: folded number -> the ids of those that bear it or once
did, with blanks between them (bills share numbers). Whoever reads it compares.
"""

from __future__ import annotations

from sandbox.xero.world import Call

_INDEX = "every number of Invoices"


def note(call: Call, resource: str, record_id: str, number: str) -> None:
    """Notes that an invoice or bill has this number."""
    if resource == "Invoices" and number:
        _add(_every(call), record_id, number)


def of(call: Call, wanted: set[str]) -> list[str]:
    """The ids of invoices and bills that bear one of these numbers (folded), or once did."""
    index = _every(call)
    return [each for number in wanted for each in index.get(number, "").split()]


def _every(call: Call) -> dict[str, str]:
    """The index; made anew where a kept state has none."""
    if _INDEX not in call.org.numbers:
        index = call.org.index(_INDEX)
        for each, record in call.org.of("Invoices").items():
            _add(index, each, record["InvoiceNumber"])
    return call.org.numbers[_INDEX]


def _add(index: dict[str, str], record_id: str, number: str) -> None:
    those = index.get(number.casefold(), "")
    if record_id not in those:
        index[number.casefold()] = f"{those} {record_id}".strip()
