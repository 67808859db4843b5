"""Uploads as a browser makes them: resumable over a broken line, within limits, nobody else's."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from tests import people
from tests.media.films import film
from tests.media.stack import Browser, browser
from tests.media.test_pictures import SECRET, cornered, encoded, exif
from tidings.media.models import Media, Upload
from tidings.media.upload import alone
from tidings.media.upload import path as bytes_of
from tidings.settings import settings

pytestmark = pytest.mark.django_db(transaction=True)


def waited(ready: Callable[[], bool]) -> bool:
    for _try in range(500):
        if ready():
            return True
        time.sleep(0.01)
    return False


def picture() -> bytes:
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    return encoded(noise, "JPEG", quality=95, exif=exif())


def there(who: Browser, where: str) -> int:
    return int(who.ask("HEAD", where).headers["Upload-Offset"])


def files(folder: str) -> list[Path]:
    return [found for found in (settings().home / folder).rglob("*") if found.is_file()]


def test_an_upload_survives_a_broken_line_and_becomes_media(port: int) -> None:
    owner = people.owner()
    who, data = browser(port, owner.user), picture()
    made = who.begin(owner, len(data), "../holi\u0064ay é.jpg")
    where = made.headers["Location"]
    assert (made.status, there(who, where)) == (201, 0)
    who.broken_patch(where, 0, data[:30_000], len(data))
    assert waited(lambda: there(who, where) == 30_000)
    assert waited(lambda: who.patch(where, 30_000, data[30_000:40_000]).status == 204)
    last = who.patch(where, 40_000, data[40_000:])
    assert (last.status, last.headers["Upload-Offset"]) == (204, str(len(data)))
    told = json.loads(who.ask("GET", where).body)
    assert (told["offset"], told["problem"]) == (len(data), "")
    assert told["media"]["name"] == "holiday é.jpg"
    assert (told["media"]["width"], told["media"]["height"]) == (400, 300)
    kept = who.ask("GET", told["media"]["url"]).body
    assert len(kept) > 10_000
    assert SECRET.encode() not in kept
    assert files("uploads") == []


def test_a_wrong_offset_is_refused_and_changes_nothing(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    where = who.begin(owner, 100).headers["Location"]
    assert who.patch(where, 0, bytes(40)).status == 204
    assert who.patch(where, 0, bytes(40)).status == 409
    assert who.patch(where, 50, bytes(40)).status == 409
    assert who.patch(where, 40, bytes(61)).status == 413
    assert there(who, where) == 40


def test_two_writers_at_once_are_told_apart(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    where = who.begin(owner, 1_000_000).headers["Location"]
    go_on = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield bytes(300_000)
        go_on.wait(20)
        yield bytes(100_000)

    first = threading.Thread(target=who.patch, args=(where, 0, slowly()), kwargs={"Content_Length": "400000"})
    first.start()
    assert waited(lambda: there(who, where) >= 200_000)
    assert who.patch(where, there(who, where), b"x").status == 423
    go_on.set()
    first.join(20)
    assert there(who, where) == 400_000


def test_a_process_that_is_just_being_started_does_not_keep_an_upload_locked(port: int) -> None:
    owner = people.owner()
    who, data = browser(port, owner.user), picture()
    where = who.begin(owner, len(data)).headers["Location"]
    go_on, answers = threading.Event(), []

    def slowly() -> Iterator[bytes]:
        yield data[:30_000]
        go_on.wait(20)
        yield data[30_000:]

    def send() -> None:
        answers.append(who.patch(where, 0, slowly(), Content_Length=str(len(data))).status)

    first = threading.Thread(target=send)
    first.start()
    name = str(bytes_of(Upload.objects.get()))

    def opened() -> list[int]:
        return [file.fd for file in psutil.Process().open_files() if file.path == name]

    assert waited(lambda: len(opened()) == 1)
    twin = os.dup(opened()[0])  # a process that is being started has every open file for a moment
    go_on.set()
    first.join(20)
    os.close(twin)
    assert (answers, Media.objects.count()) == ([204], 1)


def test_while_a_file_is_looked_into_whoever_asks_is_told_neither_of_media_nor_of_trouble(port: int) -> None:
    owner = people.owner()
    who, data = browser(port, owner.user), picture()
    where = who.begin(owner, len(data)).headers["Location"]
    bytes_of(Upload.objects.get()).write_bytes(data)
    with alone(Upload.objects.get()):
        asked = who.ask("GET", where)
    assert (asked.status, json.loads(asked.body)) == (200, {"offset": len(data), "media": None, "problem": ""})
    assert json.loads(who.ask("GET", where).body)["media"]["width"] == 400


def test_too_large_an_upload_is_refused_before_a_byte_is_sent(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    monkeypatch.setattr(settings(), "media_limit", 1000)
    who = browser(port, owner.user)
    assert who.begin(owner, 1001).status == 413
    assert who.begin(owner, 1000).status == 201


def test_an_upload_the_disk_has_no_room_for_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = people.owner()
    monkeypatch.setattr(settings(), "media_limit", 10**15)
    refused = browser(port, owner.user).begin(owner, 10**14)
    assert refused.status == 507
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_creating_with_the_first_bytes_works(port: int) -> None:
    owner = people.owner()
    who, data = browser(port, owner.user), encoded(cornered(), "PNG")
    headers = {"Upload_Length": str(len(data)), "Content_Type": "application/offset+octet-stream"}
    made = who.ask("POST", f"{people.api(owner)}/uploads", data, **headers)
    assert (made.status, made.headers["Upload-Offset"]) == (201, str(len(data)))
    assert json.loads(who.ask("GET", made.headers["Location"]).body)["media"]["mime"] == "image/png"


def test_a_file_that_is_no_picture_says_so_and_leaves_nothing(port: int) -> None:
    owner = people.owner()
    who, data = browser(port, owner.user), b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    where = who.begin(owner, len(data), "logo.png").headers["Location"]
    assert who.patch(where, 0, data).status == 204
    told = json.loads(who.ask("GET", where).body)
    assert told["media"] is None
    assert "JPEG, PNG" in told["problem"]
    assert files("uploads") == files("media") == []


def test_an_upload_given_up_leaves_nothing(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    where = who.begin(owner, 100).headers["Location"]
    who.patch(where, 0, bytes(40))
    assert who.ask("DELETE", where).status == 204
    assert who.ask("HEAD", where).status == 404
    assert files("uploads") == []


def test_an_upload_whose_bytes_are_lost_is_not_there_so_the_client_begins_anew(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    where = who.begin(owner, 100).headers["Location"]
    bytes_of(Upload.objects.get()).unlink()
    assert who.ask("HEAD", where).status == 404


def test_nobody_else_can_see_or_write_an_upload(port: int) -> None:
    owner, other = people.owner(), people.owner()
    colleague, client = people.member(owner, "editor"), people.member(owner, "client")
    where = browser(port, owner.user).begin(owner, 100).headers["Location"]
    theirs = where.replace(owner.workspace.slug, other.workspace.slug)
    assert browser(port, None).patch(where, 0, b"x").status == 401
    assert browser(port, None).begin(owner, 100).status == 401
    assert browser(port, other.user).patch(where, 0, b"x").status == 404
    assert browser(port, other.user).patch(theirs, 0, b"x").status == 404
    assert browser(port, other.user).begin(owner, 100).status == 404
    assert browser(port, colleague.user).patch(where, 0, b"x").status == 404
    assert browser(port, client.user).begin(owner, 100).status == 403
    assert there(browser(port, owner.user), where) == 0


def test_a_page_of_somebody_else_cannot_upload(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    where = who.begin(owner, 100).headers["Location"]
    assert who.patch(where, 0, b"x", X_CSRFToken="d" * 32).status == 403
    assert there(who, where) == 0


def test_the_protocol_is_announced_and_asked_for(port: int) -> None:
    owner = people.owner()
    who = browser(port, owner.user)
    options = who.ask("OPTIONS", f"{people.api(owner)}/uploads")
    assert (options.status, options.headers["Tus-Version"]) == (204, "1.0.0")
    assert "creation" in options.headers["Tus-Extension"]
    assert options.headers["Tus-Max-Size"] == str(settings().media_limit)
    where = who.begin(owner, 100).headers["Location"]
    assert who.patch(where, 0, b"x", Tus_Resumable="0.2.0").status == 412
    assert who.ask("PATCH", where, b"x", Upload_Offset="0", Content_Type="text/plain").status == 415
    assert who.ask("POST", f"{people.api(owner)}/uploads", Upload_Length="many").status == 400


def test_a_large_film_is_taken_in_little_memory(port: int) -> None:
    owner = people.owner()
    who, start = browser(port, owner.user), film()
    size, ends = 200_000_000, [False]
    filler = size - len(start)

    def body() -> Iterator[bytes]:
        yield start + filler.to_bytes(4, "big") + b"mdat"
        left = filler - 8
        while left:
            yield bytes(min(left, 65_536))
            left -= min(left, 65_536)

    me, peak = psutil.Process(os.getpid()), [0]
    who.begin(owner, 10)  # everything is imported and warm
    before = me.memory_info().rss

    def watch() -> None:
        while not ends[0]:
            peak[0] = max(peak[0], me.memory_info().rss)
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    where = who.begin(owner, size, "film.mp4").headers["Location"]
    assert who.patch(where, 0, body(), Content_Length=str(size)).status == 204
    ends[0] = True
    watcher.join()
    assert Media.objects.get().size == size
    assert peak[0] - before < 64_000_000
