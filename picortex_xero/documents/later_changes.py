"""What becomes of a document that is in Xero and was changed in ERPNext without being cancelled. Steps "recheck-n".

ERPNext unlinks payments from cancelled or unreconciled invoices by SQL, without an event of the payment (observed on ERPNext 15.71), and
lets people change accounts, cost centres and references after the submit. An invoice or credit note is compared with Xero line by line. A
payment that now settles other invoices is taken back ("undo-..." steps) and sent again in a further revision; an over- or prepayment stays
in Xero and only its allocations change. A journal or transfer is sent again where the Xero Connection says so, else a person makes the
change in Xero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from ..accounting.called import Called
from ..accounting.money import ZERO, decimal, half_up
from ..accounting.problems import Problem, Refused
from ..accounting.texts import Text, _, joined, term
from ..xero.records import xero_element
from ..xero.records.registry import object_at
from . import closed_periods
from .as_opening import OWED_SINCE
from .base import Action, Books, InXero, Plan, Reads
from .compare_linked import compare_again
from .credit_note.credit_note import credit_note
from .decisions import (
    Ask,
    Decision,
    Differs,
    Effect,
    LookAgain,
    Overtake,
    Release,
    Remember,
    Seen,
    Send,
    Wait,
    done,
    hold,
    overtaken,
    refused,
)
from .fact_types import HEAD, LINKS, PAYING_BACK, SETTLING_DOCUMENTS, STEPS, Named
from .fingerprint import Fingerprint
from .identity import INVOICE_DOCTYPES
from .invoice.booked import needs_of_ledger, with_ledger
from .invoice.comparison import differences
from .invoice.invoice import invoice
from .journal_entry.as_settlement import settlement as of_journal
from .journal_entry.read_journal import needs_of_journal, told_apart
from .needs import NOTHING, Facts, Needs
from .payment_entry.as_settlement import parts
from .picture import ACCEPTED, as_kept, picture, stored
from .picture import differences as differences_of_pictures
from .putting_back import REMOVED_FIRST, put_back
from .removed import ON_BOTH_SIDES, gone_from_xero
from .role import taken_back
from .rules.words import SKIPS
from .settlement.advances import allocated_to, share_of
from .settlement.document_in_xero import needs_of_cancels
from .settlement.of_people import says_otherwise
from .settlement.refunds import as_known, needs_of_refunds
from .settlement.settlement import SettledDocument
from .settlement.taken_off import balance, is_owed_again, owed_again
from .step import ASKED, HELD, IN_FLIGHT, OWED, PENDING, PUT_BACK, SKIPPED, Link, Step, own_links, own_steps
from .translation import Translation
from .unchanged import agrees_with, needs_of_renamings, still_says

Doc = dict[str, Any]
# The states of a step that goes on by itself.
MOVES = (PENDING, *IN_FLIGHT)


def action(fingerprint: Fingerprint, first_role: Callable[[Doc], str]) -> Action:
    """The action for "recheck" steps. `fingerprint` is the hash of what of a document goes to Xero, `first_role` the role of its first
    step."""
    return Action(partial(plan, fingerprint, first_role), partial(needs, fingerprint), compares_itself=True)


def needs(fingerprint: Fingerprint, step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """First the facts that tell whether the document has changed; then, if it has, those of its allocations."""
    named = (step.who.doctype, step.who.name)
    found = needs_of_refunds([named])
    if step.who.doctype in INVOICE_DOCTYPES:
        found |= needs_of_ledger(doc) | HEAD.of([named])
    linked = facts.known(LINKS, named)
    if linked is None or facts.missing(found):
        return found
    live = [link for link in own_links(linked, step.who) if link.live]
    if step.who.doctype in INVOICE_DOCTYPES and (facts.get(HEAD, named) or {}).get(OWED_SINCE):
        found |= needs_of_cancels(named, facts)
    doc = as_known(doc, facts)
    found |= needs_of_renamings(doc, live, fingerprint)
    credits = [link.xero_id for link in live if object_at(link.endpoint).is_advance]
    return found | PAYING_BACK.of(credits) | (_needs_of_allocations(doc) if credits else NOTHING)


def _needs_of_allocations(doc: Doc) -> Needs:
    rows = [(row["reference_doctype"], row["reference_name"]) for row in doc.get("references") or []]
    rows += [(row.get("reference_type"), row.get("reference_name")) for row in doc.get("accounts") or []]
    settled = [named for named in rows if named[0] in INVOICE_DOCTYPES]
    return HEAD.of(settled) | LINKS.of(settled) | (needs_of_journal(doc) if "accounts" in doc else NOTHING)


def plan(fingerprint: Fingerprint, first_role: Callable[[Doc], str], step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """What the change needs: further steps, a comparison with Xero, or a person."""
    named = (step.who.doctype, step.who.name)
    steps = own_steps(facts.get(STEPS, named), step.who)
    effects: list[Effect] = []
    for each in steps:
        if each.in_flight and not each.role.is_extra:
            return Decision(Wait(on=each.name), tuple(effects))
        if each.role.looks_again and each.name != step.name and each.unsent:
            if each.mark == PUT_BACK and each.state == PENDING and step.mark != PUT_BACK:
                # A person wants all of it put back as it is here: that compares what has changed here since as well.
                return overtaken(_("It is put back in Xero as it is here"))
            effects.append(Overtake(each.name, _("It is looked at again")))
    live = [link for link in own_links(facts.get(LINKS, named), step.who) if link.live]
    if not live:
        # Steps that are held, or skipped by a rule, are decided anew on the document as it is now.
        waiting = [Release(each.name) for each in steps if _is_kept_back(each) and not each.role.takes_back]
        return overtaken(_("Nothing of it was in Xero yet"), *effects, *waiting)
    if step.mark == PUT_BACK:
        whole = next((link for link in live if link.part in ("invoice", "credit") and object_at(link.endpoint).updated_by), None)
        if problems := closed_periods.of_day(step, doc, str(doc.get("posting_date") or ""), books):
            return hold(*problems)
        if whole:
            return put_back(step, with_ledger(doc, facts), whole, books, agrees_with(doc, whole, fingerprint))
        return done(*_entered_again(doc, first_role(doc), steps, live)) if all(each.endpoint in REMOVED_FIRST for each in live) else done()
    if told := _owed_again(step, steps, live, facts):
        return told.with_effects(*effects)
    if step.mark == OWED:
        # What was owed again is settled before anybody has seen to it: nothing counts as seen to.
        effects.append(Remember({"mark": ""}))
    doc = as_known(doc, facts)
    if (same := still_says(doc, live, facts, fingerprint)) is not None:
        if step.tries and (otherwise := next((link for link in live if link.sent), None)):
            # Its change went to Xero, which keeps it otherwise than it was sent: a person's Retry compares that again.
            return compare_again(step, doc, otherwise)
        return done(*effects, *same)
    said = tuple(agrees_with(doc, link, fingerprint) for link in live)
    whole = next((link for link in live if link.part in ("invoice", "credit") and object_at(link.endpoint).updated_by), None)
    if whole and step.who.doctype in INVOICE_DOCTYPES:
        return _compared(step, with_ledger(doc, facts), whole, books, agrees_with(doc, whole, fingerprint), tuple(effects))
    if any(object_at(link.endpoint).is_advance for link in live):
        return done(*effects, *_allocations(named, steps, _settled(doc, facts, books), live, facts), *said)
    if any(link.entered_by_people for link in live):
        return Decision(hold(says_otherwise(step.who.name)).outcome, tuple(effects))
    if any(object_at(link.endpoint).settles for link in live):
        return done(*effects, *_entered_again(doc, first_role(doc), steps, live))
    if step.mark == ASKED:
        # A person has pressed Retry, which says that the change was made in Xero.
        return done(*effects, *said)
    if books.update_changed:
        return done(*effects, *_entered_again(doc, first_role(doc), steps, live))
    return Decision(hold(_make_it_in_xero(doc)).outcome, (*effects, Remember({"mark": ASKED})))


def _owed_again(step: Step, steps: list[Step], live: list[Link], facts: Facts) -> Decision | None:
    """What a person is told, and has seen to, where less is settled of an opening document than when it went to Xero; None where nothing is."""
    named = (step.who.doctype, step.who.name)
    own = next((link for link in live if link.part == "invoice"), None)
    known = balance(facts.known(HEAD, named), own) if own and named[0] in INVOICE_DOCTYPES else None
    amount = owed_again(known, (each for each in steps if each.role.looks_again and each.name != step.name)) if known else ZERO
    if known is None or amount == ZERO:
        return None
    # What settles it is still being taken off there, or is about to be.
    steps_of_settlers = (each for settler in facts.get(SETTLING_DOCUMENTS, named) for each in facts.get(STEPS, settler))
    if coming := next(
        (each for each in steps_of_settlers if each.state in MOVES and (each.role.takes_back or each.role.looks_again)), None
    ):
        return Decision(Wait(on=coming.name))
    if step.mark == OWED and step.tries and step.amount == half_up(amount):
        # A person has pressed Retry, which says that it was seen to in Xero.
        return done()
    # What is looked at again for another reason meanwhile is no Retry.
    return hold(is_owed_again(step.who.name, known, amount)).with_effects(Remember({"mark": OWED, "amount": half_up(amount), "tries": 0}))


def _is_kept_back(step: Step) -> bool:
    return step.state == HELD or (step.state == SKIPPED and step.reason_code in SKIPS)


def _entered_again(doc: Doc, first: str, steps: list[Step], live: list[Link]) -> list[Effect]:
    """Take the records back and send the document again as it is now, in a further revision."""
    why = _("{name} has changed here and is entered again").format(name=doc["name"])
    unsent = [each for each in steps if each.unsent and not (each.role.takes_back or each.role.looks_again)]
    again = Ask(first, revision=max(each.revision for each in steps) + 1)
    return [*(Overtake(each.name, why) for each in unsent), *map(_undo, live), again]


def _undo(link: Link) -> Ask:
    return Ask(taken_back(link.part, link.number, cancelled=False), revision=link.revision)


def _settled(doc: Doc, facts: Facts, books: Books) -> tuple[SettledDocument, ...]:
    """What a payment settles, or a journal that is one; nothing for a journal that is no payment any more."""
    if "accounts" not in doc:
        return parts(doc)
    found = of_journal(told_apart(doc, facts, books))
    return found.parts if found else ()


def _allocations(settler: Named, steps: list[Step], parts: tuple[SettledDocument, ...], live: list[Link], facts: Facts) -> list[Effect]:
    """Add steps that undo allocations to invoices no longer settled here, and steps that allocate to those newly settled."""
    settled = [part for part in parts if part.doctype in INVOICE_DOCTYPES]
    shares = [share_of(part, settler, facts) for part in settled]
    wanted: dict[str, Decimal] = {}
    for share in shares:
        if share.found:
            wanted[share.found.xero_id] = wanted.get(share.found.xero_id, ZERO) + share.wanted
    allocations = [link for link in live if link.part == "allocation"]
    allocated = {**dict.fromkeys((link.marker["InvoiceID"] for link in allocations), ZERO), **allocated_to(live)}
    found: list[Effect] = [
        _undo(link) for link in allocations if allocated[link.marker["InvoiceID"]] > wanted.get(link.marker["InvoiceID"], ZERO)
    ]
    allocating = [each for each in steps if each.role.part == "allocation" and not each.role.takes_back]
    # An invoice that is still on its way is allocated by a step that waits for it, where none does already.
    on_its_way = len(wanted) < len(settled) and not any(each.unfinished for each in allocating)
    if on_its_way or any(amount != allocated.get(invoice_id, ZERO) for invoice_id, amount in wanted.items()):
        number = max([0, *(each.role.number for each in allocating)]) + 1
        found.append(Ask(f"allocation-{number}", revision=max(link.revision for link in live)))
    # A refund of it may be referenced on the advance only.
    credits = [link.xero_id for link in live if object_at(link.endpoint).is_advance]
    return [*found, *(LookAgain(who) for credit in credits for who in facts.get(PAYING_BACK, credit))]


def _make_it_in_xero(doc: Doc) -> Problem:
    return Problem(
        "changed-after-submit",
        _("{doctype} {name} was changed here after it had gone to Xero").format(doctype=term(doc["doctype"]), name=doc["name"]),
        _("Make the same change in Xero (accounts, cost centres, references); then press Retry, which says that it is done"),
        held=True,
    )


@dataclass(frozen=True)
class CompareLines(Plan):
    """Compare an invoice or credit note that was changed here with Xero, before anything is sent. `wanted` is the element that the document
    makes now; `update`: send the change to Xero, if Xero allows it on that record."""

    wanted: Translation = field(default_factory=lambda: Translation({}, {}))
    agreed: Seen = Seen("")
    update: bool = False
    effects: tuple[Effect, ...] = ()

    def reads(self) -> Reads:
        """The record itself."""
        return Reads(records=frozenset([(self.kind.endpoint, self.xero_id)]))

    def decide(self, shown: InXero) -> Decision:
        """Done where they agree; else the change is sent, or left to a person."""
        decision = self._decide(shown.record(self.kind.endpoint, self.xero_id) or {}, shown.called)
        return Decision(decision.outcome, (*self.effects, *decision.effects))

    def _decide(self, element: dict[str, Any], called: Called) -> Decision:
        assert self.link is not None
        # What was sent before descriptions were has the items' names alone in Xero.
        found = differences(self.wanted.body, element, not self.agreed.version, called)
        name = self.doc["name"]
        used = any(decimal(element.get(part)) for part in ("AmountPaid", "AmountCredited")) or bool(element.get("Allocations"))
        if xero_element.gone(element):
            return hold(gone_from_xero(name, element["Status"])).with_effects(Seen(self.link.name, status=element["Status"]))
        of = object_at(self.link.endpoint)
        now = picture(of, element)
        if not found:
            seen = replace(self.agreed, status=element.get("Status", ""), lines_agree=bool(self.link.sent), picture=stored(now))
            return done(seen)
        if self.link.picture.get(ACCEPTED):
            # Its coding there is a person's, and stays: the document can never agree with it line by line.
            if self.step.mark == ASKED:
                return done(replace(self.agreed, status=element.get("Status", ""), picture=stored({**now, ACCEPTED: True})))
            return hold(_accepted_there(name, found)).with_effects(Remember({"mark": ASKED}))
        # Where Xero kept our own request otherwise (`sent`), nobody has changed it there.
        if not self.link.sent and (edited := differences_of_pictures({**as_kept(of, self.link), "Contact": ""}, now, called)):
            listed = Differs(self.link.name, ON_BOTH_SIDES, tuple(edited), element, xero_element.updated(element))
            return hold(_changed_on_both(name, found, edited)).with_effects(listed)
        if self.update and not used:
            return Decision(Send(self.wanted))
        if self.update and not any(each.startswith(("line", "there are")) for each in found):
            # Xero still changes the other fields of a paid invoice, as long as no lines are sent.
            body = {part: value for part, value in self.wanted.body.items() if not part.startswith("Line")}
            return Decision(Send(replace(self.wanted, body=body)))
        return hold(_differs(name, found, used and self.update))


def _compared(step: Step, doc: Doc, link: Link, books: Books, agreed: Seen, effects: tuple[Effect, ...]) -> Plan | Decision:
    """The comparison of a changed invoice or credit note with Xero."""
    if link.was_there_before:
        # The record was in Xero before (adopted): its lines were never ours, so they are not compared.
        return done(*effects, agreed)
    of = object_at(link.endpoint)
    kind = of.updated_by
    assert kind is not None
    try:
        # The contact is neither compared nor changed.
        if doc.get("is_return"):
            made = credit_note(doc, books.mapping, "")
        else:
            made = invoice(doc, books.mapping, "", books.site_url, books.instance, link.revision)
    except Refused as error:
        return Decision(refused(error).outcome, effects)
    body = {kind.id_field: link.xero_id, **{name: made.body[name] for name in of.changeable if name in made.body}}
    wanted = Translation(body, {kind.id_field: link.xero_id}, made.total, made.tax)
    chain = frozenset({step.who.digest})
    return CompareLines(step, doc, kind, chain, "", link.xero_id, link, wanted, agreed, books.update_changed, effects)


def _accepted_there(name: str, found: list[Text]) -> Problem:
    return Problem(
        "changed-after-submit",
        _("{name} was changed here after it had gone to Xero, where it has other accounts or taxes that were accepted: {found}").format(
            name=name, found=joined("; ", found)
        ),
        _("Make in Xero what was changed here, as far as it is to be there; then press Retry, which says that it is done"),
        held=True,
    )


def _changed_on_both(name: str, found: list[Text], edited: list[Text]) -> Problem:
    return Problem(
        "changed-after-submit",
        _("{name} was changed here after it had gone to Xero ({found}), and in Xero too: {edited}").format(
            name=name, found=joined("; ", found), edited=joined("; ", edited)
        ),
        _("Let both agree: change it in Xero, or here; then press Retry on {name}, and both are compared again").format(name=name),
        held=True,
    )


def _differs(name: str, found: list[Text], used: bool) -> Problem:
    known = {"name": name, "found": joined("; ", found)}
    if used:
        message = _("{name} was changed here after it had gone to Xero: {found}; Xero changes no lines of what is paid or applied").format(
            **known
        )
    else:
        message = _("{name} was changed here after it had gone to Xero: {found}").format(**known)
    return Problem(
        "changed-after-submit",
        message,
        _("Make the change in Xero, or undo it here; then press Retry on {name}, and both are compared again").format(name=name),
        held=True,
    )
