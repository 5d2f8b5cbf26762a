"""The bytes of a file arrive as they are on the disk, whatever the host makes of them when it hands them out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.files import attach, content, file_steps, files

pytestmark = pytest.mark.case("B9")
ENCODINGS = ("utf-8-sig", "utf-8", "windows-1250", "windows-1252")  # frappe 16, core/doctype/file/file.py


@pytest.fixture(autouse=True)
def as_frappe_16(monkeypatch: pytest.MonkeyPatch) -> None:
    """`File.get_content` as Frappe 16 has it: the first of four encodings that does not fail."""
    from frappe.core.doctype.file.file import File

    def get_content(file: Any) -> bytes | str:
        stored = bytes(file._path().read_bytes())
        for encoding in ENCODINGS:
            try:
                return stored.decode(encoding)
            except UnicodeDecodeError:
                continue
        return stored

    monkeypatch.setattr(File, "get_content", get_content)


@pytest.mark.parametrize("private", [1, 0])
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("small.pdf", b"%PDF-1.4\r\n1 0 obj\r\n<< /Title (caf\xe9) >>\r\nendobj\r\n%%EOF\r\n"),
        ("bom.csv", b"\xef\xbb\xbfDate;Amount\r\n1;2\r\n"),
        ("cp1252.txt", b"Na\xefve \x80 9.50\r\nend"),
        ("utf16.csv", "Tōtara;7 €\r\n".encode("utf-16")),
        ("nulls.doc", b"\x00\x01\x02\x00"),
        ("plain.txt", "Tōtara: 7 €\r\n\n\r".encode()),
        ("a #1 50%25 ü & b.csv", b"\xef\xbb\xbfx"),
    ],
)
def test_every_byte_arrives(attaching: Rig, name: str, sent: bytes, private: int) -> None:
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    attach(attaching, bill, name, sent, is_private=private)
    scene.settle(attaching)
    (kept,) = files(attaching)
    assert content(attaching, "Invoices", kept) == sent
    assert file_steps(attaching)[0]["state"] == "Synced"


def test_the_sealed_request_says_length_and_hash(attaching: Rig) -> None:
    attaching.xero.fault("drop_after", method="PUT", path="/Attachments/")
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    sent = b"\xef\xbb\xbfDate;Amount\r\n"
    attach(attaching, bill, "bom.csv", sent)
    attaching.dispatch()
    with attaching.frappe() as frappe:
        (body,) = frappe.get_all("Xero Attempt", filters={"kind": "attachment", "state": "Sealed"}, pluck="body")
    described = json.loads(body)
    assert (described["Bytes"], described["Sha256"]) == (len(sent), hashlib.sha256(sent).hexdigest())


@pytest.mark.parametrize("printed", [False, True], ids=["attached", "printed"])
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "found-later"])
def test_another_length_in_xero_is_told_and_never_counted_as_sent(
    attaching: Rig, monkeypatch: pytest.MonkeyPatch, printed: bool, lost: bool
) -> None:
    from picortex_xero.api import status
    from picortex_xero.xero import client

    send = client.send

    def shorter(*arguments: Any, **options: Any) -> Any:
        answers = send(*arguments, **options)
        shown = [
            {**each, "ContentLength": int(each["ContentLength"]) - 3}
            for a in answers
            if a.status == 200
            for each in a.data.get("Attachments") or []
        ]
        return [replace(a, data={"Attachments": shown}) if a.status == 200 and a.data.get("Attachments") else a for a in answers]

    (record,) = scene.invoices(attaching) if printed else scene.bills(attaching)
    if lost:
        attaching.xero.fault("drop_after", method="PUT", path="/Attachments/")
    with monkeypatch.context() as patch:
        patch.setattr(client, "send", shorter)
        attaching.play([record])
        if not printed:
            attach(attaching, record)
        attaching.dispatch()
        attaching.advance(60)
        scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert (row["state"], row["reason_code"]) == ("Skipped", "file-altered") and record["name"] in row["reason"] and row["cure"]
    with attaching.frappe() as frappe:
        told = frappe.get_all("Xero Sync Log", filters={"reference_name": record["name"]}, pluck="message")
    assert any("were sent" in message for message in told) and not any("is in Xero" in each for each in told if "file" in each)
    assert scene.with_site(attaching, lambda _: status.retry(record["doctype"], record["name"])) == 1
    scene.settle(attaching)
    assert file_steps(attaching)[0]["state"] == "Synced" and len(files(attaching)) == 1


@pytest.mark.parametrize(("hashed", "state"), [(True, "Synced"), (False, "Skipped")])
def test_a_file_kept_elsewhere_goes_only_if_its_bytes_are_known(
    attaching: Rig, monkeypatch: pytest.MonkeyPatch, hashed: bool, state: str
) -> None:
    """As an app for a bucket has it: no file on the disk, an address of its own, the content handed out as text."""
    from frappe.core.doctype.file.file import File

    sent = b"\xef\xbb\xbfDate;Amount\r\n"
    (bill,) = scene.bills(attaching)
    attaching.play([bill])
    file = attach(attaching, bill, "bucket.csv", sent)
    values = {"file_url": "/api/method/bucket.fetch?key=1", **({} if hashed else {"content_hash": "0" * 32})}
    scene.with_site(attaching, lambda frappe: frappe.db.set_value("File", file, values))
    monkeypatch.setattr(File, "get_content", lambda _: sent.decode("utf-8-sig"))
    scene.settle(attaching)
    (row,) = file_steps(attaching)
    assert row["state"] == state and row["reason_code"] == ("" if hashed else "file-unreadable")
    assert [content(attaching, "Invoices", name) for name in files(attaching)] == ([sent] if hashed else [])
