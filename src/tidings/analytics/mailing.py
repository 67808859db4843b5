"""Mail the reports that are due, each to each reader once, whichever node does it.

A round moves a reader's next time on before it sends, so two nodes never send the same; a mail that does not go is due
again in a while. One that is a day late is of no use any more: the next one tells more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as spelled
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tidings.analytics.asked import Asked
from tidings.analytics.by_mail import off_url, reached
from tidings.analytics.models import ReportMail, ReportReader, Standing
from tidings.analytics.notes import notes
from tidings.analytics.period import Period
from tidings.analytics.report import Figure, Line, Report, report
from tidings.analytics.rhythm import last_due, next_due, period_before
from tidings.analytics.share import name_of, scope_of
from tidings.analytics.words import LABELS, told
from tidings.core import clock, zones
from tidings.deliveries.calendar import first_words
from tidings.settings import settings
from tidings.workspaces.mail import deliver
from tidings.workspaces.models import User

LATE = timedelta(days=1)
AGAIN = timedelta(minutes=10)  # after a mail that did not go
PEOPLE, LINES = 100, 50  # a round; channels in a mail, the page has them all
ROUND = timedelta(seconds=20)  # other chores wait behind this one

Made = dict[tuple[UUID, Period], Report]  # in this round: all readers of one are told the same


def mail_reports(now: datetime) -> int:
    """Mail everybody whose report is due; how many mails went. One that does not go ends the round."""
    sent, made = 0, Made()
    for reader in _due(now)[:PEOPLE]:
        if clock.now() - now > ROUND:
            break
        due = _last(reader, now)
        following = _moved_on(reader, now)
        if following is None or now - due >= LATE or not reached(reader.report.workspace).filter(pk=reader.member_id):
            continue
        if not _send(reader, due, made):
            ReportReader.objects.filter(pk=reader.pk, next_at=following).update(next_at=now + AGAIN)
            break
        sent += 1
    return sent


def _due(now: datetime) -> QuerySet[ReportReader]:
    found = ReportReader.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    related = ("report__workspace", "report__channel", "report__tag", "member__user")
    return found.select_related(*related)


def _last(reader: ReportReader, now: datetime) -> datetime:
    """When the latest was due, however often it was tried since; by the zone that the workspace has now."""
    kind = reader.report
    return last_due(kind.every, kind.hour, zones.zone(kind.workspace.zone), now)


def _moved_on(reader: ReportReader, now: datetime) -> datetime | None:
    """The reader's next time, when no other node was before us."""
    kind = reader.report
    following = next_due(kind.every, kind.hour, zones.zone(kind.workspace.zone), now)
    mine = ReportReader.objects.filter(pk=reader.pk, next_at=reader.next_at).update(next_at=following)
    return following if mine else None


def _send(reader: ReportReader, due: datetime, made: Made) -> bool:
    kind, user, off = reader.report, reader.member.user, off_url(reader)
    period = period_before(kind.every, zones.zone(kind.workspace.zone), due)
    found = made[kind.pk, period] = made.get((kind.pk, period)) or report(scope_of(kind), period)
    with translation.override(user.language):
        name = " ".join(kind.workspace.name.split())  # a subject is one line
        subject = _("%(workspace)s: what came of %(days)s") % {"workspace": name, "days": _days(period)}
        text = "\n\n".join((*_parts(found, kind, user), _foot(kind, off)))
        headers = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return deliver(subject, text, user.email, headers)


def _parts(found: Report, kind: ReportMail, user: User) -> Iterator[str]:
    when = {"days": _days(found.period), "zone": found.period.zone}
    yield f"{name_of(kind)}\n" + _("%(days)s, by the clocks of %(zone)s.") % when
    yield "\n".join(_figures(found))
    if found.top:
        yield "\n".join((_("Most interactions"), *map(_post, found.top)))
    if found.lines:
        yield "\n".join((_("By channel"), *(_channel(line, user) for line in found.lines[:LINES])))
    yield from notes(found)
    yield _("All of it, and what each network means by its numbers: %(url)s") % {"url": _page(kind, found)}


def _page(kind: ReportMail, found: Report) -> str:
    place = reverse("analytics", kwargs={"slug": kind.workspace.slug})
    return settings().url + place + Asked(found.scope, found.period, 0).at()


def _figures(found: Report) -> Iterator[str]:
    """The figures, with how each stands against the days before, and of how many posts it is known."""
    known = [one for one in found.figures if one.word != "watched" or one.value]
    for one in (Figure("posts", found.posts, found.posts, found.posts_before), *known):
        yield _figure(one, found)


def _figure(one: Figure, found: Report) -> str:
    change = "" if one.change is None else _("%(change)s %% against %(days)s") % {
        "change": told(round(one.change * 100), signed=True), "days": _days(found.period.before),
    }  # fmt: skip
    of_some = {"n": told(one.counted), "all": told(found.posts)}
    counted = "" if one.counted == found.posts else _("known of %(n)s of %(all)s posts") % of_some
    more = ", ".join(filter(None, (change, counted)))
    return f"{LABELS[one.word]}: {told(one.value)}" + (f" ({more})" if more else "")


def _post(one: Standing) -> str:
    item = one.delivery.item
    words = first_words([item.text], len(item.media))
    return f"{told(one.engaged or 0)} – {words} ({one.channel.handle}, {one.channel.label})"


def _channel(line: Line, user: User) -> str:
    """Posts, followers, and when its network last said something."""
    posts = ngettext("%(n)s post", "%(n)s posts", line.posts) % {"n": told(line.posts)}
    followers, read = "", ""
    if line.growth and line.growth.now is not None:
        gained = line.growth.gained
        followers = f"{LABELS['followers']}: {told(line.growth.now)}"
        followers += f" ({told(gained, signed=True)})" if gained is not None else ""
    if line.meter and line.meter.read_at:
        read = _("read %(when)s") % {"when": _when(user, line.meter.read_at)}
    name = f"{line.channel.handle} ({line.channel.label})"
    return f"{name}: {'; '.join(filter(None, (posts, followers, read)))}"


def _days(period: Period) -> str:
    how = pgettext("date format", "j M Y")
    return f"{spelled(period.first, how)} – {spelled(period.last, how)}"


def _when(user: User, at: datetime) -> str:
    """As the reader's clock shows it."""
    local = at.astimezone(zones.zone(user.zone))
    day = spelled(local, pgettext("date format", "D j M"))
    return f"{day}, {spelled(local, 'H:i' if user.clock24 else 'g:i A')}"


def _foot(kind: ReportMail, off: str) -> str:
    why = _("Somebody who manages %(workspace)s set this mail up for you.") % {"workspace": kind.workspace.name}
    return f"-- \n{why}\n" + _("No more mails like this: %(url)s") % {"url": off} + "\n"
