"""Prints a movement as the banks of a country print it: which field has the name and the reference, how long each may be, what fills the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.bank_lines.tuning.books import Books, Movement
from benchmarks.bank_lines.tuning.wording import bank_name, plain, quoted


@dataclass(frozen=True)
class Printed:
    """What stands in the fields of a line."""

    description: str
    reference: str = ""
    transaction_type: str = ""
    party_name: str = ""
    party_number: str = ""
    transaction_id: str = ""


@dataclass(frozen=True)
class Said:
    """What there is to print: the name of the other side (`whole` and as wanted in a field), the payer's reference and other words."""

    movement: Movement
    rng: Random
    reference: str
    ours: str

    def name(self, limit: int, upper: bool = True) -> str:
        return bank_name(self.rng, self.movement.who, limit, upper)

    def text(self, limit: int) -> str:
        parts = [self.reference, self.movement.note]
        if len(self.movement.note) % 5 == 4:
            parts.reverse()
        words = " ".join(each for each in parts if each)
        return plain(words)[:limit].rstrip()

    def digits(self, count: int) -> str:
        return "".join(str(self.rng.randrange(10)) for _ in range(count))

    @property
    def into(self) -> bool:
        return self.movement.amount > 0

    @property
    def channel(self) -> str:
        return self.movement.channel


def _joined(*words: str) -> str:
    return " ".join(each for each in words if each)


# Channels that look alike everywhere; {} is what follows.
PLAIN = {
    "fee": "ACCOUNT FEE",
    "interest": "CREDIT INTEREST",
    "card": "",
    "cash": "CASH DEPOSIT",
}


def _common(said: Said) -> Printed | None:
    """Fees, interest, cheques and cards: without the other side's name, or with a shop's."""
    movement = said.movement
    if movement.channel in ("fee", "interest", "cash"):
        return Printed(
            movement.note or PLAIN[movement.channel], transaction_type={"fee": "FEE", "interest": "INT", "cash": "DEP"}[movement.channel]
        )
    if movement.channel == "card":
        return Printed(
            _joined(
                said.rng.choice(("VISA PURCHASE", "CARD", "EFTPOS", "DEBIT CARD PURCHASE")),
                movement.who,
                f"CARD XX{said.digits(4)}",
                plain(movement.note),
            ),
            transaction_type="POS",
        )
    if movement.channel == "cheque":
        word = said.rng.choice(("CHEQUE", "CHQ")) if movement.account.country != "US" else "CHECK"
        if said.into:
            return Printed(_joined(f"{word} DEPOSIT", said.text(30)), transaction_type="DEP")
        return Printed(_joined(word, said.reference), said.reference if said.rng.random() < 0.6 else "", "CHQ")
    if movement.channel == "internal":
        return _own(said)
    if movement.channel == "returned":
        word = said.rng.choice(("RETURNED DIRECT DEBIT", "DISHONOUR", "RETURNED PAYMENT", "REVERSAL", "UNPAID", "RETURN ITEM"))
        return Printed(_joined(word, said.name(20), said.text(20).upper()), transaction_type="RTN")
    if movement.channel == "wire" and movement.account.country not in ("US", "DE"):
        return Printed(
            _joined(
                said.rng.choice(("TELEGRAPHIC TRANSFER", "INTL PAYMENT", "INWARD REMITTANCE" if said.into else "OVERSEAS PAYMENT")),
                said.name(35),
                said.text(60),
            )
        )
    return None


def _own(said: Said) -> Printed:
    """A transfer between own accounts: the other account's last digits, or its name, or hardly a word."""
    direction, other = ("FROM" if said.into else "TO"), said.movement.who_account.replace(" ", "").replace("-", "")
    text = said.rng.choice(
        (
            f"INTERNAL TRANSFER {direction} XX{other[-4:]}",
            f"TFR {direction} {other[-6:]} {said.movement.who.upper()}",
            f"TRANSFER {direction} {plain(said.ours).upper()[:18]} {said.movement.who}",
            f"ONLINE TRANSFER REF {said.digits(8)} {direction} ACCT {other[-4:]}",
            f"{plain(said.ours).upper()[:18]} {said.movement.note}".strip(),
        )
    )
    return Printed(_joined(text, said.reference), transaction_type="TFR")


