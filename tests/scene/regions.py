"""Sales and purchases at every rate of a region, as ERPNext has them, and what Xero must show of them by tax type."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.host.storage import store
from sandbox.replay import taxes
from sandbox.replay.host_side import Voucher
from sandbox.rig import MAPPINGS, Rig
from tests.scene import rig as scene
from tests.scene.xero_client import Client

CENT = Decimal("0.01")
Amounts = tuple[str, str]


@dataclass(frozen=True)
class Trade:
    """A sale or a purchase: its rows of tax as (account, rate, "Add" or "Deduct"), its lines as (net, item tax template, that template's rates
    by account), and what Xero shows by tax type: (net, tax)."""

    name: str
    doctype: str
    rows: tuple[tuple[str, str, str], ...]
    lines: tuple[tuple[str, str, dict[str, str]], ...]
    shows: dict[str, Amounts]
    account: str = ""


@dataclass(frozen=True)
class Region:
    """What an admin maps beside the recorded company's mapping (direction, tax, item tax template, tax type), and what is traded."""

    maps: tuple[tuple[str, str, str, str], ...]
    trades: tuple[Trade, ...]
    components: dict[str, dict[str, str]] = field(default_factory=dict)


def plain(rig: Rig, doctype: str) -> scene.Record:
    """The first document of the kind in the company's own currency, as somebody entered it."""
    return copy.deepcopy(
        next(
            each
            for each in rig.documents
            if (each["event"], each["doctype"]) == ("submit", doctype)
            and each["doc"]["currency"] == rig.company["default_currency"]
            and not each["doc"].get("is_return")
            and not each["doc"].get("discount_amount")
            and not any(row["included_in_print_rate"] or row["charge_type"] == "Actual" for row in each["doc"]["taxes"])
            and not any(row.get("item_tax_template") for row in each["doc"]["items"])
        )
    )


def entered(rig: Rig, trade: Trade) -> scene.Record:
    """The trade as ERPNext's document: each row of tax is its rate on the lines that bear it."""
    suffix = f" - {rig.company['abbr']}"
    record = scene.copied(plain(rig, trade.doctype), trade.name, **({} if trade.doctype == "Sales Invoice" else {"bill_no": trade.name}))
    doc, first, row = record["doc"], record["doc"]["items"][0], record["doc"]["taxes"][0]
    account = {"income_account" if trade.doctype == "Sales Invoice" else "expense_account": f"{trade.account}{suffix}"}
    doc["items"] = [
        {**first, **(account if trade.account else {}), "idx": at, "qty": 1.0, "rate": float(net), "net_rate": float(net)}
        | {"amount": float(net), "net_amount": float(net), "base_net_amount": float(net)}
        | {"item_tax_template": f"{template}{suffix}" if template else None}
        | {"item_tax_rate": json.dumps({f"{name}{suffix}": float(rate) for name, rate in rates.items()})}
        for at, (net, template, rates) in enumerate(trade.lines, 1)
    ]
    doc["taxes"] = []
    due = net_total = sum((Decimal(net) for net, _template, _rates in trade.lines), Decimal(0))
    for at, (name, rate, way) in enumerate(trade.rows, 1):
        tax = sum((Decimal(net) * Decimal(rates.get(name, rate)) / 100 for net, _template, rates in trade.lines), Decimal(0))
        assert tax == tax.quantize(CENT), f"{trade.name}: choose amounts that need no rounding"
        made = {
            **row,
            "idx": at,
            "account_head": f"{name}{suffix}",
            "description": name,
            "rate": float(rate),
            "charge_type": "On Net Total",
        }
        made |= {"row_id": None, "tax_amount": float(tax), "tax_amount_after_discount_amount": float(tax), "name": ""}
        doc["taxes"].append(made if trade.doctype == "Sales Invoice" else {**made, "add_deduct_tax": way, "category": "Total"})
        due += -tax if way == "Deduct" else tax
    doc.update(net_total=float(net_total), total=float(net_total), grand_total=float(due), base_grand_total=float(due))
    doc.update(rounded_total=0.0, rounding_adjustment=0.0, outstanding_amount=float(due), payment_schedule=[])
    return record


def choose(rig: Rig, region: Region) -> None:
    """The admin maps what the region needs beside the recorded company's taxes, with the item tax templates that ERPNext has for it."""
    suffix = f" - {rig.company['abbr']}"

    def work(frappe: Any) -> None:
        for template in {each.replace("{}", suffix) for _way, _tax, each, _type in region.maps if each}:
            if not frappe.db.exists("Item Tax Template", template):
                store({"doctype": "Item Tax Template", "name": template, "company": rig.company["name"]})
        for direction, tax, template, tax_type in region.maps:
            row = {"direction": direction, "tax": tax.replace("{}", suffix), "item_tax_template": template.replace("{}", suffix)}
            made = {"doctype": "Xero Tax Mapping", "connection": rig.connection, **row, "tax_type": tax_type}
            frappe.get_doc(made).insert(ignore_permissions=True)

    scene.with_site(rig, work)


