"""The promises stand in modules whose names do not begin with ``test``; there, too, a failure explains itself."""

import pytest

pytest.register_assert_rewrite("tests.store.books", "tests.store.in_step", "tests.store.promises")
