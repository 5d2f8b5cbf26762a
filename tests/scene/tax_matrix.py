"""Tax types by class of accounts: which tax of ERPNext's each of Xero's types may stand for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from picortex_xero.accounting.money import plain
from picortex_xero.accounting.tax_types import HOST_CLASSES, listed
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import refresh
from tests.scene.xero_client import Client

DIRECTIONS = ("Sales", "Purchases")


def key_for(element: dict[str, Any], direction: str, by_class: bool = False) -> str:
    """A tax of ERPNext's that is shown on documents as Xero shows this type: none, at its rate, added and taken off again, or an amount of tax.

    `by_class`: as an ordinary line bears it, also where the type is for amounts of tax."""
    known, rate = listed(element), Decimal(str(element["EffectiveRate"]))
    if known.of_amounts and not by_class:
        return "GST - KS (fixed amount)"
    if known.shows_zero and direction == "Purchases" and rate:
        return f"GST - KS @ {plain(rate):f} + GST - KS @ -{plain(rate):f}"
    return f"GST - KS @ {plain(rate):f}" if rate and not known.shows_zero else "No tax"


# A Xero account for each class of ERPNext's.
TYPES = {"Fixed Asset": "FIXED", "Asset": "CURRENT", "Liability": "CURRLIAB", "Equity": "EQUITY", "Income": "REVENUE", "Expense": "EXPENSE"}
CODE = {name: f"M-{kind}" for name, kind in TYPES.items()}


def compared(rig: Rig) -> int:
    """Every tax type of the organisation on every class of accounts, in both directions: the screen's drop-down offers it, its DocType saves it, and
    Xero posts it, or none of the three. AssertionError; how many are posted."""
    client = Client(rig.xero)
    for name, kind in TYPES.items():
        rig.xero.person("add_account", Code=CODE[name], Name=f"Matrix {name}", Type=kind, Class=HOST_CLASSES[name], TaxType="")
    refresh(rig)
    rates = client.get("TaxRates").json()["TaxRates"]
    places = [(each, direction, name) for each in rates for direction in DIRECTIONS for name in HOST_CLASSES]
    offered, saved = scene.with_site(rig, lambda _frappe: _allowed(rig, places))
    who, posted = client.contact("Matrix Ltd"), set[tuple[str, str, str]]()
    for direction in DIRECTIONS:
        mine = [(each["TaxType"], direction, name) for each in rates for name in HOST_CLASSES]
        make = client.invoice if direction == "Sales" else client.bill
        lines = [client.line(AccountCode=CODE[name], TaxType=code) for code, _way, name in mine]
        elements = [make(who, f"M-{direction}-{at}", line) for at, line in enumerate(lines)]
        answer = client.put("Invoices", *elements).json()["Invoices"]
        posted |= {place for place, shown in zip(mine, answer, strict=True) if shown["StatusAttributeString"] == "OK"}
    assert offered == saved == posted, (offered ^ posted, saved ^ posted)
    return len(posted)


def _allowed(rig: Rig, places: list[tuple[dict[str, Any], str, str]]) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    from picortex_xero.connection import xero_lists
    from picortex_xero.mapping_screen.choices import Choices
    from picortex_xero.mapping_screen.kinds import KINDS, TAXES
    from picortex_xero.mapping_screen.saving import UNSEEN, Entry, tried

    choices = Choices(rig.connection, xero_lists.stored(rig.connection), rig.company["default_currency"])
    offered, entries = set(), {}
    for element, direction, name in places:
        place = (element["TaxType"], direction, name)
        key = (direction, key_for(element, direction, by_class=True), "", name)
        if element["TaxType"] in {each["values"]["tax_type"] for each in choices.named[choices.of_tax(key)]}:
            offered.add(place)
        entries[place] = Entry(KINDS[TAXES], key, {"tax_type": element["TaxType"]}, UNSEEN)
    refused = {id(each.entry) for each in tried(rig.connection, list(entries.values())).refused}
    return offered, {place for place, entry in entries.items() if id(entry) not in refused}
