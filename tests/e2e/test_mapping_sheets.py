"""A mapping as a spreadsheet and back: what would change is shown first, one wrong row keeps all of it unless the right ones are wanted, and no cell is
a formula."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.mapping_screen import press, shown, unmap

DOCTYPES = {
    kind: f"Xero {name} Mapping"
    for kind, name in {"accounts": "Account", "taxes": "Tax", "banks": "Payment", "tracking": "Tracking", "fees": "Deduction"}.items()
}
HOSTILE = ('=HYPERLINK("http://x","y")', "+1 <b>x</b>", "-2", "@SUM(A1)", "'quoted")


def sheet(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return base64.b64encode(text.getvalue().encode("utf-8-sig")).decode()


def exported(rig: Rig, mapping: str, form: str = "csv") -> list[list[str]]:
    content = press(rig, "export", mapping=mapping, form=form)
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    with rig.frappe():
        from frappe.utils.xlsxutils import read_xlsx_file_from_attached_file

        return [["" if cell is None else cell for cell in row] for row in read_xlsx_file_from_attached_file(content)]


def imported(rig: Rig, mapping: str, rows: list[list[Any]], right_ones: int = 0, function: str = "import_sheet") -> dict[str, Any]:
    given = {} if function == "preview_sheet" else {"right_ones": right_ones}
    return dict(press(rig, function, mapping=mapping, filename="a.csv", content=sheet(rows), **given))


@pytest.mark.parametrize(("form", "kinds"), [("csv", ("banks", "tracking", "taxes")), ("xlsx", ("fees", "accounts"))])
def test_every_kind_comes_back_from_a_sheet_as_it_was(rig: Rig, form: str, kinds: tuple[str, ...]) -> None:
    before = {kind: {label: row["values"] for label, row in shown(rig, kind)["rows"].items()} for kind in kinds}
    sheets = {kind: press(rig, "export", mapping=kind, form=form) for kind in kinds}
    unmap(rig)
    for kind in kinds:
        given = {"mapping": kind, "filename": f"Mapping.{form.upper()}", "content": base64.b64encode(sheets[kind]).decode()}
        told = press(rig, "preview_sheet", **given)
        mapped = sum(values is not None for values in before[kind].values())
        assert not scene.with_site(rig, lambda frappe, kind=kind: frappe.db.count(DOCTYPES[kind])), "a preview changes nothing"
        assert (told["right"], told["wrong"]) == (mapped, 0) and not any(row["before"] for row in told["rows"])
        assert press(rig, "import_sheet", **given)["batch"]
        after = shown(rig, kind)
        assert {label: row["values"] for label, row in after["rows"].items() if row["values"]} == {
            k: v for k, v in before[kind].items() if v
        }
        assert any(row["origin"].startswith("From a spreadsheet of") for row in after["rows"].values() if row["values"])
        assert press(rig, "preview_sheet", **given)["right"] == 0, "nothing is left to change"


def test_one_wrong_row_keeps_the_whole_sheet_unless_the_right_ones_are_wanted(rig: Rig) -> None:
    rows = exported(rig, "accounts")
    head, suffix = rows[0], rig.company["abbr"]
    assert head[:2] == ["Account", "Documents"] and "Xero Account Name" in head
    code = head.index("Xero Account Code")
    by = {row[0]: row for row in rows[1:]}
    assert by[f"Sales - {suffix}"][code : code + 2] == ["200", "200 Sales"]

    def with_code(account: str, value: Any) -> list[Any]:
        return [value if at == code else cell for at, cell in enumerate(by[f"{account} - {suffix}"])]

    wrong = [head, with_code("Sales", "260"), with_code("Service", "404"), with_code("Office Rent", "nothing"), with_code("Sales", "270")]
    wrong += [["", *[""] * (len(head) - 1)], with_code("Travel Expenses", "")]
    told = imported(rig, "accounts", wrong, function="preview_sheet")
    by_number = {row["number"]: row for row in told["rows"]}
    assert (told["right"], told["wrong"], told["same"]) == (1, 3, 1)
    assert by_number[2]["before"] == "200 Sales" and by_number[2]["after"] == "260 Other Revenue" and not by_number[2]["problem"]
    assert "of the class income" in by_number[3]["problem"] and "no active account with the code nothing" in by_number[4]["problem"]
    assert "stands in row 2 already" in by_number[5]["problem"]
    done = imported(rig, "accounts", wrong)
    assert not done["batch"] and shown(rig, "accounts")["rows"][f"Sales - {suffix}"]["shown"] == "200 Sales"
    unread = imported(rig, "accounts", wrong[:4])
    assert not unread["batch"] and unread["wrong"] == 2 and shown(rig, "accounts")["rows"][f"Sales - {suffix}"]["shown"] == "200 Sales"
    done = imported(rig, "accounts", wrong, right_ones=1)
    assert done["batch"] and done["wrong"] == 3
    after = shown(rig, "accounts")["rows"]
    assert after[f"Sales - {suffix}"]["shown"] == "260 Other Revenue" and after[f"Travel Expenses - {suffix}"]["values"], (
        "an empty cell takes nothing away"
    )


def test_no_cell_of_an_export_is_a_formula_and_hostile_names_come_back_as_they_are(rig: Rig) -> None:
    def name(frappe: Any) -> None:
        sales = frappe.db.get_value("Account", f"Sales - {rig.company['abbr']}", "*", as_dict=True)
        for title in HOSTILE:
            row = {**sales, "name": title, "account_name": title}
            frappe.db.bulk_insert("Account", list(row), [tuple(row.values())])

    scene.with_site(rig, name)
    for form in ("csv", "xlsx"):
        rows = exported(rig, "accounts", form)
        cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert {f"'{title}" for title in HOSTILE} <= {row[0] for row in rows}
        code = rows[0].index("Xero Account Code")
        named = [[("200" if at == code else cell) for at, cell in enumerate(row)] for row in rows if row[0].startswith("'")]
        told = imported(rig, "accounts", [rows[0], *named], function="preview_sheet")
        assert {row["label"] for row in told["rows"]} == {*HOSTILE}
    with zipfile.ZipFile(io.BytesIO(press(rig, "export", mapping="accounts", form="xlsx"))) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_what_is_no_sheet_of_this_kind_is_refused_in_words(rig: Rig) -> None:
    def given(filename: str, content: bytes, **more: Any) -> str:
        with pytest.raises(Exception) as refused:
            press(rig, "preview_sheet", mapping="accounts", filename=filename, content=base64.b64encode(content).decode(), **more)
        return str(refused.value)

    assert "no column Xero Account Code" in given("a.csv", b"Account\nSales")
    assert "ends in .xlsx or .csv" in given("a.exe", b"x")
    assert "This is no .xlsx file" in given("a.xlsx", b"not a zip")
    assert "no column" in given("a.csv", b"")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 31_000_000)
    assert "too large" in given("a.xlsx", bomb.getvalue())
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("a", b"b")
    assert "cannot be read" in given("a.xlsx", empty.getvalue())
    with pytest.raises(Exception, match="must be a file"):
        press(rig, "preview_sheet", mapping="accounts", filename="a.csv", content="%%%")
    with pytest.raises(Exception, match="more than 5000 rows"):
        press(rig, "preview_sheet", mapping="accounts", filename="a.csv", content=sheet([["Account"]] * 5002))
    with pytest.raises(Exception, match="no spreadsheet"):
        press(rig, "export", mapping="defaults", form="csv")
    # Excel in a western language: its own separator and code page.
    text = "Account;Xero Account Code;Another Class on Purpose\r\nCafé - X;200;\r\n".encode("cp1252")
    (row,) = press(rig, "preview_sheet", mapping="accounts", filename="a.CSV", content=base64.b64encode(text).decode())["rows"]
    assert row["label"] == "Café - X" and row["problem"]


def test_a_number_in_a_code_cell_is_the_code(rig: Rig) -> None:
    from picortex_xero.mapping_screen import spreadsheet

    with rig.frappe():
        assert [spreadsheet._text(each) for each in (200, 200.0, "200", None, "090", " x ")] == ["200", "200", "200", "", "090", "x"]
    assert spreadsheet.unguarded("'=x") == "=x" and spreadsheet.unguarded("'tis") == "'tis"
