"""The last look at an element before it is sent: are its accounts, tax types and tracking options in Xero as its lists say now?

One place for every object with lines. Each problem names the account, tax type or option, so that curing that releases what waited for it.
"""

from __future__ import annotations

from typing import Any

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.mapping import Mapping
from ..accounting.problems import Problem
from ..accounting.questions import held
from ..accounting.terms import inside
from ..accounting.texts import Text, _, joined
from ..accounting.xero_now import ACTIVE
from ..xero.records.lines import rows_of
from . import typed_there
from .base import Books, InXero, Plan, Ready
from .closed_periods import at_last
from .decisions import Decision, Hold, Say, Send, hold
from .history import coded, entered

Element = dict[str, Any]
# Of a payment: a bank account, or another one that payments may be made to (Xero's API, "Payments"); the others are bank accounts.
PAID = "Account"
BANKS = ("BankAccount", PAID, "FromBankAccount", "ToBankAccount")
WARNING = "Warning"


def checked(plan: Plan, decision: Decision, books: Books, shown: InXero) -> Decision:
    """The decision of a plan, held where what it would send is no longer possible in Xero, or is dated in a closed period, or may be there already;
    with a line of the history for what goes without tracking."""
    decision = entered.held(plan, coded.held(plan, at_last(plan, decision, books), shown), shown)
    decision = typed_there.held(plan, decision, books.come_back, shown)
    match decision.outcome:
        case Send(translation):
            if problems := _speaks_against(plan, translation.body, books.mapping):
                kept = () if isinstance(plan, Ready) else decision.effects
                return Decision(Hold(tuple(problems)), kept)
            if not plan.kind.undo:
                return decision.with_effects(*(Say(WARNING, text) for text in translation.said))
    return decision


def held_before_its_contact(mapping: Mapping, *bodies: Element) -> Decision | None:
    """A document without a contact yet, where one of its elements could not go all the same: nobody is created for it."""
    wrong: list[Problem] = []
    for body in bodies:
        wrong += [each for each in objections(body, mapping) if each not in wrong]
    return hold(*wrong) if wrong else None


def at_once(plan: Plan | Decision, books: Books) -> Plan | Decision:
    """A plan that needs nothing of Xero is checked before it is claimed."""
    if type(plan) is Ready and (problems := _speaks_against(plan, plan.translation.body, books.mapping)):
        return Decision(Hold(tuple(problems)))
    return plan


def _speaks_against(plan: Plan, body: Element, mapping: Mapping) -> list[Problem]:
    """Why the request of a plan may not go. What takes a record back is only stopped where Xero's Demo Company took one back otherwise."""
    asked = held(plan.kind.name, body, mapping.now.differing)
    return asked if plan.kind.undo else [*objections(body, mapping), *asked]


def objections(body: Element, mapping: Mapping) -> list[Problem]:
    """Why Xero would not keep this element as it is, by its lists; empty while they were never read."""
    now = mapping.now
    if not now.read:
        return []
    rows, found = rows_of(body) or [], list[Problem | None]()
    if now.currencies is not None and (currency := body.get("CurrencyCode")) and currency not in now.currencies:
        found.append(_currency(currency))
    for code in _each(row.get("AccountCode") for row in rows):
        _id, status = now.accounts.get(code, ("", ""))
        found.append(None if status == ACTIVE else _account(code, status, mapping))
    for name, xero_id in _each((name, (body.get(name) or {}).get("AccountID")) for name in BANKS):
        # A default that was typed as a code is no id.
        if not xero_id or xero_id in now.accounts:
            continue
        if now.statuses.get(xero_id) != ACTIVE:
            found.append(_bank(xero_id, mapping))
        elif xero_id not in now.banks and (name != PAID or xero_id not in now.paid):
            found.append(_no_payments(xero_id, name == PAID, mapping))
    for tax_type in _each(row.get("TaxType") for row in rows):
        found.append(_tax_type(tax_type, mapping, body.get("LineAmountTypes") == "NoTax"))
    for code, tax_type in _each((row.get("AccountCode"), row.get("TaxType")) for row in rows):
        found.append(_class(code, tax_type, mapping))
    for category, option in _each((tag["Name"], tag["Option"]) for row in rows for tag in row.get("Tracking") or []):
        found.append(None if (category, option) in now.options else _option(category, option, mapping))
    return [problem for problem in found if problem]


def _each(values: Any) -> list[Any]:
    return [value for value in dict.fromkeys(values) if value]


def _account(code: str, status: str, mapping: Mapping) -> Problem:
    from_here = [account for account, mapped in mapping.accounts.items() if mapped == code]
    if from_here:
        place: Text = _("map {accounts} to another account under Accounts in Mapping").format(accounts=_some(from_here))
    else:
        place = _("choose another account than {code} on the Xero Connection, or under Accounts in Mapping").format(
            code=mapping.called.account(code)
        )
    # What a default stands in for may get a row of its own, which says nothing of this account.
    cures = (causes.xero_account(code), Cause(causes.ACCOUNT))
    if status:
        return Problem(
            "account-archived",
            _("Xero's account {code} is archived").format(code=mapping.called.account(code)),
            _("Restore {code} in Xero, or {place}; then press Retry").format(code=mapping.called.account(code), place=place),
            causes=cures,
        )
    return Problem(
        "account-gone",
        _("Xero has no account {code} any more: it was deleted there, or got another code").format(code=code),
        _("Open Xero's chart of accounts, then {place}; then press Retry").format(place=place),
        causes=cures,
    )


