"""The calendar's filter bar: what can be chosen, what is, and the address without each of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from tidings.channels.models import Channel
from tidings.deliveries.angle import Angle
from tidings.deliveries.face import LABELS
from tidings.web.cards import fixed
from tidings.workspaces.models import Member, Tag, User

FIELDS = {"channel": "channels", "group": "groups", "tag": "tags", "state": "states", "author": "authors"}

CHECKED = ("", " checked")


@dataclass(frozen=True)
class Choice:
    """One box of the form. `mark`: the address of a picture, or a colour."""

    value: str
    label: str
    mark: str
    checked: str  # as HTML says it


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and where it is off."""

    label: str
    url: str


@dataclass(frozen=True)
class Bar:
    """The form by its parts, and the filters that are on."""

    parts: dict[str, list[Choice]]
    chips: list[Chip]
    text: str
    clear: str


def bar(member: Member, angle: Angle, channels: Iterable[Channel], day: str) -> Bar:
    """The filters of this workspace; `day` is kept in every address."""
    every = _choices(member, list(channels))
    chosen: dict[str, frozenset[Any]] = {name: getattr(angle.filters, field) for name, field in FIELDS.items()}
    parts = {
        name: [Choice(str(value), label, mark, CHECKED[value in chosen[name]]) for value, label, mark in choices]
        for name, choices in every.items()
    }
    labels = {name: {value: label for value, label, _mark in choices} for name, choices in every.items()}
    chips = [
        Chip(labels[name].get(value, _("Not here any more")), _without(angle, name, value, day))
        for name, values in chosen.items() for value in sorted(values, key=str)
    ]  # fmt: skip
    if angle.filters.text:
        chips.append(Chip(f"“{angle.filters.text}”", angle.at(day, filters=replace(angle.filters, text=""))))
    return Bar(parts, chips, angle.filters.text, angle.at(day, filters=type(angle.filters)()))


def _without(angle: Angle, name: str, value: object, day: str) -> str:
    left = getattr(angle.filters, FIELDS[name]) - {value}
    return angle.at(day, filters=replace(angle.filters, **{FIELDS[name]: left}))


def _choices(member: Member, channels: list[Channel]) -> dict[str, list[tuple[Any, str, str]]]:
    """By kind: what can be chosen, what it is called, how it is marked."""
    tags = Tag.objects.filter(workspace=member.workspace_id).values_list("id", "name", "colour")
    people = User.objects.filter(memberships__workspace=member.workspace_id).order_by("name", "email")
    groups = sorted({channel.group for channel in channels if channel.group}, key=str.casefold)
    return {
        "channel": [(one.id, one.handle, fixed(f"networks/{one.network}.svg")) for one in channels],
        "group": [(group, group, "") for group in groups],
        "tag": list(tags),
        "state": [(name, str(label), f"{fixed('icons.svg')}#state-{name}") for name, label in LABELS.items()],
        "author": [(id, name or email, "") for id, name, email in people.values_list("id", "name", "email")],
    }
