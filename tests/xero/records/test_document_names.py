"""Names of ERPNext documents in numbers and texts of records: what the app writes is found again, whatever a naming series looks like."""

from __future__ import annotations

import pytest

from picortex_xero.accounting.plain_text import one_line
from picortex_xero.xero.records import document_names
from picortex_xero.xero.records.document_names import CREDITED, WRITTEN_OFF, Names, behind_theirs, numbered, part, possible

NAMES = [
    "SI-1", "ACC-PAY-2026-00001", "PE/2026/00001", "PAY - 2026 - 00001", "Receipt No. 12 of the 3rd of May", "PE%2F1", "PE:2026:1",
    "RCPT-R2", "PR (7)", "#12", "INV-", "PE_1", "Zahlung Köln/1", "A &amp; B/1", "5%", "SI-W", "SI-C", "PE/1/2",
]  # fmt: skip


def forms(name: str) -> list[str]:
    """Every form in which the app writes a name."""
    return [
        name, numbered(name), numbered(name, 2), numbered(name, what=CREDITED), numbered(name, 1, CREDITED), numbered(name, what=WRITTEN_OFF),
        numbered(name, 3, WRITTEN_OFF), f"{part(name, 0)} DC0710001", f"{part(name, 3)} DC/0710001", part(name, 12), f"{name} fee", f"{name} fee 2",
        f"{name} Deferred revenue released on 2026-10-01", f"Written off {name}", f"Cancels {name}", f"SI-900, {name}, SI-901",
        str(behind_theirs("A-77", name, 255)), str(behind_theirs("A-77 [1] (B)", numbered(name, 1), 255)), str(behind_theirs("X" * 300, name, 255)),
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_the_app_writes_is_found(name: str) -> None:
    every = Names(NAMES)
    for written in forms(name):
        for shown in (written, one_line(written), written.upper(), f" {written} "):
            assert name in every.within(["Something else", shown]), shown
            assert name in Names([name]).within([shown]), shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PE-1", "PE-10"), ("PE-1", "PE-1-1"), ("PE-1", "PE-1-1/2"), ("PE/2026", "PE/2026/A-1"), ("00001", "PE/2026/00001"),
        ("1", "PE-1"), ("PE-1", "XPE-1"), ("PE-1", "X-PE-1"), ("PE-1", "PE 1"), ("PE/1", "PE-1"), ("SI-1", "SI-1-CASH"), ("SI-1", "SI-1-R"),
        ("SI-1", "SI-1-C-7"), ("SI-1", "SI-1/2/3"),
    ],
)  # fmt: skip
def test_a_part_of_a_longer_name_is_another_document(name: str, text: str) -> None:
    assert not Names([name]).within([text])


def test_the_longer_name_comes_first() -> None:
    assert Names(["SI", "SI 2026", "SI 2026 1"]).within(["si 2026 1"]) == ["SI 2026 1", "SI 2026", "SI"]
    assert not Names([]).within(["SI-1"]) and not Names(["---"]).within(["---"])


def test_every_possible_name_of_a_text() -> None:
    found = possible(["A-77 (PE/2026/1-R1), paid", "PAY - 2026 - 1/2"])
    assert {"PE/2026/1", "PAY - 2026 - 1", "A-77", "paid"} <= found
    assert len(possible([" ".join(str(at) for at in range(10_000))])) <= document_names.MOST + 10_000
