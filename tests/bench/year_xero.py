"""Xero's general ledger, as far as its documents decide it: which accounts each record moves, in base currency, and what it leaves open.

Xero has no ledger for ordinary apps to read (Journals need an approved app), and the simulator keeps documents only. Base amounts are the
document's amount divided by its rate, each line and its tax rounded alone (measured by a user: Xero developer forum 45385); a settlement
takes its share of the document's base amount off the control account, the last one the rest, and what the bank's rate makes of it beyond
that is Xero's own realised gain or loss (an inference: Xero does not publish the journals of a settlement).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.replay.xero_side import CREDITS, PAID_OUT, Key, Record, XeroSide

CENT, ZERO = Decimal("0.01"), Decimal(0)
RECEIVABLE, PAYABLE, GST, EXCHANGE = "receivables", "payables", "GST", "exchange"
CONTROL = {"DEBTORS": RECEIVABLE, "CREDITORS": PAYABLE, "GST": GST, "BANKCURRENCYGAIN": EXCHANGE, "UNREALISEDCURRENCYGAIN": EXCHANGE,
           "REALISEDCURRENCYGAIN": EXCHANGE}  # fmt: skip
COUNTS = ("AUTHORISED", "PAID", "POSTED")  # a draft is in nobody's ledger
# A vector of what one record or voucher moves: ("group", code) in base currency, ("bank", code) in the account's, ("owed", control, contact,
# currency) in the document's; debits positive.
Moves = dict[tuple[str, ...], Decimal]


def cents(value: Any) -> Decimal:
    """Half up to cents, as Xero rounds."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


