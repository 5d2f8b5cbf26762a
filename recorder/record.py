"""Records documents from a real ERPNext: run on a bench, on a site that may be thrown away afterwards.

    cd BENCH/sites && ../env/bin/python REPO/recorder/record.py --site SITE --out DIR [--only NZ AU ...]

It changes site settings (price precision, smallest currency fractions) and commits as it goes; it refuses a
site that already has the companies, so that names and counts do not depend on what was there before.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import frappe  # noqa: E402

from recorder import month, random_invoices  # noqa: E402
from recorder.masters import PLACES, Books, prepare_site, site_settings, use_price_places  # noqa: E402
from recorder.packing import pack, schema  # noqa: E402

RANDOM_SEEDS = {
    "Banker's Rounding": range(0, 300),
    "Banker's Rounding (legacy)": range(1000, 1060),
    "Commercial Rounding": range(2000, 2060),
}
KINDS = {"Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Company"}


def versions() -> dict[str, str]:
    import erpnext

    return {"frappe": frappe.__version__, "erpnext": erpnext.__version__, "python": sys.version.split()[0],
            "mariadb": frappe.db.sql("select version()")[0][0]}  # fmt: skip


def write(path: Path, recording: dict[str, Any]) -> None:
    """One recording, compressed so that the same content gives the same bytes."""
    text = json.dumps(recording, ensure_ascii=False, separators=(",", ":"), default=str)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def about(by: str = "record.py") -> dict[str, Any]:
    return {"about": f"Recorded from a real ERPNext site by recorder/{by}; see README.md beside this file.",
            "recorded_at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "versions": versions()}  # fmt: skip


def record_company(code: str, out: Path) -> None:
    if frappe.db.exists("Company", PLACES[code]["name"]):
        raise SystemExit(f"{PLACES[code]['name']} exists on this site: record on a fresh one")
    use_price_places(PLACES[code]["rate_places"])
    books, recorder = month.record(code)
    masters = books.masters()
    company = pack(frappe.get_doc("Company", books.company))
    company |= {"code": code, "masters": masters, "documents": recorder.records, "final": recorder.final()}
    write(out / f"company-{code.lower()}.json.gz", {
        **about(), "settings": site_settings(), "schema": schema(KINDS | set(masters)), "companies": [company]})  # fmt: skip


def record_random(out: Path) -> None:
    for code in PLACES:
        Books(code).create()
    records = [record for method, seeds in RANDOM_SEEDS.items() for record in random_invoices.record(seeds, method)]
    frappe.db.set_single_value("System Settings", "rounding_method", "Banker's Rounding")
    frappe.db.commit()
    write(out / "random-invoices.json.gz", {**about(), "settings": site_settings(), "records": records})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", required=True)
    parser.add_argument("--out", required=True, type=Path, help="directory for the *.json.gz files")
    parser.add_argument("--only", nargs="*", default=[*PLACES, "random"], help="company codes, or random")
    chosen = parser.parse_args()
    frappe.init(site=chosen.site)
    frappe.connect()
    frappe.set_user("Administrator")
    frappe.flags.mute_emails = True
    prepare_site()
    for part in chosen.only:
        record_random(chosen.out) if part == "random" else record_company(part, chosen.out)
    frappe.destroy()


if __name__ == "__main__":
    main()
