"""A real S3 (OpenStack Swift), whose signatures are its own, for the tests that want one."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import urllib3

from tests.media import sigv4
from tests.real.pds import PATIENCE, SERVERS

HOST, KEY, SECRET, REGION = "127.0.0.1:8090", "test:tester", "testing", "us-east-1"


@contextmanager
def running() -> Iterator[None]:
    """The server, left as it was found; skips where it cannot run."""
    if not (SERVERS / "servers").exists():
        pytest.skip("no real servers beside this checkout")
    before = _servers("status")
    if "not installed" in before:
        pytest.skip("the real S3 is not installed on this machine")
    _servers("start")
    try:
        yield
    finally:
        if "runs" not in before:
            _servers("stop")


def _servers(verb: str) -> str:
    done = subprocess.run(
        ["bash", str(SERVERS / "servers"), verb, "swift"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bucket(secret: str = SECRET) -> str:
    """The address of a fresh one, as the setting names it."""
    name = f"tidings-{secrets.token_hex(6)}"
    headers = sigv4.signed("PUT", HOST, f"/{name}", KEY, SECRET, REGION)
    answer = urllib3.request("PUT", f"http://{HOST}/{name}", headers=headers)
    assert answer.status == 200, answer.data
    return f"s3://{KEY.replace(':', '%3A')}:{secret}@{HOST}/{name}?tls=no"
