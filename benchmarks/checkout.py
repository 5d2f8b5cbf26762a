"""Which checkout's app is measured. The sandbox and these tools are always this checkout's."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APP = "picortex_xero"


def add_argument(parser: argparse.ArgumentParser) -> None:
    """`--app PATH`: the root of another checkout."""
    parser.add_argument("--app", type=Path, default=ROOT, help="the checkout whose app is measured (default: this one)")


def use(checkout: Path) -> Path:
    """Make `import picortex_xero` mean that checkout's app in this process; returns the app's folder.

    RuntimeError where the app of another checkout was imported before.
    """
    folder = checkout.resolve() / APP
    if not (folder / "hooks.py").is_file():
        raise RuntimeError(f"there is no app at {folder}")
    sys.path.insert(0, str(checkout.resolve()))
    loaded = Path(importlib.import_module(APP).__file__ or "").resolve().parent
    if loaded != folder.resolve():
        # Processes that are started from here would import the other one.
        sys.path.remove(str(checkout.resolve()))
        raise RuntimeError(f"the app of {loaded} is loaded already: measure {folder} in a process of its own")
    return folder


def commit(checkout: Path) -> str:
    """The checkout's commit, "+ changes" where its files differ from it; "no git" outside of one."""
    try:
        short = _git(checkout, "rev-parse", "--short", "HEAD")
        return short + (" + changes" if _git(checkout, "status", "--porcelain", "--", APP) else "")
    except (OSError, subprocess.CalledProcessError):
        return "no git"


def _git(checkout: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(checkout), *words], check=True, capture_output=True, text=True).stdout.strip()
