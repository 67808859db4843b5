"""Networks as pages name them, and the page to choose one from."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tidings import networks
from tidings.channels.credentials import entered, way_needs_app
from tidings.channels.models import Channel
from tidings.networks.base import Limits, Network
from tidings.web.access import member_page
from tidings.workspaces.models import Member
from tidings.workspaces.policy import may


@dataclass(frozen=True)
class About:
    """A network as a page names it; a template would call the class itself."""

    name: str
    label: str
    docs: str
    policy: str
    takes: str = ""  # what can be published there, in a few words
    channels: int = 0  # how many of the workspace are there


def about(speaks: type[Network], channels: int = 0) -> About:
    """The network for a page."""
    return About(speaks.name, speaks.label, speaks.docs, speaks.policy, takes(speaks.limits), channels)


def network_named(name: str) -> type[Network]:
    """The network of this name; raises Http404."""
    try:
        return networks.get(name)
    except KeyError:
        raise Http404(name) from None


def takes(limits: Limits) -> str:
    """What can be published there, in a few words."""
    kinds = (
        (limits.text > 0, _("text")),
        (limits.pictures > 0, _("pictures")),
        (limits.films > 0, _("films")),
        (limits.poll is not None, _("polls")),
    )
    words = ", ".join(word for there, word in kinds if there)
    return words[:1].upper() + words[1:]


@member_page("connect")
def networks_page(request: HttpRequest, member: Member) -> HttpResponse:
    """Every network there is: those that can be connected now, and those that want app credentials first."""
    search = request.GET.get("q", "").strip()
    counts = Channel.objects.filter(workspace=member.workspace).values_list("network").annotate(Count("id"))
    channels, kept = dict(counts), set(entered(member.workspace))
    found = [n for n in networks.every().values() if search.casefold() in f"{n.label} {n.name}".casefold()]
    open_now = [n for n in found if is_open(n, kept)]
    context = {
        "search": search,
        "ready": [about(n, channels.get(n.name, 0)) for n in open_now],
        "lacking": [about(n, channels.get(n.name, 0)) for n in found if n not in open_now],
        "may_manage_apps": may(member, "manage"),
    }
    return render(request, "tidings/channels/networks.html", context)


def is_open(speaks: type[Network], kept: set[str]) -> bool:
    """Whether there is a way in: one that needs no app credentials, or they are there."""
    return speaks.name in kept or any(not way_needs_app(way) for way in speaks.connect)
