"""Whether the site's scheduler is switched on, by its configuration alone (System Settings have no such field here)."""

from __future__ import annotations

from frappe._context import local


def is_scheduler_inactive(verbose: bool = True) -> bool:
    """Whether the site is in maintenance, or its scheduler is paused or disabled. Says nothing here, `verbose` or not."""
    del verbose
    return any(bool(local.conf.get(name)) for name in ("maintenance_mode", "pause_scheduler", "disable_scheduler"))
