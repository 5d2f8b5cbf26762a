"""The contracts of `.importlinter` hold, and each sees what is planted against it.

All violations are planted together in one copy of the code, and the linter runs once over it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PACKAGES = ("picortex_xero", "sandbox", "recorder", "tests")
APP = "picortex_xero/"
# contract, file that the lines are added to (made where it is missing), lines, and what the linter has to say of them.
PLANTED: list[tuple[str, str, str, str]] = [
    ("house", APP + "accounting/tax.py", "from ..engine import outbox", "picortex_xero.accounting.tax -> picortex_xero.engine.outbox"),
    ("house", APP + "xero/oauth.py", "from ..documents import identity", "picortex_xero.xero.oauth -> picortex_xero.documents.identity"),
    ("house", APP + "engine/seal.py", "def f():\n    from ..api import status", "picortex_xero.engine.seal -> picortex_xero.api.status"),
    ("house", APP + "documents/identity.py", "from .. import compat", "picortex_xero.documents.identity -> picortex_xero.compat"),
    (
        "house",
        APP + "suggestions/banks.py",
        "from ..documents import registry",
        "picortex_xero.suggestions.banks -> picortex_xero.documents.registry",
    ),
    ("house", APP + "suggestions/words.py", "from ..engine import links", "picortex_xero.suggestions.words -> picortex_xero.engine.links"),
    (
        "house",
        APP + "banking/gates.py",
        "from ..documents import registry",
        "picortex_xero.banking.gates -> picortex_xero.documents.registry",
    ),
    ("house", APP + "banking/names.py", "from ..engine import links", "picortex_xero.banking.names -> picortex_xero.engine.links"),
    (
        "house",
        APP + "questions/organisation.py",
        "from ..documents import registry",
        "picortex_xero.questions.organisation -> picortex_xero.documents.registry",
    ),
    (
        "house",
        APP + "questions/of_money.py",
        "from ..engine import links",
        "picortex_xero.questions.of_money -> picortex_xero.engine.links",
    ),
    ("pure", APP + "suggestions/accounts.py", "import frappe", "picortex_xero.suggestions.accounts -> frappe"),
    ("pure", APP + "suggestions/tracking.py", "def f():\n    from time import time", "picortex_xero.suggestions.tracking -> time"),
    ("pure", APP + "banking/reading.py", "import frappe", "picortex_xero.banking.reading -> frappe"),
    ("pure", APP + "banking/sums.py", "def f():\n    from random import random", "picortex_xero.banking.sums -> random"),
    ("pure", APP + "reports/months.py", "import frappe", "picortex_xero.reports.months -> frappe"),
    ("house", APP + "reports/asked.py", "from ..engine import links", "picortex_xero.reports.asked -> picortex_xero.engine.links"),
    ("pure", APP + "ready/estimate.py", "import frappe", "picortex_xero.ready.estimate -> frappe"),
    ("house", APP + "ready/alike.py", "from ..engine import links", "picortex_xero.ready.alike -> picortex_xero.engine.links"),
    (
        "ready",
        APP + "ready/reasons.py",
        "from ..xero.records import registry",
        "picortex_xero.ready.reasons -> picortex_xero.xero.records.registry",
    ),
    (
        "reports",
        APP + "reports/reading.py",
        "from ..xero.records import registry",
        "picortex_xero.reports.reading -> picortex_xero.xero.records.registry",
    ),
    (
        "monthly_pack",
        APP + "monthly_pack/whom.py",
        "from ..engine import send",
        "picortex_xero.monthly_pack.whom -> picortex_xero.engine.send",
    ),
    (
        "reporting",
        APP + "reporting/snapshots.py",
        "from ..engine import send",
        "picortex_xero.reporting.snapshots -> picortex_xero.engine.send",
    ),
    (
        "banking",
        APP + "banking/numbers.py",
        "from ..xero.records import registry",
        "picortex_xero.banking.numbers -> picortex_xero.xero.records.registry",
    ),
    (
        "cash-flow",
        APP + "cash_flow/banks.py",
        "from ..xero.records import registry",
        "picortex_xero.cash_flow.banks -> picortex_xero.xero.records.registry",
    ),
    (
        "statement-import",
        APP + "statement_import/facts.py",
        "from ..xero.records import registry",
        "picortex_xero.statement_import.facts -> picortex_xero.xero.records.registry",
    ),
    (
        "suggestions",
        APP + "suggestions/allowed.py",
        "from ..xero.records import registry",
        "picortex_xero.suggestions.allowed -> picortex_xero.xero.records.registry",
    ),
    ("pure", APP + "statements/identity.py", "import frappe", "picortex_xero.statements.identity -> frappe"),
    (
        "reconciling",
        APP + "reconciling/making.py",
        "from ..engine import outbox",
        "picortex_xero.reconciling.making -> picortex_xero.engine.outbox",
    ),
    (
        "statements",
        APP + "statements/columns.py",
        "from ..xero.records import registry",
        "picortex_xero.statements.columns -> picortex_xero.xero.records.registry",
    ),
    ("pure", APP + "accounting/money.py", "def f():\n    from frappe.utils import flt", "picortex_xero.accounting.money -> frappe.utils"),
    ("pure", APP + "accounting/rounding.py", "import erpnext.accounts as a", "picortex_xero.accounting.rounding -> erpnext"),
    ("pure", APP + "documents/invoice/lines.py", "import os.path", "picortex_xero.documents.invoice.lines -> os"),
    ("pure", APP + "xero/records/registry.py", "from time import monotonic", "picortex_xero.xero.records.registry -> time"),
    ("pure", APP + "xero/answers.py", "import random", "picortex_xero.xero.answers -> random"),
    ("pure", APP + "extras/note_texts.py", "from httpx import get", "picortex_xero.extras.note_texts -> httpx"),
    ("pure", APP + "documents/party/contact.py", "from ...connection import planted", "picortex_xero.connection.planted -> redis"),
    (
        "facts",
        APP + "documents/party/contact.py",
        "from ..invoice import facts",
        "documents.party.contact -> picortex_xero.documents.invoice.facts",
    ),
    ("facts", APP + "documents/invoice/lines.py", "from .. import facts", "documents.invoice.lines -> picortex_xero.documents.facts"),
    ("xero", APP + "xero/client.py", "import frappe", "picortex_xero.xero.client -> frappe"),
    ("http", APP + "api/connect.py", "import requests", "picortex_xero.api.connect -> requests"),
    ("submit", APP + "engine/capture.py", "def f():\n    import rq", "picortex_xero.engine.capture -> rq"),
    (
        "documents",
        APP + "documents/identity.py",
        "from ..xero.client import encode",
        "picortex_xero.documents.identity -> picortex_xero.xero.client",
    ),
    (
        "overrides",
        APP + "overrides/masters.py",
        "from ..documents import identity",
        "picortex_xero.overrides.masters -> picortex_xero.documents.identity",
    ),
    ("pure", APP + "inbound/judge.py", "import frappe", "picortex_xero.inbound.judge -> frappe"),
    (
        "inbound",
        APP + "inbound/reader.py",
        "from ..connection import settings",
        "picortex_xero.inbound.reader -> picortex_xero.connection.settings",
    ),
    (
        "mapping-screen",
        APP + "mapping_screen/usage.py",
        "from ..engine import outbox",
        "picortex_xero.mapping_screen.usage -> picortex_xero.engine.outbox",
    ),
    (
        "configuration",
        APP + "configuration/mapped.py",
        "from ..xero import client",
        "picortex_xero.configuration.mapped -> picortex_xero.xero.client",
    ),
    ("api", APP + "api/status.py", "def f():\n    from ..xero import client", "picortex_xero.api.status -> picortex_xero.xero.client"),
    (
        "controllers",
        APP + "picortex_xero/doctype/xero_link/xero_link.py",
        "from picortex_xero.accounting import money",
        "picortex_xero.picortex_xero.doctype.xero_link.xero_link -> picortex_xero.accounting.money",
    ),
    (
        "patches",
        APP + "patches/v0_2/note_rooms.py",
        "from ...connection import xero_lists",
        "v0_2.note_rooms -> picortex_xero.connection.xero_lists",
    ),
    ("setup", APP + "setup/install.py", "from ..engine import outbox", "picortex_xero.setup.install -> picortex_xero.engine.outbox"),
    ("compat", APP + "compat.py", "from .accounting import money", "picortex_xero.compat -> picortex_xero.accounting.money"),
    ("app", APP + "engine/wake.py", "from sandbox.host import skew", "picortex_xero.engine.wake -> sandbox.host.skew"),
    (
        "simulator",
        "sandbox/xero/wire.py",
        "from picortex_xero.accounting import money",
        "sandbox.xero.wire -> picortex_xero.accounting.money",
    ),
    ("simulator", "sandbox/xero/lines.py", "from sandbox.host import tables", "sandbox.xero.lines -> sandbox.host.tables"),
    ("sandbox", "sandbox/replay/run.py", "from recorder import packing", "sandbox.replay.run -> recorder.packing"),
    ("recorder", "tests/e2e/test_month.py", "from recorder import corpus", "tests.e2e.test_month -> recorder.corpus"),
    ("recorder-alone", "recorder/packing.py", "from sandbox import rig", "recorder.packing -> sandbox.rig"),
    (
        "circles",
        APP + "connection/planted.py",
        "import redis\n\ndef f():\n    from . import planted_too",
        "picortex_xero.connection.planted -> picortex_xero.connection.planted_too -> picortex_xero.connection.planted",
    ),
    ("circles-outside", "sandbox/host/tables.py", "def f():\n    from sandbox.host import books", "No cycles are allowed in sandbox.host"),
    (
        "circles-outside",
        "sandbox/host/site_packages/frappe/_context.py",
        "def f():\n    from frappe import _sites",
        "No cycles are allowed in frappe",
    ),
]
# What the plants need beside them.
BESIDE = {APP + "connection/planted_too.py": "from . import planted\n"}


def lint(root: Path) -> tuple[int, str]:
    """The linter's exit status and what it printed, lines of any length unbroken."""
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"
    known = {**os.environ, "PYTHONPATH": str(root / "sandbox" / "host" / "site_packages"), "COLUMNS": "1000"}
    done = subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=root, env=known, capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of the planted copy, by the contract's name."""
    root = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / ".importlinter", root)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("*.gz", "*.json", "__pycache__"))
    for _contract, place, lines, _said in PLANTED:
        with (root / place).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{lines}\n")
    for place, source in BESIDE.items():
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text(source)
    status, printed = lint(root)
    assert status == 1, printed
    return _by_contract(printed)


