"""What becomes of a manual journal, money spent or money received that somebody has entered in Xero: a draft Journal Entry here, or a person's choice. Decides on values;
the engine writes it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, half_up
from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _, amount, day, joined
from .entry import JOURNAL, LONGEST_REFERENCE, RECEIVED, IncomingEntry
from .way_back import WayBack

JOURNAL_ENTRY = "Journal Entry"
CODED_THERE, PARTY_BACK, ENTRY_BY_HAND, OTHER_TOTALS = (
    "coded-for-left-out",
    "party-wanted-back",
    "entry-by-hand",
    "totals-differ-back",
)
CONTACT_BACK = "contact-not-matched-back"
HERE_ALREADY = "perhaps-here-already"
TWICE = "perhaps-twice-in-xero"
# So many vouchers a sentence names.
MOST_NAMED = 5
RATE_DECIMALS = 9
# ERPNext's account types whose rows name a party, and the party that such a row is of where both would do.
PARTIES = {"Receivable": "Customer", "Payable": "Supplier"}
# Neither goes to Xero, nor is entered here, before a person has said so.
SAME_OR_ANOTHER = _(
    "Where it is the same, press It Is This One: both are linked, and nothing is sent. Where it is another one, press It Is Another One, and it is entered here"
)
ONE_TOO_MANY = _(
    "Where it is the same, void the one that was entered in Xero: this then closes by itself. Where it is another one, press It Is Another One, and it is entered here"
)
DEPRECIATION = "Depreciation"


@dataclass(frozen=True)
class HostAccount:
    """An account here: its type as ERPNext says it, and its currency."""

    account_type: str
    currency: str


@dataclass(frozen=True)
class Surroundings:
    """What is known here of an entry. `accounts`: those that mapping names; `bank`: the account here that stands for Xero's, or why there is none; `parties`: by type, who
    is matched with the entry's contact; `alike`: vouchers here (DocType, name) that are perhaps the same; `left_out`: documents that rules kept from Xero and that move money on that
    bank account, whose money is coded in Xero; `twice`: vouchers that went to Xero from here and are perhaps the same."""

    company: str
    base_currency: str
    way_back: WayBack
    accounts: Mapping[str, HostAccount] = field(default_factory=dict)
    bank: str | Problem = ""
    parties: Mapping[str, str] = field(default_factory=dict)
    alike: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    # A person has said that it is neither of these.
    certain: bool = False
    twice: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """Make this document, as a draft (a dict of its fields, amounts as Decimal)."""

    voucher: dict[str, Any]


@dataclass(frozen=True)
class Waits:
    """A person decides, or something is chosen first. `alike`: the documents here (DocType, name) of which one is perhaps the same."""

    problem: Problem
    alike: tuple[tuple[str, str], ...] = ()


@dataclass
class _Rows:
    """The rows of a journal as they come together, in the entry's currency; `problems` is what stands in the way."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def ask(self, answer: Any) -> Any:
        if isinstance(answer, Problem):
            self.problems.append(answer)
            return None
        return answer


def decide(entry: IncomingEntry, known: Surroundings) -> Draft | Waits:
    """One outcome for one entry."""
    made = _rows(entry, known)
    if isinstance(known.bank, Problem):
        made.problems.insert(0, known.bank)
    if problem := _cannot_be(entry, known):
        made.problems.append(problem)
    if not made.problems and not known.certain and (problem := _doubted(entry, known)):
        made.problems.append(problem)
    if made.problems:
        first = made.problems[0]
        return Waits(first, known.alike if first.code == HERE_ALREADY else ())
    return Draft(_voucher(entry, made.rows, known))


