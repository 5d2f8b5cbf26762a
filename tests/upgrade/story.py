"""What happened at the site before it was stopped: recorded cases, troubles of every sort, and what was on its way.

Everything goes through the host's own events and the app's own jobs. `on_its_way` is what the stopped run was about.
"""

from __future__ import annotations

from typing import Any

from sandbox.replay.player import Player
from sandbox.rig import Rig, connect, go_live, map_everything
from tests.e2e import scene
from tests.e2e.telling import make_admin
from tests.e2e.test_files import attach

CHOICES = {
    "opening_documents": "Create",
    "depreciation": "Sent from here",
    "changed_documents": "Update in Xero",
    "history_notes": "Every document",
    "attach_credit_note_pdf": 1,
    "attach_bill_files": 1,
    "attach_journal_files": 1,
}
# Played and sent whole.
WHOLE = (
    "amend-after-sync cancel-unpaid cancel-payment-reenter unreconcile rename-customer payment-several-references receipt-part-unallocated "
    "advance-sales-order return-unpaid-at-once return-refunded bank-fee write-off-deduction is-pos-invoice deferred-revenue journal-plain "
    "journal-bank-spend journal-contra journal-write-off transfer payment-employee foreign-invoice journal-pays-invoice changed-after-submit "
    "deleted-name-reused is-paid-bill opening-invoices cancel-paid-invoice"
).split()
# So many events are sent; the rest is what was on its way.
PARTS = {
    "cancel-one-of-several": 4,
    "amend-bill": 1,
    "payment-in-parts": 2,
    "overpayment": 2,
    "advance-then-invoice": 1,
    "return-part-paid-open": 2,
    "settlement-discount": 1,
    "merchant-fee": 1,
    "bill-payment-nets-debit-note": 2,
    "journal-set-off": 2,
    "journal-advance": 2,
    "return-allocated-later": 2,
    "debit-note-unpaid-at-once": 1,
    "unreconcile-foreign": 2,
    "cancel-payment-foreign": 2,
    "changed-payment": 1,
    "deferred-expense": 2,
    "journal-bank-receive": 0,
    "journal-tax": 0,
    "transfer-two-currencies": 0,
    "advance-to-supplier": 0,
    "same-name-customer-supplier": 0,
    "journal-cancelled": 1,
    "merge-suppliers": 2,
}
# What took back: a write-off, money spent, a transfer, a credit note that is applied, an overpayment.
CANCELLED = ("KO-PAY-00044", "KO-JV-00003", "KO-PAY-00053", "KO-SI-00076", "KO-PAY-00034")
# Named by documents that were sent, by none that was on its way.
RENAMED = (
    ("Account", "Cash - KO", "Petty Cash - KO"),
    ("Account", "Bank Fees - KO", "Bank Charges - KO"),
    ("Cost Center", "South - KO", "South Island - KO"),
    ("Item Tax Template", "Zero-rated - KO", "Zero rated - KO"),
)
KEPT_BILL, DOUBTFUL, ATTACHED = "KO-PI-KEPT", "KO-PI-DOUBT", "KO-PI-00014"


def begin(rig: Rig) -> None:
    """The admin's afternoon, a colleague to tell, and consent for files (which is asked for once they are switched on)."""
    make_admin(rig)
    connect(rig)
    map_everything(rig)
    go_live(rig, "AUTHORISED", **CHOICES)
    connect(rig)
    go_live(rig, "AUTHORISED", **CHOICES)


def cases(rig: Rig) -> dict[str, list[dict[str, Any]]]:
    """The recorded events by case."""
    return {case["case"]: case["events"] for case in rig.recording["cases"]}


def history(rig: Rig, player: Player) -> None:
    """Everything that was sent in peace."""
    recorded = cases(rig)
    for case in WHOLE:
        _sent(rig, player, recorded[case])
    for case, count in PARTS.items():
        _sent(rig, player, recorded[case][:count])
    with rig.frappe():
        player.search()


def _sent(rig: Rig, player: Player, events: list[dict[str, Any]]) -> None:
    with rig.frappe():
        for event in events:
            player.play(event)
            player.drain()


def troubles(rig: Rig, player: Player) -> None:
    """What waits for people, for other steps, for time; last a request that is being looked for in Xero's lists."""
    _renamed(rig)
    _files(rig)
    _kept(rig, player)
    _needs_a_person(rig, player)
    _being_probed(rig, player)


def fresh(record: dict[str, Any], name: str, **changes: Any) -> dict[str, Any]:
    """A recorded document once more under a name of its own; which events came is not recorded of it."""
    made = scene.copied(record, name, **changes)
    return {key: value for key, value in made.items() if key not in ("fired", "ledger", "gone")}


def _played(rig: Rig, player: Player, records: list[dict[str, Any]]) -> None:
    with rig.frappe():
        for record in records:
            player.play(record)


