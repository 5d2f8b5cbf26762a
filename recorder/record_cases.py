"""Records the named cases and chains from a real ERPNext: run on a bench, on a site that may be thrown away.

    cd BENCH/sites && ../env/bin/python REPO/recorder/record_cases.py --site SITE --out REPO/sandbox/erp/recorded/cases [--only CASE ...]

One file per company country. Like `record.py` it changes settings, commits as it goes, and refuses a site that
already has the companies (with --only and --again it goes on with them, to try a single case, and writes nothing).
"""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import frappe  # noqa: E402

import recorder.cases  # noqa: E402, F401
from recorder.case_books import COMPANIES, CaseBooks  # noqa: E402
from recorder.chains import CASES, WATCHED, Chain  # noqa: E402
from recorder.masters import prepare_site, site_settings, use_price_places  # noqa: E402
from recorder.packing import pack, schema  # noqa: E402
from recorder.record import about, write  # noqa: E402

COUNTRIES = ("NZ", "AU", "UK", "US")


def record_case(books: CaseBooks, name: str, title: str, make: Any) -> dict[str, Any]:
    """Run one case and return it as recorded."""
    chain = Chain(books, name, title)
    make(chain)
    return {**chain.result(), "company": books.code}


def _company(books: CaseBooks, masters: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return pack(frappe.get_doc("Company", books.company)) | {"code": books.code, "masters": masters}


def record_country(country: str, out: Path | None, only: list[str]) -> list[str]:
    """Every case of one country; the names of those that failed (their errors are printed)."""
    use_price_places(4)
    books = CaseBooks(country)
    masters = books.masters()
    cases, failed = [], []
    for code, name, title, make in CASES:
        if code != country or (only and name not in only):
            continue
        try:
            cases.append(record_case(books, name, title, make))
        except Exception:
            traceback.print_exc()
            frappe.db.rollback()
            failed.append(f"{country} {name}")
    if out and not failed:
        companies = [_company(books, masters)]
        if country == "NZ":
            companies.append(_company(CaseBooks("HIRE"), CaseBooks("HIRE").masters()))
        kinds = {*WATCHED, "Company", "Employee", "POS Profile", *masters}
        write(out / f"cases-{country.lower()}.json.gz", {**about("record_cases.py"), "settings": site_settings(), "schema": schema(kinds), "companies": companies,
                                                      "cases": cases})  # fmt: skip
    print(f"{country}: {len(cases)} cases, {sum(len(case['events']) for case in cases)} events, failed: {failed or 'none'}")
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", required=True)
    parser.add_argument("--out", type=Path, help="directory for the *.json.gz files; without it nothing is written")
    parser.add_argument("--only", nargs="*", default=[], help="names of cases")
    parser.add_argument("--again", action="store_true", help="go on with the companies that are there")
    chosen = parser.parse_args()
    frappe.init(site=chosen.site)
    frappe.connect()
    frappe.set_user("Administrator")
    frappe.flags.mute_emails = True
    if frappe.db.exists("Company", COMPANIES["NZ"]["name"]) and not chosen.again:
        raise SystemExit("the companies of the cases exist on this site: record on a fresh one")
    prepare_site()
    for code in COMPANIES:
        CaseBooks(code).create()
        frappe.clear_cache()
    failed = [name for country in COUNTRIES for name in record_country(country, chosen.out, chosen.only)]
    frappe.destroy()
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
