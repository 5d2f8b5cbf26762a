"""What a Journal Entry is to Xero: decided by its rows and their accounts, never by the name of its voucher type.

Xero's manual journals refuse receivables, payables, bank and tax control accounts (fact sheet 5), so a journal that touches those is
something else there: money spent or received, a transfer, payments, an allocation - or a person's work, with the recipe. `CASES` is the
whole table, asked from top to bottom. Rules: accounting_rules "Journal Entries on AR, AP or bank", "Exchange gain/loss journals",
"Fixed assets", "Opening invoices".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .documents import INVOICE_DOCTYPES
from .mapping import Mapping
from .money import ZERO, decimal
from .problems import Problem

BANK, PARTY, TAX, PLAIN = "bank", "party", "tax", "plain"
TRADE_PARTIES = ("Customer", "Supplier")
OWN_ENGINE = ("Exchange Gain Or Loss", "Exchange Rate Revaluation")
CREDIT_APPLIED = ("Credit Note", "Debit Note")
DEPRECIATION_TYPES = ("Depreciation", "Accumulated Depreciation")
KEPT_IN_XERO, SENT_FROM_HERE = "Kept in Xero", "Sent from here"


@dataclass(frozen=True, eq=False)
class Leg:
    """A row that is worth something, itself and no other that reads the same. `amount` is in company currency and `own` in the account's
    `currency`, debits positive in both."""

    row: dict[str, Any]
    kind: str
    amount: Decimal
    own: Decimal
    currency: str

    @property
    def account(self) -> str:
        """The host account."""
        return str(self.row["account"])

    @property
    def settles(self) -> bool:
        """Whether the row refers to an invoice or bill."""
        return self.row.get("reference_type") in INVOICE_DOCTYPES and bool(self.row.get("reference_name"))

    @property
    def rate(self) -> Decimal:
        """Company currency per unit of the account's currency."""
        return decimal(self.row.get("exchange_rate")) or Decimal(1)


@dataclass(frozen=True)
class Journal:
    """A journal entry with its rows told apart. Its rows carry `account_type`, and `root_type` where tax is to be told apart."""

    doc: dict[str, Any]
    legs: tuple[Leg, ...]
    mapping: Mapping

    def of(self, *kinds: str) -> list[Leg]:
        """The legs of these kinds, in the order of the rows."""
        return [leg for leg in self.legs if leg.kind in kinds]

    @property
    def banks(self) -> list[str]:
        """The bank and cash accounts, each once."""
        return list(dict.fromkeys(leg.account for leg in self.of(BANK)))

    @property
    def depreciates(self) -> bool:
        """Whether an asset register made it or would: its accounts say so, also where a person typed it."""
        return any(leg.row.get("account_type") in DEPRECIATION_TYPES or leg.row.get("reference_type") == "Asset" for leg in self.legs)


@dataclass(frozen=True)
class Case:
    """One row of the table: what it is called, when it applies and what becomes of it.

    `becomes` is one of the words below. Of what is held, `says` completes "Journal Entry JV-1 ..." and `recipe` is what a person does.
    """

    name: str
    applies: Callable[[Journal], bool]
    becomes: str
    says: str = ""
    recipe: str = ""


MANUAL_JOURNAL, BANK_TRANSACTION, PAYMENT, CREDIT_USED = "manual-journal", "bank-transaction", "payment", "credit-used"
HELD, SKIPPED = "held", "skipped"


def read(doc: dict[str, Any], mapping: Mapping) -> Journal:
    """A Journal Entry dict with its rows told apart; rows that come to nothing are left out."""
    legs = []
    for row in doc.get("accounts") or []:
        amount = decimal(row.get("debit")) - decimal(row.get("credit"))
        if not amount:
            continue
        # Rows that a program made may leave the account's own currency out: then it is the company's.
        currency = row.get("account_currency") or mapping.base_currency
        own = decimal(row.get("debit_in_account_currency")) - decimal(row.get("credit_in_account_currency"))
        legs.append(Leg(row, kind_of(row, mapping), amount, amount if currency == mapping.base_currency else own, currency))
    return Journal(doc, tuple(legs), mapping)


def kind_of(row: dict[str, Any], mapping: Mapping) -> str:
    """What a row's account is to Xero. What an admin has mapped goes before the account's type: wages payable are a payable in
    ERPNext and an ordinary liability in Xero, and petty cash is a bank account in Xero only where it was mapped to one."""
    account, account_type = row["account"], row.get("account_type")
    mapped = account in mapping.accounts
    if account_type in ("Receivable", "Payable") and (row.get("party_type") in TRADE_PARTIES or not mapped):
        return PARTY
    if (account_type in ("Bank", "Cash") and not mapped) or (
        account in mapping.payment_accounts and (account_type in ("Bank", "Cash") or not mapped)
    ):
        return BANK
    if account in tax_accounts(mapping):
        return TAX
    return PLAIN


