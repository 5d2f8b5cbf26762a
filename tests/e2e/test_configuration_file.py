"""The configuration as a file: exported, removed with the app, and put back, so that the next sweep sends nothing twice and misses nothing."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import restoring
from tests.scene import rig as scene

MAPPINGS = [f"Xero {kind} Mapping" for kind in ("Account", "Tax", "Payment", "Tracking", "Deduction")]
ROWS = ("Xero Link", "Xero Link Target", "Xero Outbox Entry")


def values(rig: Rig, doctype: str, *fields: str) -> list[tuple[Any, ...]]:
    def read(frappe: Any) -> Any:
        return sorted(tuple(str(row[field]) for field in fields) for row in frappe.get_all(doctype, fields=list(fields)))

    return list(scene.with_site(rig, read))


def find_missed(rig: Rig) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.sync import jobs

        jobs.find_missed()

    scene.with_site(rig, work)


def test_after_a_reinstall_nothing_is_sent_twice_and_nothing_is_missed(rig: Rig) -> None:
    (sale, receipt), others, bills = scene.paid(rig), scene.invoices(rig, 6), scene.bills(rig, 4)
    others = [each for each in others if each["name"] != sale["name"]]
    in_file, later, meanwhile, cancelled = [sale, receipt, others[0], bills[0]], [others[1], bills[1]], [others[2], bills[2]], others[3]
    skipped = others[4]
    files.rule(rig, "Not ours", "Skip", ("name", "in", f"{skipped['name']}\nANOTHER-1"), ("customer", "=", skipped["doc"]["customer"]))
    odd = files.rule(rig, "Odd", "Skip", ("cost_center", "is set", ""), for_invoices=0, for_journals=1)
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Xero Sync Rule Condition", {"parent": odd}, {"operator": "=", "value": "Closed - X"})
    )
    files.sync_setting(rig, "Journal", send="Daily", send_at="17:30:15", start_date="2026-01-31")
    rules = files.rules(rig)
    rig.play([*in_file, cancelled, skipped])
    scene.settle(rig)
    before = {doctype: files.counts(rig, doctype)[0] for doctype in (*ROWS, *MAPPINGS)}
    mapped = {doctype: values(rig, doctype, "xero_account_code" if "Account" in doctype else "company") for doctype in MAPPINGS[:1]}
    links = values(rig, "Xero Link", "reference_name", "role", "xero_id", "content", "remote_picture", "marker")
    steps = values(rig, "Xero Outbox Entry", "reference_name", "role", "state", "reason_code", "room")
    taxes = values(rig, "Xero Tax Mapping", "direction", "tax", "item_tax_template", "tax_type", "xero_rate")
    instance = values_of_settings(rig)
    content = files.exported(rig)
    # Goes to Xero after the export: the file does not know it.
    rig.play(later)
    scene.settle(rig)

    files.reinstalled(rig)
    assert files.counts(rig, *ROWS, *MAPPINGS) == [0] * 8 and values_of_settings(rig) != instance
    # Submitted and cancelled while the app was not there.
    rig.play([*meanwhile, scene.cancelling(cancelled)])
    rig.advance(3600)
    files.connected_again(rig)
    shown = files.compared(rig, content)
    assert shown["why_not"] == [] and not shown["asks_about_site"] and shown["about"]["links"] == before["Xero Link"]
    said = files.imported(rig, content)
    assert (said["state"], said["not_here_count"], said["taxes_signed"]) == ("Done", 0, True)
    # A rule that could not be applied stands as it stood: what it could decide about waits.
    assert [(row["what"], "waits until" in row["why"]) for row in said["left_out"]] == [("Odd", True)]
    assert files.rules(rig) == rules and [row[:2] for row in rules] == [("Not ours", 1), ("Odd", 1)]
    assert values_of_settings(rig) == instance
    assert {doctype: files.counts(rig, doctype)[0] for doctype in (*ROWS, *MAPPINGS)} == before
    assert {doctype: values(rig, doctype, "xero_account_code") for doctype in MAPPINGS[:1]} == mapped
    assert links == values(rig, "Xero Link", "reference_name", "role", "xero_id", "content", "remote_picture", "marker")
    assert steps == values(rig, "Xero Outbox Entry", "reference_name", "role", "state", "reason_code", "room")
    assert taxes == values(rig, "Xero Tax Mapping", "direction", "tax", "item_tax_template", "tax_type", "xero_rate")
    # The parts are gone; compared again nothing differs.
    assert files.counts(rig, "Xero Configuration Part") == [0]
    assert files.compared(rig, files.exported(rig, ties=False))["differences"] == []

    # Nothing goes before a person lets it; then what is in Xero since the export pauses it once more, and is linked.
    calls = rig.xero.call_count()
    scene.sweep(rig)
    rig.dispatch()
    assert not [call for call in rig.xero.calls(since=calls) if call["method"] != "GET"] and scene.connection_state(rig) == "Paused"
    restoring.confirm(rig)
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and bills[1]["name"] in restoring.reason(rig) + str(restoring.unlinked(rig))
    restoring.confirm(rig)
    find_missed(rig)
    for _round in range(3):
        scene.settle(rig)
        find_missed(rig)
    everything = [*in_file, *later, *meanwhile]
    scene.assert_once(rig, everything)
    assert Counter(each["InvoiceNumber"] for each in scene.live(rig)) == Counter(_numbers(rig, everything))
    assert [row["state"] for row in rig.steps(reference_name=cancelled["name"], role="void")] == ["Synced"]
    assert [(row["state"], row["rule"]) for row in rig.steps(reference_name=skipped["name"])] == [("Skipped", "Not ours")]


def _numbers(rig: Rig, records: list[scene.Record]) -> list[str]:
    with rig.frappe() as frappe:
        rows = frappe.get_all("Xero Link", filters={"role": "invoice"}, fields=["reference_name", "xero_number"])
    wanted = {record["name"] for record in records}
    return [row["xero_number"] for row in rows if row["reference_name"] in wanted]


def values_of_settings(rig: Rig) -> str:
    """The id that marks what this site sends."""
    return str(scene.with_site(rig, lambda frappe: frappe.db.get_single_value("Xero Settings", "instance_id")))


OF_NO_RULE = json.dumps(
    {"rule": "A", "joined": "and", "field": "customer", "operator": "is set", "value": "", "names": "Customer", "records": []}
)
TOO_EARLY, EDITED, NONE_OF_THESE, NEWER = "ends too early", "not as it was exported", "no configuration file", "newer release"


def unreadable(content: bytes) -> list[tuple[str, bytes, str]]:
    """Files that are none: what each is, and what is said."""
    first_mapping = content.index(b'{"mapping": "accounts"')
    return [
        ("empty", b"\n", NONE_OF_THESE),
        ("something else", b'{"doctype": "Xero Connection", "state": "Live"}', NONE_OF_THESE),
        ("no text at all", bytes(range(256)) * 40, NONE_OF_THESE),
        ("one long line", b"x" * 4_100_000, NONE_OF_THESE),
        ("cut in a row", content[: first_mapping + 40], EDITED),
        ("cut between rows", content[:first_mapping], TOO_EARLY),
        ("its end is missing", content[: content.index(b'"checksum"')], TOO_EARLY),
        ("edited", content.replace(b'"AUTHORISED"', b'"DRAFT"'), EDITED),
        ("a row twice", content.replace(b'"mappings": [\n', b'"mappings": [\n{},\n'), EDITED),
        ("followed by more", content + b"{}\n", EDITED),
        ("other ends of lines", content.replace(b"\n", b"\r\n"), NONE_OF_THESE),
        ("of a newer release", content.replace(b'"version": 2', b'"version": 3'), NEWER),
        ("of no version", content.replace(b'"version": 2', b'"version": "x"'), EDITED),
        ("no day", files.as_if_exported(content, ('"start_date": ""', '"start_date": "2026-02-30"')), EDITED),
        ("no time", files.as_if_exported(content, ('"Real time", "send_at": ""', '"Daily", "send_at": "24:00:00"')), EDITED),
        ("a kind twice", files.as_if_exported(content, ('"kind": "Bill"', '"kind": "Invoice"')), EDITED),
        ("half a rule", files.as_if_exported(content, ('"rules": [\n', '"rules": [\n{"title": "A"}\n')), EDITED),
        (
            "a condition of no rule",
            files.as_if_exported(content, ('"rule_conditions": [\n', f'"rule_conditions": [\n{OF_NO_RULE}\n')),
            EDITED,
        ),
        ("deep", files.as_if_exported(content, ('"settings": [\n', '"settings": [\n' + "[" * 100_000 + ",\n")), EDITED),
        ("without its head", files.as_if_exported(content, ('"exported_at"', '"exported"')), EDITED),
        ("an unknown section", files.as_if_exported(content, ('"settings": [', '"plans": [')), EDITED),
    ]


def test_what_is_no_such_file_is_said_and_nothing_changes(rig: Rig) -> None:
    record = scene.bills(rig)[0]
    rig.play([record])
    scene.settle(rig)
    content = files.exported(rig)
    everything = [
        values(rig, doctype, "name", "modified")
        for doctype in ("Xero Connection", "Xero Settings", "Xero Link", *MAPPINGS)
        if doctype != "Xero Settings"
    ]
    for what, bad, said in unreadable(content):
        for take in (files.compared, files.imported) if what in ("edited", "cut between rows") else (files.imported,):
            with pytest.raises(Exception, match=said):
                take(rig, bad)
            assert what and everything == [
                values(rig, doctype, "name", "modified") for doctype in ("Xero Connection", "Xero Link", *MAPPINGS)
            ]
    # A part that did not arrive; too many of them; ties into a connection that has begun.
    files.uploaded(rig, content, "upload-2")
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Configuration Part", {"upload": "upload-2", "place": 0}))
    with pytest.raises(Exception, match="did not arrive whole"):
        scene.with_site(rig, lambda _frappe: _api().compare(rig.connection, "upload-2"))
    with pytest.raises(Exception, match="too large"):
        scene.with_site(rig, lambda _frappe: _api().upload(rig.connection, "upload-3", 300, "AAAA"))
    with pytest.raises(Exception, match="has begun already"):
        files.imported(rig, content)
    with pytest.raises(Exception, match="settings and mappings only"):
        files.imported(rig, files.exported(rig, ties=False))


def _api() -> Any:
    from picortex_xero.api import configuration

    return configuration


def test_no_secret_is_in_the_file(rig: Rig) -> None:
    def secrets(frappe: Any) -> list[str]:
        from picortex_xero.connection import encryption

        row = frappe.db.get_value("Xero Authorisation", {"state": "Active"}, "*", as_dict=True)
        stored = [row[field] for field in row if field.endswith("_encrypted") and row[field]]
        settings = frappe.db.get_single_value("Xero Settings", "client_secret_encrypted")
        clear = [value for each in [*stored, settings] for value in encryption.decrypted(each).values()]
        return [str(value) for value in [*stored, settings, *clear, frappe.conf.get("encryption_key")] if value]

    record = scene.bills(rig)[0]
    rig.play([record])
    scene.settle(rig)
    planted = scene.with_site(rig, secrets)
    assert "sandbox-web-secret" in planted and len(planted) >= 4
    content = files.exported(rig)
    assert not [each for each in planted if each.encode() in content or json.dumps(each)[1:-1].encode() in content]
    assert record["name"].encode() in content and values_of_settings(rig).encode() in content
    assert values_of_settings(rig).encode() not in files.exported(rig, ties=False)
    # Two exports of one state differ in nothing but the time.
    again = files.exported(rig)
    assert [
        line for line in content.splitlines() if line not in again.splitlines() and b"exported_at" not in line and b"checksum" not in line
    ] == []


def test_into_another_company_what_can_be_matched_is_taken_and_the_rest_is_listed(rig: Rig) -> None:
    abbr, tenant = (
        f" - {rig.company['abbr']}",
        str(scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "tenant_id"))),
    )
    accounts = [row[0] for row in values(rig, "Xero Account Mapping", "account")]
    (gone, known), centre = customers(rig), cost_centre(rig)
    files.rule(rig, "Ours", "Skip", ("cost_center", "=", centre), ("customer", "in", f"{known[0]}\n{known[0]}"))
    files.rule(rig, "Gone", "Skip", ("customer", "in", f"{gone[0]}\n{known[0]}"))
    files.rule(rig, "Numbered", "Skip", ("name", "=", "SINV-1"))
    files.sync_setting(rig, "Payment", send="Daily", send_at="06:05:04", start_date="2026-01-31")
    rules = files.rules(rig)
    (bank,) = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Payment Mapping", pluck="name", limit=1))
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Payment Mapping", bank, "takes_what_comes_back", 1))
    content = files.exported(rig, ties=False)
    # As another company has it: other abbreviation, ids and organisation; one account that is not here, one account of Xero's that is not there; one customer
    # of another name, one who is somebody else here.
    other = files.as_if_exported(
        content,
        (abbr, " - OTHER"),
        (tenant, "another-organisation"),
        ('"id": "', '"id": "other-'),
        (f'"title": "{accounts[0].removesuffix(abbr)}"', '"title": "Elsewhere Only"'),
        (f'{{"name": "{known[0]}"', '{"name": "CUST-9"'),
        (f'\\n{known[0]}"', '\\nCUST-9"'),
        (f'"value": "{known[0]}\\n', '"value": "CUST-9\\n'),
        (f'"title": "{gone[1]}"', '"title": "Somebody Else"'),
    )
    before = {doctype: len(values(rig, doctype, "name")) for doctype in MAPPINGS}
    assert {row["state"] for row in files.compared(rig, other)["differences"]} == {"not matched", "only here"}

    def emptied(frappe: Any) -> None:
        for doctype in (*MAPPINGS, "Xero Sync Rule", "Xero Sync Rule Condition", "Xero Sync Setting"):
            frappe.db.delete(doctype, {})
        frappe.db.set_value(
            "Xero Connection", rig.connection, {"target_status": "DRAFT", "clearing_account": None, "rounding_account": None}
        )

    scene.with_site(rig, emptied)
    shown = files.compared(rig, other)
    (status,) = [row for row in shown["differences"] if row["what"] == "Invoices and Bills Arrive As"]
    assert status["state"] == "differs" and status["here"] != status["there"] and status["group"] == "Settings"
    of_rules = [(row["what"], row["state"]) for row in shown["differences"] if row["group"] in ("Rules", "Sync Settings")]
    assert of_rules == [("Payments", "differs"), ("Ours", "only in the file"), ("Gone", "not matched"), ("Numbered", "not matched")]
    said = files.imported(rig, other, ties=False)
    # What cannot be matched is never let loose: a rule comes in switched off, and is listed.
    switched_off = [row for row in said["left_out"] if row["group"] == "Rules"]
    assert [(row["what"], "switched off" in row["why"]) for row in switched_off] == [("Gone", True), ("Numbered", True)]
    assert files.rules(rig)[0] == rules[0] and [row[:2] for row in files.rules(rig)] == [("Ours", 1), ("Gone", 0), ("Numbered", 0)]
    assert [(row["send_at"], row["start_date"]) for row in sync_settings(rig) if row["kind"] == "Payment"] == [("06:05:04", "2026-01-31")]
    said["left_out"] = [row for row in said["left_out"] if row not in switched_off]
    assert [row[0] for row in values(rig, "Xero Payment Mapping", "takes_what_comes_back")].count("1") == 1
    assert said["left_out"] and {row["what"].split(" - ")[0] for row in said["left_out"]} == {accounts[0].removesuffix(abbr)}
    left = {doctype: before[doctype] - len(values(rig, doctype, "name")) for doctype in MAPPINGS}
    assert sum(left.values()) == len(said["left_out"]) and left["Xero Account Mapping"] == 1
    assert [row["what"] for row in files.compared(rig, content)["differences"] if row["state"] == "differs"] == ["Gone", "Numbered"]
    # What was chosen otherwise here is as in the file again; what is only here stays.
    chosen = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Account Mapping", fields=["name", "xero_account_code"], limit=1)[0])

    def other_choice(frappe: Any) -> None:
        frappe.db.set_value("Xero Account Mapping", chosen["name"], {"xero_account_code": "429", "other_class": 1})
        frappe.db.set_value("Xero Connection", rig.connection, "cash_basis", 1)

    scene.with_site(rig, other_choice)
    assert [row["state"] for row in files.compared(rig, other)["differences"] if row["state"] != "not matched"] == ["differs"] * 2
    said = files.imported(rig, other, ties=False)
    assert (said["settings"], said["mappings"]) == (1, 1)
    assert (chosen["xero_account_code"],) in values(rig, "Xero Account Mapping", "xero_account_code")
    with pytest.raises(Exception, match="settings and mappings only"):
        files.imported(rig, other)

    # A rule that is only here keeps its place; the others stand in the file's order again.
    files.rule(rig, "Mine", "Sync")
    put_in_order(rig, "Mine", "Numbered", "Ours", "Gone")
    of_rules = [(row["what"], row["state"]) for row in files.compared(rig, other)["differences"] if row["group"] == "Rules"]
    assert of_rules == [("Gone", "not matched"), ("Numbered", "not matched"), ("Mine", "only here"), ("Order of the rules", "differs")]
    # A file of the first form says nothing of rules and leaves them.
    first_form = files.of_the_first_form(content)
    assert not [row for row in files.compared(rig, first_form)["differences"] if row["group"] in ("Rules", "Sync Settings")]
    files.imported(rig, first_form, ties=False)
    assert [row[:2] for row in files.rules(rig)] == [("Mine", 1), ("Numbered", 0), ("Ours", 1), ("Gone", 0)]
    said = files.imported(rig, other, ties=False)
    assert ["stays as it is" in row["why"] for row in said["left_out"] if row["group"] == "Rules"] == [True, True]
    assert [row[:2] for row in files.rules(rig)] == [("Mine", 1), ("Ours", 1), ("Gone", 0), ("Numbered", 0)]


def customers(rig: Rig) -> list[tuple[str, str]]:
    """Two customers: name and what people call them."""
    rows = scene.with_site(rig, lambda frappe: frappe.get_all("Customer", fields=["name", "customer_name"], order_by="name asc", limit=2))
    return [(row["name"], row["customer_name"]) for row in rows]


def cost_centre(rig: Rig) -> str:
    return str(scene.with_site(rig, lambda frappe: frappe.get_all("Cost Center", {"company": rig.company["name"]}, pluck="name")[0]))


def sync_settings(rig: Rig) -> list[dict[str, Any]]:
    def read(_frappe: Any) -> Any:
        from picortex_xero.configuration import sync_settings_rows

        return sync_settings_rows.rows(rig.connection)

    return list(scene.with_site(rig, read))


def put_in_order(rig: Rig, *titles: str) -> None:
    def work(frappe: Any) -> None:
        from picortex_xero.api import rules

        rules.put_in_order(rig.connection, [frappe.db.get_value("Xero Sync Rule", {"title": title}, "name") for title in titles])

    scene.with_site(rig, work)


def test_an_id_that_another_site_goes_on_using_is_refused(rig: Rig) -> None:
    bills = scene.bills(rig, 2)
    rig.play(bills[:1])
    scene.settle(rig)
    content = files.exported(rig)
    site = str(json.loads(content.split(b"\n")[4])["site"])
    elsewhere = files.as_if_exported(content, (site, "0" * 32))
    disconnected = files.as_if_exported(elsewhere, ('"state": "Live"', '"state": "Disconnected"'))
    rig.advance(60)
    rig.play(bills[1:])
    scene.settle(rig)
    files.reinstalled(rig)
    own = values_of_settings(rig)
    files.connected_again(rig)
    shown = files.compared(rig, elsewhere)
    assert shown["why_not"] and "goes on using this id" in shown["why_not"][0] and bills[1]["doc"]["bill_no"] in shown["why_not"][0]
    for bad, gone, said in (
        (elsewhere, False, "was not disconnected there"),
        (elsewhere, True, "goes on using this id"),
        (disconnected, False, "goes on using this id"),
    ):
        with pytest.raises(Exception, match=said):
            files.imported(rig, bad, gone=gone)
    assert values_of_settings(rig) == own and files.counts(rig, *ROWS) == [0, 0, 0]
    # It has sent nothing for a day, and a person says that it is gone.
    rig.advance(2 * 86_400)
    files.connected_again(rig)
    assert files.compared(rig, elsewhere)["asks_about_site"]
    assert files.imported(rig, elsewhere, gone=True)["links"] and values_of_settings(rig) != own


def test_every_column_and_every_setting_is_in_the_file_or_left_out_for_a_reason(rig: Rig) -> None:
    doctypes = {doc["name"]: doc for doc in (json.loads(path.read_text("utf-8")) for path in files.APP.glob("*/doctype/*/*.json"))}
    stored = {name: {f["fieldname"] for f in doc["fields"] if "Break" not in f["fieldtype"]} for name, doc in doctypes.items()}
    kinds = {name: {f["fieldname"]: f["fieldtype"] for f in doc["fields"]} for name, doc in doctypes.items()}
    with rig.frappe():
        from picortex_xero.configuration import cash_rows, rules_rows, settings_rows, sync_settings_rows, tables
        from picortex_xero.engine import policies, write_protection
        from picortex_xero.mapping_screen.kinds import KINDS

        of_kind = {"whole": {"Int", "Check"}, "amount": {"Currency", "Float"}, "time": {"Datetime"}, "day": {"Date"}}
        for table in tables.TABLES:
            columns = {*table.columns} - {"name", "creation", "docstatus", "idx", "parent"}
            assert columns | tables.LEFT_OUT[table.doctype] == stored[table.doctype], table.doctype
            assert not columns & tables.LEFT_OUT[table.doctype]
            for column in columns:
                kind, fieldtype = table.columns[column], kinds[table.doctype][column]
                assert fieldtype in of_kind.get(kind, {fieldtype}) and (
                    kind not in ("text", "shown") or fieldtype not in set().union(*of_kind.values())
                )
                assert (fieldtype in ("Code", "Small Text", "Text", "Long Text")) == (column in table.long), (table.doctype, column)
        for each in KINDS.values():
            chosen = {f["fieldname"] for f in doctypes[each.doctype]["fields"] if not f.get("read_only") and "Break" not in f["fieldtype"]}
            assert each.name == "defaults" or chosen - {"connection"} <= {*each.key_fields, *each.chosen, each.mark}, each.name
        settings = {*settings_rows.IN_FILE, *settings_rows.FOLLOWS, *settings_rows.NOT_IN_FILE, settings_rows.PEOPLE_FIELD}
        machine = {*write_protection.OF_CONNECTION}
        told = {f["fieldname"] for f in doctypes["Xero Connection"]["fields"] if f["fieldtype"] == "HTML"}
        assert settings | machine | told == stored["Xero Connection"] | told and not settings & machine
        assert {"kind", *sync_settings_rows.FIELDS, "connection", "company", "host_key"} == stored[policies.SETTING]
        of_rule = {"title", "enabled", "outcome", "conditions", "approval_steps", "no_self_approval", *policies.ABOUT.values()}
        assert of_rule | {"connection", "company", "priority", "builder"} == stored[policies.RULE]
        assert {*rules_rows.COLUMNS} == stored[policies.CONDITION]
        of_cash = cash_rows.FIELDS - {*cash_rows.TAXES} | {
            *cash_rows.TAXES.values(),
            "connection",
            "company",
            "host_key",
            "summarised_until",
            "looked_at",
        }
        assert of_cash == stored["Xero Cash Choice"]
        held = (
            {table.doctype for table in tables.TABLES}
            | {each.doctype for each in KINDS.values()}
            | {"Xero Connection State", "Xero Link Target", "Xero Cash Choice", policies.SETTING, policies.RULE}
        )
        of_a_connection = {name for name, fields in stored.items() if "connection" in fields}
        assert held | tables.NOT_IN_THE_FILE == of_a_connection | {"Xero Connection", "Xero Former Name"}
        assert not held & tables.NOT_IN_THE_FILE


def test_what_people_decided_and_what_a_fee_is_known_by_comes_back(rig: Rig) -> None:
    """A document left out, one that waits for a choice, one under way; the contact of a fee; a document that was deleted; a retired organisation."""
    bills = scene.bills(rig, 4)
    rig.play(bills)
    scene.settle(rig)
    kept = {row["reference_name"]: row for row in rig.steps() if row["role"] == "invoice"}

    def decided(frappe: Any) -> tuple[str, str]:
        frappe.db.set_value(
            "Xero Outbox Entry", kept[bills[0]["name"]]["name"], {"state": "Skipped", "reason_code": "left-out", "reason": "A <b>word</b>"}
        )
        frappe.db.set_value("Xero Outbox Entry", kept[bills[1]["name"]]["name"], {"state": "Unknown", "reason": "Under way"})
        frappe.db.set_value(
            "Xero Outbox Entry", kept[bills[2]["name"]]["name"], {"state": "Needs Attention", "reason_code": "perhaps-in-xero", "told": 1}
        )
        fee = frappe.get_all("Xero Deduction Mapping", filters={"treatment": "Fee"}, fields=["name", "creation"], limit=1)[0]
        link = frappe.get_all("Xero Link", filters={"reference_name": bills[0]["doc"]["supplier"]}, pluck="name", limit=1)[0]
        frappe.db.set_value(
            "Xero Link",
            link,
            {"reference_doctype": "Xero Deduction Mapping", "reference_name": fee["name"], "reference_creation": str(fee["creation"])},
        )
        frappe.db.set_value("Xero Link", {"reference_name": bills[3]["name"]}, "reference_creation", "2020-01-01 00:00:00.000001")
        return link, fee["name"]

    def left_before(frappe: Any) -> None:
        """The company had sent to another organisation before."""
        from picortex_xero.documents.identity import Identity
        from picortex_xero.engine import links, write_protection

        former = {
            "doctype": "Xero Connection",
            "company": rig.company["name"],
            "state": "Retired",
            "tenant_id": "former-one",
            "base_currency": "NZD",
        }
        with write_protection.own_writes():
            made = frappe.get_doc({**former, "organisation_name": "Former", "go_live_date": "2020-01-01"}).insert(ignore_permissions=True)
            frappe.get_doc({"doctype": "Xero Connection State", "connection": made.name, "company": rig.company["name"]}).insert(
                ignore_permissions=True
            )
        who = Identity("Purchase Invoice", bills[0]["name"], str(bills[0]["doc"]["creation"]))
        assert links.add(made.name, rig.company["name"], who, "invoice", 1, "Invoices", "11111111-2222-3333-4444-555555555555")

    link, fee = scene.with_site(rig, decided)
    scene.with_site(rig, left_before)
    content = files.exported(rig)
    files.reinstalled(rig)
    files.connected_again(rig)
    said = files.imported(rig, content)
    assert (said["not_here_count"], said["not_here"]) == (1, [f"Purchase Invoice {bills[3]['name']}"])
    steps = {row["reference_name"]: row for row in rig.steps() if row["role"] == "invoice"}
    told = [(steps[each["name"]]["state"], steps[each["name"]]["reason_code"] or "") for each in bills[:3]]
    assert told == [("Skipped", "left-out"), ("Pending", ""), ("Needs Attention", "perhaps-in-xero")]
    assert steps[bills[0]["name"]]["reason"] == "A &lt;b>word&lt;/b>" and steps[bills[2]["name"]]["told"] == 1

    former = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Connection", {"state": "Retired"}, ["name", "tenant_id", "active_company"])
    )
    assert [(row["tenant_id"], row["active_company"] or "") for row in former] == [("former-one", "")]
    assert files.counts(rig, "Xero Connection State") == [2]
    of_former = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Link", {"connection": former[0]["name"]}, pluck="xero_id"))
    assert of_former == ["11111111-2222-3333-4444-555555555555"]

    def known(frappe: Any) -> tuple[Any, Any]:
        return frappe.db.get_value("Xero Link", link, "reference_name"), frappe.get_all(
            "Xero Deduction Mapping", {"treatment": "Fee"}, pluck="name"
        )

    now, fees = scene.with_site(rig, known)
    assert now in fees and fee not in fees
    assert "put back from a file" in restoring.reason(rig)


def test_a_long_file_is_taken_over_by_a_job(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    bill = scene.bills(rig)[0]
    rig.play([bill])
    scene.settle(rig)
    content = files.exported(rig)
    files.reinstalled(rig)
    files.connected_again(rig)

    def job(frappe: Any) -> Any:
        from picortex_xero.api import configuration
        from picortex_xero.configuration import importing
        from picortex_xero.engine import jobs

        monkeypatch.setattr(importing, "AT_ONCE", 0)
        assert configuration.import_file(rig.connection, "upload-1", 1, 0)["state"] == "Running"
        jobs.import_configuration(rig.connection, "upload-1", "Administrator", True, False)
        frappe.db.commit()
        done = configuration.outcome(rig.connection)
        # Queued twice, or begun again after its worker died: the second one finds nothing to do.
        jobs.import_configuration(rig.connection, "upload-1", "Administrator", True, False)
        assert configuration.outcome(rig.connection) == done
        # A file that turns out to be none says so, and so does one that no worker has finished.
        configuration.upload(rig.connection, "upload-2", 0, "AAAA")
        jobs.import_configuration(rig.connection, "upload-2", "Administrator", True, False)
        stopped = configuration.outcome(rig.connection)
        importing.note(rig.connection, {"state": "Running", "at": "2020-01-01 00:00:00"})
        return done, stopped, configuration.outcome(rig.connection)

    files.uploaded(rig, content)
    done, stopped, left = scene.with_site(rig, job)
    assert (done["state"], done["links"]) == ("Done", files.counts(rig, "Xero Link")[0])
    assert stopped["state"] == left["state"] == "Stopped" and "no configuration file" in stopped["why"] and "No worker" in left["why"]
