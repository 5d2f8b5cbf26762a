"""Mapping asks for every tax that documents use, also where only journals use it, and for accounts that were disabled since documents named them."""

from __future__ import annotations

from decimal import Decimal

from picortex_xero.mapping_screen.journal_taxes import JournalTax, found
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.mapping_screen import lately, shown, unmap


def test_a_tax_that_only_journals_use_is_asked_for_and_so_is_an_account_that_was_disabled_since(rig: Rig) -> None:
    unmap(rig)
    suffix = rig.company["abbr"]
    bank = "Trading Account"
    lately(
        rig,
        [
            scene.journal(rig, ("Office Rent", 1000.0), ("GST", 150.0), (bank, -1150.0), name="JV-1"),
            scene.journal(rig, ("Office Rent", 20.03), ("GST", 3.0), (bank, -23.03), name="JV-2"),
            # Paid to the tax office: no tax of anything.
            scene.journal(rig, ("GST", 500.0), (bank, -500.0), name="JV-3"),
        ],
    )
    rows = shown(rig, "taxes")["rows"]
    rent = rows[f"Purchases · GST - {suffix} @ 15"]
    assert (rent["documents"], rent["amount"], rent["open"]) == (2, "1020.03", True)
    assert not rows[f"Sales · GST - {suffix} @ 15"]["documents"] and [each["label"] for each in rows.values() if each["open"]] == [
        rent["label"]
    ]
    rest = f"Office Rent - {suffix}"
    assert rest in shown(rig, "accounts")["rows"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Account", rest, "disabled", 1))
    assert rest not in shown(rig, "accounts")["rows"], "no ledger row names it"
    sale = next(record for record in rig.documents if record["doctype"] == "Sales Invoice")
    used = next(row["account"] for row in sale["gl"] if row["account"].startswith("Sales - "))
    lately(rig, [sale])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Account", used, "disabled", 1))
    row = shown(rig, "accounts")["rows"][used]
    assert row["documents"] == 1 and row["open"]


def test_what_a_journals_tax_comes_to_tells_which_of_an_accounts_taxes_it_is() -> None:
    known = ["VAT @ 7", "VAT @ 19", "VAT @ 0", "CGST @ 9 + SGST @ 9", "VAT @ 19 + Reverse @ -19", "No tax"]

    def taxes(*journals: tuple[str, str, int, str]) -> list[tuple[str, str]]:
        made = [JournalTax(first, last, heads, True, "Expense", Decimal(rate), 2, "10.00") for first, last, heads, rate in journals]
        return [(each.direction, each.tax) for each in found(made, known)]

    assert taxes(("VAT", "VAT", 1, "19.0"), ("VAT", "VAT", 1, "6.9")) == [("Purchases", "VAT @ 19"), ("Purchases", "VAT @ 7")]
    # Not all of its rows are taxed; two taxes on the same rows; an account of which no tax is known; a journal that corrects tax.
    assert taxes(("VAT", "VAT", 1, "12.5")) == [("Purchases", "VAT @ 19")]
    assert taxes(("CGST", "SGST", 2, "18")) == [("Purchases", "CGST @ 9 + SGST @ 9")]
    assert taxes(("New Tax", "New Tax", 1, "15.0"), ("VAT", "VAT", 1, "1234")) == [("Purchases", "New Tax @ 15")]
