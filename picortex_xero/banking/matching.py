"""The whole set of a company's lines matched together: what is surest first, so that it is no rival of the rest, and no voucher is used twice."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from . import differing, exact, foreign, gates, offering, saying, several
from .around import Around
from .own_money import OwnMoney
from .standing import Finding, Standing
from .values import DUPLICATE, Books, Line, Proposal, Settings

# How many readings of a line are shown to a person.
SHOWN = 5
Finder = Callable[[Standing, Line], Finding | None]


def proposals(books: Books, settings: Settings | None = None, around: Around | None = None) -> dict[str, tuple[Proposal, ...]]:
    """By each line's name its readings, the best first; () where nothing fits. At most the first is automatic.

    The same for the same books, in whatever order lines and vouchers come. `around`: the books' look-ups where somebody has them already.
    """
    with one_way():
        standing = Standing(around or Around(books), settings or Settings())
        for stage in _stages(standing):
            standing.settle(stage, saying.claimed())
        return {line.name: _proposals(standing, line) for line in books.lines}


@contextmanager
def one_way() -> Iterator[None]:
    """Without the search for circles of objects, which takes a third of the time where there are millions of objects: nothing here makes any."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            # What was made counts as old, so that the next search does not go through all of it at once.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _stages(standing: Standing) -> Iterator[Iterable[Finding]]:
    """Each stage is made as a whole on what stands, and settled before the next."""
    yield list(_each(standing, exact.by_number))
    yield list(_each(standing, several.by_numbers))
    yield list(_each(standing, several.by_shared_reference))
    yield list(several.lines_of_day(standing))
    own = OwnMoney(standing)
    yield list(own.returns())
    yield list(own.transfers())
    yield list(_each(standing, several.completed, differing.deducted))
    yield list(differing.parts(standing))
    yield list(foreign.proposals(standing))
    yield list(_each(standing, exact.by_name, exact.as_moved, exact.by_slip))
    yield list(_each(standing, several.by_sum))
    yield list(several.lines_of_party(standing))
    yield list(offering.offered(standing))
    yield [finding for line in standing.open_lines() for finding in exact.by_amount(standing, line)]


def _each(standing: Standing, *finders: Finder) -> Iterator[Finding]:
    """Of each open line the first finder's sure finding; else all doubtful ones."""
    for line in standing.open_lines():
        doubtful = []
        for finder in finders:
            finding = finder(standing, line)
            if finding is not None and finding.sure:
                yield finding
                break
            if finding is not None:
                doubtful.append(finding)
        else:
            yield from doubtful


def _proposals(standing: Standing, line: Line) -> tuple[Proposal, ...]:
    books = standing.around.books
    found = [standing.done[line.name]] if line.name in standing.done else []
    found += sorted(
        standing.doubted[line.name], key=lambda each: (-each.score, each.parts and each.parts[0].voucher or ("", each.other_line, ""))
    )
    shut = gates.closed(books, line.date)
    made: dict[object, Proposal] = {}
    for finding in found:
        same = finding.kind, finding.parts, finding.other_line
        if same in made:
            continue
        # Nothing is automatic in a closed period, nor on the other side of a transfer that lies there.
        other = standing.around.line.get(finding.other_line)
        barred = shut or (other is not None and gates.closed(books, other.date))
        automatic = (
            not made and finding.sure and finding.score >= standing.settings.automatic_from and not barred and finding.kind != DUPLICATE
        )
        reasons = (*finding.reasons, saying.closed_period(books.closed_until)) if barred else finding.reasons
        made[same] = Proposal(
            line.name,
            finding.kind,
            finding.parts,
            finding.score,
            reasons,
            finding.difference,
            finding.difference_is,
            finding.other_line,
            automatic,
        )
    return tuple(made.values())[:SHOWN]
