"""Host against Xero after a year: per contact, per bank account, per group of accounts. Pure: figures in, a statement out.

Every document is compared by itself, as a vector of what it moves in either book; the totals are the sums. What differs is named by the
state of its steps (in flight, held), or by a known difference between the two systems that the figures must bear out to the cent: exchange
differences, which each computes itself, stock, of which the app sends no journals, and rounding. The rest is unexplained, and must be
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.bench.year_host import Document, HostBooks, Voucher
from tests.bench.year_xero import CENT, EXCHANGE, GST, PAYABLE, RECEIVABLE, ZERO, Moves, XeroBooks

WAITING = ("Held", "Needs Attention")
# Steps that move nothing in the books: what they wait for explains no movement, only what is open on single documents.
MOVES_NOTHING = ("allocation", "merged", "contact", "note", "attachment")
NO_COST = (RECEIVABLE, PAYABLE, GST, EXCHANGE)
STOCK = {
    "Sales Invoice": "cost of goods sold, of an invoice that delivers",
    "Purchase Invoice": "what goods cost beside the price they went back at",
}
# Cents that two ways of converting and rounding may leave on one document: one for each amount that was converted, and the sixth decimal
# of the rate that Xero keeps (CurrencyRate has six decimals in Xero's OpenAPI description).
PER_AMOUNT, LAST_DIGIT = Decimal("0.01"), Decimal("0.0000005")
DUST = "less than a cent that the host's own conversion leaves unallocated"
ROUNDING_BOUND = Decimal("0.05")  # the largest line that the app itself sends to round a document


@dataclass
class Named:
    """One named difference: its documents, and what they are apart by (host less Xero)."""

    documents: list[str] = field(default_factory=list)
    apart: Moves = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, name: str, apart: Moves) -> None:
        self.documents.append(name)
        for key, amount in apart.items():
            self.apart[key] += amount


class TieOut:
    """The whole comparison. `named` is by (name, reason); `unexplained` are (what, how far apart)."""

    def __init__(self, host: HostBooks, books: XeroBooks) -> None:
        self.host, self.books = host, books
        self.moves = books.moves()
        self.named: dict[tuple[str, str], Named] = defaultdict(Named)
        self.unexplained: list[tuple[str, Moves]] = []
        self.steps = {step["name"]: step for step in host.steps}
        self._hand_out_records()
        for document in host.documents.values():
            self._explain(document)
        self.items = self._open_items()

    def _hand_out_records(self) -> None:
        """Each record's moves to the document whose link names it. A record that no link names is nobody's, and unexplained."""
        left = dict(self.moves)
        for (doctype, name, creation), keys in self.books.side.became.items():
            document = self.host.found((doctype, name), creation)
            for key in dict.fromkeys(keys):
                if document is not None:
                    document.take(key, left.pop(key, {}))
        for credit, allocation in self.books.side.allocations.values():  # one that Xero or a person made belongs to its credit
            owner = next((each for each in self.host.documents.values() if credit in each.records), None)
            if owner is not None:
                owner.take(("Allocations", allocation["AllocationID"]), left.pop(("Allocations", allocation["AllocationID"]), {}))
        for key, moved in left.items():
            if moved:
                self.unexplained.append(
                    (f"{' '.join(key)} in Xero belongs to no document", {what: -amount for what, amount in moved.items()})
                )

    # What names a difference ---------------------------------------------------------------------------------------

    def _explain(self, document: Document) -> None:
        rest = document.rest()
        if not rest:
            return
        if reason := self.state(document, moving=True):
            self.named[reason].add(document.name, rest)
            return
        if value := self._stock(document, rest):
            self.named["stock not journalled", STOCK[document.voucher[0]]].add(document.name, value)
            rest = {key: amount for key, amount in rest.items() if key not in value}
        if rest and (reason := exchange(document, rest)):
            self.named["exchange engine", reason].add(document.name, rest)
        elif rest and self._chosen_tax(document, rest):
            self.named["tax control", "tax that the accountant chose for discounts and write-offs"].add(document.name, rest)
        elif rest and is_rounding(rest):
            self.named["rounding", "cents between income or expense and the rounding account"].add(document.name, rest)
        elif rest:
            self.unexplained.append((f"{document.voucher[0]} {document.name}", rest))

    def state(self, document: Document, moving: bool = False) -> tuple[str, str] | None:
        """(in flight or held, reason) of a document that is not through; None where it is. With `moving`, of steps that move something."""
        steps = [step for step in document.steps if not (moving and step["role"].startswith(MOVES_NOTHING))]
        for step in steps:
            held = step if step["state"] in WAITING else self.steps.get(step["waits_on"] or "")
            if held:
                return "held", f"{held['reason_code'] or held['state']}" + ("" if held is step else " (of what it waits for)")
        for step in steps:
            if step["state"] in ("Pending", "Sending", "Unknown"):
                return "in flight", step["reason_code"] or step["state"]
        if steps and all(step["state"] == "Skipped" and step["reason_code"] == "exchange-engine" for step in steps):
            return "exchange engine", "the host's own exchange journal; Xero computes its own"
        return None

    def _stock(self, document: Document, rest: Moves) -> Moves:
        """What goods are worth, between stock and a cost account: only where the host's ledger moved stock by exactly what its stock
        ledger says, cost of goods of a delivery, or the difference between a return's price and what the goods had cost."""
        for key in rest:
            if key[0] == "group" and key[1] in self.host.stock_groups and document.stock and document.host.get(key) == document.stock:
                cost = [other for other in rest if other[0] == "group" and other[1] not in NO_COST and rest[other] == -rest[key]]
                return {key: rest[key], cost[0]: rest[cost[0]]} if len(cost) == 1 else {}
        return {}

    def _chosen_tax(self, document: Document, rest: Moves) -> bool:
        """A discount of a payment is a credit note in Xero, with the tax its mapping says; the host's payment knows no tax."""
        if document.voucher[0] not in ("Payment Entry", "Journal Entry") or set(rest) - {key for key in rest if key[0] == "group"}:
            return False
        notes = [self.books.side.records[key] for key in document.records if key[0] == "CreditNotes" and self.books.counts(key)]
        tax = sum((Decimal(note["TotalTax"]) * (1 if note["Type"] == "ACCRECCREDIT" else -1) for note in notes), ZERO)
        return bool(tax) and len(rest) == 2 and rest.get(("group", GST)) == -tax and not sum(rest.values())

    # Open items ------------------------------------------------------------------------------------------------------

    def _open_items(self) -> dict[str, Any]:
        """What is open on each document: the Payment Ledger against Xero's amounts due and remaining credits."""
        owners = {key: document for document in self.host.documents.values() for key in document.records}
        settlers: dict[Voucher, list[Document]] = defaultdict(list)
        for key, record in self.books.side.records.items():
            target = ({"Invoice": "Invoices", "CreditNote": "CreditNotes"}.get(record.get("field", ""), ""), record.get("target"))
            if key[0] == "Payments" and target in owners and key in owners:
                settlers[owners[target].voucher].append(owners[key])
        for credit, allocation in self.books.side.allocations.values():
            if ("Invoices", allocation["invoice"]) in owners and credit in owners:
                settlers[owners["Invoices", allocation["invoice"]].voucher].append(owners[credit])
        result: dict[str, Any] = {"equal": 0, "explained": defaultdict(list)}
        for voucher, document in self.host.documents.items():
            shown = sum((self.books.side.open(key) for key in document.records if key in self.books.side.records), ZERO)
            due = self.host.open.get(voucher, ZERO)
            if due == shown:
                result["equal"] += bool(due or document.records)
                continue
            near = [document, *settlers[voucher], *(self.host.documents[each] for each in self.host.touch[voucher])]
            if abs(due - shown) == abs(document.dust):
                result["explained"]["exchange engine", DUST].append(f"{document.name}: {due} in the host, {shown} in Xero")
            elif reason := next(filter(None, (self.state(each) for each in near)), None):
                result["explained"][reason].append(f"{document.name}: {due} in the host, {shown} in Xero")
            else:
                self.unexplained.append((f"{document.voucher[0]} {document.name}: open is {due} in the host, {shown} in Xero", {}))
        return result

    # Sums ------------------------------------------------------------------------------------------------------------

    def totals(self, kind: str) -> dict[tuple[str, ...], tuple[Decimal, Decimal]]:
        """(host, Xero) by key of one kind of move: owed, bank or group."""
        host, xero = (_summed(moves, kind) for moves in ((each.host for each in self.host.documents.values()), self.moves.values()))
        return {key: (host.get(key, ZERO), xero.get(key, ZERO)) for key in sorted({*host, *xero})}

    def not_rebuilt(self) -> list[str]:
        """Where Xero's own amounts due, added per contact, are not what its documents moved: then the postings here are wrong."""
        moved, shown = {key: xero for key, (_, xero) in self.totals("owed").items() if xero}, self.books.open()
        return [f"{' '.join(key)}: {moved.get(key, ZERO)} moved, {shown.get(key, ZERO)} open" for key in sorted({*moved, *shown})
                if moved.get(key, ZERO) != shown.get(key, ZERO)]  # fmt: skip

    def gaps(self) -> list[str]:
        """Where host less Xero is not the sum of what is named: nothing may be lost between the totals and their explanation."""
        found = []
        for kind in ("owed", "bank", "group"):
            apart = _summed((each.apart for each in self.named.values()), kind)
            for key, amount in _summed((moves for _, moves in self.unexplained), kind).items():
                apart[key] = apart.get(key, ZERO) + amount
            for key, (host, xero) in self.totals(kind).items():
                if host - xero != apart.get(key, ZERO):
                    found.append(f"{kind} {' '.join(key)}: apart by {host - xero}, named {apart.get(key, ZERO)}")
        return found


