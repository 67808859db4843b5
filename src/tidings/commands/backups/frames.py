"""What is in an owner's stream before it is sealed: frames, each a letter, its length, and its contents.

T  rows of a table, compressed     F  a stored file begins: its key     D  a piece of it
E  the end: what the rows of each table come to, and how many files there were
"""

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from tidings.commands.checksum import Sum
from tidings.core.secrets import CannotOpen
from tidings.privacy.datamap import Table

HEAD = struct.Struct(">cI")
Frame = tuple[bytes, bytes]


def frame(letter: bytes, content: bytes) -> bytes:
    """As it stands in the stream."""
    return HEAD.pack(letter, len(content)) + content


def read(pieces: Iterable[bytes]) -> Iterator[Frame]:
    """The frames of a stream; raises CannotOpen when it ends within one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= HEAD.size:
            letter, length = HEAD.unpack_from(held)
            if len(held) < (end := HEAD.size + length):
                break
            yield letter, bytes(held[HEAD.size : end])
            del held[:end]
    if held:
        raise CannotOpen("a stream of the backup ends too early")


def of_rows(table: Table, rows: Sequence[Sequence[Any]]) -> bytes:
    """Some rows, each the values of the model's columns."""
    content = {"table": table.model, "columns": columns(table), "rows": rows}
    return frame(b"T", zlib.compress(json.dumps(content, default=_plain, separators=(",", ":")).encode()))


def rows_of(content: bytes, by_name: dict[str, Table]) -> tuple[Table, list[list[Any]]]:
    """The same, as the model takes them; raises CannotOpen for a table of another version."""
    said = json.loads(zlib.decompress(content))
    table = by_name.get(said["table"])
    if table is None or columns(table) != said["columns"]:
        raise CannotOpen(f"the backup has another table {said['table']} than this version")
    taken = [field.to_python for field in table.rows._meta.local_concrete_fields]
    return table, [[None if v is None else t(v) for t, v in zip(taken, row, strict=True)] for row in said["rows"]]


def of_end(sums: dict[str, Sum], files: int) -> bytes:
    """What it all came to."""
    said = {"tables": {name: [found.rows, f"{found.checksum:032x}"] for name, found in sums.items()}, "files": files}
    return frame(b"E", json.dumps(said).encode())


def end_of(content: bytes) -> tuple[dict[str, Sum], int]:
    """The same again."""
    said = json.loads(content)
    return {name: Sum(rows, int(sum, 16)) for name, (rows, sum) in said["tables"].items()}, said["files"]


def columns(table: Table) -> list[str]:
    """Of the model, in its order."""
    return [field.attname for field in table.rows._meta.local_concrete_fields]


def _plain(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return b64encode(value).decode()  # bytes, or PostgreSQL's view of them


