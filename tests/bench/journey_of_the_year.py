"""The third part of `make test-journey`: what came before, walked by an admin and an approver.

Of the year before going live the admin reads the forecast and the preview, starts the import, pauses it, lets it go on and sees it through; what Xero had
already is confirmed, what the bank feed has brought is left out, what a rule holds is approved. Then he undoes it: what becomes of each document is said before
anything is done, and what then becomes of it in Xero has to be that. After each stage the simulator's books are compared with it.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from sandbox.xero.process import RunningXero
from tests.bench.journey_by_leave import ByLeave
from tests.bench.walking import Stuck, Walk

UNDONE = ("VOIDED", "DELETED")
FEED = "The bank feed has brought it"
# Which records of Xero the documents of a kind become.
RESOURCES = {"Sales Invoice": "Invoices", "Purchase Invoice": "Invoices", "Payment Entry": "Payments", "Journal Entry": "ManualJournals"}
# Of what has no number in Xero, the field that begins with the document's name.
SAYS = {"Payment Entry": "Reference", "Journal Entry": "Narration"}


class OfTheYear(ByLeave):
    """The walk through history and its undo, on the site that rules and approvals were walked on."""

    def __init__(self, people: dict[str, Walk], xero: RunningXero, data: dict[str, Any]) -> None:
        super().__init__(people, xero, data)
        self.year: dict[str, Any] = data["leave"]["year"]
        self.before_the_undo: dict[str, list[dict[str, Any]]] = {}
        self.stays_here: set[str] = set()

    def walk(self) -> None:
        """All of it."""
        self.entered_in_xero()
        self.history()
        self.changed_in_xero()
        self.undo()

    # What is in Xero

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """All records that documents of the year may have become, by resource."""
        return {each: self.xero.documents(each) for each in sorted({*RESOURCES.values(), "CreditNotes", "BankTransactions"})}

    def record_of(self, doctype: str, name: str, within: dict[str, list[dict[str, Any]]] | None = None) -> list[dict[str, Any]]:
        """The records of a document of the year: an invoice by its number, a bill by its supplier's, a payment and a journal by its name, the first word of what is said there."""
        found = (within or self.records())[RESOURCES[doctype]]
        if doctype in SAYS:
            return [each for each in found if str(each.get(SAYS[doctype], "")).split(" ")[0] == name]
        wanted = self.year["called"].get(name, name)
        return [each for each in found if wanted in (each.get("InvoiceNumber"), each.get("Reference"))]

    # History

    def entered_in_xero(self) -> None:
        """What people have entered in Xero of the year: three invoices, one of them over another amount, and money from the bank feed."""
        for at, each in enumerate(self.year["there"]):
            amount = float(each["net_total"]) + (5 if at == 2 else 0)
            line = {"Description": "As agreed", "Quantity": "1", "UnitAmount": str(amount), "TaxType": "OUTPUT2", "AccountCode": "200"}
            self.xero.person(
                "create_invoice", Type="ACCREC", Contact={"Name": each["customer"]}, InvoiceNumber=each["name"], Date=each["posting_date"],
                DueDate=each["due_date"], Status="AUTHORISED", LineAmountTypes="Exclusive", LineItems=[line],
            )  # fmt: skip
        coded = self.year["coded"]
        element = {
            "Type": "SPEND", "Contact": {"Name": "Bank feed"}, "BankAccount": {"AccountID": coded["bank"]}, "Date": coded["posting_date"], "LineAmountTypes": "NoTax",
            "LineItems": [{"Description": "From the feed", "Quantity": 1, "UnitAmount": float(coded["paid_amount"]), "AccountCode": "429", "TaxType": "NONE"}],
        }  # fmt: skip
        token = self.xero.token(scope="accounting.banktransactions accounting.contacts")["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Xero-Tenant-Id": self.xero.tenant, "Accept": "application/json"}
        answer = httpx.put(
            f"{self.xero.address}/api.xro/2.0/BankTransactions", json={"BankTransactions": [element]}, headers=headers, timeout=60
        )
        answer.raise_for_status()
        self.figures["before the import"] = self.counts()

    def history(self) -> None:
        """The year before going live: forecast, preview, started, paused, gone on with, through; what waits for somebody is decided."""
        admin = self.people["admin"]
        page = admin.page
        with admin.step("Choose the year, and read the forecast"):
            self.home(admin, "History import")
            page.locator(".xero-history-form").wait_for()
            admin.press(page.locator(".xero-day", has=page.locator("[data-field=from_date]")).locator("input").locator("visible=true"))
            page.keyboard.press("Control+A")
            page.keyboard.type(f"01-01-{datetime.now().year - 1}", delay=30)
            page.keyboard.press("Tab")
            admin.quiet()
            admin.press(page.locator("[data-act=forecast]"))
            page.locator(".xero-history-forecast b").wait_for()
            admin.picture("history-forecast")
        forecast = page.locator(".xero-history-forecast").inner_text()
        for doctype, label in (("Payment Entry", "Payments"), ("Journal Entry", "Journals")):
            if f"{label}: {len(self.year['documents'][doctype])}" not in forecast:
                self.wrong.append(f"the forecast does not say {len(self.year['documents'][doctype])} of {label}: {forecast}")
        with admin.step("Preview it"):
            admin.press(page.locator(".xero-history-form [data-act=preview]"))
            page.locator(".xero-preview-table tbody tr").first.wait_for(timeout=90_000)
            page.locator(".xero-preview").get_by_text(re.compile(r"^(\d+) of \1 documents looked at$")).wait_for(timeout=180_000)
            admin.picture("history-preview")
            admin.press(page.locator(".xero-preview [data-act=filter]", has_text="Would be held"))
            # What a rule holds is approved later on; the rest needs a choice that nobody makes here, and stays.
            named = page.locator(".xero-preview-table tbody tr td:first-child b").all_inner_texts()
            self.stays_here = {each.strip() for each in named} - {*self.year["large"]}
            page.go_back()
            page.locator(".xero-history-form").locator("visible=true").wait_for()
            admin.quiet()
        if self.counts() != self.figures["before the import"]:
            self.wrong.append(f"a forecast and a preview changed what is in Xero: {self.counts()}")
        with admin.step("Start it, and pause it"):
            admin.press(page.locator(".xero-history-form [data-act=start]"))
            admin.press(admin.button("Yes", ".modal.show"))
            self.until(admin, lambda: self.counts() != self.figures["before the import"], "the first documents in Xero")
            admin.press(page.locator("[data-act=pause]"))
            page.locator("[data-act=resume]").wait_for()
        at_rest = self.at_rest(admin)
        with admin.step("See that nothing more goes while it is paused"):
            admin.page.wait_for_timeout(15_000)
            admin.picture("history-paused")
        if self.counts() != at_rest:
            self.wrong.append(f"while the import was paused Xero went from {at_rest} to {self.counts()}")
        with admin.step("Go on, and see it through"):
            admin.press(page.locator("[data-act=resume]"))
            page.locator(".xero-history-going [data-act=pause]").wait_for()
            page.wait_for_timeout(8000)
            admin.picture("history-going")
            self.until(admin, lambda: page.locator(".xero-history-going").count() == 0, "the end of the import", 900)
            admin.picture("history-through")
        self.approve_the_year()
        self.link_what_was_there(admin)
        self.leave_out_what_was_coded(admin)
        self.imported()

    def at_rest(self, walk: Walk) -> dict[str, int]:
        """What is in Xero once what was on its way has ended."""
        before = self.counts()
        for _ in range(30):
            walk.page.wait_for_timeout(6000)
            now = self.counts()
            if now == before:
                return now
            before = now
        raise Stuck("what was on its way does not end after the pause")

    def approve_the_year(self) -> None:
        """What the rule holds of the year is approved, by whom each step asks."""
        for who in ("maia", "tom"):
            one = self.people[who]
            with one.step("Approve what the rule holds of the year"):
                one.press(one.button("Refresh", ".page-head"))
                if who == "maia":
                    one.picture("approvals-of-the-year")
                if not one.page.locator(".xa-all").count():
                    continue
                one.press(one.page.locator(".xa-all"))
                one.press(one.page.locator("[data-act=approve]"))
                one.press(one.button("Yes", ".modal.show"))
        kinds = {name: doctype for doctype, names in self.year["documents"].items() for name in names}
        maia = self.people["maia"]
        self.until(maia, lambda: all(self.record_of(kinds[each], each) for each in self.year["large"]), "what was approved in Xero", 300)

    def link_what_was_there(self, admin: Walk) -> None:
        """What Xero had already of the same number and amount is linked; the one over another amount waits still."""
        page = admin.page
        with admin.step("Link what Xero had already"):
            self.home(admin, "History import")
            admin.press(page.locator("[data-act=there]").first)
            page.locator(".xero-history-there table").wait_for()
            admin.picture("history-was-there")
            admin.press(page.locator("[data-act=confirm]"))
            admin.press(admin.button("Yes", ".modal.show"))
            linked = page.locator(".xero-history-there .indicator-pill", has_text="Linked")
            self.until(admin, lambda: linked.count() == 2, "two linked", again=page.locator("[data-act=there]").first)
            admin.picture("history-confirmed")

    def leave_out_what_was_coded(self, admin: Walk) -> None:
        """A payment that the bank feed has brought to Xero is left out, from To Fix."""
        page = admin.page
        with admin.step("Leave out what the bank feed has brought"):
            self.home(admin, "To fix")
            cause = page.locator(".xero-causes tr[data-at]", has_text="Perhaps already in Xero")
            admin.press(cause.locator("[data-act=open-cause]"))
            step = page.locator("[data-step]", has_text=self.year["coded"]["name"])
            step.first.wait_for()
            step.first.scroll_into_view_if_needed()
            admin.picture("to-fix-after-history")
            admin.press(step.locator("[data-toggle=dropdown]"))
            admin.press(step.locator("[data-act=skip-one]"))
            admin.press(page.locator(".modal.show textarea"))
            admin.type_into(".modal.show textarea", FEED)
            admin.press(admin.button("Do Not Send It", ".modal.show"))

    def imported(self) -> None:
        """Everything of the year is in Xero once and with its total, but what a rule skips and what the preview said would be held, and nothing else has come."""
        records, had = self.records(), {each["name"] for each in self.year["there"]}
        not_sent = {*self.year["skipped"], self.year["coded"]["name"], *self.stays_here}
        for doctype, documents in self.year["documents"].items():
            for name, total in documents.items():
                found = [each for each in self.record_of(doctype, name, records) if each["Status"] not in UNDONE]
                wanted = 0 if name in not_sent else 1
                if len(found) != wanted:
                    self.wrong.append(
                        f"history imported: {doctype} {name} is {len(found)} times in Xero, and was to be there {wanted} times"
                    )
                for each in found:
                    amount = each.get("Total", each.get("Amount"))
                    if amount is not None and name not in had and Decimal(str(amount)) != Decimal(str(total)):
                        self.wrong.append(f"history imported: {doctype} {name} is {total} here and {amount} in Xero")
        self.figures["history imported"] = self.counts()
        before, now = self.figures["before the import"], self.figures["history imported"]
        came = Counter({what: now.get(what, 0) - before.get(what, 0) for what in now})
        kinds: Counter[str] = Counter()
        for doctype, documents in self.year["documents"].items():
            kinds[RESOURCES[doctype]] += len({*documents} - not_sent - had)
        for resource, count in kinds.items():
            got = sum(many for what, many in came.items() if what.split(" ")[0] == resource)
            if got != count:
                self.wrong.append(f"history imported: {got} more {resource} are in Xero, and {count} were to come")

    # Undo

    def changed_in_xero(self) -> None:
        """Somebody pays one of the imported invoices in Xero, and the accountant locks the first days of the year."""
        self.xero.person("pay_invoice", InvoiceNumber=self.year["unpaid"])
        self.xero.person("set_lock_dates", period=self.year["oldest"]["posting_date"])
        self.before_the_undo = self.records()

    def undo(self) -> None:
        """What would become of each document, then the undo; what needs a person is decided."""
        admin = self.people["admin"]
        page = admin.page
        locked, paid = self.year["oldest"]["name"], self.year["unpaid"]
        with admin.step("See what the undo would do"):
            page.goto(f"{admin.address}/app/xero-connection")
            admin.quiet()
            admin.press(page.locator(".list-row a[data-name], .list-row .list-subject a").first)
            admin.press(admin.button("Refresh From Xero"))
            self.home(admin, "History import")
            admin.press(page.locator(".xero-history-former [data-act=undo]").first)
            page.locator(".modal.show").get_by_text("What is taken back").wait_for()
            admin.picture("undo-which")
            admin.press(admin.button("See What It Would Do", ".modal.show"))
            self.until(admin, lambda: page.locator(".xero-undo [data-act=start]").count() > 0, "what the undo would do", 300)
            admin.picture("undo-marks")
        marks = self.marks(admin)
        for each in ("By Credit Note Only", "Undoable Unless Locked", "Stays"):
            if each not in marks.values():
                self.wrong.append(f"no document of the undo is marked {each}")
        if self.records() != self.before_the_undo:
            self.wrong.append("Xero changed before the undo was pressed")
        with admin.step("Undo"):
            admin.press(page.locator(".xero-undo [data-act=start]"))
            page.locator(".modal.show").get_by_text("Take these").wait_for()
            admin.picture("undo-question")
            admin.press(admin.button("Yes", ".modal.show"))
            page.wait_for_timeout(5000)
            admin.picture("undo-going")
            waits = lambda state: page.locator(f".xero-undo [data-act=state][data-state='{state}']").count() > 0  # noqa: E731
            self.until(
                admin, lambda: waits("With a Person") and not waits("Waiting") and not waits("Being Undone"), "only persons left", 900
            )
        with admin.step("Let stay what was paid in Xero"):
            admin.press(page.locator(".xero-undo [data-act=state][data-state='With a Person']"))
            admin.picture("undo-persons")
            row = page.locator(".xero-undo tr", has=page.get_by_role("link", name=paid, exact=True))
            admin.press(row.locator("[data-act=let_stay]"))
            if admin.button("Yes", ".modal.show").count():
                admin.press(admin.button("Yes", ".modal.show"))
        with admin.step("Credit in the open period what is locked"):
            admin.press(page.locator(".xero-undo").get_by_role("link", name=locked, exact=True))
            page.locator(".xero-status").locator("visible=true").wait_for()
            admin.picture("undo-locked-bill")
            admin.press(admin.button("Credit in Open Period"))
            admin.press(admin.button("Yes", ".modal.show"))
        with admin.step("See it through"):
            self.home(admin, "Undo in Xero")
            page.locator(".xero-undo h4").wait_for()
            over = page.locator(".xero-undo h4 .indicator-pill", has_text="Done")
            self.until(admin, lambda: over.count() > 0, "the end of the undo", 300, again=admin.button("Refresh", ".page-head"))
            admin.picture("undo-done")
        self.undone(marks)

    def marks(self, admin: Walk) -> dict[str, str]:
        """By document what the page says becomes of it; all of them are shown."""
        page = admin.page
        with admin.step("Read what becomes of each document"):
            while page.locator(".xero-undo [data-act=more]").count():
                admin.press(page.locator(".xero-undo [data-act=more]"))
        said = page.locator(".xero-undo table.table-bordered tbody tr").evaluate_all(
            "rows => rows.map(row => [row.cells[0].querySelector('a').innerText.trim(), row.cells[3].querySelector('.indicator-pill').innerText.trim()])"
        )
        return dict(said)

    def undone(self, marks: dict[str, str]) -> None:
        """Of each document that has become what was said of it; what was there before, or is of no import, is as it was."""
        now, paid = self.records(), self.year["unpaid"]
        touched: set[str] = set()
        for doctype, documents in self.year["documents"].items():
            for name in documents:
                mark, stood = (
                    marks.get(name, ""),
                    [each for each in self.record_of(doctype, name, self.before_the_undo) if each["Status"] not in UNDONE],
                )
                goes = mark in ("Undoable", "Undoable Unless Locked") and name != paid
                if not mark and name not in self.year["skipped"]:
                    self.wrong.append(f"the undo does not say what becomes of {name}")
                for each in stood:
                    touched.add(id_of(each))
                    after = next(one for one in now[RESOURCES[doctype]] if id_of(one) == id_of(each))
                    if goes != (after["Status"] in UNDONE):
                        self.wrong.append(f"{doctype} {name} is marked {mark} and is {after['Status']} in Xero afterwards")
        for resource, records in self.before_the_undo.items():
            for each in records:
                after = next(one for one in now[resource] if id_of(one) == id_of(each))
                if id_of(each) not in touched and after != each:
                    self.wrong.append(f"the undo changed what is no part of it: {each} is {after}")
        credited = [each for each in now["CreditNotes"] if each["Status"] == "PAID"]
        if len(credited) != list(marks.values()).count("By Credit Note Only"):
            self.wrong.append(f"credit notes in Xero after the undo: {credited}")
        self.figures["undone"] = self.counts()


def id_of(record: dict[str, Any]) -> str:
    """The id of a record of Xero, whichever kind it is."""
    return next(
        str(record[each]) for each in ("PaymentID", "CreditNoteID", "InvoiceID", "BankTransactionID", "ManualJournalID") if each in record
    )
