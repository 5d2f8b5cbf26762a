"""The suggestions judged by answers that were made without sight of them (`charts/README.md`): `python -m tests.suggestions.blind`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from picortex_xero.suggestions import accounts, banks, taxes
from picortex_xero.suggestions.values import BANK, HIGH, LOW, HostAccount, HostTax, Nothing, Suggestion, XeroAccount
from tests.suggestions.charts import CLASSES, rates

CHARTS = Path(__file__).with_name("charts")
DATA = Path(__file__).parents[2] / "sandbox" / "xero" / "data"
MONEY = ("Bank", "Cash")
MADE_UP = ("090", "091", "092", "093", "895")
Answer = Suggestion | Nothing


@dataclass
class Figures:
    """Of one chart: how many answers, how many right, how many sure; and in words what is wrong, and what is wrong and sure."""

    answers: int = 0
    right: int = 0
    sure: int = 0
    wrong: list[str] = field(default_factory=list)
    wrong_and_sure: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many of a hundred are right."""
        return 100 * self.right / self.answers


def chart(path: Path) -> Figures:
    """One chart's accounts against Xero's default chart and its bank accounts; money goes to bank accounts, all else to other accounts."""
    known = json.loads(path.read_text("utf-8"))
    there = [*_default(known["edition"]), *map(_bank, known["xero_banks"])]
    hosts = {each["name"]: _host(each) for each in known["accounts"]}
    money = [host for host in hosts.values() if host.account_type in MONEY]
    found: dict[str, Answer] = dict(accounts.suggest([host for host in hosts.values() if host not in money], there))
    found |= banks.suggest(money, [each for each in there if each.type == BANK], known["company_currency"])
    figures = Figures()
    for each in known["accounts"]:
        _judge(figures, each, found[each["name"]], each["name"])
    return figures


def tax_rates(edition: str) -> Figures:
    """A country's taxes against Xero's default rates and the organisation's own."""
    known = json.loads((CHARTS / "taxes.json").read_text("utf-8"))[edition]
    # A rate that an organisation makes itself may stand on every class of accounts.
    everywhere = {"Status": "ACTIVE", **{f"CanApplyTo{name}": True for name in CLASSES}}
    own = {each["TaxType"]: {**everywhere, **each} for each in known["xero_rates"]}
    listed = [*(each for each in rates(edition) if each["TaxType"] not in own), *own.values()]
    figures = Figures()
    for each in known["taxes"]:
        asked = HostTax(each["direction"], _key(each), "", each.get("account_class", ""), (each["account"], each["tax"]))
        (answer,) = taxes.suggest([asked], listed).values()
        _judge(figures, each, answer, f"{each['direction']} {each['tax']} {each['rate']}")
    return figures


def _judge(figures: Figures, truth: dict[str, Any], answer: Answer, name: str) -> None:
    target, band = (answer.target, answer.band) if isinstance(answer, Suggestion) else ("", "")
    sure = band == HIGH
    if truth["expected"]:
        right = target in truth["expected"] or (not target and bool(truth.get("none_is_right")))
    else:
        right = not target or band == LOW
    figures.answers += 1
    figures.right += right
    figures.sure += sure
    said = f"{name}: {target or 'nothing'} ({band or '-'}), right is {truth['expected'] or 'nothing'}: {truth['why']}"
    if not right:
        figures.wrong.append(said)
    # Of two types that file in the same boxes either is right; of none at all the books alone tell.
    if sure and (not right or (truth.get("never_high") and not truth.get("rate"))):
        figures.wrong_and_sure.append(said)


def _key(tax: dict[str, Any]) -> str:
    if tax.get("charge_type") == "Actual":
        return f"{tax['account']} (fixed amount)"
    rows = tax.get("rows")
    return " + ".join(f"{tax['account']} @ {rate}" for rate in rows) if rows else f"{tax['account']} @ {tax['rate']}"


def _host(each: dict[str, Any]) -> HostAccount:
    return HostAccount(
        each["name"], each["number"], each["root_type"], each["account_type"], each["currency"], (each["parent"],), each["name"]
    )


def _bank(each: dict[str, Any]) -> XeroAccount:
    return XeroAccount(
        each["code"], each["name"], BANK, "ASSET", bank_type=each.get("type") or BANK, currency=each["currency"], account_id=each["code"]
    )


def _default(edition: str) -> Iterator[XeroAccount]:
    for each in json.loads((DATA / "charts.json").read_text("utf-8"))[edition]:
        if each["Type"] != BANK and each["Code"] not in MADE_UP:
            yield XeroAccount.listed(each)


def all_charts() -> dict[str, Figures]:
    """Every chart and every country's taxes, by name."""
    found = {path.stem: chart(path) for path in sorted(CHARTS.glob("*.json")) if path.stem != "taxes"}
    return found | {f"taxes {edition}": tax_rates(edition) for edition in ("AU", "NZ", "UK", "US")}


if __name__ == "__main__":
    for name, figures in all_charts().items():
        print(
            f"{name:24} right {figures.right:3} of {figures.answers:3} ({figures.share:.1f} %)  high {figures.sure:3}  wrong at high {len(figures.wrong_and_sure)}"
        )
        for each in figures.wrong:
            print(f"    {each}")
