"""What has to change before a held document can go: the causes of a problem, by which all documents that wait for the same are released
together (engine/cures.py says what each looks like now, engine/release.py releases).

A `Problem` names its own causes where it knows them (`causes=(account("Sales - KS"),)`). Where it does not, `of` takes those of its code from
`KINDS`, with the key "" (any change of that kind). A code with no kinds is a recipe: a person follows it and presses Retry, since nothing
that this app can see says that it was done. tests/architecture holds that every code is in the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Choices: rows of the mappings, by what of the host they stand for, or by what of Xero they choose; fields of the Xero Connection.
ACCOUNT, TAX, PAYMENT_ACCOUNT, TRACKING, DEDUCTION, SETTING = "account", "tax", "payment account", "tracking", "deduction", "setting"
# What Xero's lists say, as last read, and which mapping rows choose it. LISTS is any of them.
XERO_ACCOUNT, XERO_TAX, CURRENCY, LISTS, LOCK = "xero account", "xero tax", "currency", "lists", "lock"
# What no list of Xero's shows.
PLAN, IN_XERO = "plan", "in xero"
# A person's word that money may go.
MONEY = "money"
# Documents and masters of the host, the consent at Xero, and what a person does who then presses Retry.
PARTY, DOCUMENT, PERMISSION, RECIPE = "party", "document", "permission", "recipe"
# What a Demo Company answered to a question (accounting/questions), or an admin's word on it.
QUESTION = "question"
# The sync settings and rules (documents/rules).
RULES = "rules"
# The date until which tax is filed, and the first day of the books in Xero (documents/periods).
FILED, CONVERSION = "filed", "conversion"
# What Xero may have: money from the bank feed (documents/history/coded), a bill or journal that somebody entered (entered).
CODED = "coded"
# Where payments of a bank account are entered (documents/settlement/awaited).
ENTERED_WHERE = "entered where"
EVERY = (
    *(ACCOUNT, TAX, PAYMENT_ACCOUNT, TRACKING, DEDUCTION, SETTING, XERO_ACCOUNT, XERO_TAX, CURRENCY, LISTS, LOCK),
    *(PLAN, IN_XERO, MONEY, PARTY, DOCUMENT, PERMISSION, RECIPE, QUESTION, RULES),
    *(FILED, CONVERSION, CODED, ENTERED_WHERE),
)
# What the organisation's lists answer; they are read again by themselves while one of these is open.
OF_LISTS = (XERO_ACCOUNT, XERO_TAX, CURRENCY, LISTS, LOCK, TRACKING)
# What only Xero can say for certain: one of those that wait is tried now and then, and its success releases the rest. The lists too: what
# Xero refused was perhaps put right before the lists were read again, and then no list ever shows a difference.
TRIED = (PLAN, IN_XERO, XERO_ACCOUNT, XERO_TAX, CURRENCY, LISTS, LOCK)
LONGEST_KEY = 250
# The parts of a key.
BETWEEN = " | "


class Cause(NamedTuple):
    """What has to change: its kind, and which one of that kind ("" where that is not known: any)."""

    kind: str
    key: str = ""


def account(host_account: str) -> Cause:
    """The Xero account of an ERPNext account, or the default that stands in for it."""
    return Cause(ACCOUNT, host_account)


def tax(direction: str, key: str) -> Cause:
    """The tax type of an ERPNext tax, in whatever item tax template or class of accounts."""
    return Cause(TAX, f"{direction}{BETWEEN}{key}")


def payment_account(host_account: str) -> Cause:
    """The Xero account of an ERPNext bank or cash account, or the default that stands in for it."""
    return Cause(PAYMENT_ACCOUNT, host_account)


def tracking(cost_center: str) -> Cause:
    """The tracking option of a cost center."""
    return Cause(TRACKING, cost_center)


def deduction(host_account: str) -> Cause:
    """What a deduction on an ERPNext account is in Xero."""
    return Cause(DEDUCTION, host_account)


def setting(*fields: str) -> Cause:
    """Fields of the Xero Connection."""
    return Cause(SETTING, ",".join(fields))


def xero_account(code: str) -> Cause:
    """An account of Xero, by its code: what Xero's list says of it, and which choices name it."""
    return Cause(XERO_ACCOUNT, code)


