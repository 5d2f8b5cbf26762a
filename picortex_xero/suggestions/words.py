"""What a name says, whoever wrote it: words without case, accents, plurals, abbreviations and filling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 140
Words = frozenset[str]

# Written with signs between the letters; looked for before the text is taken apart.
SIGNED = {
    r"\br\s*(?:&|and|/)\s*m\b": "repairs maintenance",
    r"\bm/v\b": "motor vehicle",
    r"\ba/c\b": "account",
    r"\ba/r\b": "accounts receivable",
    r"\ba/p\b": "accounts payable",
    r"\bw/off\b": "write off",
    r"\bf\s*(?:&|and)\s*f\b": "furniture fittings",
    r"\bp\s*(?:&|and)\s*e\b": "plant equipment",
    r"\bp\s*(?:&|and)\s*m\b": "plant machinery",
    r"\bff?\s*(?:&|and)\s*e\b": "furniture equipment",
    r"\bh\s*(?:&|and)\s*s\b": "health safety",
    r"\bd\s*(?:&|and)\s*o\b": "directors officers insurance",
    r"\be\s*(?:&|and)\s*o\b": "errors omissions insurance",
    r"\bat&t\b": "att",
    r"\ba/d\b": "accumulated depreciation",
    r"\bpg&e\b": "pge",
    r"\bt\s*(?:&|and)\s*e\b": "travel & entertainment",
    r"\bp\s*(?:&|and)\s*p\b": "postage & packing",
    r"\br\s*(?:&|and)\s*d\b": "research development",
    r"\b(?:acc(?:um|umd|d)?|a)[. /]*(?:depn?|deprn?|depreciation)\b\.?": "accumulated depreciation",
    r"\b(?:acc(?:um|umd|d)?|a)[. /]*(?:amort|amortn)\b\.?": "accumulated amortisation",
    r"\b(freight|carriage|shipping)[- ]in\b": r"\1 inward",
    r"\be-?mail\b": "email",
    r"\bon-?line\b": "online",
    # What a tax office charges for what was not done; "charge" alone is filling.
    r"\b(guarantee|general interest|shortfall interest) charges?\b": r"\1 penalty",
    # What a cost is of makes a meaning; "cost" alone is filling.
    r"\bcosts? of (?=\w)": "outlay ",
    r"\bnon[- ]": "non",
    r"\bpre-?paid\b": "prepaid",
    r"\bun-?(?=(?:paid|billed|invoiced|earned)\b)": "un",
    r"\bwrite[- ]offs?\b": "write off",
    r"\bwritten[- ]off\b": "write off",
    r"\bround(?:ing)?[- ]off\b": "round off",
    r"\b401\s*\(?k\)?": "401k",
}
_SIGNED = [(re.compile(pattern), text) for pattern, text in SIGNED.items()]
# Most names have none of them.
_ANY_SIGNED = re.compile("|".join(f"(?:{pattern})" for pattern in SIGNED))
SHORT = {
    "exp": "expense", "exps": "expense", "expn": "expense", "depn": "depreciation", "deprn": "depreciation", "depr": "depreciation",
    "equip": "equipment", "eqpt": "equipment", "maint": "maintenance", "mtce": "maintenance", "veh": "vehicle", "mv": "motor vehicle",
    "tel": "telephone", "phone": "telephone", "insur": "insurance", "ins": "insurance", "subs": "subscription", "advert": "advertising",
    "advertisement": "advertising", "advertisng": "advertising", "acctg": "accounting", "accountancy": "accounting",
    "accountant": "accounting", "prof": "professional", "intl": "international", "super": "superannuation", "comms": "communication",
    "telecom": "telecommunication", "misc": "miscellaneous", "sundry": "miscellaneous", "sundries": "miscellaneous", "gen": "general",
    "admin": "administration", "administrative": "administration", "prov": "provision", "amort": "amortisation",
    "cogs": "outlay good sold", "cos": "outlay sale", "hp": "hire purchase", "ni": "national insurance", "nic": "national insurance",
    "stationary": "stationery", "furnitures": "furniture", "furn": "furniture", "softwares": "software", "biz": "business",
    "mgmt": "management", "labor": "labour", "license": "licence", "automobile": "vehicle", "auto": "vehicle",
    "automotive": "vehicle", "car": "vehicle", "van": "vehicle", "truck": "vehicle", "fx": "foreign exchange", "forex": "foreign exchange",
    "elec": "electricity", "recd": "received", "reqd": "required", "pmts": "payment", "govt": "government", "dev": "development",
    "whse": "warehouse", "personnel": "staff", "employee": "staff",
    "color": "colour", "center": "centre", "amortization": "amortisation", "realized": "realised", "unrealized": "unrealised",
    "postal": "postage", "print": "printing", "paygw": "payg withholding", "ltd": "limited",
    "owing": "payable", "outstanding": "payable", "due": "payable", "prepayment": "prepaid", "accrual": "accrued", "accrue": "accrued",
    "provn": "provision", "comp": "compensation", "diff": "difference", "accum": "accumulated", "chq": "cheque", "cheq": "cheque",
    "mktg": "marketing", "mfg": "manufacturing", "svc": "service", "svcs": "service", "lic": "licence", "matl": "material", "subcon": "subcontractor",
    "subbie": "subcontractor", "ute": "vehicle", "lorry": "vehicle", "pickup": "vehicle", "wht": "withholding tax", "reimb": "reimbursement", "ed": "education", "prep": "preparation", "refurb": "refurbishment",
    "acct": "account", "util": "utility", "subcontracting": "subcontractor", "subcontracted": "subcontractor", "photo": "photography", "dla": "director loan account", "nat": "national", "kit": "equipment", "bldg": "building", "improv": "improvement",
}  # fmt: skip
# "ies" of these is no plural of "y", "s" no plural at all.
SINGULAR = {
    "dues": "dues",
    "premises": "premises",
    "gas": "gas",
    "goods": "good",
    "business": "business",
    "bas": "bas",
    "series": "series",
    "movies": "movie",
    "subbies": "subcontractor",
}
FILLING = frozenset("and or of on in for the to a an at by from with per de x xxx account less".split())
# What accounts of a class are called besides their name.
EMPTY = {
    "Expense": frozenset("expense cost fee charge expenditure".split()),
    "Income": frozenset("income revenue".split()),
    "Asset": frozenset(("cost",)),
}
_BREAK = re.compile(r"\s+[-–—|]+\s+|[:;()\[\]]+|\s*[–—|]\s*")
_JOIN = re.compile(r"\s*(?:[,&/+]|\band\b)\s*")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Lower case, without accents and apostrophes, abbreviations with signs written out."""
    folded = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    bare = "".join(each for each in folded if not unicodedata.combining(each)).replace("'", "").replace("’", "")
    bare = _INITIALS.sub(lambda found: found[0].replace(".", ""), bare)
    if _ANY_SIGNED.search(bare):
        for pattern, written in _SIGNED:
            bare = pattern.sub(written, bare)
    return bare


