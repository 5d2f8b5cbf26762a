"""Places where a kill test stops the worker, set from outside; the app holds no code for it.

SANDBOX_BREAKPOINT=module:function:before|after[:nth] wraps that function (`Class.method` works too). When it is reached
the nth time, counted over all work-horses, the process writes SANDBOX_BREAKPOINT_FILE - two lines, its own pid and its
parent's (the worker's) - and sleeps until it is SIGKILLed; with SANDBOX_BREAKPOINT_FREEZE=1 it stops itself by SIGSTOP instead and goes on
where it was after a SIGCONT, as a suspended machine does. The function must be looked up through its module (or class)
when it is called: a copy made by `from module import function` is not wrapped.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def install_from_environment() -> None:
    """Wrap what SANDBOX_BREAKPOINT names; nothing without it. A name that does not exist raises."""
    setting = os.environ.get("SANDBOX_BREAKPOINT")
    if setting:
        module, function, moment, nth = (setting + ":1").split(":")[:4]
        install(module, function, moment, int(nth), Path(os.environ["SANDBOX_BREAKPOINT_FILE"]))


def install(module: str, function: str, moment: str, nth: int, signal_file: Path) -> None:
    """Wrap `module.function`; `moment` is before or after."""
    if moment not in ("before", "after"):
        raise ValueError(f"a breakpoint is before or after a function, not {moment!r}")
    owner: Any = importlib.import_module(module)
    *path, name = function.split(".")
    for part in path:
        owner = getattr(owner, part)
    original: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if moment == "before":
            _reached(nth, signal_file)
            return original(*args, **kwargs)
        returned = original(*args, **kwargs)
        _reached(nth, signal_file)
        return returned

    setattr(owner, name, wrapped)


def _reached(nth: int, signal_file: Path) -> None:
    counter = signal_file.with_suffix(signal_file.suffix + ".count")
    with counter.open("ab") as stream:  # one byte per arrival: every work-horse is a new process
        stream.write(b".")
    if counter.stat().st_size != nth:
        return
    written = signal_file.with_suffix(signal_file.suffix + ".part")
    written.write_text(f"{os.getpid()}\n{os.getppid()}\n")
    written.rename(signal_file)  # whoever waits for the file never sees half of it
    if os.environ.get("SANDBOX_BREAKPOINT_FREEZE"):
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    while True:
        time.sleep(3600)
