"""A configuration file on its way out and in, and the app removed from the site and installed again."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from sandbox.rig import Rig, connect
from tests.scene import rig as scene

APP = Path(__file__).resolve().parents[2] / "picortex_xero"
PART = 60_000


def exported(rig: Rig, ties: bool = True) -> bytes:
    """What Export Configuration downloads."""

    def work(_frappe: Any) -> bytes:
        from picortex_xero.api import configuration

        return b"".join(configuration.export(rig.connection, int(ties)).response)

    return bytes(scene.with_site(rig, work))


def uploaded(rig: Rig, content: bytes, upload: str = "upload-1") -> str:
    """The file sent in, part by part."""

    def work(_frappe: Any) -> None:
        from picortex_xero.api import configuration

        for place, at in enumerate(range(0, len(content), PART)):
            configuration.upload(rig.connection, upload, place, base64.b64encode(content[at : at + PART]).decode())

    scene.with_site(rig, work)
    return upload


def compared(rig: Rig, content: bytes) -> dict[str, Any]:
    """What Compare With File shows."""
    upload = uploaded(rig, content)

    def work(_frappe: Any) -> Any:
        from picortex_xero.api import configuration

        return configuration.compare(rig.connection, upload)

    return dict(scene.with_site(rig, work))


def imported(rig: Rig, content: bytes, ties: bool = True, gone: bool = False) -> dict[str, Any]:
    """What Import Configuration answers."""
    upload = uploaded(rig, content)

    def work(_frappe: Any) -> Any:
        from picortex_xero.api import configuration

        return configuration.import_file(rig.connection, upload, int(ties), int(gone))

    return dict(scene.with_site(rig, work))


def reinstalled(rig: Rig) -> None:
    """The app is removed, all of its tables with it, and installed again; the documents stay."""

    def work(frappe: Any) -> None:
        from picortex_xero.engine import write_protection
        from picortex_xero.setup import install

        for path in APP.glob("*/doctype/*/*.json"):
            doctype = json.loads(path.read_text("utf-8"))
            if not doctype.get("issingle"):
                frappe.db.delete(doctype["name"], {})
        settings = frappe.get_doc("Xero Settings")
        settings.update(dict.fromkeys(("instance_id", "client_id", "client_secret_encrypted")))
        with write_protection.own_writes():
            settings.save(ignore_permissions=True)
        install.ensure_settings()

    scene.with_site(rig, work)


def connected_again(rig: Rig) -> None:
    """Signed in at Xero and the organisation chosen, nothing else."""
    connect(rig)


def rule(rig: Rig, title: str, outcome: str, *conditions: tuple[str, str, str], **more: Any) -> str:
    """A rule about invoices, after all others; its name."""
    rows = [{"joined": "and", "field_name": field, "operator": operator, "value": value} for field, operator, value in conditions]
    values = {"connection": rig.connection, "title": title, "outcome": outcome, "for_invoices": 1, "enabled": 1, "conditions": rows, **more}
    made = {"doctype": "Xero Sync Rule", **values}
    return str(scene.with_site(rig, lambda frappe: frappe.get_doc(made).insert(ignore_permissions=True).name))


def rules(rig: Rig) -> list[tuple[str, int, list[str]]]:
    """The rules in their order: title, whether it is on, and the values of its conditions."""

    def read(_frappe: Any) -> Any:
        from picortex_xero.configuration import rules_rows

        return [(each.title, each.enabled, [row[-1] for row in each.conditions]) for each in rules_rows.stored(rig.connection).values()]

    return list(scene.with_site(rig, read))


def sync_setting(rig: Rig, kind: str, **chosen: Any) -> None:
    """What the page Rules saves for a kind of documents."""

    def work(_frappe: Any) -> None:
        from picortex_xero.api import rules

        rules.save_setting(**{"connection": rig.connection, "kind_of": kind, "enabled": 1, "send": "Real time", **chosen})

    scene.with_site(rig, work)


def of_the_first_form(content: bytes) -> bytes:
    """The file as it was before it held sync settings and rules."""
    body = content.decode().replace('"version": 2', '"version": 1')
    begins, last = body.index('"sync_settings": ['), body.index('"rule_conditions": [')
    without = body[:begins] + body[body.index("],\n", last) + 3 :] if body[last:].startswith('"rule_conditions": [\n],') else ""
    without = without or body[:begins] + body[body.index("\n],\n", last) + 4 :]
    return as_if_exported(without.encode())


def counts(rig: Rig, *doctypes: str) -> list[int]:
    """How many rows there are."""
    return list(scene.with_site(rig, lambda frappe: [frappe.db.count(doctype, {}) for doctype in doctypes]))


def as_if_exported(content: bytes, *replaced: tuple[str, str]) -> bytes:
    """The file with these texts replaced and a checksum that fits, as another company or another site had exported it."""
    body = content.decode()
    for old, new in replaced:
        assert old in body, old
        body = body.replace(old, new)
    body = body[: body.index('"checksum": ')]
    return f'{body}"checksum": "{hashlib.sha256(body.encode()).hexdigest()}"\n}}\n'.encode()
