"""Match contacts, many at once: several linked, turned down or unlinked by one press, undone also after the page was loaded anew, and a spreadsheet of which
each row is answered."""

from __future__ import annotations

import base64
import csv
import io
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.contacts import api, read


def there(rig: Rig, name: str, **fields: Any) -> str:
    return str(rig.xero.person("create_contact", Name=name, **fields)["ContactID"])


def customers(rig: Rig, count: int) -> tuple[list[scene.Record], list[str]]:
    records = scene.of_different_customers(rig, count)
    return records, [record["doc"]["customer"] for record in records]


def kinds(rig: Rig, names: list[str]) -> list[str]:
    found = {each["party"]: each["kind"] for each in api(rig, "rows", scope="all", show="all")["rows"]}
    return [found[name] for name in names]


def file(rows: list[list[Any]]) -> dict[str, str]:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return {"filename": "contacts.csv", "content": base64.b64encode(text.getvalue().encode("utf-8-sig")).decode()}


def exported(rig: Rig) -> list[list[str]]:
    def work(frappe: Any) -> bytes:
        from picortex_xero.api import contacts

        contacts.export(connection=rig.connection, form="csv", scope="all", show="all")
        return bytes(frappe.local.response.pop("filecontent"))

    return list(csv.reader(io.StringIO(scene.with_site(rig, work).decode("utf-8-sig"))))


def test_a_press_about_many_is_undone_also_after_the_page_was_loaded_anew(rig: Rig) -> None:
    (*_others, sale), names = customers(rig, 4)
    ids = [there(rig, name) for name in names]
    api(rig, "read")
    read(rig)
    pairs = [["Customer", name, xero_id] for name, xero_id in zip(names, ids)]
    done = api(rig, "link_many", pairs=[*pairs[:3], ["Customer", "Nobody", ids[0]]])
    assert done["done"] == 3 and [each["label"] for each in done["refused"]] == ["Nobody"] and kinds(rig, names[:3]) == ["linked"] * 3
    (press,) = api(rig, "state")["presses"]
    assert (press["batch"], press["rows"], press["what"], press["by"]) == (done["batch"], 3, "linked", "Administrator")
    # The mapping's own history neither offers nor undoes it.
    mine = scene.with_site(rig, lambda _frappe: __import__("picortex_xero.mapping_screen.changes", fromlist=["x"]).presses(rig.connection))
    assert done["batch"] not in {each["batch"] for each in mine}
    assert api(rig, "unlink_many", parties=[["Customer", names[2]]])["done"] == 1
    undone = api(rig, "undo", batch=done["batch"])
    assert undone["done"] == 2 and [each["label"] for each in undone["refused"]] == [names[2]]
    assert "linked" not in kinds(rig, names)
    # The undoing and the unlinking are presses too.
    assert [each["what"] for each in api(rig, "state")["presses"]] and api(rig, "undo", batch="none") == "This was undone already"
    # Turned down, it is neither proposed nor joined with when something is sent; a person may still link it.
    turned = api(rig, "turn_down", pairs=pairs[3:])
    assert turned["done"] == 1 and kinds(rig, names) == ["sure", "sure", "sure", "none"]
    rig.play([sale])
    scene.settle(rig)
    waits = scene.step(rig, names[3])
    assert waits["state"] == "Needs Attention" and "another one" in waits["reason"]
    assert api(rig, "undo", batch=turned["batch"])["done"] == 1 and kinds(rig, names) == ["sure"] * 4
    assert api(rig, "turn_down", pairs=pairs[3:])["done"] == 1 and api(rig, "link_many", pairs=pairs[3:])["done"] == 1


def test_every_row_of_a_spreadsheet_is_answered_and_nothing_is_written_over(rig: Rig) -> None:
    _records, names = customers(rig, 4)
    first, second, twice = there(rig, names[0]), there(rig, "=Somebody Else"), there(rig, "Twice Ltd")
    gone = there(rig, "Gone Ltd")
    rig.xero.person("edit_contact", ContactID=gone, ContactStatus="ARCHIVED")
    api(rig, "read")
    read(rig)
    heads, *rows = exported(rig)
    by_name = {row[1]: row for row in rows}
    assert set(names) <= set(by_name) and by_name[names[0]][9:11] == [names[0], first]
    assert api(rig, "link", doctype="Customer", name=names[0], xero_id=first) is None
    assert {row[1]: row[6:8] for row in exported(rig)[1:]}[names[0]] == [names[0], first]

    def line(party: str, contact: str = "", xero_id: str = "", doctype: str = "Customer") -> list[str]:
        return [doctype, party, "", "", "", "", contact, xero_id, "", "", "", "", ""]

    sheet = file([
        heads,
        line(names[0], names[0], first),
        line(names[1], "'=Somebody Else"),
        line(names[1], "Twice Ltd"),
        line(names[2], "Twice Ltd", second),
        line(names[3], "", gone.upper()),
        line("Nobody", "", twice),
        line(names[2].upper() + "?", "No such contact"),
        line(names[0] + " ", "", twice, "Lead"),
    ])  # fmt: skip
    told = api(rig, "preview_sheet", **sheet)
    states = ["same", "links", "refused", "refused", "refused", "refused", "refused", "refused"]
    assert [row["state"] for row in told["rows"]] == states and all(row["problem"] for row in told["rows"] if row["state"] == "refused")
    assert kinds(rig, names[1:2]) == ["none"], "a preview links nothing"
    done = api(rig, "import_sheet", **sheet)
    assert (done["linked"], done["same"], done["refused"]) == (1, 1, 6) and kinds(rig, names[:2]) == ["linked", "linked"]
    assert api(rig, "import_sheet", **sheet)["linked"] == 0
    # Linked with another one already: refused, and left as it was.
    other = api(rig, "import_sheet", **file([heads, line(names[1], "", twice)]))
    assert other["refused"] == 1 and "Somebody Else" in other["rows"][0]["problem"]
    assert api(rig, "undo", batch=done["batch"])["done"] == 1 and kinds(rig, names[1:2]) == ["none"]
    # What is no sheet of this screen is said, and changes nothing.
    assert "no column" in api(rig, "import_sheet", **file([["Account"], ["x"]]))
    assert "no .xlsx file" in api(rig, "import_sheet", filename="a.xlsx", content=base64.b64encode(b"PK\x03\x04cut").decode())
    assert "more than" in api(rig, "preview_sheet", **file([heads, *([line(f"c{n}", "x") for n in range(5001)])]))