def _au_long(said: Said) -> Printed:
    if said.channel == "debit":
        return Printed(_joined("DIRECT DEBIT", said.digits(6), said.name(20), said.text(18)).upper(), transaction_type="DD")
    if said.channel == "bill":
        return Printed(_joined("BPAY", said.name(20), said.text(20), f"CRN {said.digits(8)}"), transaction_type="BPAY")
    if said.into:
        head = said.rng.choice(("DEPOSIT-OSKO PAYMENT", "DIRECT CREDIT", "FAST TRANSFER FROM", "INTER-BANK CREDIT", "DEFT PAYMENTS"))
        return Printed(_joined(head, said.digits(7) if "DIRECT" in head or "OSKO" in head else "", said.name(18), said.text(18).upper()))
    return Printed(
        _joined(
            said.rng.choice(("WITHDRAWAL ONLINE", "TRANSFER TO", "OSKO PAYMENT TO")), said.digits(7), said.name(18), said.text(18).upper()
        )
    )


def _au_fields(said: Said) -> Printed:
    kind = (
        "Direct Debit"
        if said.channel == "debit"
        else "BPAY"
        if said.channel == "bill"
        else "NPP"
        if said.rng.random() < 0.6
        else "Direct Credit"
    )
    return Printed(
        said.text(35) or ("Deposit" if said.into else "Payment"),
        said.text(35) if said.rng.random() < 0.5 else "",
        kind,
        said.name(35, upper=False),
    )


def _nz(said: Said) -> Printed:
    """Particulars, code and reference of twelve characters each; who fills what into which is up to the payer."""
    words, three = said.text(36).upper(), ["", "", ""]
    pieces = [words[at : at + 12].strip() for at in range(0, len(words), 12)] if len(words) > 12 else [words]
    order = said.rng.choice(([2, 1, 0], [2, 0, 1], [0, 1, 2], [1, 2, 0]))
    if len(pieces) > 1:
        order = sorted(order[: len(pieces)])
    for place, piece in zip(order, pieces):
        three[place] = piece
    kind = {"debit": "DD", "standing": "AP", "bill": "BP"}.get(said.channel, "DC" if said.into else "BP")
    return Printed(
        _joined(said.name(said.rng.choice((20, 20, 20, 12)), upper=said.rng.random() < 0.6), *three),
        three[2],
        kind,
        said.name(20, upper=False) if said.rng.random() < 0.5 else "",
    )


def _gb_long(said: Said) -> Printed:
    kind = {"debit": "DDR", "standing": "STO", "bill": "BBP"}.get(said.channel) or (
        "BGC" if said.into and said.rng.random() < 0.4 else "FPI" if said.into else "FPO"
    )
    filling = (
        f"{said.movement.date:%d/%m/%y} {said.digits(2)} {said.digits(14)}BB" if kind.startswith("FP") and said.rng.random() < 0.5 else ""
    )
    return Printed(_joined(said.name(18), said.text(18).upper(), filling, kind), transaction_type=kind)


def _gb_fields(said: Said) -> Printed:
    kind = {"debit": "Direct Debit", "standing": "Standing Order"}.get(said.channel) or (
        "Faster payment" if said.rng.random() < 0.7 else "Bacs"
    )
    return Printed(
        said.name(22),
        said.text(18),
        kind,
        said.name(35, upper=False) if said.rng.random() < 0.5 else "",
        said.movement.who_account if said.rng.random() < 0.3 else "",
    )


def _us_ach(said: Said) -> Printed:
    if said.channel == "wire":
        return _wire(said)
    entry = said.rng.choice(("PAYMENT", "ACH PMT", "CORP PAY", "VENDOR PMT", "EDI PYMNTS"))
    name, ours = said.name(16), plain(said.ours).upper()[:22]
    text = f"ORIG CO NAME:{name} ORIG ID:{said.digits(10)} DESC DATE:{said.movement.date:%y%m%d} CO ENTRY DESCR:{entry[:10]} SEC:CCD IND ID:{said.text(15).upper()} IND NAME:{ours} TRN:{said.digits(7)}TC"
    return Printed(text, transaction_type="ACH_CREDIT" if said.into else "ACH_DEBIT")


