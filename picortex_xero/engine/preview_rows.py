"""One line of a preview's table: what a document would become in Xero, why it would not go, and what Xero would refuse although the decision is to
send it (a locked period, the plan's monthly approvals, a number that is there already)."""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..accounting.mapping import Mapping
from ..accounting.money import decimal
from ..accounting.problems import Problem, summary
from ..accounting.texts import Text, _, day, dump, joined, plain, term
from ..connection.plans import Plan
from ..documents import registry
from ..documents.base import Doc, Reads
from ..documents.identity import identity
from ..documents.invoice.tax_rows import tax_in
from ..documents.money import MONEY_HELD
from ..documents.payroll import may_be
from ..documents.preview import Preview, Previewed, own_goes
from ..documents.preview_together import skipped, stored_skips
from ..documents.preview_together import stored as stored_links
from ..xero.records.lines import rows_of
from ..xero.records.registry import CREDIT_NOTE, INVOICE, KINDS
from . import preview_asks
from .preview_asks import Asked
from .screen_texts import stored

GO, PART, WAITS, HELD = "Would Go", "Would Go in Part", "Waits for Another", "Would Be Held"
NOT_SENT, IN_XERO, UNTOLD = "Not Sent", "Decided in Xero", "Could Not Be Told"
RANK = {HELD: 0, UNTOLD: 1, PART: 2, WAITS: 3, IN_XERO: 4, NOT_SENT: 5, GO: 6}
OUTCOMES = {"Hold": HELD, "Wait": WAITS, "Unclear": IN_XERO}
APPROVED = "AUTHORISED"
LONGEST = 900


@dataclass
class Known:
    """What speaks against sending beyond the decisions: `lock` is the last day that is locked in Xero ("" for none), `banks` the names of Xero's
    accounts by code and id, `plan` the organisation's, `approved` by (month, "invoices" or "bills") what is approved already, `numbers` what Xero or
    this preview has already, as they are compared, with what it is. By `mapping` (None: not at hand) a document's tax is told from its charges."""

    lock: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    approved: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    counted: Callable[[str, str], int] = lambda month, what: 0
    mapping: Mapping | None = None


def row(doc: Doc, found: Preview, known: Known, requests: int, called: Callable[[str], str] = lambda contact: "") -> dict[str, Any]:
    """The line of a document as columns of Xero Preview Row. `called`: what a contact is called that would be made first."""
    who = identity(doc)
    own = [each for each in found.steps if each.who == who]
    sent = [each for each in own if each.outcome == "Send"]
    problems = [problem for each in found.steps for problem in each.problems if each.outcome in OUTCOMES]
    state = next(
        (state for outcome, state in OUTCOMES.items() if any(each.outcome == outcome for each in found.steps)), GO if sent else NOT_SENT
    )
    kept = 0
    if own_goes(own, who):
        state, problems, kept = _of_what_goes(doc, found, sent, known)
    if state == NOT_SENT:
        problems = [problem for each in own for problem in each.problems]
    main = sent[0] if sent else None
    worth = registry.shown_worth(doc)
    private = may_be(doc) and not sent
    texts = summary(problems) if problems else None
    return {
        "reference_doctype": who.doctype,
        "reference_name": who.name,
        "reference_creation": who.creation,
        "posting_date": doc.get("posting_date"),
        "contact": "" if private else stored(_party(doc))[:200],
        "accounts": stored(_accounts(sent, known))[:500],
        "tax": _text(main.tax) if main else "",
        "total": _text(_total(main)) if main else "",
        "total_here": "" if private else _text(decimal(worth.amount)),
        "tax_here": "" if private else _text(_tax_here(doc, main, known)),
        "currency": (worth.currency or "") if not private else "",
        "target": _targets(sent),
        "state": state,
        "rank": RANK[state],
        "parts_kept": kept,
        "problems": stored(texts.message)[:LONGEST] if texts else "",
        "cure": stored(texts.resolution)[:LONGEST] if texts else "",
        "texts": dump(problems=texts.message, cure=texts.resolution) if texts else "",
        "codes": ",".join(dict.fromkeys(problem.code for problem in problems))[:140],
        "number": stored(_number(main))[:255] if main else "",
        "asks": preview_asks.stored(_asks(sent, called)) if state in (GO, PART) else "[]",
        "made": json.dumps([*stored_links(found.goes), *stored_skips(skipped(found, doc))]),
        "requests": requests,
    }


def _of_what_goes(doc: Doc, found: Preview, sent: list[Previewed], known: Known) -> tuple[str, list[Problem], int]:
    """(state, problems, how many parts do not go with it) of a document whose own record goes: the rest of it may be held, wait, or be refused by Xero,
    as a payment entered in an invoice."""
    refused = [(each, said) for each in sent if (said := [*_refused(doc, each, known)])]
    if refused and refused[0][0] is sent[0]:
        return HELD, [problem for _step, said in refused for problem in said], 0
    kept = [each for each in found.steps if each.outcome in OUTCOMES]
    parts = [each for each in kept if each.who == sent[0].who] or kept
    if (waits := _only_money_waits(found)) and not refused:
        return GO, [waits], len(parts)
    # The payee of a fee is no part of it, but says why the fee is held.
    problems = list(dict.fromkeys(problem for each in kept for problem in each.problems))
    problems += [problem for _step, said in refused for problem in said]
    held = bool(refused) or any(each.outcome == "Hold" for each in kept)
    return PART if held else GO, problems, len(parts) + len(refused)


def _asks(sent: list[Previewed], called: Callable[[str], str]) -> Iterable[Asked]:
    for each in sent:
        contact = (each.body or {}).get("Contact")
        contact_id = str(contact.get("ContactID") or "") if isinstance(contact, dict) else ""
        if one := preview_asks.asked(each, called(contact_id)):
            yield one


