"""The admin's choices: which Xero account, tax type, tracking option and bank account stands for which of ERPNext's.

`Mapping` is read once per run from the mapping DocTypes. A question without an answer gives a `Problem` that names the missing mapping;
nothing is guessed. Defaults apply only where the admin has set them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace

from . import bank_problems, causes
from .called import NOTHING_CALLED, Called
from .money import ZERO, plain
from .problems import Problem
from .tax import NO_TAX, charged_rates, deducts, is_fixed, names_account
from .tax_types import CAPITAL, TaxType, for_capital
from .terms import inside
from .texts import Text, _, joined, term
from .xero_now import OtherParts, XeroNow

# What becomes of a cost centre without a tracking row, in a company that tracks: its documents wait, or go without and say so.
HOLD, WITHOUT = "Hold", "Send Without"


# Where payments of a bank account are entered, as its row says: nothing else is stored but these.
IN_BOTH, ONLY_HERE, ONLY_THERE = "Here and in Xero", "Only Here", "Only in Xero"


@dataclass(frozen=True)
class PaymentAccount:
    """A Xero account that payments may be made to or from, and its currency. "" is the organisation's own, which every account has that is
    no bank account; UNKNOWN equals no currency. `account_class` is Xero's ("" where its lists do not say)."""

    account_id: str
    currency: str
    account_class: str = field(default="", compare=False)
    entered: str = field(default=IN_BOTH, compare=False)


@dataclass(frozen=True)
class DeductionChoice:
    """What the accountant chose for the account of a payment's deduction: `treatment` "Fee", "Credit note" or "Hold", and its tax. A fee passes
    through `clearing`. `row` is the name of the mapping row, by which the contact of its Spend Money is known."""

    treatment: str
    tax_type: TaxType | None = None
    clearing: PaymentAccount | None = None
    row: str = ""


@dataclass(frozen=True)
class ClearingAccount:
    """A Xero account that takes both payments and lines, through which money passes between two currencies. It is no bank account, so it is in
    the organisation's currency: in Xero only bank accounts have one of their own."""

    account_id: str
    code: str


