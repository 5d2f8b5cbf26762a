"""What the report Ready to Match in Xero is made of: the records that are not reconciled in Xero as links keep them, what the general ledger says their documents move, and
the bank's lines that these are matched with. A fixed number of statements for every five hundred documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.money import ZERO, decimal, half_up
from ..connection import xero_lists
from ..documents.details import DETAILS
from ..documents.picture import AT_BANK
from ..documents.step import ASIDE, ENDED
from ..engine import links
from ..ready.values import Account, BankLine, Movement, Record, Who
from ..xero.records.reconciled import ONLY_IN, ONLY_OUT, YES
from ..xero.records.registry import BANK_TRANSACTION, BANK_TRANSFER, BATCH_PAYMENT, OVERPAYMENT, PAYMENT, PREPAYMENT

PAGE = 500
ENDPOINTS = tuple(each.endpoint for each in (PAYMENT, BATCH_PAYMENT, BANK_TRANSACTION, BANK_TRANSFER, OVERPAYMENT, PREPAYMENT))
MONEY = ("Bank", "Cash")
FEE = "fee"
Row = dict[str, Any]
_STANDS = "`endpoint` IN %(endpoints)s AND COALESCE(`remote_status`, '') NOT IN %(ended)s AND COALESCE(`sequence`, 0)<%(aside)s"


def accounts(connection: str, company: str) -> dict[str, Account]:
    """By Xero's id in lower case: every account in Xero that a bank or cash account here is mapped to, and the Default Payment Account."""
    listed = {str(each["AccountID"]).casefold(): each for each in _listed(connection)}
    banks = set(frappe.get_all("Bank Account", filters={"company": company, "is_company_account": 1}, pluck="account"))
    fields = ["account", "xero_account_id", "xero_account_name", "xero_currency", "bank_feed", "takes_what_comes_back"]
    mapped: dict[str, list[Row]] = {}
    for row in frappe.get_all("Xero Payment Mapping", filters={"connection": connection}, fields=fields, order_by="account asc"):
        mapped.setdefault(str(row["xero_account_id"]).casefold(), []).append(row)
    chosen = frappe.db.get_value("Xero Connection", connection, ["default_payment_account", "base_currency"], as_dict=True)
    default, base = str(chosen["default_payment_account"] or "").casefold(), str(chosen["base_currency"] or "")
    found = {}
    for key in sorted({*mapped, *([default] if default else [])}):
        rows, its = mapped.get(key, []), listed.get(key, {})
        row = rows[0] if rows else {}
        names = tuple(str(each["account"]) for each in rows)
        found[key] = Account(
            str(its.get("AccountID") or row.get("xero_account_id") or key),
            str(its.get("Name") or row.get("xero_account_name") or key),
            str(row.get("xero_currency") or its.get("CurrencyCode") or base),
            its.get("Type", "BANK") == "BANK",
            next((str(each["bank_feed"]) for each in rows if each["bank_feed"]), ""),
            names,
            _own(rows, banks),
            key == default,
        )
    return found


def _listed(connection: str) -> list[Row]:
    return xero_lists.stored(connection)["accounts"] if xero_lists.read_at(connection) else []


def _own(rows: Sequence[Mapping[str, Any]], banks: set[str]) -> str:
    """The one that is the bank's account itself: the only one there is, that has a Bank Account, or that takes what comes back; "" where that is not told."""
    for which in (rows, [each for each in rows if each["account"] in banks], [each for each in rows if each["takes_what_comes_back"]]):
        if len(which) == 1:
            return str(which[0]["account"])
    return ""


def counts(connection: str) -> dict[str, int]:
    """How many records that move money stand in Xero, by what it has shown of them ("" where it has shown nothing yet)."""
    rows = frappe.db.sql(
        f"SELECT COALESCE(`reconciled`, '') AS state, COUNT(*) AS many FROM `tab{links.DOCTYPE}` WHERE `connection`=%(connection)s AND {_STANDS} "
        "GROUP BY COALESCE(`reconciled`, '')",
        _values(connection),
        as_dict=True,
    )
    return {str(row["state"]): int(row["many"]) for row in rows}


