"""A short run of the fuzzer of the pages; `python -m tests.fuzz pages` runs it at length."""

import pytest

from tests.fuzz import pages
from tests.journeys import hostile

pytestmark = pytest.mark.django_db


def test_no_page_breaks_whatever_is_sent() -> None:
    with hostile.no_way_out():
        found = list(pages.failures(300, 1))
    assert not found, "\n".join(found)
