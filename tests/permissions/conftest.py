"""Nothing leaves the machine, passwords are hashed quickly, and nobody has been here before."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.journeys import hostile


@pytest.fixture(autouse=True)
def _quiet(settings: Any) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    with hostile.no_way_out():
        yield
