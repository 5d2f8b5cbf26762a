"""Real ERPNext documents, each beside the Xero requests that an accountant worked out for it by hand before the app was written.

They are test data outside of this repository, `../shared/golden_pairs.json`; without that file these tests are skipped. Compared field by
field except `Url`, whose format is the app's own. What the app does not send yet must be held with its reason, never sent as something
else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, DeductionChoice, Mapping, PaymentAccount, TaxType
from picortex_xero.accounting.money import decimal
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.credit_note.credit_note import applied_at_once, credit_note
from picortex_xero.documents.invoice.invoice import invoice
from picortex_xero.documents.party.contact import contact, namesake
from picortex_xero.documents.payment_entry.as_settlement import settlement as settlement_of
from picortex_xero.documents.settlement import payment_elements
from picortex_xero.documents.settlement.allocation import allocation
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.clearing import clearing_leg
from picortex_xero.documents.settlement.fee import fee
from picortex_xero.documents.settlement.payment_elements import PayableInXero
from picortex_xero.documents.settlement.settlement import Settlement, settled
from picortex_xero.documents.settlement.transfer import transfer
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.client import encode
from picortex_xero.xero.records.registry import KINDS

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden_pairs.json"
pytestmark = pytest.mark.skipif(not GOLDEN.exists(), reason="../shared/golden_pairs.json is not there")

INVOICES = ["01", "02", "03", "03b", "04", "06", "06b", "07", "08", "09", "10", "11", "13"]
PAYMENTS = ["03b", "06", "06b", "08", "10", "11"]
CREDITS = ["06", "06b"]
TRANSFERS = ["12"]
BETWEEN_CURRENCIES = "12b"
HOST_BANK = {
    "bank NZD operating": ("Operating Bank NZD - KS", "NZD"),
    "bank NZD savings": ("Savings Bank NZD - KS", "NZD"),
    "bank USD": ("Bank USD - KS", "USD"),
}


@pytest.fixture(scope="module")
def golden() -> dict[str, dict[str, Any]]:
    return {pair["id"]: pair for pair in json.loads(GOLDEN.read_text())}


def documents(pair: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every ERPNext document of an example by name."""
    host = pair["erpnext"]
    found = [(host["doctype"], host["document"])] + [
        (each.get("doctype"), each["document"]) for each in host.get("supporting") or [] if "document" in each
    ]
    return {doc["name"]: {"doctype": doctype, **doc} for doctype, doc in found}


def chosen(golden: dict[str, dict[str, Any]], pair_id: str) -> Mapping:
    """The example's mapping of accounts and taxes as the app holds it."""
    given = golden[pair_id]["mapping"]
    rates = {code: Decimal(str(rate)) for code, rate in golden["about"]["mapping"]["rates"][given["organisation"]].items()}
    taxes: dict[tuple[str, str, str], TaxType] = {}
    for key, code in given.get("tax", {}).items():
        code = code.split(" ")[0]
        if found := re.fullmatch(r"(.*) @ (\S+) on (sales|purchases)", key):
            direction = "Sales" if found[3] == "sales" else "Purchases"
            taxes[direction, f"{found[1]} @ {found[2]}", ""] = TaxType(code, rates[code])
        elif found := re.fullmatch(r"(.*) @ (\S+), template '(.*)'", key):
            taxes["Sales", f"{found[1]} @ {found[2]}", f"{found[3]} - KS"] = TaxType(code, rates[code])
        elif key == "no tax row":
            taxes["Purchases", "No tax", ""] = TaxType(code, rates[code])
    return Mapping(
        given["base_currency"],
        given["target_status"],
        accounts=given.get("accounts", {}),
        taxes=taxes,
        tracking={key.split(" (")[0]: next(iter(value.items())) for key, value in given.get("tracking", {}).items()},
        payment_accounts={
            HOST_BANK[name][0]: PaymentAccount(each["AccountID"], HOST_BANK[name][1])
            for name, each in given.get("bank_accounts", {}).items()
            if name in HOST_BANK
        },
        rounding_account="860",
        no_tax_type="NONE",
        deductions=_deductions(given, rates),
    )


