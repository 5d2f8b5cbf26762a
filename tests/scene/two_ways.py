"""Two people at once: one in ERPNext, one in Xero, while the line between them fails now and then. Whatever they do, both sides come to the same in the end, or what is
open says why not (two_ways_judged.py)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sandbox.rig import Rig
from sandbox.xero.process import ControlError
from tests.scene import rig as scene
from tests.scene.reading import TURN, pass_alive
from tests.scene.two_ways_here import Here
from tests.scene.two_ways_host import worked_out
from tests.scene.two_ways_there import There

# What a call may meet: the line breaks before or after Xero has done it, or Xero says that it cannot.
TROUBLE = (("drop_after", {}), ("drop_before", {}), ("error_before", {"status": 503}), ("error_after", {"status": 500}), ("truncated", {}))
CHOSEN = {"payments_from_xero": "Are Submitted", "entries_from_xero": "Become Drafts", "update_contacts": 1}


def _hourly(_frappe: Any) -> None:
    from picortex_xero.engine import jobs

    jobs.find_missed()


def _of_one_supplier(rig: Rig, count: int) -> list[scene.Record]:
    by_supplier: dict[str, list[scene.Record]] = {}
    for bill in scene.bills(rig, 200):
        by_supplier.setdefault(bill["doc"]["supplier"], []).append(bill)
    return next(found[:count] for found in by_supplier.values() if len(found) >= count)


class Play(Here, There):
    """What both people have done so far (`acts`, in words). The same seed does the same."""

    def __init__(self, rig: Rig, seed: int) -> None:
        Here.__init__(self)
        There.__init__(self)
        self.rig, self.chance = rig, random.Random(seed)
        self.acts: list[str] = []
        self.unsold = [*scene.of_one_customer(rig, 2), *scene.of_different_customers(rig, 3)[1:]]
        self.unbought = _of_one_supplier(rig, 2)
        self.bank = self.read(self._bank)
        self.read(lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, CHOSEN))

    def _bank(self, frappe: Any) -> str:
        row = {"connection": self.rig.connection, "account": f"Trading Account - {self.rig.company['abbr']}"}
        return str(frappe.db.get_value("Xero Payment Mapping", row, "xero_account_id"))

    def act(self) -> None:
        """One act of one of them, or of the line: the first that there is something for."""
        acts: list[tuple[int, Callable[[], str]]] = [
            (4, self.sell), (2, self.buy), (4, self.settle), (2, self.give_back), (2, self.apply_credit), (2, self.book), (3, self.cancel),
            (2, self.submit_draft), (1, self.delete_draft), (3, self.decide), (1, self.change_customer),
            (4, self.pay_there), (2, self.pay_batch_there), (3, self.delete_payment_there), (2, self.void_there), (2, self.edit_there),
            (3, self.allocate_there), (2, self.take_allocation_back_there), (3, self.book_there), (2, self.edit_booked_there),
            (2, self.remove_booked_there), (1, self.change_contact_there),
            (4, self.trouble), (6, self.minutes), (4, self.hours),
        ]  # fmt: skip
        for _each in range(20):
            (does,) = self.chance.choices([each for _, each in acts], [weight for weight, _ in acts])
            try:
                said = does()
            except ControlError as refused:
                said = f"{does.__name__}: Xero refuses ({str(refused)[:60]})"
            if said:
                self.acts.append(said)
                return

    def trouble(self) -> str:
        kind, more = self.chance.choice(TROUBLE)
        method = self.chance.choice(["GET", "PUT", "POST"])
        self.rig.xero.fault(kind, method=method, path="/api.xro/", times=self.chance.randint(1, 3), **more)
        return f"the next {method} meets {kind}"

    def minutes(self) -> str:
        pass_alive(self.rig, self.chance.choice([30, 90, 400]))
        self.rig.dispatch()
        return "minutes"

    def hours(self) -> str:
        pass_alive(self.rig, TURN)
        self.rig.dispatch()
        self.read(_hourly)
        return "hours"

    def end(self) -> None:
        """The line is well again, and both have gone home: all turns come by until nothing moves."""
        self.rig.xero.clear_faults()
        for _each in range(4):
            self.hours()
            for _again in range(6):
                if not scene.moving(self.rig):
                    break
                pass_alive(self.rig, 400)
                self.rig.dispatch()
        assert not (moving := scene.moving(self.rig)), [(row["reference_name"], row["role"], row["state"], row["reason"]) for row in moving]
        before = self._made()
        for _each in range(2):
            pass_alive(self.rig, TURN)
            self.rig.dispatch()
        assert self._made() == before, "nothing goes to and fro"

    def _made(self) -> tuple[int, int]:
        """How much was written in Xero, and how many documents are here."""
        here = sum(
            len(self.documents(doctype, 0, 1, 2)) for doctype in ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")
        )
        return len(scene.writes(self.rig)), here


def play(rig: Rig, seed: int, acts: int) -> Play:
    """One of them from the beginning to the end."""
    with worked_out():
        played = Play(rig, seed)
        played.acts += [played.sell(), played.sell(), played.buy(), played.minutes()]
        for _each in range(acts):
            played.act()
        played.end()
    return played
