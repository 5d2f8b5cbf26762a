"""Which option of Xero's tracking categories stands for a cost centre: by name, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..accounting.texts import _, joined
from .values import ACTIVE, BELOW_HIGH, BELOW_MEDIUM, Answer, CostCentre, Nothing, Suggestion, TrackingOption, in_order
from .words import Words, common_suffix, plain, title, words

EXACT, NAME, ALIKE = 98, 92, 62
FILLING = frozenset("cost centre department dept branch".split())


def suggest(centres: Iterable[CostCentre], options: Iterable[TrackingOption], mapped: Collection[str] = ()) -> dict[str, Answer]:
    """What each cost centre that is not mapped yet may be mapped to (by option id), by its name; or why nothing is suggested."""
    ours = in_order(centres)
    active = [each for each in in_order(options) if each.status == ACTIVE and each.option_id]
    suffix = common_suffix([each.name for each in ours])
    return {each.name: _answer(each.title or title(each.name, "", suffix), active) for each in reversed(ours) if each.name not in mapped}


def _answer(name: str, options: list[TrackingOption]) -> Answer:
    said, written = _words(name), plain(name).strip()
    exact = [each for each in options if written and plain(each.name).strip() == written]
    same = exact or [each for each in options if said and _words(each.name) == said]
    if same:
        option = same[0]
        why = [_("Same name: {category}, {name}").format(category=option.category, name=option.name)]
        if len(same) > 1:
            why.append(_("{name} could be meant as well").format(name=f"{same[1].category}, {same[1].name}"))
        # A word that stands in every list ("Main") is the same by chance.
        points = EXACT if exact else NAME if said - FILLING else BELOW_HIGH - 1
        return Suggestion(option.option_id, points if len(same) == 1 else BELOW_MEDIUM, joined("; ", why))
    alike = [each for each in options if (said & _words(each.name)) and (said <= _words(each.name) or _words(each.name) <= said)]
    if len(alike) == 1:
        return Suggestion(alike[0].option_id, ALIKE, _("Similar name: {name}").format(name=alike[0].name))
    return Nothing(_("No tracking option has this name") if not alike else _("Several tracking options have a name like this"))


def _words(text: str) -> Words:
    found = words(plain(text))
    return (found - FILLING) or found
