"""The CSV of banks, as each writes it: made here after their headings and habits, with invented contents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from picortex_xero.statements.columns import Columns
from picortex_xero.statements.reading import read
from picortex_xero.statements.values import Statement, Unreadable

# Bank: the file | (day, amount, description, reference, party) of each line | opening, closing.
BANKS: dict[str, tuple[str, list[tuple[str, str, str, str, str]], tuple[str, str] | None]] = {
    "Commonwealth Bank, Australia: no headings, newest first": (
        '24/03/2026,"-15.00","Direct Debit 184532 TELSTRA","+1234.56"\n23/03/2026,"+110.00","Transfer from J SMITH INV 1021","+1249.56"\n',
        [
            ("2026-03-23", "110.00", "Transfer from J SMITH INV 1021", "", ""),
            ("2026-03-24", "-15.00", "Direct Debit 184532 TELSTRA", "", ""),
        ],
        ("1139.56", "1234.56"),
    ),
    "Westpac, Australia: two columns, own account, serial": (
        "Bank Account,Date,Narrative,Debit Amount,Credit Amount,Balance,Categories,Serial\n"
        "032000123456,24/03/2026,DEPOSIT OSKO SMITH PTY LTD,,1100.00,2100.00,DEP,\n032000123456,24/03/2026,CHEQUE 000123,100.00,,1000.00,CHQ,000123\n",
        [("2026-03-24", "-100.00", "CHEQUE 000123", "000123", ""), ("2026-03-24", "1100.00", "DEPOSIT OSKO SMITH PTY LTD", "", "")],
        ("1100.00", "2100.00"),
    ),
    "NAB, Australia: months in letters, a column without heading": (
        "Date,Amount,Account Number,,Transaction Type,Transaction Details,Balance,Category,Merchant Name\n"
        "24 Mar 26,-12.30,82-123-4567,,EFTPOS DEBIT,COFFEE HOUSE SYDNEY,500.00,Food,Coffee House\n",
        [("2026-03-24", "-12.30", "COFFEE HOUSE SYDNEY", "", "Coffee House")],
        ("512.30", "500.00"),
    ),
    "ASB, New Zealand: the account above, ids, year in front": (
        "Created date / time : 24 March 2026 / 10:00:00\nBank 12; Branch 3066; Account 0123456-00 (Business)\nFrom date 20260301\nTo date 20260324\n"
        "Avail Bal : 900.00 as of 20260324\nLedger Balance : 900.00 as of 20260324\nDate,Unique Id,Tran Type,Cheque Number,Payee,Memo,Amount\n\n"
        '2026/03/23,2026032301,D/C,,"D/C FROM BROWN LTD","INV1021 12345 BROWN",230.00\n2026/03/24,2026032401,EFTPOS,,"SHELL","CARD 1234",-55.10\n',
        [("2026-03-23", "230.00", "INV1021 12345 BROWN", "", "D/C FROM BROWN LTD"), ("2026-03-24", "-55.10", "CARD 1234", "", "SHELL")],
        None,
    ),
    "ANZ, New Zealand: particulars, code and reference": (
        "Type,Details,Particulars,Code,Reference,Amount,Date,ForeignCurrencyAmount,ConversionCharge\n"
        "Direct Credit,Brown Ltd,INV,1021,ACC 77,230.00,23/03/2026,,\n",
        [("2026-03-23", "230.00", "Brown Ltd INV 1021", "ACC 77", "")],
        None,
    ),
    "Kiwibank, New Zealand: credit, debit and amount": (
        "Account number,Date,Memo/Description,Source Code (payment type),TP ref,TP part,TP code,OP ref,OP part,OP code,OP name,OP Bank Account Number,Amount (credit),Amount (debit),Amount,Balance\n"
        "38-9000-0123456-00,23-03-2026,BILL PAYMENT,BP,,,,1021,INV,,Brown Ltd,12-3066-0123456-00,230.00,,230.00,1230.00\n",
        [("2026-03-23", "230.00", "BILL PAYMENT 1021 INV", "", "Brown Ltd")],
        ("1000.00", "1230.00"),
    ),
    "Lloyds, United Kingdom": (
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n"
        "24/03/2026,FPI,'30-00-00,12345678,SMITH LTD INV1021,,120.00,620.00\n23/03/2026,DD,'30-00-00,12345678,BRITISH GAS,80.00,,500.00\n",
        [("2026-03-23", "-80.00", "BRITISH GAS", "", ""), ("2026-03-24", "120.00", "SMITH LTD INV1021", "", "")],
        ("580.00", "620.00"),
    ),
    "HSBC, United Kingdom: no headings, thousands": (
        '24/03/2026,SMITH LTD CR,"1,200.00"\n23/03/2026,VIS COFFEE,-3.40\n',
        [("2026-03-23", "-3.40", "VIS COFFEE", "", ""), ("2026-03-24", "1200.00", "SMITH LTD CR", "", "")],
        None,
    ),
    "Starling, United Kingdom": (
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n24/03/2026,Smith Ltd,INV-1021,FASTER PAYMENT,120.00,620.00,INCOME,paid\n",
        [("2026-03-24", "120.00", "paid", "INV-1021", "Smith Ltd")],
        ("500.00", "620.00"),
    ),
    "Chase, USA: month first": (
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        'CREDIT,03/24/2026,"ORIG CO NAME:SMITH INC DESC DATE: CO ENTRY DESCR:INV 1021",1200.00,ACH_CREDIT,5200.00,\nCHECK,03/23/2026,CHECK 1044,-200.00,CHECK_PAID,4000.00,1044\n',
        [
            ("2026-03-23", "-200.00", "CHECK CHECK 1044", "1044", ""),
            ("2026-03-24", "1200.00", "CREDIT ORIG CO NAME:SMITH INC DESC DATE: CO ENTRY DESCR:INV 1021", "", ""),
        ],
        ("4200.00", "5200.00"),
    ),
    "Bank of America, USA: a summary above, a row without amount": (
        'Description,,Summary Amt.\nBeginning balance as of 03/01/2026,,"1,000.00"\nTotal credits,,"250.00"\nEnding balance as of 03/31/2026,,"1,250.00"\n\n'
        'Date,Description,Amount,Running Bal.\n03/01/2026,Beginning balance as of 03/01/2026,,"1,000.00"\n03/24/2026,"SMITH INC DES:PAYMENT ID:1021 INDN:OUR CO","250.00","1,250.00"\n',
        [("2026-03-24", "250.00", "SMITH INC DES:PAYMENT ID:1021 INDN:OUR CO", "", "")],
        ("1000.00", "1250.00"),
    ),
    "Sparkasse, Germany: semicolons, decimal comma": (
        "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Kundenreferenz (End-to-End);Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung;Info\n"
        "DE89370400440532013000;24.03.26;24.03.26;GUTSCHR. UEBERWEISUNG;RECHNUNG 1021;NOTPROVIDED;Müller GmbH;DE02120300000000202051;1.190,00;EUR;Umsatz gebucht\n",
        [("2026-03-24", "1190.00", "RECHNUNG 1021", "", "Müller GmbH")],
        None,
    ),
    "A bank with brackets and marks": (
        "Date,Description,Amount,Dr/Cr\n2026-03-24,Rent,$1200.00,DR\n2026-03-24,Sale,$10.00,CR\n",
        [("2026-03-24", "-1200.00", "Rent", "", ""), ("2026-03-24", "10.00", "Sale", "", "")],
        None,
    ),
}


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_csv_of_a_bank(bank: str, charset: str) -> None:
    text, lines, balances = BANKS[bank]
    (statement,) = read(text.encode(charset))
    assert [
        (each.date.isoformat(), str(each.amount), each.description, each.reference, each.party_name) for each in statement.lines
    ] == lines
    assert (statement.opening, statement.closing) == ((Decimal(balances[0]), Decimal(balances[1])) if balances else (None, None))
    assert not statement.gap


def of(text: str, columns: Columns | None = None) -> Statement:
    """The one statement of this text."""
    (found,) = read(text.encode(), columns)
    return found


def test_a_date_that_could_be_both_is_asked() -> None:
    text = "Date,Description,Amount\n03/04/2026,Rent,-5.00\n"
    with pytest.raises(Unreadable, match="day first or month first"):
        of(text)
    chosen = Columns(",", 1, 0, amount=2, texts=(1,), order="DMY")
    assert of(text, chosen).lines[0].date == date(2026, 4, 3)
    assert of(text, Columns(",", 1, 0, amount=2, texts=(1,), order="MDY")).lines[0].date == date(2026, 3, 4)


@pytest.mark.parametrize(
    "text, why",
    [
        ("Date,Description,Amount\n31/02/2026,x,-5.00\n", "is no date"),
        ("Date,Description,Amount\n13/04/2026,x,-5.00\n04/13/2026,x,-5.00\n", "one order of day and month"),
        ("Date,Description,Amount\n24/03/2026,x,five\n", "five is no amount"),
        ("Date,Description,Amount\nyesterday,x,-5.00\n", "yesterday is no date"),
        ("Date,Description,Amount\n24/03/2026,x,1.2.3\n", "is no amount"),
        ("Date,Description,Debit,Credit\n24/03/2026,x,,\n", "has no amount"),
        ("Name,Colour\nBob,red\n", "No columns with a date and an amount"),
        ("\x00\x01binary", "characters of the file cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        of(text)


def test_a_missing_line_shows_in_the_balances() -> None:
    text = "Date,Description,Amount,Balance\n2026-03-22,a,10.00,110.00\n2026-03-24,c,10.00,130.00\n"
    assert of(text).gap == Decimal("10.00")


def test_each_account_is_a_statement() -> None:
    text = "Account Number,Date,Description,Amount\n1,2026-03-22,a,10.00\n2,2026-03-22,b,20.00\n1,2026-03-23,c,30.00\n"
    assert [(each.account, len(each.lines)) for each in read(text.encode())] == [("1", 2), ("2", 1)]
