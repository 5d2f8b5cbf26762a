"""Numbers of a line that are not the vouchers' of a reading: of another voucher of the books, or of one that nobody sees because it is paid and closed, or not entered yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from ..accounting.texts import Text
from . import numbers, saying
from .around import Around
from .names import EMPTY
from .reading import DIGITS
from .values import Line, Voucher

# Words before the number of a document.
LABELS = frozenset(
    "INV INVS INVOICE INVOICES INVNO SINV PINV BILL BILLS RECHNUNG RECHNUNGEN RECHNUNGSNR RECHNR RECHN RG RGNR RE RNR RCPT RECEIPT ORDER CN CREDITNOTE FACT FACTURE TAXINVOICE".split()
)
_COUNTING = frozenset("NO NR NUM NUMBER NUMMER NUMMERN".split())
_LABELLED = re.compile(r"(?:" + "|".join(sorted(LABELS, key=len, reverse=True)) + r")(\d{3,})")
_YEAR = re.compile(r"20[0-4]\d")
_RUN = re.compile(r"\d{3,}")
_STEM = re.compile(r"[A-Z]{3,}")
_PIECES = re.compile(r"[A-Z0-9]+")
# An amount that so many vouchers or lines have is a price.
PRICE = 6


def points_elsewhere(around: Around, line: Line, voucher: Voucher) -> Iterator[Text]:
    """A number of the line that is another voucher's of the same party or amount, or plainly another's; or one that could be of a voucher that is not in the books."""
    near = slip(around, line, voucher)
    for other, hit in around.shown(line, (voucher,)):
        same_party = (other.party_type, other.party) == (voucher.party_type, voucher.party) and voucher.party
        same_amount = other.amount == line.amount and other.currency == line.currency
        if same_party or same_amount or (hit.strength == numbers.STRONG and not near):
            yield saying.points_elsewhere(other.name)
            return
    # Few lines show another number at all, so whether the amount repeats is looked for last.
    if (
        around.hit(line, voucher) < numbers.FAIR
        and another_number(around, line, (voucher,), slips=False)
        and (repeats(around, line, voucher) or another_number(around, line, (voucher,), slips=True))
    ):
        yield saying.another_number()


def another_number(around: Around, line: Line, vouchers: Iterable[Voucher], *, slips: bool) -> bool:
    """Whether the line shows a number that is none of the vouchers' and looks like a voucher's: as many digits as one of that party's and not far away, or the words or letters
    of a document before it. It may be of a voucher that is paid and closed long ago, or not entered yet. `slips`: a number one slip away counts as the voucher's."""
    known = list(vouchers)
    mine = {digits for voucher in known for digits in _digits(voucher)}
    told = [digits for voucher in known for number in (voucher.name, voucher.reference) if len(digits := numbers.last_digits(number)) >= 3]
    return (
        _of_series(around, line, known, mine, told if slips else [])
        or any(not _explained(each, mine, told, slips) for each in _labelled(around.reading[line.name].words))
        or _other_of_stem(around, line, known, slips)
    )