def differences(rig: Rig, region: Region, trade: Trade, record: scene.Record) -> list[str]:
    """Where Xero's document is not the trade: by the table above, and by the replay's judge, which works the tax out from ERPNext's rows."""
    shown = next((each for each in scene.live(rig) if trade.name in (each["InvoiceNumber"], each["Reference"])), None)
    if shown is None:
        row = scene.step(rig, trade.name)
        return [f"{trade.name} is not in Xero: {row['state']} {row['reason_code']} {row['reason']}"]
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in shown["lines"]:
        found[line["TaxType"]][0] += Decimal(line["LineAmount"])
        found[line["TaxType"]][1] += Decimal(line["TaxAmount"])
    wanted = {code: [Decimal(net), Decimal(tax)] for code, (net, tax) in trade.shows.items()}
    wrong = [] if found == wanted else [f"{trade.name}: {dict(found)} in Xero, {wanted} wanted"]
    if shown["Total"] != scene.total(record):
        wrong.append(f"{trade.name}: {shown['Total']} in Xero, {scene.total(record)} here")
    known = MAPPINGS[rig.country]
    mapping = {**known, "taxes": [*known["taxes"], *map(list, region.maps)]}
    return wrong + taxes.compare(Voucher(record["doc"]), shown, mapping, f" - {rig.company['abbr']}")


def played(rig: Rig, region: Region) -> list[str]:
    """The admin maps, the trades are submitted; what differs in Xero."""
    choose(rig, region)
    records = {trade.name: entered(rig, trade) for trade in region.trades}
    rig.play(list(records.values()))
    scene.settle(rig)
    return [text for trade in region.trades for text in differences(rig, region, trade, records[trade.name])]


def set_components(rig: Rig, tax_type: str, parts: dict[str, str]) -> None:
    """What an accountant has set up in Xero: the parts of a rate, by name."""
    rig.xero.person(
        "edit_tax_rate",
        TaxType=tax_type,
        TaxComponents=[{"Name": name, "Rate": rate, "IsCompound": False, "IsNonRecoverable": False} for name, rate in parts.items()],
    )


def by_component(rig: Rig, trade: Trade) -> dict[str, Decimal]:
    """The tax of a document in Xero by component of its lines' rates, as Xero's list of rates has them."""
    rates = {each["TaxType"]: each for each in Client(rig.xero).get("TaxRates").json()["TaxRates"]}
    found: dict[str, Decimal] = defaultdict(Decimal)
    shown = next(each for each in scene.live(rig) if trade.name in (each["InvoiceNumber"], each["Reference"]))
    for line in shown["lines"]:
        for component in rates[line["TaxType"]]["TaxComponents"]:
            found[component["Name"]] += Decimal(line["LineAmount"]) * Decimal(str(component["Rate"])) / 100
    return {name: amount for name, amount in found.items() if amount}


def _trade(name: str, doctype: str, rows: Any, shows: dict[str, tuple[str, str, str, Any]], account: str = "") -> Trade:
    """From {tax type: (net, tax, item tax template, its rates)}."""
    lines = tuple((net, template, dict(rates)) for net, _tax, template, rates in shows.values())
    return Trade(name, doctype, tuple(rows), lines, {code: (net, tax) for code, (net, tax, _template, _rates) in shows.items()}, account)


SALE, BILL = "Sales Invoice", "Purchase Invoice"
NO_GST, NO_VAT = {"GST": "0"}, {"VAT": "0"}
PAIR = "VAT{} @ 20 + VAT{} @ -20"
VAT_AND_BACK = (("VAT", "20", "Add"), ("VAT", "20", "Deduct"))
STATE_AND_COUNTY = (("State Tax", "6.25", "Add"), ("County Tax", "1.375", "Add"))
STATE_ONLY = {"County Tax": "0"}
EXEMPT = {"State Tax": "0", "County Tax": "0"}
GROCERIES = {"State Tax": "1", "County Tax": "1.375"}

