"""The comparison of both books after the year, as data for the record and as text for a person, and whether the books agree."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from tests.bench.year_tieout import WAITING, TieOut
from tests.bench.year_xero import Moves

# Held on purpose: here a person has to decide, for Xero has no record that says the same. Any other reason counts as a refusal.
BY_RULE = {
    "journal-party-without-invoice": "Journal Entries on AR, AP or bank: Xero's manual journals refuse control accounts, and there is no invoice",
    "overpayment-stays": "Receipt partly unallocated: the interface for programs cannot remove an overpayment, cancelling is a person's",
    "overpayment-two-currencies": "Cross-currency payment: an advance in another currency than its bank account's",
    "refund-waits": "Return: a refund is a payment on the credit note, and the one it paid was cancelled or taken off it",
    "settles-no-invoice": "Journal Entries on AR, AP or bank: the debt that was paid is such a journal, held itself",
    "payment-third-currency": "Cross-currency payment: the bank is in neither the invoice's nor the base currency",
}
LIMIT = Decimal("0.01")  # of the documents may be refused for any other reason
EXAMPLES = 5


def statement(written: dict[str, Any], compared: TieOut) -> dict[str, Any]:
    """Everything the record says about one run; Decimals are text."""
    documents = [(doctype, row) for doctype, rows in written["documents"].items() for row in rows if int(row["docstatus"])]
    owed = compared.totals("owed")
    sums: dict[str, list[Decimal]] = {}
    for (control, _, currency), sides in owed.items():
        line = sums.setdefault(f"{control} {currency}", [Decimal(0), Decimal(0)])
        line[0], line[1] = line[0] + sides[0], line[1] + sides[1]
    refused = refusals(compared)
    held = sum(len(names) for names in refused.values())
    unruled = sum(len(names) for code, names in refused.items() if code not in BY_RULE)
    return {
        "company": written["company"],
        "documents": {
            "submitted": len(documents),
            "of them cancelled": sum(int(row["docstatus"]) == 2 for _, row in documents),
            "of them amendments": sum(bool(row.get("amended_from")) for _, row in documents),
            "made by ERPNext itself": sum(bool(row.get("is_system_generated")) for _, row in documents),
            "by kind": dict(Counter(doctype for doctype, _ in documents)),
            "events": written["events"],
            "what ERPNext itself refused": written["refused_by_the_host"],
        },
        "seconds": written["seconds"],
        "calls_to_xero": written["calls"],
        "in flight": dict(Counter(step["reason_code"] or "Pending" for step in compared.host.steps if step["state"] == "Pending" and not step["waits_on"])),
        "steps": dict(Counter(step["state"] for step in compared.host.steps)),
        "contacts": {
            "in all": len({(control, contact) for control, contact, _ in owed}),
            "equal": sum(host == xero for host, xero in owed.values()),
            "apart": {" / ".join(key): _sides(sides) for key, sides in owed.items() if sides[0] != sides[1]},
            "sums": {name: _sides(tuple(line)) for name, line in sorted(sums.items())},
        },
        "banks in account currency": {key[0]: _sides(sides) for key, sides in compared.totals("bank").items()},
        "trial balance movements in base currency": {key[0]: _sides(sides) for key, sides in compared.totals("group").items()},
        "open items": {
            "equal": compared.items["equal"],
            "apart, by reason": {f"{name}: {reason}": {"count": len(lines), "examples": lines[:EXAMPLES]}
                                 for (name, reason), lines in sorted(compared.items["explained"].items())},
        },
        "named differences": {
            f"{name}: {reason}": {"documents": len(each.documents), "host less Xero": _shown(each.apart), "examples": each.documents[:EXAMPLES]}
            for (name, reason), each in sorted(compared.named.items())
        },
        "held, by reason": {code: {"documents": len(names), "by rule": BY_RULE.get(code, ""), "says": _says(compared, code), "names": names}
                            for code, names in refused.items()},
        "held in all": {"documents": held, "share": f"{held / max(1, len(documents)):.4f}"},
        "refused otherwise": {"documents": unruled, "share": f"{unruled / max(1, len(documents)):.4f}", "limit": str(LIMIT)},
        "unexplained": [f"{what}: {_shown(moves)}" if moves else what for what, moves in compared.unexplained],
        "the statement contradicts itself": compared.not_rebuilt() + compared.gaps(),
        "errors logged": [f"{row['method']}: {row['error'][-300:]}" for row in written["errors"]] + written["worker_errors"][:10],
    }  # fmt: skip


def refusals(compared: TieOut) -> dict[str, list[str]]:
    """Documents that wait for a person, themselves or through what they wait for, by the reason of the first such step."""
    found: dict[str, list[str]] = {}
    for document in compared.host.documents.values():
        held = [step if step["state"] in WAITING else compared.steps.get(step["waits_on"] or "") for step in document.steps]
        if step := next(filter(None, held), None):
            found.setdefault(step["reason_code"] or step["state"], []).append(document.name)
    return dict(sorted(found.items()))


def _says(compared: TieOut, code: str) -> str:
    step = next(step for step in compared.host.steps if step["state"] in WAITING and (step["reason_code"] or step["state"]) == code)
    return f"{step['reason']} {step['cure']}"


def _sides(sides: tuple[Decimal, ...]) -> dict[str, str]:
    host, xero = sides
    return {"host": str(host), "xero": str(xero), "apart": str(host - xero)}


def _shown(moves: Moves) -> dict[str, str]:
    """Without the contacts, of which there are many: what is owed is in the control accounts' groups too."""
    return {" ".join(key): str(amount) for key, amount in sorted(moves.items()) if amount and (key[0] != "owed" or len(moves) < 8)}


