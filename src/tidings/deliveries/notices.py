"""Notifications in words: made when they are read, in the reader's language, from what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tidings.channels.models import Channel, ConnectLink
from tidings.deliveries.calendar import first_words
from tidings.deliveries.models import Delivery
from tidings.notifications.kinds import KINDS
from tidings.notifications.mail import Said
from tidings.notifications.models import Notification
from tidings.posts.models import Item
from tidings.speech import translated
from tidings.workspaces.models import User

Things = dict[tuple[str, UUID], Any]


@dataclass(frozen=True)
class About:
    """What one of them is about: a name for it, more of it, and the path of its page below the workspace's."""

    name: str
    more: str
    page: str
    step: str


def said(_user: User, rows: Sequence[Notification]) -> list[Said]:
    """Each in words; what it was about may be gone meanwhile, and then only the kind is said."""
    things = _things(rows)
    return [_said(row, things.get((row.thing, row.thing_id)) if row.thing_id else None) for row in rows]


def _things(rows: Sequence[Notification]) -> Things:
    """What they are about, read in one go for each kind of thing."""
    ids: dict[str, set[UUID]] = {}
    for row in rows:
        if row.thing_id:
            ids.setdefault(row.thing, set()).add(row.thing_id)
    found: Things = {}
    deliveries = Delivery.objects.select_related("channel", "item").filter(pk__in=ids.get("delivery", ()))
    found |= {("delivery", one.pk): _delivery(one) for one in deliveries}
    found |= {("channel", one.pk): _channel(one) for one in Channel.objects.filter(pk__in=ids.get("channel", ()))}
    first = Item.objects.filter(post__in=ids.get("post", ()), position=0)
    found |= {("post", one.post_id): _post(one) for one in first}
    links = ConnectLink.objects.filter(pk__in=ids.get("connect_link", ()))
    return found | {("connect_link", one.pk): _link(one) for one in links}


def _delivery(one: Delivery) -> About:
    more = _("%(channel)s: %(reason)s") % {"channel": one.channel, "reason": translated(one.reason)}
    return About(_words(one.item), more if one.reason else str(one.channel), f"posts/{one.post_id}", _("Decide"))


def _channel(one: Channel) -> About:
    name = f"{one.name or one.handle} ({one.label})"
    return About(name, translated(one.paused), f"channels/{one.pk}", _("Connect again"))


def _post(one: Item) -> About:
    return About(_words(one), "", f"posts/{one.post_id}", _("Decide"))


def _link(one: ConnectLink) -> About:
    return About(one.name, "", "channels", _("See the channel"))


def _words(item: Item) -> str:
    return first_words([item.text], len(item.media))


def _said(row: Notification, about: About | None) -> Said:
    label = str(KINDS[row.kind].label)
    if row.workspace is None:
        return _of_no_workspace(row, label)
    home = f"/w/{row.workspace.slug}/"
    if about is None:
        return Said(row, label, _("It is not there any more."), f"{home}calendar", _("To the calendar"))
    if row.kind == "overdue":  # there stands what it waits for
        return Said(row, f"{label}: {about.name}", about.more, f"{home}attention", _("See why"))
    return Said(row, f"{label}: {about.name}", about.more, home + about.page, about.step)


def _of_no_workspace(row: Notification, label: str) -> Said:
    step = _("To the instance")
    if row.kind == "doctor":
        return Said(row, label, "", reverse("instance"), step)
    if row.kind == "backup":
        failed = row.thing == "failed"
        more = _("The last one could not be made.") if failed else _("None was made for two days.")
        return Said(row, label, more, reverse("instance"), step)
    return Said(row, label, "", reverse("exports"), _("Fetch it"))
