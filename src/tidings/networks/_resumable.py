"""Films that go up in pieces to a session of their own, the way of Google's upload protocol, which others took over.

https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import IO, Any

from tidings.core.http import Answer, Request
from tidings.networks.base import Network, Rendition, Sending, ask
from tidings.networks.errors import Later

CHUNK = 32 * 256 * 1024  # bytes; pieces are whole multiples of 256 KiB
LIVES = timedelta(days=6)  # a session is good for about a week
ENDED = (404, 409, 410)  # what is said of a session that has gone, or lost its thread
GOES_ON = 308


def uploaded(network: Network, film: Rendition, begin: Callable[[], str], sending: Sending) -> Any:
    """What the network says of the whole film. The session is the key: however often it is sent, there is one film.

    `begin` announces it and gives the session's address.
    """
    return sending.once("film", lambda: _send(network, film, sending.once("session", begin, LIVES), sending))


def _send(network: Network, film: Rendition, session: str, sending: Sending) -> Any:
    """First the question how much is there: an earlier try may have sent some of it, or all."""
    answer = _put(network, session, b"", f"bytes */{film.size}", sending)
    with film.stream() as file:
        while answer.status == GOES_ON:
            answer = _next(network, film, file, session, answer, sending)
    return answer.json()


def _next(
    network: Network, film: Rendition, file: IO[bytes], session: str, before: Answer, sending: Sending
) -> Answer:
    start = _there(before)
    file.seek(start)
    chunk = file.read(CHUNK)
    answer = _put(network, session, chunk, f"bytes {start}-{start + len(chunk) - 1}/{film.size}", sending)
    if answer.status == GOES_ON and _there(answer) <= start:
        raise Later(f"{network.label} does not take the film any further.")
    return answer


def _there(answer: Answer) -> int:
    """How many bytes the network has."""
    found = re.fullmatch(r"bytes=0-(\d+)", answer.headers.get("range", ""))
    return int(found[1]) + 1 if found else 0


def _put(network: Network, session: str, chunk: bytes, span: str, sending: Sending) -> Answer:
    told = {"Content-Range": span, "Content-Type": "application/octet-stream", "Content-Length": str(len(chunk))}
    headers = {**network.headers("PUT", session), **told}
    answer = ask(network.door, Request("PUT", session, network.purpose, headers, chunk, 300))
    if answer.status in ENDED:
        sending.forget("session")
        raise Later("The upload has to begin anew.")
    if answer.status != GOES_ON:
        network.judge(answer)
    return answer
