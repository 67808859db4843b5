"""Look at every value of an archive's rows as if somebody hostile had written it; a bad one is named by its line."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings as framework
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from tidings import networks
from tidings.core import clock
from tidings.media.crop import Crop
from tidings.privacy.archive import Refused
from tidings.privacy.datamap import Table
from tidings.privacy.lines import Field, columns, media, portrait
from tidings.workspaces.members import is_zone

NUMBERS = (models.IntegerField, models.PositiveIntegerField)
LINK = ("https://", "http://")


class Bad(ValueError):
    """A value that no row of ours has; the text says what is wrong with it."""


def row(table: Table, said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The row's columns by attribute; raises Refused."""
    fields = columns(table)
    if strange := said.keys() ^ {field.name for field in fields}:
        raise Refused(f"{where}: {min(strange)!r} is missing, or is no column of it.")
    values: dict[str, Any] = {}
    for field in fields:
        try:
            values[field.attname] = _value(table, field, said[field.name])
        except (ValueError, OverflowError, ValidationError) as error:
            text = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise Refused(f"{where}, {field.name}: {text}") from None
    _file_of(table, values, where)
    return values


def _value(table: Table, field: Field, said: Any) -> Any:
    if said is None:
        if not field.null:
            raise Bad("nothing stands there")
        return None
    value = _typed(field, said)
    if isinstance(field, models.ForeignKey | models.BinaryField):
        return value
    if field.choices and value not in dict(field.flatchoices):
        raise Bad("none of its values")
    for validate in field.validators:
        if not isinstance(validate, URLValidator) and value not in field.empty_values:
            validate(value)
    if value in field.empty_values and field.blank:
        return value
    if rule := RULES.get(field.name, RULES.get(f"{table.model}.{field.name}")):
        rule(value)
    return value


OBJECTS = ("receipt", "answers", "draft")  # columns of JSON that hold one; others hold lists


def _typed(field: Field, said: Any) -> Any:
    """The value as Python has it; raises Bad for JSON of another kind."""
    if isinstance(field, models.JSONField):
        return _shaped(field, said)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    for kind, made in KINDS:
        if isinstance(target, kind):
            return made(said)
    raise Bad("a column of no known kind")


def _shaped(field: Any, said: Any) -> Any:
    shape = type(field.get_default()) if field.has_default() else dict if field.name in OBJECTS else list
    if not isinstance(said, shape):
        raise Bad(f"not a {shape.__name__}")
    return said


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise Bad("not a text")
    if "\0" in said:
        raise Bad("a NUL character")
    said.encode()  # raises for half of a pair of surrogates
    return said


def _number(said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool):
        raise Bad("not a whole number")
    return said


def _float(said: Any) -> float:
    if not isinstance(said, int | float) or isinstance(said, bool):
        raise Bad("not a number")
    return float(said)


def _boolean(said: Any) -> bool:
    if not isinstance(said, bool):
        raise Bad("neither true nor false")
    return said


def _id(said: Any) -> UUID:
    return UUID(_text(said))


def _instant(said: Any) -> datetime:
    return clock.from_iso(_text(said))


def _time(said: Any) -> time:
    return time.fromisoformat(_text(said))


KINDS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (models.BooleanField, _boolean),
    (models.IntegerField, _number),
    (models.FloatField, _float),
    (models.DateTimeField, _instant),
    (models.TimeField, _time),
    (models.UUIDField, _id),
    (models.Field, _text),
)


def _network(value: str) -> None:
    if value not in networks.every():
        raise Bad("a network that this version does not know")


def _zone(value: str) -> None:
    if not is_zone(value):
        raise Bad("no time zone")


def _language(value: str) -> None:
    if value not in dict(framework.LANGUAGES):
        raise Bad("a language that this version does not speak")


def _link(value: str) -> None:
    if value and not value.startswith(LINK):
        raise Bad("not an address of a page")


def _uses(value: list[Any]) -> None:
    for use in value:
        if not isinstance(use, dict) or use.keys() - {"crop"} != {"id", "alt"}:
            raise Bad("not a list of media")
        _id(use["id"])
        _text(use["alt"])
        if "crop" in use:
            _crop(use["crop"])


def _crop(value: Any) -> None:
    if not isinstance(value, dict) or value.keys() != {"x", "y", "width", "height"}:
        raise Bad("no part of a picture")
    crop = Crop(*(_float(value[name]) for name in ("x", "y", "width", "height")))
    if not crop.sane:
        raise Bad("no part of a picture")


def _receipt(value: dict[str, Any]) -> None:
    for name in ("id", "url", "note"):
        if not isinstance(value.get(name, ""), str):
            raise Bad("not a receipt")
    _link(value.get("url", ""))


def _answers(value: dict[str, Any]) -> None:
    if value.keys() != {"to", "root"} or not isinstance(value["to"], dict):
        raise Bad("not what is answered")
    for receipt in filter(None, value.values()):
        _receipt(receipt)


def _days(value: int) -> None:
    if value not in range(7):
        raise Bad("no day of the week")


def _theme(value: str) -> None:
    if value not in ("system", "light", "dark"):
        raise Bad("no theme")


RULES: dict[str, Callable[[Any], None]] = {
    "network": _network, "zone": _zone, "language": _language, "week_starts": _days, "theme": _theme,
    "channels.Slot.weekday": _days, "url": _link, "avatar": _link, "portrait_of": _link, "receipt": _receipt,
    "answers": _answers,
    "posts.Item.media": _uses, "posts.Variant.media": _uses,
}  # fmt: skip


def _file_of(table: Table, values: Mapping[str, Any], where: str) -> None:
    """A column that names a file of the archive names its own."""
    pk: Any = values.get(str(getattr(table.rows._meta.pk, "attname", "")))
    for field in columns(table):
        named = values[field.attname]
        if isinstance(field, models.BinaryField) and named != portrait(pk):
            raise Refused(f"{where}, {field.name}: not the name of its file")
        if field.name in table.files.split() and named and named != media(pk, named):
            raise Refused(f"{where}, {field.name}: not the name of its file")
