"""The figures come out on a tiny size, and each way of counting counts what it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import checkout, figures, imports, places
from benchmarks.functions import Ran, watching
from benchmarks.imports import Shape
from benchmarks.places import Kind
from benchmarks.statements import Statements, counting
from sandbox.rig import Rig, standing

APP = checkout.ROOT / checkout.APP


def written(tmp_path: Path, **sources: str) -> Path:
    """An app of these modules: a__b is the file a/b.py."""
    for name, text in sources.items():
        path = tmp_path / "app" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "app"


# The whole


def test_every_figure_comes_out() -> None:
    seen = figures.measure(APP, count=3)
    lines = figures.from_runs(seen, figures.LOOK, figures.PLAN) + figures.from_source(APP)
    shown = figures.table(lines, "now")
    assert shown.startswith("| figure | now |\n|---|---|\n| files of the app")
    assert all(value and value != "0" for _, value in lines)
    assert all("overrides/documents.py" in each.ran.files() for each in (seen.payment, seen.cancel))
    assert seen.steps == 3 and seen.round.sending.count["insert Xero Link"] == 3
    assert 'Who names a bank transfer\n- "Internal Transfer": ' in figures.details(seen, APP)
    with pytest.raises(LookupError, match="--look"):
        figures.from_runs(seen, ["picortex_xero.nowhere.ready"], figures.PLAN)


# Statements


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with standing(connected=False) as standing_rig:
        yield standing_rig


def sent(rig: Rig, app: Path, source: str) -> Statements:
    """What this source sends as a module of the app, `frappe` at hand."""
    found, path = Statements(), app / "asked.py"
    with rig.frappe() as frappe, counting(app, found):
        exec(compile(source, str(path), "exec"), {"frappe": frappe, **names(rig)})
    return found


def names(rig: Rig) -> dict[str, Any]:
    """Recorded documents to ask for."""
    masters = rig.company["masters"]
    return {"customer": masters["Customer"][0]["name"], "company": rig.company["name"]}


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("frappe.db.get_value('Customer', customer, 'creation')", {"select Customer": 1}),
        ("frappe.get_all('Customer')", {"select Customer": 1}),
        ("frappe.get_doc({'doctype': 'Customer'})", {}),
        ("frappe.get_cached_value('Company', company, 'default_currency')", {}),
        ("[frappe.db.get_single_value('Xero Settings', 'client_id') for _ in range(3)]", {"select Singles": 1}),
        ("frappe.db.bulk_insert('Error Log', ['name'], [['a'], ['b']])", {"insert Error Log": 1}),
    ],
)
def test_statements_are_counted_as_frappe_sends_them(rig: Rig, tmp_path: Path, source: str, count: dict[str, int]) -> None:
    assert dict(sent(rig, tmp_path, source).count) == count


def test_a_loaded_document_costs_itself_and_each_of_its_child_tables(rig: Rig, tmp_path: Path) -> None:
    found = sent(rig, tmp_path, "frappe.get_doc('Customer', customer)")
    assert found.total() == 1 + 5, "Customer has five child tables in ERPNext"
    with pytest.raises(LookupError, match="Company"):
        sent(rig, tmp_path, "frappe.get_doc('Company', company)")


def test_what_the_app_does_not_send_does_not_count(rig: Rig, tmp_path: Path) -> None:
    found = Statements()
    with rig.frappe() as frappe, counting(tmp_path, found):
        frappe.get_all("Customer")
        frappe.db.commit()
    assert not found.count and not found.control


def test_transaction_control_is_counted_apart(rig: Rig, tmp_path: Path) -> None:
    found = sent(rig, tmp_path, "frappe.db.savepoint('one'); frappe.db.rollback(save_point='one'); frappe.db.commit()")
    assert not found.count and dict(found.control) == {"savepoint": 1, "rollback": 1, "commit": 1}


# Functions


def test_functions_count_and_class_bodies_do_not(tmp_path: Path) -> None:
    path, names = tmp_path / "room" / "one.py", {}
    ran = Ran(tmp_path)
    source = "class A:\n    def go(self): return 1\ndef twice(): A().go(); A().go()"
    with watching(ran):
        exec(compile(source, str(path), "exec"), names)
    assert ran.files() == []
    with watching(ran):
        names["twice"]()  # type: ignore[operator]
    assert ran.files() == ["room/one.py"]
    assert ran.named(f"{tmp_path.name}.room.one.*go") == 2 and ran.named(f"{tmp_path.name}.room.one.twice") == 1


# Imports


def test_floors_arrows_and_circles(tmp_path: Path) -> None:
    app = written(
        tmp_path,
        low__a="import json\n",
        low__b="from . import a\nfrom .a import name, other\n",
        high__c="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..low import a\ndef f():\n    from ..low.b import x\n",
        high__d="from app.high import c, e\n",
        high__e="from .d import y\n",
        tests__t="from ..low import a\n",
    )
    graph = imports.graph(app)
    assert graph["high.c"] == {"low.b"} and graph["high.d"] == {"high.c", "high.e"} and "tests.t" not in graph
    assert imports.shape(graph) == Shape(modules=5, floors=4, arrows=5, circles=1)
    assert imports.shape(imports.within(graph, "low")) == Shape(2, 2, 1, 0)
    assert imports.packages(graph)["high"] == {"low"} and imports.packages(graph)["low"] == set()


# Places


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('KIND = "journal"', True),
        ('x = {"journal": 1}["other"]', True),
        ('path = f"journal/{x}"', True),
        ('role == "journal-2"', True),
        ('ROLES = "invoice journal credit".split()', True),
        ('message = "the journal of a day"', False),
        ('"""journal"""', False),
        ('def f(x: "journal") -> "journal":\n    """journal"""', False),
        ("# journal", False),
    ],
)
def test_who_says_a_name(tmp_path: Path, source: str, found: bool) -> None:
    kind = Kind("journal", ("journal",), ("journals",))
    app = written(tmp_path, other=source, journals=source, journals__room=source, tests__t=source)
    assert places.files(places.said(app, kind)) == ({"other.py"} if found else set())


def test_texts_are_found_with_their_lines() -> None:
    assert list(places.texts(ast.parse('a = 1\nb = ("x", "y z".split())'))) == [(2, "x", False), (2, "y z", True)]
