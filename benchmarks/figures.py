"""`make figures`: the figures of docs/architecture.md, measured, as a Markdown table; below it what they are made of.

`python -m benchmarks.figures [--app CHECKOUT] [--table] [--look NAME] [--plan NAME]`. Nothing is guessed: documents are submitted in the
host stand-in and sent to the simulator while functions (`benchmarks.functions`) and statements (`benchmarks.statements`) are counted; imports
(`benchmarks.imports`) and a kind's names (`benchmarks.places`) are read from the source.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import checkout, documents, functions, imports, places
from benchmarks.functions import Ran
from benchmarks.statements import Statements, counting
from sandbox.rig import Rig, standing

# What these are called in the version that is measured; several may be given, * stands for anything.
LOOK = ["picortex_xero.engine.gather.decide"]
PLAN = ["picortex_xero.documents.settlement.breakdown.break_down"]
ROUND = 50
CUSTOMERS = 5
MOST_RUNS, WAIT_SECONDS = 12, 120.0
Line = tuple[str, str]


@dataclass
class Followed:
    """One document (or a round of them) from its submit or cancel to Xero: what ran and what was sent to the database."""

    ran: Ran
    submit: Statements = field(default_factory=Statements)
    sending: Statements = field(default_factory=Statements)
    runs: int = 0


@dataclass
class Seen:
    """What was followed. `both` is an invoice and its receipt submitted one after the other before anything is sent, `round` is `count`
    invoices at once, `steps` the number of the payment's steps."""

    invoice: Followed
    payment: Followed
    both: Followed
    cancel: Followed
    round: Followed
    count: int
    steps: int


def follow(rig: Rig, app: Path, records: list[documents.Record], traced: bool = True) -> Followed:
    """Play events in the host and dispatch until nothing is on its way. AssertionError where that never comes."""
    found = Followed(Ran(app))
    with _observed(rig, found.ran if traced else None, app, found.submit):
        rig.play(records)
    while not rig.drained():
        if found.runs == MOST_RUNS:
            raise AssertionError(f"after {MOST_RUNS} runs it is still on its way: {rig.counts()}")
        if found.runs:
            rig.advance(WAIT_SECONDS)
        with _observed(rig, found.ran if traced else None, app, found.sending):
            rig.dispatch()
        found.runs += 1
    return found


@contextmanager
def _observed(rig: Rig, ran: Ran | None, app: Path, statements: Statements) -> Iterator[None]:
    with rig.frappe(), counting(app, statements):
        if ran is None:
            yield
        else:
            with functions.watching(ran):
                yield


def measure(app: Path, count: int = ROUND) -> Seen:
    """Everything that has to be run. Each document's customer, and the contact that fees are paid to, are in Xero before."""
    with standing(limits=False) as rig:
        with rig.frappe():
            functions.import_everything(app)
        parties = documents.customers(rig, CUSTOMERS)
        known = [invoice for invoice, _ in documents.sales(rig, CUSTOMERS, parties, "KNOWN")]
        first, second, third, fourth, fifth = (
            (invoice, documents.with_fee(rig, receipt)) for invoice, receipt in documents.sales(rig, 5, parties, "ONE")
        )
        # Before anything is counted, all of it happens once: modules are imported, the fee's contact is made.
        for events in (known, [*first], [second[0]], [documents.cancelled(second[0])]):
            follow(rig, app, events, traced=False)
        invoice = follow(rig, app, [third[0]])
        payment = follow(rig, app, [third[1]])
        steps = len(rig.steps(reference_name=third[1]["name"]))
        both = follow(rig, app, [*fourth])
        follow(rig, app, [fifth[0]], traced=False)
        cancel = follow(rig, app, [documents.cancelled(fifth[0])])
        many = [invoice for invoice, _ in documents.sales(rig, count, parties, "ROUND")]
        together = follow(rig, app, many, traced=False)
        _judge(rig, [*known, first[0], third[0], fourth[0], *many])
    return Seen(invoice, payment, both, cancel, together, count, steps)


def _judge(rig: Rig, invoices: list[documents.Record]) -> None:
    """Figures of a version that does not get its documents into Xero would be worth nothing."""
    shown = Counter(each["InvoiceNumber"] for each in rig.xero.documents("Invoices") if each["Status"] not in ("VOIDED", "DELETED"))
    states = set(rig.counts())
    if shown != Counter(each["name"] for each in invoices) or not states <= {"Synced", "Superseded"}:
        raise AssertionError(f"not everything came to Xero once: {rig.counts()}, {shown}")


