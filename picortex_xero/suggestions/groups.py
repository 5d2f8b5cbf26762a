"""What an account of ERPNext is for: its name, and what its type and the groups that it is in say of it."""

from __future__ import annotations

from collections.abc import Iterable

from .meaning import (
    ACCUMULATED,
    BY_CLASS,
    BY_GROUP,
    BY_HINT,
    GROUP,
    HEADING,
    HINT,
    PART,
    PLAIN,
    SAME,
    TAKEN_OFF,
    THESAURUS,
    WEAK,
    WIDE,
    WITHIN,
    Meaning,
    exactly,
    read,
    turning,
)  # fmt: skip
from .values import HostAccount
from .words import plain, title, words

# In these groups an account is the group's, whatever its own name: "Depreciation > Office Equipment".
RULING = frozenset(("depreciation", "motor", "prepaid", "liability-accruals", "liability-leave"))
# But what is paid to people is never a vehicle's: "Vehicles > Driver Wages".
NO_VEHICLE = frozenset("wages direct-wages super pension payroll-tax employer-ni directors travel travel-national travel-local travel-abroad entertainment subcontract training uniforms medical recruitment commission freight cleaning software".split()) - {"cleaning"}  # fmt: skip
# In these groups a name may mean something narrower than by itself: "Insurance > Building", "Cost of Sales > Wages".
NARROWING = frozenset(("insurance", "repairs", "cogs", "direct", "purchases", "interest", "legal", "bad-debts", "travel", "training", "entertainment", "advertising", "liability-loan", "research", "fx", "investment"))  # fmt: skip
# A group of what jobs and goods cost, whatever it is called, and what such a group is not.
DIRECT = frozenset(
    "direct outlay job production project programme program manufacturing charitable activity site clinical event tour crop livestock".split()
)
INDIRECT = frozenset(
    "indirect staff employment premise occupancy administration finance financing fundraising raising management overhead support".split()
)
DIRECT_TYPES = frozenset(("Cost of Goods Sold", "Direct Expense"))
# Of these types it is better to say why nothing is suggested.
NO_GUESS = frozenset(("Round Off", "Temporary", "Tax", "Stock"))
DIRECT_GROUPS = frozenset(("cogs", "direct", "purchases"))
# Overheads elsewhere, part of the job there: "Cost of Sales > Crane Hire". What is paid to people, carriers and banks keeps its account.
OF_THE_JOB = frozenset("lease rent subscriptions office stationery repairs consulting entertainment cleaning training general postage uniforms security legal computer software".split())  # fmt: skip
KEEPING = frozenset("wages directors super pension payroll-tax employer-ni benefits commission insurance motor travel donations".split())
BY_NAME_ONLY = frozenset((SAME, PLAIN))


def of_host(account: HostAccount, suffix: str = "") -> Meaning:
    """What an account of ERPNext is for."""
    text = plain(account.title or title(account.name, account.number, suffix))
    shown = [title(each, "", suffix).lstrip("0123456789.-/ ") for each in account.parents]
    groups = [plain(each) for each in shown]
    if account.root_type == "Asset" and "provision" not in words(text):
        text = _taken_off(account, text, groups)
    found = _accumulated(read(text, account.root_type), text, account.root_type)
    around = dict(_of_groups(shown, account.root_type))
    if account.account_type == "Depreciation":
        around.setdefault("depreciation", "")
    elif account.account_type in DIRECT_TYPES and all(how in WEAK or key in OF_THE_JOB for key, how in found.concepts):
        job = {"Direct Expense": "direct"}.get(account.account_type, "cogs")
        around = {job: "", **around} if not found.concepts else {**around, job: ""}
    known = _in_its_groups(found, around, account.root_type)
    if known.concepts or account.account_type in NO_GUESS:
        return known
    return _unknown(known, shown, account.root_type, bool({"income-other"} & set(around)) or account.account_type == "Indirect Income")


def _taken_off(account: HostAccount, text: str, groups: Iterable[str]) -> str:
    """A name that says in full that it is what was taken off an asset's cost, where type, groups or the name say so."""
    said = words(text)
    if ACCUMULATED in said:
        return text
    if said & TAKEN_OFF:
        return f"accumulated {text}"
    grouped = account.account_type == "Accumulated Depreciation" or any(ACCUMULATED in words(each) for each in groups)
    return f"accumulated depreciation {text}" if grouped else text


