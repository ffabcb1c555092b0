"""What every test shares: how Hypothesis searches, and which modules explain what failed."""

import os

import pytest
from hypothesis import settings

# The promises of stores stand in modules whose names do not begin with ``test``; there, too, a failure explains itself.
pytest.register_assert_rewrite("tests.store.books", "tests.store.in_step", "tests.store.promises")

# No deadlines: a busy machine is no failure. In CI the same examples every time, so that a red run can be repeated.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
