"""What the documents of lately would come to if they went to Xero now: how many would go, and which choices the others would wait for.

The live decisions without the last step (documents/preview): reads ERPNext only, writes nothing, makes no call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import frappe

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.problems import Problem
from ..accounting.texts import Text
from ..compat import let_pass
from ..documents import registry
from ..documents.base import Books, Doc
from ..documents.fact_types import DOCUMENT
from ..documents.identity import identity
from ..documents.needs import Facts
from ..documents.preview import own_goes, preview
from .contexts import books_of
from .gather import load

SUBMITTED = 1
# A document all of whose own steps come to this has nothing to do in Xero: it tells nothing of the mapping.
NEEDS_NOTHING = ("Skip", "Done", "Overtaken")
# What an admin chooses on the screens of the set-up. That a payment's invoice is not in Xero yet is no choice: before going live none is.
CHOICES = (
    causes.ACCOUNT,
    causes.TAX,
    causes.PAYMENT_ACCOUNT,
    causes.TRACKING,
    causes.DEDUCTION,
    causes.SETTING,
    causes.XERO_ACCOUNT,
    causes.XERO_TAX,
)


@dataclass(frozen=True)
class Missing:
    """A choice that documents would wait for: its kind and key (accounting/causes), what is said and what to do, and how many documents."""

    kind: str
    key: str
    message: Text
    cure: Text
    documents: int


@dataclass(frozen=True)
class Outlook:
    """Of `documents` that have something to do in Xero, so many would wait for a choice; `missing` has these, the ones first for which most wait, whole or
    in part: a document whose own record goes does not wait, whatever is held of it. `unclear` could not be judged."""

    documents: int
    waiting: int
    unclear: int
    missing: tuple[Missing, ...]


def outlook(connection: str, since: str, most: int) -> Outlook:
    """The newest documents dated `since` (yyyy-mm-dd) or later, `most` of each DocType."""
    settings = frappe.get_doc("Xero Connection", connection)
    books = replace(books_of(settings), go_live_date="")
    found: dict[Cause, list[Problem]] = {}
    documents = waiting = unclear = 0
    for doc in _newest(books, since, most):
        try:
            judged = _of(doc, books)
        except Exception as error:
            # One document that cannot be judged keeps nobody from seeing the others.
            let_pass(error)
            frappe.log_error(title=f"Xero: what {doc['name']} would become could not be told"[:140])
            documents, unclear = documents + 1, unclear + 1
            continue
        if judged is None:
            continue
        problems, goes = judged
        documents += 1
        waiting += bool(problems) and not goes
        for cause, problem in problems.items():
            found.setdefault(cause, []).append(problem)
    missing = [Missing(cause.kind, cause.key, said[0].message, said[0].resolution, len(said)) for cause, said in found.items()]
    return Outlook(documents, waiting, unclear, tuple(sorted(missing, key=lambda each: (-each.documents, each.kind, each.key))))


def _newest(books: Books, since: str, most: int) -> Iterator[Doc]:
    for doctype in registry.SUBMITTED:
        filters = {"company": books.company, "docstatus": SUBMITTED, "posting_date": (">=", since)}
        names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="posting_date desc", limit=most)
        facts = Facts()
        load(books, DOCUMENT.of([(doctype, name) for name in names]), facts)
        for name in names:
            if doc := facts.get(DOCUMENT, (doctype, name)):
                yield doc


def _of(doc: Doc, books: Books) -> tuple[dict[Cause, Problem], bool] | None:
    """The choices that a document, or a part of it, would wait for, each with the problem that says so; and whether its own record goes. None where it
    has nothing to do in Xero."""
    found: dict[Cause, Problem] = {}
    steps, who = preview(doc, books, lambda needs, facts: load(books, needs, facts)), identity(doc)
    if all(each.outcome in NEEDS_NOTHING for each in steps if each.who == who):
        return None
    for step in steps:
        for problem in step.problems if step.outcome == "Hold" else ():
            # Any of its causes may cure it: it is counted with the first.
            if cause := next((each for each in causes.of(problem.code, problem.causes) if each.kind in CHOICES), None):
                found.setdefault(cause, problem)
    return found, own_goes(steps, who)
