"""Mapping on one screen per kind: what documents use, what is suggested, many rows at once, undoing, and the accountant's word on the taxes.

Tests named by checkpoint are our own reading of Xero's certification checkpoints.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.host.storage import store
from sandbox.rig import Rig, map_everything
from tests.scene import rig as scene
from tests.scene.desk import account_codes
from tests.scene.mapping_screen import lately, press, shown, unmap
from tests.scene.regions import plain
from tests.scene.telling import make_admin, notifications


def typed(rig: Rig, count: int = 60) -> list[scene.Record]:
    """The first recorded submits, dated today."""
    records = [record for record in rig.documents if record["event"] == "submit"][:count]
    lately(rig, records)
    return records


def rows_of(rig: Rig, doctype: str) -> dict[str, Any]:
    def work(frappe: Any) -> dict[str, Any]:
        fields = {"Xero Account Mapping": ["account", "xero_account_code"], "Xero Tax Mapping": ["tax", "direction", "tax_type"]}[doctype]
        return {
            json.dumps([row[field] for field in fields[:-1]]): row[fields[-1]]
            for row in frappe.get_all(doctype, {"connection": rig.connection}, fields)
        }

    return dict(scene.with_site(rig, work))


def save(rig: Rig, mapping: str, *rows: dict[str, Any], user: str = "Administrator") -> dict[str, Any]:
    return dict(press(rig, "save", user, mapping=mapping, rows=json.dumps(rows)))


def test_what_documents_use_is_shown_with_count_and_amount_and_only_that_is_asked_for(rig: Rig) -> None:
    unmap(rig)
    records = typed(rig)
    accounts = shown(rig, "accounts")["rows"]
    sold = [row for record in records for row in record["gl"] if row["account"].startswith("Sales - ")]
    moved = sum(row.get("debit", 0) + row.get("credit", 0) for row in sold)
    sales = next(row for label, row in accounts.items() if label.startswith("Sales - "))
    assert sales["documents"] == len({record["name"] for record in records for row in record["gl"] if row["account"] == sales["label"]})
    assert sales["amount"] == f"{moved:.2f}" and sales["open"] and not sales["values"]
    unused = [row for row in accounts.values() if not row["documents"]]
    assert unused and not any(row["open"] for row in unused), "what no document uses is not asked for"
    assert not any(label.startswith(("Debtors", "Creditors", "Trading Account")) for label in accounts)
    tax = next(row for label, row in accounts.items() if label.startswith("GST - "))
    assert tax["documents"] and not tax["open"] and "among the taxes" in tax["nothing"]

    taxes = shown(rig, "taxes")["rows"]
    invoices = [record for record in records if record["doctype"] == "Sales Invoice"]
    suffix = rig.company["abbr"]
    taxed = {
        record["name"] for record in invoices if any(json.loads(item["item_tax_rate"] or "{}") == {} for item in record["doc"]["items"])
    }
    assert taxes[f"Sales · GST - {suffix} @ 15"]["documents"] == len(taxed)
    assert taxes[f"Sales · GST - {suffix} @ 0 · Zero-rated - {suffix}"]["open"]
    net = sum(i["base_net_amount"] for r in invoices for i in r["doc"]["items"] if not json.loads(i["item_tax_rate"] or "{}"))
    assert taxes[f"Sales · GST - {suffix} @ 15"]["amount"] == f"{net:.2f}"
    banks = shown(rig, "banks")["rows"]
    assert banks[f"Trading Account - {suffix}"]["documents"] and not banks[f"USD Account - {suffix}"]["open"]
    centres = shown(rig, "tracking")["rows"]
    assert centres[f"North - {suffix}"]["documents"] and centres[f"North - {suffix}"]["suggestion"]["confidence"] == "0.98"
    # Older than a year, or cancelled: no document of now.
    scene.with_site(rig, lambda frappe: frappe.db.sql("update `tabGL Entry` set `posting_date` = '2020-01-01'"))
    lately(rig, [])
    assert not shown(rig, "accounts")["rows"][sales["label"]]["documents"]


def _no_queue(*_given: Any, **_how: Any) -> None:
    raise ConnectionError("no queue")


def test_figures_of_some_minutes_ago_are_shown_and_counted_anew_by_one_job(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(rig, 20)

    def documents() -> int:
        return sum(row["documents"] for row in shown(rig, "accounts")["rows"].values())

    def work(frappe: Any) -> list[dict[str, Any]]:
        from picortex_xero.mapping_screen import usage

        queued: list[dict[str, Any]] = []
        monkeypatch.setattr(frappe, "enqueue", lambda job, **how: queued.append({"job": job, **how}))
        company = rig.company["name"]
        # A ledger that is too long to be counted in a look.
        monkeypatch.setattr(usage, "AT_ONCE", 1)
        before, at = usage.accounts(company), usage.counted_at(company)
        assert at and at == usage.counted_at(company)
        frappe.db.sql("update `tabGL Entry` set `is_cancelled` = 1")
        assert usage.accounts(company) == before and not queued
        # Some minutes later: what was counted is shown, and one job counts anew.
        frappe.cache.delete(usage._fresh_key("ledger", company))
        with monkeypatch.context() as down:
            down.setattr(frappe, "enqueue", _no_queue)
            down.setitem(usage.COUNTS, "ledger", _no_queue)
            assert usage.accounts(company) == before, "without a queue nobody waits for a count; the older figures are shown"
        assert usage.accounts(company) == before == usage.accounts(company)
        (job,) = queued
        assert job["job"] == usage.JOB and (job["what"], job["company"]) == ("ledger", company)
        frappe.get_attr(job["job"])(what=job["what"], company=job["company"])
        assert before and usage.accounts(company) == {}
        # Whoever presses Refresh has the jobs begin at once.
        assert usage.count_now(company) is False and {each["what"] for each in queued[1:]} == {*usage.COUNTS}
        # A small one is counted at each look.
        monkeypatch.setattr(usage, "AT_ONCE", 20_000)
        monkeypatch.setattr(usage, "SAME_LOOK", timedelta(0))
        frappe.db.sql("update `tabGL Entry` set `is_cancelled` = 0")
        assert usage.accounts(company) == before and usage.count_now(company) is True
        frappe.db.sql("update `tabGL Entry` set `is_cancelled` = 1")
        return queued[:1]

    assert documents() > 0 and len(scene.with_site(rig, work)) == 1 and documents() == 0


def test_t16_high_confidence_is_accepted_with_one_press_and_undone_with_one(rig: Rig) -> None:
    unmap(rig)
    typed(rig)
    before = {kind: shown(rig, kind) for kind in ("accounts", "taxes", "tracking")}
    high = before["accounts"]["tabs"]
    done = press(rig, "accept")
    assert done["saved"] == sum(tab["high"] for tab in high.values()) > 15 and not done["refused"]
    after = shown(rig, "accounts")
    sales = next(row for label, row in after["rows"].items() if label.startswith("Sales - "))
    assert sales["shown"] == "200 Sales" and sales["origin"].startswith("Suggested 0.97: Same name and class; accepted by")
    assert sales["last_checked"] and not sum(tab["high"] for tab in after["tabs"].values())
    for label, row in after["rows"].items():
        if row["values"]:
            assert before["accounts"]["rows"][label]["suggestion"]["band"] == "High"
    assert not any("@ 0" in json.loads(key)[0] for key in rows_of(rig, "Xero Tax Mapping")), "0 % is never accepted unseen"
    (undoable,) = after["presses"]
    assert undoable["rows"] == done["saved"] and undoable["batch"] == done["batch"]
    undone = press(rig, "undo", batch=done["batch"])
    assert undone["saved"] == done["saved"] and shown(rig, "accounts")["rows"] == before["accounts"]["rows"]
    assert rows_of(rig, "Xero Account Mapping") == {} == rows_of(rig, "Xero Tax Mapping")
    with pytest.raises(Exception, match="undone already"):
        press(rig, "undo", batch=done["batch"])
    # The undoing is a press like any other.
    assert press(rig, "undo", batch=undone["batch"])["saved"] == done["saved"]
    assert shown(rig, "accounts")["rows"][sales["label"]]["shown"] == "200 Sales"
    # One by one, whatever the confidence.
    service = next(row for row in shown(rig, "accounts")["rows"].values() if row["suggestion"] and row["suggestion"]["band"] == "Medium")
    unasked = press(rig, "accept", mapping="accounts", keys=json.dumps([service["key"]]))
    assert not unasked["saved"] and "confidence of 0." in unasked["refused"][0]["message"], "what is not certain is asked about"
    assert press(rig, "accept", mapping="accounts", keys=json.dumps([service["key"]]), unsure=1)["saved"] == 1


def test_what_somebody_changed_since_is_not_undone_and_not_written_over(rig: Rig) -> None:
    add_user(rig.site, "other@example.com", ["Xero Admin"])
    account = f"Sales - {rig.company['abbr']}"
    now = shown(rig, "accounts")["rows"][account]["values"]
    one = save(rig, "accounts", {"key": [account], "values": {"xero_account_code": "260", "other_class": 0}, "was": now})
    assert one["saved"] == 1
    two = save(
        rig, "accounts", {"key": [account], "values": {"xero_account_code": "270", "other_class": 0}, "was": now}, user="other@example.com"
    )
    assert two["saved"] == 0 and "Administrator has changed this meanwhile" in two["refused"][0]["message"]
    seen = shown(rig, "accounts")["rows"][account]["values"]
    assert (
        save(rig, "accounts", {"key": [account], "values": {"xero_account_code": "270"}, "was": seen}, user="other@example.com")["saved"]
        == 1
    )
    with pytest.raises(Exception, match=f"{account} was changed since by other@example.com"):
        press(rig, "undo", batch=one["batch"])
    assert rows_of(rig, "Xero Account Mapping")[json.dumps([account])] == "270"
    assert shown(rig, "accounts")["rows"][account]["origin"].startswith("Chosen by")
    # A mapping that was taken away comes back as it was; one that somebody removed since does not.
    gone = save(rig, "accounts", {"key": [account], "values": None, "was": {"xero_account_code": "270", "other_class": 0}})
    assert json.dumps([account]) not in rows_of(rig, "Xero Account Mapping")
    press(rig, "undo", batch=gone["batch"])
    assert rows_of(rig, "Xero Account Mapping")[json.dumps([account])] == "270"
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Account Mapping", {"account": account}))
    newest = shown(rig, "accounts")["presses"][0]["batch"]
    with pytest.raises(Exception, match="was removed since"):
        press(rig, "undo", batch=newest)


def test_t15_and_t17_drop_downs_offer_what_the_doctype_takes_and_nothing_else_is_saved(rig: Rig) -> None:
    unmap(rig)
    typed(rig, 30)
    for kind in ("accounts", "taxes", "banks", "tracking", "defaults"):
        found = shown(rig, kind)
        for row in found["rows"].values():
            offered = found["choices"][row["choices"]]
            if row["suggestion"]:
                assert row["suggestion"]["values"] in [each["values"] for each in offered], "what is suggested is offered"
    accounts = shown(rig, "accounts")
    suffix = rig.company["abbr"]
    income = accounts["choices"][accounts["rows"][f"Sales - {suffix}"]["choices"]]
    # Rounding is among Xero's liabilities, and stands for any class.
    assert {each["description"] for each in income if "Rounding" not in each["label"]} == {"Revenue"}
    assert not any("404" in each["label"] or "090" in each["label"] for each in income), "no expense and no bank account"
    rent, gear = (accounts["choices"][accounts["rows"][f"{name} - {suffix}"]["choices"]] for name in ("Office Rent", "Office Equipments"))
    assert {each["description"] for each in rent if "Rounding" not in each["label"]} == {"Expenses"}
    assert {each["description"] for each in gear} == {"Assets", "Liabilities", "Equity"}
    every = [each["label"] for name, choices in accounts["choices"].items() if name.startswith("accounts") for each in choices]
    assert not any(
        name in each for each in every for name in ("Retained Earnings", "Receivable", "Tracking Transfers", "Realised Currency")
    )
    assert any("GST" in each for each in every) and any("Historical Adjustment" in each for each in every), "Xero takes lines on these"
    # What is no choice is refused by its row's own check, and every other row is saved.
    refused = save(
        rig,
        "accounts",
        {"key": [f"Sales - {suffix}"], "values": {"xero_account_code": "404"}},
        {"key": [f"Service - {suffix}"], "values": {"xero_account_code": "<b>nothing</b>"}},
        {"key": [f"Office Rent - {suffix}"], "values": {"xero_account_code": "469"}},
        {"key": ["Not an account"], "values": {"xero_account_code": "469"}},
    )
    said = {each["label"]: each["message"] for each in refused["refused"]}
    assert refused["saved"] == 1 and set(said) == {f"Sales - {suffix}", f"Service - {suffix}", "Not an account"}
    assert "of the class income" in said[f"Sales - {suffix}"] and "<b>" in said[f"Service - {suffix}"]
    assert rows_of(rig, "Xero Account Mapping") == {json.dumps([f"Office Rent - {suffix}"]): "469"}
    # On purpose it is another class.
    assert save(rig, "accounts", {"key": [f"Sales - {suffix}"], "values": {"xero_account_code": "404", "other_class": 1}})["saved"] == 1
    tax = save(
        rig,
        "taxes",
        {"key": ["Sales", f"GST - {suffix} @ 15", "", ""], "values": {"tax_type": "INPUT2"}},
        {"key": ["Purchases", f"GST - {suffix} @ 15", "", ""], "values": {"tax_type": "INPUT2"}},
    )
    assert tax["saved"] == 1 and len(tax["refused"]) == 1
    for wrong in (
        {"key": "x"},
        {"key": ["a", "b"]},
        {"key": ["a"], "values": {"account": "x"}},
        {"key": ["a"], "values": {"xero_account_code": {}}},
    ):
        with pytest.raises(Exception, match="must|one of"):
            save(rig, "accounts", wrong)


def test_t20_a_payment_account_is_a_bank_account_or_has_payments_enabled(rig: Rig) -> None:
    unmap(rig)
    suffix = rig.company["abbr"]
    found = shown(rig, "banks")
    offered = [each["label"] for each in found["choices"][found["rows"][f"Trading Account - {suffix}"]["choices"]]]
    assert any("Business Bank Account" in each for each in offered) and not any(
        "Foreign Account" in each or "Sales" in each for each in offered
    )
    assert not any("855" in each for each in offered), "an account that is none of a bank is for who wants it on purpose"
    assert all("Foreign Account USD" in e["label"] for e in found["choices"][found["rows"][f"USD Account - {suffix}"]["choices"]])
    refused = save(rig, "banks", {"key": [f"Trading Account - {suffix}"], "values": {"xero_account_id": "200"}})
    assert "Payments cannot be made to the Xero account Sales" in refused["refused"][0]["message"]
    # No bank account, and payments are enabled.
    (enabled,) = [each for each in found["choices"][found["rows"][f"Trading Account - {suffix}"]["every"]] if "855" in each["label"]]
    assert save(rig, "banks", {"key": [f"Trading Account - {suffix}"], "values": enabled["values"]})["saved"] == 1


def test_a_fee_and_the_defaults_are_chosen_here_too(rig: Rig) -> None:
    fees = shown(rig, "fees")
    row = next(each for each in fees["rows"].values() if each["values"]["treatment"] == "Fee")
    assert row["values"]["contact_name"] and not any(each["open"] for each in fees["rows"].values())
    changed = {**row["values"], "treatment": "Hold", "clearing_account": "", "contact_name": "", "tax_type": ""}
    done = save(rig, "fees", {"key": row["key"], "values": changed, "was": row["values"]})
    assert done["saved"] == 1 and shown(rig, "fees")["rows"][row["label"]]["values"]["treatment"] == "Hold"
    press(rig, "undo", batch=done["batch"])
    assert shown(rig, "fees")["rows"][row["label"]]["values"] == row["values"]

    def empty(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, {"no_tax_type": None, "rounding_account": None})

    scene.with_site(rig, empty)
    defaults = shown(rig, "defaults")
    assert [row["label"] for row in defaults["rows"].values() if row["open"]] == ["Rounding Account", "Tax Type for Lines Without Tax"]
    assert press(rig, "accept", mapping="defaults")["saved"] == 2
    values = scene.with_site(
        rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, ["no_tax_type", "rounding_account"])
    )
    assert values == ("NONE", "860")
    refused = save(rig, "defaults", {"key": ["no_tax_type"], "values": {"value": "OUTPUT2"}})
    assert "is not a tax type without tax" in refused["refused"][0]["message"]
    with pytest.raises(Exception, match="rows of the screen"):
        save(rig, "defaults", {"key": ["state"], "values": {"value": "Live"}})


def test_a_default_stands_in_and_is_not_nagged_about(rig: Rig) -> None:
    unmap(rig)
    typed(rig, 30)
    assert save(rig, "defaults", {"key": ["default_sales_account"], "values": {"value": "200"}})["saved"] == 1
    service = shown(rig, "accounts")["rows"][f"Sales - {rig.company['abbr']}"]
    assert service["documents"] and not service["open"] and service["default"] == "Default Sales Account: 200 Sales"


def test_the_accountant_signs_the_taxes_off_and_any_later_change_shows(rig: Rig) -> None:
    from picortex_xero.api import connect

    def again(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, {"state": "Setting Up", "go_live_date": None})
        frappe.db.set_value("Xero Connection State", rig.connection, {"taxes_checked": None, "taxes_checked_by": None})

    for user, role in (
        ("accountant@example.com", "Xero Accountant"),
        ("auditor@example.com", "Xero Auditor"),
        ("manager@example.com", "System Manager"),
    ):
        add_user(rig.site, user, [role])
    scene.with_site(rig, again)

    def item() -> dict[str, Any]:
        return next(each for each in scene.with_site(rig, lambda _: connect.before_going_live(rig.connection)) if each["key"] == "sign-off")

    def next_step(user: str) -> dict[str, Any]:
        with open_site(rig.site, user):
            return dict(connect.setup(connection=rig.connection)["next"])

    def live(_frappe: Any) -> None:
        connect.go_live(rig.connection, "2026-01-01")

    assert item()["state"] == "red" and "Nobody has checked" in item()["message"]
    with pytest.raises(Exception, match="Nobody has checked the tax mapping yet"):
        scene.with_site(rig, live)
    scene.with_site(rig, lambda _: connect.step_opened(rig.connection, "accounts"))
    # Of what is left here the accountant does this one.
    assert next_step("accountant@example.com")["route"] == ["xero-mapping", rig.connection, "taxes"]
    assert "A Xero Admin does that" in next_step("auditor@example.com")["sentence"]
    for user in ("auditor@example.com", "manager@example.com"):
        with pytest.raises(Exception, match="Xero Admin, Xero Accountant"):
            press(rig, "sign_taxes", user)
    press(rig, "sign_taxes", "accountant@example.com")
    assert item()["state"] == "green" and shown(rig, "taxes")["signed"]["state"] == "checked"
    tax = f"GST - {rig.company['abbr']} @ 15"
    changed = save(rig, "taxes", {"key": ["Sales", tax, "", ""], "values": None})
    assert item()["state"] == "red" and "was changed since" in item()["message"]
    press(rig, "undo", batch=changed["batch"])
    assert item()["state"] == "green", "exactly what was checked stands there again"
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "no_tax_type", "ZERORATED"))
    assert shown(rig, "taxes")["signed"]["state"] == "changed since"
    # What is signed is said first, and whoever signed takes it back, or an admin.
    asked = shown(rig, "taxes", "accountant@example.com")["signed"]
    assert asked["taxes"] == scene.with_site(rig, lambda frappe: frappe.db.count("Xero Tax Mapping", {"connection": rig.connection}))
    add_user(rig.site, "other@example.com", ["Xero Accountant"])
    press(rig, "sign_taxes", "accountant@example.com")
    assert [shown(rig, "taxes", user)["signed"]["may_withdraw"] for user in ("accountant@example.com", "other@example.com")] == [
        True,
        False,
    ]
    for user, said in (("other@example.com", "Only whoever checked"), ("auditor@example.com", "This is for")):
        with pytest.raises(Exception, match=said):
            press(rig, "withdraw_taxes", user)
    press(rig, "withdraw_taxes", "accountant@example.com")
    assert item()["state"] == "red" and shown(rig, "taxes")["signed"]["state"] == "never"
    with pytest.raises(Exception, match="Nobody has checked"):
        press(rig, "withdraw_taxes")
    press(rig, "sign_taxes", "accountant@example.com")
    press(rig, "withdraw_taxes")
    history = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Log", filters={"connection": rig.connection}, pluck="message"))
    assert sum("took back that the tax mapping was checked by" in each for each in history) == 2
    press(rig, "sign_taxes", "accountant@example.com")
    scene.with_site(rig, live)


def test_who_only_reads_sees_all_and_changes_nothing(rig: Rig) -> None:
    make_admin(rig)
    assert shown(rig, "taxes")["may_write"] and shown(rig, "taxes")["admins"] == []
    people = {"accountant@example.com": "Xero Accountant", "auditor@example.com": "Xero Auditor", "manager@example.com": "System Manager"}
    for user, role in people.items():
        add_user(rig.site, user, [role])
        read = shown(rig, "taxes", user)
        amounts = {row["amount"] is not None for row in read["rows"].values()}
        assert amounts == {role != "System Manager"}, "amounts are for whoever reads the books"
        assert read["rows"] and not read["may_write"] and len(read["admins"]) == 1 and read["admins"][0].lower().startswith("admin")
        for function, given in (
            ("save", {"mapping": "accounts", "rows": "[]"}),
            ("accept", {}),
            ("undo", {"batch": "abc"}),
            ("import_sheet", {"mapping": "accounts", "filename": "a.csv", "content": ""}),
            ("preview_sheet", {"mapping": "accounts", "filename": "a.csv", "content": ""}),
        ):
            with pytest.raises(Exception, match="This is for Xero Admin"):
                press(rig, function, user, **given)
        if role != "System Manager":
            assert press(rig, "export", user, mapping="accounts", form="csv")
    add_user(rig.site, "clerk@example.com", ["Accounts User"])
    with pytest.raises(Exception, match="This is for"):
        press(rig, "show", "clerk@example.com", mapping="accounts")
    done = save(rig, "accounts", {"key": [f"Sales - {rig.company['abbr']}"], "values": {"xero_account_code": "260"}})
    with open_site(rig.site, "auditor@example.com") as frappe:
        assert frappe.has_permission("Xero Mapping Change", "read")
        change = frappe.get_doc("Xero Mapping Change", frappe.get_all("Xero Mapping Change", {"batch": done["batch"]}, pluck="name")[0])
    with rig.frappe() as frappe, pytest.raises(Exception, match="written by the app alone"):
        frappe.get_doc("Xero Mapping Change", change.name).save(ignore_permissions=True)


@pytest.mark.parametrize(
    ("after", "code"), [({"Status": "ARCHIVED"}, "bank-account-gone"), ({"EnablePaymentsToAccount": False}, "payment-account-invalid")]
)
def test_t20_where_an_account_takes_no_payments_any_more_they_wait_and_whoever_maps_is_told(
    rig: Rig, after: dict[str, Any], code: str
) -> None:
    make_admin(rig)
    first, second = scene.settlements(rig)[:2]
    bank, ids = first[-1]["doc"]["paid_to"], {code: account_id for account_id, code in account_codes(rig).items()}
    assert bank == second[-1]["doc"]["paid_to"]
    save(rig, "banks", {"key": [bank], "values": {"xero_account_id": ids["855"]}})
    rig.play([*first, *second[:-1]])
    scene.settle(rig)
    assert [each["account"] for each in scene.live(rig, "Payments")] == [ids["855"]]
    rig.xero.person("edit_account", Code="855", **after)
    scene.with_site(rig, _refresh(rig))
    rig.play(second[-1:])
    scene.settle(rig)
    step = scene.step(rig, second[-1]["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", code) and bank in step["reason"], "no call was made for it"
    assert len(scene.writes(rig, "Payments")) == 1 and scene.step(rig, second[0]["name"])["state"] == "Synced"
    assert any(bank in each["email_content"] for each in notifications(rig))
    save(rig, "banks", {"key": [bank], "values": {"xero_account_id": ids["090"]}})
    scene.settle(rig)
    assert scene.step(rig, second[-1]["name"])["state"] == "Synced"


def test_t19_a_mapping_is_checked_again_before_each_document_goes(rig: Rig) -> None:
    """What was chosen on the screen and is archived in Xero afterwards stops the documents with it, and nothing else; saving on the screen what is
    right releases them."""
    (sale,) = scene.invoices(rig)
    bill = scene.bills(rig)[0]
    account = sale["doc"]["items"][0]["income_account"]
    for row in sale["doc"]["items"]:
        row["income_account"] = account
    save(rig, "accounts", {"key": [account], "values": {"xero_account_code": "260"}})
    rig.xero.person("edit_account", Code="260", Status="ARCHIVED")
    make_admin(rig)
    scene.with_site(rig, _refresh(rig))
    (told,) = notifications(rig)
    assert "account 260 Other Revenue is archived" in told["subject"] and account in told["email_content"]
    before = len(scene.writes(rig, "Invoices"))
    rig.play([sale, bill])
    scene.settle(rig)
    assert len(scene.writes(rig, "Invoices")) == before + 1, "nothing was sent for the sale"
    assert scene.step(rig, sale["name"])["reason_code"] == "account-archived" and scene.step(rig, bill["name"])["state"] == "Synced"
    row = shown(rig, "accounts")["rows"][account]
    assert row["changed"] == ["Xero's account 260 Other Revenue is archived"]
    save(rig, "accounts", {"key": [account], "values": {"xero_account_code": "200"}, "was": row["values"]})
    scene.settle(rig)
    assert scene.step(rig, sale["name"])["state"] == "Synced"


def _refresh(rig: Rig) -> Any:
    def work(_frappe: Any) -> None:
        from picortex_xero.connection import connecting

        connecting.refresh(rig.connection)

    return work


@pytest.mark.case("B3")
def test_a_tax_that_a_document_waits_for_has_its_row(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    for row in sale["doc"]["taxes"]:
        row.update(charge_type="On Net Total", rate=7.5)
    for item in sale["doc"]["items"]:
        item["item_tax_rate"] = "{}"
    rig.play([sale])
    scene.settle(rig)
    row = shown(rig, "taxes")["rows"][f"Sales · {sale['doc']['taxes'][0]['account_head']} @ 7.5"]
    assert row["open"]


def test_a_fully_mapped_company_asks_for_nothing(rig: Rig) -> None:
    unmap(rig)
    map_everything(rig)
    records = typed(rig, 30)
    tabs = shown(rig, "accounts")["tabs"]
    assert records and {name: tab["open"] for name, tab in tabs.items() if name != "accounts"} == dict.fromkeys(set(tabs) - {"accounts"}, 0)
    assert not any(tab["changed"] for tab in tabs.values())


def test_the_list_before_going_live_is_green_only_where_the_page_asks_for_nothing(rig: Rig) -> None:
    """Documents older than the list's own look at what is newest, but of the year that the page shows."""

    def items() -> dict[str, list[dict[str, Any]]]:
        from picortex_xero.api import connect

        found: dict[str, list[dict[str, Any]]] = {}
        for each in scene.with_site(rig, lambda _: connect.before_going_live(rig.connection)):
            found.setdefault(each["key"], []).append(each)
        return found

    def months_ago(frappe: Any) -> None:
        from picortex_xero.mapping_screen import usage

        day = str((frappe.utils.now_datetime() - timedelta(days=200)).date())
        for table in ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "GL Entry"):
            frappe.db.sql(f"update `tab{table}` set `posting_date` = '{day}'")
        usage.forget(rig.company["name"])

    typed(rig)
    scene.with_site(rig, months_ago)
    save(rig, "accounts", {"key": [f"Sales - {rig.company['abbr']}"], "values": None})
    (account,) = items()["accounts"]
    assert account["state"] == "amber" and f"not mapped: Sales - {rig.company['abbr']}" in account["message"]
    assert account["cure"].startswith("Open Mapping and choose for them under Accounts")
    for kind, keys in {"accounts": ["accounts"], "taxes": ["taxes"], "payments": ["banks", "fees"], "tracking": ["tracking"]}.items():
        page = shown(rig, "accounts")["tabs"]
        asked = sum(page[each]["open"] + page[each]["changed"] for each in keys)
        assert {each["state"] for each in items()[kind]} == {"amber" if asked else "green"}, (kind, asked)

    def a_long_ledger(frappe: Any) -> list[str]:
        from picortex_xero.mapping_screen import usage

        usage.forget(rig.company["name"])
        with pytest.MonkeyPatch.context() as patched:
            queued: list[str] = []
            patched.setattr(usage, "AT_ONCE", 5)
            patched.setattr(frappe, "enqueue", lambda _job, **how: queued.append(how["what"]))
            from picortex_xero.api import connect

            for _ in range(2):
                found = connect.before_going_live(rig.connection)
            said = {each["key"]: each for each in found}
            assert all(said[each]["state"] == "amber" and "is being counted" in said[each]["message"] for each in ("accounts", "taxes"))
            return queued

    assert sorted(scene.with_site(rig, a_long_ledger)) == ["centres", "deducted", "journals", "ledger", "paid", "taxes"], "each by one job"


