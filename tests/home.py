"""A home of its own for the tests; loaded before anything reads the settings (see addopts in pyproject.toml)."""

import os
import tempfile

os.environ.setdefault("TIDINGS_HOME", tempfile.mkdtemp(prefix="tidings-test-"))
os.environ.setdefault("TIDINGS_REGISTRATION", "open")