def _us_des(said: Said) -> Printed:
    if said.channel == "wire":
        return _wire(said)
    if said.rng.random() < 0.12:
        return Printed(
            f"Zelle payment {'from' if said.into else 'to'} {said.name(35, upper=False)} {f'for {chr(34)}{said.text(30)}{chr(34)}; ' if said.text(30) else ''}Conf# {said.digits(9)}"
        )
    return Printed(
        f"{said.name(16)} DES:{said.rng.choice(('PAYMENT', 'ACH', 'BILLPAY', 'CCD'))} ID:{said.text(15).upper()} INDN:{plain(said.ours).upper()[:22]} CO ID:{said.digits(10)} CCD"
    )


def _wire(said: Said) -> Printed:
    side = "ORIG" if said.into else "BNF"
    return Printed(
        f"WIRE TYPE:{'INTL IN' if said.into else 'INTL OUT'} DATE:{said.movement.date:%y%m%d} TIME:{said.digits(4)} ET TRN:{said.digits(16)} {side}:{said.name(35)} {'BNF DTL' if said.into else 'PMT DET'}:{said.text(35)}",
        transaction_type="WIRE",
    )


def _sepa(said: Said) -> Printed:
    end = f"EREF+{said.reference[:35]}" if said.reference and said.rng.random() < 0.4 else "EREF+NOTPROVIDED"
    text = f"{end} {f'MREF+M{said.digits(6)} CRED+DE98ZZZ0{said.digits(10)} ' if said.channel == 'debit' else ''}SVWZ+{said.text(140)}"
    kind = "SEPA-Basislastschrift" if said.channel == "debit" else "GUTSCHR. UEBERWEISUNG" if said.into else "UEBERWEISUNG"
    return Printed(
        text,
        transaction_type=kind,
        party_name=said.name(27, upper=said.rng.random() < 0.3),
        party_number=said.movement.who_account.replace(" ", ""),
    )


def _mt940(said: Said) -> Printed:
    """One run of text in lines of 27 characters, as the :86: field gives it."""
    run = plain(_joined(said.name(54), said.text(70), f"REF {said.digits(10)}"))
    return Printed("\n".join(run[at : at + 27] for at in range(0, len(run), 27)), transaction_type="NTRF")


def _mt940_wide(said: Said) -> Printed:
    run = plain(_joined(said.rng.choice(("/TRF/", "NONREF", "")), said.name(35), said.text(70)))
    return Printed("\n".join(run[at : at + 65] for at in range(0, len(run), 65)), said.digits(12), "NTRF")


def _sg(said: Said) -> Printed:
    head = (
        "GIRO"
        if said.channel in ("debit", "bill")
        else said.rng.choice(("FAST PAYMENT", "PAYNOW", "INWARD CREDIT" if said.into else "FUND TRANSFER"))
    )
    return Printed(_joined(head, "OTHR", said.text(35).upper(), said.name(20)), said.text(35) if said.rng.random() < 0.4 else "", head)


STYLES: dict[str, tuple[Callable[[Said], Printed], ...]] = {
    "AU": (_au_long, _au_long, _au_fields, _mt940_wide),
    "NZ": (_nz, _nz, _nz, _mt940_wide),
    "GB": (_gb_long, _gb_fields, _gb_long, _mt940_wide),
    "US": (_us_ach, _us_des),
    "DE": (_sepa, _mt940),
    "SG": (_sg, _mt940_wide),
}


def styles(books: Books) -> dict[str, tuple[Callable[[Said], Printed], bool]]:
    """By account: how its bank prints, and whether it gives ids."""
    return {each.name: (books.rng.choice(STYLES[each.country]), books.rng.random() < 0.5) for each in books.accounts}


def printed(books: Books, movement: Movement, style: tuple[Callable[[Said], Printed], bool]) -> Printed:
    """The line's fields."""
    said = Said(movement, books.rng, quoted(books.rng, movement), books.name)
    made = _common(said) or style[0](said)
    if style[1]:
        return Printed(
            made.description,
            made.reference,
            made.transaction_type,
            made.party_name,
            made.party_number,
            f"{movement.account.name[:2].upper()}{said.digits(14)}",
        )
    return made
