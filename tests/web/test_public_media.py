"""A public address opens one file, to anybody, until its time is over; and nothing else."""

import hashlib
import http.client
import re
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from tests import people
from tests.media.conftest import empty_folders  # noqa: F401 -- a fixture
from tests.media.films import film
from tests.media.library import put
from tests.media.stack import Answer, browser, served
from tests.media.test_fit import limits, noise
from tests.media.test_pictures import encoded
from tidings.core import clock
from tidings.media import fit, public
from tidings.media.models import Media, Rendition
from tidings.media.remove import remove
from tidings.media.store import store
from tidings.networks.errors import Rejected
from tidings.settings import settings
from tidings.web import public_media

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = limits(picture_bytes=20_000)
ABROAD = "198.41.0.4"  # a public address, as a proxy on this machine names it


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """The application over real HTTP."""
    with served() as port:
        yield port


@pytest.fixture(autouse=True)
def _no_guesses() -> Iterator[None]:
    public_media.guesses.by.clear()
    yield
    public_media.guesses.by.clear()


def path(media: Media, lasts: timedelta | None = public.DAY, wanted: object = SMALL) -> str:
    """The address of the medium as SMALL takes it, without the host."""
    return fit.link(media, wanted, lasts).removeprefix(settings().url)  # type: ignore[arg-type]


def stranger(port: int, method: str, at: str, **headers: str) -> Answer:
    """The answer to somebody without a cookie."""
    return browser(port, None).ask(method, at, **headers)


def test_the_address_of_a_rendition_gives_its_bytes_to_anybody(port: int) -> None:
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a secret.png")
    rendition = fit.piece(media, "", SMALL)
    at = rendition.link()
    assert at.startswith(f"{settings().url}/m/")
    assert "secret" not in at
    got = stranger(port, "GET", at.removeprefix(settings().url))
    assert (got.status, got.body) == (200, rendition.read())
    assert got.headers["Content-Length"] == str(len(got.body))
    assert got.headers["Content-Type"] == "image/jpeg"


def test_what_fits_is_given_as_it_is(port: int) -> None:
    media, data = put(people.owner())
    got = stranger(port, "GET", path(media))
    assert (got.status, got.body) == (200, data)


def test_the_copy_is_made_with_the_address_and_not_by_who_fetches(port: int) -> None:
    media, _data = put(people.owner(), encoded(noise((300, 200)), "PNG"), "a.png")
    described = fit.piece(media, "", SMALL)
    assert Rendition.objects.count() == 0
    at = described.link().removeprefix(settings().url)
    made = Rendition.objects.get()
    assert stranger(port, "GET", at).status == 200
    made.delete()
    assert stranger(port, "GET", at).status == 410
    assert Rendition.objects.count() == 0


def test_it_is_harmless_unlisted_and_kept_no_longer_than_it_lives(port: int) -> None:
    media, _data = put(people.owner())
    at = path(media)
    got = stranger(port, "GET", at).headers
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Referrer-Policy"] == "no-referrer"
    assert got["X-Robots-Tag"] == "noindex"
    assert got["Content-Disposition"] == 'inline; filename="picture.jpg"'
    assert got["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in got
    with clock.shifted(timedelta(hours=23)):
        kept = re.fullmatch(r"private, max-age=(\d+)", stranger(port, "GET", at).headers["Cache-Control"])
    assert kept
    assert 3500 < int(kept[1]) <= 3600


@pytest.mark.parametrize("agent", ["facebookexternalhit/1.1", "Googlebot/2.1", "curl/8.0", ""])
def test_robots_are_welcome(port: int, agent: str) -> None:
    media, data = put(people.owner())
    assert stranger(port, "GET", path(media), User_Agent=agent).body == data


def test_head_says_what_get_would(port: int) -> None:
    media, _data = put(people.owner())
    at = path(media)
    head, whole = stranger(port, "HEAD", at), stranger(port, "GET", at)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "Accept-Ranges", "ETag"):
        assert head.headers[name] == whole.headers[name]