def names() -> dict[str, str]:
    """The contracts' names by their keys."""
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {section.removeprefix(prefix): config[section]["name"] for section in config.sections() if section.startswith(prefix)}


def _by_contract(printed: str) -> dict[str, str]:
    _, _, broken = printed.partition("Broken contracts")
    parts = re.split(r"^(.+)\n-{5,}$", broken, flags=re.M)
    return {name.strip(): said for name, said in zip(parts[1::2], parts[2::2])}


def test_the_contracts_hold() -> None:
    status, printed = lint(ROOT)
    assert status == 0, printed


@pytest.mark.parametrize(("contract", "place", "lines", "said"), PLANTED, ids=[f"{each[0]}-{n}" for n, each in enumerate(PLANTED)])
def test_a_planted_violation_is_caught(told: dict[str, str], contract: str, place: str, lines: str, said: str) -> None:
    assert said in told[names()[contract]], f"{place}: {lines}"


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, *_ in PLANTED} == set(names())


def test_a_new_folder_needs_its_storey(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    root.mkdir()
    shutil.copy(ROOT / ".importlinter", root)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("*.gz", "*.json", "__pycache__"))
    (root / APP / "newcomer").mkdir()
    (root / APP / "newcomer" / "__init__.py").write_text("")
    status, printed = lint(root)
    assert status != 0 and "newcomer" in printed, printed
