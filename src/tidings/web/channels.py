"""Channels: how each one is doing at a glance, found by words, group, network and condition; and their groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidings import networks
from tidings.channels.groups import groups, rename_group, set_group
from tidings.channels.models import Channel, Revocation
from tidings.deliveries.health import CONDITIONS, healths
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.health_words import WORDS, Shown, shown
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may

NO_GROUP = "-"  # in an address: those that are in none


@dataclass(frozen=True)
class Ended:
    """Access that was ended, as the page shows it."""

    row: Revocation
    label: str  # of its network
    page: str  # where the network shows what else has access
    word: str  # under_way, done, given_up
    asked: When
    reason: str


@dataclass
class Group:
    """The channels below one heading; without a name: those in no group."""

    name: str
    rows: list[Shown] = field(default_factory=list)


@member_page("read")
def channels(request: HttpRequest, member: Member) -> HttpResponse:
    """Every channel with its health, by group."""
    mine = Channel.objects.filter(workspace=member.workspace)
    rows = [shown(health, member.user) for health in healths(_found(mine, request.GET))]
    state = request.GET.get("state", "")
    listed = [row for row in rows if row.condition == state] if state in CONDITIONS else rows
    context = {
        "groups": _grouped(listed),
        "shown": len(listed),
        "any": bool(rows) or mine.exists(),
        "asked": {name: request.GET.get(name, "") for name in ("q", "group", "network", "state")},
        "filters": _filters(mine, member),
        "may_connect": may(member, "connect"),
        "ended": [_ended(row, member.user) for row in Revocation.objects.filter(workspace=member.workspace)],
        "rows": listed,
    }
    return render(request, "tidings/channels/list.html", context)


def _found(mine: QuerySet[Channel], said: Mapping[str, str]) -> QuerySet[Channel]:
    if words := said.get("q", "").strip():
        mine = mine.filter(Q(name__icontains=words) | Q(handle__icontains=words) | Q(group__icontains=words))
    if group := said.get("group", ""):
        mine = mine.filter(group="" if group == NO_GROUP else group)
    if network := said.get("network", ""):
        mine = mine.filter(network=network)
    return mine


def _filters(mine: QuerySet[Channel], member: Member) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen from: (value, label)."""
    known = networks.every()
    used = sorted(set(mine.order_by().values_list("network", flat=True)))
    return {
        "groups": [(name, name) for name in groups(member.workspace)],
        "networks": [(name, known[name].label if name in known else name) for name in used],
        "states": [(name, str(word)) for name, (word, _mark) in WORDS.items()],
    }


def _grouped(rows: Iterable[Shown]) -> list[Group]:
    """By group, in the order of their letters; those without one come last."""
    found: dict[str, Group] = {}
    for row in rows:
        found.setdefault(row.channel.group, Group(row.channel.group)).rows.append(row)
    return sorted(found.values(), key=lambda group: (not group.name, group.name.casefold()))


def _ended(row: Revocation, user: User) -> Ended:
    speaks = networks.every().get(row.network)
    word = "done" if row.done_at else "given_up" if row.given_up_at else "under_way"
    label, page = (speaks.label, speaks.grants) if speaks else (row.network, "")
    return Ended(row, label, page, word, when(user, row.asked_at), translated(row.reason))


@require_POST
@member_page("connect")
def group_channels(request: HttpRequest, member: Member) -> HttpResponse:
    """Put the chosen channels into a group or into none, or give a group another word."""
    name = request.POST.get("group", "") if request.POST.get("act") != "clear" else ""
    if before := request.POST.get("before", ""):
        number = rename_group(member, before, name)
    else:
        number = set_group(member, _ids(request.POST.getlist("channel")), name)
    if number:
        text = ngettext("%(n)d channel is in %(group)s.", "%(n)d channels are in %(group)s.", number)
        none = ngettext("%(n)d channel is in no group.", "%(n)d channels are in no group.", number)
        messages.success(request, (text if name.strip() else none) % {"n": number, "group": name.strip()})
    else:
        messages.error(request, _("Choose channels first, then the group."))
    return redirect("channels", slug=member.workspace.slug)


def _ids(said: Iterable[str]) -> list[UUID]:
    found = []
    for id in said:
        try:
            found.append(UUID(id))
        except ValueError:
            continue
    return found


@require_POST
@member_page("connect")
def dismiss_revocation(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """A person has seen how the end of an access went."""
    revocation = get_object_or_404(Revocation, pk=id, workspace=member.workspace)
    if revocation.done_at or revocation.given_up_at:
        revocation.delete()
    return redirect("channels", slug=member.workspace.slug)
