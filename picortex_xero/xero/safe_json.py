"""Reading the bytes of an answer within limits of size and depth, so that nobody outside decides how much memory a worker uses.

Sizes count decompressed bytes, piece by piece, since a few kilobytes can stand for gigabytes. An answer with more than one encoding is not
read.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from decimal import Decimal
from typing import Any, NoReturn

import httpx
import simplejson

MIB = 1024 * 1024
# A page of 1,000 invoices with a few lines each is 5 to 10 MiB, with fifty lines each 50; four are in flight.
DATA = 64 * MIB
# Tokens are a few KiB; a person's list of organisations has 300 bytes for each.
SIGN_IN = 1 * MIB
PIECE = 256 * 1024
# Xero's answers have six levels.
DEEPEST = 60
DIGITS = 40
# Sent with every request; else the encodings that httpx asks for depend on which packages are installed.
ACCEPTED = "gzip"
GZIP = 16 + zlib.MAX_WBITS
HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
NUMBER = re.compile(r"-?[0-9.eE+-]{1,60}", re.ASCII)


class TooLarge(httpx.TransportError):
    """More came than any real answer holds, or in an encoding that was not asked for."""


class Unreadable(ValueError):
    """The bytes are not valid, unambiguous JSON."""


def at_most(limit: int) -> dict[str, list[Callable[[httpx.Response], Awaitable[None]]]]:
    """Event hooks for an httpx client that read answers of up to `limit` bytes; more raises TooLarge."""

    async def bounded(response: httpx.Response) -> None:
        encoding = response.headers.pop("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", ACCEPTED):
            raise TooLarge(f"the answer is encoded as {encoding[:40]!r}", request=response.request)
        response.stream = _Bounded(response.stream, encoding == ACCEPTED, limit, response.request)

    return {"response": [bounded]}


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, stream: Any, packed: bool, limit: int, request: httpx.Request) -> None:
        self._stream, self._packed, self._limit, self._request = stream, packed, limit, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        unpacked = 0
        unpacker = zlib.decompressobj(GZIP) if self._packed else None
        async for sent in self._stream:
            for piece in self._pieces(unpacker, sent):
                unpacked += len(piece)
                if unpacked > self._limit:
                    raise TooLarge(f"the answer is larger than {self._limit} bytes", request=self._request)
                yield piece

    def _pieces(self, unpacker: Any, sent: bytes) -> Iterator[bytes]:
        if unpacker is None:
            yield sent
            return
        try:
            while piece := unpacker.decompress(sent, PIECE):
                yield piece
                sent = unpacker.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError(str(error), request=self._request) from error

    async def aclose(self) -> None:
        await self._stream.aclose()


def parsed(content: bytes) -> Any:
    """The JSON value of an answer, numbers with a point as Decimal. Raises Unreadable for invalid JSON, a key that occurs twice, more depth
    than any answer has, and NaN or infinite numbers."""
    try:
        value = simplejson.loads(
            content.decode("utf-8-sig"), parse_float=_number, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_once
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(f"no readable JSON ({type(error).__name__})") from None
    _check_depth(value)
    return _whole_characters(value) if HALF_CHARACTER.search(content) else value


def _whole_characters(value: Any) -> Any:
    """The same value with lone surrogates replaced: JSON can contain them (a text cut inside an emoji), a database cannot store them."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_characters(each) for each in value]
    return {_whole_characters(name): _whole_characters(each) for name, each in value.items()} if isinstance(value, dict) else value


def _number(text: str) -> Decimal:
    value = Decimal(text) if NUMBER.fullmatch(text) else Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > DIGITS:
        raise Unreadable("a number out of range")
    return value


def _whole(text: str) -> int:
    if len(text) > DIGITS:
        raise Unreadable("a number out of range")
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise Unreadable(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a name stands there twice")
    return found


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Unreadable("too deep")
        inner: list[Any] = []
        for each in level:
            if isinstance(each, (dict, list)):
                inner.extend(part for part in (each.values() if isinstance(each, dict) else each) if isinstance(part, (dict, list)))
        level = inner
