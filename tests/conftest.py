"""What every test shares: how Hypothesis searches."""

import os

from hypothesis import settings

# No deadlines: a busy machine is no failure. In CI the same examples every time, so that a red run can be repeated.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
