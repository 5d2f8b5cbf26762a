"""Where the jobs were until release 0.2: queued jobs and Scheduled Job Types of before name these paths. Deleted with release 0.3."""

from __future__ import annotations

from ..engine.jobs import dispatch, find_missed, sweep

__all__ = ["dispatch", "find_missed", "sweep"]