def tax_accounts(mapping: Mapping) -> set[str]:
    """The host accounts that tax mappings name."""
    return {part.rpartition(" @ ")[0] for _, key, *_ in mapping.taxes for part in key.split(" + ") if " @ " in part}


def case_of(journal: Journal) -> Case:
    """The first case that applies."""
    return next(case for case in CASES if case.applies(journal))


def problem_of(journal: Journal, case: Case) -> Problem:
    """Why a journal of a held or skipped case does not go, with its recipe."""
    code = case.name if case.becomes == SKIPPED else f"journal-{case.name}"
    return Problem(code, f"Journal Entry {journal.doc['name']} {case.says}", case.recipe, held=case.becomes == HELD)


def _only(*kinds: str) -> Callable[[Journal], bool]:
    return lambda journal: all(leg.kind in kinds for leg in journal.legs)


def _one_bank(journal: Journal) -> bool:
    return len(journal.banks) == 1 and bool(sum((leg.own for leg in journal.of(BANK)), ZERO))


def _transfers(journal: Journal) -> bool:
    return len(journal.banks) == 2 and len(journal.of(BANK)) == 2 == len(journal.legs)


def _asset_choice(*choices: str) -> Callable[[Journal], bool]:
    return lambda journal: journal.depreciates and journal.mapping.depreciation in choices


def _pays(journal: Journal) -> bool:
    """Money of one bank account for trade parties of one kind, like a Payment Entry: one party at least where a row has no invoice."""
    parties = journal.of(PARTY)
    bank = sum((leg.amount for leg in journal.of(BANK)), ZERO)
    return (
        _one_bank(journal)
        and bool(parties)
        and len({(leg.row.get("party_type"), leg.row.get("account_type"), leg.account, leg.currency) for leg in parties}) == 1
        and (len({leg.row.get("party") for leg in parties}) == 1 or all(leg.row.get("reference_name") for leg in parties))
        and bank * sum((leg.amount for leg in parties), ZERO) < ZERO
    )


def _revalues(journal: Journal) -> bool:
    """Rows that change what a foreign balance is worth and nothing of the balance, against plain ones."""
    foreign = journal.of(BANK, PARTY)
    return bool(foreign) and not journal.of(TAX) and all(leg.currency != journal.mapping.base_currency and not leg.own for leg in foreign)


def _sets_off(journal: Journal) -> bool:
    """Invoices of one kind against invoices of the other, each with its reference, none of them a return."""
    return (
        _only(PARTY)(journal)
        and all(leg.settles and not leg.row.get("reference_is_return") for leg in journal.legs)
        and all(leg.currency == journal.mapping.base_currency for leg in journal.legs)
        and all(_reduces(leg) for leg in journal.legs)
        and {leg.row["account_type"] for leg in journal.legs} == {"Receivable", "Payable"}
    )


def _uses_credit(journal: Journal) -> bool:
    """A return of one party against an invoice of it: what Payment Reconciliation makes, and what people type."""
    legs = journal.legs
    return (
        _only(PARTY)(journal)
        and len(legs) == 2
        and all(leg.settles for leg in legs)
        and len({(leg.row["reference_type"], leg.row.get("party")) for leg in legs}) == 1
        and sorted(bool(leg.row.get("reference_is_return")) for leg in legs) == [False, True]
        and all(_reduces(leg) != bool(leg.row.get("reference_is_return")) for leg in legs)
    )


def _reduces(leg: Leg) -> bool:
    """Whether a row makes the party owe, or be owed, less."""
    return (leg.amount < ZERO) == (leg.row["account_type"] == "Receivable")


def _forgives(journal: Journal) -> bool:
    """What is left of an invoice against cost or income, without money: a bad debt, a small difference, a discount."""
    parties = journal.of(PARTY)
    return (
        bool(parties)
        and not journal.banks
        and all(leg.settles and not leg.row.get("reference_is_return") for leg in parties)
        and all(_reduces(leg) for leg in parties)
        and len({(leg.account, leg.currency, leg.row.get("party")) for leg in parties}) == 1
        and not _only(PARTY)(journal)
    )


ENTER_ANEW = "Cancel it here and enter {instead}; or leave it here and enter the same in Xero by hand: {by_hand}"
OPENING_RECIPE = (
    "In Xero enter the balances under Accounting > Advanced > Conversion balances, and open invoices and bills as documents of their own; "
    "where they are there already, nothing is left to do"
)

