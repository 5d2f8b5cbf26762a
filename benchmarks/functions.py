"""Which of the app's functions ran, and how often: by Python's own profiling hook, so that nothing of the app needs to be named or changed."""

from __future__ import annotations

import fnmatch
import importlib
import inspect
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


class Ran:
    """The functions of the app in `app` that ran, with the number of their calls."""

    def __init__(self, app: Path) -> None:
        self.app = app
        self.calls: Counter[CodeType] = Counter()

    def files(self) -> list[str]:
        """Source files, relative to the app, in which a function ran. Modules and class bodies run at import and are none."""
        return sorted({self._place(code) for code in self.calls})

    def named(self, pattern: str) -> int:
        """Calls of "picortex_xero.module.function"; * stands for anything. LookupError where no such function ran."""
        found = {code: number for code, number in self.calls.items() if fnmatch.fnmatchcase(self.name(code), pattern)}
        if not found:
            raise LookupError(f"no function {pattern} ran: say with --look and --plan what they are called in this version")
        return sum(found.values())

    def name(self, code: CodeType) -> str:
        """Dotted: module and function, the class included from Python 3.11 on."""
        module = self._place(code).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return f"{self.app.name}.{module}.{getattr(code, 'co_qualname', code.co_name)}"

    def _place(self, code: CodeType) -> str:
        return Path(code.co_filename).relative_to(self.app).as_posix()


@contextmanager
def watching(found: Ran) -> Iterator[None]:
    """Note every function of the app that is called meanwhile, threads included."""
    folder, calls = f"{found.app}/", found.calls

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(folder) and code.co_flags & inspect.CO_OPTIMIZED:
            calls[code] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield
    finally:
        threading.setprofile(None)
        sys.setprofile(before)


def import_everything(app: Path) -> None:
    """Import every module of the app, its bench suite aside, so that no import runs while functions are watched."""
    for path in sorted(app.rglob("*.py")):
        parts = list(path.relative_to(app).with_suffix("").parts)
        if parts[0] != "tests":
            importlib.import_module(".".join([app.name, *parts]).removesuffix(".__init__"))
