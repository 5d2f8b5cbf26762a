"""The simulator's books of one organisation, read from its own ledger, and which of its records a host document became."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import httpx

from sandbox.rig import Rig

GONE = ("VOIDED", "DELETED")
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")
ID_FIELDS = {"Invoices": "InvoiceID", "CreditNotes": "CreditNoteID", "Payments": "PaymentID", "BatchPayments": "BatchPaymentID",
             "BankTransactions": "BankTransactionID", "Overpayments": "OverpaymentID", "Prepayments": "PrepaymentID",
             "ManualJournals": "ManualJournalID", "BankTransfers": "BankTransferID", "Contacts": "ContactID"}  # fmt: skip
# What a payment does to the bank account, by what it settles.
PAID_OUT = ("ACCPAYPAYMENT", "ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT")
Record = dict[str, Any]
Key = tuple[str, str]


class XeroSide:
    """Records by resource and id; `became` maps a host document (doctype, name, creation) to its records as (resource, id)."""

    def __init__(self, rig: Rig, links: list[dict[str, Any]]) -> None:
        tenant = rig.xero.tenant
        resources = rig.xero.ledger(tenant=tenant, parts="documents")["documents"][tenant]
        self.records: dict[Key, Record] = {}
        for resource, id_field in ID_FIELDS.items():
            self.records |= {(resource, each[id_field]): each for each in resources.get(resource, [])}
        self.accounts = {each["AccountID"]: each for each in _accounts(rig)}
        self.allocations = {each["AllocationID"]: (key, each) for key, record in self.records.items() if key[0] in CREDITS
                            for each in record["allocations"]}  # fmt: skip
        self.became: dict[tuple[str, str, str], list[Key]] = defaultdict(list)
        for link in links:
            resource = link["endpoint"].rpartition("/")[2]
            self.became[link["reference_doctype"], link["reference_name"], str(link["reference_creation"])] += self._all(
                resource, link["xero_id"]
            )

    def _all(self, resource: str, xero_id: str) -> list[Key]:
        """A record and those that Xero made with it: a batch's payments, an advance's bank transaction, both sides of a transfer."""
        if resource == "Allocations":
            return [(resource, xero_id)]
        record = self.records.get((resource, xero_id)) or {}
        made = [("Payments", each) for each in record.get("payments", [])] if resource == "BatchPayments" else []
        made += [
            ("BankTransactions", record[name]) for name in ("bank_transaction", "from_transaction", "to_transaction") if record.get(name)
        ]
        return [(resource, xero_id), *made]

    def live(self, key: Key) -> bool:
        """Whether a record counts in Xero's books."""
        if key[0] == "Allocations":
            return key[1] in self.allocations
        return key in self.records and self.records[key].get("Status") not in GONE

    def open(self, key: Key) -> Decimal:
        """What is open on a record in its currency: positive on invoices and bills, negative on credits."""
        record = self.records[key]
        if key[0] not in ("Invoices", *CREDITS) or not self.live(key):
            return Decimal(0)
        left = Decimal(record["Total"]) - Decimal(record["settled"]) - Decimal(record["credited"])
        return -left if key[0] in CREDITS else left

    def moved(self, key: Key) -> tuple[str, Decimal] | None:
        """The bank account's code and what came in (negative: went out), in the account's currency; None where no money moved. Batches
        and transfers move none themselves: their payments and sides do."""
        if key[0] not in ("Payments", "BankTransactions") or not self.live(key):
            return None
        record = self.records[key]
        account = self.accounts[record["account"]]
        if account["Type"] != "BANK":
            return None
        if key[0] == "Payments":
            amount, out = Decimal(record["BankAmount"]), record["type"] in PAID_OUT
        else:
            amount, out = Decimal(record["Total"]), record["Type"].startswith("SPEND")
            if record["CurrencyCode"] != account["CurrencyCode"]:
                # Only an advance may be in another currency than its bank account, which is in the base currency then.
                amount = (amount / Decimal(record["CurrencyRate"])).quantize(Decimal("0.01"))
        return account["Code"], -amount if out else amount

    def code(self, account_id: str) -> str:
        """An account's code."""
        return str(self.accounts[account_id].get("Code") or self.accounts[account_id]["Name"])

    def currency(self, code: str) -> str:
        """The currency of the bank account with this code, "" where there is none."""
        return next((str(each.get("CurrencyCode") or "") for each in self.accounts.values() if code and each.get("Code") == code), "")

    def contact(self, contact_id: str) -> str:
        """A contact's name."""
        return str(self.records["Contacts", contact_id]["Name"])


def _accounts(rig: Rig) -> list[dict[str, Any]]:
    token = rig.xero.token()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Xero-Tenant-Id": rig.xero.tenant, "Accept": "application/json"}
    answer = httpx.get(f"{rig.xero.address}/api.xro/2.0/Accounts", headers=headers)
    answer.raise_for_status()
    return list(answer.json()["Accounts"])
