"""Statement files that others published (tests/statements/files/README.md), each imported right."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from picortex_xero.statements.reading import read

FILES = Path(__file__).parent / "files"
# File: form, account, currency, closing balance | the lines.
FOUND: dict[str, tuple[tuple[str, str, str, str | None], list[tuple[str, str, str]]]] = {
    "anzcc": (("OFX", "1234123412341234", "AUD", "-123.45"), [("2017-05-08", "-5.50", "SOME MEMO")]),
    "suncorp": (("OFX", "123456789", "AUD", "1234.12"), [("2013-12-15", "-16.85", "EFTPOS WDL HANDYWAY ALDI STORE GEELONG WEST VICAU")]),
    "checking": (
        ("OFX", "1452687~7", "USD", "100.99"),
        [
            ("2011-03-31", "0.01", "DIVIDEND EARNED FOR PERIOD OF 03/01/2011 THROUGH 03/31/2011 ANNUAL PERCENTAGE YIELD EARNED IS 0.05%"),
            ("2011-04-05", "-34.51", "AUTOMATIC WITHDRAWAL, ELECTRIC BILL WEB(S )"),
            ("2011-04-07", "-25.00", "RETURNED CHECK FEE, CHECK # 319 FOR $45.33 ON 04/07/11"),
        ],
    ),
    "bank_medium": (
        ("OFX", "12300 000012345678", "CAD", "382.34"),
        [
            ("2009-04-01", "-6.60", "POS MERCHANDISE;MCDONALD'S #112"),
            ("2009-04-02", "-316.67", "MISCELLANEOUS PAYMENTS;Joe's Bald Hairstyles"),
            ("2009-04-03", "-22.00", "POS MERCHANDISE;CONNIE'S HAIR D"),
        ],
    ),
    "ofx-v102-empty-tags": (("OFX", "12345678", "", None), [("2018-05-07", "12.34", "CBA:Transfer")]),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_published_file(name: str) -> None:
    (form, account, currency, closing), lines = FOUND[name]
    (found,) = read((FILES / "ofxparse" / f"{name}.ofx").read_bytes())
    assert (found.form, found.account, found.currency, found.closing) == (form, account, currency, Decimal(closing) if closing else None)
    assert [(each.date.isoformat(), str(each.amount), each.description) for each in found.lines] == lines


def test_every_published_file_has_its_licence_and_is_described() -> None:
    assert (FILES / "ofxparse" / "LICENSE").read_text().startswith("Copyright (c) 2009 Jerry Seutter")
    described = (FILES / "README.md").read_text()
    assert all(f"| {each.name} |" in described for each in FILES.rglob("*.ofx"))
    assert {each.stem for each in FILES.rglob("*.ofx")} == set(FOUND)
