"""What is known here of an advance that was entered in Xero: whose it is, and the payments on account that are here already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import frappe

from ..xero.records.registry import CONTACT
from . import journals_that_pay
from .advance import IncomingAdvance
from .decide_advance import KnownParty, Party
from .facts import banks, on_their_way
from .linked_advances import on_account

LINK = "Xero Link"


def party_account(party: Party, company: str) -> str:
    """The account that ERPNext keeps a customer or supplier on."""
    return str(frappe.get_attr("erpnext.accounts.party.get_party_account")(party[0], party[1], company) or "")


def parties(connection: str, contacts: Iterable[str]) -> dict[tuple[str, str], list[Party]]:
    """By contact (id in lower case) and DocType of the party: the customers or suppliers that are linked with it and are here still."""
    ids = sorted(set(contacts))
    rows = (
        frappe.get_all(
            LINK,
            filters={"connection": connection, "endpoint": CONTACT.endpoint, "xero_id": ("in", ids)},
            fields=["xero_id", "reference_doctype", "reference_name"],
        )
        if ids
        else []
    )
    found: dict[tuple[str, str], list[Party]] = defaultdict(list)
    for row in rows:
        party = (row["reference_doctype"], row["reference_name"])
        mine = found[row["xero_id"].lower(), party[0]]
        if party not in mine and frappe.db.exists(*party):
            mine.append(party)
    return found


def load(connection: str, company: str, base_currency: str, advances: Sequence[IncomingAdvance]) -> list[KnownParty]:
    """What `decide_advance.decide` has to know of each advance, in their order."""
    whose = parties(connection, (each.contact for each in advances))
    accounts = banks(connection, (each.account for each in advances))
    made = []
    for advance in advances:
        mine = tuple(whose.get((advance.contact, "Customer" if advance.comes_in else "Supplier"), []))
        account = party_account(mine[0], company) if len(mine) == 1 else ""
        own = tuple(
            payment
            for party in mine
            for payment in (
                *on_account(company, party, advance.comes_in),
                *journals_that_pay.on_account(connection, company, party, advance.comes_in),
            )
        )
        busy = bool(on_their_way(connection, (each.name for each in own)))
        currency = frappe.get_cached_value("Account", account, "account_currency") if account else ""
        made.append(KnownParty(company, base_currency, mine, account, currency or "", accounts[advance.account], own, busy))
    return made
