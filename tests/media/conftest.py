"""A running application and its library, empty at first."""

import shutil
from collections.abc import Iterator

import pytest

from tests.media.stack import served
from tidings.settings import settings


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """The application over real HTTP."""
    with served() as port:
        yield port


@pytest.fixture(autouse=True)
def empty_folders() -> Iterator[None]:
    """No test finds another's files, not of another folder's tests either."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    for folder in ("media", "uploads"):
        shutil.rmtree(settings().home / folder, ignore_errors=True)