def test_tax_that_cannot_be_claimed_and_charges_are_offered_nothing(rig: Rig) -> None:
    """On a cost account that is called so, one press would claim it; a charge beside the tax is no tax."""
    title = "Irrecoverable GST"
    kept = {"doctype": "Account", "name": f"{title} - {rig.company['abbr']}", "account_name": title, "company": rig.company["name"]}
    kept |= {"root_type": "Expense", "account_type": "Tax", "is_group": 0, "account_currency": "NZD"}
    scene.with_site(rig, lambda _frappe: store(kept))
    bill, sale = (
        scene.copied(plain(rig, doctype), name) for doctype, name in (("Purchase Invoice", "PI-KEPT"), ("Sales Invoice", "SI-TIP"))
    )
    bill["doc"]["taxes"][0].update(account_head=kept["name"], description=title)
    tip = {"idx": 2, "account_head": f"Telephone Expenses - {rig.company['abbr']}", "description": "Service", "name": ""}
    sale["doc"]["taxes"].append({**sale["doc"]["taxes"][0], **tip})
    lately(rig, [bill, sale])
    rows = shown(rig, "taxes")["rows"]
    (kept_row,) = [row for label, row in rows.items() if title in label]
    assert not kept_row["suggestion"] and "cannot be claimed back" in kept_row["nothing"]
    assert not [row for label, row in rows.items() if "Telephone" in label and row["suggestion"]]
