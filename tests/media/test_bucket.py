"""Media in a bucket are kept, found, read and deleted as those in a folder are; and a fault of it loses nothing."""

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.media.s3 import S3, running
from tidings.media import address
from tidings.media.bucket import PART, STEP, Bucket
from tidings.media.storage import Away, Storage
from tidings.media.store import at

FILM = random.Random(5).randbytes(2 * PART + 4321)  # three parts on their way up


@pytest.fixture(scope="module")
def there() -> Iterator[S3]:
    """One S3 for all tests of this module."""
    with running() as made:
        yield made


@pytest.fixture
def s3(there: S3) -> S3:
    """As good as new."""
    there.__init__(there.port)  # type: ignore[misc]
    return there


@pytest.fixture(params=["folder", "bucket", "folder of a bucket"])
def storage(request: pytest.FixtureRequest, s3: S3, tmp_path: Path) -> Storage:
    """Each place that media can be in."""
    a_folder_of_it = s3.address.replace("?", "/some%20folder/of%20it?")
    return at({"folder": str(tmp_path), "bucket": s3.address, "folder of a bucket": a_folder_of_it}[request.param])


def test_what_was_put_is_found_whole_until_it_is_deleted(storage: Storage) -> None:
    keys = {storage.put(io.BytesIO(data), "mp4"): data for data in (b"one", FILM, b"t" * PART)}
    for key, data in keys.items():
        with storage.open(key) as file:
            assert file.read() == data
        assert storage.look(key).size == len(data)
    assert dict(storage.kept()).keys() == keys.keys()
    for key in keys:
        storage.delete(key)
        storage.delete(key)
        with pytest.raises(FileNotFoundError):
            storage.open(key)
    assert list(storage.kept()) == []


def test_a_stream_is_read_from_any_byte_on_as_a_file_is(storage: Storage) -> None:
    key, like = storage.put(io.BytesIO(FILM), "mp4"), io.BytesIO(FILM)
    chance = random.Random(7)
    with storage.open(key) as file:
        assert file.seek(0, io.SEEK_END) == len(FILM)
        for _ in range(12):
            start, most = chance.randrange(len(FILM)), chance.choice((1, 1000, STEP, 3 * STEP))
            assert file.seek(start) == like.seek(start) == file.tell()
            assert file.read(most) == like.read(most)
        file.seek(-5, io.SEEK_END)
        assert file.read() == FILM[-5:]
        assert file.read(9) == b""


def test_a_file_is_adopted_and_lent_to_other_programs(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "coming").write_bytes(FILM)
    key = storage.adopt(tmp_path / "coming", "mp4")
    assert not (tmp_path / "coming").exists()
    with storage.local(key) as path:
        assert path.read_bytes() == FILM
    with pytest.raises(FileNotFoundError), storage.local(key.replace(".mp4", ".jpg")):
        pass


def test_what_a_bucket_lends_is_gone_afterwards(s3: S3, tmp_path: Path) -> None:
    bucket = Bucket(address.read(s3.address), tmp_path)
    key = bucket.put(io.BytesIO(b"lent"), "png")
    with bucket.local(key) as path:
        bucket.delete(key)
        assert path.read_bytes() == b"lent"
    assert list(tmp_path.iterdir()) == []


def test_what_a_backup_brings_back_has_the_key_it_had(storage: Storage) -> None:
    key = storage.put(io.BytesIO(b"first"), "png")
    assert storage.bring_back(key, io.BytesIO(b"again")) is False
    storage.delete(key)
    assert storage.bring_back(key, io.BytesIO(b"back")) is True
    assert storage.open(key).read() == b"back"


def test_nothing_is_kept_under_a_key_that_is_none(storage: Storage) -> None:
    for key in ("../x", "", "aa/bb/c.png", "ab/cd/../../../../etc/passwd"):
        for act in (storage.look, storage.open, storage.delete):
            with pytest.raises(ValueError, match="not a storage key"):
                act(key)


