"""Fresh limits, open registration; and a door that remembers who was asked for what."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.conftest import Town
from tests.policy.sight import Witness
from tidings import outside
from tidings.core.http import Door
from tidings.settings import settings as ours


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(ours(), "registration", "open")
    monkeypatch.setattr(ours(), "contact", "privacy@example.org")


@pytest.fixture
def witness(town: Town, door: Door) -> Iterator[Witness]:
    """The process's door out, to the simulators, with everything that passes it kept."""
    made = Witness(door)
    outside.use(made)  # type: ignore[arg-type]
    yield made
    outside.use(None)
