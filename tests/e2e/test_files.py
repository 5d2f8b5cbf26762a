"""Files that follow a document to Xero: the host's PDF, the supplier's original; off unless switched on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.files import FILES, attach, content, file_steps, files, switch, uploads


def drafted(rig: Rig, record: scene.Record) -> None:
    """The document as it was before its submit, so that something can be attached to it."""
    from sandbox.host import storage

    scene.with_site(rig, lambda _: storage.store({**record["doc"], "docstatus": 0}))


def test_nothing_goes_along_unless_it_is_switched_on(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    drafted(rig, bill)
    attach(rig, bill)
    rig.play([bill, *scene.invoices(rig)])
    scene.settle(rig)
    attach(rig, bill, "later.pdf")
    scene.settle(rig)
    assert not file_steps(rig) and not uploads(rig)


def test_the_invoice_pdf_and_the_suppliers_original_follow(attaching: Rig) -> None:
    (bill,), (sale,) = scene.bills(attaching), scene.invoices(attaching)
    drafted(attaching, bill)
    file = attach(attaching, bill, "Rechnung 7.pdf")
    sale["doc"]["language"] = "mi"
    attaching.play([bill, sale])
    scene.settle(attaching)
    kept = files(attaching)
    original = f"{bill['name']}-Rechnung-7-{file[:6]}.pdf"
    assert set(kept) == {f"{sale['name']}.pdf", original}
    assert {each["MimeType"] for each in kept.values()} == {"application/pdf"} and not any(each["IncludeOnline"] for each in kept.values())
    sent = {call["path"].rpartition("/")[2]: call for call in uploads(attaching)}
    assert sent[original]["headers"]["content-type"] == "application/pdf"
    assert content(attaching, "Invoices", original) == b"%PDF-1.4 \xff original"
    printed = content(attaching, "Invoices", f"{sale['name']}.pdf")
    assert printed.startswith(b"%PDF-") and sale["name"].encode() in printed and b"lang='mi'" in printed
    assert {row["state"] for row in attaching.steps()} == {"Synced"}


@pytest.mark.case("B13")
@pytest.mark.parametrize(
    ("layout", "of_layout", "of_site", "printed"),
    [
        ("Tax Invoice", "chrome", "wkhtmltopdf", b"Tax Invoice by chrome"),
        ("Tax Invoice", "wkhtmltopdf", "chrome", b"Tax Invoice by wkhtmltopdf"),
        ("", "", "chrome", b"Standard by chrome"),
        ("", "", "", b"Standard by wkhtmltopdf"),
    ],
)
def test_a_pdf_is_printed_as_the_host_prints_it(attaching: Rig, layout: str, of_layout: str, of_site: str, printed: bytes) -> None:
    """With the default print format of the DocType and its generator, else with that of Print Settings, whatever was printed before."""

    def work(frappe: Any) -> None:
        (text,) = frappe.db.sql("select definition from __doctype where name = 'Sales Invoice'")[0]
        definition = json.dumps({**json.loads(text), "default_print_format": layout})
        frappe.db.sql("update __doctype set definition = %s where name = 'Sales Invoice'", (definition,))
        if layout:
            frappe.get_doc({"doctype": "Print Format", "name": layout, "pdf_generator": of_layout}).insert(ignore_permissions=True)
        frappe.db.sql("insert into tabSingles values ('Print Settings', 'pdf_generator', %s)", (of_site,))

    scene.with_site(attaching, work)
    sales = scene.invoices(attaching, 2)
    attaching.play(sales)
    scene.settle(attaching)
    assert all(printed in content(attaching, "Invoices", f"{sale['name']}.pdf") for sale in sales)


def test_returns_and_journals_take_theirs(attaching: Rig) -> None:
    (bill,), (sale,) = scene.bills(attaching), scene.invoices(attaching)
    credit, debit = scene.returned(sale, at_once=False), scene.returned(bill, at_once=False)
    entry = scene.journal(attaching, ("Office Rent", -10.0), ("Travel Expenses", 10.0))
    for record in (debit, entry):
        drafted(attaching, record)
        attach(attaching, record, "why.txt", "because: ā")
    attaching.play([bill, sale, credit, debit, entry])
    scene.settle(attaching)
    assert len(files(attaching, "CreditNotes")) == 2
    (name,) = files(attaching, "ManualJournals")
    assert name.startswith("JV-1-why") and content(attaching, "ManualJournals", name) == "because: ā".encode()


def test_what_is_attached_after_the_submit_follows_too(attaching: Rig) -> None:
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    before = attach(attaching, bill, "before.pdf")
    assert [row["role"] for row in file_steps(attaching)] == [f"attachment-{before}"]
    scene.settle(attaching)
    attach(attaching, bill, "after.png", b"\x89PNG\xff")
    scene.settle(attaching)
    assert sorted(name.split("-")[-2] for name in files(attaching)) == ["after", "before"]


def test_two_files_of_one_name_both_arrive(attaching: Rig) -> None:
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill, "scan.pdf", b"%PDF one \xff")
    attach(attaching, bill, "scan.pdf", b"%PDF two \xff")
    scene.settle(attaching)
    assert len(files(attaching)) == 2


def test_a_file_of_anything_else_costs_nothing_and_never_fails(attaching: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import capture

    (sale,), (bill,) = scene.invoices(attaching), scene.bills(attaching)
    attaching.play([sale, bill])
    scene.settle(attaching)
    attach(attaching, sale, "signed.pdf")
    attach(attaching, {"doctype": "Customer", "name": sale["doc"]["customer"]}, "contract.pdf")
    scene.with_site(attaching, lambda frappe: frappe.get_doc({"doctype": "File", "file_name": "a.pdf", "content": b"x"}).insert())
    assert [row["role"] for row in file_steps(attaching)] == ["attachment-print"]

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no such table")

    monkeypatch.setattr(capture.outbox, "add", broken)
    file = attach(attaching, bill)
    assert scene.with_site(attaching, lambda frappe: frappe.db.exists("File", file)), "the upload stands"
    assert bill["name"] in str(scene.error_log(attaching))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.exe", b"MZ\xff", "file-type"),
        ("huge.pdf", b"\xff" * 10_000_001, "file-too-large"),
        ("empty.pdf", b"", "file-empty"),
    ],
)
def test_what_does_not_fit_is_skipped_and_says_why(attaching: Rig, name: str, content: bytes, code: str) -> None:
    from picortex_xero.api import status

    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill, name, content)
    scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert row["state"] == "Skipped" and row["reason_code"] == code and bill["name"] in row["reason"] and row["cure"]
    shown = scene.with_site(attaching, lambda _: status.document_status("Purchase Invoice", bill["name"]))
    assert shown["message"] == "In Xero"
    assert [(each["what"], each["state"]) for each in shown["extras"]] == [("File", "Not sent to Xero")] and shown["extras"][0][
        "reason"
    ] == row["reason"]
    assert not uploads(attaching)


def test_ten_files_a_document(attaching: Rig) -> None:
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    for number in range(11):
        attach(attaching, bill, f"page {number}.pdf", f"%PDF {number} \xff".encode("latin-1"))
    scene.settle(attaching)
    assert len(files(attaching)) == 10 and len(uploads(attaching)) == 10
    assert [row["reason_code"] for row in file_steps(attaching) if row["state"] == "Skipped"] == ["file-too-many"]


def test_a_link_to_elsewhere_and_a_lost_file_are_skipped(attaching: Rig) -> None:
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill, "drive.pdf", None, file_url="https://drive.example/drive.pdf")
    lost = attach(attaching, bill, "lost.pdf")
    for path in attaching.site.rglob("lost.pdf"):
        path.unlink()
    scene.settle(attaching)
    codes = {row["role"]: row["reason_code"] for row in file_steps(attaching)}
    assert sorted(codes.values()) == ["file-elsewhere", "file-unreadable"] and codes[f"attachment-{lost}"] == "file-unreadable"


def test_a_print_that_fails_is_skipped_and_can_be_tried_again(attaching: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.api import status
    from picortex_xero.extras import files as module

    def broken(_: Any) -> bytes:
        raise OSError("No wkhtmltopdf executable found")

    (sale,) = scene.invoices(attaching)
    with monkeypatch.context() as patch:
        patch.setattr(module, "_printed", broken)
        attaching.play([sale])
        scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert row["state"] == "Skipped" and "wkhtmltopdf" in row["reason"]
    assert scene.with_site(attaching, lambda _: status.retry("Sales Invoice", sale["name"])) == 1
    scene.settle(attaching)
    assert set(files(attaching)) == {f"{sale['name']}.pdf"}


@pytest.mark.parametrize(
    ("fault", "wait"), [("drop_after", 30), ("drop_after", 900), ("drop_before", 30), ("drop_before", 900), ("truncated", 30)]
)
def test_a_lost_answer_leaves_one_file(attaching: Rig, fault: str, wait: int) -> None:
    attaching.xero.fault(fault, method="PUT", path=FILES)
    (sale,) = scene.invoices(attaching)
    attaching.play([sale])
    attaching.dispatch()
    attaching.advance(wait)
    scene.settle(attaching)
    assert set(files(attaching)) == {f"{sale['name']}.pdf"} and file_steps(attaching)[0]["state"] == "Synced"
    keys = [call["headers"]["idempotency-key"] for call in uploads(attaching)]
    assert len(keys) == len(set(keys)) == (2 if fault == "drop_before" else 1), "other bytes never go under the same key"


def test_the_sealed_request_keeps_a_description_and_not_the_file(attaching: Rig) -> None:
    attaching.xero.fault("drop_after", method="PUT", path=FILES)
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill, "big.pdf", b"\xff" * 3_000_000)
    attaching.dispatch()
    with attaching.frappe() as frappe:
        (sealed,) = frappe.get_all("Xero Attempt", filters={"kind": "attachment", "state": "Sealed"}, fields=["body"])
    assert len(sealed["body"]) < 400 and "3000000" in sealed["body"] and "Sha256" in sealed["body"]


def test_xeros_refusal_of_a_file_touches_nothing_else(attaching: Rig) -> None:
    attaching.xero.fault("batch_400", method="PUT", path=FILES, text="No more files here")
    (sale,) = scene.invoices(attaching)
    attaching.play([sale])
    scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert row["state"] == "Skipped" and "No more files here" in row["reason"]
    assert scene.connection_state(attaching) == "Live" and scene.step(attaching, sale["name"], "invoice")["state"] == "Synced"


def test_switched_off_or_cancelled_in_between_nothing_is_sent(attaching: Rig) -> None:
    (first, second) = scene.bills(attaching, 2)
    attaching.play([first, second])
    attach(attaching, first)
    attach(attaching, second)
    attaching.xero.person("set_limits", minute=15)
    attaching.dispatch()
    assert {row["state"] for row in file_steps(attaching)} == {"Pending"}
    attaching.xero.unlimited()
    attaching.play([scene.cancelling(first)])
    switch(attaching, attach_bill_files=0)
    attaching.advance(61)
    scene.settle(attaching)
    assert {row["state"] for row in file_steps(attaching)} == {"Superseded"} and not uploads(attaching)


def test_a_file_waits_for_its_document(attaching: Rig) -> None:
    attaching.xero.fault(
        "element_error", method="PUT", path="/Invoices$", index=0, text="Account code '999' is not a valid code for this document."
    )
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill)
    scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert row["state"] == "Pending" and row["blocked_on"] == scene.step(attaching, bill["name"], "invoice")["name"]
    from picortex_xero.api import status

    scene.with_site(attaching, lambda _: status.retry("Purchase Invoice", bill["name"]))
    scene.settle(attaching)
    assert len(files(attaching)) == 1
