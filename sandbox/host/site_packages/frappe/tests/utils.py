"""`FrappeTestCase`: one transaction per test class, rolled back at its end (so test 2 sees test 1's rows)."""

from __future__ import annotations

import unittest

from frappe._context import local


class FrappeTestCase(unittest.TestCase):
    """Commits before the class and rolls back after it, like Frappe 15. Needs a connected site."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        local.flags.in_test = True
        local.db.commit()
        cls.addClassCleanup(local.db.rollback)
