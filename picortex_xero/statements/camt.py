"""CAMT.052, 053 and 054 (ISO 20022): an entry of the account is a line, also where it collects several payments, since the bank moved one amount.

Every version of the messages has the same names for what is read here, so the namespace's version does not matter. The XML is read without entities, without a
network and without large trees; a document type is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from ..accounting.texts import Text, _, plain
from .values import Statement, StatementLine, Unreadable, given

MESSAGES = {"BkToCstmrStmt": "Stmt", "BkToCstmrAcctRpt": "Rpt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
# Balances by their code: booked at the beginning, at the end; previously closed and interim ones where these are missing.
OPENING, CLOSING = ("OPBD", "PRCD", "ITBD"), ("CLBD", "ITBD")
PENDING = frozenset(("PDNG", "INFO", "FUTR"))
# An element of lxml, which has no types of its own.
Node = Any


def read(content: bytes) -> tuple[Statement, ...]:
    """The statements of a CAMT file. Raises Unreadable."""
    root = _root(content)
    message = next((each for each in root if _tag(each) in MESSAGES), root if _tag(root) in MESSAGES else None)
    if message is None:
        raise Unreadable(_("The file is XML, and no CAMT.052, CAMT.053 or CAMT.054"))
    return tuple(_statement(each) for each in _children(message, MESSAGES[_tag(message)]))


def _root(content: bytes) -> Node:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Unreadable(_("The XML cannot be read: {error}").format(error=str(error)[:200])) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(_("The XML names a document type or entities of its own. A bank's statement has none, so it is not read"))
    return root


def _statement(node: Node) -> Statement:
    entries = _children(node, "Ntry")
    booked = [each for each in entries if _status(each) not in PENDING]
    account = _at(node, "Acct")
    currency = _text(account, "Ccy") or next((amount.get("Ccy", "") for each in booked if (amount := _at(each, "Amt")) is not None), "")
    remarks: list[Text] = []
    if waiting := len(entries) - len(booked):
        remarks.append(_("{count} lines that are not booked yet are left out; they come with a later file").format(count=waiting))
    balances = {_text(each, "Tp", "CdOrPrtry", "Cd") or _text(each, "Tp", "Cd"): _signed(each) for each in _children(node, "Bal")}
    return Statement(
        "CAMT",
        _text(account, "Id", "IBAN") or _text(account, "Id", "Othr", "Id") or _text(account, "Id", "PrtryAcct", "Id"),
        currency,
        tuple(_line(each) for each in booked),
        _first(balances, OPENING),
        _first(balances, CLOSING),
        tuple(remarks),
    )


def _line(entry: Node) -> StatementLine:
    details = [each for group in _children(entry, "NtryDtls") for each in _children(group, "TxDtls")]
    amount = _signed(entry)
    # The other side of money in is who was debited.
    side = "Dbtr" if amount > 0 else "Cdtr"
    names = _distinct(_name(each, side) for each in details)
    numbers = _distinct(
        _text(each, "RltdPties", f"{side}Acct", "Id", "IBAN") or _text(each, "RltdPties", f"{side}Acct", "Id", "Othr", "Id")
        for each in details
    )
    references = _distinct(_reference(each) for each in details)
    words = _distinct(said for each in details for said in _words(each))
    ours = _distinct(
        (_text(entry, "AddtlNtryInf"), *words, *(names if len(names) > 1 else ()), *(references if len(references) > 1 else ()))
    )
    return StatementLine(
        date=_day(entry),
        amount=amount,
        currency=_amount_node(entry).get("Ccy", ""),
        description=" ".join(ours) or (names[0] if names else ""),
        reference=references[0] if len(references) == 1 else given(_text(entry, "NtryRef")),
        party_name=names[0] if len(names) == 1 else "",
        party_number=numbers[0] if len(numbers) == 1 else "",
        transaction_type=_text(entry, "BkTxCd", "Prtry", "Cd")
        or "-".join(
            _distinct(
                (
                    _text(entry, "BkTxCd", "Domn", "Cd"),
                    _text(entry, "BkTxCd", "Domn", "Fmly", "Cd"),
                    _text(entry, "BkTxCd", "Domn", "Fmly", "SubFmlyCd"),
                )
            )
        ),
        bank_id=_text(entry, "AcctSvcrRef"),
    )


def _words(details: Node) -> list[str]:
    """What the payer wrote: free text, the creditor's reference, the numbers of documents, and what the bank adds."""
    remittance = _at(details, "RmtInf")
    if remittance is None:
        return [_text(details, "AddtlTxInf")]
    said = [_flat(each) for each in _children(remittance, "Ustrd")]
    for structured in _children(remittance, "Strd"):
        said.append(_text(structured, "CdtrRefInf", "Ref"))
        said += [_text(each, "Nb") for each in _children(structured, "RfrdDocInf")]
        said += [_flat(each) for each in _children(structured, "AddtlRmtInf")]
    return [*said, _text(details, "AddtlTxInf")]