def _drained(rig: Rig, player: Player) -> None:
    with rig.frappe():
        player.drain()


def _renamed(rig: Rig) -> None:
    """What documents name is called otherwise: Frappe writes the new name wherever the old one stands, then tells the app."""
    with rig.frappe() as frappe:
        database = frappe.db._connection
        tables = [
            name for (name,) in database.execute("select name from sqlite_master where type = 'table' and name like 'tab%'").fetchall()
        ]
        for doctype, old, new in RENAMED:
            for table in tables:
                for column in [each[1] for each in database.execute(f"pragma table_info(`{table}`)").fetchall()]:
                    database.execute(f"update `{table}` set `{column}` = ? where `{column}` = ?", (new, old))
            told = frappe.get_hooks("doc_events")[doctype]["after_rename"]
            for path in told if isinstance(told, list) else [told]:
                frappe.get_attr(path)(frappe.get_doc(doctype, new), "after_rename", old, new, False)
        frappe.db.commit()


def _files(rig: Rig) -> None:
    """A file that Xero refuses (skipped)."""
    rig.xero.fault("batch_400", path="/Attachments/", text="The file is not allowed", times=1)
    attach(rig, _document(rig, ATTACHED), "refused.pdf")
    scene.settle(rig, rounds=20)
    rig.xero.clear_faults()


def _kept(rig: Rig, player: Player) -> None:
    """Two bills that nothing tells apart in Xero's answer: their records are kept until a person chooses. One of them is cancelled."""
    bill = _document(rig, "KO-PI-00001")
    pair = [fresh(bill, f"{KEPT_BILL}-{at}", bill_no="ALIKE", amended_from=None) for at in (1, 2)]
    rig.xero.fault("echo", method="PUT|GET", path="/Invoices", where="all", field="Url", operation="missing", times=100_000)
    _played(rig, player, pair)
    _drained(rig, player)
    rig.xero.clear_faults()
    _played(rig, player, [scene.cancelling(pair[0])])
    _drained(rig, player)


def _needs_a_person(rig: Rig, player: Player) -> None:
    """An invoice whose account is mapped nowhere, its payment and its cancel's look waiting for it; one number that is taken in Xero."""
    sale, paying = _document(rig, "KO-SI-00053"), _document(rig, "KO-PAY-00030")
    unmapped = fresh(sale, "KO-SI-UNMAPPED")
    for item in unmapped["doc"]["items"]:
        item["income_account"] = "Marketing Expenses - KO"
    payment = fresh(paying, "KO-PAY-UNMAPPED")
    payment["doc"]["references"][0]["reference_name"] = "KO-SI-UNMAPPED"
    taken = fresh(sale, "KO-SI-TAKEN")
    contact = next(each["ContactID"] for each in rig.xero.documents("Contacts"))
    rig.xero.person(
        "create_invoice", Type="ACCREC", Contact={"ContactID": contact}, Date="2026-10-05", DueDate="2026-11-05", Status="AUTHORISED",
        InvoiceNumber="KO-SI-TAKEN", LineItems=[{"Description": "By hand", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}],
    )  # fmt: skip
    _played(rig, player, [unmapped, payment, taken])
    _drained(rig, player)


def _being_probed(rig: Rig, player: Player) -> None:
    """Three bills in one request whose answer is lost: Xero has the first, has the second without its mark, which is kept for a person to
    choose, and never got the third, of which that is not certain yet."""
    bill = _document(rig, "KO-PI-00001")
    other = _document(rig, "KO-PI-00002")
    three = [fresh(each, f"{DOUBTFUL}-{at}", bill_no=f"D{at}") for at, each in enumerate((bill, bill, other), start=1)]
    rig.xero.fault("error_amid", method="PUT", path="/Invoices$", marker=three[2]["name"], times=1)
    _played(rig, player, three)
    rig.dispatch()
    second = next(each for each in rig.xero.documents("Invoices") if f"/{three[1]['name']}?" in (each.get("Url") or ""))
    rig.xero.person("edit_invoice", InvoiceID=second["InvoiceID"], Url="https://example.com/other")
    rig.xero.clear_faults()
    rig.advance(60)
    rig.dispatch()


def on_its_way(rig: Rig, player: Player) -> None:
    """Nothing of this is sent: it is submitted, cancelled, renamed, and the run that comes is stopped."""
    recorded = cases(rig)
    with rig.frappe():
        for case, count in PARTS.items():
            for event in recorded[case][count:]:
                player.play(event)
            if case == "unreconcile-foreign":
                for name in CANCELLED:
                    player.play({key: value for key, value in scene.cancelling(_document(rig, name)).items() if key != "fired"})
    attach(rig, _document(rig, ATTACHED), "waiting.pdf")


def _document(rig: Rig, name: str) -> dict[str, Any]:
    return next(each for each in rig.documents if each["name"] == name and each["event"] == "submit")
