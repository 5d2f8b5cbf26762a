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
    "Revolut: what was reverted has no day, fees are apart": (
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "Card Payment,Current,2026-03-22 19:48:40,2026-03-23 07:30:04,Grocer,-39.90,0.00,GBP,COMPLETED,1060.10\n"
        "Transfer,Current,2026-03-23 22:53:54,2026-03-23 22:53:55,To Smith Ltd,-30.00,0.50,GBP,COMPLETED,1029.60\n"
        "Topup,Current,2026-03-24 17:59:03,2026-03-24 17:59:03,Payment from Brown,200.00,0.00,GBP,COMPLETED,1229.60\n"
        "Card Payment,Current,2026-03-25 16:51:50,,Taxi,-2.18,0.00,GBP,REVERTED,\n",
        [
            ("2026-03-23", "-39.90", "Grocer", "", ""),
            ("2026-03-23", "-30.50", "To Smith Ltd", "", ""),
            ("2026-03-24", "200.00", "Payment from Brown", "", ""),
        ],
        ("1100.00", "1229.60"),
    ),
    "Monzo, United Kingdom: an amount and two columns of it": (
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\n"
        "tx_1,23/03/2026,11:26:03,Card payment,Coffee Shop,,Eating out,-13.03,GBP,-13.03,GBP,,,,COFFEE SHOP LONDON,,-13.03,\n"
        "tx_2,24/03/2026,07:09:51,Faster payment,Smith Ltd,,Income,2000.00,GBP,2000.00,GBP,INV 1021,,,INV 1021,,,2000.00\n",
        [
            ("2026-03-23", "-13.03", "COFFEE SHOP LONDON", "", "Coffee Shop"),
            ("2026-03-24", "2000.00", "INV 1021", "", "Smith Ltd"),
        ],
        None,
    ),
    "Barclays, United Kingdom: the branch in the account": (
        "Number,Date,Account,Amount,Subcategory,Memo\n"
        " ,24/03/2026,20-00-00 12345678,-10.99,PAYMENT,SHOP         ON 23 MAR          BCC\n"
        " ,23/03/2026,20-00-00 12345678,2450.00,DIRECTDEP,SMITH LTD INV1021\n",
        [
            ("2026-03-23", "2450.00", "SMITH LTD INV1021", "", ""),
            ("2026-03-24", "-10.99", "SHOP ON 23 MAR BCC", "", ""),
        ],
        None,
    ),
    "ING, Netherlands: which way in words, thousands with a point": (
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"\n'
        '"20260324";"Bakker";"NL01INGB0001234567";"";"BA";"Af";"12,45";"Betaalautomaat";"Pasvolgnr: 003";"2.987,55";""\n'
        '"20260323";"Jansen BV";"NL01INGB0001234567";"NL02TEST0987654321";"GT";"Bij";"2.500,00";"Online bankieren";"Naam: Jansen BV Omschrijving: INV 1021";"3.000,00";""\n',
        [
            ("2026-03-23", "2500.00", "GT Naam: Jansen BV Omschrijving: INV 1021", "", "Jansen BV"),
            ("2026-03-24", "-12.45", "BA Pasvolgnr: 003", "", "Bakker"),
        ],
        ("500.00", "2987.55"),
    ),
    "Rabobank, Netherlands: a sign before every amount": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1","Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"\n'
        '"NL05RABO0123456789","EUR","RABONL2U","000000000000001234","2026-03-23","2026-03-23","-45,00","+955,00","NL06INGB0007654321","Telecom BV","","","INGBNL2A","ei","","","M123","NL00ZZZ","","Factuur 123","Mobiel","","","","",""\n'
        '"NL05RABO0123456789","EUR","RABONL2U","000000000000001235","2026-03-24","2026-03-24","+1.250,00","+2.205,00","NL02TEST0987654321","Jansen BV","","","ABNANL2A","cb","","","","","","INV 1021"," ","","","","",""\n',
        [
            ("2026-03-23", "-45.00", "ei Factuur 123 Mobiel", "", "Telecom BV"),
            ("2026-03-24", "1250.00", "cb INV 1021", "", "Jansen BV"),
        ],
        ("1000.00", "2205.00"),
    ),
    "Wise: newest first, a fee inside the amount": (
        "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Exchange To,Exchange Rate,Payer Name,Payee Name,Payee Account Number,Merchant,Card Last Four Digits,Card Holder Full Name,Attachment,Note,Total fees\n"
        "CARD-2,24-03-2026,-9.99,EUR,Card transaction of 9.99 EUR issued by Shop,,150.01,,,,,,,Shop,1234,Name,,,0\n"
        "TRANSFER-1,23-03-2026,100.00,EUR,Received money from Smith Ltd with reference INV 1021,INV 1021,160.00,,,,Smith Ltd,,,,,,,,0\n",
        [
            ("2026-03-23", "100.00", "Received money from Smith Ltd with reference INV 1021", "INV 1021", ""),
            ("2026-03-24", "-9.99", "Card transaction of 9.99 EUR issued by Shop", "", ""),
        ],
        ("60.00", "150.01"),
    ),
    "BNZ, New Zealand: this party and the other party": (
        "Date,Amount,Payee,Particulars,Code,Reference,Tran Type,This Party Account,Other Party Account,Serial,Transaction Code,Batch Number,Originating Bank/Branch,Processed Date\n"
        '23/03/26,-14.00,CAFE,169829,WELLINGTON,049906,POS,02-1269-0029601-00,---,,"00",4303,"02-0499",23/03/26\n'
        '24/03/26,230.00,Brown Ltd,INV,1021,,DC,02-1269-0029601-00,12-3066-0123456-00,,"50",0000,"02-1255",24/03/26\n',
        [
            ("2026-03-23", "-14.00", "169829 WELLINGTON", "049906", "CAFE"),
            ("2026-03-24", "230.00", "INV 1021", "", "Brown Ltd"),
        ],
        None,
    ),
    "Westpac, New Zealand": (
        "Date,Amount,Other Party,Description,Reference,Particulars,Analysis Code\n"
        '23/03/2026,-11.00,"Bakery","EFTPOS TRANSACTION","13-10:32-514","524651******","7473 00514"\n'
        '24/03/2026,2764.35,"Brown Ltd","DIRECT CREDIT",,"INV 1021",\n',
        [
            ("2026-03-23", "-11.00", "EFTPOS TRANSACTION 524651****** 7473 00514", "13-10:32-514", "Bakery"),
            ("2026-03-24", "2764.35", "DIRECT CREDIT INV 1021", "", "Brown Ltd"),
        ],
        None,
    ),
    "DKB, Germany: a balance above, what is not booked, one decimal or none": (
        '"Girokonto";"DE00120300001020304050"\n'
        '""\n'
        '"Kontostand vom 24.03.2026:";"2.345,67 €"\n'
        '""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"\n'
        '"24.03.26";"24.03.26";"Gebucht";"Muster GmbH";"Bahn AG";"Fahrkarte";"Ausgang";"DE1";"-29,9";"";"";"MS-1"\n'
        '"23.03.26";"23.03.26";"Gebucht";"Müller GmbH";"Muster GmbH";"Rechnung 1021";"Eingang";"DE2";"1.190";"";"";""\n'
        '"25.03.26";"25.03.26";"Vorgemerkt";"Muster GmbH";"Telefon AG";"Kundennr 555";"Ausgang";"DE3";"-39,99 €";"";"";""\n',
        [
            ("2026-03-23", "1190", "Müller GmbH Muster GmbH Rechnung 1021", "", ""),
            ("2026-03-24", "-29.9", "Muster GmbH Bahn AG Fahrkarte", "MS-1", ""),
        ],
        None,
    ),
    "Nationwide, United Kingdom: signs of pounds": (
        '"Account Name:","Current ****12345"\n'
        '"Account Balance:","£1,249.56"\n'
        '"Available Balance: ","£1,249.56"\n'
        "\n"
        '"Date","Transaction type","Description","Paid out","Paid in","Balance"\n'
        '"23 Mar 2026","Card Transaction","SHOP","£10.00","","£1,224.56"\n'
        '"24 Mar 2026","Faster Payment","SMITH LTD INV1021","","£25.00","£1,249.56"\n',
        [
            ("2026-03-23", "-10.00", "SHOP", "", ""),
            ("2026-03-24", "25.00", "SMITH LTD INV1021", "", ""),
        ],
        ("1234.56", "1249.56"),
    ),
    "HSBC, United Kingdom: a sign before the pounds": (
        '24/03/2026,SHOP,-£10.99\n23/03/2026,SMITH LTD INV1021,"£2,450.00"\n',
        [
            ("2026-03-23", "2450.00", "SMITH LTD INV1021", "", ""),
            ("2026-03-24", "-10.99", "SHOP", "", ""),
        ],
        None,
    ),
    "ABN AMRO, Netherlands: tabs, balances before and after": (
        "Rekeningnummer\tMuntsoort\tTransactiedatum\tRentedatum\tBeginsaldo\tEindsaldo\tTransactiebedrag\tOmschrijving\n"
        "123456789\tEUR\t20260323\t20260323\t1000,00\t914,50\t-85,50\tHuur\n",
        [
            ("2026-03-23", "-85.50", "Huur", "", ""),
        ],
        ("1000.00", "914.50"),
    ),
    "N26, Germany: a dash where there is no reference": (
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n'
        '2026-03-23,2026-03-23,"Smith GmbH",DE89370400440532013000,"Credit Transfer","INV 1021","Main Account",250.00,"","",""\n'
        '2026-03-24,2026-03-24,"Shop",,"Presentment","-","Main Account",-10.55,10.55,EUR,1.0\n',
        [
            ("2026-03-23", "250.00", "Smith GmbH", "INV 1021", "Smith GmbH"),
            ("2026-03-24", "-10.55", "Shop", "", "Shop"),
        ],
        None,
    ),
    "NatWest, United Kingdom: an apostrophe before texts": (
        "Date,Type,Description,Value,Balance,Account Name,Account Number\n"
        "23 Mar 2026,BAC,SMITH LTD INV1021,1200.00,5000.00,CURRENT,600001-12345678\n"
        "24 Mar 2026,POS,'COFFEE SHOP,-3.50,4996.50,CURRENT,600001-12345678\n",
        [
            ("2026-03-23", "1200.00", "SMITH LTD INV1021", "", ""),
            ("2026-03-24", "-3.50", "COFFEE SHOP", "", ""),
        ],
        ("3800.00", "4996.50"),
    ),
    "Wells Fargo, USA: no headings, empty columns": (
        '"03/24/2026","-15.00","*","","PURCHASE SHOP"\n"03/23/2026","250.00","*","","SMITH INC INV 1021"\n',
        [
            ("2026-03-23", "250.00", "SMITH INC INV 1021", "", ""),
            ("2026-03-24", "-15.00", "PURCHASE SHOP", "", ""),
        ],
        None,
    ),
    "OTP, Hungary: thousands with blanks, no decimals": (
        "Könyvelés dátuma;Értéknap;Terhelés;Jóváírás;Partner neve;Közlemény\n"
        "2026.03.23.;2026.03.23.;12 450;;Bolt;Vásárlás\n"
        "2026.03.24.;2026.03.24.;;450 000;Kft;Számla 1021\n",
        [
            ("2026-03-23", "-12450", "Vásárlás", "", "Bolt"),
            ("2026-03-24", "450000", "Számla 1021", "", "Kft"),
        ],
        None,
    ),
    "PayPal: gross, fee and net": (
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Invoice Number","Balance"\n'
        '"23/03/2026","10:00:00","GMT","Smith","Express Checkout Payment","Completed","GBP","100.00","-3.20","96.80","a@x","b@x","TX1","1021","96.80"\n'
        '"24/03/2026","10:00:00","GMT","","General Withdrawal","Completed","GBP","-50.00","0.00","-50.00","","","TX2","","46.80"\n',
        [
            ("2026-03-23", "96.80", "Smith", "", "Smith"),
            ("2026-03-24", "-50.00", "General Withdrawal", "", ""),
        ],
        ("0.00", "46.80"),
    ),
    "Macquarie, Australia: the text as the shop sent it": (
        "Transaction Date,Details,Account,Category,Subcategory,Tags,Notes,Debit,Credit,Balance,Original Description\n"
        "24 Mar 2026,Shop,Platinum 123,Food,,,,10.00,,490.00,SHOP SYDNEY AU\n"
        "23 Mar 2026,Smith Pty,Platinum 123,Income,,,,,500.00,500.00,DEPOSIT SMITH PTY INV1021\n",
        [
            ("2026-03-23", "500.00", "Smith Pty DEPOSIT SMITH PTY INV1021", "", ""),
            ("2026-03-24", "-10.00", "Shop SHOP SYDNEY AU", "", ""),
        ],
        ("0.00", "490.00"),
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
        ("Date,Description,Amount\n25/02/2026,x,-5000000000000.00\n", "-5000000000000.00 is no amount"),
        (f"Date,Description,Amount\n25/02/2026,x,{'9' * 5000}.00\n", "is no amount"),
        ("Date,Description,Amount,Balance\n25/02/2026,x,-5.00,7000000000000.00\n", "is no amount"),
        ("Date,Description,Amount\n24/03/2026,x,1.2.3\n", "is no amount"),
        ("Date,Description,Debit,Credit\n24/03/2026,x,,\n", "has no amount"),
        ("Name,Colour\nBob,red\n", "No columns with a date and an amount"),
        ("\x00\x01binary", "characters of the file cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        of(text)


@pytest.mark.parametrize(
    "text, month",
    [
        *zip("5 janv. 2026|5 févr. 2026|5 mars 2026|5 avr. 2026|5 mai 2026|5 juin 2026|5 juil. 2026|5 août 2026|5 sept. 2026|5 oct. 2026|5 nov. 2026|5 déc. 2026".split("|"), range(1, 13)),
        *zip("5-ene-26|5-feb-26|5-mar-26|5-abr-26|5-may-26|5-jun-26|5-jul-26|5-ago-26|5-sep-26|5-oct-26|5-nov-26|5-dic-26".split("|"), range(1, 13)),
        *zip("5 gen 2026|5 feb 2026|5 mar 2026|5 apr 2026|5 mag 2026|5 giu 2026|5 lug 2026|5 ago 2026|5 set 2026|5 ott 2026|5 nov 2026|5 dic 2026".split("|"), range(1, 13)),
        *[("5 mrt 2026", 3), ("5 mei 2026", 5), ("5 Mär 2026", 3), ("5 Dezember 2026", 12), ("5 fev 2026", 2), ("5 out 2026", 10), ("5 maj 2026", 5), ("Jul 5, 2026", 7)],
    ],
)  # fmt: skip
def test_months_are_read_as_banks_of_several_countries_write_them(text: str, month: int) -> None:
    (statement,) = read(f'Date,Description,Amount\n"{text}",x,-5.00\n'.encode())
    assert [line.date for line in statement.lines] == [date(2026, month, 5)]


@pytest.mark.parametrize("text", ["05/03/2569", "1447-09-16", "16.09.0026", "2569-03-05"])
def test_years_of_another_calendar_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="is no day of a bank's statement"):
        read(f"Date,Description,Amount\n{text},x,-5.00\n{text.replace('05', '25').replace('16', '26')},y,-6.00\n".encode())


def test_a_missing_line_shows_in_the_balances() -> None:
    text = "Date,Description,Amount,Balance\n2026-03-22,a,10.00,110.00\n2026-03-24,c,10.00,130.00\n"
    assert of(text).gap == Decimal("10.00")


def test_each_account_is_a_statement() -> None:
    text = "Account Number,Date,Description,Amount\n1,2026-03-22,a,10.00\n2,2026-03-22,b,20.00\n1,2026-03-23,c,30.00\n"
    assert [(each.account, len(each.lines)) for each in read(text.encode())] == [("1", 2), ("2", 1)]


def test_what_the_bank_has_not_booked_is_left_out_and_said() -> None:
    text = BANKS["Revolut: what was reverted has no day, fees are apart"][0]
    assert [str(each) for each in of(text).remarks] == ["1 lines that the bank has not booked are left out"]
    # Where balances do not say that the fee comes on top, it does not: Wise has it inside the amount.
    without = "Completed Date,Description,Amount,Fee,Currency\n2026-03-23,To Smith,-30.00,0.50,GBP\n"
    assert [str(each.amount) for each in of(without).lines] == ["-30.00"]


def test_an_account_that_not_every_line_names_is_the_other_sides() -> None:
    text = "Date,Description,Amount,Bank Account\n2026-03-22,a,10.00,12-3066-0123456-00\n2026-03-23,b,20.00,\n"
    found = of(text)
    assert (found.account, [each.party_number for each in found.lines]) == ("", ["12-3066-0123456-00", ""])
