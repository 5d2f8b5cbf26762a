"""Random rules over random documents: each has exactly one outcome with one named reason, payments and returns follow what they are for, a preview is what then
happens, and a rule that changes changes only what is not in Xero.

What "then happens" is played step by step, in a random order, from facts as the engine loads them. `make test-long` does it 100 times as often.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

from picortex_xero.accounting.texts import _
from picortex_xero.documents.cash_summary.counted import is_skipped
from picortex_xero.documents.decisions import Decision, Hold, Remember, Skip, Wait
from picortex_xero.documents.fact_types import HEAD, LINKS, STEPS
from picortex_xero.documents.rules import verdict as fates
from picortex_xero.documents.rules.cash import Money, cash, moves
from picortex_xero.documents.rules.conditions import IN, NOT_IN, OPERATORS, WITHOUT_VALUE
from picortex_xero.documents.rules.fields import OWN
from picortex_xero.documents.rules.kinds import KINDS
from picortex_xero.documents.rules.outlook import Judged, outlook, unseen
from picortex_xero.documents.rules.parents import more, parents
from picortex_xero.documents.rules.rule import OUTCOMES, Policy, Rule, Setting
from picortex_xero.documents.rules.verdict import WAITS, Fate
from picortex_xero.documents.rules.words import APPROVAL, BATCH, BROKEN, PARTLY, SKIPS
from tests.documents.rules.scene import Ruled, condition, policy, rule
from tests.documents.scene import named, step, who
from tests.scene.documents import item, payment_entry, reference, sales_invoice

EXAMPLES = int(os.environ.get("EXAMPLES", "2000")) // 20
Doc = dict[str, Any]
NAMES = ("Rata", "Totara", "Miro")


def invoices(rng: random.Random) -> list[Doc]:
    """Some invoices, of which some are returned."""
    found = []
    for number in range(rng.randint(1, 5)):
        total = float(rng.choice((10, 115, 1000)))
        doc = sales_invoice([item(total)], [], total, name=f"SINV-{number}")
        head = {"docstatus": 1, "base_grand_total": total, "customer": rng.choice(NAMES), "territory": rng.choice(("NZ", "AU", None))}
        found.append({**doc, **head, "company": "Kauri Services", "cost_center": rng.choice(("Shop", "Main", ""))})
    for doc in rng.sample(found, rng.randint(0, len(found))):
        total = doc["base_grand_total"]
        back = {**doc, **sales_invoice([item(-total)], [], -total, name=doc["name"].replace("SINV", "SRET"))}
        found.append(
            {**back, "docstatus": 1, "base_grand_total": -total, "is_return": 1, "return_against": doc["name"], "customer": doc["customer"]}
        )
    return found


def documents(rng: random.Random) -> list[Doc]:
    """Invoices, returns, and payments and journals of one or several of them, some of more than they owe."""
    sold = invoices(rng)
    found = list(sold)
    for number in range(rng.randint(0, 4)):
        paid = rng.sample(
            [doc for doc in sold if not doc.get("is_return")], rng.randint(1, min(3, sum(not doc.get("is_return") for doc in sold)))
        )
        total = sum(doc["base_grand_total"] for doc in paid)
        over = total + rng.choice((0, 0, 5))
        doc = payment_entry([reference(each["name"], each["base_grand_total"]) for each in paid], over, name=f"PE-{number}")
        found.append({**doc, "docstatus": 1, "company": "Kauri Services", "base_received_amount": over})
    return found


def rules(rng: random.Random) -> Policy:
    """Up to four rules of up to three conditions, and settings of some kinds."""
    made = [_rule(rng, number) for number in range(rng.randint(0, 4))]
    chosen = {kind: _setting(rng) for kind in KINDS if rng.random() < 0.2}
    return replace(policy(*made), settings=chosen)


def _rule(rng: random.Random, number: int) -> Rule:
    alternatives = [[_condition(rng) for _ in range(rng.randint(1, 2))] for _ in range(rng.randint(1, 2))]
    return rule(f"Rule {number}", rng.choice(OUTCOMES), *(alternatives if rng.random() < 0.9 else []))


def _condition(rng: random.Random) -> Any:
    field = rng.choice(("amount", "customer", "territory", "cost_center"))
    operator = rng.choice(OPERATORS[OWN[field][0]])
    value = str(rng.choice((10, 50, 115, 500))) if field == "amount" else rng.choice((*NAMES, "NZ", "Shop", "a"))
    several = "\n".join((value, "115")) if operator in (IN, NOT_IN) else value
    broken = {"broken": _("there is no such field")} if rng.random() < 0.05 else {}
    return condition(field, operator, "" if operator in WITHOUT_VALUE else several, **broken)


def _setting(rng: random.Random) -> Setting:
    return Setting(rng.random() < 0.6, rng.choice(("Real time", "Hourly", "Daily")), start_date=rng.choice(("", "2026-11-02")))


def previewed(docs: list[Doc], its: Policy) -> list[Judged]:
    return outlook(docs, its, {}, lambda _named: False, lambda _named: Fate(fates.OTHER))


def play(rng: random.Random, docs: list[Doc], its: Policy, scene: Ruled | None = None) -> dict[tuple[str, str], Decision | None]:
    """Decide every step again and again, in a random order, until nothing changes: None for one that went. `scene` holds afterwards what the outbox says."""
    scene, found = scene or Ruled(*docs), {}
    roles = {"Payment Entry": "payment", "Sales Invoice": "invoice"}
    left = {named(doc): step(doc, "credit" if doc.get("is_return") else roles[doc["doctype"]], name=f"S-{doc['name']}") for doc in docs}
    scene.steps += left.values()
    for _round in range(len(docs) + 2):
        for doc in rng.sample(docs, len(docs)):
            key = named(doc)
            one = left.get(key)
            if one is None:
                continue
            decision = scene.ruled(one, doc, its)
            if decision and isinstance(decision.outcome, Wait) and decision.outcome.on:
                continue
            if decision is None and any(each in left for each in parents(doc)) and not doc.get("is_return"):
                # A payment waits in its own room until what it pays is in Xero.
                continue
            found[key] = decision
            scene.steps.remove(left.pop(key))
            if decision is None or not isinstance(decision.outcome, Skip):
                # What is held or waits for its batch goes in the end.
                scene.link(doc, one.role.part, f"x-{doc['name']}", "Invoices")
            else:
                kept = {name: value for each in decision.effects if isinstance(each, Remember) for name, value in each.fields.items()}
                scene.steps.append(replace(one, state="Skipped", reason_code=decision.outcome.problem.code, rule=kept["rule"]))
    assert not left, left
    return found


def outcome(decision: Decision | None) -> tuple[str, str]:
    """The outcome as a preview says it, and the code of its reason."""
    if decision is None:
        return "Sync", ""
    match decision.outcome:
        case Skip(problem):
            assert problem.code in SKIPS and problem.message
            return "Skip", problem.code
        case Hold((problem,)):
            assert problem.code in (APPROVAL, BROKEN, PARTLY)
            return ("Hold for approval" if problem.code == APPROVAL else WAITS), problem.code
        case Wait() as wait:
            assert wait.problem and wait.problem.code == BATCH
            return "Next batch", ""
    raise AssertionError(decision)


def test_a_preview_is_what_then_happens() -> None:
    rng = random.Random(11)
    seen: set[str] = set()
    for _example in range(EXAMPLES):
        docs, its = documents(rng), rules(rng)
        said = previewed(docs, its)
        assert sorted(each.named for each in said) == sorted(map(named, docs)), "each document once"
        played = play(rng, docs, its)
        for each in said:
            problem = each.verdict.problem
            assert outcome(played[each.named]) == (each.verdict.outcome, problem.code if problem else "")
            assert bool(problem) == (each.verdict.outcome in ("Skip", "Hold for approval", WAITS)), "a reason where it does not go"
            seen.add(problem.code if problem else each.verdict.outcome)
    assert {"Sync", "Next batch", *SKIPS, APPROVAL, BROKEN, PARTLY} <= seen, "every outcome was met"


def test_the_cash_of_a_preview_is_what_summaries_then_count() -> None:
    """What is counted: of what rules and settings kept from Xero when it was decided, the money by account and day."""
    rng, counted = random.Random(14), 0
    money = Money(frozenset({"Bank - KS"}), {}, "NZD")
    for _example in range(EXAMPLES):
        docs, its = [_with_money(rng, doc) for doc in documents(rng)], rules(rng)
        scene = Ruled(*docs)
        said = cash(unseen(previewed(docs, its)), money)
        play(rng, docs, its, scene)
        skipped = _skipped(scene, docs)
        days: dict[tuple[str, str, bool], Decimal] = {}
        for doc in skipped:
            for move in moves(doc, money):
                key = (move.account, str(doc["posting_date"]), move.received)
                days[key] = days.get(key, Decimal(0)) + move.amount
        for each in said:
            for received, amount in ((True, each.received), (False, each.paid)):
                of_days = [total for (account, _day, way), total in days.items() if account == each.account and way is received]
                assert sum(of_days, Decimal(0)) == amount
        assert {account for account, _day, _way in days} == {each.account for each in said}
        counted += len(skipped)
    assert counted > EXAMPLES


def _skipped(scene: Ruled, docs: list[Doc]) -> list[Doc]:
    """The documents that a summary may count, by what the outbox says of them."""
    every = [named(doc) for doc in docs]
    facts = scene.facts(lambda _known: HEAD.of(every) | LINKS.of(every) | STEPS.of(every))
    return [doc for doc in docs if is_skipped(named(doc), who(doc).creation, facts)]


def _with_money(rng: random.Random, doc: Doc) -> Doc:
    """Some invoices and returns are paid when they are entered; days differ."""
    day = rng.choice(("2026-11-01", "2026-11-02", "2026-11-03"))
    if doc["doctype"] != "Sales Invoice" or rng.random() < 0.5:
        return {**doc, "posting_date": day}
    total = doc["base_grand_total"]
    paid = [{"account": rng.choice(("Bank - KS", "Till - KS")), "amount": total, "base_amount": total}]
    return {**doc, "posting_date": day, "is_pos": 1, "payments": paid}


def test_payments_and_returns_follow_what_they_are_for() -> None:
    rng = random.Random(12)
    followed = 0
    for _example in range(EXAMPLES):
        docs, its = documents(rng), rules(rng)
        said = {each.named: each.verdict for each in previewed(docs, its)}
        for doc in docs:
            settled = [said[each] for each in parents(doc)]
            own = said[named(doc)]
            skipped = [each for each in settled if each.outcome == "Skip"]
            if not skipped or (own.problem and own.problem.code in ("kind-off", "kind-later")):
                continue
            if len(skipped) == len(settled) and not more(doc):
                assert own.outcome == "Skip" and own.rule == next((each.rule for each in skipped if each.rule), "")
                followed += 1
            else:
                assert own.outcome == WAITS and own.problem and own.problem.code == PARTLY and own.problem.resolution
    assert followed > EXAMPLES // 10


def test_a_rule_that_changes_leaves_what_is_in_xero() -> None:
    rng = random.Random(13)
    for _example in range(EXAMPLES):
        docs = documents(rng)
        there = {named(doc) for doc in docs if rng.random() < 0.5}
        said = outlook(docs, rules(rng), {}, there.__contains__, lambda _named: Fate(fates.OTHER))
        for each in said:
            assert each.in_xero == (each.named in there)
            if not each.in_xero and each.verdict.problem and each.verdict.problem.code == "follows-skipped":
                assert not any(parent in there for parent in parents(each.doc)), "what is in Xero is nothing to follow out of it"