def _deductions(given: dict[str, Any], rates: dict[str, Any]) -> dict[str, DeductionChoice]:
    """What the accountant chose in example 10 (a payment with a bank fee): "deduction on Card and Bank Fees": "NONE (chosen by the
    accountant)"."""
    clearing = given.get("bank_accounts", {}).get("bank-type fee clearing")
    return {
        f"{key.removeprefix('deduction on ')} - KS": DeductionChoice(
            "Fee", TaxType(code.split(" ")[0], decimal(rates[code.split(" ")[0]])), PaymentAccount(clearing["AccountID"], "")
        )
        for key, code in given.get("tax", {}).items()
        if key.startswith("deduction on ")
    }


def wire(value: Any) -> Any:
    """As it arrives at Xero: through the client's encoding, numbers read as exact decimals."""
    return json.loads(encode(value), parse_float=Decimal, parse_int=Decimal)


def sent(pair: dict[str, Any], endpoint: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(step, element) of every create at an endpoint."""
    for step in pair["xero"]:
        if step["method"] == "PUT" and step["path"].partition("?")[0].rpartition("/")[2] == endpoint:
            yield step, wire(step["body"])[endpoint][0]


def same(made: Translation, wanted: dict[str, Any], kind: str, path: str, parent: str = "") -> None:
    ours = wire(made.body)
    ours.pop("Url", None)
    assert ours == {name: value for name, value in wanted.items() if name != "Url"}
    assert path == "/" + parent + KINDS[kind].path()


@pytest.mark.parametrize("pair_id", INVOICES)
def test_invoices(golden: dict[str, dict[str, Any]], pair_id: str) -> None:
    pair, mapping = golden[pair_id], chosen(golden, pair_id)
    checks = {each["document"]: each for each in pair["checks"].get("documents", [])}
    compared = 0
    for step, wanted in sent(pair, "Invoices"):
        doc = documents(pair)[step["host"]]
        made = invoice(doc, mapping, wanted["Contact"]["ContactID"], "https://erp.kauri.example", "k1", 1)
        same(made, wanted, "invoice", step["path"])
        assert ("Url" in wanted) <= ("Url" in made.body)
        assert (made.total, made.tax) == tuple(decimal(checks[doc["name"]][name]) for name in ("Total", "TotalTax"))
        compared += 1
    assert compared


def targets_of(pair: dict[str, Any], step: dict[str, Any], settlement: Settlement) -> list[PayableInXero]:
    """The invoices of a payment as Xero shows them just before it is built."""
    ids, host = pair["mapping"]["runtime_ids"], documents(pair)
    checks = {each["document"]: each for each in pair["checks"]["documents"]}
    found = []
    for part in settled(settlement):
        paid, check = host[part.name], checks[part.name]
        due = check["AmountDue_after_payment_1"] if step["role"] == "payment_2" else check["Total"]
        base_receivable = paid["party_account_currency"] != paid["currency"]
        settles = base_receivable and step["role"] == "payment_2"
        found.append(
            PayableInXero(
                ids.get(part.name) or ids["invoice"],
                paid["currency"],
                decimal(due),
                "AUTHORISED",
                decimal(paid["conversion_rate"]),
                settles,
            )
        )
    return found


@pytest.mark.parametrize("pair_id", CREDITS)
def test_returns_and_what_is_taken_off_their_invoice(golden: dict[str, dict[str, Any]], pair_id: str) -> None:
    """Example 06 is applied to its invoice by ERPNext at once; 06b stays open, and a journal of ERPNext's allocates it later."""
    pair, mapping = golden[pair_id], chosen(golden, pair_id)
    checks = {each["document"]: each for each in pair["checks"]["documents"]}
    ids, host = pair["mapping"]["runtime_ids"], documents(pair)
    ((step, wanted),) = sent(pair, "CreditNotes")
    doc = host[step["host"]]
    note = credit_note(doc, mapping, wanted["Contact"]["ContactID"])
    same(note, wanted, "credit-note", step["path"])
    assert (note.total, note.tax) == tuple(decimal(checks[doc["name"]][name]) for name in ("Total", "TotalTax"))
    ((step, wanted),) = sent(pair, "Allocations")
    assert applied_at_once(doc) is (pair_id == "06")
    amount = abs(decimal(doc["grand_total"])) if applied_at_once(doc) else _reconciled(host, doc["return_against"])
    left, due = (decimal(step["marker"]["before"][name]) for name in ("RemainingCredit", "AmountDue"))
    date = str(doc["posting_date"])
    made = allocation(amount, date, ids["invoice"], left, due, (doc["name"], doc["return_against"]))
    same(made, wanted, "allocation", step["path"], f"CreditNotes/{ids['credit note']}/")
    assert (left - amount, due - amount) == tuple(decimal(step["marker"]["after"][name]) for name in ("RemainingCredit", "AmountDue"))
    assert due - amount == decimal(checks[doc["return_against"]]["AmountDue"])


def _reconciled(host: dict[str, dict[str, Any]], invoice_name: str) -> Decimal:
    """What the host's own journal took off the invoice."""
    (journal,) = [each for each in host.values() if each["doctype"] == "Journal Entry"]
    assert journal["is_system_generated"] and journal["voucher_type"] == "Credit Note"
    return sum((decimal(row.get("credit")) for row in journal["accounts"] if row["reference_name"] == invoice_name), Decimal(0))


@pytest.mark.parametrize("pair_id", TRANSFERS)
def test_transfers(golden: dict[str, dict[str, Any]], pair_id: str) -> None:
    pair = golden[pair_id]
    ((step, wanted),) = sent(pair, "BankTransfers")
    same(transfer(settlement_of(documents(pair)[step["host"]]), chosen(golden, pair_id)), wanted, "bank-transfer", step["path"])


@pytest.mark.parametrize("pair_id", PAYMENTS)
def test_payments(golden: dict[str, dict[str, Any]], pair_id: str) -> None:
    pair, mapping = golden[pair_id], chosen(golden, pair_id)
    compared = 0
    for step, wanted in [*sent(pair, "Payments"), *sent(pair, "BatchPayments")]:
        settlement = settlement_of(documents(pair)[step["host"]])
        targets = targets_of(pair, step, settlement)
        made = break_down(settlement, mapping, [each.currency for each in targets])
        if payment_elements.is_batch(settlement, made.legs, targets, mapping):
            same(payment_elements.batch_payment(settlement, mapping, made.legs, targets), wanted, "batch-payment", step["path"])
        else:
            leg = made.legs[1 if step["role"] == "payment_fee" else 0]
            assert [part.name for part in settled(settlement)] == [part.name for part in made.parts]
            same(payment_elements.payment(settlement, mapping, leg, targets[leg.at]), wanted, "payment", step["path"])
        compared += 1
    assert compared


def test_a_fee_is_spent_from_its_clearing_account(golden: dict[str, dict[str, Any]]) -> None:
    pair, mapping = golden["10"], chosen(golden, "10")
    ((step, wanted),) = sent(pair, "BankTransactions")
    settlement = settlement_of(documents(pair)[step["host"]])
    made = break_down(settlement, mapping, ["NZD"])
    spent = fee(settlement, mapping, made, 1, wanted["Contact"]["ContactID"], "https://erp.kauri.example/app/payment-entry/1")
    same(spent, wanted, "bank-transaction", step["path"])
    assert len(made.legs) == 2 and len(made.fees) == 1 and not made.credits and not made.allocations
    assert spent.total == made.legs[1].amount == decimal(pair["checks"]["expense_404"])
    assert made.legs[0].amount == decimal(pair["checks"]["bank_account_line"])


def test_between_currencies_it_is_held_until_a_clearing_account_is_chosen(golden: dict[str, dict[str, Any]]) -> None:
    pair, mapping = golden[BETWEEN_CURRENCIES], chosen(golden, BETWEEN_CURRENCIES)
    settlement = settlement_of(*documents(pair).values())
    with pytest.raises(Refused) as refused:
        transfer(settlement, mapping)
    (problem,) = refused.value.problems
    assert problem.held and pair["decision"]["state"] == "Held"
    assert "NZD 1685.00 to USD 1000.00" in problem.message and "Clearing Account" in problem.resolution
    on = replace(mapping, clearing=ClearingAccount("clearing-id", pair["mapping"]["clearing"]))
    recipe = {"xero": pair["xero_if_recipe_is_on"]}
    legs = list(sent(recipe, "BankTransactions"))
    assert [step["role"] for step, _ in legs] == ["spend", "receive"]
    for what, (step, wanted) in zip(("SPEND", "RECEIVE"), legs):
        made = clearing_leg(settlement, on, what, wanted["Contact"]["ContactID"], "https://erp.kauri.example/app/payment-entry/1")
        same(made, wanted, "bank-transaction", step["path"])


def test_a_customer_and_a_supplier_of_one_name_one_that_exists_and_one_that_contradicts(golden: dict[str, dict[str, Any]]) -> None:
    pair = golden["14"]
    host = pair["erpnext"]
    parties = [{"doctype": host["doctype"], **host["document"]}] + [
        {"doctype": each["doctype"], **each["document"]} for each in host["supporting"]
    ]
    in_xero = list(pair["mapping"]["given_in_xero"])
    outcomes: dict[tuple[str, str], str] = {}
    for party in parties:
        made = contact(party, "k1")
        try:
            existing = namesake(in_xero, made)
        except Refused as refused:
            outcomes[party["doctype"], party["name"]] = refused.problems[0].code
            continue
        outcomes[party["doctype"], party["name"]] = existing["ContactID"] if existing else "created"
        if not existing:
            ((step, wanted),) = sent(pair, "Contacts")
            assert step["host"] == party["name"] and step["path"] == "/" + KINDS["contact"].path()
            assert {**made.body, "ContactNumber": ""} == {**wanted, "ContactNumber": ""}
            assert re.fullmatch(r"PC-[0-9a-f]{40}", made.body["ContactNumber"])
            created = next(each["ContactID"] for each in pair["decisions"] if each["outcome"] == "created")
            in_xero.append({"ContactID": created, "ContactStatus": "ACTIVE", **made.body})
    decided = {tuple(each["host"]): each for each in pair["decisions"]}
    assert set(outcomes) == set(decided)
    for who, each in decided.items():
        expected = "created" if each["outcome"] == "created" else each.get("ContactID", "contact-name-taken")
        assert outcomes[who] == expected, who


def test_voiding_an_unpaid_invoice_asks_for_the_same_status_of_the_same_invoice(golden: dict[str, dict[str, Any]]) -> None:
    """The app posts to the collection, up to 50 at once, the example to the one document; Xero takes both."""
    ((step),) = [step for step in golden["13"]["xero"] if step["method"] == "POST"]
    kind = KINDS["void-invoice"]
    wanted = step["body"]["Invoices"][0]
    assert (kind.method, kind.path(wanted["InvoiceID"]).split("?")[0]) == ("POST", "Invoices")
    assert kind.body([wanted]) == step["body"] and wanted["Status"] == "VOIDED"


def test_every_pair_is_compared(golden: dict[str, dict[str, Any]]) -> None:
    """An example that is added to the file is noticed here."""
    assert set(golden) == {"about", "14", BETWEEN_CURRENCIES, *INVOICES, *PAYMENTS, *CREDITS, *TRANSFERS}
