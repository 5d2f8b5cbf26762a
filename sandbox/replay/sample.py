"""A part of the corpus that stands for the whole: every doctype and kind of each country, with everything that hangs on it.

Events that touch the same document belong together (a payment and its invoices, a return, an amendment): such a group is taken whole
or not at all, so what is left out changes nothing about what is in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

Event = dict[str, Any]


def stratified(events: list[Event], of_each: int = 2) -> list[Event]:
    """The smallest groups that hold at least `of_each` documents of every kind, where there are as many; in the order of recording."""
    groups = [(group, {kind for event in group for kind in kinds(event)}) for group in _groups(events)]
    groups.sort(key=lambda each: (len(each[0]), -len(each[1])))
    wanted: dict[str, int] = dict.fromkeys(sorted({kind for _, held in groups for kind in held}), of_each)
    taken: set[int] = set()
    # The rarest kinds first: their groups bring most of the common ones along.
    for kind in sorted(wanted, key=lambda each: (sum(each in held for _, held in groups), each)):
        for group, held in groups:
            if wanted[kind] > 0 and kind in held and id(group[0]) not in taken:
                taken |= {id(event) for event in group}
                for each in held:
                    wanted[each] -= 1
    return [event for event in events if id(event) in taken]


def kinds(event: Event) -> Iterable[str]:
    """What an event is an example of."""
    doctype, doc = event["doctype"], event.get("doc") or {}
    yield f"{event['event']} {doctype}"
    if event["event"] != "submit":
        return
    facts = {
        "return": doc.get("is_return"),
        "return at once": doc.get("is_return") and not doc.get("update_outstanding_for_self"),
        "counter sale": doc.get("is_pos"),
        "paid bill": doc.get("is_paid"),
        "amendment": doc.get("amended_from"),
        "rounded": doc.get("rounding_adjustment"),
        f"discount on {doc.get('apply_discount_on')}": doc.get("discount_amount"),
        "line discount": any(item.get("discount_percentage") for item in doc.get("items") or []),
        "item tax template": any(item.get("item_tax_template") for item in doc.get("items") or []),
        "tax included": any(row.get("included_in_print_rate") for row in doc.get("taxes") or []),
        "charge": any(row.get("charge_type") == "Actual" for row in doc.get("taxes") or []),
        "advances": doc.get("advances"),
        "several references": len(doc.get("references") or []) > 1,
        "unallocated": (doc.get("unallocated_amount") or 0) > 0.01,
        "deductions": doc.get("deductions"),
        f"in {doc.get('currency') or doc.get('paid_from_account_currency')}": True,
        f"into {doc.get('paid_to_account_currency')}": doctype == "Payment Entry",
        str(doc.get("payment_type") or doc.get("voucher_type") or ""): doctype in ("Payment Entry", "Journal Entry"),
        "with a party": any(row.get("party") for row in doc.get("accounts") or []),
    }
    yield from (f"{doctype} {fact}" for fact, true in facts.items() if true)


def _groups(events: list[Event]) -> list[list[Event]]:
    """Events joined by the documents they touch."""
    parent: dict[Any, Any] = {}

    def root(key: Any) -> Any:
        parent.setdefault(key, key)
        while parent[key] != key:
            key = parent[key]
        return key

    for at, event in enumerate(events):
        for key in _touched(event):
            parent[root(key)] = root(at)
    found: dict[Any, list[Event]] = defaultdict(list)
    for at, event in enumerate(events):
        found[root(at)].append(event)
    return list(found.values())


def _touched(event: Event) -> set[tuple[str, str]]:
    docs = [*([event["doc"]] if "doc" in event else []), *event.get("after", [])]
    found = {(event["doctype"], event["name"])} if event["event"] != "tool" else set()
    found |= {(each["voucher_type"], each["voucher_no"]) for each in event.get("ledger", [])}
    for doc in docs:
        if event["event"] != "tool" or doc is not event["doc"]:
            found.add((doc["doctype"], doc["name"]))
        found |= {(doc["doctype"], doc[name]) for name in ("return_against", "amended_from") if doc.get(name)}
        for rows, doctype, name in (("references", "reference_doctype", "reference_name"), ("accounts", "reference_type", "reference_name"),
                                    ("advances", "reference_type", "reference_name")):  # fmt: skip
            found |= {(row[doctype], row[name]) for row in doc.get(rows) or [] if row.get(name)}
    return found