def test_a_part_is_answered_with_that_part(port: int) -> None:
    media, data = put(people.owner(), film(), "film.mp4")
    at = path(media)
    assert at.endswith("/film.mp4")
    whole = stranger(port, "GET", at)
    assert (whole.headers["Accept-Ranges"], whole.headers["Content-Type"]) == ("bytes", "video/mp4")
    part = stranger(port, "GET", at, Range="bytes=10-19")
    assert (part.status, part.body, part.headers["Content-Length"]) == (206, data[10:20], "10")
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(data)}"
    assert stranger(port, "GET", at, Range="bytes=-5").body == data[-5:]
    assert stranger(port, "GET", at, Range=f"bytes={len(data) - 3}-").body == data[-3:]
    assert stranger(port, "GET", at, Range=f"bytes={len(data)}-").status == 416


def test_a_long_film_is_handed_on_piece_by_piece(port: int) -> None:
    media, _data = put(people.owner())
    long = 600_000_000
    with store().path(media.key).open("r+b") as file:
        file.truncate(long)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    tracemalloc.start()
    try:
        line.request("GET", path(media))
        got = line.getresponse()
        assert (got.headers["Content-Length"], len(got.read(10_000_000))) == (str(long), 10_000_000)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
        line.close()


def test_nothing_is_done_by_any_other_method(port: int) -> None:
    media, _data = put(people.owner())
    for method in ("POST", "PUT", "DELETE"):
        assert stranger(port, method, path(media)).status in (403, 404, 405)
    assert Media.objects.filter(id=media.id).exists()


def test_it_ends_after_its_day_and_says_so(port: int) -> None:
    media, data = put(people.owner())
    at = path(media)
    with clock.shifted(timedelta(hours=23, minutes=59)):
        assert stranger(port, "GET", at).body == data
    with clock.shifted(timedelta(hours=24)):
        for method in ("GET", "HEAD"):
            got = stranger(port, method, at)
            assert (got.status, got.body, got.headers["Cache-Control"]) == (410, b"", "no-store")


def test_it_may_live_longer_or_for_good(port: int) -> None:
    media, data = put(people.owner())
    week, good = path(media, timedelta(days=7)), path(media, None)
    with clock.shifted(timedelta(days=6)):
        assert stranger(port, "GET", week).body == data
    with clock.shifted(timedelta(days=4000)):
        assert stranger(port, "GET", week).status == 410
        assert stranger(port, "GET", good).body == data


def test_an_address_that_never_lived_opens_nothing(port: int) -> None:
    media, _data = put(people.owner())
    assert stranger(port, "GET", path(media, timedelta(0))).status == 410


@pytest.mark.parametrize("lasts", [public.DAY, None])
def test_deleted_media_is_gone_at_once(port: int, lasts: timedelta | None) -> None:
    media, _data = put(people.owner())
    at = path(media, lasts)
    remove(media)
    assert stranger(port, "GET", at).status == 410
    with pytest.raises(Rejected):
        fit.link(media, SMALL)


def test_the_end_cannot_be_put_off_nor_taken_away(port: int) -> None:
    media, _data = put(people.owner())
    _m, token, name = path(media).strip("/").split("/")
    id, fits, ends, signature = token.split(".")
    later = path(media, timedelta(days=7)).split(".")[2]
    assert later > ends
    for other in (later, "", str(int(ends) + 1)):
        assert stranger(port, "GET", f"/m/{id}.{fits}.{other}.{signature}/{name}").status == 404


def test_the_address_of_one_file_opens_no_other(port: int) -> None:
    owner = people.owner()
    mine, _data = put(owner, encoded(noise((300, 200)), "PNG"), "a.png")
    other, _data = put(owner)
    _m, token, name = path(mine).strip("/").split("/")
    _id, fits, ends, signature = token.split(".")
    assert fits
    for changed in (
        f"{other.id.hex}.{fits}.{ends}.{signature}",  # another medium
        f"{mine.id.hex}..{ends}.{signature}",  # the original
        f"{uuid4().hex}.{fits}.{ends}.{signature}",
        f"probe.{fits}.{ends}.{signature}",
        f"{mine.id.hex}.{fits}.{ends}",
        f"{mine.id.hex}.{fits}.{ends}.",
        signature,
        token + "=",
        token.upper(),
    ):
        assert stranger(port, "GET", f"/m/{changed}/{name}").status == 404, changed


