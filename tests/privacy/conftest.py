"""A quick password hasher; files of their own."""

from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
