"""Host against Xero, kind by kind: the figures the demo prints. Both sides are read, none is computed by the app.

The host's figures are what the real ERPNext recorded; Xero's come from the simulator's own ledger. Document by document they are judged
by `replay.judge`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.replay import host_side
from sandbox.replay.host_side import INVOICES, ZERO, Voucher
from sandbox.replay.judge import WAITING, Judge, Verdict
from sandbox.replay.run import loose
from sandbox.replay.xero_side import XeroSide
from sandbox.rig import Rig

KINDS = {"Sales Invoice": "Sales invoices", "Purchase Invoice": "Bills", "Payment Entry": "Payments", "Journal Entry": "Journals"}
RETURNS = {"Sales Invoice": "Credit notes", "Purchase Invoice": "Supplier credits"}
# Somebody owes something for it: it has tax, and an outstanding amount.
CLAIMS = ("Sales invoices", "Bills", *RETURNS.values())


@dataclass
class Side:
    """Count and sums of one kind and currency on one side. Of payments and journals `total` is what moved on bank accounts."""

    count: int = 0
    total: Decimal = ZERO
    tax: Decimal = ZERO
    outstanding: Decimal = ZERO

    def add(self, total: Decimal, tax: Decimal = ZERO, outstanding: Decimal = ZERO) -> None:
        """One more document."""
        self.count, self.total, self.tax, self.outstanding = (
            self.count + 1,
            self.total + total,
            self.tax + tax,
            self.outstanding + outstanding,
        )


@dataclass
class Comparison:
    """`rows` by (kind, currency): host and Xero; `differences` are sentences; `attention` what waits, with reason and cure."""

    rows: dict[tuple[str, str], tuple[Side, Side]] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)
    differences: list[str] = field(default_factory=list)
    attention: list[dict[str, Any]] = field(default_factory=list)


def compare(rig: Rig, events: Iterable[dict[str, Any]], parties: Iterable[dict[str, Any]]) -> Comparison:
    """What these recorded events left in the host against what stands in Xero. `parties`: what the Payment Ledger held open at the end."""
    steps = rig.steps()
    with rig.frappe() as frappe:
        links = frappe.get_all("Xero Link", filters={"connection": rig.connection}, fields=["*"])
    xero = XeroSide(rig, links)
    judge = Judge(rig.country, rig.company, xero, steps)
    vouchers = host_side.vouchers(events, rig.company["name"])
    host_side.note_open(vouchers, list(parties))
    found = Comparison(verdict=judge.judge(vouchers), attention=[step for step in steps if step["state"] in WAITING])
    found.differences = [*found.verdict.different, *loose(xero)]
    for voucher in vouchers.values():
        # An invoice of 0.00 (everything given away) is not sent: there is nothing to compare.
        worth = voucher.key[0] not in INVOICES or voucher.total or voucher.rows
        if voucher.doc["docstatus"] == 1 and voucher.key[1] not in found.verdict.held and worth:
            _add(found, judge, xero, voucher)
    return found


def _add(found: Comparison, judge: Judge, xero: XeroSide, voucher: Voucher) -> None:
    """A document that stands in the host, beside what it became."""
    doctype = voucher.key[0]
    records = judge.records(voucher)
    if doctype in INVOICES:
        kind = (RETURNS if voucher.doc.get("is_return") else KINDS)[doctype]
        host, shown = found.rows.setdefault((kind, voucher.doc["currency"]), (Side(), Side()))
        host.add(voucher.sign * voucher.total, judge.tax(voucher), abs(judge.due.get(voucher.key, ZERO)))
        # The write-off of a POS sale is a credit note beside its invoice in Xero (of a return an invoice): judged, not counted here.
        whole = "CreditNotes" if voucher.doc.get("is_return") else "Invoices"
        for key in (key for key in records if key[0] == whole):
            record = xero.records[key]
            shown.add(Decimal(record["Total"]), Decimal(record["TotalTax"]), abs(xero.open(key)))
        return
    if not records:
        return  # Xero needs no record of it, as of an exchange difference; the judge has checked that
    wanted, moved = judge.bank(voucher), judge.moved(records)
    for code in sorted({*wanted, *moved}) or [""]:
        host, shown = found.rows.setdefault((KINDS[doctype], xero.currency(code)), (Side(), Side()))
        host.add(wanted.get(code, ZERO))
        shown.add(moved.get(code, ZERO))


def table(found: Comparison) -> str:
    """The comparison as text, host above Xero for each kind and currency."""
    lines = [f"{'':<18}{'':<5}{'':<7}{'count':>7}{'total':>16}{'tax':>14}{'outstanding':>16}"]
    for (kind, currency), sides in sorted(found.rows.items()):
        for label, side in zip(("host", "Xero"), sides):
            claims = kind in CLAIMS
            tax, outstanding = (f"{side.tax:,.2f}", f"{side.outstanding:,.2f}") if claims else ("", "")
            head = (kind, currency) if label == "host" else ("", "")
            lines.append(f"{head[0]:<18}{head[1]:<5}{label:<7}{side.count:>7}{side.total:>16,.2f}{tax:>14}{outstanding:>16}")
    lines.append(
        "\nOf payments and journals the total is what they moved on bank accounts. Outstanding leaves out what a waiting document settles."
    )
    return "\n".join(lines)
