"""Every test here has simulators, and the process's door leads to them."""

from collections.abc import Iterator

import pytest

from tidings import outside
from tidings.core.http import Door


@pytest.fixture(autouse=True)
def _led(door: Door, db: None) -> Iterator[None]:
    outside.use(door)
    yield
    outside.use(None)
