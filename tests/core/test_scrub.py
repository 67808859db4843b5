"""What is taken out of a sentence before it is logged, kept or shown, and what stays."""

import secrets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.core.scrub import HIDDEN, clean, without

SECRET = "q7Rz-0TnV_4mKx92LwYb8"


@pytest.mark.parametrize("before", [
    "Authorization: Bearer {}", "bearer {}", "DPoP {}", "Basic {}", "the header was 'Token {}'",
    "access_token={}&x=1", '{{"refresh_token": "{}"}}', "client_secret = '{}'", "password: {}", "api_key={}",
    "apikey: {}",
    "https://example.org/back?code={}", "https://example.org/back?a=b&state={}", "https://user:{}@example.org/",
    "postgresql://tidings:{}@db/tidings", "https://api.telegram.org/bot123456:{}/getMe", "oauth_verifier={}",
    "code_verifier={}", "client_assertion={}", "X-Api-Key: {}", "?sig={}", "It says {}!", "/services/T0/B0/{}",
    "DETAIL:  Failing row contains (1, {}).",
])  # fmt: skip
def test_a_secret_is_hidden_wherever_it_is_named_or_looks_like_one(before: str) -> None:
    said = clean(before.format(SECRET))
    assert SECRET not in said
    assert HIDDEN in said


@pytest.mark.parametrize("value", ["hunter2-hunter2", "tr0ub4dor", "correcthorsebattery"])
@pytest.mark.parametrize("before", ["password={}", '"password": "{}"', "password: {}", "smtp://me:{}@mail/"])
def test_a_plain_word_is_hidden_where_it_is_named(before: str, value: str) -> None:
    assert value not in clean(before.format(value))


@given(st.integers(16, 48))
def test_what_we_make_up_ourselves_looks_like_a_secret(size: int) -> None:
    for made in (secrets.token_hex(size), f"eyJhbGciOiJFUzI1NiJ9.{secrets.token_urlsafe(size)}.x9Ab{'c' * 20}"):
        assert made not in clean(f"refused: {made}.")


@pytest.mark.parametrize("sentence", [
    "The network had a fault (HTTP 503).", "Invalid token: maxAge exceeded", "The token was revoked.",
    "The text is longer than 500 characters.", "the delivery 0190b2f4-7c1e-7a53-9d6b-1f2e3d4c5b6a was tried",
    "https://mastodon.example/@ana/113487562034857234", "no connection to mastodon.example: gaierror: [Errno -2]",
    "A password is needed.", "Wrong password", "insufficient_scope: pages_manage_posts", "error code: 190, subcode 460",
    'File "/usr/lib/python3.11/site-packages/urllib3/connectionpool.py", line 715, in urlopen',
    "did:plc:z72i7hdynmk6r22z27h6tvur", "This is not allowed for the key of another person: ask an owner.",
])  # fmt: skip
def test_a_sentence_and_what_it_names_stay(sentence: str) -> None:
    assert clean(sentence) == sentence


def test_who_holds_the_secrets_hides_their_very_words() -> None:
    assert without("no abcd-efgh-ijkl and no abcd-efgh", ["abcd-efgh", "abcd-efgh-ijkl", "no", ""]) == "no … and no …"


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_what_is_clean_stays_so(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", [
    "a" * 50_000, "token=" * 9000, "://" * 20_000, "a-" * 9000, "bot1:" * 9000, "'password' : " * 4000,
    "token_" * 9000, "a://" * 9000, "bearer " * 9000, "bearer a" * 6000, "a" * 25_000 + "://" + "b" * 25_000,
], ids=str.__len__)  # fmt: skip
def test_a_hostile_sentence_takes_no_time(text: str) -> None:
    began = time.monotonic()
    clean(text)
    assert time.monotonic() - began < 2
