"""A report as tables for spreadsheets: a line for each post, or for each channel.

The separator is the one that spreadsheets of the reader's language look for, and the mark at the beginning tells them
that it is UTF-8. Numbers have no separators of thousands.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

from tidings import networks
from tidings.analytics.period import Period
from tidings.analytics.report import Line, Report
from tidings.analytics.scope import Scope, apart
from tidings.analytics.words import LABELS, SHAPES
from tidings.networks.metrics import OF_POSTS
from tidings.web.analytics import shown
from tidings.workspaces.models import User

MARK = "\ufeff"
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what spreadsheets take for the beginning of one
READ_AT_ONCE = 2000
OF_POST = (
    "out_at", "channel__handle", "channel__network", "delivery__item__text", "delivery__receipt", "shape", *OF_POSTS,
    "engaged", "read_at", "gone_at",
)  # fmt: skip


def posts(scope: Scope, period: Period) -> Iterator[str]:
    """The file, in pieces; its words are chosen now, whatever is read later."""
    head = [
        _("Published"), _("Channel"), _("Network"), _("Words"), _("Address"), _("Made of"),
        *(str(LABELS[word]) for word in (*OF_POSTS, "engaged")), _("Read"), _("Deleted at the network"),
    ]  # fmt: skip
    shapes, forbidden = {name: str(label) for name, label in SHAPES.items()}, apart()
    found = scope.standings(period, derived=False).order_by("out_at", "pk").values(*OF_POST)
    rows = (_post(row, period, shapes, forbidden) for row in found.iterator(READ_AT_ONCE))
    return _written(head, rows, separator())


def _post(row: dict[str, Any], period: Period, shapes: dict[str, str], forbidden: Sequence[str]) -> list[object]:
    network = networks.every().get(row["channel__network"])
    words = " ".join(row["delivery__item__text"].split())[:shown.LONGEST]
    engaged = None if row["channel__network"] in forbidden else row["engaged"]
    return [
        _at(row["out_at"], period), row["channel__handle"], network.label if network else row["channel__network"],
        words, row["delivery__receipt"].get("url") or "", shapes.get(row["shape"], row["shape"]),
        *(row[word] for word in OF_POSTS), engaged, _at(row["read_at"], period), _at(row["gone_at"], period),
    ]  # fmt: skip


def channels(report: Report, user: User) -> Iterator[str]:
    """The same of channels."""
    head = [
        _("Channel"), _("Name"), _("Network"), _("Posts"), *(str(LABELS[word]) for word in (*OF_POSTS, "engaged")),
        _("For each post"), _("Followers"), _("Followers gained"), _("Read"), _("About its numbers"),
    ]  # fmt: skip
    notes = {row.channel.pk: row.notes for row in shown.rows(report, user)}
    rows = [_channel(line, report.period, notes[line.channel.pk]) for line in report.lines]
    return _written(head, rows, separator())


def _channel(line: Line, period: Period, notes: Sequence[str]) -> list[object]:
    total, growth = line.total, line.growth
    mean = total.mean if total else None
    return [
        line.channel.handle, line.channel.name, line.channel.label, line.posts,
        *(total.values.get(word) if total else None for word in OF_POSTS),
        total.engaged if total and total.judged else None,
        None if mean is None else Told(number_format(mean, 2, use_l10n=True)),
        growth.now if growth else None, growth.gained if growth else None,
        _at(line.meter.read_at if line.meter else None, period), " ".join(notes),
    ]  # fmt: skip


class Told(str):
    """A number with a fraction, as the reader's language writes it."""


def separator() -> str:
    """Where a comma divides numbers, spreadsheets look for semicolons."""
    return ";" if get_format("DECIMAL_SEPARATOR", use_l10n=True) == "," else ","


def harmless(value: object) -> object:
    """Words that a spreadsheet would reckon with begin with an apostrophe; numbers are numbers."""
    if not isinstance(value, str) or isinstance(value, Told):
        return value
    return f"'{value}" if value.lstrip().startswith(FORMULAS) else value


def _at(at: datetime | None, period: Period) -> str:
    return period.local(at).isoformat(timespec="seconds") if at else ""


class _Line:
    """What csv writes into, to have each line back."""

    def write(self, line: str) -> str:
        return line


def _written(head: list[str], rows: Iterable[list[object]], divider: str) -> Iterator[str]:
    line = csv.writer(_Line(), delimiter=divider)
    yield MARK + str(line.writerow(head))
    for cells in rows:
        yield str(line.writerow([harmless(cell) for cell in cells]))
