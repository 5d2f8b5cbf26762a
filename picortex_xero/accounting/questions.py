"""What the app relies on of Xero that Xero's documentation leaves open: one rule each, and what may not be sent where Xero does otherwise.

The experiments that ask Xero, on a Demo Company only, are in questions/. A rule whose last answer differs holds the kinds of requests that
stand on it (documents/still_in_xero) until a later run reads as expected, or a Xero Admin says with a reason that they may go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .causes import QUESTION, Cause
from .problems import Problem
from .texts import Text, _

Element = dict[str, Any]


def _always(body: Element) -> bool:
    return True


def _rows(body: Element) -> list[Element]:
    return [each for name in ("LineItems", "JournalLines") for each in body.get(name) or []]


def _types_tax(body: Element) -> bool:
    return any(row.get("TaxAmount") is not None for row in _rows(body))


def _is_bill(body: Element) -> bool:
    return body.get("Type") == "ACCPAY"


def _is_sale(body: Element) -> bool:
    return body.get("Type") == "ACCREC"


def _of_types(*codes: str) -> Callable[[Element], bool]:
    return lambda body: any(row.get("TaxType") in codes for row in _rows(body))


def _pays_credit_note(body: Element) -> bool:
    return "CreditNote" in body


def _has_taxed_rows(body: Element) -> bool:
    return body.get("LineAmountTypes") not in (None, "NoTax")


@dataclass(frozen=True)
class Rule:
    """`said`: the rule in one sentence. `kinds`: names of the kinds of requests (xero/records/registry.KINDS) that stand on it; of these only what
    `concerns` (of the element's body) is held."""

    said: Text
    kinds: tuple[str, ...]
    concerns: Callable[[Element], bool] = _always


BOTH_SIDES = ("REVERSECHARGES", "ECACQUISITIONS", "DRCHARGESUPPLY20")
LINES = ("invoice", "credit-note", "bank-transaction", "prepayment")
RULES: dict[str, Rule] = {
    "a_line_may_carry_a_tax_amount_that_is_a_cent_off": Rule(
        _("A line may carry a tax amount that differs by a cent from Xero's own, and the totals follow it"), LINES, _types_tax
    ),
    "a_bill_keeps_its_url_and_its_number_may_repeat": Rule(
        _("Bills keep the link to their document, and two bills may bear one number"), ("invoice",), _is_bill
    ),
    "a_second_contact_of_a_name_is_an_error": Rule(_("Xero refuses a second contact of a name and leaves the first as it is"), ("contact",)),
    "a_batch_payment_is_one_record_with_payments_inside": Rule(_("Invoices name the batch that paid them"), ("batch-payment",)),
    "an_overpayment_carries_its_own_id_and_is_allocated": Rule(
        _("An overpayment is answered with an id of its own, and its allocation can be removed"), ("overpayment",)
    ),
    "an_overpayment_cannot_be_deleted_by_a_program": Rule(_("A program cannot delete an overpayment"), ("undo-overpayment",)),
    "a_credit_note_is_paid_back_by_a_payment": Rule(
        _("A credit note is paid back by a payment, which names it"), ("payment",), _pays_credit_note
    ),
    "a_prepayment_carries_tax_and_its_own_id": Rule(_("A prepayment takes taxed lines and has an id of its own"), ("prepayment",)),
    "the_number_of_a_voided_invoice_is_burned": Rule(_("The number of a voided invoice stays used"), ("invoice",), _is_sale),
    "two_payments_of_one_day_are_two": Rule(_("Two payments of one invoice on one day are two"), ("payment",)),
    "an_unpaid_invoice_takes_new_lines_a_paid_one_only_a_reference": Rule(
        _("An unpaid invoice takes new lines, a paid one a new reference"), ("update-invoice", "update-credit-note")
    ),
    "a_manual_journal_keeps_url_and_the_cash_flag": Rule(
        _("A manual journal keeps the link to its document and whether it shows on cash basis reports"), ("manual-journal",)
    ),
    "a_history_note_can_be_read_back": Rule(_("A history note can be read back"), ("note",)),
    "the_same_key_gives_the_same_answer": Rule(
        _("A request that is repeated under one key makes nothing new"),
        ("contact", "invoice", "credit-note", "payment", "batch-payment", "manual-journal", "bank-transaction", "bank-transfer", "overpayment", "prepayment"),
    ),
    "a_deleted_payment_comes_back_in_lists": Rule(_("Lists of what changed show deleted payments"), ("payment", "batch-payment")),
    "a_note_can_be_added_to_a_voided_invoice": Rule(_("A voided invoice still takes a history note"), ("note",)),
    "a_file_with_its_own_type_replaces_the_one_of_its_name": Rule(_("A file replaces the one of its name"), ("attachment",)),
    "a_credit_note_beside_an_invoice_of_its_number": Rule(
        _("A credit note may bear the number of its invoice with -W behind it"), ("credit-note",)
    ),
    "an_allocation_of_a_credit_note_tells_its_date": Rule(_("A credit note is taken off an older invoice, and shows it"), ("allocation",)),
    "a_manual_journal_takes_tax_from_its_lines": Rule(
        _("A manual journal takes its tax from the tax types of its lines"), ("manual-journal",), _has_taxed_rows
    ),
    "two_payments_of_one_clearing_account_set_an_invoice_off_against_a_bill": Rule(
        _("An account with payments enabled pays an invoice and a bill"), ("payment",)
    ),
    "a_payment_marked_reconciled_is_deleted_or_refused": Rule(
        _("A program's delete of a reconciled payment is carried out, or refused and changes nothing"), ("delete-payment",)
    ),
    "a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero": Rule(
        _("A bill with a reverse charge totals its net amount"), ("invoice", "credit-note"), _of_types(*BOTH_SIDES)
    ),
    "tax_on_imports_is_a_line_on_the_tax_account": Rule(
        _("A bill line on the tax account takes the tax on imports and shows no tax of its own"), ("invoice",), _of_types("GSTONIMPORTS")
    ),
    "a_sales_type_is_refused_on_an_expense_account": Rule(
        _("Xero refuses a tax type on an account that it is not for"), ("invoice", "credit-note")
    ),
}  # fmt: skip


def held(kind: str, body: Element, differing: Iterable[str]) -> list[Problem]:
    """Why a request of this kind with this body may not go: the rules in `differing` (names) that it stands on."""
    names = [name for name in sorted(differing) if name in RULES and kind in RULES[name].kinds and RULES[name].concerns(body)]
    return [_problem(name) for name in names]


def _problem(name: str) -> Problem:
    return Problem(
        "question-differs",
        _("In the Demo Company Xero did not do what this relies on: {rule}").format(rule=RULES[name].said),
        _(
            "Press Ask Xero's Demo Company under Test once more; where Xero goes on doing otherwise, a Xero Admin may let these go there, with a reason"
        ),
        held=True,
        causes=(Cause(QUESTION, name),),
    )


def kinds_held(differing: Iterable[str]) -> tuple[str, ...]:
    """The kinds of requests of which some wait where these rules differ."""
    return tuple(dict.fromkeys(kind for name in differing if name in RULES for kind in RULES[name].kinds))
