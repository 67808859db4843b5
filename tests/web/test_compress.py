"""What goes out compressed: pages, unless a secret stands in them; never one that is still being told."""

import gzip
from typing import Any

from tests import people
from tests.web.test_calendar import DAY, planned


def asked(member: Any, path: str, **headers: str) -> Any:
    return people.signed_in(member).get(f"{people.home(member)}/{path}", headers={"Accept-Encoding": "gzip", **headers})


def test_a_page_goes_out_compressed_and_its_length_says_little() -> None:
    owner = people.owner()
    planned(owner, DAY, "hello", people.channel(owner))

    answers = [asked(owner, "calendar?day=2031-03-10") for _ in range(8)]

    assert all(answer["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer["Vary"] for answer in answers)
    assert "hello" in gzip.decompress(answers[0].content).decode()
    assert len({len(answer.content) for answer in answers}) > 1


def test_who_takes_no_gzip_gets_none() -> None:
    owner = people.owner()

    assert "Content-Encoding" not in asked(owner, "calendar", **{"Accept-Encoding": "identity"})


def test_a_page_that_shows_a_secret_is_not_compressed() -> None:
    owner = people.owner()

    for path in ("calendar/link", "settings/keys", "settings/members"):
        answer = asked(owner, path)
        assert (answer["Cache-Control"], "Content-Encoding" in answer) == ("no-store", False)
