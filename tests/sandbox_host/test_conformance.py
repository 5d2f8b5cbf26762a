"""The host conformance suite on the stand-in, and its agreement with the last run on a real bench."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.host import conformance

ROOT = Path(__file__).parents[2]


def test_the_suite_passes_here_and_ends_as_on_the_bench(tmp_path):
    record = tmp_path / "here.json"
    script = (
        "import sys; from pathlib import Path; from sandbox.host.conformance import run_on_stand_in\n"
        f"sys.exit(not run_on_stand_in(Path({str(record)!r})).wasSuccessful())"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    here = json.loads(record.read_text())
    assert len(here) > 60
    assert set(here.values()) == {"passed"}
    bench = conformance.bench_record()
    if bench is None:
        pytest.skip("no bench run is on record")
    assert conformance.differences(here, bench["tests"]) == []
    if why := conformance.stale(here, bench):
        pytest.skip(f"the bench record of {bench['date']} is stale: {'; '.join(why)}: run the suite on a bench again")


def test_a_difference_is_reported():
    bench = {"manifest_sha256": "another", "tests": {"a": "failed", "b": "passed"}}
    here = {"a": "passed", "b": "passed", "c": "passed"}
    assert conformance.differences(here, bench["tests"]) == ["a: stand-in passed, bench failed"]
    assert conformance.stale(here, bench) == ["the manifest changed since", "1 tests have not run on a bench: c"]


def test_a_part_of_a_test_that_fails_is_on_record():
    script = (
        "import json, unittest; from sandbox.host import activate; activate()\n"
        "from picortex_xero.tests import conformance\n"
        "class Parts(unittest.TestCase):\n"
        "    def test(self):\n"
        "        for number in (1, 2):\n"
        "            with self.subTest(number=number):\n"
        "                self.assertEqual(number, 2, 'planted')\n"
        "Parts.test = conformance._recorded('Parts.test', Parts.test)\n"
        "unittest.TextTestRunner().run(Parts('test'))\n"
        "print(json.dumps(conformance.DETAILS))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    noted = json.loads(ran.stdout)["Parts.test"]
    assert noted["outcome"] == "failed" and "number=1" in noted["reason"] and "planted" in noted["reason"]
