"""What the matching of a company's bank lines looks at, read from ERPNext in a few statements whatever their number.

What moved money is read from the general ledger by bank account, which is what ERPNext allocates by itself (`Bank Transaction.allocate_payment_entries`); what lines have taken of it already is
subtracted. A journal that moves one account both ways is left out: ERPNext adds both up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.money import ZERO, decimal
from ..banking.gates import CHEQUE_BEFORE, LONG_OPEN
from ..banking.values import Books, Line, OwnAccount, Party, Voucher
from . import closed
from .rows import BILL, PAYMENT, SALE

# So many lines are matched together, the newest first; a company with more has several blocks. Each block sees these of the one before it again, so that lines of the same
# days are always weighed together.
MOST_LINES = 50_000
SEEN_AGAIN = 10_000
MOST_PARTIES = 200_000
AFTER = 15


def of(company: str, newer: int = 0) -> Books:
    """What is open of a company: at most MOST_LINES lines, but for so many newer ones, and all that they may be about. A fixed number of statements."""
    currency = str(frappe.get_cached_value("Company", company, "default_currency"))
    accounts = own_accounts(company)
    lines = _lines(company, accounts, newer)
    vouchers: list[Voucher] = []
    rates: dict[str, Decimal] = {}
    if lines:
        first, last = min(each.date for each in lines), max(each.date for each in lines)
        span = (first - timedelta(days=CHEQUE_BEFORE), last + timedelta(days=AFTER))
        vouchers += _moved(company, accounts, *span)
        for doctype, sign in ((SALE, 1), (BILL, -1)):
            vouchers += _invoices(company, doctype, sign, (first - timedelta(days=LONG_OPEN), span[1]), rates)
        rates = {**rates, **_rates(currency)}
    return Books(
        currency,
        tuple(OwnAccount(each["name"], each["currency"], each["number"] or "") for each in accounts.values()),
        _parties(vouchers),
        tuple(vouchers),
        tuple(lines),
        closed.until(company),
        rates,
    )


def own_accounts(company: str) -> dict[str, dict[str, Any]]:
    """The company's bank accounts by their ledger account: `name`, `account`, `currency`, `number`. ERPNext reconciles only accounts of type Bank."""
    rows = frappe.db.sql(
        "SELECT bank.`name`, bank.`account`, ledger.`account_currency` AS `currency`, COALESCE(NULLIF(bank.`iban`, ''), bank.`bank_account_no`) AS `number` "
        "FROM `tabBank Account` bank JOIN `tabAccount` ledger ON ledger.`name`=bank.`account` "
        "WHERE bank.`is_company_account`=1 AND bank.`company`=%(company)s AND ledger.`account_type`='Bank' ORDER BY bank.`creation` DESC",
        {"company": company},
        as_dict=True,
    )
    return {str(each["account"]): dict(each) for each in rows}


def _lines(company: str, accounts: Mapping[str, Mapping[str, Any]], newer: int) -> list[Line]:
    names = {str(each["name"]): str(each["currency"]) for each in accounts.values()}
    if not names:
        return []
    rows = frappe.db.sql(
        "SELECT `name`, `bank_account`, `date`, `deposit`, `withdrawal`, `unallocated_amount`, `description`, `reference_number`, `transaction_type`, `bank_party_name`, "
        "COALESCE(NULLIF(`bank_party_iban`, ''), `bank_party_account_number`) AS `party_number`, `transaction_id` FROM `tabBank Transaction` "
        "WHERE `company`=%(company)s AND `docstatus`=1 AND `unallocated_amount`>0 AND `bank_account` IN %(accounts)s AND `date` IS NOT NULL "
        "ORDER BY `date` DESC, `name` DESC LIMIT %(most)s OFFSET %(newer)s",
        {"company": company, "accounts": tuple(names), "most": MOST_LINES, "newer": newer},
        as_dict=True,
    )
    return [line(each, names[str(each["bank_account"])]) for each in rows]


def line(row: Any, currency: str) -> Line:
    """A bank transaction, or a row of one, as the matching takes it: what is open of it."""
    left = decimal(row.get("unallocated_amount"))
    return Line(
        str(row.get("name")),
        str(row.get("bank_account")),
        getdate(row.get("date")),
        left if decimal(row.get("deposit")) >= decimal(row.get("withdrawal")) else -left,
        currency,
        row.get("description") or "",
        row.get("reference_number") or "",
        row.get("transaction_type") or "",
        row.get("bank_party_name") or "",
        row.get("party_number") or "",
        row.get("transaction_id") or "",
    )


