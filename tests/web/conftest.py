"""Every test of a page has a database, fresh rate limits, and open registration."""

import pytest
from django.core.cache import cache

from tidings.settings import settings as ours


@pytest.fixture(autouse=True)
def _fresh(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(ours(), "registration", "open")
