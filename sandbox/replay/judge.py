"""Compares what the host holds with what Xero shows, voucher by voucher, and says in sentences where they differ.

The host's figures come from the recording, Xero's from the simulator's ledger; of the app only its steps (why something is held) and
its links (which record stands for which document) are read. A voucher with a held step counts as refused for that reason, and what
it would have done to others is taken out of what they are compared with.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.replay import accounts, taxes
from sandbox.replay.host_side import CENT, INVOICES, ZERO, Key, Voucher, money
from sandbox.replay.xero_side import XeroSide
from sandbox.rig import MAPPINGS

WAITING = ("Held", "Needs Attention")
# Reasons for which a document gets no record in Xero, and what must then be true of the document.
NOTHING_TO_SEND = {
    "zero-total": lambda voucher: voucher.total == ZERO and not voucher.rows,
    "internal-transfer": lambda voucher: voucher.doc.get("represents_company") == voucher.doc["company"],
    "exchange-engine": lambda voucher: voucher.doc.get("voucher_type") in ("Exchange Gain Or Loss", "Exchange Rate Revaluation"),
}


@dataclass
class Verdict:
    """What became of one set of documents: `held` are reason codes by document, `different` sentences."""

    held: dict[str, str] = field(default_factory=dict)
    different: list[str] = field(default_factory=list)
    documents: int = 0

    @property
    def outcome(self) -> str:
        """In one word or line."""
        if self.different:
            return "different"
        return f"held ({', '.join(sorted(set(self.held.values())))})" if self.held else "equal"


class Judge:
    """One company against one organisation. `steps` are the app's outbox rows."""

    def __init__(self, country: str, company: dict[str, Any], xero: XeroSide, steps: list[dict[str, Any]]) -> None:
        self.mapping, self.suffix = MAPPINGS[country], f" - {company['abbr']}"
        self.currency = company["default_currency"]
        self.xero = xero
        # What must be open in Xero on each voucher that was judged, in document currency.
        self.due: dict[Key, Decimal] = {}
        self.banks = {name + self.suffix: code for name, code in self.mapping["payments"].items()}
        self.steps: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        by_name = {step["name"]: step for step in steps}
        for step in steps:
            self.steps[step["reference_doctype"], step["reference_name"]].append({**step, "why": self._why(step, by_name)})

    def _why(self, step: dict[str, Any], by_name: dict[str, dict[str, Any]]) -> str:
        """The reason code of what a step waits for, however long the chain."""
        blocker = by_name.get(step["blocked_on"] or "")
        return self._why(blocker, by_name) if blocker and step["state"] == "Pending" else step["reason_code"]

    def judge(self, vouchers: dict[Key, Voucher]) -> Verdict:
        """These documents, which hang on none but each other."""
        verdict = Verdict(documents=sum(voucher.doc["docstatus"] == 1 for voucher in vouchers.values()))
        waiting = {key: code for key in vouchers if (code := self._waits(key))}
        verdict.held = {name: code for (_, name), code in waiting.items()}
        for key, voucher in vouchers.items():
            records = self.records(voucher)
            if voucher.doc["docstatus"] == 2:
                if records and key not in waiting:
                    verdict.different.append(f"{key[1]} is cancelled in the host and stands in Xero: {_listed(records)}")
            elif key in waiting:
                self._half(voucher, records, verdict)
            elif not records:
                self._nothing(voucher, verdict)
            else:
                self._figures(voucher, records, verdict)
        self._open(vouchers, waiting, verdict)
        return verdict

    def _waits(self, key: Key) -> str:
        """Why a document waits for a person, "" where it does not."""
        return next((step["why"] or step["state"] for step in self.steps[key] if step["state"] in (*WAITING, "Pending")), "")

    def records(self, voucher: Voucher) -> list[tuple[str, str]]:
        """The live records that a document became."""
        linked = self.xero.became.get((*voucher.key, str(voucher.doc["creation"])), [])
        return [each for each in linked if self.xero.live(each)]

    def _nothing(self, voucher: Voucher, verdict: Verdict) -> None:
        """A submitted document without any record in Xero: it must be one that Xero needs no record of."""
        codes = [step["reason_code"] for step in self.steps[voucher.key]]
        if voucher.doc["docstatus"] == 1 and not any(code in NOTHING_TO_SEND and NOTHING_TO_SEND[code](voucher) for code in codes):
            verdict.different.append(f"{voucher.key[1]} is submitted in the host and not in Xero ({', '.join(codes) or 'no step'})")

    def _half(self, voucher: Voucher, records: list[tuple[str, str]], verdict: Verdict) -> None:
        """A document that is held must not have moved a part of its money in Xero."""
        moved = self.moved(records)
        if moved and moved != self.bank(voucher):
            verdict.different.append(f"{voucher.key[1]} is held, and part of it moved money in Xero: {moved}")

    def _figures(self, voucher: Voucher, records: list[tuple[str, str]], verdict: Verdict) -> None:
        # The write-off of a POS sale is a record of its own in Xero beside the invoice; that of a payment or journal is a credit note.
        kind = "Invoices" if voucher.key[0] in INVOICES and not voucher.doc.get("is_return") else "CreditNotes"
        claims = [self.xero.records[key] for key in records if key[0] == kind]
        name = voucher.key[1]
        if voucher.key[0] in INVOICES:
            if len(claims) != 1:
                verdict.different.append(f"{name} has {len(claims)} counterparts in Xero")
                return
            verdict.different += self._claim(voucher, claims[0])
        else:
            verdict.different += self._taken_back(name, claims)
        verdict.different += [f"{name}: {each}" for each in accounts.compare(voucher, records, self.xero, self.mapping, self.suffix)]
        if (moved := self.moved(records)) != (wanted := self.bank(voucher)):
            verdict.different.append(f"{name}: the host's bank accounts moved by {_shown(wanted)}, Xero's by {_shown(moved)}")

    def _taken_back(self, name: str, credits: list[dict[str, Any]]) -> list[str]:
        """The tax of a write-off or discount is the accountant's choice, but it takes back no more of a type than its invoices have."""
        found = []
        for credit in credits:
            invoices = [self.xero.records["Invoices", each["invoice"]] for each in credit["allocations"]]
            own = taxes.shown_by_type(*invoices)
            slack = CENT * len(credit["lines"])
            numbers = ", ".join(invoice["InvoiceNumber"] for invoice in invoices)
            found += [
                f"{name}: its credit note takes back {amount} tax of type {code} of {numbers}, of which there is {own.get(code, ZERO)}"
                for code, amount in taxes.shown_by_type(credit).items()
                if invoices and amount > own.get(code, ZERO) + slack
            ]
        return found

    def _claim(self, voucher: Voucher, record: dict[str, Any]) -> list[str]:
        doc, name, sign = voucher.doc, voucher.key[1], voucher.sign
        found = []
        if record["CurrencyCode"] != doc["currency"]:
            found.append(f"{name} is in {doc['currency']} in the host and in {record['CurrencyCode']} in Xero")
        if sign * voucher.total != Decimal(record["Total"]):
            found.append(f"{name}: total is {sign * voucher.total} in the host, {record['Total']} in Xero")
        return found + [f"{name}: {each}" for each in taxes.compare(voucher, record, self.mapping, self.suffix)]

    def tax(self, voucher: Voucher) -> Decimal:
        """The host's tax on a document, positive on invoices and credit notes alike."""
        return taxes.total(voucher, self.mapping, self.suffix)

    def bank(self, voucher: Voucher) -> dict[str, Decimal]:
        """What a document did to each bank account, by Xero's code, in the account's currency."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for row in voucher.rows:
            if row["account"] in self.banks:
                amount = money(row.get("debit_in_account_currency")) - money(row.get("credit_in_account_currency"))
                found[self.banks[row["account"]]] += amount
        return {code: amount for code, amount in found.items() if amount}

    def moved(self, records: list[tuple[str, str]]) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for code, amount in filter(None, (self.xero.moved(key) for key in dict.fromkeys(records))):
            found[code] += amount
        return {code: amount for code, amount in found.items() if amount}

    def _open(self, vouchers: dict[Key, Voucher], waiting: dict[Key, str], verdict: Verdict) -> None:
        """What is open on each voucher, less what held ones would have done to it."""
        for key, voucher in vouchers.items():
            if voucher.open is None or key in waiting or voucher.doc["docstatus"] != 1:
                continue
            records = self.records(voucher)
            if not records:
                continue
            shown = sum((self.xero.open(record) for record in records if record in self.xero.records), ZERO)
            missing = sum((vouchers[other].effect_on(key) for other in waiting if other in vouchers and other != key), ZERO)
            settlers = sum(bool(other.effect_on(key)) for other in vouchers.values())
            # The tax in an advance is no part of what the host owes the party, but of what Xero's prepayment holds.
            own_tax = money(voucher.doc.get("total_taxes_and_charges")) if key[0] == "Payment Entry" and voucher.open else ZERO
            wanted, slack = self._in_document_currency(voucher, voucher.open - own_tax - missing, settlers)
            self.due[key] = wanted
            if abs(shown - wanted) > slack:
                due = f"{voucher.open} {voucher.open_currency}".strip()
                held = f", {-missing} of it settled by what is held" if missing else ""
                verdict.different.append(f"{key[1]}: open is {due} in the host{held}, {shown} in Xero")

    def _in_document_currency(self, voucher: Voucher, amount: Decimal, settlers: int) -> tuple[Decimal, Decimal]:
        """A receivable in base currency of a foreign invoice: converted, nothing is nothing, else a cent for each that settles it."""
        doc = voucher.doc
        foreign = doc.get("currency") not in (None, self.currency) and doc.get("party_account_currency") == self.currency
        if not foreign or not amount:
            return amount, ZERO
        return (amount / Decimal(repr(float(doc["conversion_rate"])))).quantize(CENT), CENT * max(settlers, 1)


def _listed(records: list[tuple[str, str]]) -> str:
    return ", ".join(sorted({resource for resource, _ in records}))


def _shown(moved: dict[str, Decimal]) -> str:
    return ", ".join(f"{amount} on {code}" for code, amount in sorted(moved.items())) or "nothing"
