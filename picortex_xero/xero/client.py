"""One organisation's API: send exact bytes, get back a `core.outcomes.Answer`, within one total deadline.

Nothing raises for what the network or Xero does; "unsent" (no connection came about) and "lost" (sent, no whole answer) are
answers too, since what they mean is decided in core. Timeouts sit on the client, never on a call.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import httpx
import simplejson

from . import reading
from .answers import Answer
from .hidden import Hidden

TOTAL_DEADLINE = 45.0
PHASES = httpx.Timeout(connect=8.0, read=40.0, write=20.0, pool=5.0)
IN_FLIGHT = 4
USER_AGENT = "PiCortex/1"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Request:
    """One request: `path` (with query) below the API root, `body` the exact bytes, `key` the Idempotency-Key of a write; a file's
    `content_type` is its own. `fence` is a clock, and the last moment by it at which the request may leave."""

    method: str
    path: str
    body: bytes = b""
    key: str = ""
    modified_since: str = ""
    content_type: str = "application/json"
    fence: tuple[Callable[[], Any], Any] | None = None

    def late(self) -> bool:
        """Whether it may not leave any more."""
        return self.fence is not None and self.fence[0]() > self.fence[1]


@dataclass(frozen=True)
class Organisation:
    """Where and as whom to call. Custom connections leave `tenant_id` empty: their token names the organisation."""

    api_url: str
    tenant_id: str
    token: str


@lru_cache
def certificates() -> ssl.SSLContext:
    """The trusted certificates, read once per process: reading them costs 40 ms, more than most rounds of calls."""
    return httpx.create_ssl_context()


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run one coroutine of this package to its end from ordinary (host) code. What is raised comes without the frames beneath: they
    hold headers and bodies in clear, and whoever logs the exception would print every frame's variables."""
    try:
        return asyncio.run(work)
    except BaseException as error:
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None) from None


def send(organisation: Organisation, requests: Iterable[Request]) -> list[Answer]:
    """Send all requests, at most four in flight (Xero allows five; one stays free for people); answers in the same order."""
    return run(_send_all(organisation, list(requests)))


async def _send_all(organisation: Organisation, requests: list[Request]) -> list[Answer]:
    gate = asyncio.Semaphore(IN_FLIGHT)
    headers = {"Authorization": Hidden(f"Bearer {organisation.token}"), "Accept": "application/json", "User-Agent": USER_AGENT}
    headers["Accept-Encoding"] = reading.ACCEPTED
    if organisation.tenant_id:
        headers["Xero-Tenant-Id"] = organisation.tenant_id
    async with httpx.AsyncClient(
        base_url=organisation.api_url, headers=headers, timeout=PHASES, verify=certificates(), event_hooks=reading.at_most(reading.DATA)
    ) as client:

        async def one(request: Request) -> Answer:
            async with gate:
                return await _exchange(client, request)

        return list(await asyncio.gather(*(one(request) for request in requests)))


async def _exchange(client: httpx.AsyncClient, request: Request) -> Answer:
    headers = {}
    if request.key:
        headers["Idempotency-Key"] = request.key
    if request.body:
        # The length is said, since the body is handed over piece by piece; a body that breaks off is then no request to Xero.
        headers |= {"Content-Type": request.content_type, "Content-Length": str(len(request.body))}
    if request.modified_since:
        headers["If-Modified-Since"] = request.modified_since
    call = client.request(
        request.method, request.path, content=_handed_over(request) if request.body else None, headers=headers,
        extensions={"trace": _fence(request)},
    )  # fmt: skip
    return await answered(call)


def _fence(request: Request) -> Callable[[str, Any], Coroutine[Any, Any, None]]:
    """Look at the clock where the first byte is about to leave: a process that was stopped meanwhile (a suspended machine) must not send
    when it wakes up, since others have decided by then that it never did."""

    async def trace(event: str, _: Any) -> None:
        if event.endswith(".send_request_headers.started"):
            stop_if_late(request)

    return trace


async def _handed_over(request: Request) -> AsyncIterator[bytes]:
    """The body, after one more look at the clock: without it the headers are nothing to Xero. This is the last look. What can still happen
    between it and the operating system's send is found by `sync.doubles`."""
    stop_if_late(request)
    yield request.body


def stop_if_late(request: Request) -> None:
    """Raises httpx.ConnectTimeout, as for a connection that never came about, where the request may not leave any more."""
    if request.late():
        raise httpx.ConnectTimeout("stopped for too long before sending")


async def answered(call: Awaitable[httpx.Response]) -> Answer:
    """Await one HTTP call within the total deadline and turn whatever happens into an Answer."""
    try:
        response = await asyncio.wait_for(call, TOTAL_DEADLINE)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return Answer(0, failure="unsent", text=f"No connection to Xero: {error}")
    except reading.TooLarge as error:
        # Xero has taken the request: what it did with it, its own lists say.
        return Answer(0, failure="lost", text=f"No usable answer from Xero: {error}")
    except (httpx.RequestError, asyncio.TimeoutError) as error:
        return Answer(0, failure="lost", text=f"No whole answer from Xero: {type(error).__name__}")
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        data = reading.parsed(response.content) if response.content else {}
    except reading.Unreadable:
        return Answer(response.status_code, headers, None, response.content[:8000].decode("utf-8", "replace")[:2000])
    return Answer(response.status_code, headers, data)


def encode(body: Any) -> bytes:
    """The exact bytes of a request body: Decimals as plain JSON numbers, no binary rounding on the way."""
    return simplejson.dumps(body, use_decimal=True, separators=(",", ":"), ensure_ascii=False).encode()
