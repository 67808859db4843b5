"""Media in the bucket of a real S3: what is proved of a storage holds there. Skipped where that is not installed."""

import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from tests.media.films import box, film
from tests.media.test_bucket import (  # noqa: F401 -- proved once more, of the `storage` below
    FILM,
    test_a_file_is_adopted_and_lent_to_other_programs,
    test_a_stream_is_read_from_any_byte_on_as_a_file_is,
    test_nothing_is_kept_under_a_key_that_is_none,
    test_what_a_backup_brings_back_has_the_key_it_had,
    test_what_was_put_is_found_whole_until_it_is_deleted,
)
from tests.real import swift
from tests.real.test_whole_product import serving
from tests.real.visitor import TUS, Visitor, until
from tidings import simulators
from tidings.media import address, sign, try_bucket
from tidings.media.storage import Away, Storage
from tidings.media.store import at

PIECE = 4_000_000  # as the page's script sends them
LONG = int(os.environ.get("FILM", "120"))  # MB
pytestmark = [pytest.mark.real, pytest.mark.timeout(200)]


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with swift.running():
        yield


@pytest.fixture
def storage() -> Storage:
    return at(swift.bucket())


def test_whoever_signs_wrongly_is_away_and_learns_nothing() -> None:
    place = swift.bucket()
    key = at(place).put(io.BytesIO(FILM), "mp4")
    stranger = at(place.replace(":testing@", ":guessing@"))
    for act in (stranger.open, stranger.look, stranger.delete):
        with pytest.raises(Away):
            act(key)
    assert at(place).look(key).size == len(FILM)


def test_a_bucket_that_is_not_there_is_away() -> None:
    nowhere = at(swift.bucket().replace("/tidings-", "/nowhere-"))
    for act in (lambda: nowhere.open(f"ab/cd/{'0' * 36}.png"), lambda: nowhere.put(io.BytesIO(b"x"), "png")):
        with pytest.raises(Away):
            act()


def test_a_signed_address_gives_one_file_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    there = at(swift.bucket())
    key, other = there.put(io.BytesIO(FILM), "mp4"), there.put(io.BytesIO(b"else"), "png")
    said = {"content-disposition": 'attachment; filename="a film.mp4"', "cache-control": "no-store"}
    address = there.address(key, said)
    got = urllib3.request("GET", address)
    assert (got.status, got.data) == (200, FILM)
    assert (got.headers["Content-Disposition"], got.headers["Cache-Control"]) == tuple(said.values())
    for wrong in (
        address.replace(key, other), address.replace("Expires=60", "Expires=61"),
        address.replace("a%20film", "b%20film"),
    ):  # fmt: skip
        assert wrong != address
        assert urllib3.request("GET", wrong).status == 403
    assert urllib3.request("DELETE", address).status == 403
    monkeypatch.setattr(sign.clock, "now", lambda: datetime.now(UTC) - timedelta(seconds=sign.SECONDS - 2))
    soon = there.address(key, said)
    assert urllib3.request("GET", soon).status == 200
    until(lambda: urllib3.request("GET", soon).status == 403, 10)


def test_the_doctor_finds_nothing_wrong_and_leaves_nothing() -> None:
    place = swift.bucket()
    assert list(try_bucket.faults(address.read(place))) == []
    assert list(at(place).kept()) == []


class product(serving):
    """`tidings serve` with its media in the bucket; ended when the block ends."""

    def __init__(self, port: int, home: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDINGS_")}
        ours = {"TIDINGS_HOME": str(home), "TIDINGS_PORT": str(port), "TIDINGS_MEDIA": swift.bucket()}
        command = [sys.executable, "-m", "tests.real.launch", "{}", "serve"]
        self.url, self.log = f"http://127.0.0.1:{port}", (home / "log").open("w+")
        self.process = subprocess.Popen(command, env=clean | ours, stderr=self.log)

    def highest(self) -> int:
        """The most memory it had since this was asked last, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) // 1024


def upload(visitor: Visitor, uploads: str, data: bytes) -> str:
    """Bring a film in pieces; its id."""
    about = {**TUS, "Upload-Length": str(len(data)), "Upload-Metadata": "filename ZmlsbS5tcDQ="}
    place = urlsplit(visitor._ask("POST", uploads, b"", about)[0]["Location"]).path
    for start in range(0, len(data), PIECE):
        visitor._ask("PATCH", place, data[start : start + PIECE], {**TUS, "Upload-Offset": str(start)})
    return str(until(lambda: visitor.api("GET", place)["media"], 60)["id"])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is asked of Linux")
def test_storing_and_serving_a_film_takes_the_same_memory_however_long_it_is(tmp_path: Path) -> None:
    port, peaks = simulators.free_port(), []
    serving = product(port, tmp_path)
    with serving as visitor:
        first = {"name": "Ana", "email": "ana@example.org", "password": "a long password indeed"}
        visitor.submit("/", **first, workspace="Harbour", zone="Europe/Lisbon")
        uploads = "/api/v1/workspaces/harbour/uploads"
        for megabytes in (20, 20, LONG):
            data = film() + box(b"mdat", random.randbytes(1 << 20) * megabytes)
            serving.highest()
            id = upload(visitor, uploads, data)
            stored = serving.highest()
            assert visitor._ask("GET", f"/media/{id}/original")[1] == data
            peaks.append((stored, serving.highest()))
    print(f"\nMB of memory while storing and while serving, 20 MB twice and {LONG} MB: {peaks}")
    assert not list((tmp_path / "media").glob("*"))
    assert max(peaks[2]) < max(peaks[1]) + 30