def _moved(company: str, accounts: Mapping[str, Mapping[str, Any]], first: date, last: date) -> list[Voucher]:
    """What moved money on the accounts and no line has cleared."""
    rows = frappe.db.sql(
        "SELECT ledger.`voucher_type`, ledger.`voucher_no`, ledger.`account`, MIN(ledger.`posting_date`) AS `day`, "
        "SUM(ledger.`debit_in_account_currency`-ledger.`credit_in_account_currency`) AS `moved`, "
        "SUM(ABS(ledger.`debit_in_account_currency`-ledger.`credit_in_account_currency`)) AS `turned`, "
        "MAX(payment.`party_type`) AS `party_type`, MAX(payment.`party`) AS `party`, MAX(COALESCE(payment.`reference_no`, journal.`cheque_no`, '')) AS `reference`, "
        "MAX(journal.`user_remark`) AS `remarks` FROM `tabGL Entry` ledger "
        "LEFT JOIN `tabPayment Entry` payment ON ledger.`voucher_type`='Payment Entry' AND payment.`name`=ledger.`voucher_no` "
        "LEFT JOIN `tabJournal Entry` journal ON ledger.`voucher_type`='Journal Entry' AND journal.`name`=ledger.`voucher_no` "
        "WHERE ledger.`account` IN %(accounts)s AND ledger.`company`=%(company)s AND ledger.`is_cancelled`=0 AND ledger.`posting_date` BETWEEN %(first)s AND %(last)s "
        "AND ((ledger.`voucher_type`='Payment Entry' AND payment.`clearance_date` IS NULL) "
        "OR (ledger.`voucher_type`='Journal Entry' AND journal.`clearance_date` IS NULL AND journal.`voucher_type`!='Opening Entry')) "
        "GROUP BY ledger.`voucher_type`, ledger.`voucher_no`, ledger.`account`",
        {"accounts": tuple(accounts), "company": company, "first": first, "last": last},
        as_dict=True,
    )
    taken, named = _taken(company), _parties_of_journals(company, first, last)
    found = []
    for each in rows:
        moved = decimal(each["moved"])
        if moved == ZERO or abs(moved) != decimal(each["turned"]):
            continue
        account = accounts[str(each["account"])]
        left = abs(moved) - taken.get((each["voucher_type"], each["voucher_no"], each["account"]), ZERO)
        if left <= ZERO:
            continue
        party_type, party = (
            (each["party_type"], each["party"]) if each["voucher_type"] == PAYMENT else named.get(str(each["voucher_no"]), ("", ""))
        )
        found.append(
            Voucher(
                str(each["voucher_type"]),
                str(each["voucher_no"]),
                party_type or "",
                party or "",
                each["day"],
                left if moved > ZERO else -left,
                str(account["currency"]),
                abs(moved),
                reference=each["reference"] or "",
                bank_account=str(account["name"]),
                remarks=each["remarks"] or "",
            )
        )
    return found


def _taken(company: str) -> dict[tuple[str, str, str], Decimal]:
    """What lines have taken of vouchers that are not whole yet, by voucher and ledger account."""
    rows = frappe.db.sql(
        "SELECT part.`payment_document`, part.`payment_entry`, bank.`account`, SUM(part.`allocated_amount`) AS `taken` FROM `tabBank Transaction Payments` part "
        "JOIN `tabBank Transaction` line ON line.`name`=part.`parent` AND line.`docstatus`=1 AND line.`company`=%(company)s "
        "JOIN `tabBank Account` bank ON bank.`name`=line.`bank_account` "
        "LEFT JOIN `tabPayment Entry` payment ON part.`payment_document`='Payment Entry' AND payment.`name`=part.`payment_entry` "
        "LEFT JOIN `tabJournal Entry` journal ON part.`payment_document`='Journal Entry' AND journal.`name`=part.`payment_entry` "
        "WHERE payment.`clearance_date` IS NULL AND journal.`clearance_date` IS NULL "
        "GROUP BY part.`payment_document`, part.`payment_entry`, bank.`account`",
        {"company": company},
        as_dict=True,
    )
    return {(each["payment_document"], each["payment_entry"], each["account"]): decimal(each["taken"]) for each in rows}


