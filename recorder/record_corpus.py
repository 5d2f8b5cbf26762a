"""Records the random corpus from a real ERPNext: run on a bench, on a site that may be thrown away.

    cd BENCH/sites && ../env/bin/python REPO/recorder/record_corpus.py --site SITE --out REPO/sandbox/erp/recorded/corpus [--count 510] [--only NZ]

`--count` documents are submitted per company. Like `record.py` it changes settings and commits as it goes, and refuses
a site that already has the companies.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import frappe  # noqa: E402

from recorder import corpus  # noqa: E402
from recorder.masters import prepare_site, site_settings, use_price_places  # noqa: E402
from recorder.packing import pack, schema  # noqa: E402
from recorder.record import KINDS, about, write  # noqa: E402


def record_company(code: str, count: int, out: Path) -> None:
    if frappe.db.exists("Company", corpus.NAMES[code]["name"]):
        raise SystemExit(f"{corpus.NAMES[code]['name']} exists on this site: record on a fresh one")
    books, year = corpus.record(code, count)
    masters = books.masters() | year.masters
    final: dict[str, dict[str, object]] = {}
    for doctype, name in year.done:
        fields = ["docstatus", "status"] + (["outstanding_amount"] if doctype in corpus.INVOICES else [])
        fields = fields[:1] if doctype == "Journal Entry" else fields
        final.setdefault(doctype, {})[name] = frappe.db.get_value(doctype, name, fields, as_dict=True)
    company = pack(frappe.get_doc("Company", books.company))
    company |= {"code": code, "masters": masters, "documents": year.records, "final": final}
    write(out / f"corpus-{code.lower()}.json.gz", {
        **about("record_corpus.py"), "settings": site_settings(), "schema": schema(KINDS | set(masters)), "companies": [company],
        "refused": dict(year.refused)})  # fmt: skip
    for reason, times in year.refused.most_common():
        print(f"  refused {times} times: {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", required=True)
    parser.add_argument("--out", required=True, type=Path, help="directory for the *.json.gz files")
    parser.add_argument("--count", type=int, default=510, help="documents submitted per company (the committed files: 510)")
    parser.add_argument("--only", nargs="*", default=list(corpus.NAMES), help="company codes")
    chosen = parser.parse_args()
    frappe.init(site=chosen.site)
    frappe.connect()
    frappe.set_user("Administrator")
    frappe.flags.mute_emails = True
    prepare_site()
    use_price_places(4)
    for code in chosen.only:
        record_company(code, chosen.count, chosen.out)
    frappe.destroy()


if __name__ == "__main__":
    main()
