"""A home of its own for the tests, and plain log lines; loaded before anything reads the settings (see addopts in
pyproject.toml)."""

import os
import tempfile

import structlog

# a worker of pytest-xdist inherits the home of the process that began it, and must not share it
if "TIDINGS_HOME" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["TIDINGS_HOME"] = tempfile.mkdtemp(prefix="tidings-test-")
os.environ.setdefault("TIDINGS_REGISTRATION", "open")

# a traceback with colours and local variables takes half a second to draw, and tests log thousands that nobody reads
plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
