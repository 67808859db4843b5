"""A report as the sheet that is printed: what the page shows, and behind it what each number means to its network."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from copy import copy

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tidings.analytics.notes import notes
from tidings.analytics.report import Report
from tidings.analytics.words import LABELS, MEANS, definitions
from tidings.settings import settings
from tidings.web.analytics import shown
from tidings.web.analytics.chart import Chart
from tidings.web.analytics.sheet import Break, Charts, Drawing, Figures, Grid, Part, Sheet
from tidings.web.times import spelled_days, when
from tidings.workspaces.models import Member, Tag, User, WorkspaceLogo

MOST = 200  # channels in a table; the CSV has them all


def laid_out(report: Report, member: Member) -> Sheet:
    """Times stand in the report's zone, for the file goes to others."""
    reader = copy(member.user)
    reader.zone = report.period.zone
    logo = WorkspaceLogo.objects.filter(pk=member.workspace_id).first()
    return Sheet(
        title=member.workspace.name, author=settings().name, language=get_language() or "en",
        made_at=report.made_at.isoformat(), logo=base64.b64encode(logo.picture).decode() if logo else "",
        lines=list(_lines(report, reader)), notes=notes(report), parts=list(_parts(report, reader)),
        lacking=_("[…] stands for words in letters that this file cannot show, and other signs are left out. "
                  "The page shows them."),
        page=_("Page %(n)s of %(all)s"),
    )  # fmt: skip


def _lines(report: Report, reader: User) -> Iterator[str]:
    """Of which days, by whose clocks, of what, and when it was made."""
    period = report.period
    days = {"days": spelled_days(period.first, period.last), "zone": period.zone}
    yield _("%(days)s, by the clocks of %(zone)s.") % days
    about = list(_about(report))
    if about:
        yield _("Only %(what)s.") % {"what": " · ".join(about)}
    before = {"days": spelled_days(period.before.first, period.before.last)}
    said = _("Made %(when)s. Changes are against %(days)s.")
    yield said % {"when": when(reader, report.made_at).text, **before}


def _about(report: Report) -> Iterator[str]:
    """What it is narrowed to."""
    scope = report.scope
    if scope.channel:
        yield from (line.channel.handle for line in report.lines)
    if scope.group:
        yield scope.group
    if scope.tag:
        yield from Tag.objects.filter(workspace=scope.workspace, pk=scope.tag).values_list("name", flat=True)


def _parts(report: Report, reader: User) -> Iterator[Part]:
    cards = shown.cards(report)
    yield Figures([(card.label, card.value, card.change, card.counted.capitalize()) for card in cards])
    charts = list(_charts(report))
    if charts:
        yield Charts(charts)
    yield _channels(report, reader)
    for title, standings in ((_("Most interactions"), report.top), (_("Fewest interactions"), report.weakest)):
        if standings:
            yield _posts(title, shown.ranked(standings, reader))
    yield _best(report, reader)
    yield Break()
    yield _sources(report, reader)
    yield _meanings(report, [card.word for card in cards])


def _charts(report: Report) -> Iterator[Drawing]:
    activity, growth = shown.activity(report), shown.growth(report)
    if activity:
        text = _("Likes, comments, shares and saves, by the day on which a post went out.")
        yield _drawing(_("Interactions"), text, activity)
    if growth:
        yield _drawing(_("Followers gained"), _("Since the first reading of these days."), growth)


def _drawing(title: str, text: str, chart: Chart) -> Drawing:
    bars = [] if chart.path else [(one.x, one.y, one.wide, one.high) for one in chart.shapes]
    return Drawing(title, text, list(_points(chart.path)), bars, chart.ticks, chart.labels)


def _points(path: str) -> Iterator[tuple[float, float]]:
    """The corners of a line of an SVG: M0 1 L2 3 …"""
    numbers = [float(one.strip("ML")) for one in path.split()]
    return zip(numbers[::2], numbers[1::2], strict=True)


def _channels(report: Report, reader: User) -> Grid:
    columns, found = shown.columns(report), shown.rows(report, reader)
    head = [_("Channel"), _("Posts"), *(label for _word, label in columns), _("For each post"), _("Followers")]
    rows = [
        [_named(row), row.posts, *(value or "–" for _label, value in row.cells), row.mean or "–", _crowd(row)]
        for row in found[:MOST]
    ]
    return Grid(_("By channel"), head, rows, [1], 1, _note(len(found) - MOST))


def _note(more: int) -> str:
    said = _("A dash is a number that the network does not give. Nothing is guessed.")
    if more <= 0:
        return said
    left = ngettext("%(n)d more channel is in the CSV file.", "%(n)d more channels are in the CSV file.", more)
    return f"{said} {left % {'n': more}}"


def _named(row: shown.Row) -> str:
    channel = row.channel
    return f"{channel.name or channel.handle}\n{channel.handle} · {channel.label}"


def _crowd(row: shown.Row) -> str:
    return f"{row.followers or '–'}{f' ({row.gained})' if row.gained else ''}"


def _posts(title: str, ranked: Sequence[shown.Ranked]) -> Grid:
    head = [_("Post"), _("Channel"), _("Published"), _("Numbers"), _("Interactions")]
    rows = [
        [
            one.words or _("Without words"), f"{one.standing.channel.handle} · {one.standing.channel.label}",
            one.out.text, " · ".join(f"{value} {label}" for label, value in one.numbers), one.engaged,
        ]
        for one in ranked
    ]  # fmt: skip
    return Grid(title, head, rows, [4, 2, 1.6, 3.2], 4)


def _best(report: Report, reader: User) -> Grid:
    rows = [[time, why, _("Sure") if sure else _("Likely")] for time, why, sure in shown.best(report, reader)]
    said = (
        _("Each post is held against what is usual on its channel. Sure: chance alone would hardly show such a time. "
          "Likely: it might.")
        if rows else
        _("No time stands out surely enough. That takes about forty posts with numbers, and some at the same time of "
          "the week.")
    )  # fmt: skip
    head = [_("Time"), _("How posts did then"), _("How sure that is")]
    return Grid(_("Best times"), head, rows, [2, 4, 1], note=said)


def _sources(report: Report, reader: User) -> Grid:
    """Where each channel's numbers come from, and when they were read."""
    head = [_("Channel"), _("Network"), _("Last read"), _("About its numbers")]
    rows = [
        [row.channel.handle, row.channel.label, row.read.text if row.read else "–", " ".join(row.notes)]
        for row in shown.rows(report, reader)[:MOST]
    ]
    said = _(
        "%(instance)s asked the networks for these numbers; each stands as the network gave it when it was last read."
    ) % {"instance": settings().name}
    return Grid(_("Where the numbers come from"), head, rows, [2, 1.5, 1.5, 5], note=said)


def _meanings(report: Report, words: Iterable[str]) -> Grid:
    head = [_("Number"), _("Network"), _("Its name there"), _("What it means")]
    speakers, rows = shown.speakers(report.lines), []
    for word in (*words, "followers"):
        rows.append([str(LABELS[word]), "", "", str(MEANS[word])])
        rows += [["", one.network, one.theirs, one.means] for one in definitions(word, speakers)]
    return Grid(_("What each number means"), head, rows, [1.6, 1.5, 2, 5])
