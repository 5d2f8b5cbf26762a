"""A small, strict stand-in for a Frappe 15 site. See README.md here for what it claims and what it does not.

`activate` is the only way its `frappe` gets on the import path.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SITE_PACKAGES = Path(__file__).parent / "site_packages"


def activate(sites_path: Path | str | None = None) -> None:
    """Make `import frappe` mean the stand-in, and `sites_path` the folder of its sites.

    Raises RuntimeError where another `frappe` is loaded already: on a bench the stand-in must never win.
    """
    loaded = sys.modules.get("frappe")
    if loaded is not None and not str(loaded.__file__).startswith(str(SITE_PACKAGES)):
        raise RuntimeError(f"another frappe is loaded from {loaded.__file__}; the stand-in will not shadow it")
    if str(SITE_PACKAGES) not in sys.path:
        sys.path.insert(0, str(SITE_PACKAGES))
    if sites_path is not None:
        os.environ["SANDBOX_SITES_PATH"] = str(Path(sites_path).resolve())
