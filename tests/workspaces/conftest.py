"""A quick password hasher; the one of the product takes its time on purpose."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
