"""For all tests: pytest explains assertions in `tests/scene` as fully as those in test modules."""

import pytest

pytest.register_assert_rewrite("tests.scene")
