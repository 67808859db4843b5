"""Mail by SMTP when there is a server, into files when there is none."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage

from tidings.settings import settings
from tidings.workspaces.mail import Backend, deliver, smtp

MESSAGE = EmailMessage("Grüße", "Open https://example.org/x", "tidings@example.org", ["ann@example.org"])


class _Session(socketserver.StreamRequestHandler):
    """Enough SMTP to take mails; what came is kept at the server."""

    def handle(self) -> None:
        said = self.wfile.write
        said(b"220 here\r\n")
        for line in iter(self.rfile.readline, b""):
            verb = line[:4].upper()
            if verb == b"DATA":
                said(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(body)  # type: ignore[attr-defined]
            said({b"EHLO": b"250 here\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 fine\r\n"))


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """Where an SMTP server listens, and what it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as running:
        running.daemon_threads = True
        taken: list[bytes] = []
        running.taken = taken  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{running.server_address[1]}?tls=no", taken
        running.shutdown()


def test_without_a_server_each_mail_is_a_file_only_the_operator_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "home", tmp_path)
    monkeypatch.setattr(settings(), "mail", "")
    assert Backend().send_messages([MESSAGE, MESSAGE]) == 2
    files = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(files) == 2
    read = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert (read["Subject"], read["To"]) == ("Grüße", "ann@example.org")
    assert "https://example.org/x" in str(read.get_content())
    assert oct(files[0].stat().st_mode)[-3:] == "600"


def test_with_a_server_mail_goes_there(
    server: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "mail", server[0])
    assert Backend().send_messages([MESSAGE]) == 1
    assert b"To: ann@example.org" in server[1][0]


def test_a_server_that_is_away_is_told_from_one_that_took_the_mail(
    our_backend: None, monkeypatch: pytest.MonkeyPatch, server: tuple[str, list[bytes]], db: None
) -> None:
    monkeypatch.setattr(settings(), "mail", "smtp://127.0.0.1:1?tls=no")
    assert deliver("Hello", "there", "ann@example.org") is False
    monkeypatch.setattr(settings(), "mail", server[0])
    assert deliver("Hello", "there", "ann@example.org") is True


@pytest.fixture
def our_backend(settings: Any) -> None:
    """Django's test runner puts a mail box in the place of our backend; put it back."""
    settings.EMAIL_BACKEND = "tidings.workspaces.mail.Backend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://ann:p%40ss@mail.example.org", ("mail.example.org", 587, "ann", "p@ss", True, False)),
        ("smtps://ann:x@mail.example.org", ("mail.example.org", 465, "ann", "x", False, True)),
        ("smtp://localhost:25?tls=no", ("localhost", 25, "", "", False, False)),
    ],
)
def test_the_address_of_the_server_says_how_to_speak_to_it(url: str, expected: tuple[object, ...]) -> None:
    made = smtp(url)
    assert (made.host, made.port, made.username, made.password, made.use_tls, made.use_ssl) == expected


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        smtp(url)