def open_links(connection: str) -> list[Row]:
    """The links of what is not reconciled in Xero, as far as is known."""
    columns = "name reference_doctype reference_name role endpoint remote_total marker remote_picture reconciled".split()
    shown = ", ".join(f"`{column}`" for column in columns)
    rows = frappe.db.sql(
        f"SELECT {shown} FROM `tab{links.DOCTYPE}` WHERE `connection`=%(connection)s AND {_STANDS} AND COALESCE(`reconciled`, '')!=%(yes)s "
        "ORDER BY `creation`, `name`",
        {**_values(connection), "yes": YES},
        as_dict=True,
    )
    return [dict(row) for row in rows]


def _values(connection: str) -> dict[str, Any]:
    return {"connection": connection, "endpoints": ENDPOINTS, "ended": ENDED, "aside": ASIDE}


def money_accounts(company: str) -> dict[str, str]:
    """The company's bank and cash accounts with their currency."""
    own = str(frappe.get_cached_value("Company", company, "default_currency") or "")
    filters = {"company": company, "is_group": 0, "account_type": ("in", MONEY)}
    rows = frappe.get_all("Account", filters=filters, fields=["name", "account_currency"])
    return {str(row["name"]): str(row["account_currency"] or own) for row in rows}


def movements(company: str, documents: Iterable[Who], by_host: Mapping[str, Account], money: Iterable[str]) -> list[Movement]:
    """What these documents move at bank and cash accounts, by the general ledger. `by_host`: which account in Xero each is mapped to."""
    watched = sorted({*money, *by_host})
    found: list[Movement] = []
    for doctype, names in _pages(documents):
        if not watched:
            break
        rows = frappe.db.sql(
            "SELECT `voucher_no`, `account`, MIN(`posting_date`) AS `day`, SUM(`debit_in_account_currency`-`credit_in_account_currency`) AS `moved` FROM `tabGL Entry` "
            "WHERE `voucher_type`=%(doctype)s AND `voucher_no` IN %(names)s AND `company`=%(company)s AND `is_cancelled`=0 AND `account` IN %(accounts)s "
            "GROUP BY `voucher_no`, `account`",
            {"doctype": doctype, "names": names, "company": company, "accounts": tuple(watched)},
            as_dict=True,
        )
        lines = _lines(company, doctype, names)
        for row in rows:
            if not (moved := _cents(row["moved"])):
                continue
            host = str(row["account"])
            its = by_host.get(host)
            which = (str(row["voucher_no"]), host)
            found.append(
                Movement((doctype, which[0]), host, its.xero_id if its else "", _day(row["day"]), moved, tuple(lines.get(which, ())))
            )
    return found


def _lines(company: str, doctype: str, names: tuple[str, ...]) -> dict[tuple[str, str], list[BankLine]]:
    """The bank's lines that these documents are matched with, by document and ledger account."""
    rows = frappe.db.sql(
        "SELECT part.`payment_entry`, bank.`account`, line.`name`, line.`date`, line.`deposit`, line.`withdrawal`, "
        "(SELECT COUNT(*) FROM `tabBank Transaction Payments` other WHERE other.`parent`=line.`name`) AS `documents` "
        "FROM `tabBank Transaction Payments` part JOIN `tabBank Transaction` line ON line.`name`=part.`parent` AND line.`docstatus`=1 "
        "JOIN `tabBank Account` bank ON bank.`name`=line.`bank_account` "
        "WHERE part.`payment_document`=%(doctype)s AND part.`payment_entry` IN %(names)s AND line.`company`=%(company)s ORDER BY line.`date`, line.`name`",
        {"doctype": doctype, "names": names, "company": company},
        as_dict=True,
    )
    found: dict[tuple[str, str], list[BankLine]] = {}
    for row in rows:
        amount = _cents(decimal(row["deposit"]) - decimal(row["withdrawal"]))
        line = BankLine(str(row["name"]), _day(row["date"]), amount, int(row["documents"]))
        found.setdefault((str(row["payment_entry"]), str(row["account"])), []).append(line)
    return found