@dataclass(frozen=True)
class Mapping:
    """All choices of one connection.

    `taxes` is keyed by (direction, tax key, item tax template or ""); the direction is "Sales" or "Purchases", the tax key is
    `tax.TaxLine.tax_key`. `class_taxes` has the rows for one class of accounts, with that class as fourth part. `tracking` gives (category,
    option) by cost centre. `host_classes` are the classes of an ERPNext account, the narrowest first; `host_currencies` is its currency.
    `xero_classes` gives Xero's class by account code, `other_class` what speaks against an account's mapping (account_classes); `untaxed` has the codes whose own tax rate in Xero's chart puts no tax on anything. `tax_types` are all of the organisation's as last read (empty: never read). `country`
    is Xero's code. `now` is what Xero's lists speak against, `called` what their codes are called; `missing_tracking` is HOLD or WITHOUT.

    `opening_documents` is "Hold" or "Create". `depreciation` says who keeps the register of fixed assets: "Ask" (nobody decided), "Kept in
    Xero" or "Sent from here". `advance_accounts` has, by direction, the Xero code that an advance is booked on. `accept_rates`: the worth in base
    currency that Xero makes of its six decimals of a rate is accepted, however far from ERPNext's. `items` are Xero's by their codes (xero_items), empty
    where no item codes are sent.
    """

    base_currency: str
    target_status: str
    accounts: Dict[str, str] = field(default_factory=dict)
    taxes: Dict[tuple[str, str, str], TaxType] = field(default_factory=dict)
    class_taxes: Dict[tuple[str, str, str, str], TaxType] = field(default_factory=dict)
    tax_types: Dict[str, TaxType] = field(default_factory=dict)
    host_classes: Dict[str, tuple[str, ...]] = field(default_factory=dict)
    host_currencies: Dict[str, str] = field(default_factory=dict)
    xero_classes: Dict[str, str] = field(default_factory=dict)
    other_class: Dict[str, Problem] = field(default_factory=dict)
    untaxed: frozenset[str] = frozenset()
    tracking: Dict[str, tuple[str, str]] = field(default_factory=dict)
    payment_accounts: Dict[str, PaymentAccount] = field(default_factory=dict)
    # ERPNext's bank and cash accounts, whether they are mapped or not.
    money_accounts: frozenset[str] = frozenset()
    default_accounts: Dict[str, str] = field(default_factory=dict)
    default_payment_account: PaymentAccount | None = None
    rounding_account: str = ""
    no_tax_type: str = ""
    country: str = ""
    opening_documents: str = "Hold"
    depreciation: str = "Ask"
    deductions: Dict[str, DeductionChoice] = field(default_factory=dict)
    clearing: ClearingAccount | None = None
    advance_accounts: Dict[str, str] = field(default_factory=dict)
    cash_basis: bool = False
    accept_rates: bool = False
    journal_contact: str = ""
    missing_tracking: str = WITHOUT
    items: Dict[str, int] = field(default_factory=dict)
    now: XeroNow = field(default_factory=XeroNow)
    called: Called = NOTHING_CALLED

    def account(self, host_account: str, direction: str) -> str | Problem:
        """The Xero code for an ERPNext account; the direction's default where the account has no mapping of its own. A bank or cash account never goes to
        a default, which stands for costs or income."""
        if host_account in self.other_class:
            return self.other_class[host_account]
        if host_account not in self.accounts and (host_account in self.payment_accounts or host_account in self.money_accounts):
            return bank_problems.line_on_money(host_account)
        if code := self.accounts.get(host_account) or self.default_accounts.get(direction):
            return code
        return Problem(
            "account-unmapped",
            _("The account {account} has no account in Xero yet").format(account=host_account or _("(none)")),
            _("Map {account} under Accounts in Mapping").format(account=host_account or _("the account")),
            causes=(causes.account(host_account),),
        )

    def account_why(self, host_account: str, direction: str) -> Text:
        """Why `account` answers as it does, for the person who asks."""
        if host_account in self.accounts:
            return _("{account} is mapped to it (Mapping, Accounts)").format(account=host_account)
        return _("{account} has no mapping of its own: it is the default for {direction} (Xero Connection)").format(
            account=host_account or _("The line"), direction=inside(direction)
        )

    def tax(self, direction: str, key: str, template: str, host_account: str = "", bare: bool = False) -> TaxType | Problem:
        """The tax type of a line, by the narrowest row there is: item tax template with the account's class, template, class, neither.

        A template at 0 % needs a row of its own: exempt, input taxed, zero-rated and out of scope are filed differently, and the row without
        template says which one only for lines without template. `bare`: the template says nothing of this line's treatment, so that row serves all the same.
        """
        classes = self.host_classes.get(host_account, ())
        alone = (template, "") if bare or charged_rates(key) else (template,)
        for wanted in dict.fromkeys(alone):
            rows = [(self.class_taxes.get((direction, key, wanted, each)), each) for each in classes]
            for found, account_class in [*rows, (self.taxes.get((direction, key, wanted)), "")]:
                if found and self._capital_undecided(found, account_class, direction, classes, is_fixed(key)):
                    return unmapped_tax(direction, key, wanted, CAPITAL)
                if found:
                    return self.rate_changed(found.code) or replace(found, why=_why(direction, key, wanted, account_class))
        return unmapped_tax(direction, key, template)

    def _capital_undecided(self, found: TaxType, account_class: str, direction: str, classes: tuple[str, ...], fixed: bool) -> bool:
        """Whether a line on a fixed asset would get a type that nobody chose for fixed assets, where the organisation has another one for
        capital goods at the same rate: the return shows them apart."""
        if CAPITAL not in classes or account_class == CAPITAL or found.capital or found.shows_zero:
            return False
        return any(each.shown == found.shown for each in for_capital(self.tax_types.values(), direction, fixed))

    def tells_capital_imports(self, direction: str, key: str) -> bool:
        """Whether tax on the import of capital goods has a type of its own: in the organisation, or as the admin chose."""
        return bool(for_capital(self.tax_types.values(), direction, True)) or (direction, key, "", CAPITAL) in self.class_taxes

    def rate_changed(self, code: str) -> Problem | None:
        """Why nothing is sent with a tax type whose rate in Xero is another one than when it was chosen, or has other parts; None where it is
        the same."""
        if not (change := self.now.changed.get(code)):
            return None
        tax = change.key or _("Lines Without Tax")
        if isinstance(change, OtherParts):
            here, there = (" + ".join(f"{plain(rate):f}" for rate in rates) for rates in (change.here, change.there))
            return Problem(
                "tax-parts-differ",
                _("""Xero's tax type {code} consists of {there} %, "{tax}" of {here} %; each authority would be told another tax""").format(
                    code=self.called.tax(code), there=there, here=here, tax=tax
                ),
                _(
                    """Correct the components of the tax rate in Xero, or choose another tax type for "{tax}" under Taxes in Mapping; then press Retry"""
                ).format(tax=tax),
            )
        return Problem(
            "tax-rate-changed",
            _("""The rate of Xero's tax type {code} is {now} % now; it was {was} % when "{tax}" was mapped to it""").format(
                code=self.called.tax(code), now=f"{plain(change.now):f}", was=f"{plain(change.was):f}", tax=tax
            ),
            _(
                """Ask your accountant which rate is right. Where Xero's was changed by mistake, set it back there and press Retry. Where the new rate is right, correct the tax in ERPNext for documents from then on, and choose a tax type of the rate of each tax under Taxes in Mapping: open the row of "{tax}", choose, and save; then press Retry"""
            ).format(tax=tax),
        )

    def no_tax(self) -> TaxType | Problem:
        """The tax type of lines that never carry tax: rounding, withheld tax."""
        if not self.no_tax_type:
            return Problem(
                "no-tax-type-missing",
                _("No tax type is chosen for lines without tax"),
                _("Choose the Tax Type for Lines Without Tax on the Xero Connection"),
                causes=(causes.setting("no_tax_type"),),
            )
        unlisted = TaxType(self.no_tax_type, ZERO, active=not self.tax_types)
        return replace(self.tax_types.get(self.no_tax_type, unlisted), why=_("It is the Tax Type for Lines Without Tax (Xero Connection)"))

    def tracked(self, cost_center: str | None) -> list[dict[str, str]]:
        """A line's Tracking, as a request has it; empty where the cost centre has none."""
        found = self.tracking.get(cost_center or "")
        return [{"Name": found[0], "Option": found[1]}] if found else []

    def untracked(self, cost_centers: Iterable[str | None]) -> list[Problem]:
        """For each cost centre of a document that has no tracking in a company that tracks: the problem that holds it, unless such documents
        go without."""
        if self.missing_tracking != HOLD:
            return []
        return [
            Problem(
                "tracking-unmapped",
                _("The cost centre {cost_center} has no tracking option in Xero yet").format(cost_center=center),
                _(
                    "Map {cost_center} under Tracking in Mapping; or choose Send Without under Cost Centres Without Tracking on the Xero Connection, and such lines go without; then press Retry"
                ).format(cost_center=center),
            )
            for center in self._without_tracking(cost_centers)
        ]

    def said_of_tracking(self, cost_centers: Iterable[str | None]) -> tuple[Text, ...]:
        """What the history says of a document that goes without tracking for these cost centres; empty where nothing is missing."""
        centers = self._without_tracking(cost_centers)
        if not centers or self.missing_tracking == HOLD:
            return ()
        return (
            _("Sent without tracking, since no tracking option is mapped for {cost_centers}").format(cost_centers=joined(", ", centers)),
        )

    def _without_tracking(self, cost_centers: Iterable[str | None]) -> list[str]:
        return [center for center in dict.fromkeys(cost_centers) if center and center not in self.tracking] if self.tracking else []

    def is_tax(self, host_account: str) -> bool:
        """Whether an ERPNext account is mapped as a tax in any direction. A tax that is mapped for sales only is no charge on a bill."""
        return any(names_account(row[1], host_account) for row in (*self.taxes, *self.class_taxes))

    def payment_account(self, host_account: str, currency: str = "") -> PaymentAccount | Problem:
        """The Xero account for an ERPNext bank or cash account, in the same currency: `currency` as the document has it, else the account's
        own. The default serves accounts of its own currency only: money in another currency would be another amount there."""
        own = currency or self.host_currencies.get(host_account, "")
        found, default = self.payment_accounts.get(host_account), self.default_payment_account
        if found:
            theirs = found.currency or self.base_currency
            return found if own in ("", theirs) else bank_problems.other_currency(host_account, own, theirs)
        own = own or self.base_currency
        if default and (default.currency or self.base_currency) == own:
            return default
        return bank_problems.unmapped(host_account, own, (default.account_id, default.currency or self.base_currency) if default else None)

    def by_default(self, host_account: str) -> bool:
        """Whether an ERPNext bank or cash account has no mapping of its own, so that the default stands for it."""
        return host_account not in self.payment_accounts