def _accumulated(found: Meaning, text: str, root_type: str) -> Meaning:
    """Of an asset that is called otherwise than in the thesaurus: what was taken off what that asset is."""
    if root_type != "Asset" or not found.accumulated or any(how in (SAME, PART) for key, how in found.concepts if key != ACCUMULATED):
        return found
    rest = " ".join(each for each in text.split() if not words(each) or not words(each) <= TAKEN_OFF | {ACCUMULATED})
    of = [f"{ACCUMULATED}-{key}" for key, _how in read(rest.strip(" -–—:,/&()"), root_type).concepts]
    known = tuple((key, WITHIN) for key in of if key in THESAURUS.concepts)
    return Meaning(found.words, known) if known else found


def _of_groups(groups: Iterable[str], root_type: str) -> Iterable[tuple[str, str]]:
    for each in groups:
        known = exactly(plain(each), root_type)
        if known and known[1] == SAME and not words(plain(each)) <= HEADING:
            yield known[0], each
        elif root_type == "Expense" and words(plain(each)) & DIRECT and not words(plain(each)) & INDIRECT:
            yield "cogs", each


def _in_its_groups(found: Meaning, around: dict[str, str], root_type: str) -> Meaning:
    own = [key for key, _how in found.concepts]
    others = [key for key in around if key not in own]
    no_vehicle = bool(set(own[:1]) & NO_VEHICLE or set(others[:1]) & DIRECT_GROUPS)
    others = [key for key in others if not (key == "motor" and no_vehicle)]
    ruling = [key for key in others if key in RULING]
    if ruling and (ruling[0] == "depreciation" or not (own and own[0] in RULING)):
        key = ruling[0]
        return Meaning(found.words, ((key, GROUP), *((each, WITHIN) for each in own)), True, around[key], True)
    if root_type == "Expense" and not set(own[:1]) & DIRECT_GROUPS and (job := _of_the_job(found, around)):
        both = ("direct", "cogs") if "direct" in around else ("cogs",)
        rest = [(key, HINT) for key in own if key not in both]
        return Meaning(found.words, (*((key, GROUP if own else BY_GROUP) for key in both), *rest), True, around[job])
    known = [key for key in others if key not in WIDE]
    if not own:
        return Meaning(found.words, ((known[0], BY_GROUP),), True, around[known[0]]) if known else found
    if own == ["wages"] and DIRECT_GROUPS & set(others):
        return Meaning(found.words, (("direct-wages", PLAIN), ("wages", WITHIN)), True)
    if known and not set(known) <= DIRECT_GROUPS and all(how in WEAK for _key, how in found.concepts):
        return Meaning(found.words, ((known[0], GROUP), *found.concepts), True, around[known[0]])
    return Meaning(
        found.words,
        found.concepts,
        found.capped or ("motor" in around and "motor" not in own) or any(key in NARROWING and not _kin(key, own) for key in others),
    )


def _of_the_job(found: Meaning, around: Iterable[str]) -> str:
    """The group of direct costs that says what the account is, its own name saying less; "" where it says more."""
    job = next((key for key in around if key in DIRECT_GROUPS), "")
    if not found.concepts:
        return job
    key, how = found.concepts[0]
    kept = key in KEEPING or (key == "freight" and how != HINT)
    return job if (key in OF_THE_JOB and how not in BY_NAME_ONLY) or (how in WEAK and not kept) else ""


def _unknown(found: Meaning, groups: list[str], root_type: str, beside: bool) -> Meaning:
    """Of what is not known: what its group is partly about, or what most of its class is; hardly more than a guess. `beside`: it is earned
    beside what is sold."""
    if found.words & turning(root_type):
        return found
    if root_type == "Income" and beside:
        return Meaning(found.words, (("income-other", BY_CLASS),), True)
    for each in groups if root_type != "Income" else ():
        about = [key for key, how in read(plain(each), root_type).concepts if key not in WIDE and how != BY_CLASS]
        if about:
            return Meaning(found.words, ((about[0], BY_HINT),), True, each)
    # What a firm sells has names of its own, and so has much of what it spends.
    usual = {"Income": "income-sales", "Expense": "general"}.get(root_type)
    return Meaning(found.words, ((usual, BY_CLASS),), True) if usual else found


def _kin(group: str, own: list[str]) -> bool:
    """Whether accounts of this meaning belong in that group without being something else there."""
    return group in DIRECT_GROUPS and bool({"cogs", "purchases", "direct-wages", "direct", "subcontract"} & set(own))
