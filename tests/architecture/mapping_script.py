"""What the mapping page decides by itself, asked of its script in node."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from tests.architecture.source import APP

NODE = shutil.which("node")
DESK = """
global.picortex_xero = {};
global.frappe = { provide() {} };
const { source, calls } = JSON.parse(require("fs").readFileSync(0));
new Function(source)();
console.log(JSON.stringify(calls.map(([name, ...given]) => picortex_xero.mapping_rows[name](...given))));
"""


def answers(*calls: list[Any]) -> list[Any]:
    """What these functions answer, each call as [name, arguments ...]."""
    assert NODE
    source = (APP / "public/js/xero_mapping_rows.js").read_text("utf-8")
    given = json.dumps({"source": source, "calls": calls})
    return list(json.loads(subprocess.run([NODE, "-e", DESK], input=given, capture_output=True, text=True, check=True).stdout))
