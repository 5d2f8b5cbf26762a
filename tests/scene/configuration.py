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
