"""Whose statement a file is: the numbers of both sides, in whatever way they are written."""

from __future__ import annotations

import pytest

from picortex_xero.statement_import.same_account import chosen, doubt, same
from picortex_xero.statements.values import Statement, Unreadable


def of(account: str) -> Statement:
    return Statement("OFX", account, "NZD", ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("01-0123-0123456-00", "01 0123 0123456 00"),
        ("DE89 3704 0044 0532 0130 00", "0532013000"),
        ("37040044/532013000", "DE89370400440532013000"),
        ("de89370400440532013000", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_one_number_in_two_ways(one: str, other: str) -> None:
    assert same(one, other) and same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("01-0123-0123456-00", "01-0123-0123456-01"),
        ("DE89370400440532013000", "DE02120300000000202051"),
        ("", "1"),
        ("3000", "DE89370400440532013000"),
    ],
)
def test_two_accounts(one: str, other: str) -> None:
    assert not same(one, other) and not same(other, one)


def test_of_several_statements_that_of_the_account() -> None:
    files = [of("123456789"), of("987654321")]
    assert chosen(files, ["987654321"], "") is files[1]
    assert chosen(files, [], "123456789") is files[0]
    with pytest.raises(Unreadable, match="123456789, 987654321"):
        chosen(files, ["555555555"], "")


def test_who_is_asked() -> None:
    assert doubt(of("123456789"), ["123456789"], "") is None
    assert doubt(of(""), ["123456789"], "") is None
    assert doubt(of("123456789"), [], "123456789") is None, "said once"
    assert str(doubt(of("123456789"), [], "")).endswith("Is it this bank account?")
    assert "987654321" in str(doubt(of("123456789"), ["987654321"], ""))
    assert "987654321" in str(doubt(of("123456789"), [], "987654321"))