def _parties_of_journals(company: str, first: date, last: date) -> dict[str, tuple[str, str]]:
    """The one party that a journal names, by journal."""
    rows = frappe.db.sql(
        "SELECT part.`parent`, MIN(part.`party_type`) AS `party_type`, MIN(part.`party`) AS `party`, COUNT(DISTINCT part.`party`) AS `parties` "
        "FROM `tabJournal Entry Account` part JOIN `tabJournal Entry` journal ON journal.`name`=part.`parent` "
        "WHERE journal.`company`=%(company)s AND journal.`docstatus`=1 AND journal.`clearance_date` IS NULL "
        "AND journal.`posting_date` BETWEEN %(first)s AND %(last)s AND part.`party`!='' GROUP BY part.`parent`",
        {"company": company, "first": first, "last": last},
        as_dict=True,
    )
    return {str(each["parent"]): (str(each["party_type"]), str(each["party"])) for each in rows if int(each["parties"]) == 1}


# Which columns name the other side: of a sale, of a bill.
ITS = {
    SALE: ("customer", "customer_name", "po_no", "Customer"),
    BILL: ("supplier", "supplier_name", "bill_no", "Supplier"),
}


def _invoices(company: str, doctype: str, sign: int, span: tuple[date, date], rates: dict[str, Decimal]) -> list[Voucher]:
    """Open invoices and notes. `outstanding_amount` is in the currency of the party's account; `rates` gets the newest rate of each currency."""
    party, _title, reference, party_type = ITS[doctype]
    rows = frappe.db.sql(
        f"SELECT `name`, `{party}` AS `party`, `posting_date`, `due_date`, `{reference}` AS `reference`, `outstanding_amount`, `party_account_currency`, `currency`, `conversion_rate`, "
        f"COALESCE(NULLIF(`rounded_total`, 0), `grand_total`) AS `total`, `base_grand_total`, `terms` FROM `tab{doctype}` "
        "WHERE `company`=%(company)s AND `docstatus`=1 AND `outstanding_amount`!=0 AND `posting_date` BETWEEN %(first)s AND %(last)s ORDER BY `posting_date`, `name`",
        {"company": company, "first": span[0], "last": span[1]},
        as_dict=True,
    )
    found = []
    for each in rows:
        of_party = str(each["party_account_currency"] or each["currency"])
        if each["conversion_rate"]:
            rates[str(each["currency"])] = decimal(each["conversion_rate"])
        total = decimal(each["total"] if of_party == each["currency"] else each["base_grand_total"])
        found.append(
            Voucher(
                doctype,
                str(each["name"]),
                party_type,
                str(each["party"]),
                each["posting_date"],
                sign * decimal(each["outstanding_amount"]),
                of_party,
                abs(total),
                each["due_date"],
                each["reference"] or "",
                remarks=each["terms"] or "",
            )
        )
    return found


def _parties(vouchers: list[Voucher]) -> tuple[Party, ...]:
    """All customers and suppliers in use, and what bank accounts of theirs are known: a line that names another party speaks against a voucher."""
    numbers: dict[tuple[str, str], list[str]] = {}
    for each in frappe.db.sql(
        "SELECT `party_type`, `party`, `iban`, `bank_account_no` FROM `tabBank Account` WHERE `party`!='' AND `is_company_account`=0",
        as_dict=True,
    ):
        numbers.setdefault((each["party_type"], each["party"]), []).extend(filter(None, (each["iban"], each["bank_account_no"])))
    titles: dict[tuple[str, str], str] = {}
    for party_type, column in (("Customer", "customer_name"), ("Supplier", "supplier_name")):
        for name, title in frappe.db.sql(
            f"SELECT `name`, `{column}` FROM `tab{party_type}` WHERE `disabled`=0 LIMIT %(most)s", {"most": MOST_PARTIES}
        ):
            titles[party_type, str(name)] = title or str(name)
    for voucher in vouchers:
        if voucher.party:
            titles.setdefault((voucher.party_type, voucher.party), voucher.party)
    return tuple(Party(*key, title, tuple(dict.fromkeys(numbers.get(key, ())))) for key, title in titles.items())


def _rates(currency: str) -> dict[str, Decimal]:
    """The newest rate of each currency that ERPNext keeps."""
    rows = frappe.db.sql(
        "SELECT `from_currency`, `exchange_rate` FROM `tabCurrency Exchange` WHERE `to_currency`=%(currency)s ORDER BY `date`",
        {"currency": currency},
    )
    return {str(name): decimal(rate) for name, rate in rows}
