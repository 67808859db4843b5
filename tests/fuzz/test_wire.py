"""A short run of the fuzzer of the served process; `python -m tests.fuzz wire` runs it at length."""

import socket

from tests.fuzz import wire
from tests.fuzz.talks import END, GOOD, HIDDEN
from tests.media.stack import served


def test_the_serving_process_answers_on_and_once_each_whatever_is_said_to_it() -> None:
    found = list(wire.failures(150, 1))
    assert not found, "\n".join(found)


def test_a_request_of_two_lengths_is_refused_and_the_line_closed() -> None:
    """A proxy that goes by the number takes for one request what we, going by the coding, would take for two."""
    head = GOOD + b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(END + HIDDEN)
    with served() as port, socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head + END + HIDDEN)
        heard = b"".join(iter(lambda: line.recv(65_536), b""))
    assert wire.ANSWER.findall(heard) == [b"400"]