def failed(result: dict[str, Any]) -> list[str]:
    """Why the statement does not hold; nothing where it does."""
    wrong = (
        [f"unexplained: {line}" for line in result["unexplained"]] + result["the statement contradicts itself"] + result["errors logged"]
    )
    if Decimal(result["refused otherwise"]["share"]) > LIMIT:
        wrong.append(f"{result['refused otherwise']['documents']} documents are refused for other reasons than rules")
    if moving := {state: result["steps"][state] for state in ("Sending", "Unknown") if result["steps"].get(state)} | result["in flight"]:
        wrong.append(f"not drained: {moving}")
    return wrong


def text(result: dict[str, Any]) -> str:
    """The statement for a person."""
    documents = result["documents"]
    lines = [
        f"Tie-out of {result['company']}: {documents['submitted']} documents submitted ({documents['of them cancelled']} of them cancelled, {documents['of them amendments']} amendments), "
        f"{documents['by kind']}",
        f"steps {result['steps']}, {result['calls_to_xero']} calls to Xero, seconds {result['seconds']}",
        "",
        f"{'':44}{'host':>16}{'Xero':>16}{'apart':>14}",
        f"What is owed, in document currency: {result['contacts']['equal']} lines of {result['contacts']['in all']} contacts are equal",
        *(_row(name, sides) for name, sides in result["contacts"]["sums"].items()),
        "Banks, in account currency",
        *(_row(name, sides) for name, sides in result["banks in account currency"].items()),
        "Trial balance, movement in base currency",
        *(_row(name, sides) for name, sides in result["trial balance movements in base currency"].items()),
        "",
        f"Open items equal: {result['open items']['equal']}",
        *(f"  apart {each['count']:>4}  {name}   {each['examples'][0]}" for name, each in result["open items"]["apart, by reason"].items()),
        "",
        "Named differences (host less Xero)",
    ]
    for name, each in result["named differences"].items():
        lines.append(f"  {each['documents']:>4}  {name}   ({', '.join(each['examples'][:3])})")
        lines += [f"          {what:<40}{amount:>14}" for what, amount in each["host less Xero"].items()]
    share = result["held in all"]
    lines += [
        "",
        f"Held for a person: {share['documents']} documents ({Decimal(share['share']):.2%}), {result['refused otherwise']['documents']} not by rule",
    ]
    lines += [
        f"  {each['documents']:>4}  {code}{' (by rule)' if each['by rule'] else ''}: {each['says'][:160]}"
        for code, each in result["held, by reason"].items()
    ]
    lines += ["", f"Unexplained: {len(result['unexplained'])}", *(f"  {line}" for line in result["unexplained"][:40])]
    wrong = failed(result)
    return "\n".join(
        [
            *lines,
            "",
            "The books tie out." if not wrong else f"The books do NOT tie out: {len(wrong)} reasons",
            *(f"  {line[:300]}" for line in wrong[:40]),
        ]
    )


def _row(name: str, sides: dict[str, str]) -> str:
    return f"  {name:<42}{sides['host']:>16}{sides['xero']:>16}{sides['apart']:>14}"
