"""How banks print a payment: per country the ways money comes and goes, and where name and reference land, cut to what fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from benchmarks.bank_lines.judge.names import plain


@dataclass(frozen=True)
class Told:
    """What is known when a payment is made. `name`: the other side as its bank knows it. `written`: what was typed as the reference. `own`: this company."""

    name: str
    written: str
    own: str
    day: date
    number: str = ""
    serial: str = ""


@dataclass(frozen=True)
class Print:
    description: str
    reference: str = ""
    transaction_type: str = ""
    party_name: str = ""
    party_number: str = ""


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def code(rng: Random, count: int) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(count))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _australia(rng: Random, told: Told, incoming: bool) -> Print:
    name, written = told.name, told.written
    way = rng.randrange(100)
    if incoming:
        if way < 30:
            return Print(_tidy(f"Direct Credit {digits(rng, 6)} {plain(name)[:16]} {written[:18]}"), transaction_type="Direct Credit")
        if way < 52:
            return Print(_tidy(f"OSKO PAYMENT FROM {plain(name)[:35]} {plain(written)[:35]}"), written[:35], "NPP", plain(name)[:35])
        if way < 68:
            return Print(
                _tidy(f"DEPOSIT-OSKO PAYMENT {digits(rng, 7)} {name[:22]} {written[:18]}")[:65],
                transaction_type="DEP",
                party_name=name[:22],
            )
        if way < 84:
            return Print(_tidy(f"{plain(name)[:18]} {plain(written)[:18]}"), plain(written)[:18], "CR")
        if way < 92:
            return Print(_tidy(f"TRANSFER FROM {plain(name)[:12]} {plain(written)[:18]}"), transaction_type="TFR")
        if way < 96:
            return Print(_tidy(f"DEFT PAYMENTS DEFT{digits(rng, 9)} {written[:12]}"), transaction_type="Direct Credit")
        return Print(f"BPAY BATCH CREDIT {told.day:%d%m} {digits(rng, 6)}", transaction_type="BPAY")
    if way < 35:
        return Print(_tidy(f"Transfer to {name[:18]} NetBank {written[:18]}"), transaction_type="Transfer")
    if way < 65:
        return Print(
            _tidy(f"WITHDRAWAL-OSKO PAYMENT {digits(rng, 7)} {name[:22]} {written[:18]}"), transaction_type="WDL", party_name=name[:22]
        )
    if way < 80:
        return Print(_tidy(f"BPAY {plain(name)[:20]} {digits(rng, 5)} {written[:20]}"), written[:20], "BPAY")
    return Print(
        _tidy(f"ANZ INTERNET BANKING PAYMENT {digits(rng, 6)} TO {plain(name)[:22]} {plain(written)[:18]}"), transaction_type="PAY"
    )


def _new_zealand(rng: Random, told: Told, incoming: bool) -> Print:
    # Three fields of twelve characters, and people fill them as they like.
    name, written = told.name, told.written
    way = rng.randrange(100)
    pieces = [written[:12], written[12:24]]
    particulars, its_code, reference = {
        0: ("", "", pieces[0]),
        1: (pieces[0], pieces[1], ""),
        2: (plain(told.own)[:12], "", pieces[0]),
        3: (name[:12], pieces[0], pieces[1]),
        4: ("", pieces[0], ""),
    }[way % 5]
    kind = rng.choice(("BP", "DC", "AP") if incoming else ("BP", "AP", "EP"))
    shown = name[:20] if way < 85 else (plain(name)[:16] if way < 95 else "")
    known = told.number if way % 3 == 0 else ""
    return Print(_tidy(f"{shown} {particulars} {its_code} {reference}"), reference or particulars, kind, shown, known)


def _britain(rng: Random, told: Told, incoming: bool) -> Print:
    name, written = plain(told.name), plain(told.written)[:18]
    way = rng.randrange(100)
    if incoming:
        if way < 35:
            return Print(
                _tidy(f"FASTER PAYMENTS RECEIPT REF.{written or 'NOT PROVIDED'} FROM {name[:18]}"),
                written,
                "FPI",
                name[:18] if way < 15 else "",
            )
        if way < 60:
            return Print(_tidy(f"{name[:18]} {written} FP {told.day:%d/%m/%y} {digits(rng, 4)} {digits(rng, 10)}"), "", "FPI")
        if way < 85:
            return Print(_tidy(f"BANK GIRO CREDIT REF {name[:18]}, {written}"), "", "BGC")
        if way < 94:
            return Print(_tidy(f"{name[:18]} STO {written}"), written, "SO")
        return Print(f"COUNTER CREDIT {digits(rng, 6)}", "", "CR")
    if way < 45:
        return Print(
            _tidy(f"BILL PAYMENT VIA FASTER PAYMENT TO {name[:18]} REFERENCE {written}, MANDATE NO {digits(rng, 3)}"), written, "FPO"
        )
    if way < 75:
        return Print(_tidy(f"{name[:18]} {written}"), written, "BAC", name[:18])
    return Print(_tidy(f"{name[:18]} {written} {digits(rng, 6)} {digits(rng, 8)} VIA MOBILE - PYMT"), "", "FPO")


def _america(rng: Random, told: Told, incoming: bool) -> Print:
    name, written, own = plain(told.name), plain(told.written), plain(told.own)
    way = rng.randrange(100)
    if way < 25:
        entry = rng.choice(("PAYABLES", "EDI PYMNTS", "CORP PAY", "VENDOR PMT", "ACH PMT"))
        return Print(
            f"ORIG CO NAME:{name[:16]} ORIG ID:{digits(rng, 10)} DESC DATE:{told.day:%y%m%d} CO ENTRY DESCR:{entry} SEC:CCD TRACE#:{digits(rng, 15)} "
            f"IND ID:{written[:15]} IND NAME:{own[:22]}",
            transaction_type="ACH",
        )
    if way < 55:
        return Print(
            _tidy(
                f"{name[:16]} DES:{rng.choice(('PAYMENT', 'INV PMT', 'BILL PAY'))} ID:{written[:15]} INDN:{own[:22]} CO ID:{digits(rng, 10)} CCD"
            )
        )
    if way < 68:
        side = "ORIG" if incoming else "BNF"
        return Print(
            _tidy(
                f"WIRE TYPE:WIRE {'IN' if incoming else 'OUT'} DATE:{told.day:%y%m%d} TRN:{digits(rng, 16)} {side}:{name[:35]} PMT DET:{written[:60]}"
            ),
            transaction_type="WIRE",
        )
    if way < 84:
        toward = "from" if incoming else "to"
        note = f' for "{told.written[:40]}"' if told.written else ""
        return Print(f"Zelle payment {toward} {told.name}{note}; Conf# {code(rng, 9).lower()}", transaction_type="ZELLE")
    if way < 95 or not incoming:
        return Print(_tidy(f"BUSINESS TO BUSINESS ACH {name[:22]} {told.day:%y%m%d} {written[:20]}"), written[:20], "ACH")
    return Print(f"DEPOSIT ID NUMBER {digits(rng, 6)}", transaction_type="DEPOSIT")


def _germany(rng: Random, told: Told, incoming: bool) -> Print:
    way = rng.randrange(100)
    purpose = told.written or rng.choice(("Rechnung", "Zahlung", "siehe Avis", ""))
    tags = f"EREF+{'NOTPROVIDED' if way < 50 else code(rng, 14)} SVWZ+{purpose}"
    if way < 40:
        # MT940 breaks at 27 characters, and readers put a space there.
        tags = " ".join(tags[at : at + 27] for at in range(0, len(tags), 27))
    kind = "GUTSCHRIFT UEBERWEISUNG" if incoming else "UEBERWEISUNG"
    return Print(
        _tidy(f"{kind} {tags}"), "" if way < 50 else told.written[:35], "NTRF", told.name[:27] if way < 60 else told.name[:54], told.number
    )


def _singapore(rng: Random, told: Told, incoming: bool) -> Print:
    name, written = plain(told.name), plain(told.written)
    way = rng.randrange(100)
    if way < 45:
        return Print(_tidy(f"FAST PAYMENT {'FROM' if incoming else 'TO'} {name[:35]} {written[:35]}"), written[:35], "ICT", name[:35])
    if way < 75:
        return Print(
            _tidy(f"INWARD CREDIT-GIRO {name[:20]} {written[:16]}" if incoming else f"GIRO {name[:20]} {written[:16]}"), "", "GIRO"
        )
    return Print(_tidy(f"PAYNOW {'TRANSFER FROM' if incoming else 'TO'} {name[:24]} OTHR {written[:20]} {code(rng, 8)}"), "", "PAYNOW")


BANKS: dict[str, Callable[[Random, Told, bool], Print]] = {
    "AU": _australia,
    "NZ": _new_zealand,
    "GB": _britain,
    "US": _america,
    "DE": _germany,
    "SG": _singapore,
}
CHEQUE = {"AU": "CHEQUE", "NZ": "Cheque", "GB": "CHQ", "US": "CHECK #", "DE": "SCHECK", "SG": "CHQ NO"}
DEBIT = {
    "AU": "DIRECT DEBIT {six} {name:.18} {written:.18}",
    "NZ": "{name:.20} D/D {written:.12}",
    "GB": "DIRECT DEBIT PAYMENT TO {name:.18} REF {written:.18}",
    "US": "{name:.16} DES:AUTOPAY ID:{written:.15} CO ID:{six}0017 PPD",
    "DE": "SEPA-BASISLASTSCHRIFT MREF+{six} SVWZ+{name:.27} {written:.35}",
    "SG": "GIRO PAYMENT {name:.20} {written:.16}",
}
TRANSFERS = {
    "AU": ("Transfer to xx{last4} NetBank", "Transfer from xx{last4} NetBank", "TFR {number}"),
    "NZ": ("TRANSFER TO {number}", "TFR {last4} INTERNAL", "FUNDS TRANSFER"),
    "GB": ("TRANSFER {number}", "TO A/C {last4}", "INTERNAL TRANSFER"),
    "US": ("Online Transfer to CHK ...{last4}", "ONLINE TRANSFER REF #{six} ACCT {last4}", "BOOK TRANSFER"),
    "DE": ("UMBUCHUNG SVWZ+UEBERTRAG {number}", "SVWZ+UEBERTRAG", "SVWZ+LIQUIDITAETSAUSGLEICH {last4}"),
    "SG": ("FUNDS TRANSFER {number}", "INTERNAL TRF {last4}", "IBG TRF OWN A/C"),
}


def paid(rng: Random, country: str, told: Told, incoming: bool) -> Print:
    """A payment between this company and another."""
    return BANKS[country](rng, told, incoming)


def cheque(country: str, number: str) -> Print:
    return Print(f"{CHEQUE[country]} {number}", number, "CHQ")


def direct_debit(rng: Random, country: str, name: str, written: str) -> Print:
    text = DEBIT[country].format(six=digits(rng, 6), name=plain(name), written=written)
    return Print(_tidy(text), transaction_type="DD")


def transfer(rng: Random, country: str, number: str) -> Print:
    plain_number = "".join(filter(str.isalnum, number))
    return Print(rng.choice(TRANSFERS[country]).format(last4=plain_number[-4:], number=number, six=digits(rng, 6)), transaction_type="TFR")
