"""Which workers there are."""

from __future__ import annotations

import redis
from rq import Worker

from frappe._context import local


def get_workers() -> list[Worker]:
    """Every worker that is registered with the queue server."""
    return list(Worker.all(connection=redis.Redis.from_url(local.conf.redis_queue)))
