"""A checksum of a table's rows that is the same in whichever database they are, and in whatever order."""

import hashlib
import ipaddress
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models

EXACT, LARGEST = 2**53, 10**308  # as a float: every whole number up to here; any number up to there


@dataclass(frozen=True)
class Sum:
    """How many rows there are, and what they come to."""

    rows: int = 0
    checksum: int = 0

    def plus(self, model: type[models.Model], rows: Sequence[Sequence[Any]]) -> "Sum":
        """With these rows besides, each the values of the model's columns."""
        spell = [_spelling(field) for field in model._meta.local_concrete_fields]
        return Sum(self.rows + len(rows), (self.checksum + sum(_number(spell, row) for row in rows)) % 2**128)


def _number(spell: Sequence[Callable[[Any], str]], row: Sequence[Any]) -> int:
    """A row in words, and those as a number of 128 bits."""
    said = "\x1f".join(s(value) for s, value in zip(spell, row, strict=True)).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=16).digest())


def _spelling(field: Any) -> Callable[[Any], str]:
    kinds: dict[type[Any], Callable[[Any], str]] = {
        models.JSONField: lambda value: json.dumps(_plain(value), sort_keys=True),
        models.BinaryField: lambda value: bytes(value).hex(),
        models.GenericIPAddressField: lambda value: str(ipaddress.ip_address(value)),
        models.DateTimeField: _instant,
    }
    spell = next((spell for kind, spell in kinds.items() if isinstance(field, kind)), repr)
    return lambda value: "" if value is None else spell(value)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _plain(value: Any) -> Any:
    """PostgreSQL keeps numbers in JSON by their value, not as they were written."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) < EXACT:
        return int(value) if value == int(value) else value
    return float(value) if abs(value) < LARGEST else str(value)
