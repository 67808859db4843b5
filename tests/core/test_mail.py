"""Mail through the door: handed over once, and what is made of refusals and of lines that break."""

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tidings.core import mail
from tidings.core.http import Answer, Door, Forbidden, NoAnswer, NotSent, Request

MESSAGE = b"Subject: Tide tables\r\n\r\nHigh at six.\n.hidden\r\n"
PROOF = "Basic " + base64.b64encode(b"ana:p4ss").decode()
REPLIES = {
    "HELLO": "220 ready", "EHLO": "250-here\r\n250-SIZE 1000\r\n250-AUTH PLAIN\r\n250 STARTTLS", "STARTTLS": "220 go",
    "AUTH": "235 welcome", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 2.0.0 queued as 7",
    "QUIT": "221 bye",
}


@dataclass
class Server:
    """Says what it is told at each verb ("." is the message's end; an empty reply hangs up); keeps what it heard."""

    port: int
    replies: Mapping[str, str]
    tls: ssl.SSLContext | None
    heard: list[str] = field(default_factory=list)
    message: bytes = b""
    done: threading.Event = field(default_factory=threading.Event)

    def request(self, *recipients: str, scheme: str = "smtp", body: bytes | None = MESSAGE) -> Request:
        envelope = {"From": "ana@example.org", "To": ", ".join(recipients or ["list@example.org"])}
        url = f"{scheme}://127.0.0.1:{self.port}"
        return Request("MAIL", url, "publish", {**envelope, "Authorization": PROOF}, body, seconds=5)

    def send(self, *recipients: str, scheme: str = "smtp", body: bytes | None = MESSAGE) -> Answer:
        return Door([f"127.0.0.1:{self.port}"])(self.request(*recipients, scheme=scheme, body=body))

    def verbs(self) -> list[str]:
        return [line.split()[0].upper() for line in self.heard]

    def visit(self, line: socket.socket) -> None:
        file = line.makefile("rwb")
        verb = "HELLO"
        while self._say(file, self.replies[verb]):
            if verb == "STARTTLS" and self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
                file = line.makefile("rwb")
            elif verb == "DATA" and self.replies["DATA"].startswith("354"):
                for part in iter(file.readline, b".\r\n"):
                    self.message += part
                    if not part:
                        return
                verb = "."
                continue
            if not (said := file.readline().decode().strip()):
                return
            self.heard.append(said)
            verb = said.split()[0].upper()

    def _say(self, file: IO[bytes], reply: str) -> bool:
        file.write(f"{reply}\r\n".encode() if reply else b"")
        file.flush()
        return bool(reply)


@contextmanager
def serving(tls: ssl.SSLContext | None = None, at_once: bool = False, **replies: str) -> Iterator[Server]:
    """One visit; `at_once`: TLS from the first word on. `END` is the reply to the whole message."""
    said = {**REPLIES, **{verb: reply for verb, reply in replies.items() if verb != "END"}}
    with socket.create_server(("127.0.0.1", 0)) as plug:
        server = Server(plug.getsockname()[1], {**said, ".": replies.get("END", REPLIES["."])}, tls)

        def accept() -> None:
            with suppress(OSError):
                line, _ = plug.accept()
                with line, suppress(OSError):
                    server.visit(tls.wrap_socket(line, server_side=True) if tls and at_once else line)
            server.done.set()

        threading.Thread(target=accept, daemon=True).start()
        yield server


def test_a_message_is_handed_over_once_with_its_envelope_and_every_line_as_it_was() -> None:
    with serving() as server:
        answer = server.send("one@example.org", "two@example.org")
        server.done.wait(5)
    assert (answer.status, answer.text(), answer.headers["size"]) == (250, "2.0.0 queued as 7", "1000")
    assert server.verbs() == ["EHLO", "AUTH", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"]
    assert server.heard[2] == f"mail FROM:<ana@example.org> SIZE={len(MESSAGE)}"
    assert server.message == b"Subject: Tide tables\r\n\r\nHigh at six.\r\n..hidden\r\n"


def test_without_a_message_it_is_only_asked_whether_the_server_would_take_one() -> None:
    with serving() as server:
        assert server.send(body=None).status == 250
    assert "DATA" not in server.verbs()


@pytest.mark.parametrize(("verb", "reply", "last"), [
    ("HELLO", "421 busy", None), ("EHLO", "421 busy", "EHLO"), ("AUTH", "535 5.7.8 wrong", "AUTH"),
    ("MAIL", "451 4.7.1 later", "MAIL"), ("RCPT", "550 5.1.1 no such user", "RCPT"), ("DATA", "554 no", "DATA"),
    ("END", "552 5.3.4 too big", "QUIT"), ("END", "451 4.3.0 later", "QUIT"),
])  # fmt: skip
def test_a_refusal_at_any_step_is_the_answer_and_the_steps_after_it_are_not_taken(
    verb: str, reply: str, last: str | None
) -> None:
    with serving(**{verb: reply}) as server:
        answer = server.send()
        server.done.wait(5)
    code, _, said = reply.partition(" ")
    assert (answer.status, answer.text()) == (int(code), said)
    assert (server.verbs() or [None])[-1] == last


def test_when_one_recipient_is_refused_nobody_gets_the_message() -> None:
    class Picky(dict[str, str]):
        asked = 0

        def __getitem__(self, verb: str) -> str:
            self.asked += verb == "RCPT"
            return "550 no such user" if verb == "RCPT" and self.asked == 2 else super().__getitem__(verb)

    with serving() as server:
        server.replies = Picky(server.replies)
        assert server.send("one@example.org", "two@example.org").status == 550
        server.done.wait(5)
    assert server.message == b""


@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["", "this is no mail server", "250 " + "x" * 9000])
def test_a_line_that_breaks_before_the_last_dot_means_that_nothing_was_sent(verb: str, reply: str) -> None:
    with serving(**{verb: reply}) as server, pytest.raises(NotSent):
        server.send()