CASES: tuple[Case, ...] = (
    Case(
        "exchange-engine",
        lambda journal: journal.doc.get("voucher_type") in OWN_ENGINE or _revalues(journal),
        SKIPPED,
        "books an exchange difference; Xero computes its own",
    ),
    Case(
        "credit-used",
        lambda journal: (
            _uses_credit(journal) or bool(journal.doc.get("is_system_generated") and journal.doc["voucher_type"] in CREDIT_APPLIED)
        ),
        CREDIT_USED,
    ),
    Case("opening", lambda journal: journal.doc.get("is_opening") == "Yes", HELD, "is an opening entry", OPENING_RECIPE),
    Case(
        "asset-with-others",
        lambda journal: _asset_choice(KEPT_IN_XERO)(journal) and not _only(PLAIN)(journal),
        HELD,
        "moves an asset and money, a tax or a party's balance, while depreciation is kept in Xero",
        "Dispose of the asset in Xero (Accounting > Fixed assets) with the same amount and account; nothing is left to do here",
    ),
    Case(
        "depreciation-kept",
        _asset_choice(KEPT_IN_XERO),
        SKIPPED,
        "belongs to the asset register, which is kept in Xero",
    ),
    Case(
        "depreciation-undecided",
        lambda journal: journal.depreciates and journal.mapping.depreciation != SENT_FROM_HERE,
        HELD,
        "books depreciation, and nobody has chosen yet whether Xero's own asset register does that",
        "Choose Depreciation on the Xero Connection, then press Retry",
    ),
    Case(
        "nothing",
        lambda journal: not journal.legs,
        SKIPPED,
        "moves nothing in company currency",
    ),
    Case("plain", _only(PLAIN, TAX), MANUAL_JOURNAL),
    Case("transfer", _transfers, PAYMENT),
    Case(
        "several-banks",
        lambda journal: len(journal.banks) > 1,
        HELD,
        "moves money of several bank accounts and more; in Xero each account has its own line",
        ENTER_ANEW.format(
            instead="one journal for each bank account",
            by_hand="a transfer between the bank accounts, and the rest as spend or receive money",
        ),
    ),
    Case(
        "tax-settled",
        lambda journal: bool(journal.banks) and _only(BANK, TAX)(journal),
        HELD,
        "pays or refunds tax only; Xero takes that on its own tax account from people alone",
        "In Xero, enter it in the bank account as spend or receive money on the tax account (for example GST), without a tax rate",
    ),
    Case("bank", lambda journal: _one_bank(journal) and not journal.of(PARTY), BANK_TRANSACTION),
    Case("pays", _pays, PAYMENT),
    Case(
        "bank-and-parties",
        lambda journal: bool(journal.banks) and bool(journal.of(PARTY)),
        HELD,
        "moves money and balances of several kinds of parties or accounts at once",
        ENTER_ANEW.format(
            instead="a Payment Entry for each party",
            by_hand="a payment on each invoice, and for what belongs to no invoice an overpayment of its party",
        ),
    ),
    Case(
        "bank-nothing",
        lambda journal: bool(journal.banks),
        HELD,
        "takes as much out of the bank account as it puts in",
        "Cancel it here and enter it as a journal without the bank account",
    ),
    Case("set-off", lambda journal: _sets_off(journal) and bool(journal.mapping.clearing), PAYMENT),
    Case(
        "set-off-by-hand",
        _sets_off,
        HELD,
        "sets invoices off against bills, and no clearing account is chosen to do that through",
        "Choose the Clearing Account on the Xero Connection and press Retry; or in Xero pay each invoice into a clearing account and each "
        "bill from it, on this date and with these amounts",
    ),
    # The accountant's choice for the account (Xero Deduction Mapping) decides, as it does for a payment's deductions.
    Case("write-off", _forgives, PAYMENT),
    Case(
        "party-to-party",
        lambda journal: _only(PARTY)(journal),
        HELD,
        "moves a balance between parties or invoices",
        "In Xero enter a credit note on the one contact and allocate it to its invoice, and an invoice (or bill) for the same amount on the "
        "other, both on one clearing account",
    ),
    Case(
        "party-without-invoice",
        lambda journal: True,
        HELD,
        "books an amount that a party owes or is owed without an invoice, which Xero cannot hold",
        ENTER_ANEW.format(
            instead="an invoice, bill or credit note of the same amount",
            by_hand="the invoice, bill or credit note on the same accounts and date",
        ),
    ),
)
