"""Prints what the recordings hold: `python -m sandbox.erp`."""

from __future__ import annotations

from collections import Counter

from sandbox.erp import RECORDED, read, recordings


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
    print(f"{sum(path.stat().st_size for path in RECORDED.glob('*.gz')) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