def _bank(xero_id: str, mapping: Mapping) -> Problem:
    from_here = [account for account, mapped in mapping.payment_accounts.items() if mapped.account_id == xero_id]
    message = _("The account in Xero that {accounts} is mapped to is archived or gone").format(
        accounts=_some(from_here) or _("the default for payments")
    )
    return Problem(
        "bank-account-gone",
        message,
        _(
            "Restore it in Xero, or choose another one under Bank and payment accounts in Mapping (a default, clearing or fee account where that was chosen); then press Retry"
        ),
    )


def _no_payments(xero_id: str, paid: bool, mapping: Mapping) -> Problem:
    from_here = [account for account, mapped in mapping.payment_accounts.items() if mapped.account_id == xero_id]
    if paid:
        message = _("Payments to the account in Xero that {accounts} is mapped to are not enabled")
    else:
        message = _("The account in Xero that {accounts} is mapped to is no bank account")
    return Problem(
        "payment-account-invalid",
        message.format(accounts=_some(from_here) or _("the default for payments")),
        # As where Xero itself refuses it (xero/resolutions.py).
        _(
            "Map to a bank account, or for the payment of an invoice or bill allow payments to the account in Xero. Money spent or received needs a bank account: where the account is none, remove its row under Bank and payment accounts in Mapping, map it under Accounts in Mapping and press Retry, and a journal on it becomes a manual journal"
        ),
    )


def _tax_type(code: str, mapping: Mapping, untaxed: bool) -> Problem | None:
    known = mapping.tax_types.get(code)
    if mapping.tax_types and (known is None or not known.active):
        return Problem(
            "tax-type-gone",
            _("Xero's tax type {code} is no longer active there").format(code=mapping.called.tax(code)),
            _(
                "Choose another tax type where {code} is chosen (in Mapping under Taxes or under Fees, discounts and write-offs; or for Lines Without Tax on the Xero Connection), or restore it in Xero; then press Retry"
            ).format(code=mapping.called.tax(code)),
        )
    if untaxed:
        return None
    if changed := mapping.rate_changed(code):
        return changed
    if name := mapping.now.stopped.get(code):
        return Problem(
            "tax-type-stopped",
            _("Xero taxed {name} otherwise than its tax type {code} says; documents with this tax type wait").format(
                name=name, code=mapping.called.tax(code)
            ),
            _("Correct {name} in Xero as it says and press Retry there; then press Retry here").format(name=name),
            held=True,
        )
    return None


def _class(code: str | None, tax_type: str | None, mapping: Mapping) -> Problem | None:
    """Where the room of a document says nothing of it, as for an advance: a tax type may be chosen for what it says and not fit every account."""
    account_class, known = mapping.xero_classes.get(code or ""), mapping.tax_types.get(tax_type or "")
    if known is None or known.classes is None or account_class is None or account_class in known.classes:
        return None
    resolution = _(
        "Choose a tax type that Xero takes on {code} (in Mapping under Taxes or under Fees, discounts and write-offs; or for Lines Without Tax on the Xero Connection), or another account than {code} on the Xero Connection or under Accounts in Mapping; then press Retry"
    )
    return Problem(
        "tax-type-not-for-account",
        _("Xero does not take the tax type {code} on its account {account} ({account_class})").format(
            code=known.called, account=mapping.called.account(str(code)), account_class=inside(account_class)
        ),
        resolution.format(code=mapping.called.account(str(code))),
        causes=(
            *((causes.setting("no_tax_type"),) if known.code == mapping.no_tax_type else ()),
            causes.xero_tax(known.code),
            causes.xero_account(str(code)),
        ),
    )


def _currency(code: str) -> Problem:
    return Problem(
        "currency-off",
        _("{currency} is not switched on in this Xero organisation").format(currency=code),
        _(
            "Add {currency} in Xero (Settings, Currencies; which plans have several, Xero's price page says), then press Refresh From Xero"
        ).format(currency=code),
        causes=(causes.currency(code),),
    )


def _option(category: str, option: str, mapping: Mapping) -> Problem:
    centers = [center for center, mapped in mapping.tracking.items() if mapped == (category, option)]
    return Problem(
        "tracking-gone",
        _("Xero has no active tracking option {option} in {category}, which {cost_centers} is mapped to").format(
            option=option, category=category, cost_centers=_some(centers)
        ),
        _("Restore it in Xero, or choose another option for {cost_centers} under Tracking in Mapping; then press Retry").format(
            cost_centers=_some(centers)
        ),
    )


def _some(names: list[str]) -> Text:
    shown = sorted(names)[:3]
    return joined(", ", [*shown, *([_("and others")] if len(names) > len(shown) else [])]) if shown else Text("")
