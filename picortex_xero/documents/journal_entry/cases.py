"""The table of cases that says what a Journal Entry becomes in Xero, by its rows and their accounts, not by its voucher type alone.

Xero's manual journals refuse bank and system accounts (receivables, payables, tax; its developer documentation, Manual Journals). A journal
on those is something else there: money spent or received, a transfer, payments, an allocation - or a person's work, with instructions.
`CASES` is the whole table, asked from top to bottom. Exchange gains and losses are not sent: Xero books its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ...accounting.money import ZERO
from ...accounting.problems import Problem
from ...accounting.texts import NONE, Text, _, term
from .. import payroll
from .rows import BANK, CREDIT_APPLIED, EXCHANGE_TYPES, PARTY, PLAIN, TAX, TRADE_PARTIES, Journal, JournalRow

KEPT_IN_XERO, SENT_FROM_HERE = "Kept in Xero", "Sent from here"


@dataclass(frozen=True)
class Case:
    """One row of the table: what it is called, when it applies and what becomes of it.

    `becomes` is one of the words below. For held and skipped journals `says` is the reason, and `recipe` is what a person does about it.
    """

    name: str
    applies: Callable[[Journal], bool]
    becomes: str
    says: Text = NONE
    recipe: Text = NONE


MANUAL_JOURNAL, BANK_TRANSACTION, PAYMENT, CREDIT_USED = "manual-journal", "bank-transaction", "payment", "credit-used"
HELD, SKIPPED = "held", "skipped"


def case_of(journal: Journal) -> Case:
    """The first case that applies."""
    return next(case for case in CASES if case.applies(journal))


def problem_of(journal: Journal, case: Case) -> Problem:
    """The problem that a held or skipped case shows: its reason and its instructions."""
    code = case.name if case.becomes == SKIPPED else f"journal-{case.name}"
    message = case.says.format(doctype=term("Journal Entry"), name=journal.doc["name"])
    return Problem(code, message, case.recipe, held=case.becomes == HELD)


def _is_about(what: str) -> Callable[[Journal], bool]:
    return lambda journal: payroll.about(journal.doc) == what


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
    """Whether money and parties' balances change in worth only: none of them moves in its own currency. The rows say so, whatever the
    type is called: a journal of an exchange type may as well pay the rent."""
    balances = journal.of(BANK, PARTY)
    exchange_type = journal.doc.get("voucher_type") in EXCHANGE_TYPES
    return (
        bool(balances)
        and not journal.of(TAX)
        and (exchange_type or all(leg.currency != journal.mapping.base_currency for leg in balances))
        and not any(_moved(balances).values())
    )


def _moved(legs: list[JournalRow]) -> dict[tuple[str, ...], Decimal]:
    """What moves in its own currency, by account, party and what the row refers to: a revaluation may take the whole balance off at the
    former rate and put it back at the new one."""
    moved: dict[tuple[str, ...], Decimal] = {}
    for leg in legs:
        key = (leg.account, *(str(leg.row.get(name) or "") for name in ("party", "reference_type", "reference_name")))
        moved[key] = moved.get(key, ZERO) + leg.own
    return moved


def _revalues_ordinary(journal: Journal) -> bool:
    """A revaluation that changes the worth of an ordinary account in a foreign currency too, such as a loan. Xero keeps such accounts in its
    own currency and never revalues them."""
    return _revalues(journal) and any(leg.currency != journal.mapping.base_currency for leg in journal.of(PLAIN))


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


def _reduces(leg: JournalRow) -> bool:
    """Whether a row makes the party owe, or be owed, less."""
    return (leg.amount < ZERO) == (leg.row["account_type"] == "Receivable")


def _takes_back(journal: Journal) -> bool:
    """An invoice is owed again, or a credit is open again: a payment that bounced, or a reversed journal. Xero has no payment of that
    direction on such a document, so it would become a second one of the first. Without money, a balance may be moved to another party."""
    parties = journal.of(PARTY)
    back = [leg for leg in parties if leg.settles and _reduces(leg) == bool(leg.row.get("reference_is_return"))]
    return bool(back) and (bool(journal.banks) or len(back) == len(parties))


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


ENTER_ANEW = _("Cancel it here and enter {instead}; or leave it here and enter the same in Xero by hand: {by_hand}")
OPENING_RECIPE = _(
    "In Xero enter the balances under Accounting > Advanced > Conversion balances, and open invoices and bills as documents of their own; where they are there already, nothing is left to do"
)

CASES: tuple[Case, ...] = (
    # First of all, so that no wage is ever sent, whatever else the journal is.
    *(Case(what, _is_about(what), HELD, payroll.SAYS[what], payroll.RECIPES[what]) for what in (payroll.PAYROLL, payroll.PERSONAL)),
    Case(
        "exchange-mixed",
        _revalues_ordinary,
        HELD,
        _(
            "{doctype} {name} revalues money or parties' balances, which Xero does itself, and an ordinary account in a foreign currency, which Xero does not"
        ),
        _(
            "In Xero enter a manual journal for the ordinary account alone, with the change in its worth against the account for exchange differences; leave out the bank accounts and parties"
        ),
    ),
    Case(
        "exchange-engine",
        _revalues,
        SKIPPED,
        _("{doctype} {name} books an exchange difference; Xero computes its own"),
    ),
    Case(
        "currency-without-worth",
        lambda journal: any(not leg.amount for leg in journal.of(BANK, PARTY)),
        HELD,
        _("{doctype} {name} moves an amount in a foreign currency that is worth nothing in company currency"),
        _(
            "Compare the balance in Xero in that account's currency; where it is off by this amount, enter it there as spend or receive money (a bank account), or by a credit note (an invoice)"
        ),
    ),
    Case("credit-used", _uses_credit, CREDIT_USED),
    Case(
        "refund-matched",
        lambda journal: journal.refund_matched != "",
        SKIPPED,
        _("{doctype} {name} matches a payment with the credit note that it pays back; the payment itself goes to Xero as that refund"),
    ),
    Case(
        "credit-used-elsewhere",
        lambda journal: bool(journal.doc.get("is_system_generated")) and journal.doc.get("voucher_type") in CREDIT_APPLIED,
        HELD,
        _("{doctype} {name} was made by Payment Reconciliation, which took a credit off something that is no invoice or bill"),
        _("In Xero allocate the credit note by hand to what was entered there in that document's place"),
    ),
    Case(
        "opening", lambda journal: journal.doc.get("is_opening") == "Yes", HELD, _("{doctype} {name} is an opening entry"), OPENING_RECIPE
    ),
    Case(
        "asset-with-others",
        lambda journal: _asset_choice(KEPT_IN_XERO)(journal) and not _only(PLAIN)(journal),
        HELD,
        _("{doctype} {name} moves an asset and money, a tax or a party's balance, while depreciation is kept in Xero"),
        _("Dispose of the asset in Xero (Accounting > Fixed assets) with the same amount and account; nothing is left to do here"),
    ),
    Case(
        "depreciation-kept",
        _asset_choice(KEPT_IN_XERO),
        SKIPPED,
        _("{doctype} {name} belongs to the asset register, which is kept in Xero"),
    ),
    Case(
        "depreciation-undecided",
        lambda journal: journal.depreciates and journal.mapping.depreciation != SENT_FROM_HERE,
        HELD,
        _("{doctype} {name} books depreciation, and nobody has chosen yet whether Xero's own asset register does that"),
        _("Choose Depreciation on the Xero Connection, then press Retry"),
    ),
    Case(
        "nothing",
        lambda journal: not journal.legs,
        SKIPPED,
        _("{doctype} {name} moves nothing in company currency"),
    ),
    Case("plain", _only(PLAIN, TAX), MANUAL_JOURNAL),
    Case(
        "control-unmapped",
        lambda journal: any(leg.row.get("party_type") not in TRADE_PARTIES for leg in journal.of(PARTY)),
        HELD,
        _("{doctype} {name} books a receivable or payable that belongs to no customer or supplier, such as wages payable"),
        _("Map that account under Accounts in Mapping to an ordinary account (an asset or a liability in Xero), then press Retry"),
    ),
    Case("transfer", _transfers, PAYMENT),
    Case(
        "takes-back",
        _takes_back,
        HELD,
        _(
            "By {doctype} {name} more is owed of an invoice or bill than before, or a credit is open again, as where a payment bounced; Xero has no payment in that direction"
        ),
        _(
            "Where it takes back a payment or journal of ERPNext, cancel it here and then that payment or journal: with it, its part in Xero is taken back. Else leave it here and enter it in Xero by hand: what is owed again as an invoice or bill (an open credit as a credit note) without tax on a clearing account, and the other rows against the same account, money as spend or receive money"
        ),
    ),
    Case(
        "several-banks",
        lambda journal: len(journal.banks) > 1,
        HELD,
        _("{doctype} {name} moves money of several bank accounts and more; in Xero each account has its own line"),
        ENTER_ANEW.format(
            instead=_("one journal for each bank account"),
            by_hand=_("a transfer between the bank accounts, and the rest as spend or receive money"),
        ),
    ),
    Case(
        "tax-settled",
        lambda journal: bool(journal.banks) and _only(BANK, TAX)(journal),
        HELD,
        _("{doctype} {name} pays or refunds tax only; Xero takes that on its own tax account from people alone"),
        _("In Xero, enter it in the bank account as spend or receive money on the tax account (for example GST), without a tax rate"),
    ),
    Case("bank", lambda journal: _one_bank(journal) and not journal.of(PARTY), BANK_TRANSACTION),
    Case("pays", _pays, PAYMENT),
    Case(
        "through-party",
        lambda journal: _one_bank(journal) and not any(_moved(journal.of(PARTY)).values()) and not _only(BANK, PARTY)(journal),
        HELD,
        _(
            "{doctype} {name} books a cost or an income onto the balance of a party and pays it at once: nothing of it stays with the party, and Xero has no one record for both"
        ),
        ENTER_ANEW.format(
            instead=_("a bill (or invoice) and its payment, or the same journal without the two rows of the party"),
            by_hand=_("spend or receive money with the party, on the same accounts and with the same tax"),
        ),
    ),
    Case(
        "bank-and-parties",
        lambda journal: bool(journal.banks) and bool(journal.of(PARTY)),
        HELD,
        _("{doctype} {name} moves money and balances of several kinds of parties or accounts at once"),
        ENTER_ANEW.format(
            instead=_("a Payment Entry for each party"),
            by_hand=_("a payment on each invoice, and for what belongs to no invoice an overpayment of its party"),
        ),
    ),
    Case(
        "bank-nothing",
        lambda journal: bool(journal.banks),
        HELD,
        _("{doctype} {name} takes as much out of the bank account as it puts in"),
        _("Cancel it here and enter it as a journal without the bank account"),
    ),
    Case("set-off", lambda journal: _sets_off(journal) and bool(journal.mapping.clearing), PAYMENT),
    Case(
        "set-off-by-hand",
        _sets_off,
        HELD,
        _("{doctype} {name} sets invoices off against bills, and no clearing account is chosen to do that through"),
        _(
            "Choose the Clearing Account on the Xero Connection and press Retry; or in Xero pay each invoice into a clearing account and each bill from it, on this date and with these amounts"
        ),
    ),
    # The accountant's choice for the account (Xero Deduction Mapping) decides, as it does for a payment's deductions.
    Case("write-off", _forgives, PAYMENT),
    Case(
        "party-to-party",
        lambda journal: _only(PARTY)(journal),
        HELD,
        _("{doctype} {name} moves a balance between parties or invoices"),
        _(
            "Where it is matched with an invoice or bill on both sides (Payment Reconciliation), it goes by itself. Else enter for each row in Xero, without tax and all on one clearing account: of a receivable an invoice (a debit) or a credit note (a credit), of a payable a bill (a credit) or a supplier's credit note (a debit); and where the row names an invoice, bill or return, take the one off the other there"
        ),
    ),
    Case(
        "party-without-invoice",
        lambda journal: True,
        HELD,
        _("{doctype} {name} books an amount that a party owes or is owed without an invoice, which Xero cannot hold"),
        ENTER_ANEW.format(
            instead=_("an invoice, bill or credit note of the same amount"),
            by_hand=_("the invoice, bill or credit note on the same accounts and date"),
        ),
    ),
)
