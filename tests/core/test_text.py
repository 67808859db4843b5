"""How networks count a text: twitter-text's own data, Mastodon's rule, and what must hold for any text."""

import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.core import text

DATA = Path(__file__).parent / "conformance"
WEIGHTED: dict[str, list[dict[str, Any]]] = json.loads((DATA / "weighted.json").read_text())
URLS: list[dict[str, Any]] = json.loads((DATA / "urls.json").read_text())
ANY = st.text(st.characters())
PIECES = [
    "http://", "https://", "a", "example", ".com", ".co", ".jp", "t.co/", "/p", "(x)", "?q=1", "-", "_", ".", "@",
    " ", "中国", "みんな", "é", "e\u0301", "👨\u200d👩\u200d👧", "🇩🇪", "1\ufe0f\u20e3", "\u202a", "\uffff", "xn--",
]
LINKISH = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
LONG = ["あ" * 12_000 + " a.com", "_あ" * 5000 + ".com", "-.com " + "あ" * 12_000, "a." * 6000]


@pytest.mark.parametrize("group", sorted(WEIGHTED))
def test_weighs_as_twitter_text_does(group: str) -> None:
    found = {case["description"]: text.weighted(case["text"]) for case in WEIGHTED[group]}
    assert found == {case["description"]: case["weightedLength"] for case in WEIGHTED[group]}


@pytest.mark.parametrize("case", URLS, ids=[case["text"][:40] for case in URLS])
def test_finds_the_links_twitter_text_finds(case: dict[str, Any]) -> None:
    assert [case["text"][start:end] for start, end in text.urls(case["text"])] == case["expected"]


def test_links_without_a_protocol_can_be_left_alone() -> None:
    said = "see example.com and https://example.org/a."
    assert [said[a:b] for a, b in text.urls(said, bare=False)] == ["https://example.org/a"]


def test_a_copyright_sign_weighs_one_and_its_emoji_two() -> None:
    assert (text.weighted("©"), text.weighted("©\ufe0f")) == (1, 2)


def test_a_person_sees_one_character_where_python_sees_many() -> None:
    assert text.graphemes("👨\u200d👩\u200d👧\u200d👦e\u0301🇩🇪") == 3


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("https://example.org/" + "a" * 100, 23),
        ("https://example.org/wiki/Zürich_日本 x", 25),  # twitter-text would end the link at 日
        ("example.org", 11),  # without a protocol it is no link there
        ("@somebody@social.example hello", len("@somebody hello")),
        ("mail me@social.example", len("mail me@social.example")),
        ("👨\u200d👩\u200d👧\u200d👦", 1),
        ("", 0),
    ],
)
def test_mastodon_counts_characters_people_see_short_links_and_short_mentions(said: str, length: int) -> None:
    assert text.mastodon(said) == length


def test_a_server_may_reserve_another_length_for_links() -> None:
    assert text.mastodon("https://example.org/a b", per_url=30) == 32


@given(ANY | LINKISH)
def test_any_text_can_be_counted_and_normalising_it_changes_nothing(said: str) -> None:
    composed = unicodedata.normalize("NFC", said)
    assert text.weighted(said) == text.weighted(composed) >= 0
    assert 0 <= text.graphemes(said) <= len(said)
    assert text.mastodon(said) >= 0


@given(LINKISH)
def test_links_lie_in_order_and_never_overlap(said: str) -> None:
    edges = [edge for span in text.urls(said) for edge in span]
    assert edges == sorted(edges)
    assert all("." in said[start:end] for start, end in text.urls(said))


@given(LINKISH, LINKISH)
def test_a_line_break_between_two_texts_keeps_their_links_apart(one: str, other: str) -> None:
    # each behind a break: with an accent as the first letter of all, twitter-text lets a link begin after it
    assert text.weighted(f"\n{one}\n{other}") == text.weighted(f"\n{one}") + text.weighted(f"\n{other}")


def test_a_link_that_a_text_begins_with_has_no_accent_at_its_front_and_any_other_may() -> None:
    assert (text.urls("ét.co/"), text.urls("\nét.co/")) == ([(1, 6)], [(1, 7)])


@pytest.mark.parametrize("said", LONG, ids=[said[:8] for said in LONG])
def test_long_texts_are_counted_while_somebody_types(said: str) -> None:
    began = time.monotonic()
    text.weighted(said)
    assert time.monotonic() - began < 5
