"""Connecting a channel: choose the network, say who you are there, come back, pick what to post to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tidings import networks
from tidings.channels import connect as verbs
from tidings.channels.carry import Found, opened, put_away, taken_out
from tidings.channels.credentials import announced, enter, needs_app, typed
from tidings.channels.models import Channel
from tidings.networks.base import App, Network, OAuth2, Password
from tidings.networks.errors import Reaction
from tidings.web.access import member_page
from tidings.web.connect_forms import AppForm, Way, way_form, ways
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may, require

UNDER_WAY = "connecting"  # session: a sign-in at a network, sealed
FOUND = "connected"  # session: a finished one whose profiles are still to be picked, sealed


def _network(name: str) -> type[Network]:
    try:
        return networks.get(name)
    except KeyError:
        raise Http404(name) from None


@dataclass(frozen=True)
class About:
    """A network as a page names it; a template would call the class itself."""

    name: str
    label: str
    docs: str
    policy: str
    lacks_app: bool = False


def _about(speaks: type[Network], lacks_app: bool = False) -> About:
    return About(speaks.name, speaks.label, speaks.docs, speaks.policy, lacks_app)


@member_page("connect")
def networks_page(request: HttpRequest, member: Member) -> HttpResponse:
    """Every network there is."""
    rows = [
        _about(network, needs_app(network) and typed(member.workspace, network) is None)
        for network in networks.every().values()
    ]
    return render(request, "tidings/channels/networks.html", {"rows": rows})


@member_page("connect")
def network_page(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """One network: what it asks for, or the credentials it needs first."""
    speaks = _network(network)
    bound = ways(speaks, _known(member, request.GET.get("channel", "")))
    if request.method == "POST":
        way = next((w for w in bound if str(w.place) == request.POST.get("way")), None)
        form = way_form(way.declared, request.POST, way.place) if way else None
        if way and form and form.is_valid():
            return _connect(request, member, speaks, way, form.cleaned_data)
        bound = [Way(w.place, w.declared, form) if form and way and w.place == way.place else w for w in bound]
    return _show(request, member, speaks, bound)


def _known(member: Member, id: str) -> dict[str, str]:
    """What to fill in when a channel is connected again."""
    try:
        channel = Channel.objects.filter(workspace=member.workspace, pk=UUID(id)).first()
    except ValueError:
        return {}
    return {"handle": channel.handle, "server": channel.server_url} if channel else {}


def _show(request: HttpRequest, member: Member, speaks: type[Network], bound: list[Way]) -> HttpResponse:
    has_app = not needs_app(speaks) or typed(member.workspace, speaks) is not None
    context = {
        "network": _about(speaks),
        "ways": bound if has_app else [w for w in bound if isinstance(w.declared, Password)],
        "app_form": AppForm(may_everywhere=member.user.is_operator) if needs_app(speaks) else None,
        "has_app": has_app,
        "redirect_uri": verbs.site().redirect_uri,
        "may_manage_apps": may(member, "manage"),
    }
    return render(request, "tidings/channels/network.html", context)


def _connect(
    request: HttpRequest, member: Member, speaks: type[Network], way: Way, fields: dict[str, str]
) -> HttpResponse:
    """Leave for the consent page, or sign in right here."""
    again = redirect("connect_network", slug=member.workspace.slug, network=speaks.name)
    if isinstance(way.declared, OAuth2):
        begun = _said(request, lambda: verbs.begin(member, speaks.name, way.place, fields))
        if begun is None:
            return again
        url, request.session[UNDER_WAY] = begun
        # A redirect would be stopped by our own form-action: forms lead nowhere but here.
        leaving = {"network": _about(speaks), "url": url, "host": urlsplit(url).netloc}
        return render(request, "tidings/channels/leaving.html", leaving)
    found = _said(request, lambda: verbs.sign_in(member, speaks.name, way.place, fields))
    return _arrived(request, member, found) if found else again


def _said(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """What `act` gives, or None and a message with the network's own reason."""
    try:
        return act()
    except Reaction as reaction:
        messages.error(request, reaction.reason)
        return None


@require_GET
@login_required
def callback(request: HttpRequest) -> HttpResponse:
    """Back from a network's consent page. The state was kept in this person's session, and serves once."""
    user: User = request.user  # type: ignore[assignment]
    sealed = request.session.pop(UNDER_WAY, "")
    state = _said(request, lambda: opened(user, sealed))
    if state is None:
        return redirect("home")
    member = Member.objects.select_related("workspace", "user").filter(workspace=state["workspace"], user=user).first()
    require(member, "connect")
    assert member is not None  # noqa: S101 -- `require` refuses strangers
    query = {name: str(value) for name, value in request.GET.items()}
    found = _said(request, lambda: verbs.finish(member, state, query))
    if found is None:
        return redirect("connect_network", slug=member.workspace.slug, network=state["network"])
    return _arrived(request, member, found)


def _arrived(request: HttpRequest, member: Member, found: Found) -> HttpResponse:
    """One profile is connected at once; of several the person picks."""
    if len(found.profiles) == 1:
        return _kept(request, member, found, [found.profiles[0].id])
    request.session[FOUND] = put_away(member.user, found)
    return redirect("pick_channels", slug=member.workspace.slug)


@member_page("connect")
def pick(request: HttpRequest, member: Member) -> HttpResponse:
    """Which of the profiles that a sign-in may post to become channels."""
    found = _said(request, lambda: taken_out(member.user, request.session.get(FOUND, "")))
    if found is None:
        return redirect("connect", slug=member.workspace.slug)
    chosen = request.POST.getlist("profile")
    if request.method == "POST" and chosen:
        del request.session[FOUND]
        return _kept(request, member, found, chosen)
    if request.method == "POST":
        messages.error(request, _("Choose at least one."))
    context = {"found": found, "network": _about(networks.get(found.network))}
    return render(request, "tidings/channels/pick.html", context)


def _kept(request: HttpRequest, member: Member, found: Found, chosen: list[str]) -> HttpResponse:
    made = _said(request, lambda: verbs.keep(member, found, chosen)) or []
    if made:
        names = ", ".join(channel.handle for channel in made)
        text = ngettext("%(names)s is connected.", "%(names)s are connected.", len(made)) % {"names": names}
        messages.success(request, text)
    return redirect("channels", slug=member.workspace.slug)


@require_POST
@member_page("manage")
def enter_app(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """Keep the app credentials a person got from the network's developer pages."""
    speaks = _network(network)
    form = AppForm(request.POST, may_everywhere=member.user.is_operator)
    if form.is_valid():
        said = form.cleaned_data
        app = App(said["client_id"].strip(), said["client_secret"].strip())
        enter(member, speaks, app, bool(said.get("everywhere")))
        messages.success(request, _("The app credentials are kept."))
    else:
        messages.error(request, _("Both the client id and the client secret are needed."))
    return redirect("connect_network", slug=member.workspace.slug, network=network)


@require_GET
def document(request: HttpRequest, network: str, name: str) -> HttpResponse:
    """What a network fetches from us to know our program: client metadata, public keys. Public."""
    speaks = _network(network)
    kept = announced(speaks, verbs.site())
    documents = speaks.documents(verbs.site(), kept.app()) if kept else {}
    if name not in documents:
        raise Http404(name)
    return JsonResponse(documents[name])
