"""One person at the Desk with mouse and keyboard: what a journey is walked with, and what is told of it.

A listener in the page counts clicks and choices from drop-downs. Several people may share one telling: each has a window of his own.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page

# Counted is what a person does: a click, or a press of Enter or Space that does what a click does, and a choice from a drop-down by the keyboard.
LISTENER = """
(() => {
    if (window.__counting) return;
    window.__counting = true;
    let last = "";
    const named = (at) => ((at.closest && at.closest("button, a, li, label, td, select, input")) || at);
    const text = (at) => (named(at).innerText || named(at).value || named(at).placeholder || named(at).name || named(at).tagName || "").trim().slice(0, 60);
    const say = (kind, at) => window.journeyPress && window.journeyPress(JSON.stringify([kind, text(at)]));
    for (const each of ["mousedown", "keydown"]) addEventListener(each, (event) => { if (event.isTrusted) last = each; }, true);
    // The browser tells of a choice from its own list twice, as a change and then as a click: that is one choice.
    let chosen = null;
    addEventListener("click", (event) => {
        const echo = chosen && chosen.target === event.target && event.timeStamp - chosen.timeStamp < 100;
        chosen = null;
        if (event.isTrusted && !echo) say("click", event.composedPath()[0]);
    }, true);
    addEventListener("change", (event) => {
        if (!event.isTrusted || event.target.tagName !== "SELECT") return;
        chosen = { target: event.target, timeStamp: event.timeStamp };
        say("choice", event.target);
    }, true);
    addEventListener("awesomplete-select", (event) => { if (last === "keydown") say("choice", event.target); }, true);
})();
"""
QUIET = """
() => !document.querySelector("#freeze, .freeze-message-container:not(.hide)") && window.frappe && frappe.request && !frappe.request.ajax_count
    && document.body.innerText.length > 50
"""


class Stuck(Exception):
    """The journey cannot go on; the message says where."""


class Telling:
    """What is told of a journey: `steps` are (title, who, clicks and choices, seconds) so far, `pressed` says what each was; pictures go to `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[dict[str, Any]] = []
        self.pressed: list[list[str]] = []
        self.pictures = 0
        self.acting: Walk | None = None


class Walk:
    """One person at the Desk, of whose doing is told in `telling`."""

    def __init__(self, page: Page, address: str, telling: Telling, who: str = "") -> None:
        self.page, self.address, self.telling, self.who = page, address, telling, who
        self.left: list[str] = []
        self.by_hand: list[str] = []
        self.taxes = 0
        page.context.expose_binding("journeyPress", lambda _source, said: telling.pressed.append(json.loads(said)))
        page.context.add_init_script(LISTENER)
        page.set_default_timeout(45_000)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """What is done in the block is one step of the record."""
        self.telling.acting = self
        pressed, steps = self.telling.pressed, self.telling.steps
        before, started = len(pressed), time.monotonic()
        try:
            yield
        finally:
            self.page.wait_for_timeout(200)
            done = pressed[before:]
            steps.append(
                {
                    "step": title,
                    **({"who": self.who} if self.who else {}),
                    "presses": len(done),
                    "seconds": round(time.monotonic() - started, 1),
                    "pressed": [": ".join(each) for each in done],
                }
            )
            print(f"{len(done):3} presses {steps[-1]['seconds']:6.1f} s  {f'{self.who}: ' if self.who else ''}{title}", flush=True)

    def sign_in(self, user: str, password: str) -> None:
        """By the sign-in page."""
        self.page.goto(f"{self.address}/login")
        # The page puts the cursor into its first field by itself.
        self.type_into("#login_email", user)
        self.page.keyboard.press("Tab")
        self.type_into("#login_password", password)
        self.page.locator(".for-login .btn-login").click()
        self.page.wait_for_url("**/app**")
        self.quiet()

    def quiet(self) -> None:
        """Nothing is on its way any more."""
        for _ in range(3):
            self.page.wait_for_function(QUIET, timeout=90_000)
            self.page.wait_for_timeout(300)

    def press(self, at: Locator) -> None:
        """Click with the mouse what can be seen."""
        at.scroll_into_view_if_needed()
        at.click()
        self.quiet()

    def button(self, name: str | re.Pattern[str], within: str = "body") -> Locator:
        """The one button in sight of that name."""
        return self.page.locator(within).get_by_role("button", name=name, exact=isinstance(name, str)).locator("visible=true").first

    def type_into(self, field: str, text: str) -> None:
        """Type where the cursor is; Stuck where that is not this field."""
        self.page.wait_for_timeout(200)
        if not self.page.evaluate("(field) => document.activeElement.matches(field)", field):
            raise Stuck(f"the cursor is not in {field}")
        self.page.keyboard.type(text, delay=5)

    def choose(self, select: Locator, label: str) -> None:
        """From a drop-down of the browser: opened with the mouse, chosen with the keyboard, as its list is no part of the page."""
        wanted = select.locator("option").all_inner_texts().index(label)
        now = int(select.evaluate("(each) => each.selectedIndex"))
        select.click()
        for key in [*["ArrowDown"] * (wanted - now), "Enter"]:
            self.page.wait_for_timeout(150)
            self.page.keyboard.press(key)
        self.quiet()

    def picture(self, name: str) -> None:
        """What is on the screen, for the guide."""
        self.quiet()
        # A toast of something done before does not belong to this screen.
        self.page.mouse.move(700, 4)
        self.page.locator("#alert-container .desk-alert").first.wait_for(state="hidden", timeout=15_000)
        self.page.wait_for_timeout(400)
        self.telling.pictures += 1
        self.page.screenshot(path=self.telling.folder / f"{self.telling.pictures:02d}-{name}.png")


def smaller(folder: Path) -> None:
    """Screens have few colours: 256 of them show the same in a third of the bytes."""
    for each in sorted(folder.glob("*.png")):
        with Image.open(each) as picture:
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(each, optimize=True)
