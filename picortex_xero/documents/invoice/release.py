"""A release of deferred revenue or expense -> ManualJournal, as ERPNext's ledger shows it. Steps "release-n" of an invoice.

An hourly search in the ledger (engine/deferred_search.py) adds these steps, since ERPNext books releases without an event of the invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimals, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _, day
from ...xero.records.registry import KINDS
from ..base import Action, Books, Doc, Plan, Ready
from ..decisions import Decision, done, hold, overtaken, refused, wait_for_step
from ..fact_types import LEDGER, LINKS, STEPS
from ..identity import document_url, identity
from ..needs import Facts, Needs
from ..step import Step, own_links, own_steps
from ..translation import Translation
from .deferred import by_account, released

WHAT = {"Sales Invoice": "Deferred revenue", "Purchase Invoice": "Deferred expense"}


def release(
    doc: dict[str, Any], date: str, rows: Sequence[dict[str, Any]], mapping: Mapping, site_url: str, instance: str, role: str
) -> Translation:
    """The ManualJournal of one posting date's release rows. `role` is the step's ("release-1"): it tells the journals of one invoice apart
    in their Url, which is their marker. Raises Refused with all problems."""
    problems: list[Problem] = []
    lines = [_line(doc, account, cost_center, moved, mapping, problems) for (account, cost_center), moved in by_account(rows).items()]
    if sum((line["LineAmount"] for line in lines), ZERO):
        what = _("The release of {name} on {date} does not balance in the ledger").format(name=doc["name"], date=day(date))
        problems.append(Problem("journal-unbalanced", what, _("Run the Process Deferred Accounting again, then press Retry")))
    centers = [cost_center for (_account, cost_center), moved in by_account(rows).items() if moved]
    problems += mapping.untracked(centers)
    if problems:
        raise Refused(list(dict.fromkeys(problems)))
    body: dict[str, Any] = {
        "Narration": f"{doc['name']} {WHAT[doc['doctype']]} released on {date}",
        "Date": date,
        "Status": "POSTED" if mapping.target_status == "AUTHORISED" else "DRAFT",
        "LineAmountTypes": "NoTax",
        "JournalLines": lines,
    }
    if mapping.cash_basis:
        # A cash-basis report shows money only: a release is left out of it.
        body["ShowOnCashBasisReports"] = False
    marker = {"Narration": body["Narration"], "Date": date}
    if url := document_url(site_url, instance, identity(doc), 1, role):
        body["Url"] = url
        marker = {"Url": body["Url"]}
    return Translation(body, marker, said=mapping.said_of_tracking(centers))


def recipe(rows: Sequence[dict[str, Any]]) -> str:
    """The release as a person enters it: "Deferred Revenue - KS 404.35, Sales - KS -404.35"."""
    return ", ".join(f"{account} {plain(moved):f}" for (account, _), moved in by_account(rows).items())


def _line(doc: dict[str, Any], account: str, cost_center: str, moved: Decimal, mapping: Mapping, problems: list[Problem]) -> dict[str, Any]:
    """One line. Its account must be mapped; a default could be the wrong one, which nobody would notice before year-end."""
    line: dict[str, Any] = {"LineAmount": plain(moved), "Description": f"{WHAT[doc['doctype']]} of {doc['name']}"}
    code = mapping.accounts.get(account) or mapping.account(account, "journal")
    if isinstance(code, Problem):
        problems.append(code)
    else:
        line["AccountCode"] = code
    if decimals(moved) > 2:
        what = _("{moved} on {account} has more than two decimals; Xero keeps two").format(moved=moved, account=account)
        problems.append(too_many_decimals(what, mapping.base_currency))
    if tracking := mapping.tracked(cost_center):
        line["Tracking"] = tracking
    return line


def needs_of_release(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The invoice's ledger rows."""
    return LEDGER.of([(doc["doctype"], doc["name"])])


def plan_release(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Plan one release, once its invoice is in Xero and an earlier release of the same date is removed there."""
    own, who, date = (step.who.doctype, step.who.name), step.who, str(step.posting_date)
    linked = own_links(facts.get(LINKS, own), who)
    if any((link.part, link.number) == ("release", step.role.number) for link in linked):
        return done()
    ledger = facts.get(LEDGER, own)
    rows = released(ledger).get(date)
    if not rows:
        return overtaken(_("The ledger no longer shows a release of {name} on {date}").format(name=who.name, date=day(date)))
    steps, first = own_steps(facts.get(STEPS, own), who), "credit" if doc.get("is_return") else "invoice"
    waits = [each for each in steps if each.role.text.startswith("undo-release-") and str(each.posting_date) == date and each.unfinished]
    if not any(link.part == first and link.live for link in linked):
        waits += [each for each in steps if each.role.text == first and each.unfinished]
        if not waits:
            return hold(_without_invoice(who.name, date, rows))
    if waits:
        problem = Problem(
            "waits-for-invoice",
            _("Waits until {name} is in Xero as it is now").format(name=who.name),
            _("See what stops {name}").format(name=who.name),
        )
        return wait_for_step(waits[0].name, problem)
    try:
        made = release(doc, date, rows, books.mapping, books.site_url, books.instance, step.role.text)
    except Refused as error:
        return refused(error)
    return Ready(step, doc, KINDS["manual-journal"], frozenset({f"{who.digest} {step.role}"}), translation=made)


def _without_invoice(name: str, date: str, rows: Sequence[dict[str, Any]]) -> Problem:
    return Problem(
        "release-without-invoice",
        _("A part of {name} was released on {date}, but {name} was never sent to Xero").format(name=name, date=day(date)),
        _("Enter a manual journal in Xero on {date} (debits positive): {recipe}; nothing is left to do here").format(
            date=day(date), recipe=recipe(rows)
        ),
        held=True,
    )


RELEASE = Action(plan_release, needs_of_release)
