"""`tidings move-media`: every file arrives as it left, in a bucket and back; what broke off is gone on with."""

import io
import json
from pathlib import Path

import pytest

from tests.media.s3 import S3, s3  # noqa: F401 -- a fixture
from tidings.commands import move_media
from tidings.commands.start import Stop
from tidings.instance import media
from tidings.instance.finding import Finding
from tidings.media.storage import Storage
from tidings.media.store import at
from tidings.settings import settings

FILM = bytes(range(256)) * 50_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A data folder with five files."""
    monkeypatch.setattr(settings(), "home", tmp_path)
    made = at(str(tmp_path / "media"))
    for n in range(5):
        made.put(io.BytesIO(FILM[n:] if n == 4 else b"small" * n), "mp4")
    return made


def move(source: str, target: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, int]:
    """How many files were carried, and how many were there."""
    move_media.main(source, target, True)
    said = json.loads(capsys.readouterr().out)
    return said["files"], said["there"]


def held(storage: Storage) -> dict[str, bytes]:
    return {key: storage.open(key).read() for key, _since in storage.kept()}


def test_from_the_folder_into_the_bucket_and_back_all_is_as_it_was(
    home: Storage, s3: S3, tmp_path: Path, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    assert move("home", "setting", capsys) == (5, 0)
    assert held(at(s3.address)) == held(home)
    assert move("home", s3.address, capsys) == (0, 5)
    assert move("setting", str(tmp_path / "back"), capsys) == (5, 0)
    assert held(at(str(tmp_path / "back"))) == held(home)


def test_what_broke_off_is_said_and_gone_on_with(
    home: Storage, s3: S3, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    move("home", "setting", capsys)
    first, second, *_ = s3.objects
    del s3.objects[first]
    s3.objects[second] = (b"cut", s3.objects[second][1])
    s3.breaks = "PUT"
    with pytest.raises(Stop, match=r"Not everything was moved; run it again\. .*403"):
        move("home", "setting", capsys)
    s3.breaks = ""
    assert move("home", "setting", capsys) == (2, 3)
    assert held(at(s3.address)) == held(home)


def test_what_arrives_changed_is_found_and_not_left_there(
    home: Storage, s3: S3, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    s3.changes = True
    with pytest.raises(Stop, match="did not arrive as it left"):
        move("home", "setting", capsys)
    assert held(at(s3.address)).items() <= held(home).items()


@pytest.mark.parametrize(("source", "why"), [("nowhere", "no folder nowhere"), ("s3://k:s@h", "must look like")])
def test_a_source_that_is_none_is_refused(source: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(Stop, match=why):
        move_media.main(source, str(tmp_path / "target"), True)


def found(check: object = media.media_bucket) -> list[tuple[str, str]]:
    findings: list[Finding] = list(check())  # type: ignore[operator]
    return [(finding.level, finding.sentence) for finding in findings]


def test_the_doctor_leaves_a_good_bucket_as_it_was(s3: S3) -> None:  # noqa: F811
    assert found() == found(media.media_place) == []
    assert (s3.objects, s3.asked["PUT"], s3.asked["DELETE"]) == ({}, 1, 1)


@pytest.mark.parametrize(("fault", "value", "level", "words"), [
    ("public", True, "error", "Whoever asks can read"),
    ("versions", True, "warning", "old versions"),
    ("gone", True, "error", "no such bucket"),
    ("breaks", "PUT", "error", "403"),
    ("breaks", "GET", "error", "403"),
    ("breaks", "DELETE", "error", "403"),
    ("changes", True, "error", "does not give back"),
])  # fmt: skip
def test_the_doctor_finds_what_is_wrong_with_a_bucket(
    s3: S3, fault: str, value: object, level: str, words: str  # noqa: F811
) -> None:
    setattr(s3, fault, value)
    (said,) = found()
    assert said[0] == level
    assert words in said[1]


def test_a_setting_that_names_no_bucket_is_said_and_no_secret_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found() == found(media.media_place) == []
    monkeypatch.setattr(settings(), "media", "s3://key:se/crow@h/bucket")
    assert found() == []
    ((level, sentence),) = found(media.media_place)
    assert (level, "crow" in sentence, "%2F" in sentence) == ("error", False, True)
