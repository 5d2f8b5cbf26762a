"""For all tests: what the scene asserts is shown as fully as what a test does."""

import pytest

pytest.register_assert_rewrite("tests.scene")