def xero_tax(tax_type: str) -> Cause:
    """A tax type of Xero: what Xero's list says of it, and which choices name it."""
    return Cause(XERO_TAX, tax_type)


def currency(code: str) -> Cause:
    """Whether a currency is switched on in Xero."""
    return Cause(CURRENCY, code)


def party(doctype: str, name: str) -> Cause:
    """A customer or supplier, with its addresses and contacts."""
    return Cause(PARTY, f"{doctype}{BETWEEN}{name}")


def document(doctype: str, name: str) -> Cause:
    """A document or master of the host: that it is changed, or gets a record in Xero."""
    return Cause(DOCUMENT, f"{doctype}{BETWEEN}{name}")


# Every code with which a step may be held or need attention. Several kinds where any of them may cure it.
KINDS: dict[str, tuple[Cause, ...]] = {
    # Choices
    "account-unmapped": (Cause(ACCOUNT),),
    "account-other-class": (Cause(ACCOUNT),),
    "advance-account-missing": (setting("advance_account_sales", "advance_account_purchases"),),
    "asset-sale": (setting("depreciation"),),
    "deduction-changed": (Cause(DEDUCTION), setting("clearing_account")),
    "deduction-clearing-currency": (Cause(DEDUCTION),),
    "deduction-held": (Cause(DEDUCTION),),
    "deduction-incomplete": (Cause(DEDUCTION), Cause(LISTS)),
    "deduction-not-short": (Cause(DEDUCTION),),
    "deduction-of-untaxed": (Cause(DEDUCTION),),
    "deduction-tax-differs": (Cause(DEDUCTION), Cause(LISTS)),
    "deduction-tax-refused": (Cause(DEDUCTION), Cause(ACCOUNT), Cause(LISTS)),
    "deduction-without-tax": (Cause(DEDUCTION),),
    "deduction-unmapped": (Cause(DEDUCTION),),
    "journal-control-unmapped": (Cause(PAYMENT_ACCOUNT),),
    "journal-depreciation-undecided": (setting("depreciation"),),
    "journal-set-off-by-hand": (setting("clearing_account"),),
    "no-tax-type-missing": (setting("no_tax_type"),),
    "opening": (setting("opening_documents"),),
    "payment-account-currency": (Cause(PAYMENT_ACCOUNT),),
    "payment-account-unmapped": (Cause(PAYMENT_ACCOUNT),),
    "payment-third-currency": (setting("clearing_account"),),
    "pos-loyalty": (Cause(PAYMENT_ACCOUNT),),
    "pos-write-off": (Cause(DEDUCTION),),
    "rate-inexact": (setting("accept_rates"),),
    "reverse-charge-by-hand": (Cause(TAX), Cause(LISTS)),
    "reverse-charge-part": (Cause(ACCOUNT),),
    "rounding-account-missing": (setting("rounding_account"),),
    "set-off-impossible": (setting("clearing_account"),),
    "tax-differs": (Cause(TAX), Cause(LISTS)),
    "tax-parts-differ": (Cause(XERO_TAX), Cause(TAX)),
    "tax-rate-changed": (Cause(XERO_TAX), Cause(TAX), Cause(DEDUCTION), setting("no_tax_type")),
    "tax-partly-cost": (Cause(TAX),),
    "tax-rate-unknown": (Cause(LISTS),),
    "tax-type-gone": (Cause(TAX), setting("no_tax_type"), Cause(LISTS)),
    "tax-type-not-for-account": (Cause(TAX), Cause(ACCOUNT), Cause(LISTS)),
    "tax-type-stopped": (Cause(XERO_TAX), Cause(LISTS)),
    "tax-typed": (Cause(TAX),),
    "tax-unmapped": (Cause(TAX),),
    "tracking-unmapped": (Cause(TRACKING), setting("missing_tracking")),
    "transfer-one-account": (Cause(PAYMENT_ACCOUNT),),
    "transfer-two-currencies": (setting("clearing_account"),),
    # A person releases it, or lets all money go
    "money-held": (Cause(MONEY),),
    # A person sends it all the same, or moves the date
    "tax-filed": (Cause(FILED),),
    "before-conversion": (Cause(CONVERSION),),
    "period-locked": (Cause(LOCK),),
    "perhaps-coded": (Cause(CODED),),
    "awaited-from-xero": (Cause(ENTERED_WHERE),),
    "perhaps-entered": (Cause(CODED),),
    "entered-there-too": (Cause(CODED),),
    "listed-there-too": (Cause(CODED),),
    "typed-there-too": (Cause(CODED),),
    # What Xero's lists say before anything is sent
    "account-gone": (Cause(XERO_ACCOUNT), Cause(ACCOUNT)),
    "bank-account-gone": (Cause(XERO_ACCOUNT), Cause(PAYMENT_ACCOUNT)),
    "tracking-gone": (Cause(TRACKING), Cause(LISTS)),
    # What Xero answers (xero/errors.json)
    "cancel-locked": (Cause(LOCK),),
    "cancel-filed": (Cause(FILED),),
    "account-archived": (Cause(XERO_ACCOUNT), Cause(ACCOUNT)),
    "account-not-allowed": (Cause(XERO_ACCOUNT), Cause(ACCOUNT)),
    "account-unknown": (Cause(XERO_ACCOUNT), Cause(ACCOUNT)),
    "contact-archived": (Cause(IN_XERO), Cause(PARTY)),
    "contact-refused": (Cause(PARTY),),
    "currency-off": (Cause(CURRENCY),),
    "item-unknown": (Cause(LISTS), setting("send_item_codes")),
    "locked": (Cause(LOCK),),
    "payment-account-archived": (Cause(XERO_ACCOUNT), Cause(PAYMENT_ACCOUNT)),
    "payment-account-invalid": (Cause(XERO_ACCOUNT), Cause(PAYMENT_ACCOUNT)),
    "plan-limit": (Cause(PLAN),),
    "tax-not-allowed": (Cause(XERO_TAX), Cause(TAX)),
    "tax-unknown": (Cause(XERO_TAX), Cause(TAX)),
    "tracking-unknown": (Cause(TRACKING), Cause(LISTS)),
    # Parties and documents of the host
    "contact-name-invalid": (Cause(PARTY),),
    "contact-name-shared": (Cause(PARTY), Cause(IN_XERO)),
    "contact-name-taken": (Cause(PARTY), Cause(IN_XERO)),
    "contact-nameless": (Cause(PARTY),),
    # Said on the screen Match contacts, of no step.
    **dict.fromkeys(
        (
            "contact-changed-since",
            "contact-linked",
            "contact-made-here",
            "contact-marked",
            "contact-not-linked",
            "contact-on-its-way",
            "contact-used",
            "contacts-unreadable",
        ),
        (Cause(RECIPE),),
    ),
    "invoice-not-in-xero": (Cause(DOCUMENT),),
    "in-opening-balance": (Cause(DOCUMENT),),
    # What a Demo Company answered
    "question-differs": (Cause(QUESTION),),
    "settles-skipped": (Cause(DOCUMENT),),
    # Rules and sync settings; what they skip is decided anew by the same causes
    **dict.fromkeys(
        ("rule-approval", "changed-after-approval", "approval-returned", "rule-broken", "rule-skipped", "kind-off", "kind-later"),
        (Cause(RULES),),
    ),
    **dict.fromkeys(
        ("follows-skipped", "settles-partly-skipped", "settles-skipped-by-rule", "skipped-credit-in-xero"), (Cause(RULES), Cause(DOCUMENT))
    ),
    # The consent at Xero
    "files-not-allowed": (Cause(PERMISSION),),
    "scope-missing": (Cause(PERMISSION),),
    # Recipes: a person does it by hand in Xero, amends the document, or looks at both; then Retry, where anything is left to do.
    **dict.fromkeys(
        """
        adopted-stays not-taken-over advance-not-in-xero chosen-differs allocation-two-contacts draft-lines-differ journal-currency-without-worth journal-exchange-mixed
        line-on-bank-account lines-in-xero-differ lines-not-shown reversal-not-shown settles-left-out settles-several-contacts tax-in-xero-differs advance-tax-not-inside allocation-currency allocation-exceeds allocation-nothing answer-forgotten
        answer-unmatched bank-amount-not-positive cancel-of-paid change-not-shown changed-after-submit construction-scheme contact-gone
        contact-in-xero-differs contacts-to-merge credit-gone deduction-and-advance deduction-converted deduction-mixed deduction-tax-unclear
        discount-account-missing discount-of-nothing discount-tax-unknown discount-with-asset
        extra-given-up file-altered file-elsewhere file-empty file-too-large file-too-many file-type file-unreadable fixed-tax-deducted
        account-not-mapped-back tax-not-mapped-back tracking-not-mapped-back contact-not-matched-back party-wanted-back perhaps-here-already coded-for-left-out
        perhaps-twice-in-xero cancelled-here-back
        entry-by-hand totals-differ-back changed-in-xero-back removed-in-xero-back month-offered month-not-offered booked-by-xero booked-in-month
        edited-before-cancel edited-in-xero imports-mixed gone-from-xero invoice-gone journal-asset-with-others journal-bank-and-parties journal-bank-nothing
        journal-credit-used-elsewhere journal-employee journal-foreign-tax journal-opening journal-party-to-party
        journal-party-without-invoice journal-payroll journal-set-off journal-several-banks journal-takes-back journal-through-party journal-tax-settled journal-tax-unexplained journal-unbalanced journal-write-off
        link-conflict negative-total netting-and-advance netting-converted not-in-xero not-undone owed-again number-taken opening-credit opening-differs
        opening-several opening-several-accounts overpayment-other-currency overpayment-stays overpayment-two-currencies paid-in-xero
        paid-too-much payment-bank-differs party-missing payment-does-not-add-up payment-exceeds-due payment-in-batch payment-other-party payment-other-side payment-payroll
        payment-tax payment-without-party perhaps-in-xero pos-change-elsewhere pos-write-off-negative
        rate-unusable recoded-in-xero reconciled-in-xero refund-waits refund-with-deduction release-without-invoice settles-no-invoice tax-not-explained too-large
        too-many-decimals approved-past-us total-differs total-in-xero-differs total-not-shown transfer-difference transfer-with-fee twice-in-xero
        bank-not-mapped-back bank-several-back more-than-open payment-by-hand pays-cancelled pays-draft pays-others refused-here removed-draft same-as-draft same-as-several
        asked-at-another dimension-lacks several-parties perhaps-in-parts edited-draft batch-in-part batch-grew paid-there
        credit-not-here credit-not-submitted credit-by-hand credit-less-open credit-to-confirm moved-in-xero to-be-entered-here other-than-entered-there
        advance-of-several advance-perhaps-here advance-by-hand
        valuation-unclear valued-tax-deducted valued-tax-in-ledger valued-tax-only
        cancel-by-hand part-by-hand settles-by-hand undo-not-shown unexpected write-off-of-nothing unreadable-in-xero xero-cannot-show xero-internal-error xero-refused
        """.split(),
        (),
    ),
    # Never held: why a step waits or is skipped, what a preview assumes, what stops a whole connection.
    **dict.fromkeys(
        """
        assumes-arrives assumes-first assumes-no-contact assumes-not-there assumes-number-free assumes-unchanged before-go-live contact-exists
        history-stopped
        depreciation-kept exchange-engine internal-transfer nothing opening-settled organisation-refused preview-asks-xero preview-kept refund-matched
        preview-ledger said-in-history superseded unclear waiting-approval waits-for-cancel waits-for-choice waits-for-contact waits-for-document
        done-by-hand draft-not-wanted changed-since-by-hand left-out undone-in-xero let-stay-in-xero skipped-by-person waits-for-credit waits-for-invoice waits-for-payment waits-for-undo zero-total
        in-cash-summary cash-summary-made-anew
        waits-for-batch access-withdrawn disconnected not-sending resting retired setting-up waits watch-only
        """.split(),
        (),
    ),
}


def of(code: str, named: Iterable[Cause] = ()) -> tuple[Cause, ...]:
    """The causes of a problem with this code, which itself names `named`; a recipe where there are none."""
    return tuple(Cause(kind, key[:LONGEST_KEY]) for kind, key in named) or KINDS.get(code) or (Cause(RECIPE),)


def is_recipe(code: str) -> bool:
    """Whether a problem with this code waits for nothing that the app sees: a person follows the instructions and presses Retry."""
    return of(code) == (Cause(RECIPE),)


def parts(cause: Cause) -> tuple[str, str]:
    """The two parts of the key of a tax, a party or a document; the second may be "" and the first then too."""
    first, _, second = cause.key.partition(BETWEEN)
    return first, second
