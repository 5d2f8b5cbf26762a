"""Whatever stands on a customer or supplier, bank accounts above all: its contact is made, and changed later, from four of its fields alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from picortex_xero.documents.party.contact import PARTIES, contact, evidence
from picortex_xero.documents.party.update import SOURCES, changed, differing, wanted_of
from sandbox.erp import RECORDED, read, recordings

Party = dict[str, Any]
BANK = "NZ-12-3456-7890123-00"
# Where ERPNext keeps a party's bank, and where people who lack such a field add one.
BANK_FIELDS = (
    "default_bank_account",
    "bank_account",
    "bank_account_no",
    "iban",
    "branch_code",
    "bank",
    "custom_bank_account",
    "account_no",
)
SENT = {"doctype", "name", "creation", *(source for sources in SOURCES.values() for source in sources)}


def parties() -> Iterator[Party]:
    """Every recorded customer and supplier, each once: of the companies, of all named cases, and of the corpus."""
    seen = set[tuple[str, str]]()
    for recording in (*recordings(), *map(read, sorted(RECORDED.glob("*/*-*.json.gz")))):
        for holder in (*recording["companies"], *recording.get("cases", ())):
            for doctype in PARTIES:
                for each in holder["masters"].get(doctype, ()):
                    if (key := (each["name"], each["creation"])) not in seen:
                        seen.add(key)
                        yield {**each, "doctype": doctype}


def test_no_bank_details_of_any_recorded_party_are_in_what_is_sent() -> None:
    count = 0
    for party in parties():
        planted = {
            **party,
            **{field: BANK for field in party if field not in SENT},
            **dict.fromkeys(BANK_FIELDS, BANK),
            "accounts": [{"account": BANK}],
            "bank_accounts": [{"doctype": "Bank Account", "bank_account_no": BANK, "iban": BANK}],
        }
        made = contact(planted, "k1")
        assert made.body == contact(party, "k1").body and made.noted == contact(party, "k1").noted
        wanted = wanted_of(planted, SOURCES, "k1")
        body, said = differing(wanted, {"BankAccountDetails": "somebody's"})
        known = evidence(planted, "k1", "NZ").stored()
        for text in (json.dumps(made.body), json.dumps(made.marker), json.dumps(body), json.dumps(known), *said):
            assert BANK not in text and "Bank" not in text.replace(party["name"], "").replace(str(made.body["Name"]), "")
        # A bank account that changes here is no change of the contact.
        assert changed(party, planted) == []
        count += 1
    assert count > 60
