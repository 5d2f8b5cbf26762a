"""Which columns of a bank's CSV are what, by their headings. Banks agree on nothing: a person sees the choice and can change it, and it is kept for the account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

# The order of day, month and year.
DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "DMY", "MDY", "YMD"


@dataclass(frozen=True)
class Columns:
    """Where things are in a CSV, as numbers of columns from 0; None where the file has no such column.

    Either `amount` (signed; turned where `money_out_positive`), or `money_in` and `money_out`, or `amount` with `mark`, a column that says debit or credit.
    `delimiter`: "" for the one that fits the file. `texts`: what becomes the description, in this order. `order`: of day, month and year, "" for the one that its dates show. `decimal`: "." or ",".
    """

    delimiter: str
    # The number of the first row that is a line.
    first_row: int
    date: int
    amount: int | None = None
    money_in: int | None = None
    money_out: int | None = None
    mark: int | None = None
    texts: tuple[int, ...] = ()
    reference: int | None = None
    party_name: int | None = None
    party_number: int | None = None
    transaction_type: int | None = None
    bank_id: int | None = None
    balance: int | None = None
    currency: int | None = None
    account: int | None = None
    # Whether the bank has booked a line (`status`), and what it took for it besides (`fee`).
    status: int | None = None
    fee: int | None = None
    order: str = ""
    decimal: str = "."
    money_out_positive: bool = False


# What banks call a column, most telling first; the first that fits is taken. Lower case, without signs.
HEADINGS: dict[str, tuple[str, ...]] = {
    "date": (
        "posted date", "posting date", "booking date", "transaction date", "process date", "processed date", "entry date", "tran date", "date posted", "buchungstag",
        "buchung", "buchungsdatum", "date operation", "date comptable", "fecha", "bookingdate", "completed date", "date", "datum", "value date", "valuta", "transactiedatum", "könyvelés dátuma"),
    "money_in": ("credit amount", "money in", "paid in", "amount (credit)", "deposit", "deposits", "deposit amount", "credit", "credits", "haben", "amount in", "receipts", "in", "jóváírás"),
    "money_out": (
        "debit amount", "money out", "paid out", "amount (debit)", "withdrawal", "withdrawals", "withdrawal amount", "debit", "debits", "soll", "amount out", "payments", "out", "terhelés"),
    "amount": ("amount", "transaction amount", "amount aud", "amount nzd", "amount gbp", "amount usd", "amount eur", "value", "betrag", "umsatz", "betrag eur", "montant", "importe", "net", "bedrag", "bedrag eur", "transactiebedrag"),
    "mark": ("debit/credit", "credit/debit", "dr/cr", "cr/dr", "debitcredit", "type dr cr", "soll/haben", "direction", "af bij"),
    "balance": ("balance", "running balance", "account balance", "closing balance", "saldo", "saldo nach buchung", "solde", "ledger balance", "running bal", "running balance", "saldo na mutatie", "saldo na trn", "eindsaldo"),
    "currency": ("currency", "currency code", "ccy", "waehrung", "währung", "devise", "moneda", "curr", "munt", "muntsoort"),
    "account": ("account number", "account", "bank account", "account no", "auftragskonto", "iban auftragskonto", "konto", "this account", "this party account", "rekening", "iban/bban", "rekeningnummer"),
    "party_name": (
        "other party", "other party name", "payee", "payee name", "counter party", "counterparty", "counterparty name", "beneficiary", "beneficiary/payer", "merchant", "merchant name",
        "name", "op name", "beguenstigter/zahlungspflichtiger", "begünstigter/zahlungspflichtiger", "name zahlungsbeteiligter", "debtor name", "creditor name", "payer", "to / from", "to/from", "partner name", "naam / omschrijving", "naam tegenpartij", "partner neve"),
    "party_number": ("other party account number", "other party account", "counterparty account", "counterparty iban", "iban", "kontonummer/iban", "kontonummer", "payee account", "op bank account number", "iban zahlungsbeteiligter", "to account", "beneficiary account", "partner iban", "tegenrekening", "tegenrekening iban/bban"),
    "transaction_type": ("transaction type", "tran type", "type", "buchungstext", "transaction code", "code type", "transaction category", "trancode", "mutatiesoort", "umsatztyp"),
    "reference": ("reference", "ref", "payment reference", "end to end id", "end to end reference", "kundenreferenz", "kundenreferenz (end-to-end)", "cheque number", "chequenumber", "cheque", "check or slip", "check number", "check", "customer reference", "chq no", "serial", "betalingskenmerk", "transactiereferentie"),
    "status": ("state", "status", "booking status"),
    "fee": ("fee", "fees"),
    "bank_id": ("unique id", "transaction id", "bank reference", "trace id", "fitid", "id", "unique transaction id", "transferwise id", "volgnr"),
}  # fmt: skip
# All of these are words of a line.
TEXTS = frozenset(
    """description|details|narrative|narration|memo|transaction description|transaction details|particulars|code|analysis code|verwendungszweck|notes|message|remittance information|text|libelle|
    concepto|memo/description|transaction|remarks|statement description|merchant description|purpose|op ref|op part|op code|transaction ref1|transaction ref2|transaction ref3|original description|payment information|tran details|narrative 1|narrative 2|details 2|mededelingen|omschrijving|omschrijving-1|omschrijving-2|omschrijving-3|zahlungspflichtige r|zahlungsempfänger in|közlemény|notes and #tags""".replace(
        "\n", ""
    )
    .replace(" |", "|")
    .replace("| ", "|")
    .split("|")
)


def heading(text: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w/()&-]+|_", " ", text.replace("﻿", "").casefold())).strip()


def by_headings(row: Sequence[str], first_row: int) -> Columns | None:
    """The columns where this row is the one with headings: it names a date, and an amount in one column or in two; None where it is not."""
    names = [_bare(each) for each in row]
    found = {what: _column(names, called) for what, called in HEADINGS.items()}
    if found["date"] is None or (found["amount"] is None and (found["money_in"] is None or found["money_out"] is None)):
        return None
    if found["money_in"] is not None and found["money_out"] is not None:
        found["amount"] = None
    else:
        found["money_in"] = found["money_out"] = None
    used = {each for each in found.values() if each is not None}
    texts = tuple(at for at, name in enumerate(names) if name in TEXTS and at not in used)
    places: dict[str, Any] = {what: at for what, at in found.items() if at is not None}
    columns = Columns("", first_row, texts=texts, **places)
    return columns if columns.mark is None or columns.amount is not None else replace(columns, mark=None)


def _bare(text: str) -> str:
    """ "Amount (AUD)" is "amount"."""
    name = heading(text)
    return name if name in TEXTS or any(name in called for called in HEADINGS.values()) else re.sub(r"\s*\([^)]*\)$", "", name)


def _column(names: Sequence[str], called: Iterable[str]) -> int | None:
    return next((names.index(each) for each in called if each in names), None)
