"""The host's books as `year_on_bench.py` wrote them: what each document moved, by its own ledgers, and what is open on it.

Nothing is computed but sums. A journal that ERPNext makes for an exchange difference counts to the document it was made for, because
Xero computes its own there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.bench.year_xero import CENT, EXCHANGE, GST, PAYABLE, RECEIVABLE, ZERO, Key, Moves

Voucher = tuple[str, str]  # doctype, name


def money(value: Any) -> Decimal:
    """A figure of the host as the amount it stands for."""
    return Decimal(str(value or 0)).quantize(CENT)


def _nothing() -> Moves:
    return defaultdict(Decimal)


@dataclass
class Document:
    """A host document and what both books say it moves. `foreign` is base currency per unit where any side of it is foreign, `size` its
    largest foreign amount, `amounts` how many amounts were converted."""

    voucher: Voucher
    facts: dict[str, Any]
    steps: list[dict[str, Any]] = field(default_factory=list)
    host: Moves = field(default_factory=_nothing)
    xero: Moves = field(default_factory=_nothing)
    records: list[Key] = field(default_factory=list)
    stock: Decimal = ZERO
    dust: Decimal = ZERO  # less than a cent that the host's own conversion leaves open, as the cent it rounds to
    foreign: Decimal = ZERO
    size: Decimal = ZERO
    amounts: int = 0

    @property
    def name(self) -> str:
        return self.voucher[1]

    def take(self, key: Key, moved: Moves) -> None:
        """A record in Xero is this document's."""
        self.records.append(key)
        self.amounts += len(moved)
        for what, amount in moved.items():
            self.xero[what] += amount

    def rest(self) -> Moves:
        """What the host moved and Xero did not."""
        return {key: left for key in {**self.host, **self.xero} if (left := self.host.get(key, ZERO) - self.xero.get(key, ZERO))}


class HostBooks:
    """`open` is what the Payment Ledger holds open per voucher, positive on invoices and bills; `touch` which vouchers settle it."""

    def __init__(self, written: dict[str, Any], base: str, bank_code: Callable[[str], str], contact_name: Callable[[str], str]) -> None:
        self.written, self.base = written, base
        self.steps: list[dict[str, Any]] = written["steps"]
        self.accounts = {row["name"]: row for row in written["accounts"]}
        self.taxed = {tax.rpartition(" @ ")[0] for tax in written["taxes"]}
        self.banks = {account: bank_code(xero_id) for account, xero_id in written["banks"].items()}
        self.contacts = {(link["reference_doctype"], link["reference_name"]): contact_name(link["xero_id"])
                         for link in written["links"] if link["endpoint"] == "Contacts"}  # fmt: skip
        self.stock_groups = {self.group(name) for name, account in self.accounts.items() if account["account_type"] == "Stock"}
        self.documents = {(doctype, row["name"]): Document((doctype, row["name"]), row)
                          for doctype, rows in written["documents"].items() for row in rows}  # fmt: skip
        self.open: dict[Voucher, Decimal] = defaultdict(Decimal)
        self.touch: dict[Voucher, list[Voucher]] = defaultdict(list)
        self._owners = self._exchange_journals()
        self._read_ledger()
        self._read_owed()
        for row in written["stock"]:
            self.documents[row["voucher_type"], row["voucher_no"]].stock += money(row["value"])
        for step in self.steps:
            if document := self.documents.get((step["reference_doctype"], step["reference_name"])):
                document.steps.append(step)

    def found(self, voucher: Voucher, creation: str) -> Document | None:
        """The document of that name and creation: names come back after a document was deleted."""
        document = self.documents.get(voucher)
        return document if document and str(document.facts.get("creation")) == creation else None

    def group(self, account: str) -> str:
        """The group of a host account: Xero's code where mapped; all tax accounts together; else the control account or exchange gain."""
        kind = self.accounts[account]["account_type"]
        if account in self.banks:
            return self.banks[account]
        if account in self.taxed:  # it may have a code besides, for journals
            return GST
        if account in self.written["mapped"]:
            return str(self.written["mapped"][account])
        if kind in ("Receivable", "Payable"):
            return RECEIVABLE if kind == "Receivable" else PAYABLE
        return EXCHANGE if account == self.written["exchange_account"] else f"not mapped: {account.rpartition(' - ')[0]}"

    def _exchange_journals(self) -> dict[Voucher, Voucher]:
        """Journals made for an exchange difference -> the payment (else the return, else the journal or invoice) they were made for."""
        wanted: dict[Voucher, list[Voucher]] = defaultdict(list)
        for row in self.written["journal_references"]:
            journal = self.documents.get(("Journal Entry", row["parent"]))
            if journal and journal.facts["voucher_type"] == "Exchange Gain Or Loss":
                wanted[journal.voucher].append((row["reference_type"], row["reference_name"]))

        def first(voucher: Voucher) -> tuple[bool, bool]:
            owner = self.documents.get(voucher)
            return voucher[0] != "Payment Entry", not (owner and owner.facts.get("is_return"))

        return {journal: sorted(owners, key=first)[0] for journal, owners in wanted.items()}

    def _document(self, row: dict[str, Any]) -> Document:
        voucher = (row["voucher_type"], row["voucher_no"])
        voucher = self._owners.get(voucher, voucher)
        return self.documents.setdefault(voucher, Document(voucher, {}))

    def _read_ledger(self) -> None:
        for row in self.written["ledger"]:
            document, account = self._document(row), row["account"]
            amount = money(row["debit"]) - money(row["credit"])
            own = money(row["debit_in_account_currency"]) - money(row["credit_in_account_currency"])
            document.host["group", self.group(account)] += amount
            document.amounts += 1
            if account in self.banks:
                document.host["bank", self.banks[account]] += own
            if self.accounts[account]["account_currency"] != self.base:
                document.size = max(document.size, abs(own))
                document.foreign = max(document.foreign, abs(amount / own) if own else Decimal(1))

    def _read_owed(self) -> None:
        for row in self.written["owed"]:
            control, sign = (RECEIVABLE, 1) if row["account_type"] == "Receivable" else (PAYABLE, -1)
            contact = self.contacts.get((row["party_type"], row["party"]), row["party"])
            document = self._document(row)
            document.host["owed", control, contact, row["account_currency"]] += sign * money(row["amount"])
            if abs(Decimal(str(row["amount"]))) < CENT:
                document.dust += sign * money(row["amount"])
            against, by = (row["against_voucher_type"], row["against_voucher_no"]), (row["voucher_type"], row["voucher_no"])
            self.open[against] += money(row["amount"])
            if by in self.documents and by != against:
                self.touch[against].append(by)
