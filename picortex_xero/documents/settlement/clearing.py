"""One side of a transfer or payment between two currencies -> Spend or Receive Money from or to the clearing account.

With a BankTransfer Xero would choose the second amount itself, since its CurrencyRate is read-only (Xero's API description). So both
amounts go through one clearing account, which ends at zero. A payment from a bank account in a third currency goes the same way: the
invoice is paid from the clearing account, and this leg is what the bank moved (not yet tried on a live Xero). Off until the admin chooses a
Clearing Account.
"""

from __future__ import annotations

from ...accounting.mapping import Mapping
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.registry import BANK_TRANSACTION
from .. import base
from ..base import Books, Doc, Ready
from ..decisions import Decision, refused
from ..fact_types import CONTACT
from ..identity import document_url
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import Step
from ..translation import Translation
from .bank_transaction import BankLine, bank_transaction
from .contact_now import needs_of_contacts, settled_documents, with_contact_now
from .fee import exact_rate
from .payment_elements import mapped_bank, reference_text
from .settlement import Settlement, SpendOrReceive
from .step_order import after_the_payments, contact_id, needs_of_party, needs_of_plan

TEXT = "Currency transfer"


def clearing_leg(settlement: Settlement, mapping: Mapping, what: SpendOrReceive, contact_id: str, url: str) -> Translation:
    """The BankTransaction of one bank account of a payment: a SPEND from where the money leaves, a RECEIVE where it arrives. Raises
    Refused."""
    side = settlement.leaves if what == "SPEND" else settlement.arrives
    bank, problems = mapped_bank(side, mapping)
    untaxed = mapping.no_tax()
    problems += [untaxed] if isinstance(untaxed, Problem) else []
    problems += _difference(settlement)
    amount = settlement.posted(side)
    rate = None if side.currency == mapping.base_currency else exact_rate(settlement, mapping, amount, side.base)
    problems += rate.problems if rate else []
    if problems or bank is None or isinstance(untaxed, Problem) or mapping.clearing is None:
        raise Refused(problems or [two_currencies(settlement)])
    line = BankLine(TEXT, amount, mapping.clearing.code, untaxed)
    return bank_transaction(what, contact_id, bank, settlement.posting_date, reference_text(settlement), [line], "NoTax", rate, url)


def _difference(settlement: Settlement) -> list[Problem]:
    """Both legs must be worth the same, or the clearing account would keep the rest."""
    if settlement.leaves.base == settlement.arrives.base:
        return []
    return [
        Problem(
            "transfer-difference",
            _("{name} is worth {leaves} where it leaves and {arrives} where it arrives").format(
                name=settlement.name, leaves=settlement.leaves.base, arrives=settlement.arrives.base
            ),
            _("Enter both in Xero by hand through a clearing account, and the difference as a fee or exchange difference"),
            held=True,
        )
    ]


def two_currencies(settlement: Settlement) -> Problem:
    """A transfer between currencies while no clearing account is chosen: held, with the instructions."""
    given = [f"{side.currency} {side.amount:.2f}" for side in (settlement.leaves, settlement.arrives)]
    return Problem(
        "transfer-two-currencies",
        _("{name} is a transfer between currencies ({leaves} to {arrives}); Xero would choose the second amount itself").format(
            name=settlement.name, leaves=given[0], arrives=given[1]
        ),
        _(
            "Choose a Clearing Account on the Xero Connection and press Retry, or enter in Xero a Spend Money of {leaves} from {from_account} and a Receive Money of {arrives} into {to_account}, both on one clearing account"
        ).format(leaves=given[0], from_account=settlement.leaves.account, arrives=given[1], to_account=settlement.arrives.account),
        held=True,
    )


def needs_of_clearing(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The currencies of what is settled and its records, and the party's contact."""
    return needs_of_plan(settlement) | needs_of_party(settlement) | needs_of_contacts(settled_documents(settlement))


def plan_clearing(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Step "clearing-1": what the bank moved where the payment itself went through the clearing account."""
    try:
        made = after_the_payments(step, settlement, facts, books, lambda plan: int(plan.crosses))
        if isinstance(made, Decision):
            return made
        party = facts.get(CONTACT, settlement.named_party)
        if not (xero_id := contact_id(party)):
            return wait_for_contact(settlement.named_party, party)
        url = document_url(books.site_url, books.instance, step.who, step.revision)
        translation = clearing_leg(settlement, books.mapping, settlement.spend_or_receive, xero_id, url)
    except Refused as error:
        return refused(error)
    ready = Ready(step, doc, BANK_TRANSACTION.made_by, frozenset({step.who.digest, xero_id}), translation=translation)
    return with_contact_now(ready, settled_documents(settlement), facts, one_contact=False)
