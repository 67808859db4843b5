"""The form of an archive, and a reader that believes nothing about it: names, sizes and lines have their limits."""

import json
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as BadStream

FORMAT, VERSION = "tidings-export", 1
MANIFEST, README, PEOPLE = "manifest.json", "README.txt", "people.jsonl"
NAME = re.compile(
    r"manifest\.json|README\.txt|people\.jsonl|(data|here)/[a-z]+\.[A-Za-z_]+\.jsonl"
    r"|media/[0-9a-f-]{36}\.[a-z0-9]{1,5}|portraits/[0-9a-f-]{36}\.webp"
)
MOST_ENTRIES = 200_000
LONGEST_LINE = 16_000_000  # bytes
PLENTY, DENSEST = 200_000_000, 100  # text may unfold to this many bytes, or so many times the file's
BROKEN = (BadZipFile, BadStream, EOFError, NotImplementedError, OSError, RuntimeError)


class Refused(Exception):
    """The archive cannot be taken; the text says why, to a person."""


@dataclass(frozen=True)
class Archive:
    """One that is open for reading and has the right form; nothing of what its lines say has been looked at."""

    zip: ZipFile
    entries: dict[str, ZipInfo]
    manifest: dict[str, Any]

    def lines(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """What a file of lines says, each with its number; none when it is not there."""
        if name not in self.entries:
            return
        with said_well(name), self.zip.open(self.entries[name]) as file:
            number = 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                yield number, _parsed(raw, f"{name}, line {number}")

    def file(self, name: str) -> IO[bytes]:
        """The bytes of a file, to be read inside `said_well`."""
        return self.zip.open(self.entries[name])


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive in this file; raises Refused when it is none, or not one that this version reads."""
    with said_well(path.name):
        file = ZipFile(path)
    with file:
        entries = _entries(file, path.stat().st_size)
        if MANIFEST not in entries:
            raise Refused(f"{path.name} is not an export of Tidings: it has no {MANIFEST}.")
        with said_well(MANIFEST), file.open(MANIFEST) as inner:
            manifest = _parsed(inner.read(LONGEST_LINE + 1), MANIFEST)
        _right_version(manifest)
        yield Archive(file, entries, manifest)


@contextmanager
def said_well(name: str) -> Iterator[None]:
    """A file that is damaged is said to be so."""
    try:
        yield
    except BROKEN as error:
        raise Refused(f"{name} is damaged, or not an export of Tidings: {type(error).__name__}.") from None


def _entries(file: ZipFile, size: int) -> dict[str, ZipInfo]:
    every = file.infolist()
    if len(every) > MOST_ENTRIES:
        raise Refused(f"The archive has {len(every):,} entries; more than {MOST_ENTRIES:,} are not read.")
    for entry in every:
        if wrong := _wrong(entry):
            raise Refused(f"The archive has an entry {entry.filename[:80]!r}, which {wrong}.")
    if len({entry.filename for entry in every}) < len(every):
        raise Refused("The archive has two entries of one name.")
    if sum(e.file_size for e in every if e.compress_type != ZIP_STORED) > max(PLENTY, DENSEST * size):
        raise Refused("The archive would unfold to far more than it is; no export does.")
    return {entry.filename: entry for entry in every}


def _wrong(entry: ZipInfo) -> str:
    if not NAME.fullmatch(entry.filename):
        return "no export has"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link"
    if entry.flag_bits & 1:
        return "is encrypted"
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is packed in a way that no export uses"
    if entry.filename.startswith("media/") and entry.compress_type != ZIP_STORED:
        return "is packed, as no picture or film of an export is"
    return ""


def _right_version(manifest: dict[str, Any]) -> None:
    if manifest.get("format") != FORMAT:
        raise Refused(f"This is not an export of Tidings: its {MANIFEST} does not say so.")
    if manifest.get("version") != VERSION:
        raise Refused(f"This version of Tidings reads exports of version {VERSION}, not {manifest.get('version')!r}.")


def _parsed(raw: bytes, where: str) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise Refused(f"{where} is longer than {LONGEST_LINE:,} bytes.")
    try:
        said = json.loads(raw.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(f"{where} is not JSON.") from None
    if not isinstance(said, dict):
        raise Refused(f"{where} is not a row.")
    return said


def _no_number(text: str) -> None:
    raise ValueError(text)