def _name(details: Node, side: str) -> str:
    """Since version 8 a party may be a person or firm (`Pty`) or a bank."""
    for path in (
        ("RltdPties", f"Ultmt{side}", "Nm"),
        ("RltdPties", f"Ultmt{side}", "Pty", "Nm"),
        ("RltdPties", side, "Nm"),
        ("RltdPties", side, "Pty", "Nm"),
    ):
        if name := _text(details, *path):
            return name
    return ""


def _reference(details: Node) -> str:
    found = (
        _text(details, "Refs", "EndToEndId"),
        _text(details, "RmtInf", "Strd", "CdtrRefInf", "Ref"),
        _text(details, "Refs", "ChqNb"),
        _text(details, "Refs", "MndtId"),
    )
    return next((text for each in found if (text := given(each))), "")


def _status(entry: Node) -> str:
    """BOOK, PDNG, ...; a text before version 8, a code since."""
    return _text(entry, "Sts", "Cd") or _text(entry, "Sts")


def _day(entry: Node) -> date:
    """The day on which it was booked, else its value date."""
    for path in (("BookgDt", "Dt"), ("BookgDt", "DtTm"), ("ValDt", "Dt"), ("ValDt", "DtTm")):
        if text := _text(entry, *path):
            try:
                return date.fromisoformat(text[:10])
            except ValueError as error:
                raise Unreadable(_("{text} is no date").format(text=text[:40])) from error
    raise Unreadable(_("A line of the file has no date"))


def _amount_node(node: Node) -> Node:
    amount = _at(node, "Amt")
    if amount is None:
        raise Unreadable(_("A line or balance of the file has no amount"))
    return amount


def _signed(node: Node) -> Decimal:
    """The amount of an entry or a balance, negative where the account was debited. The mark of a reversal does not turn it: CdtDbtInd already says where money went."""
    text = _flat(_amount_node(node))
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable(_("{text} is no amount").format(text=plain(text[:40]))) from error
    if not amount.is_finite() or amount < 0:
        raise Unreadable(_("{text} is no amount").format(text=plain(text[:40])))
    mark = _text(node, "CdtDbtInd")
    if mark not in ("CRDT", "DBIT"):
        raise Unreadable(_("A line or balance of the file does not say whether money came in or went out"))
    return amount if mark == "CRDT" else -amount


def _first(balances: dict[str, Decimal], codes: Iterable[str]) -> Decimal | None:
    return next((balances[each] for each in codes if each in balances), None)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for each in texts if each))


def _children(node: Node, tag: str) -> list[Node]:
    return [each for each in node if _tag(each) == tag]


def _at(node: Node | None, *path: str) -> Node | None:
    for tag in path:
        node = next((each for each in node if _tag(each) == tag), None) if node is not None else None
    return node


def _text(node: Node | None, *path: str) -> str:
    found = _at(node, *path)
    return "" if found is None else _flat(found)


def _flat(node: Node) -> str:
    return re.sub(r"\s+", " ", node.text or "").strip()


def _tag(node: Node) -> str:
    """The name without its namespace; "" for what is no element."""
    if not isinstance(node.tag, str):
        return ""
    name: str = node.tag.rsplit("}", 1)[-1]
    # The first version of the messages has it in their name.
    return name[:-3] if name.endswith("V01") else name
