"""App credentials: what each network knows this program as, where to get that, and whether it works."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tidings import networks
from tidings.channels import credentials as verbs
from tidings.channels.connect import site
from tidings.channels.models import AppCredential
from tidings.channels.trial import standing, try_out
from tidings.media.reach import obstacle
from tidings.networks.base import Console, Network, Site
from tidings.networks.errors import Rejected
from tidings.networks.seam import Wish
from tidings.speech import translated
from tidings.web.access import member_page, sure
from tidings.web.connect_forms import app_form, app_of
from tidings.web.networks import About, about, network_named
from tidings.web.times import When, when
from tidings.workspaces.models import Member

EVERYWHERE = "everywhere"
TOLD: dict[Wish, Any] = {
    "ended": gettext_lazy("Where it tells us that a person ended the access"),
    "erase": gettext_lazy("Where it tells us that a person wants to be erased"),
}


@dataclass(frozen=True)
class Shown:
    """Credentials as a page shows them; nothing secret."""

    everywhere: bool
    mine: bool  # whether this person may change them
    client_id: str
    entered: When
    channels: int
    older: int  # channels that still use what was there before
    tried: When | None
    findings: list[str]

    @property
    def state(self) -> str:
        """How it stands with them: untried, wrong, fine."""
        return "wrong" if self.findings else "fine" if self.tried else "untried"


@dataclass(frozen=True)
class Row:
    """A network of the list: what is there for the workspace and for the instance."""

    network: About
    used: Shown | None
    both: bool


@dataclass(frozen=True)
class Guide:
    """Where an operator gets credentials, with this instance's addresses filled in."""

    url: str
    steps: list[str]
    gate: str
    id: str
    scopes: list[str]
    redirect_uri: str
    callbacks: list[tuple[str, str, str]]  # its name in the page, what it is for, its address
    warnings: list[str]
    obstacle: str


@member_page("manage")
def apps(request: HttpRequest, member: Member) -> HttpResponse:
    """Every network that needs app credentials, and how it stands with them."""
    needing = [network for network in networks.every().values() if verbs.needs_app(network)]
    kept, channels = verbs.entered(member.workspace), verbs.channels_by_app(member)
    rows = [_row(member, network, kept.get(network.name), channels) for network in needing]
    warnings = [translated(one) for one in standing(site())]
    return render(request, "tidings/channels/apps.html", {"rows": rows, "warnings": warnings})


def _row(member: Member, speaks: type[Network], kept: verbs.Kept | None, channels: Mapping[UUID, int]) -> Row:
    used = _shown(member, kept.used, channels) if kept and kept.used else None
    return Row(about(speaks), used, bool(kept and kept.own and kept.everywhere))


def _shown(member: Member, row: AppCredential, channels: Mapping[UUID, int], older: int = 0) -> Shown:
    everywhere = row.workspace_id is None
    mine = member.user.is_operator or not everywhere
    return Shown(
        everywhere=everywhere,
        mine=mine,
        client_id=row.client_id if mine else "",
        entered=when(member.user, row.created_at),
        channels=channels.get(row.id, 0),
        older=older,
        tried=when(member.user, row.tried_at) if row.tried_at else None,
        findings=[translated(one) for one in row.findings],
    )


@member_page("manage")
@sure
def app(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """One network's credentials: how to get them, what is kept, and the form to enter them."""
    speaks = _needing(network)
    console, kept = verbs.console_of(speaks), verbs.kept(member.workspace, speaks)
    form = app_form(console, request.POST or None, member.user.is_operator, _filled_in(member, kept))
    if request.method == "POST" and form.is_valid():
        everywhere = bool(form.cleaned_data.get(EVERYWHERE))
        try:
            verbs.enter(member, speaks, app_of(console, form.cleaned_data), everywhere)
        except Rejected as reaction:
            form.add_error(None, translated(reaction.reason))
        else:
            messages.success(request, _("The app credentials are kept. Test them now."))
            return _back(member, network)
    context = {
        "network": about(speaks),
        "guide": _guide(speaks, console, site()),
        "kept": _both(member, kept),
        "form": form,
    }
    return render(request, "tidings/channels/app.html", context)


def _both(member: Member, kept: verbs.Kept) -> list[Shown]:
    channels = verbs.channels_by_app(member)
    rows = [row for row in (kept.own, kept.everywhere) if row]
    return [_shown(member, row, channels, _older(member, row)) for row in rows]


def _older(member: Member, row: AppCredential) -> int:
    return verbs.replaced(row) if member.user.is_operator or row.workspace_id else 0


def _needing(name: str) -> type[Network]:
    speaks = network_named(name)
    if not verbs.needs_app(speaks):
        raise Http404(name)
    return speaks


def _filled_in(member: Member, kept: verbs.Kept) -> dict[str, Any]:
    """The credentials this person would change: the workspace's own, else the instance's when they may."""
    row = kept.own or (kept.everywhere if member.user.is_operator else None)
    everywhere = member.user.is_operator and kept.own is None
    return {"client_id": row.client_id if row else "", EVERYWHERE: everywhere}


def _guide(speaks: type[Network], console: Console, here: Site) -> Guide:
    steps = " ".join(console.steps)
    told = {wish: here.base_url + reverse("hear", args=(speaks.name, wish)) for wish in speaks.hears}
    addresses = {"{redirect_uri}": here.redirect_uri, "{base_url}": here.base_url}
    addresses |= {f"{{{wish}_url}}": url for wish, url in told.items()}
    return Guide(
        url=console.url,
        steps=[_filled(translated(step), addresses) for step in console.steps],
        gate=translated(console.gate),
        id=translated(console.id),
        scopes=list(dict.fromkeys(_scopes(speaks))),
        redirect_uri=here.redirect_uri,
        callbacks=[(wish, str(TOLD[wish]), url) for wish, url in told.items() if f"{{{wish}_url}}" in steps],
        warnings=[translated(one) for one in standing(here)],
        obstacle=obstacle() if speaks.fetches else "",
    )


def _filled(step: str, addresses: dict[str, str]) -> str:
    for name, address in addresses.items():
        step = step.replace(name, address)
    return step


def _scopes(speaks: type[Network]) -> Iterator[str]:
    for way in speaks.connect:
        if verbs.way_needs_app(way):
            yield from getattr(way, "scopes", ())


@require_POST
@member_page("manage")
def try_app(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """Ask the network what it thinks of the credentials."""
    speaks, everywhere = _needing(network), EVERYWHERE in request.POST
    verbs.require_right(member, everywhere)
    row = verbs.chosen(member, speaks, everywhere)
    if row is None:
        raise Http404(network)
    if not try_out(member, row, speaks, site()):
        messages.success(request, _("%(network)s knows these credentials.") % {"network": speaks.label})
    return _back(member, network)


@require_POST
@member_page("manage")
@sure
def remove_app(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """Forget credentials that no channel needs any more."""
    speaks = _needing(network)
    try:
        verbs.remove(member, speaks, EVERYWHERE in request.GET)
        messages.success(request, _("The app credentials are removed."))
    except Rejected as reaction:
        messages.error(request, translated(reaction.reason))
    return _back(member, network)


def _back(member: Member, network: str) -> HttpResponse:
    return redirect("app", slug=member.workspace.slug, network=network)
