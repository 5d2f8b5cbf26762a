"""Prints what the recordings hold: `python -m sandbox.erp`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.erp import RECORDED, cases, corpus, read, recordings


def main() -> None:
    """One block per company: documents by event and kind, then the random invoices."""
    everything: Counter[str] = Counter()
    for recording in recordings("company-*.json.gz"):
        for company in recording["companies"]:
            kinds = Counter(f"{record['event']} {record['doctype']}" for record in company["documents"])
            everything += kinds
            marked = [record["attention"] for record in company["documents"] if record.get("attention")]
            print(f"{company['name']} ({company['default_currency']}): {sum(kinds.values())} events")
            for kind, count in sorted(kinds.items()):
                print(f"  {count:5d} {kind}")
            for reason in marked:
                print(f"        marked: {reason}")
    submitted = sum(count for kind, count in everything.items() if kind.startswith("submit"))
    print(f"all companies: {submitted} documents submitted, {sum(everything.values()) - submitted} cancelled")
    for path in sorted(RECORDED.glob("random-*.json.gz")):
        records = read(path)["records"]
        print(f"{path.name}: {len(records)} invoices, {dict(Counter(r['rounding_method'] for r in records))}")
    named = [(recording["companies"][0]["name"], case) for recording, case in cases()]
    print(f"named cases: {len(named)}, with {sum(len(case['events']) for _name, case in named)} events")
    for company, count in Counter(name for name, _case in named).items():
        print(f"  {count:5d} {company}")
    total: Counter[str] = Counter()
    for recording in corpus():
        company = recording["companies"][0]
        kinds = Counter(_kind(record) for record in company["documents"])
        total += kinds
        print(f"corpus, {company['name']}: {sum(count for kind, count in kinds.items() if kind.startswith('submit'))} documents submitted")
    for kind, count in sorted(total.items()):
        print(f"  {count:5d} {kind}")
    print(f"corpus: {sum(count for kind, count in total.items() if kind.startswith('submit'))} documents submitted")
    print(f"{sum(path.stat().st_size for path in RECORDED.rglob('*.gz')) / 1024:.0f} KiB")


def _kind(record: dict[str, Any]) -> str:
    """What an event of the corpus is, in a few words: event, DocType and what is special about the document."""
    doc = record["doc"]
    marks = [
        "return" if doc.get("is_return") else "",
        "amendment" if doc.get("amended_from") else "",
        "paid at once" if doc.get("is_paid") or doc.get("is_pos") else "",
    ]
    if record["doctype"] == "Payment Entry":
        marks += [
            doc["payment_type"],
            "with deductions" if doc.get("deductions") else "",
            "part unallocated" if doc.get("unallocated_amount", 0) > 0.01 else "",
        ]
    if record["doctype"] == "Journal Entry":
        marks += [doc["voucher_type"]]
    return " ".join([record["event"], record["doctype"], *(mark for mark in marks if mark)])


if __name__ == "__main__":
    main()
