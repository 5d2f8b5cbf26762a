"""A sample of the fuzz in every run of the tests: what once made a record twice, and a spread over kinds of record and operations.

All of it: `make test-echo`.
"""

from __future__ import annotations

import pytest

from sandbox.xero import echoes
from tests.echo import plan, results
from tests.echo.fuzz import Fuzz
from tests.echo.plan import ANSWER, BOTH, LOST, RECEIVED, Combination
from tests.echo.scenes import SCENES

# Every third scene, with one operation each: with the steps between them every operation has its turn.
SPREAD = tuple(SCENES)[::3]


def _known() -> list[object]:
    """Combinations under which an earlier version made a record twice; the first of each pair is the id of the case."""
    rows: list[tuple[str, Combination]] = []
    for row, scenes in (("24", ("payment", "two-payments", "batch-payment", "paid-bill")),
                        ("27", ("transfer", "spend", "receive", "overpayment", "bill", "journal"))):  # fmt: skip
        rows += [(row, Combination(scene, mode, "-", "-", "tidied")) for scene in scenes for mode in (RECEIVED, LOST)]
    for scene in ("bill", "two-bills", "journal", "release", "spend", "overpayment"):
        rows += [("S1", Combination(scene, BOTH, SCENES[scene].writes, "Url", each)) for each in ("missing", "case", "slashed")]
    for scene in ("payment", "two-payments", "refund", "transfer"):
        rows += [("S1", Combination(scene, BOTH, SCENES[scene].writes, "Reference", each)) for each in ("missing", "trimmed", "case")]
    for scene, field in (("overpayment", "OverpaymentID"), ("prepayment", "PrepaymentID")):
        rows += [("S1", Combination(scene, mode, SCENES[scene].writes, field, "missing")) for mode in (ANSWER, BOTH)]
    # A list without its collection is looked at again all day: one of these is enough here.
    for scene, name, operation in (("payment", "Payments", "null"), ("bill", "Invoices", "bare"), ("journal", "ManualJournals", "moved")):
        rows.append(("S1", Combination(scene, LOST, f"/{name}$", name, operation, envelope=True)))
    for field, operation in (("LineItems.0", "null"), ("LineItems", "bare"), ("BankTransactionID", "null")):
        rows.append(("S7", Combination("spend", LOST, r"/BankTransactions$", field, operation)))
    rows.append(("S1", Combination("allocated-overpayment", LOST, r"/Overpayments/[^/]+$", "Allocations.*.Invoice", "moved")))
    for scene in ("refund", "supplier-refund", "refund-of-overpayment", "refund-of-prepayment"):
        rows.append(("36", Combination(scene, LOST, "-", "-", "none")))
    return [pytest.param(each, marks=pytest.mark.case(row), id=each.name) for row, each in rows]


@pytest.mark.parametrize("combination", _known())
def test_what_was_known_to_double(fuzz: Fuzz, combination: Combination) -> None:
    outcome = fuzz.run(combination)
    # What the app sends tidied by itself cannot be shown or stored tidied.
    tidied = {**plan.STORED, "trimmed": [combination.field]}
    assert outcome.reached or combination.operation in tidied and not plan.was_tidied(
        fuzz.known(combination.scene).writes, tidied[combination.operation]
    ), "the app was not shown it"  # fmt: skip
    assert results.failed(outcome.findings) == []


@pytest.mark.parametrize("scene", SPREAD)
def test_a_spread_of_operations(fuzz: Fuzz, scene: str) -> None:
    at = list(SCENES).index(scene)
    first = at % len(echoes.OPERATIONS)
    turned = (*echoes.OPERATIONS[first:], *echoes.OPERATIONS[:first])
    mode = (LOST, BOTH, ANSWER)[at // 3 % 3]
    found, _ = plan.combinations({scene: fuzz.known(scene)}, turned)
    chosen = next(each for operation in turned for each in found if (each.operation, each.mode) == (operation, mode))
    outcome = fuzz.run(chosen)
    assert results.failed(outcome.findings) == [], chosen.name
    if outcome.findings:
        print(f"{chosen.name}: {[(finding.kind, finding.text) for finding in outcome.findings]}")
