"""A film of 4 GB sent to a serving process, the line cut in the middle: how much memory it takes beside its usual."""

import base64
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests import people
from tests.media.films import film
from tidings.media.models import Media
from tidings.simulators import free_port
from tidings.workspaces import api_keys

MEGABYTE = 1_000_000
PIECE = bytes(MEGABYTE)
TOO_OFTEN = 429
CHUNK = 4 * MEGABYTE  # bytes of a request, as the page sends them


def measure(size: int, **_more: Any) -> dict[str, float]:
    """Bytes of memory beyond those of before, megabytes a second, and whether the film is in the library."""
    owner = people.owner()
    _key, token = api_keys.make(owner, "bench", ["read", "write"])
    with _serving() as (port, process):
        who = _Sender(port, token, people.api(owner))
        who.send("warm.mp4", 2 * CHUNK)
        with _peak(process) as peak:
            before, begun = process.memory_info().rss, time.monotonic()
            who.send("film.mp4", size, cut=size // 2)
            seconds = time.monotonic() - begun
    kept = Media.objects.get(name="film.mp4").size
    return {
        "extra_mb": (peak[0] - before) / MEGABYTE, "mb_a_second": size / MEGABYTE / seconds,
        "lost": size - kept, "seconds": seconds,
    }


@contextmanager
def _serving() -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    words = [str(Path(sys.executable).with_name("tidings")), "serve", "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(600):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


@contextmanager
def _peak(process: psutil.Process) -> Iterator[list[int]]:
    """The most memory that the process holds while the block runs."""
    peak, ends = [process.memory_info().rss], threading.Event()

    def watch() -> None:
        while not ends.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ends.set()
        watcher.join()


class _Sender:
    """A program that uploads with a key, by tus."""

    def __init__(self, port: int, token: str, api: str) -> None:
        self.port, self.api = port, api
        self.headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)

    def send(self, name: str, size: int, cut: int = 0) -> None:
        """A film of this size; at the byte `cut` the line breaks within a request."""
        at, where = 0, self._begin(name, size)
        while at < size:
            upto = min(at + CHUNK, size)
            if cut and at >= cut:
                cut = 0
                self._break_off(where, at, size)
                at = int(self._ask("HEAD", where)[1]["Upload-Offset"])
                continue
            body = self._bytes(at, upto, size)
            status, headers, _body = self._ask("PATCH", where, body, {
                "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(upto - at),
            })  # fmt: skip
            if status == TOO_OFTEN:  # a key asks so often a minute and no more
                time.sleep(int(headers["Retry-After"]))
                continue
            assert status == 204, status
            at = int(headers["Upload-Offset"])
        told = json.loads(self._ask("GET", where)[2])
        assert told["media"], told

    def _begin(self, name: str, size: int) -> str:
        metadata = f"filename {base64.b64encode(name.encode()).decode()}"
        more = {"Upload-Length": str(size), "Upload-Metadata": metadata}
        status, headers, body = self._ask("POST", f"{self.api}/uploads", None, more)
        assert status == 201, body
        return headers["Location"]

    def _bytes(self, at: int, upto: int, size: int) -> Iterator[bytes]:
        """These bytes of a film whose samples are all nought."""
        start = film()
        head = start + (1).to_bytes(4, "big") + b"mdat" + (size - len(start)).to_bytes(8, "big")
        if at == 0:
            yield head
            at = len(head)
        while at < upto:
            yield PIECE[: upto - at]
            at += min(MEGABYTE, upto - at)

    def _break_off(self, where: str, at: int, size: int) -> None:
        lines = {**self.headers, "Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream",
                 "Content-Length": str(CHUNK), "Host": "127.0.0.1"}
        head = f"PATCH {where} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(head.encode() + b"\r\n" + bytes(CHUNK // 2))
        time.sleep(1)  # the server notices

    def _ask(
        self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        self.line.request(method, path, body, {**self.headers, **(more or {})})
        got = self.line.getresponse()
        return got.status, got.headers, got.read()
