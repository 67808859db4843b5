"""Every test of a page has a database, fresh rate limits, open registration, and a quick password hasher."""

from typing import Any

import pytest
from django.core.cache import cache

from tidings.settings import settings as ours


@pytest.fixture(autouse=True)
def _fresh(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(ours(), "registration", "open")