def _only_money_waits(found: Preview) -> Problem | None:
    """What is said of a document that goes while its payment, and nothing else of it, waits to be released; None for any other."""
    kept = [each for each in found.steps if each.outcome in OUTCOMES]
    held = [problem for each in kept for problem in each.problems if problem.code == MONEY_HELD]
    if not held or any(each.outcome != "Hold" or each.problems != (held[0],) for each in kept):
        return None
    return replace(held[0], message=_("It goes; its payment waits here until somebody releases it"))


def untold(doc: Doc) -> dict[str, Any]:
    """The line of a document whose preview failed."""
    said = Problem("unexpected", _("What it would become could not be told"), _("Tell your administrator: the Error Log has the details"))
    return {
        **row(doc, Preview([], [], Reads()), Known(), 0),
        **{"state": UNTOLD, "rank": RANK[UNTOLD], "codes": said.code, "problems": str(said.message), "cure": str(said.resolution)},
        "texts": dump(problems=said.message, cure=said.resolution),
    }


def nothing(doc: Doc) -> dict[str, Any]:
    """The line of a document for which nothing is left to do: it was cancelled before it was looked at."""
    said = _("Nothing is left to do for it")
    return {**row(doc, Preview([], [], Reads()), Known(), 0), "problems": str(said), "texts": dump(problems=said)}


def _refused(doc: Doc, step: Previewed, known: Known) -> Iterable[Problem]:
    """What Xero would refuse, as far as that is known here."""
    body = step.body or {}
    date = str(body.get("Date") or "")[:10]
    if known.lock and date and date <= known.lock:
        yield Problem(
            "locked",
            _("It is dated {date}, and Xero's books are locked to {lock}").format(date=day(date), lock=day(known.lock)),
            _("Move the lock date in Xero (Accounting, Advanced, Financial settings), or amend the document with a later date"),
        )
    if step.kind == INVOICE.made_by.name and body.get("Status") == APPROVED:
        yield from _over_the_plan(body, date[:7], known)
    if number := numbered(step):
        there = known.numbers.get(number)
        if there is not None:
            yield preview_asks.taken(number[1], there)
        known.numbers.setdefault(number, f"{doc['doctype']} {doc['name']}")


def _over_the_plan(body: dict[str, Any], month: str, known: Known) -> Iterable[Problem]:
    what = "bills" if body.get("Type") == "ACCPAY" else "invoices"
    most = known.plan.bills if what == "bills" else known.plan.invoices
    if not most or not month:
        return
    place = (month, what)
    if place not in known.approved:
        known.approved[place] = known.counted(month, what)
    known.approved[place] += 1
    if known.approved[place] > most:
        noun = _("bill") if what == "bills" else _("sales invoice")
        yield Problem(
            "plan-limit",
            _("It would be {noun} number {count} of {month}; Xero's plan {plan} lets {most} a month be approved").format(
                noun=noun, count=known.approved[place], month=_month(month), plan=known.plan.name, most=most
            ),
            _("Send it as a draft, wait for the next month, or change the plan at Xero; what a plan allows stands in the table Xero Plan"),
        )


def _month(month: str) -> Text:
    """A month (yyyy-mm) as people write it; its name is translated by the host."""
    return joined(" ", [term(calendar.month_name[int(month[5:7])]), plain(month[:4])])


def numbered(step: Previewed) -> tuple[str, str] | None:
    """The number that Xero lets stand once: of a sales invoice or a customer's credit note; None for what may repeat it."""
    body = step.body or {}
    its = KINDS[step.kind].xero_object if step.kind in KINDS else None
    if its is INVOICE and body.get("Type") == "ACCREC" and body.get("InvoiceNumber"):
        return INVOICE.endpoint, str(body["InvoiceNumber"])
    if its is CREDIT_NOTE and body.get("Type") == "ACCRECCREDIT" and body.get("CreditNoteNumber"):
        return CREDIT_NOTE.endpoint, str(body["CreditNoteNumber"])
    return None


def _targets(sent: list[Previewed]) -> str:
    """The records that steps would make, each as kind of request, status and type; of many those that the column holds."""
    found = ""
    for body, kind in ((each.body or {}, each.kind) for each in sent):
        more = ":".join(str(each or "") for each in (kind, body.get("Status"), body.get("Type")))
        if len(found) + len(more) < 140:
            found += f",{more}" if found else more
    return found


def _total(step: Previewed) -> Decimal | None:
    amount = (step.body or {}).get("Amount")
    return step.total if step.total is not None else decimal(amount) if amount is not None else None


def _number(step: Previewed) -> str:
    return KINDS[step.kind].xero_object.number(step.body or {}) if step.kind in KINDS else ""


def _party(doc: Doc) -> str:
    for name in ("customer_name", "supplier_name", "party_name", "customer", "supplier", "party"):
        if doc.get(name):
            return str(doc[name])
    return ""


def _tax_here(doc: Doc, main: Previewed | None, known: Known) -> Decimal | None:
    return tax_in(doc, known.mapping, main.tax if main else None) if known.mapping else None


def _accounts(sent: list[Previewed], known: Known) -> str:
    codes: list[str] = []
    for each in sent:
        body = each.body or {}
        codes += [str(line["AccountCode"]) for line in rows_of(body) or [] if line.get("AccountCode")]
        for place in ("Account", "BankAccount", "FromBankAccount", "ToBankAccount"):
            named = body.get(place) or {}
            code = named.get("AccountID") or named.get("Code") if isinstance(named, dict) else ""
            codes += [str(code)] if code else []
    return ", ".join(known.accounts.get(code, code) for code in dict.fromkeys(codes))


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{abs(amount):f}"