def _cannot_be(entry: IncomingEntry, known: Surroundings) -> Problem | None:
    total = sum((line.net + line.tax for line in entry.lines), ZERO)
    if len(entry.lines) == 0 or half_up(total + entry.moved) != ZERO:
        return Problem(
            OTHER_TOTALS,
            _("The lines of {what} in Xero come to {lines}, and its total is {total}").format(
                what=named(entry), lines=amount(f"{abs(total):.2f}"), total=amount(f"{abs(entry.moved):.2f}")
            ),
            _("Enter it here, dated {date}, and press Done by Hand").format(date=day(entry.date)),
            held=True,
        )
    if _currency(entry, known) != known.base_currency and entry.rate <= ZERO:
        return by_hand(entry, _("Xero shows no exchange rate of it"))
    foreign = sorted(name for name, each in known.accounts.items() if name != known.bank and each.currency != known.base_currency)
    if foreign:
        return by_hand(entry, _("{account} is kept in another currency here").format(account=foreign[0]))
    at_bank = known.accounts.get(known.bank) if isinstance(known.bank, str) else None
    if at_bank and at_bank.currency not in (known.base_currency, _currency(entry, known)):
        return by_hand(entry, _("its bank account is in {currency}").format(currency=at_bank.currency))
    return None


def _doubted(entry: IncomingEntry, known: Surroundings) -> Problem | None:
    if known.alike:
        return Problem(
            HERE_ALREADY,
            _("{what} in Xero is perhaps here already: {names}, on the same account with the same amount, not in Xero").format(
                what=named(entry), names=joined(", ", [name for _doctype, name in known.alike[:MOST_NAMED]])
            ),
            SAME_OR_ANOTHER,
            held=True,
        )
    if known.twice:
        return Problem(
            TWICE,
            _("{what} is perhaps in Xero twice: {names}, on the same account with the same amount, went there from here").format(
                what=named(entry), names=joined(", ", known.twice[:MOST_NAMED])
            ),
            ONE_TOO_MANY,
            held=True,
        )
    if known.left_out:
        return Problem(
            CODED_THERE,
            _("{what} is coded in Xero on a bank account on which documents move money that rules keep from Xero: {names}").format(
                what=named(entry), names=joined(", ", known.left_out[:MOST_NAMED])
            ),
            _("Where it is their money, press Done by Hand; where it is something else, press It Is Another One, and it is entered here"),
            held=True,
        )
    return None


def by_hand(entry: IncomingEntry, why: Text) -> Problem:
    """It cannot be entered by itself."""
    return Problem(
        ENTRY_BY_HAND,
        _("{what} in Xero cannot be entered here by itself: {why}").format(what=named(entry), why=why),
        _("Enter it here, dated {date}, and press Done by Hand").format(date=day(entry.date)),
        held=True,
    )


def named(entry: IncomingEntry) -> Text:
    """What it is called in texts."""
    kind = {JOURNAL: _("Manual journal"), RECEIVED: _("Money received")}.get(entry.kind, _("Money spent"))
    return joined(" ", [kind, f"{entry.text[:60]}"]) if entry.text else kind


def _rows(entry: IncomingEntry, known: Surroundings) -> _Rows:
    """Debit positive, in the entry's currency: the bank first, then each line, then the tax by account."""
    made = _Rows()
    taxes: dict[str, Decimal] = {}
    if entry.bank:
        made.rows.append({"account": known.bank, "amount": entry.moved, "cost_center": known.way_back.centre})
    for line in entry.lines:
        account = made.ask(known.way_back.account(line.code, line.account_id))
        centre = made.ask(known.way_back.cost_center(line.tags))
        row = {"account": account, "amount": line.net, "cost_center": centre, "user_remark": line.text[:LONGEST_REFERENCE]}
        if account and (party_type := PARTIES.get(known.accounts[account].account_type if account in known.accounts else "")):
            made.problems += [] if known.parties.get(party_type) else [_no_party(entry, account, party_type)]
            row |= {"party_type": party_type, "party": known.parties.get(party_type, "")}
        made.rows += [row] if line.net else []
        if line.tax:
            for tax_account, share in made.ask(known.way_back.tax_accounts(line.tax_type, line.tax)) or ():
                taxes[tax_account] = taxes.get(tax_account, ZERO) + share
    made.rows += [{"account": account, "amount": each, "cost_center": known.way_back.centre} for account, each in taxes.items() if each]
    return made


