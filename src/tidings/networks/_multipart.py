"""Multipart forms with several files or with films in them: streamed, so that no film stands in memory as a whole."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from io import SEEK_END

from tidings.networks.seam import Rendition

CHUNK = 1 << 20
Part = tuple[bytes, Rendition | None]  # its head, and the file that follows


def multipart(
    fields: Mapping[str, str], files: Mapping[str, Rendition], kinds: Mapping[str, str] | None = None
) -> tuple[Iterable[bytes], dict[str, str]]:
    """A body and its headers; the fields first, as stores want it. `kinds`: of fields that are no plain text."""
    edge = secrets.token_hex(16)
    parts: list[Part] = [
        (_field(edge, name, value, (kinds or {}).get(name, "")), None) for name, value in fields.items()
    ]
    parts += [(_head(edge, name, piece), piece) for name, piece in files.items()]
    end = f"--{edge}--\r\n".encode()
    length = sum(len(head) + (_size(piece) + 2 if piece else 0) for head, piece in parts) + len(end)
    kind = f"multipart/form-data; boundary={edge}"
    return _stream(parts, end), {"Content-Type": kind, "Content-Length": str(length)}


def _field(edge: str, name: str, value: str, kind: str) -> bytes:
    told = f"Content-Type: {kind}\r\n" if kind else ""
    return f'--{edge}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n{told}\r\n{value}\r\n'.encode()


def _head(edge: str, name: str, piece: Rendition) -> bytes:
    called = f'name="{_quoted(name)}"; filename="{_quoted(piece.name or piece.kind)}"'
    return f"--{edge}\r\nContent-Disposition: form-data; {called}\r\nContent-Type: {piece.mime}\r\n\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _size(piece: Rendition) -> int:
    """Counted, not believed: a wrong length would leave the server waiting."""
    with piece.stream() as file:
        return file.seek(0, SEEK_END)


def _chunks(piece: Rendition) -> Iterator[bytes]:
    with piece.stream() as file:
        yield from iter(lambda: file.read(CHUNK), b"")


def _stream(parts: list[Part], end: bytes) -> Iterator[bytes]:
    for head, piece in parts:
        yield head
        if piece:
            yield from _chunks(piece)
            yield b"\r\n"
    yield end