@pytest.mark.parametrize("reply", ["", "this is no mail server", "250 " + "x" * 9000, "099 what"])
def test_a_line_that_breaks_after_the_last_dot_is_no_answer(reply: str) -> None:
    with serving(END=reply) as server, pytest.raises(NoAnswer) as silence:
        server.send()
    assert not isinstance(silence.value, NotSent)
    assert server.message


def test_a_server_that_never_comes_to_an_end_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "ANSWER_LIMIT", 5000)
    with serving(EHLO="\r\n".join(["250-more"] * 2000)) as server, pytest.raises(NotSent, match="too much"):
        server.send()


def test_who_may_not_be_spoken_to_in_clear_must_offer_tls() -> None:
    with serving(EHLO="250-here\r\n250 AUTH PLAIN") as server:
        assert_silent(server, lambda request, line: mail.hand_over(request, line, "localhost", clear=False))
    assert server.verbs() == ["EHLO"]


@pytest.mark.parametrize("at_once", [False, True])
def test_who_cannot_prove_its_name_hears_neither_password_nor_message(at_once: bool, tmp_path: Path) -> None:
    with serving(certified(tmp_path), at_once) as server:
        url = {True: "smtps", False: "smtp"}[at_once]
        assert_silent(server, lambda request, line: mail.hand_over(request, line, "localhost", clear=False), url)
    assert "AUTH" not in server.verbs()


@pytest.mark.parametrize("at_once", [False, True])
def test_inside_tls_the_password_is_said_and_the_message_handed_over(
    at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certified(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "chain.pem"))
    monkeypatch.setattr(mail, "trusted", lambda: trusting)
    with serving(context, at_once) as server:
        request = server.request(scheme="smtps" if at_once else "smtp")
        line = socket.create_connection(("127.0.0.1", server.port))
        assert mail.hand_over(request, line, "localhost", clear=False).status == 250
    assert ("STARTTLS" in server.verbs()) is not at_once
    assert server.message


def assert_silent(server: Server, hand_over: Callable[[Request, socket.socket], Answer], scheme: str = "smtp") -> None:
    line = socket.create_connection(("127.0.0.1", server.port))
    with pytest.raises(NotSent):
        hand_over(server.request(scheme=scheme), line)
    assert server.message == b""


def test_mail_goes_to_no_private_place_unless_the_operator_says_so() -> None:
    for url in ("smtp://127.0.0.1:25", "smtps://10.0.0.1", "smtp://169.254.169.254", "smtp://"):
        with pytest.raises(Forbidden):
            Door()(Request("MAIL", url, "publish", {"From": "a@example.org", "To": "b@example.org"}, MESSAGE))


def test_no_address_can_smuggle_a_command_in() -> None:
    with serving() as server, pytest.raises(NotSent):
        server.send("one@example.org>\r\nRCPT TO:<two@example.org")
    assert "RCPT" not in server.verbs()


def test_neither_password_nor_message_shows_in_a_request() -> None:
    shown = repr(Server(1, {}, None).request())
    assert not any(secret in shown for secret in ("p4ss", PROOF, "Tide"))


@cache
def _signed() -> tuple[bytes, bytes]:
    key, day = ec.generate_private_key(ec.SECP256R1()), timedelta(days=1)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime.now(UTC) - day).not_valid_after(datetime.now(UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return made.public_bytes(serialization.Encoding.PEM), pem


def certified(folder: Path) -> ssl.SSLContext:
    """What a server proves itself with, signed by itself."""
    chain, key = _signed()
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    return context
