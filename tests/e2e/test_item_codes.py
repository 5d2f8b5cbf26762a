"""Send Item Codes: off, no line has a code and the items are never read; on, a line carries its item's code where Xero does not track the quantity."""

from __future__ import annotations

import json

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import change, choose, refresh

QUARTER = 16 * 60
ASSET = "630"
ONLY_THAT = "the reference is PO 77 here, empty in Xero"


def reads(rig: Rig) -> int:
    return sum(call["method"] == "GET" for call in rig.xero.calls(path="/api.xro/2.0/Items"))


def coded(record: scene.Record, name: str, *codes: str) -> scene.Record:
    """A recorded document under another name, with these items on its lines in turn."""
    made = scene.copied(record, name)
    for at, row in enumerate(made["doc"]["items"]):
        row["item_code"] = codes[at % len(codes)]
    return made


def sent(rig: Rig, name: str) -> list[list[str | None]]:
    """The item codes of each request's lines for a document, oldest first; None where a line has no such key."""
    found = []
    for call in scene.writes(rig, "Invoices"):
        body = call["request"] if isinstance(call["request"], dict) else json.loads(call["request"])
        for element in body["Invoices"]:
            if name in str(element.get("Url")) or element.get("InvoiceNumber") == name:
                found.append([line.get("ItemCode") for line in element["LineItems"]])
    return found


def play(rig: Rig, *records: scene.Record) -> None:
    rig.play(list(records))
    scene.settle(rig)


def state(rig: Rig, name: str) -> tuple[str, str]:
    row = next(each for each in rig.steps(reference_name=name) if each["role"] in ("invoice", "bill"))
    return row["state"], row["reason_code"] or ""


def differs(rig: Rig, record: scene.Record) -> str:
    """What a person is told after a change here: how the document differs from its record in Xero. The change is taken back."""
    change(rig, record, po_no="PO 77")
    scene.settle(rig)
    (held,) = [row for row in rig.steps(reference_name=record["name"]) if row["state"] == "Held"]
    change(rig, record, po_no=record["doc"].get("po_no") or "")
    scene.settle(rig)
    return str(held["reason"]).partition(": ")[2]


def test_item_codes_go_only_where_xero_does_not_track_the_quantity(rig: Rig) -> None:
    sale, bill = scene.invoices(rig)[0], scene.bills(rig)[0]
    for code, of in {"PLAIN": {}, "SOLD": {"IsPurchased": False}, "COUNTED": {"InventoryAssetAccountCode": ASSET}}.items():
        rig.xero.person("add_item", Code=code, Name=code.title(), **of)
    played = {name: coded(sale, name, "PLAIN") for name in ("SINV-OFF", "SINV-PLAIN")} | {"PINV-PLAIN": coded(bill, "PINV-PLAIN", "PLAIN")}
    play(rig, played["SINV-OFF"])
    assert not any(code for codes in sent(rig, "SINV-OFF") for code in codes) and reads(rig) == 0, "off by default, and no call"

    choose(rig, send_item_codes=1)
    sales = [coded(sale, f"SINV-{code}", code) for code in ("COUNTED", "NEVER")]
    play(rig, played["SINV-PLAIN"], *sales, played["PINV-PLAIN"], coded(bill, "PINV-SOLD", "SOLD"))
    expected = {"SINV-PLAIN": "PLAIN", "SINV-COUNTED": None, "SINV-NEVER": None, "PINV-PLAIN": "PLAIN", "PINV-SOLD": None}
    for name, code in expected.items():
        (codes,) = sent(rig, name)
        items = len((bill if name.startswith("PINV") else sale)["doc"]["items"])
        assert codes == [code] * items + [None] * (len(codes) - items) and state(rig, name) == ("Synced", ""), name
    assert reads(rig) == 1, "read as soon as they are needed, once"
    # What is in Xero with other codes than it would get now is no difference; nothing but what a person has changed is one.
    writes = len(scene.writes(rig))
    assert differs(rig, played["SINV-OFF"]) == ONLY_THAT
    choose(rig, send_item_codes=0)
    assert differs(rig, played["SINV-PLAIN"]) == ONLY_THAT and len(scene.writes(rig)) == writes
    refresh(rig)
    assert reads(rig) == 1, "no call while it is off"
    choose(rig, send_item_codes=1)
    refresh(rig)
    assert reads(rig) == 2, "Refresh From Xero reads them with the other lists"
    assert {line.get("ItemCode") for each in scene.live(rig) for line in each["lines"]} == {None, "PLAIN"}

    # An item that Xero begins to track, or that is deleted there, after its list was read: refused once, read again, and sent without.
    rig.xero.person("edit_item", Code="PLAIN", InventoryAssetAccountCode=ASSET)
    rig.xero.person("delete_item", Code="SOLD")
    play(rig, coded(bill, "PINV-LATE", "PLAIN"), coded(sale, "SINV-LATE", "SOLD"))
    rig.advance(QUARTER)
    scene.settle(rig)
    for name, code in {"PINV-LATE": "PLAIN", "SINV-LATE": "SOLD"}.items():
        first, second = sent(rig, name)
        assert (first[0], set(second), state(rig, name)) == (code, {None}, ("Synced", "")), name
    assert reads(rig) == 3
    choose(rig, send_item_codes=0)
    play(rig, coded(sale, "SINV-AGAIN", "PLAIN"))
    assert not any(sent(rig, "SINV-AGAIN")[0]) and reads(rig) == 3
