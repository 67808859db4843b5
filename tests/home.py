"""A home of its own for the tests; loaded before anything reads the settings (see addopts in pyproject.toml)."""

import os
import tempfile

# a worker of pytest-xdist inherits the home of the process that began it, and must not share it
if "TIDINGS_HOME" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["TIDINGS_HOME"] = tempfile.mkdtemp(prefix="tidings-test-")
os.environ.setdefault("TIDINGS_REGISTRATION", "open")
