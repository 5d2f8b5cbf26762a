"""OFX, MT940 and CAMT as banks write them, made here with invented contents; and files that are to be refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.statements.reading import LARGEST, read
from picortex_xero.statements.values import Unreadable

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1>
"""
ACCOUNT = """<STMTTRNRS><STMTRS><CURDEF>NZD<BANKACCTFROM><BANKID>12<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>
{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>{closing}<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS>
"""
LINE = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260324120000[+12:NZST]<TRNAMT>{amount}<FITID>{id}<NAME>BROWN LTD<MEMO>INV {id}</STMTTRN>\n"

MT940 = """:20:STARTUMS
:25:37040044/0532013000
:28C:60/1
:60F:C260323EUR1000,00
:61:2603240324C1190,00NTRFNONREF//POS 12
:86:166?00GUTSCHRIFT?10001?20EREF+RE-1021?21SVWZ+RECHNUNG 1021 VOM?22 01.03.2026?30COBADEFFXXX?31DE02120300000000202051?32MUELLER GMBH
:61:2603240324RC100,00NMSCNONREF
:86:Storno
:62F:C260324EUR2090,00
-
:20:STARTUMS
:25:37040044/0532013000
:28C:61/1
:60F:C260324EUR2090,00
:61:2603250325D90,00NDDTNONREF
:86:105?00LASTSCHRIFT?20STROM MAERZ?32STADTWERKE
:62F:C260325EUR2000,00
-
:20:STARTUMS
:25:37040044/0999999999
:60F:C260324EUR0,00
:62F:C260325EUR0,00
-
"""

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{reversal}<Sts>{status}</Sts><BookgDt><Dt>2026-03-24</Dt></BookgDt>
<AcctSvcrRef>{id}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>{details}</Ntry>"""
DETAIL = """<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><RltdPties><Dbtr>{name}</Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def camt(*entries: str, closing: str = "1119.00", version: str = "02") -> bytes:
    """A CAMT.053 with these entries."""
    return CAMT.format(version=version, closing=closing, entries="".join(entries)).encode()


def entry(amount: str, mark: str = "CRDT", status: str = "BOOK", details: str = "", reversal: str = "", name: str = "B1") -> str:
    """An entry of the account."""
    inner = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return ENTRY.format(amount=amount, mark=mark, status=status, details=inner, reversal=reversal, id=name)


def test_each_account_of_an_ofx_is_a_statement() -> None:
    text = OFX + ACCOUNT.format(
        account="A1", lines=LINE.format(amount="230.00", id=1) + LINE.format(amount="-5.50", id=2), closing="900.00"
    )
    text += ACCOUNT.format(account="A2", lines=LINE.format(amount="7.00", id=1), closing="7.00") + "</BANKMSGSRSV1></OFX>"
    first, second = read(text.encode())
    assert [(each.account, each.currency, each.closing, len(each.lines)) for each in (first, second)] == [
        ("A1", "NZD", Decimal("900.00"), 2),
        ("A2", "NZD", Decimal("7.00"), 1),
    ]
    assert [(str(each.amount), each.date.isoformat(), each.party_name, each.bank_id) for each in first.lines] == [
        ("230.00", "2026-03-24", "BROWN LTD", "1"),
        ("-5.50", "2026-03-24", "BROWN LTD", "2"),
    ]


def test_an_ofx_line_without_a_day_or_amount_refuses_the_file() -> None:
    broken = (
        OFX
        + ACCOUNT.format(account="A1", lines=LINE.format(amount="230.00", id=1) + LINE.format(amount="$5", id=2), closing="1")
        + "</OFX>"
    )
    with pytest.raises(Unreadable, match="1 of 2 lines of the file cannot be read, so none is imported"):
        read(broken.encode())


def test_days_of_one_account_of_an_mt940_are_one_statement() -> None:
    first, second = read(MT940.encode("latin-1"))
    assert [(each.account, len(each.lines), each.opening, each.closing, each.gap) for each in (first, second)] == [
        ("37040044/0532013000", 3, Decimal("1000.00"), Decimal("2000.00"), Decimal(0)),
        ("37040044/0999999999", 0, Decimal(0), Decimal(0), Decimal(0)),
    ]
    paid, taken_back, debit = first.lines
    assert (paid.amount, paid.party_name, paid.party_number) == (Decimal("1190.00"), "MUELLER GMBH", "DE02120300000000202051")
    assert "RECHNUNG 1021" in paid.description and paid.reference == "RE-1021"
    assert (taken_back.amount, debit.amount) == (Decimal("-100.00"), Decimal("-90.00"))


def test_an_mt940_that_lacks_a_line_shows_a_gap() -> None:
    (found, _other) = read(MT940.replace(":61:2603250325D90,00NDDTNONREF\n:86:105?00LASTSCHRIFT?20STROM MAERZ?32STADTWERKE\n", "").encode())
    assert found.gap == Decimal("-90.00")


