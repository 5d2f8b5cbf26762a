"""How right the suggestions for accounts are: `python -m tests.suggestions.measure` prints it for every chart."""

from __future__ import annotations

from dataclasses import dataclass

from picortex_xero.suggestions.accounts import suggest
from picortex_xero.suggestions.values import HIGH, HostAccount, Suggestion
from tests.suggestions.charts import CHARTS, host, more, standard, third, xero

Pairs = list[tuple[HostAccount, set[str]]]


@dataclass(frozen=True)
class Figures:
    """Of one chart: how many accounts, how many of them right ("none" may be right), how many sure; and what is wrong, with what was said."""

    accounts: int
    right: int
    sure: int
    wrong: dict[str, str]
    wrong_and_sure: dict[str, str]


def judge(pairs: Pairs, country: str) -> Figures:
    """Accounts with the codes that are right for each, against Xero's default chart of a country."""
    answers = suggest([each for each, _right in pairs], xero(country))
    sure, wrong, worst = 0, {}, {}
    for account, right in pairs:
        answer = answers[account.name]
        high = isinstance(answer, Suggestion) and answer.band == HIGH
        sure += high
        if (answer.target if isinstance(answer, Suggestion) else "-") not in right:
            wrong[account.name] = f"{answer}: {answer.reason}"
            if high:
                worst[account.name] = wrong[account.name]
    return Figures(len(pairs), len(pairs) - len(wrong), sure, wrong, worst)


def charts() -> dict[tuple[str, str], Pairs]:
    """Every chart by its name and country."""
    found = {}
    for country in CHARTS:
        found |= {
            ("standard", country): standard(country, numbered=False),
            ("standard, numbered", country): standard(country, numbered=True),
            ("own", country): host(country),
            ("more", country): more(country),
            ("third", country): third(country),
        }
    return {key: pairs for key, pairs in found.items() if pairs}


if __name__ == "__main__":
    for (name, country), pairs in sorted(charts().items()):
        figures = judge(pairs, country)
        share = 1000 * figures.right // figures.accounts / 10
        print(
            f"{name:20}{country}  right {figures.right:3} of {figures.accounts:3} ({share} %)  high {figures.sure:3}  wrong at high {len(figures.wrong_and_sure)}"
        )
        for said in figures.wrong.items():
            print("    ", *said)