def from_runs(seen: Seen, look: list[str], plan: list[str]) -> list[Line]:
    """Files opened, statements, looks and plans."""
    payment, together = seen.payment, seen.round
    (looks, plans), (looks_of_both, plans_of_both) = ([_calls(each.ran, names) for names in (look, plan)] for each in (payment, seen.both))
    return [
        ("files of the app in which something runs for an invoice", str(len(seen.invoice.ran.files()))),
        ("... for a payment with a fee", str(len(payment.ran.files()))),
        ("... for the cancel of an invoice", str(len(seen.cancel.ran.files()))),
        (f"SQL statements per invoice in a round of {seen.count}, contacts known", f"{together.sending.total() / seen.count:.1f}"),
        ("... of them reads of outbox rows, links", _per(together.sending, seen.count)),
        ("... at its submit", f"{together.submit.total() / seen.count:.1f}"),
        ("SQL statements per payment with a fee, until all its steps are In Xero", str(payment.sending.total())),
        ("... of them reads of outbox rows, links", _per(payment.sending, 1)),
        ("... at its submit", str(payment.submit.total())),
        ("SQL statements for the cancel of an invoice", str(seen.cancel.sending.total())),
        (f"looks at the {seen.steps} steps of a payment with a fee; plans made for it", f"{looks}; {plans}"),
        ("... submitted together with its invoice, whose look counts too", f"{looks_of_both}; {plans_of_both}"),
        ("plans per look", f"{plans / looks:.2f}"),
    ]


def _calls(ran: Ran, names: list[str]) -> int:
    return sum(map(ran.named, names))


def _per(statements: Statements, count: int) -> str:
    reads = [statements.count[f"select {table}"] / count for table in ("Xero Outbox Entry", "Xero Link")]
    return ", ".join(f"{each:.1f}" if count > 1 else f"{each:.0f}" for each in reads)


def from_source(app: Path) -> list[Line]:
    """Places of a kind, floors and arrows."""
    lines = [
        (f"files that name a {kind.title} outside of its own", str(len(places.files(places.said(app, kind))))) for kind in places.KINDS
    ]
    graph = imports.graph(app)
    lines.append(("modules, import floors, arrows, circles", _shape(imports.shape(graph))))
    lines.append(("... of whole packages", _shape(imports.shape(imports.packages(graph)))))
    for package in sorted({imports.top(name) for name in graph if "." in name}):
        lines.append((f"... inside `{package}`", _shape(imports.shape(imports.within(graph, package)))))
    return lines


def _shape(found: imports.Shape) -> str:
    return f"{found.modules}, {found.floors}, {found.arrows}, {found.circles}"


def table(lines: list[Line], commit: str) -> str:
    """Markdown."""
    return "\n".join([f"| figure | {commit} |", "|---|---|", *(f"| {what} | {value} |" for what, value in lines)])


def details(seen: Seen, app: Path) -> str:
    """What the figures are made of, so that they can be checked."""
    parts = []
    followed = {"an invoice": seen.invoice, "a payment with a fee": seen.payment, "the cancel of an invoice": seen.cancel}
    for what, each in followed.items():
        parts.append(f"\n## Files of {what}\n" + "\n".join(f"- {place}" for place in each.ran.files()))
    for what, each in {f"a round of {seen.count} invoices": seen.round, **followed}.items():
        parts.append(
            f"\n## Statements of {what} ({each.runs} runs; beside them {_listed(each.sending.control)})\n{_listed(each.sending.count)}"
        )
    for kind in places.KINDS:
        parts.append(f"\n## Who names a {kind.title}")
        for name, found in places.said(app, kind).items():
            where = ", ".join(f"{place} ({', '.join(map(str, lines))})" for place, lines in found.items())
            parts.append(f'- "{name}": {where or "nobody"}')
    arrows = imports.packages(imports.graph(app))
    parts.append("\n## Packages import from")
    parts += [f"- {name}: {', '.join(sorted(others))}" for name, others in sorted(arrows.items()) if others]
    return "\n".join(parts)


def _listed(count: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in count.most_common()) or "none"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    checkout.add_argument(parser)
    parser.add_argument("--look", action="append", help=f"the function that prepares one step (default: {LOOK})")
    parser.add_argument("--plan", action="append", help=f"the function that computes the plan of a payment (default: {PLAN})")
    parser.add_argument("--table", action="store_true", help="the table only")
    given = parser.parse_args()
    app = checkout.use(given.app)
    seen = measure(app)
    print(table([*from_runs(seen, given.look or LOOK, given.plan or PLAN), *from_source(app)], checkout.commit(given.app)))
    if not given.table:
        print(details(seen, app))


if __name__ == "__main__":
    main()
