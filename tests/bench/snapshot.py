"""What lies on a site, as JSON on the standard output. Runs with the bench's Python: `snapshot.py SITE [versions | traces]`.

Two snapshots, before the app was installed and after it was removed, must be equal. `traces` says by what it shows that the site has
held the app.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import frappe

# Rows that say what the site consists of: an app that leaves cleanly leaves none of its own behind.
STRUCTURE = {
    "DocType": ("name", "module", "custom"),
    "Module Def": ("name", "app_name"),
    "Custom Field": ("name",),
    "Property Setter": ("name", "value"),
    "Role": ("name",),
    "Has Role": ("parent", "role"),
    "Custom DocPerm": ("name",),
    "Scheduled Job Type": ("method", "frequency", "cron_format"),
    "Workspace": ("name",),
    "Page": ("name",),
    "Report": ("name",),
    "Print Format": ("name",),
    "Client Script": ("name",),
    "Server Script": ("name",),
    "Notification": ("name",),
    "Number Card": ("name",),
    "Dashboard Chart": ("name",),
    "Logs To Clear": ("ref_doctype", "days"),
    "Installed Application": ("app_name",),
    "Portal Menu Item": ("name",),
    "Web Form": ("name",),
    "User Permission": ("name",),
    "Notification Log": ("name",),
    "Notification Subscribed Document": ("parent", "document"),
    "DocShare": ("name",),
    "DocType Link": ("parent", "link_doctype"),
    "DocType Action": ("parent", "label"),
    "List Filter": ("name",),
    "Document Follow": ("name",),
    "Tag Link": ("name",),
    "ToDo": ("name",),
    "Desktop Icon": ("name",),
    "Workspace Sidebar": ("name",),
}
APP, PREFIX = "picortex_xero", "Xero "
# What an installed or a removed app leaves on a site for ever. Deleted Document is the one that decides: removing an app deletes its
# DocTypes, Frappe keeps a row of each deleted document, and nothing clears that table. The others catch a removal by hand, or half of one.
TRACES = {
    "an installed app": "SELECT app_name FROM `tabInstalled Application` WHERE app_name = %(app)s",
    "a deleted DocType": "SELECT deleted_name FROM `tabDeleted Document` WHERE deleted_doctype = 'DocType' AND deleted_name LIKE %(ours)s",
    "a deleted module": "SELECT deleted_name FROM `tabDeleted Document` WHERE deleted_doctype = 'Module Def' AND data LIKE %(quoted)s",
    "a patch": "SELECT patch FROM `tabPatch Log` WHERE patch LIKE %(paths)s",
    "a module": "SELECT name FROM `tabModule Def` WHERE app_name = %(app)s",
    "a scheduled job": "SELECT method FROM `tabScheduled Job Type` WHERE method LIKE %(paths)s",
    "a role": "SELECT name FROM `tabRole` WHERE name LIKE %(ours)s",
    "a table": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE %(tables)s",
}


def structure() -> dict[str, list[str]]:
    """Sorted lines per kind of thing; `columns` lists every column of every table with its type."""
    found: dict[str, list[str]] = {}
    for doctype, fields in STRUCTURE.items():
        if not frappe.db.sql("SHOW TABLES LIKE %s", f"tab{doctype}"):
            continue  # of another version of Frappe
        rows = frappe.db.sql(f"SELECT {', '.join(f'`{field}`' for field in fields)} FROM `tab{doctype}`")
        found[doctype] = sorted(" | ".join(str(value) for value in row) for row in rows)
    found["Singles"] = sorted({row[0] for row in frappe.db.sql("SELECT doctype FROM `tabSingles`")})
    found["secrets"] = sorted("/".join(map(str, row)) for row in frappe.db.sql("SELECT doctype, name, fieldname FROM `__Auth`"))
    found["defaults"] = sorted(str(row[0]) for row in frappe.db.sql("SELECT DISTINCT defkey FROM `tabDefaultValue`"))
    found["sequences"] = sorted(str(row[0]) for row in frappe.db.sql("SHOW TABLES") if str(row[0]).endswith("_id_seq"))
    columns = frappe.db.sql(
        "SELECT table_name, column_name, column_type, column_key FROM information_schema.columns WHERE table_schema = DATABASE()"
    )
    found["columns"] = sorted(" ".join(str(value) for value in row) for row in columns)
    indexes = frappe.db.sql(
        "SELECT table_name, index_name, column_name, seq_in_index FROM information_schema.statistics WHERE table_schema = DATABASE()"
    )
    found["indexes"] = sorted(" ".join(str(value) for value in row) for row in indexes)
    return found


def rows() -> dict[str, str]:
    """Every table with the number of its rows and a hash of them."""
    found = {}
    for table in _tables():
        count = frappe.db.sql(f"SELECT COUNT(*) FROM `{table}`")[0][0]
        found[table] = f"{count} rows {frappe.db.sql(f'CHECKSUM TABLE `{table}`')[0][1]}"
    return found


def _tables() -> list[str]:
    listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
    return [row[0] for row in frappe.db.sql(listed)]


def traces() -> list[str]:
    """By what it shows that the site holds the app, or has held it; empty where it never has."""
    names = {"app": APP, "ours": f"{PREFIX}%", "quoted": f'%"{APP}"%', "paths": f"{APP}.%", "tables": f"tab{PREFIX}%"}
    found = {what: frappe.db.sql(query, names) for what, query in TRACES.items()}
    return [f"{what}: {', '.join(sorted(str(row[0]) for row in rows))}" for what, rows in found.items() if rows]


def versions() -> dict[str, Any]:
    """Of everything the suite stands on."""
    import erpnext
    import redis
    import rq
    from frappe.utils.background_jobs import get_redis_conn

    variables = dict(frappe.db.sql("SHOW VARIABLES WHERE Variable_name LIKE '%isolation'"))
    return {
        "frappe": frappe.__version__,
        "erpnext": erpnext.__version__,
        "python": sys.version.split()[0],
        "mariadb": frappe.db.sql("SELECT VERSION()")[0][0],
        # Named tx_isolation up to MariaDB 11.0; innodb_snapshot_isolation is there since 10.6.18.
        "isolation": next(variables[name] for name in ("transaction_isolation", "tx_isolation") if name in variables),
        "innodb_snapshot_isolation": variables.get("innodb_snapshot_isolation", "not known to it"),
        "redis": get_redis_conn().info()["redis_version"],
        "rq": rq.__version__,
        "redis-py": redis.__version__,
        "apps": frappe.get_installed_apps(),
        "hrms": "hrms" in frappe.get_installed_apps(),
    }


def main() -> None:
    """Print what was asked for."""
    frappe.init(site=sys.argv[1])
    frappe.connect()
    if sys.argv[2:] == ["versions"]:
        answer: Any = versions()
    elif sys.argv[2:] == ["traces"]:
        answer = traces()
    else:
        answer = {"structure": structure(), "rows": rows()}
        answer["hash"] = hashlib.sha256(json.dumps(answer["structure"], sort_keys=True).encode()).hexdigest()[:16]
    frappe.destroy()
    print("\n" + json.dumps(answer))


if __name__ == "__main__":
    main()