@lru_cache(maxsize=4096)
def _stem(word: str) -> tuple[str, ...]:
    """A word's singular and full form; several where it was short for several."""
    single = SINGULAR.get(word) or SHORT.get(word)
    if single is None:
        if len(word) > 4 and word.endswith("ies"):
            word = f"{word[:-3]}y"
        elif len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
            word = word[:-2]
        elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
        single = SHORT.get(word, word)
    return tuple(single.split())


@lru_cache(maxsize=16384)
def words(text: str, root_type: str = "") -> Words:
    """The words of a plain text that say something in an account of this class; all, where none does."""
    found = [stem for word in WORD.findall(text) for stem in _stem(word)]
    telling = frozenset(found) - FILLING
    return (telling - EMPTY.get(root_type, frozenset())) or telling or frozenset(found)


@lru_cache(maxsize=4096)
def segments(text: str) -> tuple[str, ...]:
    """A plain text at its dashes, colons and parentheses: "rent - sydney" is "rent" and "sydney"."""
    return tuple(each.strip() for each in _BREAK.split(text) if each.strip())


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[str, ...]:
    """A plain text at what joins several things in one name: "legal & professional fees"."""
    return tuple(each.strip() for each in _JOIN.split(text) if each.strip())


def title(name: str, number: str, suffix: str) -> str:
    """An ERPNext key without its number and the company's abbreviation: "5204 - Rent - KS" is "Rent"."""
    text = name.strip()
    if suffix and text.endswith(suffix) and len(text) > len(suffix):
        text = text[: -len(suffix)]
    if number and re.match(rf"{re.escape(number)}\s*[-–:. ]\s*\S", text):
        text = text[len(number) :].lstrip(" -–:.")
    return text.strip() or name


def common_suffix(names: list[str]) -> str:
    """The company's abbreviation as it ends every key (" - KS"), "" where they do not agree."""
    ends = {found[0] if (found := re.search(r"\s-\s\S{1,10}$", name)) else "" for name in names}
    return ends.pop() if len(ends) == 1 and len(names) > 1 else ""
