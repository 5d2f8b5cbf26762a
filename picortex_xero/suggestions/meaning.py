"""What an account is for, read from its name, and for ERPNext's from its type and the groups that it is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .balances import BALANCES
from .concepts import Thesaurus
from .expenses import EXPENSES
from .values import HostAccount
from .words import Words, parts, plain, segments, title, words

THESAURUS = Thesaurus((*EXPENSES, *BALANCES))
# How a concept was found, each with the most points that it is worth.
SAME, KIND, PLAIN, PART, HEAD, GROUP, WITHIN, BY_GROUP, BY_CLASS = (
    "same", "kind", "plain", "part", "head", "group", "within", "by group", "by class",
)  # fmt: skip
WORTH = {SAME: 92, KIND: 87, PLAIN: 80, PART: 72, HEAD: 70, GROUP: 68, WITHIN: 62, BY_GROUP: 60, BY_CLASS: 45}
# Words that make another thing of what they stand beside.
TURNING = frozenset(
    "accumulated prepaid accrued payable receivable deferred provision unrealised realised direct nondeductible recoverable rechargeable"
    " reimbursed reimbursement recharge recharged recovered capital deposit claim advance gain loss profit disposal sale discount rounding"
    " clearing contra internal intercompany tax gst vat received paid impairment revaluation allowance unearned unpaid suspense return"
    " refund written depreciation amortisation income revenue inventory stock employer director prior personal private not without non"
    " nonclaimable disallowable disallowed exempt temporary asset control capitalised opening transfer subsidiary bond".split()
)
# Words that change nothing: whose, where, how often.
IDLE = frozenset(
    "office company business general staff various other our own monthly annual annually quarterly yearly group local total".split()
)
# Sales are sales whatever their tax.
NO_TURN = {"Income": frozenset(("gst", "vat", "exempt"))}
# What a name may begin with as a heading: "Payroll - Superannuation".
HEADING = frozenset(("payroll",))
# Alone among unknown words these tell nothing.
FAINT = frozenset(("fee", "tax", "office"))
# Kinds of these are often kept apart: whose loan it is matters.
APART = frozenset(("liability-loan", "liability-directors-loan", "income-other"))
# Whose it is may matter.
OTHERS = frozenset(("supplier", "customer", "director", "shareholder", "partner"))
# Groups say what an account is for, unless they are as wide as these.
WIDE = frozenset(
    ("general", "office", "direct", "selling", "receivable", "liability-payable", "inventory", "liability-sales-tax", "income-other")
)
# In these groups an account is the group's, whatever its own name: "Depreciation > Office Equipment".
RULING = frozenset(("depreciation", "motor", "prepaid", "liability-accruals", "liability-leave"))
# In these groups a name may mean something narrower than by itself: "Insurance > Building", "Cost of Sales > Wages".
NARROWING = frozenset(("insurance", "repairs", "cogs", "direct", "purchases", "interest", "legal", "bad-debts", "travel", "training", "entertainment", "advertising", "liability-loan", "research", "fx", "investment"))  # fmt: skip
ACCUMULATED, TAKEN_OFF = "accumulated", frozenset(("depreciation", "amortisation"))
# Which way money went goes without saying in these classes.
UNSAID = {"Income": "received", "Expense": "paid"}


@dataclass(frozen=True)
class Meaning:
    """The words of a name, and the concepts in it by how they were found. `capped`: something in its surroundings speaks for another;
    `ruled`: its group says what it is, whatever its name."""

    words: Words
    concepts: tuple[tuple[str, str], ...] = ()
    capped: bool = False
    group: str = ""
    ruled: bool = False

    @property
    def accumulated(self) -> bool:
        """Whether it is what was taken off the cost of an asset."""
        return ACCUMULATED in self.words or any(key.startswith(ACCUMULATED) for key, _how in self.concepts)

    @property
    def certain(self) -> bool:
        """Whether its whole name is a name of what it is for."""
        return bool(self.concepts) and all(how == SAME for _key, how in self.concepts)


def _exact(text: str, root_type: str) -> tuple[str, str] | None:
    key = root_type, words(text, root_type)
    found = THESAURUS.same.get(key)
    if found:
        return found, SAME
    found = THESAURUS.part.get(key)
    return (found, KIND if _is_kind(*key, found) else PART) if found else None


def _is_kind(root_type: str, said: Words, concept: str) -> bool:
    """Whether a part is named after the thing and nothing else: "fire insurance" is, "motor insurance" could be either."""
    names = [(name, key) for name, key in THESAURUS.inside(root_type, said) if THESAURUS.same.get((root_type, name)) == key]
    own = frozenset(word for name, key in names if key == concept for word in name)
    others = {key for _name, key in names} - {concept}
    # Whatever it is taken of, depreciation is depreciation.
    alone = not others or concept == "depreciation"
    return bool(own) and alone and concept not in APART and not (said - own) & (TURNING | OTHERS)


def read(text: str, root_type: str) -> Meaning:
    """What a plain text means as the name of an account of this class."""
    said = words(text, root_type)
    several = _joined(text, said, root_type)
    whole = _exact(text, root_type)
    # "Bank charges and interest" is two things, though "bank interest" is one.
    if whole and not (len(several) > 1 and all(how in (SAME, KIND, PART) for _key, how in several)):
        return Meaning(said, (whole,))
    for find in (_joined, _headed, _within):
        concepts = find(text, said, root_type)
        if concepts:
            return Meaning(said, concepts)
    return Meaning(said)


def _turning(root_type: str) -> Words:
    return TURNING - NO_TURN.get(root_type, frozenset())


def _joined(text: str, said: Words, root_type: str) -> tuple[tuple[str, str], ...]:
    """Several things in one name: all that are known, certain only where all are."""
    pieces = parts(text)
    if len(pieces) < 2 or len(segments(text)) > 1:
        return ()
    found = [None if words(each) <= FAINT else _exact(each, root_type) for each in pieces]
    if all(found):
        return tuple(dict(each for each in reversed(found) if each).items())[::-1]
    unknown = frozenset(word for piece, each in zip(pieces, found) if not each for word in words(piece, root_type))
    if unknown & _turning(root_type):
        return ()
    return tuple(dict((each[0], WITHIN) for each in found if each).items())


def _headed(text: str, said: Words, root_type: str) -> tuple[tuple[str, str], ...]:
    """A thing and what of it: "Rent - Sydney", "Insurance (fire)", "Head office: cleaning"."""
    pieces = segments(text)
    if len(pieces) < 2:
        return ()
    known = [(_exact(each, root_type), each) for each in pieces]
    named = [each for each, piece in known if each and not words(piece) <= HEADING]
    known = [(None if named and words(piece) <= HEADING else each, piece) for each, piece in known]
    telling = any(each and each[0] not in WIDE for each, _piece in known)
    found: dict[str, str] = {}
    for at, (each, piece) in enumerate(known):
        rest = frozenset(word for other in pieces if other is not piece for word in words(other, root_type))
        if each and not rest & _turning(root_type) and not (telling and each[0] in WIDE):
            found.setdefault(each[0], HEAD if at == 0 else WITHIN)
    return tuple(found.items())


def _within(text: str, said: Words, root_type: str) -> tuple[tuple[str, str], ...]:
    """The longest name of a thing among the words, where the rest does not turn it into another."""
    said -= {UNSAID.get(root_type, "")}
    names = [(name, key) for name, key in THESAURUS.inside(root_type, said) if not (said - name) & _turning(root_type)]
    names = [each for each in names if not (len(each[0]) == 1 and each[0] <= FAINT)]
    names = [each for each in names if each[1] not in WIDE] or names
    if not names:
        return ()
    longest = len(names[0][0])
    # In English the last word is the thing: "internet marketing" is marketing.
    order = [stem for word in text.split() for stem in sorted(words(word))]
    last = {word: at for at, word in enumerate(order)}
    names = sorted((each for each in names if len(each[0]) == longest), key=lambda each: -max(last.get(word, 0) for word in each[0]))
    found: dict[str, str] = {}
    for name, key in names:
        named = THESAURUS.same.get((root_type, name)) == key
        found.setdefault(key, PLAIN if said - name <= IDLE and named else WITHIN)
    several = len(found) > 1
    return tuple((key, WITHIN if several else how) for key, how in found.items())


def of_host(account: HostAccount, suffix: str = "") -> Meaning:
    """What an account of ERPNext is for."""
    text = plain(account.title or title(account.name, account.number, suffix))
    shown = [title(each, "", suffix).lstrip("0123456789.-/ ") for each in account.parents]
    groups = [plain(each) for each in shown]
    accumulated = account.account_type == "Accumulated Depreciation" or any(ACCUMULATED in words(each) for each in groups)
    if accumulated and account.root_type == "Asset" and ACCUMULATED not in words(text) and "provision" not in words(text):
        text = f"accumulated {text}" if words(text) & TAKEN_OFF else f"accumulated depreciation {text}"
    found = read(text, account.root_type)
    around = dict(_of_groups(shown, account.root_type))
    if account.account_type == "Depreciation":
        around.setdefault("depreciation", "")
    elif account.account_type == "Cost of Goods Sold" and not found.concepts:
        around.setdefault("cogs", "")
    return _in_its_groups(found, around, account.root_type)


def _of_groups(groups: Iterable[str], root_type: str) -> Iterable[tuple[str, str]]:
    for each in groups:
        known = _exact(plain(each), root_type)
        if known and known[1] == SAME and not words(plain(each)) <= HEADING:
            yield known[0], each


def _in_its_groups(found: Meaning, around: dict[str, str], root_type: str) -> Meaning:
    own = [key for key, _how in found.concepts]
    others = [key for key in around if key not in own]
    ruling = [key for key in others if key in RULING]
    if ruling and (ruling[0] == "depreciation" or not (own and own[0] in RULING)):
        key = ruling[0]
        return Meaning(found.words, ((key, GROUP), *((each, WITHIN) for each in own)), True, around[key], True)
    if not own:
        known = [key for key in others if key not in WIDE]
        if known:
            return Meaning(found.words, ((known[0], BY_GROUP),), True, around[known[0]])
        # What a firm sells has names of its own.
        sold = root_type == "Income" and not found.words & _turning(root_type)
        return Meaning(found.words, (("income-sales", BY_CLASS),), True) if sold else found
    if own == ["wages"] and {"cogs", "direct"} & set(others):
        return Meaning(found.words, (("direct-wages", PLAIN), ("wages", WITHIN)), True)
    known = [key for key in others if key not in WIDE]
    if known and all(how == WITHIN for _key, how in found.concepts):
        return Meaning(found.words, ((known[0], GROUP), *found.concepts), True, around[known[0]])
    return Meaning(found.words, found.concepts, any(key in NARROWING and not _kin(key, own) for key in others))


def _kin(group: str, own: list[str]) -> bool:
    """Whether accounts of this meaning belong in that group without being something else there."""
    return group in {"cogs", "direct", "purchases"} and bool({"cogs", "purchases", "direct-wages", "direct", "subcontract"} & set(own))
