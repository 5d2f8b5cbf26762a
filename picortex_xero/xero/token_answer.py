"""Checking the answers of Xero's sign-in before anything of them is used or stored.

A token endpoint in trouble may answer anything: `null`, a number, a page of HTML, a lifetime that no clock can hold. Xero's access tokens
are valid for 30 minutes (Xero's documentation, "Token types"); anything that lives longer than a day is not believed.
"""

from __future__ import annotations

import re
from typing import Any

from .safe_json import Unreadable, parsed

LONGEST_LIFE = 24 * 3600
# Characters that may stand in a header; Xero's access tokens are about 1,500 characters long.
TOKEN = re.compile(r"[\x21-\x7e]{1,16384}", re.ASCII)
SCOPE = re.compile(r"[\x20-\x7e]{0,4000}", re.ASCII)
ERROR = re.compile(r"[A-Za-z_]{1,60}", re.ASCII)
IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


def checked(content: bytes) -> dict[str, Any]:
    """The token set or the OAuth error in an answer. Raises Unreadable, which says what is wrong and never quotes the answer."""
    answer = parsed(content)
    if not isinstance(answer, dict):
        raise Unreadable("it is no JSON object")
    if "error" in answer:
        if not _fits(ERROR, answer["error"]) or not isinstance(answer.get("error_description") or "", str):
            raise Unreadable("its error is no OAuth error")
        return answer
    if not _fits(TOKEN, answer.get("access_token")):
        raise Unreadable("it holds no access token")
    if answer.get("refresh_token") is not None and not _fits(TOKEN, answer["refresh_token"]):
        raise Unreadable("its refresh token is none")
    life = answer.get("expires_in", LONGEST_LIFE)
    if type(life) is not int or not 0 < life <= LONGEST_LIFE:
        raise Unreadable("its time of expiry is none")
    if not _fits(SCOPE, answer.get("scope") or ""):
        raise Unreadable("its scopes are none")
    return answer


def whole_list(content: bytes) -> list[dict[str, Any]]:
    """The organisations among a person's connections. Raises Unreadable where one of them lacks its ids or its name."""
    answer = parsed(content)
    if not isinstance(answer, list) or not all(isinstance(entry, dict) for entry in answer):
        raise Unreadable("it is no list of connections")
    found = [entry for entry in answer if entry.get("tenantType") == "ORGANISATION"]
    for entry in found:
        if not all(_fits(IDENTIFIER, entry.get(name)) for name in ("id", "tenantId")) or not isinstance(entry.get("tenantName"), str):
            raise Unreadable("an organisation in it has no id or no name")
    return found


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
