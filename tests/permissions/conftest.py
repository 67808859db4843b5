"""Nothing leaves the machine, and nobody has been here before."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.journeys import hostile


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    cache.clear()
    with hostile.no_way_out():
        yield