def parties(documents: Iterable[Who]) -> dict[Who, str]:
    """Whose money a Payment Entry is: what tells it from another one of the same day and amount. Journals name several."""
    found: dict[Who, str] = {}
    for doctype, names in _pages(each for each in documents if each[0] == "Payment Entry"):
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", "party_type", "party"]):
            found[doctype, str(row["name"])] = f"{row['party_type']} {row['party']}" if row["party"] else ""
    return found


def records(rows: Iterable[Row], moved: Iterable[Movement], of_whom: Mapping[Who, str]) -> Iterator[Record]:
    """The records of these links: a transfer is two, but for a side that is reconciled."""
    by_who: dict[Who, list[Movement]] = {}
    for movement in moved:
        by_who.setdefault(movement.who, []).append(movement)
    for row in rows:
        who = (str(row["reference_doctype"]), str(row["reference_name"]))
        marker, picture = _loaded(row["marker"]), _loaded(row["remote_picture"])
        shared = (who, str(row["endpoint"]))
        # Over- and prepayments have no reference in Xero: their line says it. A fee's names only its payment.
        named = marker.get("Reference") or (picture.get(DETAILS) or {}).get("Reference") or marker.get("Description")
        said = _reference(who[1], str(named or "")) if row["role"] != FEE else ""
        day = _date(picture.get("Date") or marker.get("Date"))
        shown, contact = bool(row["reconciled"]), of_whom.get(who, "")
        if row["endpoint"] == BANK_TRANSFER.endpoint:
            amount = decimal(picture.get("Amount") or marker.get("Amount"))
            for side, sign, over in (("From", -1, ONLY_OUT), ("To", 1, ONLY_IN)):
                if row["reconciled"] != over:
                    at = str(picture.get(side) or marker.get(side) or "")
                    yield Record(f"{row['name']} {side}", *shared, at, day, sign * amount, said, contact, shown)
            continue
        at = str(picture.get("Account") or marker.get("Account") or "")
        its = next((each for each in by_who.get(who, []) if not at or each.account.casefold() == at.casefold()), None)
        at = at or (its.account if its else "")
        yield Record(str(row["name"]), *shared, at, day, _amount(row, marker, picture, its), said, contact, shown)


def _amount(row: Row, marker: Row, picture: Row, its: Movement | None) -> Decimal | None:
    """What a record moves at its account. Of a payment Xero's own figure is in the document's currency: what it moves at the bank is beside it, where the answer showed that;
    None where it did not."""
    kind = str(marker.get("Type") or "")
    sign = (-1 if kind.startswith("SPEND") else 1) if kind.startswith(("SPEND", "RECEIVE")) else -1 if its and its.amount < ZERO else 1
    if row["endpoint"] == PAYMENT.endpoint:
        return sign * _cents(picture[AT_BANK]) if picture.get(AT_BANK) else None
    if row["endpoint"] == BATCH_PAYMENT.endpoint:
        members = picture.get("Members") or marker.get("Members") or []
        return sign * sum((decimal(amount) for _id, amount in members), ZERO)
    return sign * _cents(picture.get("Total") or marker.get("Total") or row["remote_total"])


def _reference(document: str, reference: str) -> str:
    """What a reference says besides the document's name, which no bank knows."""
    rest = reference[len(document) :] if reference.startswith(document) else reference
    # One of several payments: NAME/2.
    return rest.partition(" ")[2].strip() if rest.startswith("/") else rest.strip()


def _pages(documents: Iterable[Who]) -> Iterator[tuple[str, tuple[str, ...]]]:
    by_doctype: dict[str, list[str]] = {}
    for doctype, name in dict.fromkeys(documents):
        by_doctype.setdefault(doctype, []).append(name)
    for doctype, names in by_doctype.items():
        for start in range(0, len(names), PAGE):
            yield doctype, tuple(names[start : start + PAGE])


def _loaded(kept: Any) -> dict[str, Any]:
    found = json.loads(kept or "{}")
    return found if isinstance(found, dict) else {}


def _cents(value: Any) -> Decimal:
    return half_up(decimal(value))


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _day(value: Any) -> date:
    found: date = getdate(value)
    return found
