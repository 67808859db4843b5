"""What stands before Tidings and gets in the way, served on loopback: each spoils the probe in its own manner."""

import datetime
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tidings.media import public
from tidings.simulators import free_port
from tidings.web.public_media import shown

Answering = Callable[[Request], Awaitable[Any]]


async def honest(request: Request) -> Response:
    return await run_in_threadpool(shown, request)


def always(response: Callable[[], Response]) -> Answering:
    async def answer(request: Request) -> Response:
        return response()

    return answer


async def _to_the_login(request: Request) -> Response:
    return RedirectResponse(f"https://login.example.org/?next={request.url.path}")


async def _smaller(request: Request) -> Response:
    small = public.PROBE.read_bytes()[:9000]
    if "range" in request.headers:
        return Response(small[:100], 206, media_type="image/jpeg")
    return Response(small, media_type="image/jpeg")


async def _without_length(request: Request) -> Response:
    if "range" in request.headers or request.method == "HEAD":
        return await honest(request)
    return StreamingResponse(iter([public.PROBE.read_bytes()]), media_type="image/jpeg")


async def _without_head(request: Request) -> Response:
    return Response(status_code=405) if request.method == "HEAD" else await honest(request)


async def _head_of_another(request: Request) -> Response:
    return HTMLResponse("") if request.method == "HEAD" else await honest(request)


async def _never_a_part(request: Request) -> Response:
    if "range" in request.headers:
        return Response(public.PROBE.read_bytes(), media_type="image/jpeg")
    return await honest(request)


async def _another_part(request: Request) -> Response:
    if "range" in request.headers:
        return Response(public.PROBE.read_bytes()[1:101], 206, media_type="image/jpeg")
    return await honest(request)


class _BreaksOff:
    """Says a length, gives less, and hangs up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"500")]}
        await send(head)
        await send({"type": "http.response.body", "body": b"\xff\xd8", "more_body": False})


async def _breaks_off(request: Request) -> Any:
    return _BreaksOff()


LOGIN = "<form><input name=login><input type=PASSWORD name=secret></form>"
CONSENT = "<h1>We value your privacy</h1>"

# what is in the way -> what it must be called
MISCHIEF: dict[str, tuple[Answering, str]] = {
    "a redirect": (_to_the_login, "redirect"),
    "basic authentication": (always(lambda: Response(status_code=401)), "refused"),
    "a rule against robots": (always(lambda: Response(status_code=403)), "refused"),
    "another program": (always(lambda: HTMLResponse("<h1>It works!</h1>", 404)), "elsewhere"),
    "a proxy that does not reach us": (always(lambda: HTMLResponse("Bad gateway", 502)), "error"),
    "a login page": (always(lambda: HTMLResponse(LOGIN)), "login"),
    "a page that asks for consent": (always(lambda: HTMLResponse(CONSENT)), "page"),
    "a type of no use": (always(lambda: FileResponse(public.PROBE, media_type="application/octet-stream")), "type"),
    "what makes pictures smaller": (_smaller, "changed"),
    "what packs without a length": (_without_length, "length"),
    "a proxy without HEAD": (_without_head, "head"),
    "a proxy that makes up HEAD": (_head_of_another, "head"),
    "a proxy that strips Range": (_never_a_part, "part"),
    "a proxy that counts wrongly": (_another_part, "part"),
    "a line that breaks off": (_breaks_off, "broken_off"),
}


@contextmanager
def standing(answer: Answering, certificate: Path | None = None) -> Iterator[int]:
    """Serve it, with TLS if there is a certificate; the port."""
    port = free_port()
    app = Starlette(routes=[Route("/m/{token:str}/{name:str}", answer, methods=["GET"])])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="critical", lifespan="off", ssl_certfile=certificate
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(5)


def certificate(folder: Path, host: str) -> Path:
    """A certificate for this host that nobody has vouched for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "certificate.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path
