"""The serving process spoken to over a socket as nobody should: it answers on, once each, without fault or growth."""

import asyncio
import re
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil

from tests.commands.test_serving import Site, serving
from tests.fuzz.talks import TALKS, Talk

SIDE_BY_SIDE = 24
SILENCE = 0.5  # seconds after which nothing more is expected
ANSWERED = 5.0  # seconds until an answer begins
GROWTH = 8_000_000  # bytes that memory may differ by, after a quarter of the talks
ANSWER = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) ")


def failures(cases: int, number: int) -> Iterator[str]:
    """What `cases` talks with a process of its own find wrong."""
    said: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tidings-wire-") as home:
        with serving("serve", Path(home), "--no-work") as site:
            assert site.process.stderr
            listening = threading.Thread(target=lambda: said.append(site.process.stderr.read()))  # type: ignore[union-attr]
            listening.start()
            yield from _talked(site, cases, number)
        listening.join()
    yield from (f"the process said {line}" for line in said[0].splitlines() if "Traceback" in line or "rror:" in line)


def _talked(site: Site, cases: int, number: int) -> Iterator[str]:
    port, process = int(site.url.rpartition(":")[2]), psutil.Process(site.process.pid)
    first = cases // 4
    yield from asyncio.run(_all(port, range(first), number))
    before = process.memory_info().rss
    yield from asyncio.run(_all(port, range(first, cases), number))
    if (grown := process.memory_info().rss - before) > GROWTH:
        yield f"memory grew by {grown:,} bytes"
    if site.get("/healthz")[0] != 200:
        yield "it answers no more"


async def _all(port: int, cases: range, number: int) -> list[str]:
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(case: int) -> str:
        at = Random(f"{number}:{case}")
        talk = TALKS[case % len(TALKS)](at)
        async with room:
            wrong = _wrong(talk, await _answer(port, talk))
        return wrong and f"seed {number}, case {case}: {wrong}: {b' | '.join(talk.pieces)[:600]!r}"

    return [wrong for wrong in await asyncio.gather(*map(one, cases)) if wrong]


async def _answer(port: int, talk: Talk) -> bytes:
    """All that comes back; it hangs up once there is silence."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = b""
    try:
        for piece in talk.pieces:
            writer.write(piece)
            await writer.drain()
        wait = ANSWERED if talk.whole else SILENCE
        while some := await asyncio.wait_for(reader.read(65_536), wait):
            heard, wait = heard + some, SILENCE
    except (TimeoutError, OSError):
        pass
    writer.close()
    return heard


def _wrong(talk: Talk, heard: bytes) -> str:
    statuses = [int(status) for status in ANSWER.findall(heard)]
    if heard and not heard.startswith(b"HTTP/1.1 "):
        return f"no HTTP: {heard[:40]!r}"
    if len(statuses) > talk.most:
        return f"{len(statuses)} answers, {talk.most} at most"
    return ", ".join(str(status) for status in statuses if status >= 500)
