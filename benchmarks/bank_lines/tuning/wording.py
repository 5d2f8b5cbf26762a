"""How people write references and how banks write names: whole, shortened, with a slip, cut off, not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from random import Random

from benchmarks.bank_lines.tuning.books import Movement, Paper

# How a movement quotes its papers. `shared`: one reference that all of them carry (a payout, a batch, a cheque).
QUOTES = ("whole", "digits", "bare", "lost", "customer", "order", "typo", "transposed", "cut", "range", "shared", "nothing")


def plain(text: str) -> str:
    """Without accents, as most banks' characters are."""
    text = text.replace("ß", "ss").replace("ø", "o")
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def number_of(paper: Paper) -> str:
    """The number that the other side knows the paper by."""
    return (
        paper.reference
        if paper.doctype == "Purchase Invoice" and paper.reference
        else paper.name
        if paper.account is None
        else paper.reference
    )


def last_digits(number: str) -> str:
    return (re.findall(r"\d+", number) or [""])[-1]


def quoted(rng: Random, movement: Movement) -> str:
    """The reference as the payer wrote it; for several papers a list or a range."""
    papers, quote = movement.papers, movement.quote
    if quote == "nothing" or not papers:
        return ""
    if quote == "customer":
        return papers[0].partner.code if papers[0].partner and papers[0].partner.code != papers[0].partner.title else ""
    if quote == "order":
        return papers[0].reference or ""
    if quote == "shared":
        return papers[0].reference
    numbers = [number_of(paper) for paper in papers]
    if len(numbers) == 1:
        return _one(rng, numbers[0], quote)
    if quote == "range":
        if consecutive(papers):
            return _range(rng, papers)
        quote = "bare"
    short = quote in ("digits", "bare")
    written = [last_digits(each).lstrip("0") or each if short else _one(rng, each, quote) for each in numbers]
    word = rng.choice(("INV ", "Inv ", "Invoices ", "")) if short else ""
    return word + rng.choice((", ", "/", " ", " + ", " & ")).join(written)


def _one(rng: Random, number: str, quote: str) -> str:
    digits = last_digits(number)
    bare = digits.lstrip("0")
    if quote == "digits":
        return rng.choice(("{}", "{}", "INV {}", "Invoice {}", "inv#{}", "Rechnung {}" if number.startswith("R-") else "No {}")).format(
            digits
        )
    if quote == "bare":
        return rng.choice(("{}", "INV{}", "Inv {}", "Invoice {}", "#{}")).format(bare or number)
    if quote == "lost":
        return rng.choice((re.sub(r"[-/. ]", "", number), re.sub(r"[-/.]", " ", number)))
    if quote == "typo" and len(digits) > 1:
        at = len(number) - rng.randrange(1, min(4, len(bare or digits)) + 1)
        if not number[at].isdigit():
            return number
        wrong = str((int(number[at]) + rng.randrange(1, 10)) % 10)
        return number[:at] + rng.choice((wrong, wrong, wrong + number[at], "")) + number[at + 1 :]
    if quote == "transposed":
        pairs = [
            at for at in range(len(number) - 1) if number[at : at + 2].isdigit() and number[at] != number[at + 1] and at >= len(number) - 4
        ]
        if pairs:
            at = rng.choice(pairs)
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if quote == "cut":
        return number[: max(3, len(number) - rng.randrange(1, 4))]
    return rng.choice((number, number, number.lower(), f"Inv {number}", f"{number} thanks", f"Payment {number}"))


def _range(rng: Random, papers: Sequence[Paper]) -> str:
    ends = sorted(int(last_digits(number_of(paper)) or 0) for paper in papers)
    return rng.choice(("INV {}-{}", "Inv {} to {}", "{}-{}", "Invoices {}-{}")).format(ends[0], ends[-1])


def consecutive(papers: Sequence[Paper]) -> bool:
    """Whether a range names just these papers."""
    ends = sorted(int(last_digits(number_of(paper)) or 0) for paper in papers)
    return ends[0] > 99 and ends == list(range(ends[0], ends[0] + len(ends)))


def bank_name(rng: Random, name: str, limit: int, upper: bool) -> str:
    """The other side's name in a field of so many characters; a person also as initial and family name, legal words now and then gone."""
    if rng.random() < 0.3:
        name = re.sub(
            r"\s+(Pty\.? Ltd\.?|Pty Limited|Limited|Ltd|LLP|plc|Inc\.?|LLC|Corp|GmbH( & Co\. KG)?|AG|e\.K\.|Pte\.? Ltd\.?)$", "", name
        )
    if rng.random() < 0.15 and len(name.split()) == 2 and rng.random() < 0.5:
        given, family = name.split()
        name = rng.choice((f"{given[0]} {family}", f"{family} {given[0]}", f"MR {given[0]} {family}"))
    name = plain(name)
    return (name.upper() if upper else name)[:limit].rstrip()