def _why(direction: str, key: str, template: str, account_class: str) -> Text:
    known = {"tax": key, "direction": inside(direction)}
    if template and account_class:
        return _(
            '"{tax}" is mapped to it for {direction} for item tax template "{item_tax_template}" and {account_class} accounts (Mapping, Taxes)'
        ).format(**known, item_tax_template=template, account_class=inside(account_class))
    if template:
        return _('"{tax}" is mapped to it for {direction} for item tax template "{item_tax_template}" (Mapping, Taxes)').format(
            **known, item_tax_template=template
        )
    if account_class:
        return _('"{tax}" is mapped to it for {direction} for {account_class} accounts (Mapping, Taxes)').format(
            **known, account_class=inside(account_class)
        )
    return _('"{tax}" is mapped to it for {direction} (Mapping, Taxes)').format(**known)


def unmapped_tax(direction: str, key: str, template: str, account_class: str = "") -> Problem:
    """The problem of a tax without mapping, or without one for this class of accounts: what to map, and that taxes which look alike on a
    document are reported differently in the tax return."""
    known: dict[str, Text | str] = {"tax": key, "direction": inside(direction)}
    narrowed = {**known, "item_tax_template": template}
    if account_class:
        return replace(_undecided_for_class(known, template, account_class), causes=(causes.tax(direction, key),))
    if template:
        message = _('The tax "{tax}" with the item tax template "{item_tax_template}" has no tax type in Xero yet ({direction})').format(
            **narrowed
        )
    else:
        message = _('The tax "{tax}" has no tax type in Xero yet ({direction})').format(**known)
    if is_fixed(key) and direction == "Sales":
        resolution = _(
            """Amend the document with this tax as a row with its rate (On Net Total), or enter it in Xero by hand: an amount without a rate does not say what was taxed at how much"""
        )
    elif is_fixed(key):
        resolution = _(
            """Map "{tax}" for {direction} under Taxes in Mapping to Xero's tax type for imports, and its account to Xero's GST or VAT account under Accounts in Mapping, where it is tax on imports; where the supplier charged it, enter it as a tax row with a rate and amend the document"""
        ).format(**known)
    elif deducts(key) and charged_rates(key):
        # Xero has no such tax type in New Zealand and Australia: there the reverse charge is adjusted in the return or entered by hand.
        resolution = _(
            """Map "{tax}" for {direction} under Taxes in Mapping to Xero's reverse charge or acquisition rate; where the organisation has none, enter the document in Xero by hand. Where a row is tax withheld from the supplier and no reverse charge, map its account under Accounts in Mapping instead"""
        ).format(**known)
    elif charged_rates(key):
        resolution = _('Map "{tax}" for {direction} under Taxes in Mapping').format(**known)
    else:
        kind = _("lines without any tax row") if key == NO_TAX else _("lines taxed at 0 %")
        if template:
            resolution = _(
                'Map "{tax}" for {direction} under Taxes in Mapping with the item tax template "{item_tax_template}": it stands for {kind}, and zero-rated, exempt and out of scope are filed differently'
            ).format(**narrowed, kind=kind)
        else:
            resolution = _(
                'Map "{tax}" for {direction} under Taxes in Mapping: it stands for {kind}, and zero-rated, exempt and out of scope are filed differently'
            ).format(**known, kind=kind)
    return Problem("tax-unmapped", message, resolution, causes=(causes.tax(direction, key),))


def _undecided_for_class(known: dict[str, Text | str], template: str, account_class: str) -> Problem:
    """The question which tax type a class of accounts has; asked until a row of that class answers it, for all documents."""
    named = {**known, "account_class": inside(account_class)}
    message = _(
        """The tax "{tax}" is mapped for {direction}, but not for {account_class} accounts, and this organisation has tax types of its own for capital goods"""
    ).format(**named)
    if template:
        resolution = _(
            """Add a row for "{tax}" ({direction}) with the item tax template "{item_tax_template}" and the account class {chosen} under Taxes in Mapping, with Xero's type for capital goods or another as your accountant says; it serves all documents"""
        ).format(**known, item_tax_template=template, chosen=term(account_class))
    else:
        resolution = _(
            """Add a row for "{tax}" ({direction}) with the account class {chosen} under Taxes in Mapping, with Xero's type for capital goods or another as your accountant says; it serves all documents"""
        ).format(**known, chosen=term(account_class))
    return Problem("tax-unmapped", message, resolution)
