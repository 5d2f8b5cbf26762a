"""How bank lines are matched and categorised, in the configuration file: a company's choices, its rules and what people said of payees go out and come back, or are named with why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import rig as scene

DOCTYPES = ("Xero Bank Setting", "Xero Bank Rule", "Xero Bank Memory")
GROUPS = ("Bank Matching", "Xero Bank Rules", "What Is Known of Payees")


def made(rig: Rig, doctype: str, **values: Any) -> None:
    doc = {"doctype": doctype, "company": rig.company["name"], **values}
    scene.with_site(rig, lambda frappe: frappe.get_doc(doc).insert(ignore_permissions=True))


def expenses(rig: Rig, many: int = 3) -> list[str]:
    """Accounts of the company on which anything can be entered."""

    def read(frappe: Any) -> Any:
        filters = {"company": rig.company["name"], "is_group": 0, "root_type": "Expense"}
        rows = frappe.get_all("Account", filters=filters, fields=["name", "account_type"], order_by="name asc")
        return [row["name"] for row in rows if not row["account_type"]][:many]

    return list(scene.with_site(rig, read))


def kept(rig: Rig, doctype: str) -> list[dict[str, Any]]:
    """What is here, as the file has it."""

    def read(_frappe: Any) -> Any:
        from picortex_xero.configuration import bank_rows

        return [each.values for each in bank_rows.stored(doctype, rig.company["name"])]

    return list(scene.with_site(rig, read))


def all_kept(rig: Rig) -> list[list[dict[str, Any]]]:
    return [kept(rig, doctype) for doctype in DOCTYPES]


def differing(rig: Rig, content: bytes) -> list[tuple[str, str, str]]:
    return [(row["group"], row["what"], row["state"]) for row in files.compared(rig, content)["differences"] if row["group"] in GROUPS]


def left_out(said: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(row["group"], row["what"], row["why"]) for row in said["left_out"] if row["group"] in GROUPS]


def set_up(rig: Rig) -> tuple[list[str], str]:
    """Choices, three rules, and of payees one that is always so, one that is forgotten, one that was only counted."""
    rent, post, fuel = expenses(rig)
    customer = str(scene.with_site(rig, lambda frappe: frappe.get_all("Customer", pluck="name", order_by="name asc", limit=1)[0]))
    chosen = {"automatic": "With What Is Entered", "automatic_from": 93, "cents": 0.05, "write_off_up_to": 2, "fee_account": rent}
    made(rig, DOCTYPES[0], enabled=1, leave_drafts=1, **chosen)
    made(rig, DOCTYPES[1], title="Rent", text_contains="RENT\nLEASE", direction="Money Out", account=rent)
    made(rig, DOCTYPES[1], title="Post", payee_contains="ROYAL MAIL", least_amount=1.5, most_amount=99, account=post, enabled=0)
    made(rig, DOCTYPES[1], title="Post", text_contains="STAMPS", entry="Bank Entry", account=post, party_type="Customer", party=customer)
    made(rig, DOCTYPES[2], payee="GRIDWAY FUEL", direction="Money Out", state="Always", account=fuel)
    made(rig, DOCTYPES[2], payee="INKWELL PRINT", direction="Money Out", state="Forgotten", account=post)
    made(rig, DOCTYPES[2], payee="COUNTED ONLY", direction="Money Out", state="Learned", account=post)
    return [rent, post, fuel], customer


def emptied(rig: Rig) -> None:
    def work(frappe: Any) -> None:
        for doctype in DOCTYPES:
            frappe.db.delete(doctype, {})

    scene.with_site(rig, work)


def test_what_was_chosen_for_bank_lines_goes_out_and_comes_back(rig: Rig) -> None:
    set_up(rig)
    content, before = files.exported(rig, ties=False), all_kept(rig)
    assert [len(each) for each in before] == [1, 3, 2] and [each["title"] for each in before[1]] == ["Rent", "Post", "Post"]
    assert b"GRIDWAY FUEL" in content and b"INKWELL PRINT" in content
    # What was only counted is counted anew.
    assert b"COUNTED ONLY" not in content and b"looked_at" not in content
    assert differing(rig, content) == []
    emptied(rig)
    shown = differing(rig, content)
    assert {state for _group, _what, state in shown} == {"only in the file"} and {group for group, _what, _state in shown} == {*GROUPS}
    assert [what for group, what, _state in shown if group == GROUPS[0]] == [
        "Propose What Bank Lines Are About", "Match Without a Person", "From This Score On", "Keep New Payments as Drafts",
        "A Difference of Cents", "A Person Writes Off up to", "Bank Fees Go To",
    ]  # fmt: skip
    said = files.imported(rig, content, ties=False)
    assert (said["settings"], left_out(said)) == (6, []) and all_kept(rig) == before
    # Once more changes nothing.
    assert differing(rig, content) == [] and files.imported(rig, content, ties=False)["settings"] == 0 and all_kept(rig) == before


def test_what_differs_is_shown_and_taken_over_and_what_is_only_here_stays(rig: Rig) -> None:
    (rent, post, _fuel), _customer = set_up(rig)
    content, before = files.exported(rig, ties=False), all_kept(rig)

    def otherwise(frappe: Any) -> None:
        frappe.db.set_value(DOCTYPES[0], {"company": rig.company["name"]}, {"automatic": "Off", "fee_account": None})
        frappe.db.set_value(DOCTYPES[1], {"title": "Rent"}, {"account": post, "place": 99})
        frappe.db.set_value(DOCTYPES[2], {"payee": "INKWELL PRINT"}, "state", "Learned")

    scene.with_site(rig, otherwise)
    made(rig, DOCTYPES[1], title="Mine", text_contains="MINE", account=rent, place=100)
    shown = files.compared(rig, content)["differences"]
    (automatic,) = [row for row in shown if row["what"] == "Match Without a Person"]
    assert (automatic["here"], automatic["there"]) == ("Off", "With What Is Entered")
    assert differing(rig, content) == [
        (GROUPS[0], "Match Without a Person", "differs"),
        (GROUPS[0], "Bank Fees Go To", "differs"),
        (GROUPS[1], "Rent", "differs"),
        (GROUPS[1], "Mine", "only here"),
        (GROUPS[2], "INKWELL PRINT", "only in the file"),
        (GROUPS[1], "Order of the rules", "differs"),
    ]
    said = files.imported(rig, content, ties=False)
    assert (said["settings"], left_out(said)) == (3, [])
    now = all_kept(rig)
    # A rule that is only here stays behind the one that it followed.
    assert [each["title"] for each in now[1]] == ["Rent", "Mine", "Post", "Post"]
    now[1].pop(1)
    assert now == before and files.counts(rig, DOCTYPES[2]) == [3]


def test_in_another_company_names_are_matched_or_the_row_is_left_out_with_a_sentence(rig: Rig) -> None:
    (rent, post, fuel), customer = set_up(rig)
    abbr, company = f" - {rig.company['abbr']}", rig.company["name"]
    before = all_kept(rig)
    tenant = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "tenant_id"))
    title = scene.with_site(rig, lambda frappe: frappe.db.get_value("Customer", customer, "customer_name"))
    # As another company has it: one account that is not here, and a customer of this number who is somebody else.
    other = files.as_if_exported(
        files.exported(rig, ties=False),
        (abbr, " - OTHER"),
        (str(tenant), "another-organisation"),
        (f'"title": "{post.removesuffix(abbr)}"', '"title": "Elsewhere Only"'),
        (f'"title": "{title}"', '"title": "Somebody Else"'),
    )
    emptied(rig)
    made(rig, DOCTYPES[1], title="Post", text_contains="AS IT IS", account=fuel)
    lacking = f"{company} does not have Account {post.removesuffix(abbr)} - OTHER"
    assert [row for row in differing(rig, other) if row[0] != GROUPS[0]] == [
        (GROUPS[1], "Rent", "only in the file"),
        (GROUPS[1], "Post", "not matched"),
        (GROUPS[1], "Post", "not matched"),
        (GROUPS[2], "GRIDWAY FUEL", "only in the file"),
        (GROUPS[2], "INKWELL PRINT", "not matched"),
    ]
    said = files.imported(rig, other, ties=False)
    assert left_out(said) == [
        (GROUPS[1], "Post", f"{lacking}. What is here stays as it is"),
        (GROUPS[1], "Post", lacking),
        (GROUPS[2], "INKWELL PRINT", lacking),
    ]
    now = all_kept(rig)
    assert now[0] == before[0] and [(each["title"], each["text_contains"]) for each in now[1]] == [
        ("Rent", "RENT\nLEASE"),
        ("Post", "AS IT IS"),
    ]
    assert [each["payee"] for each in now[2]] == ["GRIDWAY FUEL"] and now[1][0]["account"] == rent
    # A choice that cannot be so here leaves the others alone.
    elsewhere = files.as_if_exported(other, (f'"title": "{rent.removesuffix(abbr)}"', '"title": "Nowhere"'))
    scene.with_site(rig, lambda frappe: frappe.db.set_value(DOCTYPES[0], {"company": company}, {"automatic_from": 61}))
    said = files.imported(rig, elsewhere, ties=False)
    assert (GROUPS[0], "Bank Fees Go To") in [row[:2] for row in left_out(said)]
    assert [(each["automatic_from"], each["fee_account"]) for each in kept(rig, DOCTYPES[0])] == [(93, rent)]


def test_a_bank_account_is_found_by_its_ledger_account(rig: Rig) -> None:
    (rent, *_others), _customer = set_up(rig)
    ledger = scene.with_site(
        rig,
        lambda frappe: frappe.get_all("Account", {"company": rig.company["name"], "account_type": "Bank", "is_group": 0}, pluck="name")[0],
    )
    account = {
        "doctype": "Bank Account",
        "name": "Trading - Bank",
        "account": ledger,
        "company": rig.company["name"],
        "is_company_account": 1,
    }

    def insert(frappe: Any) -> None:
        frappe.get_doc(account).insert(ignore_permissions=True)

    scene.with_site(rig, insert)
    (name,) = scene.with_site(rig, lambda frappe: frappe.get_all("Bank Account", {"account": ledger}, pluck="name"))
    made(rig, DOCTYPES[1], title="Of one account", text_contains="FEE", account=rent, bank_account=name)
    content = files.exported(rig, ties=False)
    other = files.as_if_exported(content, (f'"bank_account": {{"name": "{name}"', '"bank_account": {"name": "Theirs - Bank"'))
    emptied(rig)
    assert left_out(files.imported(rig, other, ties=False)) == []
    assert [each["bank_account"] for each in kept(rig, DOCTYPES[1]) if each["title"] == "Of one account"] == [name]
    emptied(rig)
    nowhere = files.as_if_exported(other, (f'"account": {{"name": "{ledger}"', '"account": {"name": "Another"'))
    said = left_out(files.imported(rig, nowhere, ties=False))
    assert not said or [row[1] for row in said] == ["Of one account"]


UNSOUND = [
    ('"automatic_from": 93', '"automatic_from": "93"'),
    ('"automatic": "With What Is Entered"', '"automatic": "Always"'),
    ('"cents": "0.05"', '"cents": "-1"'),
    ('"direction": "Money Out"', '"direction": "Sideways"'),
    ('"state": "Always"', '"state": "Learned"'),
    ('"least_amount": "1.5"', '"least_amount": 1.5'),
    ('"bank_rules": [\n', '"bank_rules": [\n{"title": "A"},\n'),
    ('"payee": "GRIDWAY FUEL"', '"payee": ["GRIDWAY FUEL"]'),
]


def test_rows_that_no_export_has_written_are_refused_and_a_file_without_them_says_nothing(rig: Rig) -> None:
    set_up(rig)
    content, before = files.exported(rig, ties=False), all_kept(rig)
    for replaced in UNSOUND:
        with pytest.raises(Exception, match="not as it was exported"):
            files.compared(rig, files.as_if_exported(content, replaced))
    body = content.decode()
    without = files.as_if_exported((body[: body.index('"bank_setting": [')] + body[body.index('"checksum"') :]).encode())
    assert differing(rig, without) == [] and files.imported(rig, without, ties=False)["settings"] == 0 and all_kept(rig) == before


def test_every_column_is_in_the_file_or_left_out_for_a_reason(rig: Rig) -> None:
    with rig.frappe():
        from picortex_xero.configuration import bank_rows

        for doctype in DOCTYPES:
            folder = doctype.lower().replace(" ", "_")
            stored = json.loads((files.APP / "picortex_xero" / "doctype" / folder / f"{folder}.json").read_text("utf-8"))["fields"]
            columns = {each["fieldname"] for each in stored if "Break" not in each["fieldtype"]}
            assert {*bank_rows.COLUMNS[doctype]} | bank_rows.LEFT_OUT[doctype] == columns and not {
                *bank_rows.COLUMNS[doctype]
            } & bank_rows.LEFT_OUT[doctype]
            options = {each["fieldname"]: (each.get("options") or "").split("\n") for each in stored if each["fieldtype"] == "Select"}
            for field, kind in bank_rows.COLUMNS[doctype].items():
                if isinstance(kind, tuple):
                    assert {*kind} <= {*options[field]}, (doctype, field)
