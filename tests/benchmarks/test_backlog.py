"""The backlog is sent and judged; what is missing, twice or different in Xero is noticed; another checkout's app can be measured."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import backlog, checkout, documents
from benchmarks.backlog import NotOnce, Size
from benchmarks.documents import Record
from sandbox.rig import Rig, standing

Sent = tuple[Rig, list[str], list[Record], list[Record]]


@pytest.fixture(scope="module")
def sent() -> Iterator[Sent]:
    """Four invoices for two new customers and two receipts, sent by the worker; they are in Xero."""
    with standing(limits=False) as rig:
        contacts = documents.customers(rig, 2)
        sales = list(documents.sales(rig, 4, contacts))
        invoices, receipts = [invoice for invoice, _ in sales], [receipt for _, receipt in sales[:2]]
        rig.play([*invoices, *receipts])
        worked = backlog.work(rig, checkout.ROOT)
        assert worked["left"] == 0 and worked["runs"] >= 1 and worked["seconds"] > 0 and worked["peak_mb"] > 10
        backlog.judge(rig, contacts, invoices, receipts)
        rig.xero.snapshot("sent")
        yield rig, contacts, invoices, receipts


@pytest.fixture
def rig(sent: Sent) -> Iterator[Rig]:
    yield sent[0]
    sent[0].xero.restore("sent")


def test_a_run_says_what_it_took() -> None:
    measured = backlog.measure(checkout.ROOT, Size(3, 2, 1))
    assert measured.documents == 6 and 2 <= measured.calls <= 12 and measured.per_second > 0
    assert f"{measured.calls} calls" in str(measured)


def test_a_missing_invoice_is_noticed(rig: Rig, sent: Sent) -> None:
    rig.xero.person("void_invoice", InvoiceNumber=sent[2][3]["name"])
    with pytest.raises(NotOnce, match=r"invoice \('SALE-00004', .* 1 here, 0 in Xero"):
        backlog.judge(*sent)


def test_an_invoice_of_another_amount_is_noticed(rig: Rig, sent: Sent) -> None:
    rig.xero.person(
        "edit_invoice", InvoiceNumber=sent[2][3]["name"], LineItems=[{"Description": "x", "UnitAmount": 1, "AccountCode": "200"}]
    )
    with pytest.raises(NotOnce, match="SALE-00004"):
        backlog.judge(*sent)


def test_a_payment_twice_and_a_contact_twice_are_noticed(sent: Sent) -> None:
    rig, contacts, invoices, receipts = sent
    with pytest.raises(NotOnce, match=r"payment \('SALE-00002', .* 0 here, 1 in Xero"):
        backlog.judge(rig, contacts, invoices, receipts[:1])
    assert backlog.differences("contact", ["A"], iter(["A", "A"])) == ["contact A: 1 here, 2 in Xero"]


def test_a_step_that_is_not_done_is_noticed(sent: Sent) -> None:
    rig = sent[0]
    with rig.frappe() as frappe:
        name = rig.steps()[0]["name"]
        frappe.db.set_value("Xero Outbox Entry", name, "state", "Held", update_modified=False)
        frappe.db.commit()
        try:
            with pytest.raises(NotOnce, match="1 steps are Held"):
                backlog.judge(*sent)
        finally:
            frappe.db.set_value("Xero Outbox Entry", name, "state", "Synced", update_modified=False)
            frappe.db.commit()


def test_the_app_is_the_other_checkouts_and_the_sandbox_ours(tmp_path: Path) -> None:
    shutil.copytree(checkout.ROOT / checkout.APP, tmp_path / checkout.APP, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "sandbox").mkdir()
    code = f"from benchmarks import checkout; checkout.use(checkout.Path({str(tmp_path)!r}))\n"
    code += "import picortex_xero.documents as app, sandbox.host as host; print(app.__file__); print(host.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=checkout.ROOT, capture_output=True, text=True, check=True)
    app, host = done.stdout.split()
    assert app.startswith(str(tmp_path)) and host.startswith(str(checkout.ROOT))
    with pytest.raises(RuntimeError, match="loaded already"):
        checkout.use(tmp_path)
    assert str(tmp_path.resolve()) not in sys.path, "processes that are started from here would import the other one"
    with pytest.raises(RuntimeError, match="no app"):
        checkout.use(tmp_path / "nowhere")
