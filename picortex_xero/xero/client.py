"""Calls to one organisation's API: sends exact bytes and returns an `Answer` (xero/answers), within one deadline for the whole call.

Nothing is raised for failures of the network or of Xero. "unsent" (no connection was made) and "lost" (sent, no whole answer) are answers
too; xero/answers decides what they mean. Timeouts belong to the client, never to a call.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import httpx
import simplejson

from . import safe_json
from .answers import Answer, said_at
from .secret_text import SecretText

TOTAL_DEADLINE = 45.0
PHASES = httpx.Timeout(connect=8.0, read=40.0, write=20.0, pool=5.0)
IN_FLIGHT = 4
READING = ("GET", "HEAD")
USER_AGENT = "PiCortex/1"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Request:
    """One request: `path` (with query) below the API root, `body` the exact bytes, `key` the Idempotency-Key of a write; a file has its own
    `content_type`. `fence` is a clock and the last moment by it at which the request may leave."""

    method: str
    path: str
    body: bytes = b""
    key: str = ""
    modified_since: str = ""
    content_type: str = "application/json"
    fence: tuple[Callable[[], Any], Any] | None = None

    def late(self) -> bool:
        """Whether it may no longer leave."""
        return self.fence is not None and self.fence[0]() > self.fence[1]


@dataclass(frozen=True)
class Organisation:
    """The organisation and the token of a call. Custom connections leave `tenant_id` empty: their token names the organisation."""

    api_url: str
    tenant_id: str
    token: str
    # Its connection only watches: whatever would change something there is refused before it leaves.
    reads_only: bool = False


class WritesRefused(RuntimeError):
    """A request that would change something in Xero was to be sent to an organisation that is only watched; none of the requests was sent."""


@lru_cache
def certificates() -> ssl.SSLContext:
    """The trusted certificates, read once per process: reading them takes 40 ms, longer than most rounds of calls. TLS 1.2 at least, also with a Python that leaves the
    oldest version to the system, as Debian's does."""
    trusted = httpx.create_ssl_context()
    trusted.minimum_version = max(trusted.minimum_version, ssl.TLSVersion.TLSv1_2)
    return trusted


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run one coroutine of this package from ordinary code and return its result. An exception is raised without the frames beneath: they
    hold headers and bodies in clear, and Frappe's Error Log prints the variables of every frame."""
    try:
        return asyncio.run(work)
    except BaseException as error:
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None) from None


def send(organisation: Organisation, requests: Iterable[Request]) -> list[Answer]:
    """Send all requests, at most four at once (Xero allows five; one stays free for people). Returns the answers in the same order. Raises
    WritesRefused."""
    asked = list(requests)
    if organisation.reads_only and (writing := next((each for each in asked if each.method not in READING), None)):
        raise WritesRefused(f"{writing.method} {writing.path.partition('?')[0]}: the organisation is only watched")
    return run(_send_all(organisation, asked))


def time_at(url: str) -> datetime | None:
    """What time (UTC, without time zone) a server says it is, by one request without a body; None where it does not say."""

    async def call() -> Answer:
        async with httpx.AsyncClient(timeout=PHASES, headers={"User-Agent": USER_AGENT}, verify=certificates()) as http:
            try:
                response = await asyncio.wait_for(http.head(url), TOTAL_DEADLINE)
            except (httpx.HTTPError, asyncio.TimeoutError):
                return Answer(0, failure="unsent")
            return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()})

    return said_at(run(call()))


async def _send_all(organisation: Organisation, requests: list[Request]) -> list[Answer]:
    gate = asyncio.Semaphore(IN_FLIGHT)
    headers = {"Authorization": SecretText(f"Bearer {organisation.token}"), "Accept": "application/json", "User-Agent": USER_AGENT}
    headers["Accept-Encoding"] = safe_json.ACCEPTED
    if organisation.tenant_id:
        headers["Xero-Tenant-Id"] = organisation.tenant_id
    async with httpx.AsyncClient(
        base_url=organisation.api_url, headers=headers, timeout=PHASES, verify=certificates(), event_hooks=safe_json.at_most(safe_json.DATA)
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
        # The body is sent in pieces: with its length stated, a body that breaks off is no request to Xero.
        headers |= {"Content-Type": request.content_type, "Content-Length": str(len(request.body))}
    if request.modified_since:
        headers["If-Modified-Since"] = request.modified_since
    call = client.request(
        request.method, request.path, content=_handed_over(request) if request.body else None, headers=headers,
        extensions={"trace": _fence(request)},
    )  # fmt: skip
    return await answered(call)


def _fence(request: Request) -> Callable[[str, Any], Coroutine[Any, Any, None]]:
    """Look at the clock when the first byte is about to leave. A process that was halted meanwhile (a suspended machine) must not send when
    it goes on: other workers have by then decided that it never did."""

    async def trace(event: str, _: Any) -> None:
        if event.endswith(".send_request_headers.started"):
            stop_if_late(request)

    return trace


async def _handed_over(request: Request) -> AsyncIterator[bytes]:
    """The body, after a last look at the clock: headers without a body are no request to Xero. If the process is halted between this look
    and the operating system's sending, engine/duplicates deals with the result."""
    stop_if_late(request)
    yield request.body


def stop_if_late(request: Request) -> None:
    """Raises httpx.ConnectTimeout, as if no connection had been made, where the request may no longer leave."""
    if request.late():
        raise httpx.ConnectTimeout("stopped for too long before sending")


async def answered(call: Awaitable[httpx.Response]) -> Answer:
    """Await one HTTP call within the total deadline and turn whatever happens into an Answer."""
    try:
        response = await asyncio.wait_for(call, TOTAL_DEADLINE)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        return Answer(0, failure="unsent", text=f"No connection to Xero: {error}")
    except safe_json.TooLarge as error:
        # Xero has received the request; its own lists tell what became of it.
        return Answer(0, failure="lost", text=f"No usable answer from Xero: {error}")
    except (httpx.RequestError, asyncio.TimeoutError) as error:
        return Answer(0, failure="lost", text=f"No whole answer from Xero: {type(error).__name__}")
    headers = {name.lower(): value for name, value in response.headers.items()}
    try:
        data = safe_json.parsed(response.content) if response.content else {}
    except safe_json.Unreadable:
        return Answer(response.status_code, headers, None, response.content[:8000].decode("utf-8", "replace")[:2000])
    return Answer(response.status_code, headers, data)


def encode(body: Any) -> bytes:
    """The exact bytes of a request body; Decimals become plain JSON numbers, never binary floats."""
    return simplejson.dumps(body, use_decimal=True, separators=(",", ":"), ensure_ascii=False).encode()