class XeroBooks:
    """What each live record moves. `side` reads the simulator."""

    def __init__(self, side: XeroSide, base: str) -> None:
        self.side, self.base = side, base
        self.groups = {key: CONTROL.get(account.get("SystemAccount") or "", side.code(key)) for key, account in side.accounts.items()}
        self._taken: dict[Key, tuple[Decimal, Decimal]] = {}  # what was settled so far: document currency, base

    def counts(self, key: Key) -> bool:
        """Whether a record stands in the ledger."""
        return key in self.side.records and self.side.records[key].get("Status") in COUNTS

    def moves(self) -> dict[Key, Moves]:
        """By record. Raises KeyError for a kind of record that has no rule here."""
        found: dict[Key, Moves] = {}
        for key, record in self.side.records.items():
            if self.counts(key) and (rule := RULES[key[0]]) is not None:
                found[key] = _summed(rule(self, record))
        for credit, allocation in self.side.allocations.values():
            found["Allocations", allocation["AllocationID"]] = _summed(self._allocation(credit, allocation))
        return found

    def _contact(self, record: Record) -> str:
        return self.side.contact(record["contact"])

    def _owed(self, record: Record, control: str, amount: Decimal) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        yield ("owed", control, self._contact(record), record["CurrencyCode"]), amount

    def _lines(self, record: Record, sign: int) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """The lines and their tax at the document's rate; `sign` 1 where they are debits."""
        rate = Decimal(record["CurrencyRate"])
        for line in record["lines"]:
            if not line.get("account"):
                continue
            amount, tax = Decimal(line["LineAmount"]), Decimal(line["TaxAmount"])
            net = amount - tax if record["LineAmountTypes"] == "Inclusive" else amount
            yield ("group", self.groups[line["account"]]), sign * cents(net / rate)
            yield ("group", GST), sign * cents(tax / rate)

    def _claim(self, record: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """Invoices and credit notes."""
        control = RECEIVABLE if record["Type"].startswith("ACCREC") else PAYABLE
        sign = 1 if record["Type"] in ("ACCREC", "ACCPAYCREDIT") else -1
        yield ("group", control), sign * Decimal(record["BaseTotal"])
        yield from self._lines(record, -sign)
        yield from self._owed(record, control, sign * Decimal(record["Total"]))

    def _share(self, key: Key, amount: Decimal) -> Decimal:
        """What settling `amount` of a document takes off the control account in base currency."""
        record = self.side.records[key]
        total, rate = Decimal(record["Total"]), Decimal(record["CurrencyRate"])
        whole = Decimal(record.get("BaseTotal") or cents(total / rate))
        settled, base = self._taken.get(key, (ZERO, ZERO))
        settled += amount
        upto = cents(whole * settled / total) if total else ZERO
        self._taken[key] = (settled, upto)
        return upto - base

    def _at_bank(self, account: str, amount: Decimal, rate: Decimal, sign: int) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """`amount` in the account's currency, converted at `rate` where that is foreign: first the group, then the bank if it is one."""
        code, currency = self.side.code(account), self._currency(account)
        yield ("group", code), sign * (amount if currency == self.base else cents(amount / rate))
        if self.side.accounts[account]["Type"] == "BANK":  # payments may go to other accounts that are enabled for them
            yield ("bank", code), sign * amount

    def _currency(self, account: str) -> str:
        return str(self.side.accounts[account].get("CurrencyCode") or self.base)

    def _payment(self, record: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        resource = {"Invoice": "Invoices", "CreditNote": "CreditNotes"}.get(record["field"], f"{record['field']}s")
        settled = self.side.records[resource, record["target"]]
        control = RECEIVABLE if record["type"].startswith(("ACCREC", "AR")) else PAYABLE
        sign = -1 if record["type"] in PAID_OUT else 1
        amount = Decimal(record["Amount"])
        bank = list(self._at_bank(record["account"], Decimal(record["BankAmount"]), Decimal(record["CurrencyRate"]), sign))
        share = self._share((resource, record["target"]), amount)
        yield from bank
        yield ("group", control), -sign * share
        yield ("group", EXCHANGE), sign * share - bank[0][1]
        yield from self._owed(settled, control, -sign * amount)

    def _allocation(self, credit: Key, allocation: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """A credit allocated to an invoice: only the exchange difference between their two rates moves."""
        source, amount = self.side.records[credit], Decimal(allocation["Amount"])
        receivable = source["Type"] in ("ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT")
        control, sign = (RECEIVABLE, 1) if receivable else (PAYABLE, -1)
        gain = self._share(credit, amount) - self._share(("Invoices", allocation["invoice"]), amount)
        yield ("group", control), sign * gain
        yield ("group", EXCHANGE), -sign * gain

    def _bank_transaction(self, record: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        sign = 1 if record["Type"].startswith("RECEIVE") else -1
        amount, rate = Decimal(record["Total"]), Decimal(record["CurrencyRate"])
        account = record["account"]
        if record["Type"].endswith("-PREPAYMENT"):
            raise KeyError("a prepayment's postings have no rule here")
        if record["CurrencyCode"] != self._currency(account):
            yield from self._at_bank(account, cents(amount / rate), Decimal(1), sign)  # an advance in another currency than its bank
        else:
            yield from self._at_bank(account, amount, rate, sign)
        if record["Type"].endswith("-TRANSFER"):
            return
        yield from self._lines(record, -sign)
        if record["Type"].endswith("-OVERPAYMENT"):
            control = self.groups[record["lines"][0]["account"]]
            yield from self._owed(record, control, -sign * amount)

    def _transfer(self, record: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        """Its two sides are bank transactions of their own."""
        currencies = {self._currency(record[end]) for end in ("from", "to")}
        if currencies != {self.base}:
            raise KeyError(f"a transfer between {' and '.join(sorted(currencies))} has no rule here")
        return iter(())

    def _journal(self, record: Record) -> Iterator[tuple[tuple[str, ...], Decimal]]:
        for line in record["lines"]:
            amount, tax = Decimal(line["LineAmount"]), Decimal(line.get("TaxAmount") or 0)
            yield ("group", self.groups[line["account"]]), amount - tax if record["LineAmountTypes"] == "Inclusive" else amount
            yield ("group", GST), tax

    def open(self) -> dict[tuple[str, ...], Decimal]:
        """What is open per contact, rebuilt from the documents' own amounts due and remaining credits, debits positive."""
        found: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for key, record in self.side.records.items():
            if key[0] in ("Invoices", *CREDITS) and self.counts(key):
                receivable = record["Type"].startswith(("ACCREC", "RECEIVE"))
                sign = 1 if receivable else -1
                found[RECEIVABLE if receivable else PAYABLE, self._contact(record), record["CurrencyCode"]] += sign * self.side.open(key)
        return {key: amount for key, amount in found.items() if amount}


def _summed(parts: Iterator[tuple[tuple[str, ...], Decimal]]) -> Moves:
    found: Moves = defaultdict(Decimal)
    for key, amount in parts:
        found[key] += amount
    return {key: amount for key, amount in found.items() if amount}


# None: moves nothing itself. Over- and prepayments are bank transactions, a batch's payments are payments.
RULES: dict[str, Any] = {
    "Invoices": XeroBooks._claim, "CreditNotes": XeroBooks._claim, "Payments": XeroBooks._payment, "BankTransactions": XeroBooks._bank_transaction,
    "BankTransfers": XeroBooks._transfer, "ManualJournals": XeroBooks._journal, "BatchPayments": None, "Overpayments": None, "Prepayments": None,
    "Contacts": None,
}  # fmt: skip
