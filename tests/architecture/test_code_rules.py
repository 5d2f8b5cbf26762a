"""The app keeps every rule about code, and every rule catches what is planted against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import code_rules, hook_rules, text_rules, trouble_rules
from tests.architecture.source import APP, ROOT, modules

Rule = Callable[[Path], list[str]]
RULES: list[Rule] = [
    code_rules.pure_is_pure,
    code_rules.imports_are_written_out,
    code_rules.whitelisted_only_in_api,
    code_rules.said_as_text,
    code_rules.quiet_in_the_submit,
    code_rules.no_float_money,
    code_rules.one_state_authority,
    code_rules.deadlines,
    code_rules.manifest,
    code_rules.objects_have_classes,
    code_rules.sizes,
    trouble_rules.trouble_passes,
    trouble_rules.time_is_the_databases,
    text_rules.people_read_texts,
    text_rules.templates_are_found,
    text_rules.events_are_choices,
    hook_rules.paths_resolve,
    hook_rules.patches_run,
    hook_rules.points_where_hooks_may,
    hook_rules.files_exist,
    hook_rules.no_code,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_app_keeps_the_rule(rule: Rule) -> None:
    assert rule(APP) == []


TEXTS = "from .texts import _, joined\nfrom .problems import Problem\n"
GUARD = "import frappe\nfrom .arguments import asks, name, one\n\ndef _may(name, **rest):\n    one('X', name, 'write')\n\n"
OUTBOX = 'DOCTYPE = "Xero Outbox Entry"\n'
PLANTED: list[tuple[Rule, str, str]] = [
    (code_rules.pure_is_pure, "accounting/tax.py", "from datetime import datetime\nx = datetime.now()\n"),
    (code_rules.pure_is_pure, "accounting/tax.py", "import datetime\nx = datetime.date.today()\n"),
    (code_rules.imports_are_written_out, "accounting/tax.py", "import importlib\nimportlib.import_module('frappe')\n"),
    (code_rules.imports_are_written_out, "xero/client.py", "def f(name):\n    return __import__(name)\n"),
    (code_rules.imports_are_written_out, "engine/seal.py", "from urllib.request import urlopen\n"),
    (code_rules.imports_are_written_out, "api/status.py", "import http.client\n"),
    (
        code_rules.whitelisted_only_in_api,
        "sync/jobs.py",
        "import frappe\n@frappe.whitelist()\ndef act():\n    frappe.has_permission('X', throw=True)\n",
    ),
    *(
        (code_rules.whitelisted_only_in_api, "api/status.py", f"{GUARD}{planted}")
        for planted in (
            "@frappe.whitelist()\ndef act(name):\n    one('X', name, 'write')\n",
            "@asks(_may, name=name)\ndef act(name):\n    pass\n",
            "@asks(_may, name=name)\n@frappe.whitelist()\ndef act(name):\n    pass\n",
            "@frappe.whitelist()\n@asks(_may, name=name)\ndef act(name, date):\n    pass\n",
            "@frappe.whitelist()\n@asks(_may, name=name)\ndef act(name, *, date=None):\n    pass\n",
            "@frappe.whitelist()\n@asks(_may, name=name)\ndef act(name, **rest):\n    pass\n",
            "@frappe.whitelist()\n@asks(print, name=name)\ndef act(name):\n    pass\n",
            "@frappe.whitelist()\n@asks(lambda **_: None, name=name)\ndef act(name):\n    pass\n",
            "def _lets(name):\n    frappe.has_permission('X')\n\n@frappe.whitelist()\n@asks(_lets, name=name)\ndef act(name):\n    pass\n",
            "def _lets(name):\n    if name:\n        return\n    one('X', name, 'read')\n\n@frappe.whitelist()\n@asks(_lets, name=name)\ndef act(name):\n    pass\n",
            "def _lets(name):\n    if name:\n        one('X', name, 'read')\n\n@frappe.whitelist()\n@asks(_lets, name=name)\ndef act(name):\n    pass\n",
            "@frappe.whitelist(allow_guest=True)\n@asks(_may, name=name)\ndef act(name):\n    pass\n",
        )
    ),
    *(
        (code_rules.said_as_text, "connection/xero_lists.py", f"import frappe\ndef f(name, error):\n    {planted}\n")
        for planted in (
            "frappe.throw(_('{0} is gone').format(name))",
            "frappe.throw(f'{name} is gone')",
            "frappe.throw(str(error))",
            "frappe.msgprint(_(name))",
            "frappe.throw(_('{0} is {1}').format(html(name), error))",
            "said = html(name); said = name; frappe.throw(said)",
            "frappe.throw(_('{0}').format(html(name) if name else error))",
        )
    ),
    (
        code_rules.quiet_in_the_submit,
        "overrides/documents.py",
        "import frappe\ndef on_submit(doc, method=None):\n    frappe.enqueue('x')\n",
    ),
    (code_rules.quiet_in_the_submit, "engine/capture.py", "import frappe\ndef f():\n    frappe.db.rollback()\n"),
    (code_rules.quiet_in_the_submit, "engine/outbox.py", "from frappe import db\ndef f():\n    db.commit()\n"),
    (code_rules.no_float_money, "accounting/tax.py", "LIMIT = 0.05\n"),
    (code_rules.no_float_money, "engine/seal.py", "def f(x):\n    return float(x)\n"),
    (code_rules.no_float_money, "accounting/tax.py", "def f(x):\n    return round(x, 2)\n"),
    (code_rules.one_state_authority, "engine/seal.py", OUTBOX + "import frappe\nfrappe.db.set_value(DOCTYPE, 'n', 'state', 'Synced')\n"),
    (
        code_rules.one_state_authority,
        "engine/seal.py",
        "import frappe\nfrappe.db.set_value('Xero Outbox Entry', 'n', {'state': 'Synced'})\n",
    ),
    (
        code_rules.one_state_authority,
        "engine/seal.py",
        "import frappe\nfrom . import outbox\nfrappe.db.set_value(outbox.DOCTYPE, 'n', 'state', 'x')\n",
    ),
    (
        code_rules.one_state_authority,
        "engine/seal.py",
        "import frappe\nfrappe.db.sql(\"UPDATE `tabXero Outbox Entry` SET `state`='Synced'\")\n",
    ),
    (code_rules.one_state_authority, "engine/seal.py", OUTBOX + "import frappe\nfrappe.db.sql(f'DELETE FROM `tab{DOCTYPE}`')\n"),
    (code_rules.one_state_authority, "api/status.py", "import frappe\nfrappe.get_doc('Xero Outbox Entry', 'n').save()\n"),
    (code_rules.one_state_authority, "engine/seal.py", "from . import outbox\noutbox.set_columns(row, state='Synced')\n"),
    (code_rules.one_state_authority, "engine/seal.py", "from . import outbox\noutbox._update(row, {})\n"),
    (code_rules.one_state_authority, "engine/outbox.py", "def finish(row):\n    return _update(row, {'state': 'Synced'})\n"),
    (
        code_rules.one_state_authority,
        "engine/outbox.py",
        "def finish(db):\n    db.sql(\"UPDATE t SET `state`='Synced' WHERE `name`='x'\")\n",
    ),
    (code_rules.one_state_authority, "engine/outbox.py", "def move(row, to):\n    return _update(row, {'state': to})\n"),
    (code_rules.deadlines, "xero/client.py", "import httpx\nc = httpx.AsyncClient()\n"),
    (code_rules.deadlines, "xero/client.py", "import httpx\ndef f():\n    return httpx.get('https://x.example')\n"),
    (code_rules.deadlines, "xero/client.py", "import httpx\ndef f(client):\n    return client.request('GET', '/', timeout=5)\n"),
    (code_rules.deadlines, "xero/client.py", "import httpx\nc = httpx.AsyncClient(timeout=5)\n"),
    (code_rules.manifest, "engine/seal.py", "import frappe\nfrappe.set_user_lang('x')\n"),
    (code_rules.manifest, "engine/seal.py", "import frappe\nfrappe.db.get_value('A', 'b', 'c', skip_locked=True)\n"),
    *(
        (trouble_rules.trouble_passes, "engine/seal.py", f"try:\n    x()\n{handler}\n")
        for handler in ("except Exception:\n    pass", "except:\n    pass", "except (KeyError, Exception) as error:\n    log(error)")
    ),
    *(
        (trouble_rules.time_is_the_databases, place, f"import time\nfrom datetime import datetime, date\nx = {asked}()\n")
        for place, asked in (("engine/leases.py", "datetime.now"), ("xero/client.py", "time.time"), ("engine/clock.py", "date.today"))
    ),
    (code_rules.objects_have_classes, "engine/seal.py", 'RANK = {"Payments": 1, "Allocations": 0}\n'),
    (code_rules.objects_have_classes, "engine/seal.py", 'DELETED = ("Payments", "BankTransfers")\n'),
    (code_rules.objects_have_classes, "sync/undo.py", 'def f(link):\n    return link["endpoint"] == "Contacts"\n'),
    *(
        (
            text_rules.people_read_texts,
            "accounting/mapping.py",
            f"{TEXTS}import frappe\nfrom ..engine import log, limits\ndef f(name, who):\n    {planted}\n",
        )
        for planted in (
            "return Problem('c', f'{name} is gone', _('Look'))",
            "return Problem('c', _('{name} is gone').format(name=name), 'Look')",
            "return Problem('c', _('Gone: ') + name, _('Look'))",
            "return Problem('c', _('Gone'), resolution=f'See {name}')",
            "return Problem('c', _('gone').capitalize(), _('Look'))",
            "return Problem('c', ', '.join(name), _('Look'))",
            "return Problem('c', _('Gone') if name else 'Away', _('Look'))",
            "return Problem('c', _('Gone'), name or 'Look')",
            "why = _('Gone'); why = f'{name}'; return Problem('c', why, _('Look'))",
            "why = _('Gone'); why += ' away'; return Problem('c', why, _('Look'))",
            "return Problem('c', '{name} is gone'.format(name=name), _('Look'))",
            "return overtaken(f'{name} was cancelled')",
            "return Overtake(name, 'It is looked at again')",
            "return Say('Undone', f'{name} is gone')",
            "return Adopt('invoice', 1, said=f'Linked to {name}')",
            "log.write('c', 'co', who, 'Refused', f'{name} is refused')",
            "limits.pause('c', f'{name} paused it')",
            "frappe.throw('Not that')",
            "frappe.msgprint(f'{name} is gone')",
            "raise frappe.ValidationError(str(name))",
        )
    ),
    *(
        (text_rules.events_are_choices, "engine/record.py", f"from . import log\ndef f(name, who):\n    {planted}\n")
        for planted in (
            "log.write('c', 'co', who, 'Sent', name)",
            "record_element.write_history('c', 'm', who, 'Sent', name, {})",
            "return Say('Sent', name)",
        )
    ),
    *(
        (text_rules.templates_are_found, "accounting/mapping.py", f"{TEXTS}def f(name):\n    return {planted}\n")
        for planted in (
            "_(name)",
            "_(f'{name} is gone')",
            "_('{name} is gone', name=name)",
            "_('{name} is ' 'gone').format(name=name)",
            "_(\n        '{name} is '\n        'gone'\n    ).format(name=name)",
            "_('It\\'s gone')",
            "_('Gone: ')",
            "_('without < and >')",
            "_('{name} is gone').format(who=name)",
            "_('{name} is gone').format(name)",
            "_('{name} is gone').format(name=name, who=name)",
        )
    ),
    (text_rules.templates_are_found, "connection/xero_lists.py", "from frappe import _\ndef f(name):\n    return _(f'{name} is gone')\n"),
    (text_rules.templates_are_found, "connection/xero_lists.py", "from frappe import _\nx = _('one ' 'two')\n"),
    (code_rules.sizes, "engine/seal.py", "x = 1\n" * 351),
    (code_rules.sizes, "engine/protocol.py", "x = 1\n" * 200),
    (code_rules.sizes, "hooks.py", "x = 1\n" * 150),
    (hook_rules.paths_resolve, "hooks.py", 'after_install = "picortex_xero.setup.nowhere.after_install"\n'),
    (hook_rules.paths_resolve, "hooks.py", 'x = {"a": ["picortex_xero.hooks.no_such_function"]}\n'),
    (hook_rules.patches_run, "patches.txt", "[post_model_sync]\npicortex_xero.patches.v0_2.nowhere\n"),
    (hook_rules.patches_run, "patches/v0_2/unlisted.py", "def execute():\n    pass\n"),
    (hook_rules.points_where_hooks_may, "hooks.py", 'x = "picortex_xero.engine.outbox.add"\n'),
    (hook_rules.points_where_hooks_may, "hooks.py", 'x = "picortex_xero.accounting.money.decimal"\n'),
    (hook_rules.files_exist, "hooks.py", 'doctype_js = {"A": "public/js/missing.js"}\n'),
    (hook_rules.no_code, "hooks.py", "import os\n"),
]


@pytest.mark.parametrize(("rule", "place", "source"), PLANTED, ids=[f"{rule.__name__}-{n}" for n, (rule, *_) in enumerate(PLANTED)])
def test_a_planted_violation_is_caught(rule: Rule, place: str, source: str, tmp_path: Path) -> None:
    app = tmp_path / "picortex_xero"
    (app / place).parent.mkdir(parents=True)
    (app / place).write_text(source)
    assert rule(app), f"{rule.__name__} does not see it"


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.__name__ for rule, *_ in PLANTED} == {rule.__name__ for rule in RULES}


def test_what_the_rules_allow_is_not_caught(tmp_path: Path) -> None:
    """A rule that catches everything would prove nothing."""
    app = tmp_path / "picortex_xero"
    further = "def _further(name, **rest):\n    '''Doc.'''\n    _may(name)\n    one('Y', name, 'read')\n\n"
    allowed = {
        "api/status.py": GUARD
        + further
        + "@frappe.whitelist()\n@asks(_further, name=name)\ndef act(name):\n    return status.retry(name)\n",
        "engine/capture.py": "import frappe\ndef f():\n    frappe.db.rollback(save_point='x')\n",
        "engine/seal.py": "import frappe\nfrappe.get_all('Xero Outbox Entry', filters={'state': 'Held'})\n",
        "engine/clock.py": "SECONDS = 0.5\n",
        "xero/records/payment.py": "OF = ('Invoices', 'CreditNotes')\n",
        "documents/invoice/lines.py": "def f(made):\n    return {'Payments': made}\n",
        "accounting/tax.py": "from decimal import Decimal\nLIMIT = Decimal('0.05')\n",
        "accounting/mapping.py": TEXTS
        + "def f(name, found, why):\n    what = _('{name} is gone').format(name=name) if name else why\n"
        + "    return Problem('c', what, joined('; ', found)), Problem('d', why.message, _('Look') if name else why)\n",
    }
    for place, source in allowed.items():
        (app / place).parent.mkdir(parents=True, exist_ok=True)
        (app / place).write_text(source)
    assert not [each for rule in RULES if rule.__module__ in (code_rules.__name__, text_rules.__name__) for each in rule(app)]


def test_the_rules_read_the_whole_app() -> None:
    assert len(modules()) > 50 and {"accounting", "documents", "engine", "xero", "overrides", "api", "setup", "picortex_xero"} <= {
        m.package for m in modules()
    }


def test_a_send_ends_before_anyone_else_may_begin() -> None:
    """The lease leaves more time than the client's total deadline: the fence of "never twice by us"."""

    def number(path: str, name: str) -> float:
        found = re.search(rf"^{name} = (?:timedelta\(seconds=)?([\d.]+)", (APP / path).read_text(), re.M)
        assert found, name
        return float(found[1])

    deadline, margin = number("xero/client.py", "TOTAL_DEADLINE"), number("engine/leases.py", "SEND_MARGIN")
    assert deadline < margin < number("engine/leases.py", "LENGTH")
    assert number("xero/oauth.py", "TOTAL_DEADLINE") <= deadline


def test_no_requirement_names_what_is_not_on_the_package_index() -> None:
    """`frappe` and `erpnext` there are a stranger's placeholders."""
    for path in (ROOT / "setup.py", *(ROOT / "requirements").glob("*.txt")):
        asked = re.findall(r"^\s*[\"']?(frappe|erpnext)\b(?!/)", path.read_text(), re.M)
        assert not asked, path.name
