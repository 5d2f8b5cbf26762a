"""What a history note says, which records get one, and how it is found again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.identity import Identity
from picortex_xero.documents.translation import Translation
from picortex_xero.extras.note_texts import EVERY, LONGEST, OFF, WITHOUT_LINK, About, about, note, step_role, wanted
from picortex_xero.xero.records.registry import KINDS, OBJECTS, is_extra
from picortex_xero.xero.records.xero_element import worth
from tests.scene.xero_records import find

WHO = Identity("Payment Entry", "PAY-1", "2026-10-20 09:00:00.000000")
SITE = "https://books.example"


def made(role: str = "note-payment-1", who: Identity = WHO, site: str = SITE, revision: int = 1, **changes: Any) -> Translation:
    facts = {"person": "Mere Tui", "on": "2026-10-20 09:00:00.000000", "sent": "2026-10-20 09:00:42.123456", **changes}
    return note(who, role, revision, "k1", site, **facts)


def test_a_note_says_what_who_when_and_where() -> None:
    said = made().body["Details"]
    assert said.startswith("Entered in PiCortex as Payment Entry PAY-1 by Mere Tui on 2026-10-20, sent 2026-10-20 09:00 [PC-")
    assert said.endswith("; https://books.example/app/payment-entry/PAY-1")
    gone = made("note-cancel-payment-1").body["Details"]
    assert gone.startswith("Cancelled in PiCortex: Payment Entry PAY-1, by Mere Tui on 2026-10-20 [PC-")


def test_without_an_address_of_the_site_the_note_goes_without() -> None:
    assert made(site="books").body["Details"].endswith("]")
    assert "/app/payment-entry/PAY-1" in made(site="https://xero-books.example").body["Details"], "only a Url may not hold that word"


def test_no_note_is_longer_than_xero_takes_and_its_mark_survives() -> None:
    long = made(person="x" * 4000)
    assert len(long.body["Details"]) == LONGEST
    assert find(KINDS["note"], long.marker, [long.body])


def test_marks_tell_documents_records_generations_and_cancels_apart() -> None:
    others = [
        made("note-payment-2"),
        made("note-cancel-payment-1"),
        made(revision=2),
        made(who=Identity("Payment Entry", "PAY-1", "2026-10-21 09:00:00.000000")),
    ]
    assert len({each.marker["Mark"] for each in (made(), *others)}) == 5
    assert not find(KINDS["note"], made().marker, [each.body for each in others])
    assert find(KINDS["note"], made().marker, [{"Details": "INV-1 approved"}, {"Details": None}, made(sent="2026-12-01 10:00").body])


@pytest.mark.parametrize("what", [About("payment", 2, False), About("invoice", 1, True), About("credit", 1, False)])
def test_a_steps_role_tells_what_it_is_about(what: About) -> None:
    assert about(step_role(what)) == what and is_extra(step_role(what))


def test_roles_of_documents_are_no_extras() -> None:
    assert not [role for role in ("invoice", "payment-2", "void", "void-payment-2", "allocation-1", "contact") if is_extra(role)]


@pytest.mark.parametrize(
    ("setting", "endpoint", "has_link", "expected"),
    [
        (OFF, "Payments", False, False),
        ("", "Payments", False, False),
        (WITHOUT_LINK, "Payments", True, True),
        (WITHOUT_LINK, "CreditNotes", True, True),
        (WITHOUT_LINK, "BankTransfers", True, True),
        (WITHOUT_LINK, "Invoices", True, False),
        (WITHOUT_LINK, "ManualJournals", True, False),
        (WITHOUT_LINK, "Invoices", False, True),
        (EVERY, "Invoices", True, True),
        (EVERY, "Contacts", True, False),
        (EVERY, "CreditNotes/c1/Allocations", True, False),
    ],
)
def test_which_records_get_a_note(setting: str, endpoint: str, has_link: bool, expected: bool) -> None:
    assert wanted(setting, endpoint, has_link) is expected


def test_every_record_that_can_be_made_is_thought_of() -> None:
    made_at = {kind.home for kind in KINDS.values() if not kind.undo and not kind.extra}
    assert made_at - {"Contacts", "Allocations"} == {each.endpoint for each in OBJECTS if each.takes_notes}


def test_what_a_record_amounts_to() -> None:
    lines = [{"LineAmount": Decimal("80.50")}, {"LineAmount": Decimal("-100")}, {"LineAmount": Decimal("19.50")}]
    assert worth({"JournalLines": lines}) == Decimal("100.00")
    assert worth({"Total": Decimal("115"), "Amount": Decimal("3")}) == Decimal("115")
    assert worth({"TotalAmount": Decimal("7")}) == Decimal("7") and worth({"Amount": Decimal("3")}) == Decimal("3")
    assert worth({"ContactID": "c1"}) is None
