"""What files are called in Xero, and which do not fit."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal

import pytest

from picortex_xero.extras.file_rules import (
    LONGEST_NAME,
    MOST_BYTES,
    SETTINGS,
    SOURCES,
    TYPES,
    WITH_FILES,
    altered,
    as_bytes,
    content_type,
    misfit,
    name_in_xero,
)
from picortex_xero.xero.records.registry import KINDS, OBJECTS
from tests.scene.xero_records import find

FORBIDDEN = re.compile(r'[<>:"/\\|?*+\0 ]')


@pytest.mark.parametrize(
    ("document", "file", "file_id", "expected"),
    [
        ("ACC-SINV-2026-00001", "", "", "ACC-SINV-2026-00001.pdf"),
        ("SINV/26/1", "", "", "SINV-26-1.pdf"),
        ("PINV-1", "scan 0042.PDF", "a1b2c3d4e5", "PINV-1-scan-0042-a1b2c3.pdf"),
        ("PINV-1", "Facture été: <n° 7>.jpg", "a1b2c3d4e5", "PINV-1-Facture-ete-n-7-a1b2c3.jpg"),
        ("PINV-1", "发票.pdf", "a1b2c3d4e5", "PINV-1-a1b2c3.pdf"),
        ("PINV-1", "a.b.c.xlsx", "a1b2c3d4e5", "PINV-1-a.b.c-a1b2c3.xlsx"),
    ],
)
def test_names(document: str, file: str, file_id: str, expected: str) -> None:
    assert name_in_xero(document, file, file_id) == expected


@pytest.mark.parametrize("file", ["x" * 300 + ".pdf", '<>:"/\\|?*+\0.pdf', "   .pdf", "%2e%2e%2f.pdf"])
def test_a_name_has_nothing_in_it_that_xero_forbids(file: str) -> None:
    name = name_in_xero("PINV-1", file, "a1b2c3d4e5")
    assert not FORBIDDEN.search(name) and len(name) <= LONGEST_NAME
    assert name.startswith("PINV-1") and name.endswith("-a1b2c3.pdf"), "it says which file of which document"


def test_two_files_of_one_name_stay_two() -> None:
    assert name_in_xero("PINV-1", "scan.pdf", "aaaaaa1111") != name_in_xero("PINV-1", "scan.pdf", "bbbbbb1111")


@pytest.mark.parametrize(
    ("file", "size", "sent", "code"),
    [
        ("scan.pdf", MOST_BYTES, 9, ""),
        ("scan.PDF", 1, 0, ""),
        ("scan.pdf", MOST_BYTES + 1, 0, "file-too-large"),
        ("scan.pdf", 1, 10, "file-too-many"),
        ("macro.exe", 1, 0, "file-type"),
        ("invoice.xml", 1, 0, "file-type"),
        ("README", 1, 0, "file-type"),
    ],
)
def test_what_does_not_fit_says_so(file: str, size: int, sent: int, code: str) -> None:
    problem = misfit("PINV-1", file, size, sent)
    assert (problem.code if problem else "") == code
    if problem:
        assert "PINV-1" in problem.message and file in problem.message and problem.resolution


def test_types_are_known_ones() -> None:
    assert content_type("a.Pdf") == "application/pdf" and content_type("pdf") == content_type("a.") == ""
    assert "application/octet-stream" not in TYPES.values(), "Xero refuses it"


def test_settings_belong_to_what_can_carry_files() -> None:
    assert len(set(SETTINGS)) == len(SOURCES) == 5
    assert WITH_FILES == ("Purchase Invoice", "Journal Entry")
    assert [each.endpoint for each in OBJECTS if each.takes_files] == ["Invoices", "CreditNotes", "ManualJournals"]


def test_a_file_is_found_by_its_name() -> None:
    shown = [{"AttachmentID": "x", "FileName": "PINV-1-scan-a1b2c3.pdf", "ContentLength": 5}]
    assert find(KINDS["attachment"], {"FileName": "PINV-1-scan-a1b2c3.pdf"}, shown) == shown
    assert not find(KINDS["attachment"], {"FileName": "PINV-1.pdf"}, shown)


@pytest.mark.case("B9")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "cp1252", "utf-16"])
def test_text_is_the_bytes_that_the_host_kept_the_hash_of(encoding: str) -> None:
    written = "Sloupec ž; 7 €\r\n".encode(encoding)
    assert as_bytes(written.decode(encoding), hashlib.md5(written).hexdigest()) == written
    assert as_bytes("Sloupec", hashlib.md5(written).hexdigest()) is None and as_bytes("Sloupec", "") is None


@pytest.mark.case("B9")
def test_another_length_is_told_and_a_missing_one_is_not() -> None:
    described = {"FileName": "PINV-1.pdf", "Bytes": 7}
    assert altered("PINV-1", described, {"ContentLength": 7}) is altered("PINV-1", described, {}) is None
    told = altered("PINV-1", described, {"ContentLength": Decimal(9)})
    assert told and told.code == "file-altered" and "9 bytes" in told.message and "7 were sent" in told.message and told.resolution
