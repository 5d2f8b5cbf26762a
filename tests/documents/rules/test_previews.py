"""A preview of one document, and of several, says what rules make of them."""

from __future__ import annotations

from dataclasses import replace

from picortex_xero.documents.preview_together import Together, kept_skips, skipped, stored_skips
from tests.documents.preview_scene import INVOICE as SOLD
from tests.documents.preview_scene import scene_of
from tests.documents.rules.scene import policy, rule
from tests.documents.settlement.scene import chosen_books
from tests.scene.documents import payment_entry, reference

PAID = payment_entry([reference("SINV-1", 115.0)], 115.0, docstatus=1, company="Kauri Services")
SKIPS = replace(chosen_books(), rules=replace(policy(), rules={"Invoice": (rule("Out", "Skip"),)}))


def test_one_document() -> None:
    (found,) = [each for each in scene_of(SOLD).preview(SOLD, SKIPS) if each.role == "invoice"]
    assert (found.outcome, found.rule, [each.code for each in found.problems]) == ("Skip", "Out", ["rule-skipped"])


def test_what_pays_a_skipped_invoice_follows_it_in_a_preview_of_both() -> None:
    scene = scene_of(PAID)
    scene.documents["Sales Invoice", "SINV-1"] = SOLD
    together = Together(SKIPS, scene.load)
    first = together.preview(SOLD)
    # What a slice of a preview keeps is what the next one goes on with.
    kept = stored_skips(skipped(first, SOLD))
    together = Together(SKIPS, scene.load)
    together.skip(kept_skips(kept))
    (found,) = [each for each in together.preview(PAID).steps if each.role == "payment"]
    assert (found.outcome, found.rule, [each.code for each in found.problems]) == ("Skip", "Out", ["follows-skipped"])
