"""What a payment, refund, allocation or journal settles: is that in Xero, and is it free to be settled anew?

Asked of an invoice, a bill or a return by its DocType and name. Whoever settles it says so in its needs (`needs_of_target`), then asks `find`,
and where that is None lets its step `wait_for` it; `waits_for_cancels` comes last.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import decimal
from ...accounting.problems import Problem
from ..decisions import Decision, hold, wait_for_step
from ..host import HEAD, LINKS, SETTLING, STEPS, Named
from ..identity import INVOICE_DOCTYPES, Identity, moment
from ..needs import NOTHING, Facts, Needs
from ..step import Link, Step, own_links, own_steps

Doc = dict[str, Any]
# The records that invoices and returns themselves become.
CREATED = ("invoice", "credit")
# The code of a cancel that only a person can finish in Xero: an overpayment's. The invoices it settled are free all the same.
STAYS = "overpayment-stays"


@dataclass(frozen=True)
class Target:
    """An invoice, bill or return that is in Xero. `currency` and `rate` (company currency per unit of it) are the document's own, `outstanding` is
    in `account_currency`, that of the party account."""

    who: Identity
    link: Link
    currency: str
    rate: Decimal
    outstanding: Decimal
    account_currency: str
    posting_date: str

    @property
    def xero_id(self) -> str:
        """Its record's id."""
        return self.link.xero_id

    @property
    def place(self) -> tuple[str, str]:
        """Where Xero shows its record: endpoint and id."""
        return self.link.endpoint, self.link.xero_id


def needs_of_target(named: Named, facts: Facts) -> Needs:
    """What has to be known of it: first of itself and who else settles it, then the steps of those."""
    found = HEAD.of([named]) | LINKS.of([named]) | STEPS.of([named])
    return found | needs_of_cancels(named, facts)


def needs_of_cancels(named: Named, facts: Facts) -> Needs:
    """What `waits_for_cancels` has to know."""
    if named[0] not in INVOICE_DOCTYPES:
        return NOTHING
    settlers = facts.known(SETTLING, named)
    return SETTLING.of([named]) | STEPS.of(settlers or [])


def find(named: Named, facts: Facts) -> Target | None:
    """It, with its newest record in Xero; None where it is not there, or is no invoice, bill or return."""
    head = facts.get(HEAD, named)
    if named[0] not in INVOICE_DOCTYPES or head is None:
        return None
    who = _identity(named, head)
    linked = [link for link in own_links(facts.get(LINKS, named), who) if link.part in CREATED]
    if not linked:
        return None
    return Target(
        who,
        linked[-1],
        str(head["currency"]),
        decimal(head["conversion_rate"]) or decimal(1),
        decimal(head["outstanding_amount"]),
        str(head.get("party_account_currency") or ""),
        str(head["posting_date"]),
    )


def wait_for(step: Step, named: Named, facts: Facts) -> Decision:
    """What becomes of a step that settles something which is not in Xero: it waits while that is on its way, else it is held."""
    name, head = named[1], facts.get(HEAD, named)
    steps = own_steps(facts.get(STEPS, named), _identity(named, head)) if head else []
    if coming := next((each for each in steps if each.role.text in CREATED and each.unfinished), None):
        return wait_for_step(coming.name, Problem("waits-for-invoice", f"Waits until {name} is in Xero", f"See what stops {name}"))
    return hold(
        Problem(
            "invoice-not-in-xero",
            f"It settles {name}, which was never sent to Xero",
            f"Enter {name} and {step.who.name} in Xero by hand, or send {name} first and press Retry",
            held=True,
        )
    )


def waits_for_cancels(named: Named, facts: Facts) -> Decision | None:
    """Waits while something that settled this invoice is still being cancelled in Xero; None where nothing is.

    Xero voids no invoice that is paid or applied, and shows no amount due for what settles it anew: the former goes first, as it did in the host.
    """
    if named[0] not in INVOICE_DOCTYPES:
        return None
    for settler in facts.get(SETTLING, named):
        steps, name = facts.get(STEPS, settler), settler[1]
        if cancel := next((each for each in steps if each.role.takes_back and each.unfinished and each.reason_code != STAYS), None):
            problem = Problem(
                "waits-for-cancel", f"Waits until {name} is cancelled in Xero", f"See why {name} is not cancelled in Xero yet"
            )
            return wait_for_step(cancel.name, problem)
    return None


def _identity(named: Named, head: Doc) -> Identity:
    return Identity(*named, moment(head["creation"]))