def test_an_entry_of_a_camt_is_one_line_also_with_several_payments() -> None:
    details = DETAIL.format(reference="E1", name="<Nm>Müller GmbH</Nm>", text="RE 1021") + DETAIL.format(
        reference="E2", name="<Nm>Meier AG</Nm>", text="RE 1022"
    )
    (found,) = read(camt(entry("119.00", details=details)))
    (line,) = found.lines
    assert (found.account, found.currency, found.opening, found.closing, found.gap) == (
        "DE89370400440532013000", "EUR", Decimal("1000.00"), Decimal("1119.00"), Decimal("0.00"),
    )  # fmt: skip
    assert (line.amount, line.party_name, line.reference, line.bank_id) == (Decimal("119.00"), "", "", "B1")
    assert all(each in line.description for each in ("RE 1021", "RE 1022", "Müller GmbH", "Meier AG", "E1", "E2"))


@pytest.mark.parametrize("version, name", [("02", "<Nm>Müller GmbH</Nm>"), ("08", "<Pty><Nm>Müller GmbH</Nm></Pty>")])
def test_the_other_side_of_a_camt_in_every_version(version: str, name: str) -> None:
    status = "<Cd>BOOK</Cd>" if version == "08" else "BOOK"
    (found,) = read(
        camt(entry("119.00", status=status, details=DETAIL.format(reference="NOTPROVIDED", name=name, text="RE 1021")), version=version)
    )
    (line,) = found.lines
    assert (line.party_name, line.party_number, line.reference, line.description, line.transaction_type) == (
        "Müller GmbH", "DE02120300000000202051", "", "RE 1021", "PMNT-RCDT-ESCT",
    )  # fmt: skip


def test_a_reversal_goes_where_its_mark_says_and_what_is_not_booked_waits() -> None:
    (found,) = read(camt(entry("20.00", "DBIT", reversal="<RvslInd>true</RvslInd>"), entry("5.00", status="PDNG"), closing="980.00"))
    assert [each.amount for each in found.lines] == [Decimal("-20.00")] and found.gap == 0
    assert str(found.remarks[0]) == "1 lines that are not booked yet are left out; they come with a later file"


BILLION_LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><Document><BkToCstmrStmt><Stmt><Id>&lol3;</Id></Stmt></BkToCstmrStmt></Document>"""
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>&x;</IBAN></Id></Acct></Stmt></BkToCstmrStmt></Document>'


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "is empty"),
        (b" \r\n\x00", "is empty"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"PK\x03\x04...", "a spreadsheet or an archive"),
        (b"\xd0\xcf\x11\xe0...", "an old spreadsheet"),
        (b"\x1f\x8b\x08...", "is compressed"),
        (b"<html><body>Please sign in</body></html>", "no CAMT"),
        (b"<Document><Unclosed>", "The XML cannot be read"),
        (b'<?xml version="1.0" encoding="UTF-8"?><Document>\xff\xfe\xfa</Document>', "The XML cannot be read"),
        (b'<?xml version="1.0" encoding="klingon"?><Document/>', "The XML cannot be read"),
        (BILLION_LAUGHS.encode(), "document type or entities"),
        (EXTERNAL.encode(), "document type or entities"),
        (camt(entry("-5.00")), "-5.00 is no amount"),
        (camt(entry("NaN")), "NaN is no amount"),
        (camt(entry("1,00")), "1,00 is no amount"),
        (camt(entry("1.00", mark="BOTH")), "whether money came in or went out"),
        (camt(entry("1.00").replace("2026-03-24", "2026-02-30")), "2026-02-30 is no date"),
        (b"<OFX></OFX>", "holds no statement of a bank account"),
        (b"{1:F01BANK}\n:20:X\n", "looks like MT940, and holds no statement"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why) as found:
        read(content)
    assert "root:" not in str(found.value)


def test_a_hundred_megabytes_are_refused_at_once() -> None:
    with pytest.raises(Unreadable, match=f"100 MB, and a statement may have {LARGEST // 1024 // 1024}"):
        read(b"<" * 100 * 1024 * 1024)


def test_the_last_page_of_an_mt940_closes_it_also_with_an_interim_balance() -> None:
    text = MT940.split(":20:STARTUMS\n:25:37040044/0999999999")[0].replace(":62F:C260325EUR2000,00", ":62M:C260325EUR2000,00")
    (found,) = read(text.encode())
    assert (found.opening, found.closing, found.gap) == (Decimal("1000.00"), Decimal("2000.00"), Decimal(0))


def test_a_fragment_of_an_mt940_is_refused_with_a_sentence() -> None:
    with pytest.raises(Unreadable, match="holds no statement"):
        read(b":25:37040044/0532013000\n:28C:60/1\n")


def test_the_first_version_of_a_camt_has_it_in_its_name() -> None:
    first = CAMT.replace("BkToCstmrStmt>", "BkToCstmrStmtV01>").format(version="01", closing="1000.00", entries="")
    (found,) = read(first.encode())
    assert (found.account, found.opening, found.closing) == ("DE89370400440532013000", Decimal("1000.00"), Decimal("1000.00"))
