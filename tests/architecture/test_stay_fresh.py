"""The script with which an open screen stays fresh, run as a page runs it: it is read anew where the stamp is another one, and only while it is looked at."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.architecture.source import APP

NODE = shutil.which("node")
SOURCE = (APP / "public/js/xero_stay_fresh.js").read_text("utf-8")
DESK = """
const given = JSON.parse(require("fs").readFileSync(0));
const heard = {}, read = [], asked = [];
let tick, now = 1000;
Date.now = () => now;
const listen = (what, act) => (heard[what] = [...(heard[what] || []), act]);
global.document = { hidden: false, addEventListener: listen };
global.window = { addEventListener: listen };
global.setInterval = (act) => (tick = act);
global.frappe = { provide() { global.picortex_xero = global.picortex_xero || {}; },
    call: async ({ args }) => { asked.push(args); if (stamp === "fails") throw new Error("no answer"); return { message: stamp }; } };
console.warn = () => {};
let stamp = "a", shown = true;
new Function(given.source)(); new Function(given.source)();
const begin = picortex_xero.stay_fresh({ screen: "to-fix", shown: () => shown, connection: () => "C", read: async () => read.push(stamp) });
const told = [];
const step = async (name, act) => { await act(); told.push([name, read.length, asked.length]); };
(async () => {
    await step("begun", begin);
    await step("same", () => tick());
    stamp = "b";
    await step("changed", () => tick());
    stamp = "c"; shown = false;
    await step("something is chosen on it", () => tick());
    shown = true; document.hidden = true;
    await step("nobody looks", () => tick());
    document.hidden = false;
    await step("comes back", async () => { for (const act of heard.focus) await act(); });
    stamp = "fails";
    await step("no answer", () => tick());
    stamp = "d"; now += 16 * 60 * 1000;
    await step("has walked away", () => tick());
    heard.keydown.forEach((act) => act());
    await step("is there again", () => tick());
    console.log(JSON.stringify({ told, asked, keys: heard.keydown.length }));
})();
"""


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_a_screen_is_read_anew_where_something_changed() -> None:
    assert NODE
    done = subprocess.run([NODE, "-e", DESK], input=json.dumps({"source": SOURCE}), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["told"] == [
        ["begun", 0, 1],
        ["same", 0, 2],
        ["changed", 1, 3],
        ["something is chosen on it", 1, 3],
        ["nobody looks", 1, 3],
        ["comes back", 2, 4],
        ["no answer", 2, 5],
        ["has walked away", 2, 5],
        ["is there again", 3, 6],
    ]
    assert found["asked"][0] == {"screen": "to-fix", "connection": "C"} and found["keys"] == 1
