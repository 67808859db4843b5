"""Somebody who runs the instance, at a browser, with a home of the test's own."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests import people
from tidings.settings import settings
from tidings.workspaces.models import Member


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where looks and backups leave their notes."""
    monkeypatch.setattr(settings(), "home", tmp_path)
    cache.clear()
    return tmp_path


@pytest.fixture
def operator(db: None) -> Member:
    """An operator with a workspace."""
    return people.owner(is_operator=True, name="Olga")


@pytest.fixture
def browser(operator: Member) -> Client:
    """Their browser."""
    return people.signed_in(operator)