def _no_party(entry: IncomingEntry, account: str, party_type: str) -> Problem:
    if entry.contact:
        return Problem(
            CONTACT_BACK,
            _("{account} wants a {party_type}, and the contact {contact} of {what} in Xero is matched with none").format(
                account=account, party_type=_party_word(party_type), contact=entry.contact_name or _("(none)"), what=named(entry)
            ),
            _("Match the contact under Match contacts; it is then entered by itself"),
            held=True,
        )
    return Problem(
        PARTY_BACK,
        _("{account} wants a {party_type}, which {what} in Xero does not name").format(
            account=account, party_type=_party_word(party_type), what=named(entry)
        ),
        _("Enter it here, dated {date}, and press Done by Hand").format(date=day(entry.date)),
        held=True,
    )


def _party_word(party_type: str) -> Text:
    return _("customer") if party_type == "Customer" else _("supplier")


def _currency(entry: IncomingEntry, known: Surroundings) -> str:
    return entry.currency or known.base_currency


def _voucher(entry: IncomingEntry, rows: list[dict[str, Any]], known: Surroundings) -> dict[str, Any]:
    """The Journal Entry as ERPNext takes it. What rounding leaves over in company currency goes to the largest row that is in it."""
    foreign = _currency(entry, known) != known.base_currency
    own_currency = (
        known.accounts[known.bank].currency if entry.bank and isinstance(known.bank, str) and known.bank in known.accounts else ""
    )
    rate = half_up(Decimal(1) / entry.rate, RATE_DECIMALS) if foreign else Decimal(1)
    made: list[dict[str, Any]] = []
    for row in rows:
        worth = half_up(row["amount"] * rate)
        as_it_is = foreign and bool(entry.bank) and row is rows[0] and own_currency == _currency(entry, known)
        own = {"in_currency": row["amount"], "rate": rate} if as_it_is else {"in_currency": worth, "rate": Decimal(1)}
        made.append({**row, "amount": worth, **own})
    left = sum((row["amount"] for row in made), ZERO)
    if left:
        plain = [row for row in made if row["rate"] == 1] or made
        largest = max(plain, key=lambda row: abs(row["amount"]))
        largest["amount"] -= left
        largest["in_currency"] -= left
    return {
        "doctype": JOURNAL_ENTRY,
        "company": known.company,
        "voucher_type": voucher_type((row["account"] for row in made), known.accounts, bool(entry.bank)),
        "posting_date": entry.date,
        "cheque_no": (entry.text or str(_("Entered in Xero")))[:LONGEST_REFERENCE],
        "cheque_date": entry.date,
        # A rate of exactly one is no company currency (NAD and ZAR, BND and SGD).
        "multi_currency": int(foreign and own_currency == _currency(entry, known)),
        "user_remark": _remark(entry),
        "accounts": [_account_row(row, known) for row in made],
    }


def voucher_type(accounts: Iterable[str], known: Mapping[str, HostAccount], of_bank: bool = False) -> str:
    """What ERPNext calls a journal on these accounts: it takes one on an account for depreciation as a Depreciation Entry only."""
    if any(each in known and known[each].account_type == DEPRECIATION for each in accounts):
        return "Depreciation Entry"
    return "Bank Entry" if of_bank else JOURNAL_ENTRY


def _remark(entry: IncomingEntry) -> str:
    return str(joined(" · ", [each for each in (_("Entered in Xero"), entry.text, entry.contact_name) if each and each is not NONE]))


def _account_row(row: dict[str, Any], known: Surroundings) -> dict[str, Any]:
    side, other = ("debit", "credit") if row["amount"] > ZERO else ("credit", "debit")
    currency = known.accounts[row["account"]].currency if row["account"] in known.accounts else known.base_currency
    made = {
        "account": row["account"],
        "account_currency": currency,
        "exchange_rate": row["rate"],
        f"{side}_in_account_currency": abs(row["in_currency"]),
        side: abs(row["amount"]),
        f"{other}_in_account_currency": ZERO,
        other: ZERO,
    }
    return made | {name: row[name] for name in ("cost_center", "party_type", "party", "user_remark") if row.get(name)}
