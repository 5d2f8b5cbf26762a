"""Files: the settings that send them, files that people attach, and what Xero has of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.rig import Rig, connect, go_live
from tests.scene import rig as scene

FILES = "/Attachments/"
ALL = {
    "attach_invoice_pdf": 1,
    "attach_credit_note_pdf": 1,
    "attach_bill_files": 1,
    "attach_debit_note_files": 1,
    "attach_journal_files": 1,
}
ID = {"Invoices": "InvoiceID", "CreditNotes": "CreditNoteID", "ManualJournals": "ManualJournalID"}


@pytest.fixture
def attaching(unconnected: Rig) -> Rig:
    """Connected, mapped and live with every file setting on, and with the consent for files."""
    scene.set_up(unconnected)
    switch(unconnected, **ALL)
    consent_again(unconnected)
    return unconnected


def switch(rig: Rig, **choices: int) -> None:
    """Choose what goes along."""
    go_live(rig, "AUTHORISED", **choices)


def consent_again(rig: Rig) -> None:
    """The admin presses Connect to Xero once more, chooses the same organisation and goes live again."""
    connect(rig)
    switch(rig, **ALL)


def attach(rig: Rig, record: scene.Record, name: str = "scan.pdf", content: Any = b"%PDF-1.4 \xff original", **fields: Any) -> str:
    """A person attaches a file to a document; returns the File's name."""

    def work(frappe: Any) -> str:
        values = {"doctype": "File", "file_name": name, "content": content, "is_private": 1, **fields}
        file = frappe.get_doc({**values, "attached_to_doctype": record["doctype"], "attached_to_name": record["name"]})
        return str(file.insert(ignore_permissions=True).name)

    return str(scene.with_site(rig, work))


def files(rig: Rig, resource: str = "Invoices") -> dict[str, dict[str, Any]]:
    """Every file in Xero on a resource's records, by name."""
    return {name: file for each in rig.xero.documents(resource) for name, file in each.get("attachments", {}).items()}


def file_steps(rig: Rig) -> list[dict[str, Any]]:
    return [row for row in rig.steps() if row["role"].startswith("attachment")]


def uploads(rig: Rig) -> list[dict[str, Any]]:
    return [call for call in rig.xero.calls(path=FILES) if call["method"] == "PUT"]


def content(rig: Rig, resource: str, name: str) -> bytes:
    """A file's bytes as another program reads them from Xero."""
    from picortex_xero.connection import tokens

    owner = next(each for each in rig.xero.documents(resource) if name in each.get("attachments", {}))
    token = scene.with_site(
        rig, lambda frappe: tokens.access_token(frappe.db.get_value("Xero Connection", rig.connection, "authorisation"))
    )
    path = f"{rig.xero.address}/api.xro/2.0/{resource}/{owner[ID[resource]]}/Attachments/{name}"
    headers = {"Authorization": f"Bearer {token}", "Xero-Tenant-Id": rig.xero.tenant, "contentType": "application/pdf"}
    return httpx.get(path, headers=headers).raise_for_status().content
