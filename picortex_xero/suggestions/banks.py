"""Which bank account of Xero stands for a bank, cash or credit card account of ERPNext.

An account number that both have is proof. Otherwise the currency has to agree, and a name, or that there is no other choice on either side.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..accounting.texts import Text, _, joined
from .values import ACTIVE, BANK, BELOW_HIGH, BELOW_MEDIUM, Answer, HostAccount, Nothing, Suggestion, XeroAccount, in_order
from .words import Words, common_suffix, plain, title, words

# What somebody does where Xero has none: the app makes no bank accounts, which belong to a bank's feed.
CURE = _(
    "Add it in Xero under Bank Accounts, without a bank feed where it has none, then press Refresh From Xero on the Xero Connection; or choose the bank account that the money really goes through"
)
KINDS = {"cash": _("cash"), "card": _("card"), "paypal": _("PayPal"), "clearing": _("clearing"), "bank": _("bank")}
NUMBER, NAME, LAST, ONLY, ALIKE, CASH = 98, 92, 76, 72, 66, 45
# Fewer figures than this are no account number.
SHORTEST = 6
# As banks shorten a number on a statement.
LAST_FIGURES = 4
FILLING = frozenset("bank business company account".split())
CARD_WORDS = frozenset("cc visa mastercard amex barclaycard creditcard".split())
CASH_WORDS = frozenset("cash petty till float drawer".split())
CLEARING_WORDS = frozenset("clearing stripe square afterpay zettle sumup worldpay klarna undeposited".split())
# What banks call an account for daily payments, one that is put by, and themselves.
FAMILIES = {
    **dict.fromkeys("cheque checking current operating operation everyday transaction trading main primary general working".split(), "everyday"),
    **dict.fromkeys("saving saver reserve deposit market isa maximiser growth rainy interest".split(), "savings"),
    **dict.fromkeys("wage salary".split(), "payroll"),
    **dict.fromkeys("commbank commonwealth".split(), "cba"),
    **dict.fromkeys("bofa boa".split(), "america"),
    **dict.fromkeys("jpmorgan jpm".split(), "chase"),
    "wbc": "westpac",
}  # fmt: skip
# A "cash management account" is kept at a bank.
AT_A_BANK = frozenset("management manager debit".split()) | frozenset(each for each, family in FAMILIES.items() if family == "savings")
KEPT_FOR = frozenset(("everyday", "savings"))
EVERYDAY = frozenset(("everyday",))


def suggest(
    accounts: Iterable[HostAccount], xero: Iterable[XeroAccount], base_currency: str, mapped: Collection[str] = ()
) -> dict[str, Answer]:
    """What each of these accounts that is not mapped yet may be mapped to (by AccountID, or code), by its name; or why nothing is suggested."""
    hosts = in_order(accounts)
    waiting = [each for each in {host.name: host for host in reversed(hosts)}.values() if each.name not in mapped]
    banks = [each for each in in_order(xero) if each.type == BANK and each.status == ACTIVE and (each.account_id or each.code)]
    suffix = common_suffix([each.name for each in hosts])
    found = {each.name: _answer(each, waiting, banks, base_currency, suffix) for each in waiting}
    return _each_once(found)


def _answer(host: HostAccount, hosts: list[HostAccount], banks: list[XeroAccount], base: str, suffix: str) -> Answer:
    currency = host.currency or base
    fit = [each for each in banks if (each.currency or base) == currency]
    same = [each for each in fit if _same_number(host.bank_number, each.bank_number)]
    if len(same) == 1:
        return Suggestion(_id(same[0]), NUMBER, _("Same account number and currency: {name}").format(name=same[0].name))
    if not fit:
        return Nothing(_("Xero has no bank account in {currency}. {cure}").format(currency=currency, cure=CURE))
    said = _words(host.title or title(host.name, host.number, suffix))
    ours = [each for each in hosts if (each.currency or base) == currency]
    kind = [
        each for each in fit if _kind(said, host.account_type) == _kind(_words(each.name), each.bank_type) and not _contradict(host, each)
    ]
    if not kind:
        return Nothing(
            _("Xero has no {kind} account in {currency}. {cure}").format(
                kind=KINDS[_kind(said, host.account_type)], currency=currency, cure=CURE
            )
        )
    named = [each for each in kind if said and _telling(said) == _telling(_words(each.name))]
    if len(named) == 1:
        twins = [each for each in ours if _telling(_words(each.title or title(each.name, each.number, suffix))) == _telling(said)]
        points = NAME if len(twins) == 1 and _telling(said) - {currency.casefold()} else BELOW_HIGH - 1
        return Suggestion(_id(named[0]), points, _("Same name and currency: {name}").format(name=named[0].name))
    ends = [each for each in kind if _last(host.title or host.name, host.bank_number) & _last(each.name, each.bank_number)]
    if len(ends) == 1:
        return Suggestion(_id(ends[0]), LAST, _("Same last figures of the account number: {name}").format(name=ends[0].name))
    return _less_sure(host, said, kind, [each for each in ours if _kind(_words(each.title or title(each.name, each.number, suffix)), each.account_type) == _kind(said, host.account_type)], currency)  # fmt: skip


def _less_sure(host: HostAccount, said: Words, fit: list[XeroAccount], ours: list[HostAccount], currency: str) -> Answer:
    if len(fit) == 1 and len(ours) == 1:
        return Suggestion(_id(fit[0]), ONLY, _only(fit[0], currency))
    scored = sorted(((_alike(said, _words(each.name)), _id(each), each) for each in fit), key=lambda each: (-each[0], each[1]))
    (best, target, account), others = scored[0], scored[1:]
    if best >= 50 and not (others and others[0][0] == best):
        return Suggestion(target, ALIKE, _("Similar name, same currency: {name}").format(name=account.name))
    if best > 0 and not (others and others[0][0] == best):
        return Suggestion(target, BELOW_MEDIUM, _("Similar name, same currency: {name}").format(name=account.name))
    if len(fit) == 1:
        return Suggestion(target, CASH, joined("; ", (_only(account, currency), _("other accounts here could be meant as well"))))
    return Nothing(_("Xero has several bank accounts in {currency}, and none has this name or number").format(currency=currency))


def _only(account: XeroAccount, currency: str) -> Text:
    return _("{name} is the only account of its kind in {currency}").format(name=account.name, currency=currency)


def _each_once(found: dict[str, Answer]) -> dict[str, Answer]:
    """Two accounts here are hardly ever one bank account: where both could be, neither is certain, unless one is proved."""
    by: dict[str, list[str]] = {}
    for name, answer in found.items():
        if isinstance(answer, Suggestion):
            by.setdefault(answer.target, []).append(name)
    for names in by.values():
        points = {name: answer.points for name in names if isinstance(answer := found[name], Suggestion)}
        best = max(points.values())
        alone = list(points.values()).count(best) == 1
        for name, held in points.items():
            answer = found[name]
            if len(points) > 1 and isinstance(answer, Suggestion) and not (held == best and alone):
                more = _("other accounts here could be meant as well")
                reason = answer.reason if str(more) in answer.reason else joined("; ", (answer.reason, more))
                found[name] = Suggestion(answer.target, min(held, BELOW_MEDIUM), reason)
    return found


def _id(account: XeroAccount) -> str:
    return account.account_id or account.code


def _figures(number: str) -> str:
    return re.sub(r"[^0-9a-z]", "", number.casefold())


def _last(name: str, number: str) -> frozenset[str]:
    """The last four figures by which an account is called: "Chase x0934", "NAB ...4417", and those of its number."""
    told = [each for each in re.findall(r"\d+", name) if len(each) >= LAST_FIGURES]
    return frozenset(each[-LAST_FIGURES:] for each in (*told, _figures(number)) if len(each) >= LAST_FIGURES and each.isdigit())


def _same_number(ours: str, theirs: str) -> bool:
    """Whether both are one account: alike, or an IBAN that ends in the other's national number."""
    one, other = sorted((_figures(ours), _figures(theirs)), key=len)
    return len(one) >= SHORTEST and (one == other or (len(one) >= SHORTEST + 2 and other[:2].isalpha() and other.endswith(one)))


