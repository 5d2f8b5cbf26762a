"""The second part of `make test-journey`: what goes, when, and by whose leave, walked by four people in windows of their own.

An admin sets three rules (skip, hold for two steps of approval, next batch) and previews them; a clerk submits documents; two approvers work their list, give
one back with a note and see it again; the admin sends what waits for its batch. After each stage the simulator's books are compared with what each
step was to do: a screen that says something else than Xero holds fails.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator

from sandbox.xero.process import RunningXero
from tests.bench.walking import Stuck, Walk

PEOPLE = {"clerk": "Carl, clerk", "maia": "Maia, Xero Approver", "tom": "Tom, Xero Approver"}
SKIP, HOLD, BATCH = "School is invoiced in Xero", "Over 1,000", "Print is sent together"
NOTE = "Agreed were 1,169, not 1,690: please correct"
MENDED = "1169"
# Minutes that the rules, the clerk and the approvers may take: what waits for the next full hour has to wait still when it is looked at.
BEFORE_THE_HOUR = 12


class ByLeave:
    """The walk of four people; `wrong` is what Xero's books say otherwise, `figures` what was in them after each stage."""

    def __init__(self, people: dict[str, Walk], xero: RunningXero, data: dict[str, Any]) -> None:
        self.people, self.xero, self.data = people, xero, data
        self.leave: dict[str, Any] = data["leave"]
        self.drafts: dict[str, str] = self.leave["drafts"]
        self.wrong: list[str] = []
        self.figures: dict[str, dict[str, int]] = {}

    def walk(self) -> None:
        """All of it."""
        wait_for_the_hour()
        self.rules()
        self.submitted()
        self.approvals()
        self.batch()

    # What is in Xero

    def there(self, number: str, status: str = "") -> list[dict[str, Any]]:
        """The invoices and bills of this number or reference that are not voided or deleted; of this status alone where one is given."""
        return [
            each
            for each in self.xero.documents("Invoices")
            if number in (str(each.get("InvoiceNumber", "")), str(each.get("Reference", "")))
            and (each["Status"] == status if status else each["Status"] not in ("VOIDED", "DELETED"))
        ]

    def number_of(self, what: str) -> str:
        """Under which number Xero knows a draft of the clerk's: a bill by its supplier's."""
        return str(self.leave["bills"].get(self.drafts[what], self.drafts[what]))

    def expect(self, stage: str, wanted: dict[str, bool]) -> None:
        """By number whether it is in Xero."""
        for number, there in wanted.items():
            found = self.there(number)
            if len(found) != int(there):
                self.wrong.append(f"{stage}: {number} is {len(found)} times in Xero, and was to be {'once' if there else 'not'} there")
        self.figures[stage] = self.counts()

    def counts(self) -> dict[str, int]:
        """How many records of each resource are in Xero, by their state."""
        found: Counter[str] = Counter()
        for resource in ("Invoices", "CreditNotes", "Payments", "BankTransactions", "ManualJournals"):
            for each in self.xero.documents(resource):
                found[f"{resource} {each['Status']}"] += 1
        return dict(sorted(found.items()))

    # Finding one's way

    def home(self, walk: Walk, shortcut: str) -> None:
        """The app's home page, and from there by its shortcut."""
        walk.page.goto(f"{walk.address}/app/picortex-connector-for-xero")
        walk.page.locator(".xero-companies").first.wait_for()
        walk.quiet()
        walk.press(walk.page.locator(".shortcut-widget-box").get_by_text(shortcut, exact=True))

    def until(self, walk: Walk, says: Callable[[], bool], what: str, seconds: float = 120, again: Locator | None = None) -> None:
        """Wait until the screen says so, pressing `again` now and then as a person who waits does; Stuck where it does not."""
        deadline = time.monotonic() + seconds
        while not says():
            if time.monotonic() > deadline:
                raise Stuck(f"{what} is not said within {seconds:.0f} s")
            walk.page.wait_for_timeout(2000)
            if again is not None and again.count():
                again.click()
                walk.quiet()

    # Rules

    def rules(self) -> None:
        """Status and money are set, three rules are made, and previewed."""
        admin = self.people["admin"]
        page = admin.page
        with admin.step("Let money go by itself"):
            page.goto(f"{admin.address}/app/xero-connection")
            admin.quiet()
            admin.press(page.locator(".list-row a[data-name], .list-row .list-subject a").first)
            admin.choose(page.locator("[data-fieldname=money] select").locator("visible=true"), "Send")
            admin.press(admin.button("Save", ".page-head"))
        with admin.step("Open Rules, and say that invoices and bills arrive approved"):
            self.home(admin, "Rules")
            page.locator(".xero-rules [data-kind]").first.wait_for()
            for kind in ("Sales invoices", "Bills"):
                row = page.locator(".xero-rules [data-kind]").filter(has=page.get_by_text(kind, exact=True))
                admin.choose(row.locator("[data-field=target_status]"), "Awaiting payment")
        with admin.step("A rule that skips"):
            self.new_rule(SKIP, "Skip", ["Sales Invoices"])
            self.condition("Customer", "is", "Island Bay School")
            self.save_rule()
        with admin.step("A rule that holds for two steps of approval"):
            self.new_rule(HOLD, "Hold for approval", ["Sales Invoices", "Bills"])
            self.condition("Amount in company currency", "", "1000")
            self.approval_step(1, "Xero Approver")
            self.approval_step(2, "", self.leave["tom"], "3000")
            box = page.locator("[data-fieldname=no_self_approval] input[type=checkbox]").locator("visible=true")
            if not box.is_checked():
                admin.press(box)
            admin.picture("rule-with-two-steps")
            self.save_rule()
        with admin.step("A rule for the next batch"):
            self.new_rule(BATCH, "Next batch", ["Bills"])
            self.condition("Supplier", "is", "Metro Print")
            self.save_rule()
            admin.picture("rules-set")
        with admin.step("Preview the rules"):
            admin.press(admin.button("Preview", ".page-head"))
            page.locator(".xero-rules-preview table").first.wait_for()
            admin.press(page.locator(".xero-rules-preview tr", has_text=SKIP).locator("[data-act=caught]").first)
            page.locator(".xero-rules-caught table").wait_for()
            page.mouse.move(700, 500)
            page.mouse.wheel(0, 2000)
            admin.picture("rules-preview")
        said = page.locator(".xero-rules-preview").inner_text()
        for each in (SKIP, HOLD, BATCH):
            if each not in said:
                self.wrong.append(f"the preview of the rules says nothing of {each}")
        self.expect("rules set", dict.fromkeys(map(self.number_of, self.drafts), False))

    def new_rule(self, title: str, outcome: str, kinds: list[str]) -> None:
        """Its form, with name, outcome and kinds."""
        admin = self.people["admin"]
        page = admin.page
        admin.press(admin.button("Add a Rule", ".page-head"))
        page.locator(".xero-condition, [data-fieldname=builder] button").locator("visible=true").first.wait_for()
        admin.press(page.locator("[data-fieldname=title] input").locator("visible=true"))
        admin.type_into("[data-fieldname=title] input", title)
        if outcome != "Sync":
            admin.choose(page.locator("[data-fieldname=outcome] select").locator("visible=true"), outcome)
        for kind in kinds:
            admin.press(page.locator(".frappe-control[data-fieldtype=Check]").get_by_text(kind, exact=True).locator("visible=true"))

    def condition(self, field: str, operator: str, value: str) -> None:
        """One more condition of the rule that is open."""
        admin = self.people["admin"]
        page = admin.page
        builder = page.locator("[data-fieldname=builder]").locator("visible=true")
        admin.press(builder.get_by_role("button", name=re.compile("Add a Condition|And")).first)
        row = builder.locator(".xero-condition").last
        if field != "Amount in company currency":
            admin.choose(row.locator("select").nth(0), field)
        if operator and operator != row.locator("select").nth(1).locator("option:checked").inner_text():
            admin.choose(row.locator("select").nth(1), operator)
        admin.press(row.locator("input").last)
        page.keyboard.type(value, delay=15)
        admin.quiet()
        if field in ("Customer", "Supplier"):
            self.offered(value)
        page.keyboard.press("Tab")
        admin.quiet()

    def offered(self, value: str) -> None:
        """Press what a field of links offers under what was typed."""
        admin = self.people["admin"]
        offer = (
            admin.page.locator("ul[role=listbox] [role=option]")
            .locator("visible=true")
            .filter(has=admin.page.get_by_text(value, exact=True))
        )
        admin.press(offer.first)

    def approval_step(self, at: int, role: str = "", people: str = "", least: str = "") -> None:
        """One more step of who approves, in the table."""
        admin = self.people["admin"]
        page = admin.page
        grid = page.locator("[data-fieldname=approval_steps]").locator("visible=true")
        admin.press(grid.locator(".grid-add-row"))
        row = grid.locator(f".grid-row[data-idx='{at}']")
        for field, value in (("approver_role", role), ("people", people), ("least", least)):
            if not value:
                continue
            cell = f"[data-fieldname={field}] :is(input, textarea)"
            # The first press on a row makes it one to be filled in.
            if not row.locator(cell).locator("visible=true").count():
                admin.press(row.locator(f"[data-fieldname={field}]").first)
            if not page.evaluate("(cell) => document.activeElement.matches(cell)", cell):
                admin.press(row.locator(cell).locator("visible=true"))
            admin.type_into(cell, value)
            if field == "approver_role":
                self.offered(value)
            # The Tab key behind the last cell adds a row of its own; it stays empty, and no step comes of it.
            page.keyboard.press("Tab")
            admin.quiet()

    def save_rule(self) -> None:
        """Save the rule and go back to all."""
        admin = self.people["admin"]
        admin.press(admin.button("Save", ".page-head"))
        admin.press(admin.button("All Rules"))
        admin.page.locator(".xero-rules [data-rule]").first.wait_for()
        admin.quiet()

    # The clerk

    def submitted(self) -> None:
        """The clerk submits five invoices from the list and two bills in their forms."""
        clerk = self.people["clerk"]
        page = clerk.page
        with clerk.step("Sign in"):
            clerk.sign_in(self.leave["clerk"], self.data["password"])
        with clerk.step("Submit the drafts of today from the list"):
            page.goto(f"{clerk.address}/app/sales-invoice")
            clerk.quiet()
            # A press on a state shows what is in it.
            clerk.press(page.locator(".list-row .indicator-pill", has_text="Draft").locator("visible=true").first)
            clerk.press(page.locator(".list-header-subject .list-check-all").locator("visible=true"))
            clerk.press(page.locator(".actions-btn-group > button").locator("visible=true"))
            clerk.press(page.locator(".actions-btn-group .dropdown-item", has_text="Submit").locator("visible=true").first)
            clerk.press(clerk.button("Yes", ".modal.show"))
            self.until(
                clerk, lambda: not page.locator(".modal.show, .progress-bar").locator("visible=true").count(), "the end of submitting"
            )
        for what in ("batch", "held_bill"):
            with clerk.step("Submit a bill"):
                page.goto(f"{clerk.address}/app/purchase-invoice/{self.drafts[what]}")
                clerk.quiet()
                self.submit(clerk)
        with clerk.step("Look at one that waits"):
            page.goto(f"{clerk.address}/app/sales-invoice/{self.drafts['wrong']}")
            clerk.quiet()
            self.until(clerk, lambda: page.get_by_text("Waiting for approval").locator("visible=true").count() > 0, "that it waits")
            clerk.picture("invoice-waiting-for-approval")
        self.arrived(clerk, "at_once")
        self.expect("submitted", {self.number_of(what): what == "at_once" for what in self.drafts})

    def submit(self, walk: Walk) -> None:
        """The document that is open."""
        if not walk.button("Submit", ".page-head").count():
            walk.press(walk.button("Save", ".page-head"))
        walk.press(walk.button("Submit", ".page-head"))
        walk.press(walk.button("Yes", ".modal.show"))
        walk.page.locator(".page-head .indicator-pill", has_text=re.compile("Unpaid|Overdue|Submitted")).locator("visible=true").wait_for()
        walk.quiet()

    def arrived(self, walk: Walk, *what: str) -> None:
        """Wait until Xero has these."""
        self.until(walk, lambda: all(self.there(self.number_of(each)) for each in what), f"{what} in Xero")

    # Approvals

    def approvals(self) -> None:
        """Maia approves in bulk and gives one back; the clerk mends it; Tom agrees to what is asked of him."""
        maia, tom, clerk = self.people["maia"], self.people["tom"], self.people["clerk"]
        with maia.step("Sign in, and open the list"):
            maia.sign_in(self.leave["maia"], self.data["password"])
            maia.press(maia.page.locator(".layout-side-section").get_by_text("PiCortex connector for Xero").first)
            maia.page.locator(".shortcut-widget-box, .number-widget-box").first.wait_for()
            maia.picture("approvers-home")
            maia.press(maia.page.locator(".shortcut-widget-box").get_by_text("Approvals", exact=True))
            maia.page.locator(".xa-list").wait_for()
        with maia.step("See what one becomes in Xero"):
            row = self.asked(maia, self.drafts["two_steps"])
            maia.press(row.locator("summary"))
            maia.picture("approvals")
            maia.press(row.locator("[data-act=preview]"))
            maia.page.locator(".modal.show h5").first.wait_for()
            maia.picture("approval-as-in-xero")
            maia.press(maia.page.locator(".modal.show .btn-modal-close").locator("visible=true"))
        with maia.step("Approve all but one together"):
            maia.press(maia.page.locator(".xa-all"))
            maia.press(self.asked(maia, self.drafts["wrong"]).locator(".xa-one"))
            maia.press(maia.page.locator("[data-act=approve]"))
            maia.press(maia.button("Yes", ".modal.show"))
        with maia.step("Return the one with a note"):
            maia.press(self.asked(maia, self.drafts["wrong"]).locator(".xa-one"))
            maia.press(maia.page.locator("[data-act=return]"))
            maia.press(maia.page.locator(".modal.show textarea"))
            maia.type_into(".modal.show textarea", NOTE)
            maia.picture("approval-return")
            maia.press(maia.page.locator(".modal.show .btn-modal-primary").locator("visible=true"))
        self.arrived(maia, "one_step", "held_bill")
        held = dict.fromkeys([self.drafts["two_steps"], self.drafts["wrong"], self.number_of("skipped"), self.number_of("batch")], False)
        self.expect("one approver agreed", {**held, **dict.fromkeys(map(self.number_of, ("at_once", "one_step", "held_bill")), True)})
        self.mended(clerk)
        with tom.step("Sign in, and open the list"):
            tom.sign_in(self.leave["tom"], self.data["password"])
            tom.page.goto(f"{tom.address}/app/xero-approvals")
            tom.page.locator(".xa-list").wait_for()
            refresh = tom.button("Refresh", ".page-head")
            wanted = (self.drafts["two_steps"], self.drafts["wrong"])
            self.until(tom, lambda: all(self.asked(tom, each).count() for each in wanted), "that both wait for Tom", again=refresh)
            tom.picture("approvals-second-step")
        with tom.step("Approve both"):
            tom.press(tom.page.locator(".xa-all"))
            tom.press(tom.page.locator("[data-act=approve]"))
            tom.press(tom.button("Yes", ".modal.show"))
        self.arrived(tom, "two_steps", "wrong")
        waits = dict.fromkeys(map(self.number_of, ("skipped", "batch")), False)
        self.expect(
            "both approvers agreed", {**waits, **{self.number_of(what): True for what in self.drafts if self.number_of(what) not in waits}}
        )
        mended = self.there(self.drafts["wrong"])[:1]
        if [float(each["SubTotal"]) for each in mended] != [float(MENDED)]:
            self.wrong.append(f"the corrected invoice is in Xero as {mended}")

    def asked(self, walk: Walk, name: str) -> Locator:
        """The row of a document in the list of approvals."""
        return walk.page.locator(".xa-list > tbody > tr").filter(has=walk.page.locator(f".xa-one[aria-label='{name}']"))

    def mended(self, clerk: Walk) -> None:
        """The clerk reads the note, cancels, amends with the right amount and submits."""
        page = clerk.page
        with clerk.step("Read why it came back"):
            page.goto(f"{clerk.address}/app/home")
            clerk.quiet()
            clerk.press(
                page.locator(".notifications-icon, .dropdown-notifications > button, .dropdown-notifications > a")
                .locator("visible=true")
                .first
            )
            page.get_by_text(NOTE).locator("visible=true").first.wait_for()
            clerk.picture("returned-with-a-note")
            clerk.press(page.locator(".notification-item, .recent-item", has_text=self.drafts["wrong"]).locator("visible=true").first)
            page.wait_for_url(f"**/{self.drafts['wrong']}**")
            clerk.quiet()
        with clerk.step("Correct it, and submit it again"):
            clerk.press(clerk.button("Cancel", ".page-head"))
            if clerk.button("Go on to cancel", ".modal.show").count():
                clerk.press(clerk.button("Go on to cancel", ".modal.show"))
            clerk.press(clerk.button("Yes", ".modal.show"))
            clerk.press(clerk.button("Amend", ".page-head"))
            row = page.locator("[data-fieldname=items] .grid-row[data-idx='1']").locator("visible=true")
            clerk.press(row.locator("[data-fieldname=rate]").first)
            page.keyboard.press("Control+A")
            page.keyboard.type(MENDED, delay=15)
            # Forward from the last cell would add a line.
            page.keyboard.press("Shift+Tab")
            clerk.quiet()
            clerk.press(clerk.button("Save", ".page-head"))
            page.wait_for_url(re.compile(r"-1($|\?)"))
            clerk.quiet()
            self.drafts["wrong"] = page.url.rsplit("/", 1)[1].split("?")[0]
            self.submit(clerk)
            self.until(clerk, lambda: page.get_by_text("Waiting for approval").locator("visible=true").count() > 0, "that it asks again")

    def batch(self) -> None:
        """What waits for its batch is sent at once."""
        admin = self.people["admin"]
        with admin.step("Send what waits for its batch"):
            self.home(admin, "Rules")
            admin.page.locator("[data-act=send-batch]").wait_for()
            admin.press(admin.page.locator("[data-act=send-batch]"))
        self.arrived(admin, "batch")
        self.expect("batch sent", {self.number_of(what): what != "skipped" for what in self.drafts})


def wait_for_the_hour() -> None:
    """Begin so that no full hour falls between a rule for the next batch and what is looked at before it goes."""
    left = 60 - datetime.now().minute
    if left <= BEFORE_THE_HOUR:
        print(f"the next batch goes at the full hour: the second part begins in {left} minutes", flush=True)
        time.sleep(60 * left)