def _of_series(around: Around, line: Line, vouchers: list[Voucher], mine: set[str], tolerated: list[str]) -> bool:
    """A number among those of the party, or among ours."""
    shown = [each for each in around.reading[line.name].numbers if 3 <= len(each) <= 8 and each not in mine]
    if not shown:
        return False
    wanted = {digits for voucher in vouchers if 3 <= len(digits := numbers.last_digits(voucher.quoted)) <= 8}
    wanted.update(*(around.series(party) for party in {(each.party_type, each.party) for each in vouchers if each.party}))
    for each in shown:
        for digits in wanted:
            if len(digits) == len(each) and abs(int(each) - int(digits)) <= max(20, int(digits) // 8):
                if not any(len(own) >= 4 and numbers.mistyped(each, own) for own in tolerated):
                    return True
    return False


def _digits(voucher: Voucher) -> Iterator[str]:
    for number in (voucher.name, voucher.reference, voucher.remarks):
        if number:
            yield from _digits_in(number)


@lru_cache(65_536)
def _digits_in(number: str) -> tuple[str, ...]:
    runs = DIGITS.findall(number)
    return tuple(run.lstrip("0") for run in (*runs, "".join(runs)))


def _labelled(run: tuple[str, ...]) -> Iterator[str]:
    """The digits that follow the words of a document: "INV 2841", "INVOICE NO 2841", "RE 2026 00123"."""
    for at, word in enumerate(run):
        if word in LABELS:
            after = [each for each in run[at + 1 : at + 4] if each not in _COUNTING]
            if len(after) > 1 and _YEAR.fullmatch(after[0]) and after[1].isdigit():
                after = after[1:]
            if after and (runs := _RUN.findall(after[0])):
                yield runs[-1].lstrip("0")
        elif (found := _LABELLED.fullmatch(word)) is not None:
            yield found[1].lstrip("0")


def _explained(shown: str, mine: set[str], told: list[str], slips: bool) -> bool:
    """Whether it is one of the vouchers' numbers, or the beginning of one that a field's end has cut off."""
    if not shown or shown in mine or any(len(each) > len(shown) and each.startswith(shown) for each in mine):
        return True
    return slips and any(len(each) >= 4 and numbers.mistyped(shown, each) for each in told)


def _other_of_stem(around: Around, line: Line, vouchers: list[Voucher], slips: bool) -> bool:
    """Whether the letters of the vouchers' numbers stand in the line with other digits behind them only; digits that a field's end has cut off may be theirs. A bill has two
    numbers, theirs and ours, and the letters of one may end as the other's: INV-10417 and ACC-PINV-2026-00012."""
    said, series = around.reading[line.name].run, dict[str, list[str]]()
    for voucher in vouchers:
        stem, digits = _stem_of(voucher.quoted)
        if stem and stem in said:
            series.setdefault(stem, []).append(digits)
            letters, our_digits = _stem_of(voucher.name)
            if letters != stem and letters.endswith(stem):
                series[stem].append(our_digits)
    for stem, ours in series.items():
        shown = [found[1] for found in re.finditer(stem + r"(\d+)", said)]
        if shown and not any(_theirs(each, digits, slips) for each in shown for digits in ours):
            return True
    return False


def _theirs(shown: str, digits: str, slips: bool) -> bool:
    """Whether the digits that stand behind the letters are the number's, with or without its zeros, cut off or followed by others."""
    bare, whole = digits.lstrip("0"), shown[: len(digits)]
    return (
        digits.startswith(shown)
        or bare.startswith(shown)
        or whole == digits
        or shown.lstrip("0")[: len(bare)] == bare
        or (slips and (numbers.mistyped(whole, digits) or numbers.mistyped(shown, digits)))
    )


@lru_cache(65_536)
def _stem_of(number: str) -> tuple[str, str]:
    """The letters before the digits, and all the digits: "ACC-SINV-2026-00123" has "ACCSINV" and "202600123"; ("", "") where it has another form."""
    whole = "".join(_PIECES.findall(number.upper()))
    letters = _STEM.match(whole)
    digits = whole[letters.end() :] if letters else ""
    return (letters[0], digits) if letters and digits.isdigit() else ("", "")


def slip(around: Around, line: Line, voucher: Voucher, like: Callable[[str, str], bool] = numbers.one_slip) -> bool:
    """Whether a number of the line is one slip away from the voucher's, in four digits or more. `like`: which slips count."""
    for number in (voucher.name, voucher.reference):
        wanted = numbers.last_digits(number)
        if len(wanted) >= 4 and any(
            len(each) >= 3 and abs(len(each) - len(wanted)) <= 1 and like(each, wanted) for each in around.reading[line.name].numbers
        ):
            return True
    return False


def repeats(around: Around, line: Line, voucher: Voucher) -> bool:
    """Whether the amount is one that the party owes or pays again and again, as far as the books show: then there may be a voucher like it that they do not show."""
    party = voucher.party_type, voucher.party
    if any(each.key != voucher.key and (each.party_type, each.party) == party for each in around.exact(line)):
        return True
    return any(True for _ in around.lines_alike(line, voucher))


def other_reference(around: Around, line: Line, voucher: Voucher) -> bool:
    """Whether the line shows a number as long as the reference that what moved was entered with (a cheque's, an order's), and not that one."""
    wanted = numbers.last_digits(voucher.reference)
    shown = around.reading[line.name].numbers
    return len(wanted) >= 4 and wanted not in shown and any(len(each) == len(wanted) for each in shown)


def speaks_of_somebody(around: Around, line: Line) -> bool:
    """Whether the line has a word of some party's name that hardly stands there for another reason."""
    known, common = around.names.known, around.names.common
    return any(
        len(word) >= 4 and word.isalpha() and word in known and word not in common and word not in EMPTY
        for word in around.reading[line.name].said
    )


def price_of_many(around: Around, line: Line) -> bool:
    """Whether so many vouchers or lines have the amount that it says little: whoever has paid this price may well have been invoiced it once more."""
    return around.crowd(line) >= PRICE or len(around.lines_of_amount[line.currency, line.amount]) >= PRICE
