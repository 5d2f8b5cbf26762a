"""What an account is for, read from its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from .balances import BALANCES
from .concepts import Thesaurus
from .expenses import EXPENSES
from .trades import USUAL
from .words import WORD, Words, parts, segments, words

THESAURUS = Thesaurus((*EXPENSES, *BALANCES), USUAL)
# How a concept was found, each with the most points that it is worth.
SAME, KIND, PLAIN, PART, HEAD, USUALLY, GROUP, WITHIN, BY_GROUP, HINT, BY_HINT, BY_CLASS = (
    "same", "kind", "plain", "part", "head", "usually", "group", "within", "by group", "hint", "by hint", "by class",
)  # fmt: skip
WORTH = {
    SAME: 92,
    KIND: 87,
    PLAIN: 80,
    PART: 72,
    HEAD: 70,
    USUALLY: 69,
    GROUP: 68,
    WITHIN: 62,
    BY_GROUP: 60,
    HINT: 54,
    BY_HINT: 48,
    BY_CLASS: 45,
}
# Found among other words: what its group says comes first.
WEAK = frozenset((WITHIN, HINT))
NOT_ITS_NAME = WEAK | {USUALLY}
# Words that make another thing of what they stand beside.
TURNING = frozenset(
    "accumulated prepaid accrued payable receivable deferred provision unrealised realised direct nondeductible recoverable rechargeable"
    " reimbursed reimbursement recharge recharged recovered capital deposit claim advance gain loss profit disposal sale discount rounding"
    " clearing contra internal intercompany tax gst vat received paid impairment revaluation allowance unearned unpaid suspense return"
    " refund written depreciation amortisation income revenue inventory stock employer director prior personal private not without non"
    " nonclaimable disallowable disallowed exempt temporary asset control capitalised opening transfer subsidiary bond reimbursable unapplied uncategorised uncategorized owner".split()
)
# What a thing may be of without becoming another: "Insurance (Stock)".
MILD = frozenset("stock inventory director employer asset capital".split())
ABROAD = frozenset("overseas international foreign abroad asia europe usa america china".split())
# Words that change nothing: whose, where, how often.
IDLE = frozenset(
    "office company business general staff various other our own monthly annual annually quarterly yearly group local total".split()
)
# Sales are sales whatever their tax.
NO_TURN = {
    "Income": frozenset("gst vat exempt private personal direct stock inventory temporary".split()),
    "Asset": frozenset(("director",)),
    "Expense": frozenset(("employer",)),
}
# Which office it is of, and nothing else: "Wages - Admin" are wages.
OFFICES = frozenset("administration office head branch".split())
# What a name may begin with as a heading: "Payroll - Superannuation".
HEADING = frozenset(("payroll",))
FEES = frozenset(("charge", "fee"))
# Alone among unknown words these tell nothing.
FAINT = frozenset(
    ("fee", "tax", "office", "staff", "employment", "site", "project", "pay", "driver", "service", "trustee", "board", "payable")
)
# Kinds of these are often kept apart: whose loan it is matters.
APART = frozenset(("liability-loan", "liability-directors-loan", "income-other"))
# Whose it is may matter.
OTHERS = frozenset(("supplier", "customer", "director", "shareholder", "partner"))
# Groups say what an account is for, unless they are as wide as these.
WIDE = frozenset(
    ("general", "office", "direct", "selling", "receivable", "liability-payable", "inventory", "liability-sales-tax", "income-other")
)
ACCUMULATED, TAKEN_OFF = "accumulated", frozenset(("depreciation", "amortisation"))
# Which way money went goes without saying in these classes.
UNSAID = {"Income": "received", "Expense": "paid"}


# By class: words that say what it is of whatever thing, those that say otherwise, and what it is.
_PERSONS = frozenset("director shareholder partner owner staff".split())
_AHEAD = tuple(
    frozenset(each.split())
    for each in (
        "advance",
        "ahead",
        "front",
        "upfront",
        "prepaid",
        "unearned",
        "deferred income",
        "deferred revenue",
        "voucher",
        "gift card",
    )
)
FORMS: tuple[tuple[str, tuple[Words, ...], Words, tuple[str, ...], str], ...] = (
    ("Liability", (frozenset(("withheld",)), frozenset(("withholding",))), frozenset(), ("liability-payg", "liability-staff-tax", "liability-paye"), HINT),
    ("Liability", _AHEAD, frozenset("supplier cash capital merchant tax bank loan".split()) | _PERSONS, ("liability-advance",), WITHIN),
    ("Liability", (frozenset(("deposit",)),), frozenset("supplier bank term tax bond direct".split()) | _PERSONS, ("liability-advance",), HINT),
    ("Liability", (frozenset(("accrued",)), frozenset(("uninvoiced",))), frozenset(), ("liability-accruals",), WITHIN),
    ("Liability", (frozenset(("payable",)), frozenset(("pay",))), frozenset("account trade".split()), ("liability-accruals",), BY_CLASS),
    ("Asset", (*_AHEAD, frozenset(("deposit", "supplier")), frozenset(("deposit", "order"))), frozenset("customer loan bank".split()) | _PERSONS, ("prepaid",), WITHIN),
)  # fmt: skip


# Keys of what a name may mean, each with how it was found.
Concepts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Meaning:
    """The words of a name, and the concepts in it by how they were found. `capped`: something in its surroundings speaks for another;
    `ruled`: its group says what it is, whatever its name."""

    words: Words
    concepts: Concepts = ()
    capped: bool = False
    group: str = ""
    ruled: bool = False

    @cached_property
    def accumulated(self) -> bool:
        """Whether it is what was taken off the cost of an asset."""
        return ACCUMULATED in self.words or any(key.startswith(ACCUMULATED) for key, _how in self.concepts)

    @cached_property
    def certain(self) -> bool:
        """Whether its whole name is a name of what it is for."""
        return bool(self.concepts) and all(how == SAME for _key, how in self.concepts)


def exactly(text: str, root_type: str) -> tuple[str, str] | None:
    """The one concept of which this is a name or a part, and how it is one."""
    key = root_type, words(text, root_type)
    found = THESAURUS.same.get(key)
    if found:
        return found, SAME
    found = THESAURUS.part.get(key)
    if found:
        return found, KIND if _is_kind(*key, found) else PART
    usual = THESAURUS.usual.get(key, ())
    return (usual[0], USUALLY) if len(usual) == 1 else None


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
    whole = exactly(text, root_type)
    # "Bank charges and interest" is two things, though "bank interest" is one.
    if whole and len(parts(text)) > 1 and any(words(each) <= FEES for each in parts(text)) and whole[0] == "interest":
        # "Bank interest & charges" are two things as well, though charges alone are any cost.
        return Meaning(said, (whole, ("bank-fees", WITHIN)), capped=True)
    if whole and not (len(several) > 1 and all(how in (SAME, KIND, PART) for _key, how in several)):
        return Meaning(said, (whole,))
    for find in (_joined, _headed, _within):
        concepts = find(text, said, root_type)
        if concepts and concepts[0][0] == "travel" and said & ABROAD:
            return Meaning(said, (("travel-abroad", WITHIN), *concepts[1:]))
        if concepts:
            return Meaning(said, concepts)
    return Meaning(said, _by_form(said, root_type))


def _by_form(said: Words, root_type: str) -> Concepts:
    """What a name of unknown things is by the words that turn it: "Camp Fees in Advance" is received in advance."""
    for of, any_of, none_of, concepts, how in FORMS:
        if of == root_type and any(each <= said for each in any_of) and not said & none_of:
            return tuple((key, how) for key in concepts)
    return ()


def turning(root_type: str) -> Words:
    """The words that make another thing of a name of this class."""
    return TURNING - NO_TURN.get(root_type, frozenset())


def _joined(text: str, said: Words, root_type: str) -> Concepts:
    """Several things in one name: all that are known, certain only where all are."""
    pieces = parts(text)
    if len(pieces) < 2 or len(segments(text)) > 1:
        return ()
    found = [() if words(each) <= FAINT else _piece(each, root_type) for each in pieces]
    known = [each for listed in found for each in listed]
    # What most of them are comes first, then what stands first.
    often = Counter(key for key, _how in known)
    known.sort(key=lambda each: -often[each[0]])
    if all(found):
        hows: dict[str, str] = {}
        for key, how in known:
            hows[key] = how if key not in hows or how in NOT_ITS_NAME else hows[key]
        return tuple(hows.items())
    unknown = frozenset(word for piece, each in zip(pieces, found) if not each for word in words(piece, root_type))
    how = HINT if unknown & turning(root_type) else WITHIN
    if how == HINT and not (root_type == "Expense" and found[0]):
        return ()
    return tuple(dict((key, how) for key, _how in known).items())


def _piece(piece: str, root_type: str) -> Concepts:
    """What a piece of a name is about."""
    known = exactly(piece, root_type)
    return (known,) if known else _within(piece, words(piece, root_type), root_type)


def _headed(text: str, said: Words, root_type: str) -> Concepts:
    """A thing and what of it: "Rent - Sydney", "Insurance (fire)", "Head office: cleaning"."""
    pieces = segments(text)
    if len(pieces) < 2:
        return ()
    known = [(exactly(each, root_type), each) for each in pieces]
    named = [each for each, piece in known if each and not words(piece) <= HEADING]
    known = [(None if named and words(piece) <= HEADING else each, piece) for each, piece in known]
    telling = any(each and each[0] not in WIDE for each, _piece in known)
    found: dict[str, str] = {}
    for at, (each, piece) in enumerate(known):
        rest = frozenset(word for other in pieces if other is not piece for word in words(other, root_type))
        turned = rest & turning(root_type)
        if each and not (turned - (MILD if at == 0 else Words())) and not (telling and each[0] in WIDE):
            of_office = root_type == "Expense" and each[1] == SAME and rest <= OFFICES
            found.setdefault(each[0], HINT if turned else WITHIN if at else KIND if of_office else HEAD)
    return tuple(found.items())


def _is_usual(root_type: str, name: Words) -> bool:
    return (root_type, name) in THESAURUS.usual


def _order(text: str, root_type: str) -> list[str]:
    """The telling words of what stands before any dash, as they stand."""
    first = next(iter(segments(text)), text)
    telling = words(first, root_type)
    return [stem for word in WORD.findall(first) for stem in sorted(words(word) & telling)]


def _within(text: str, said: Words, root_type: str) -> Concepts:
    """The longest name of a thing among the words, where the rest does not turn it into another."""
    said -= {UNSAID.get(root_type, "")}
    names = [(name, key) for name, key in THESAURUS.inside(root_type, said) if not (said - name) & turning(root_type)]
    names = [each for each in names if not (len(each[0]) == 1 and each[0] <= FAINT)]
    # In English the last word is the thing: "internet marketing" is marketing, "trade fair travel" is travel.
    order = _order(text, root_type)
    last = {word: at for at, word in enumerate(order)}
    thing = frozenset(order[-1:])
    names = [each for each in names if each[1] not in WIDE or thing <= each[0]] or names
    if not names:
        return ()
    longest = max(len(name) for name, _key in names)
    chosen = [each for each in names if len(each[0]) == longest]
    if not any(thing <= name for name, _key in chosen):
        chosen += [each for each in names if each[0] == thing]
    if any(name == thing and not _is_usual(root_type, name) for name, _key in chosen):
        # A trade's word before the thing only says whose it is: "dental software".
        chosen = [each for each in chosen if each[0] == thing or not _is_usual(root_type, each[0])]
    chosen = sorted(chosen, key=lambda each: -max(last.get(word, 0) for word in each[0]))
    found: dict[str, str] = {}
    for name, key in chosen:
        named = THESAURUS.same.get((root_type, name)) == key
        weak = HINT if _is_usual(root_type, name) else WITHIN
        found.setdefault(key, PLAIN if said - name <= IDLE and named else weak)
    several = len(found) > 1
    return tuple((key, WITHIN if several and how == PLAIN else how) for key, how in found.items())