REGIONS: dict[str, Region] = {
    "AU": Region(
        (
            ("Sales", "GST{} @ 0", "Export{}", "EXEMPTEXPORT"),
            ("Sales", "GST{} @ 0", "Input taxed{}", "INPUTTAXED"),
            ("Purchases", "GST{} @ 0", "Input taxed{}", "INPUTTAXED"),
            ("Sales", "GST{} @ 0", "BAS excluded{}", "BASEXCLUDED"),
            ("Purchases", "GST{} @ 0", "BAS excluded{}", "BASEXCLUDED"),
        ),
        (
            _trade("AU-SALE", SALE, [("GST", "10", "Add")], {
                "OUTPUT": ("1234.50", "123.45", "", {}),
                "EXEMPTOUTPUT": ("200.10", "0", "GST free", NO_GST),
                "EXEMPTEXPORT": ("300.20", "0", "Export", NO_GST),
                "INPUTTAXED": ("400.30", "0", "Input taxed", NO_GST),
                "BASEXCLUDED": ("500.40", "0", "BAS excluded", NO_GST),
            }),
            _trade("AU-BILL", BILL, [("GST", "10", "Add")], {
                "INPUT": ("2345.60", "234.56", "", {}),
                "EXEMPTEXPENSES": ("200.10", "0", "GST free", NO_GST),
                "INPUTTAXED": ("300.20", "0", "Input taxed", NO_GST),
                "BASEXCLUDED": ("400.30", "0", "BAS excluded", NO_GST),
            }),
        ),
    ),
    "NZ": Region(
        (("Sales", "GST{} @ 0", "Exempt{}", "NONE"), ("Purchases", "GST{} @ 0", "Exempt{}", "NONE")),
        (
            _trade("NZ-SALE", SALE, [("GST", "15", "Add")], {
                "OUTPUT2": ("1234.60", "185.19", "", {}),
                "ZERORATED": ("200.10", "0", "Zero-rated", NO_GST),
                "NONE": ("300.20", "0", "Exempt", NO_GST),
            }),
            _trade("NZ-BILL", BILL, [("GST", "15", "Add")], {
                "INPUT2": ("2345.60", "351.84", "", {}),
                "NONE": ("300.20", "0", "Exempt", NO_GST),
            }),
        ),
    ),
    "UK": Region(
        (
            ("Sales", "VAT{} @ 0", "Exempt{}", "EXEMPTOUTPUT"),
            ("Purchases", "VAT{} @ 0", "Exempt{}", "EXEMPTINPUT"),
            ("Sales", "VAT{} @ 0", "EU services{}", "ECZROUTPUTSERVICES"),
            ("Sales", "VAT{} @ 0", "Domestic reverse charge{}", "DRCHARGE20"),
            ("Purchases", PAIR, "Domestic reverse charge{}", "DRCHARGESUPPLY20"),
        ),
        (
            _trade("UK-SALE", SALE, [("VAT", "20", "Add")], {
                "OUTPUT2": ("1234.55", "246.91", "", {}),
                "RROUTPUT": ("200.20", "10.01", "Reduced", {"VAT": "5"}),
                "ZERORATEDOUTPUT": ("300.20", "0", "Zero-rated", NO_VAT),
                "EXEMPTOUTPUT": ("400.30", "0", "Exempt", NO_VAT),
                "ECZROUTPUTSERVICES": ("500.40", "0", "EU services", NO_VAT),
                "DRCHARGE20": ("600.50", "0", "Domestic reverse charge", NO_VAT),
            }),
            _trade("UK-BILL", BILL, [("VAT", "20", "Add")], {
                "INPUT2": ("2345.55", "469.11", "", {}),
                "RRINPUT": ("200.20", "10.01", "Reduced", {"VAT": "5"}),
                "ZERORATEDINPUT": ("300.20", "0", "Zero-rated", NO_VAT),
                "EXEMPTINPUT": ("400.30", "0", "Exempt", NO_VAT),
            }),
            _trade("UK-EU-SERVICES", BILL, VAT_AND_BACK, {"REVERSECHARGES": ("1500.00", "0", "", {})}),
            _trade("UK-DOMESTIC", BILL, VAT_AND_BACK, {"DRCHARGESUPPLY20": ("2500.00", "0", "Domestic reverse charge", {"VAT": "20"})}),
        ),
    ),
    "US": Region(
        (),
        (
            _trade("US-SALE", SALE, STATE_AND_COUNTY, {
                "TAX103": ("1600.00", "122.00", "", {}),
                "TAX101": ("800.00", "50.00", "State only", STATE_ONLY),
                "TAX104": ("1200.00", "28.50", "Groceries", GROCERIES),
                "NONE": ("400.00", "0", "Exempt", EXEMPT),
            }),
            _trade("US-BILL", BILL, STATE_AND_COUNTY, {
                "TAX103": ("3200.00", "244.00", "", {}),
                "TAX101": ("1600.00", "100.00", "State only", STATE_ONLY),
                "TAX104": ("400.00", "9.50", "Groceries", GROCERIES),
                "NONE": ("800.00", "0", "Exempt", EXEMPT),
            }),
        ),
        {
            "TAX101": {"State Tax": "6.25"},
            "TAX103": {"State Tax": "6.25", "County Tax": "1.375"},
            "TAX104": {"State Tax": "1", "County Tax": "1.375"},
        },
    ),
}  # fmt: skip
