"""`frappe.enqueue` on real RQ, and what a worker does with a job. Semantics: Frappe 15's background_jobs, observed.

`enqueue` talks to Redis at the moment of the call and raises ConnectionError when it is down, after Frappe's own
retries (five attempts, one second apart). The keywords of Frappe's enqueue that the manifest does not list are refused:
they would otherwise be passed on to the method as arguments.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import redis
from rq import Queue
from rq.job import Job

from frappe._cache import client as shared_client
from frappe._context import local, set_user
from frappe._error_log import log_error
from frappe._hooks import get_attr
from frappe._manifest import manifest
from frappe._messages import get_traceback
from frappe._sites import connect, destroy

QUEUE_TIMEOUTS = {"short": 300, "default": 300, "long": 1500}
CONNECTION_ATTEMPTS = 5
SECONDS_BETWEEN_ATTEMPTS = 1.0
RESULT_TTL_SECONDS = 600
FAILURE_TTL_SECONDS = 7 * 24 * 3600


def queue_name(queue: str) -> str:
    """Name in Redis of one of Frappe's queues. Raises KeyError for a queue Frappe does not have."""
    QUEUE_TIMEOUTS[queue]
    return f"sandbox:{queue}"


def queue_connection(url: str) -> redis.Redis:
    """A connected client, or ConnectionError after the retries."""
    client = shared_client(url)
    for attempt in range(CONNECTION_ATTEMPTS):
        try:
            client.ping()
            return client
        except redis.exceptions.ConnectionError:
            if attempt + 1 == CONNECTION_ATTEMPTS:
                raise
            time.sleep(SECONDS_BETWEEN_ATTEMPTS)
    raise AssertionError("unreachable")


def enqueue(method: str | Callable[..., Any], queue: str = "default", timeout: int | None = None, **kwargs: Any) -> Job:
    """Push a job that calls `method(**kwargs)` as the current user. `timeout` in seconds."""
    if refused := set(manifest()["refused_keywords"]["frappe.enqueue"]) & kwargs.keys():
        raise TypeError(f"frappe.enqueue: keyword {sorted(refused)} is not in sandbox/host/manifest.json")
    name = method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"
    return push(name, queue=queue, timeout=timeout, kwargs=kwargs)


def push(
    method: str,
    queue: str = "default",
    timeout: int | None = None,
    kwargs: dict[str, Any] | None = None,
    job_id: str | None = None,
) -> Job:
    """The sandbox's own entry, with a job id (the scheduler needs one)."""
    rq_queue = Queue(queue_name(queue), connection=queue_connection(local.conf.redis_queue))
    return rq_queue.enqueue_call(
        execute_job,
        kwargs={"site": local.site, "method": method, "kwargs": kwargs or {}, "user": local.session.user},
        timeout=timeout or QUEUE_TIMEOUTS[queue],
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
        job_id=job_id,
    )


def execute_job(site: str, method: str, kwargs: dict[str, Any], user: str) -> Any:
    """In the worker: connect, become the user, call, commit; on an exception roll back, log it, raise."""
    connect(site)
    set_user(user)
    try:
        returned = get_attr(method)(**kwargs)
        local.db.commit()
        return returned
    except Exception:
        local.db.rollback()
        log_error(title=method)
        local.db.commit()
        print(get_traceback(), flush=True)
        raise
    finally:
        destroy()
