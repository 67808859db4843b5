"""The real HTTP stack on loopback, and a browser's way of speaking to it."""

import base64
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.test import Client

from tests import people
from tidings.asgi import build
from tidings.commands import serve
from tidings.web.vouch import marked
from tidings.workspaces.models import Member, User

TOKEN = "c" * 32
OFFSETS = "application/offset+octet-stream"


@contextmanager
def served() -> Iterator[int]:
    """The whole application without a worker; the port it listens on."""
    plug = socket.create_server(("127.0.0.1", 0))
    port = plug.getsockname()[1]
    server = serve.Server(serve.config(build(work=False)))
    thread = threading.Thread(target=server.run, args=([plug],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Browser:
    """Somebody signed in, or nobody, speaking to the port."""

    port: int
    cookie: str  # of the session, as a test's client has it: without its mark

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, body, self.headers(headers))  # type: ignore[arg-type]
        got = line.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        line.close()
        return answer

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        session = marked(self.cookie) if self.cookie else ""
        own = {"Cookie": f"csrf={TOKEN}; session={session}", "X-CSRFToken": TOKEN, "Tus-Resumable": "1.0.0"}
        return own | {name.replace("_", "-"): value for name, value in more.items()}

    def begin(self, of: Member, size: int, name: str = "picture.jpg") -> Answer:
        """POST an upload."""
        metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype aW1hZ2U="
        return self.ask("POST", f"{people.api(of)}/uploads", Upload_Length=str(size), Upload_Metadata=metadata)

    def patch(self, where: str, at: int, data: object, **headers: str) -> Answer:
        """PATCH an upload."""
        return self.ask("PATCH", where, data, Upload_Offset=str(at), Content_Type=OFFSETS, **headers)

    def broken_patch(self, where: str, at: int, data: bytes, announced: int) -> None:
        """PATCH an upload and hang up before everything announced was sent."""
        headers = self.headers({"Upload-Offset": str(at), "Content-Type": OFFSETS, "Content-Length": str(announced)})
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            line.sendall(f"PATCH {where} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + data)
            time.sleep(0.5)  # bytes uvicorn has not handed on when the line breaks are lost


def browser(port: int, user: User | None) -> Browser:
    """A browser in which this person is signed in."""
    if user is None:
        return Browser(port, "")
    client = Client()
    client.force_login(user)
    return Browser(port, client.cookies["session"].value)