def exchange(document: Document, rest: Moves) -> str:
    """Which kind of exchange difference a foreign document's difference is; "" where it is none."""
    dust = [key for key, amount in rest.items() if key[0] == "owed" and amount == document.dust]
    if not document.foreign or any(key[0] != "group" and key not in dust for key in rest):
        return ""
    bound = PER_AMOUNT * document.amounts + document.size * LAST_DIGIT * document.foreign**2
    if dust:
        # The cent that is left open, and in base currency the cents of converting the other amounts besides.
        return DUST if all(abs(amount) <= CENT + (bound if key[0] == "group" else ZERO) for key, amount in rest.items()) else ""
    if all(abs(amount) <= bound for amount in rest.values()):
        return "cents of conversion to base currency"
    if abs(sum(rest.values())) <= bound and all(
        key[1] in (RECEIVABLE, PAYABLE, EXCHANGE) or abs(amount) <= bound for key, amount in rest.items()
    ):
        return "Xero's own gains and losses"
    return ""


def is_rounding(rest: Moves) -> bool:
    """Cents that only moved between accounts of income, expense and rounding."""
    inside = all(
        key[0] == "group" and key[1] not in (RECEIVABLE, PAYABLE, GST) and abs(amount) <= ROUNDING_BOUND for key, amount in rest.items()
    )
    return inside and not sum(rest.values())


def _summed(many: Iterable[Moves], kind: str) -> dict[tuple[str, ...], Decimal]:
    found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for moves in many:
        for key, amount in moves.items():
            if key[0] == kind:
                found[key[1:]] += amount
    return {key: amount for key, amount in found.items() if amount}