def _contradict(host: HostAccount, bank: XeroAccount) -> bool:
    """Whether both have a number, and not the same."""
    return (
        len(_figures(host.bank_number)) >= SHORTEST
        and len(_figures(bank.bank_number)) >= SHORTEST
        and not _same_number(host.bank_number, bank.bank_number)
    )


def _words(text: str) -> Words:
    return words(plain(text))


def _telling(said: Words) -> Words:
    return (said - FILLING) or said


def _family(said: Words) -> Words:
    """The telling words, those of one family as one."""
    return frozenset(FAMILIES.get(each, each) for each in _telling(said))


def _alike(ours: Words, theirs: Words) -> int:
    """How much two names have in common; where neither says what it is kept for, it is for every day."""
    one, other = _family(ours), _family(theirs)
    share = _share(one, other)
    kept = [each & KEPT_FOR or EVERYDAY for each in (one, other)]
    return share if not share or kept[0] != kept[1] else share + 1


def _kind(said: Words, told: str) -> str:
    """Cash, card, PayPal, clearing or bank."""
    if told == "PAYPAL" or "paypal" in said:
        return "paypal"
    if told == "CREDITCARD" or ({"card"} & said and not {"clearing", "debit"} & said) or CARD_WORDS & said:
        return "card"
    if told == "Cash" or (CASH_WORDS & said and not AT_A_BANK & said and not ({"cash", "account"} < said and not {"petty", "hand"} & said)):
        return "cash"
    return "clearing" if CLEARING_WORDS & said else "bank"


def _share(ours: Words, theirs: Words) -> int:
    return 100 * len(ours & theirs) // max(len(ours | theirs), 1)