class Breaks(io.BytesIO):
    """A line that breaks off after a few parts."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > PART:
            raise OSError("the line broke")
        return super().read(size)


def test_what_breaks_off_on_its_way_is_not_there_at_all(s3: S3) -> None:
    coming: IO[bytes] = Breaks(FILM)
    with pytest.raises(OSError, match="the line broke"):
        at(s3.address).put(coming, "mp4")
    assert (s3.objects, s3.uploads) == ({}, {})


@pytest.mark.parametrize("fault", ["down", "gone", "another secret"])
def test_a_bucket_that_cannot_be_used_never_says_that_a_file_is_gone(s3: S3, fault: str) -> None:
    key = at(s3.address).put(io.BytesIO(b"there"), "png")
    storage = at(s3.address.replace("of%2Fours", "of%2Ftheirs")) if fault == "another secret" else at(s3.address)
    vars(s3)[fault] = True
    for act in (storage.look, storage.open, storage.delete):
        with pytest.raises(Away):
            act(key)
    with pytest.raises(Away):
        storage.put(io.BytesIO(b"more"), "png")
    with pytest.raises(Away):
        list(storage.kept())
    assert len(s3.objects) == 1


def test_a_stream_whose_bucket_goes_away_breaks_off_and_gives_nothing_wrong(s3: S3) -> None:
    storage = at(s3.address)
    with storage.open(storage.put(io.BytesIO(FILM), "mp4")) as file:
        assert file.read(1000) == FILM[:1000]
        s3.down = True
        with pytest.raises(Away):
            file.read()


def test_what_is_not_ours_in_a_bucket_is_never_listed(s3: S3) -> None:
    key = at(s3.address).put(io.BytesIO(b"ours"), "png")
    whose = s3.objects[key]
    s3.objects |= {"somebody's/notes.txt": whose, f"elsewhere/{key}": whose, "ab/cd/ef.png": whose}
    assert [found for found, _since in at(s3.address).kept()] == [key]
    assert [found for found, _since in at(s3.address.replace("?", "/elsewhere?")).kept()] == [key]
    assert list(at(s3.address.replace("?", "/else?")).kept()) == []


def test_settings_of_other_programs_lead_nowhere_else(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_SKIP_SIGNATURE": "true", "AWS_BUCKET": "theirs",
              "AWS_ACCESS_KEY_ID": "theirs", "AWS_ENDPOINT": "http://127.0.0.1:1", "AWS_REGION": "theirs"}
    for name, value in others.items():
        monkeypatch.setenv(name, value)
    storage = at(s3.address)
    assert storage.open(storage.put(io.BytesIO(b"here"), "png")).read() == b"here"


def test_an_address_says_where_a_bucket_is_and_shows_no_secret() -> None:
    read = address.read("s3://me:s%2Fe%2Bc@s3.example.org:9000/bucket/my%20folder?style=virtual&region=x")
    assert (read.key, read.secret, read.bucket, read.folder) == ("me", "s/e+c", "bucket", "my folder")
    assert (read.endpoint, read.region) == ("https://bucket.s3.example.org:9000", "x")
    assert address.read("s3://k:s@h/bucket?tls=no").endpoint == "http://h"
    bucket = Bucket(read, Path())
    assert not any(secret in repr((bucket, vars(bucket), read)) for secret in ("s/e+c", "s%2Fe"))


@pytest.mark.parametrize("said", [
    "s3://h/bucket", "s3://k@h/bucket", "s3://k:s@h", "s3://k:s@h/", "https://k:s@h/bucket", "s3://k:s@h/bucket?style=other",
    "s3://k:s@h/bucket?tls=perhaps", "s3://k:s@h/bucket?colour=red", "s3://k:s/e@h/bucket", "s3://k:s@h/a bucket",
    "s3://k:s@h h/bucket", "s3://k:s@h/b",
])  # fmt: skip
def test_what_is_no_address_of_a_bucket_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(address.Wrong) as refused:
        at(said)
    assert "s/e" not in str(refused.value)


def test_the_simulator_refuses_what_is_signed_wrongly(s3: S3) -> None:
    """Its checks would be worthless if it let everything through."""
    for wrong in (s3.address.replace("eu-north-1", "us-east-1"), s3.address.replace("a%20key", "b%20key")):
        with pytest.raises(Away):
            at(wrong).put(io.BytesIO(b"x"), "png")
