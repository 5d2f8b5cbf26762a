"""For all tests: pytest explains assertions in `tests/scene` as fully as those in test modules, and begins with the files that take longest."""

import functools
import gc
import os
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

pytest.register_assert_rewrite("tests.scene")

# Every call of a test that is made on its own would read the trusted certificates again, 20 to 40 ms each time, and all of them are plain HTTP.
ssl.create_default_context = functools.cache(ssl.create_default_context)

# Begun last, one of these would keep one process busy for a minute or more while the others have nothing left.
LONGEST = (
    "tests/upgrade/test_goes_on.py",
    "tests/e2e/test_restored_kinds.py",
    "tests/e2e/test_replay.py",
    "tests/e2e/test_odd_fates.py",
    "tests/e2e/test_causes.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rest stays in the order it is collected in; `--no-loadscope-reorder` keeps that between processes."""
    items.sort(key=lambda item: next((at for at, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST)))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


OURS = tuple(str(Path(__file__).parents[1] / folder) + os.sep for folder in ("tests", "benchmarks"))


def _replaced() -> list[str]:
    """Names of functions of the app and of the host stand-in that tests or measurements have put in the place of others."""
    return [
        f"{name}.{attribute}"
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("picortex_xero", "frappe") and isinstance(module, ModuleType)
        for attribute, value in list(vars(module).items())
        if isinstance(value, FunctionType) and value.__code__.co_filename.startswith(OURS)
    ]


@pytest.fixture(scope="module", autouse=True)
def nothing_stays_replaced() -> Iterator[None]:
    """What a test file replaces in the app or the host is put back by its end: the next file of the same process would fail for it."""
    yield
    left = _replaced()
    assert not left, f"replaced and not put back: {left}"