def test_what_is_signed_for_something_else_or_with_another_secret_opens_nothing(port: int) -> None:
    media, _data = put(people.owner())
    signed = f"{media.id.hex}.."
    another = Signer(key="another", sep=".", salt="tidings.media.public")
    for signer in (Signer(sep="."), Signer(sep=".", salt="messages"), another):
        assert stranger(port, "GET", f"/m/{signer.sign(signed)}/picture.jpg").status == 404
    at = path(media)
    with override_settings(SECRET_KEY="another secret of the instance"):
        assert stranger(port, "GET", at).status == 404


def test_it_has_one_name_and_no_folder_around_it(port: int) -> None:
    media, data = put(people.owner())
    at = path(media)
    folder = at.rpartition("/")[0]
    for elsewhere in ("/m", "/m/", folder, f"{folder}/", f"{folder}/b.jpg", f"{at}/", f"{folder}/..%2f..%2fkeys.json"):
        assert stranger(port, "GET", elsewhere).status == 404, elsewhere
    assert stranger(port, "GET", f"{at}?from=somewhere").body == data


@trying(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 400), put_in=st.text(st.characters(codec="ascii"), max_size=4), cut=st.integers(0, 4))
def test_no_change_of_an_address_opens_a_file(made: tuple[str, str], at: int, put_in: str, cut: int) -> None:
    """Straight at the function that the page asks: whatever is put in or cut out, it is the same address or none."""
    token, name = made
    whole = f"{token}/{name}"
    at %= len(whole)
    changed = whole[:at] + put_in + whole[at + cut :]
    if changed == whole or "/" not in changed:
        return
    with pytest.raises(public.Unknown):
        public.opened(*changed.split("/", 1))


@pytest.fixture
def still() -> Iterator[None]:
    """Nobody's minute ends while the test runs."""
    moment = clock.now()
    with clock.use(lambda: moment):
        yield


@pytest.fixture
def made(transactional_db: None) -> tuple[str, str]:
    media, _data = put(people.owner())
    _m, token, name = path(media).strip("/").split("/")
    assert public.opened(token, name).mime == "image/jpeg"
    return token, name


def test_who_guesses_is_refused_for_a_minute_and_nobody_else(port: int, still: None) -> None:
    media, data = put(people.owner())
    at = path(media)
    for n in range(public_media.MOST_WRONG):
        wrong = f"/m/{hashlib.sha256(str(n).encode()).hexdigest()}/picture.jpg"
        assert stranger(port, "GET", wrong, X_Forwarded_For=ABROAD).status == 404
    refused = stranger(port, "GET", at, X_Forwarded_For=ABROAD)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert stranger(port, "GET", at, X_Forwarded_For="198.41.0.5").body == data
    with clock.shifted(timedelta(minutes=1)):
        assert stranger(port, "GET", at, X_Forwarded_For=ABROAD).body == data


def test_neighbours_in_one_network_of_ipv6_count_as_one(port: int, still: None) -> None:
    media, _data = put(people.owner())
    for n in range(public_media.MOST_WRONG):
        stranger(port, "GET", "/m/x/y.jpg", X_Forwarded_For=f"2001:4860:4860::{n + 1:x}")
    assert stranger(port, "GET", path(media), X_Forwarded_For="2001:4860:4860::8888").status == 429


def test_a_proxy_that_does_not_say_for_whom_it_asks_is_never_refused(port: int) -> None:
    media, data = put(people.owner())
    for _n in range(public_media.MOST_WRONG + 1):
        assert stranger(port, "GET", "/m/wrong/picture.jpg").status == 404
    assert stranger(port, "GET", path(media)).body == data


def test_addresses_whose_time_is_over_are_no_guesses(port: int) -> None:
    media, data = put(people.owner())
    ended = path(media, timedelta(0))
    for _n in range(public_media.MOST_WRONG + 1):
        assert stranger(port, "GET", ended, X_Forwarded_For=ABROAD).status == 410
    assert stranger(port, "GET", path(media), X_Forwarded_For=ABROAD).body == data


def test_the_probe_is_a_picture_that_belongs_to_nobody(port: int) -> None:
    at = public.probe().removeprefix(settings().url)
    got = stranger(port, "GET", at)
    assert (got.status, got.headers["Content-Type"], got.body) == (200, "image/jpeg", public.PROBE.read_bytes())
    with clock.shifted(timedelta(hours=2)):
        assert stranger(port, "GET", at).status == 410
    assert public.probe() != public.probe()
