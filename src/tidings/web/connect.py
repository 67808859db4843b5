"""Connecting a channel: say who you are there, come back, pick what to post to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tidings import networks
from tidings.channels import connect as verbs
from tidings.channels.carry import FOUND, FOUND_AT, Found, opened, put_away, taken_out
from tidings.channels.codes import codes
from tidings.channels.credentials import announced, needs_app, typed, way_needs_app
from tidings.channels.models import Channel
from tidings.channels.trial import without
from tidings.core import clock
from tidings.media.reach import obstacle
from tidings.networks.base import Network, Password
from tidings.networks.errors import Reaction
from tidings.privacy.erase import STANDS_STILL, pending
from tidings.privacy.facts import place
from tidings.privacy.policy import row
from tidings.privacy.wording import spoken
from tidings.speech import translated
from tidings.web.access import member_page
from tidings.web.connect_forms import Example, Way, examples, way_form, ways
from tidings.web.networks import about, network_named
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import may, require
from tidings.workspaces.security import note

UNDER_WAY = "connecting"  # session: a sign-in at a network, sealed
BY_LINK = "connecting_by_link"  # session: one of somebody who came by a connect link
CODES = "codes:"  # session, with a network's name: the codes its page shows, sealed


@member_page("connect")
def network_page(request: HttpRequest, member: Member, network: str) -> HttpResponse:
    """One network: what it asks for, or the credentials it needs first."""
    speaks = network_named(network)
    known = {**example(speaks).typed, **_known(member, request.GET.get("channel", ""))}
    bound = ways(speaks, known, _codes(request, member, speaks))
    if request.method == "POST":
        chosen = next((way for way in bound if str(way.place) == request.POST.get("way")), None)
        if chosen:
            typed_in = Way(chosen.place, chosen.declared, bound_to(chosen, request), chosen.codes)
            bound = [typed_in if way is chosen else way for way in bound]
            answer = _connect(request, member, speaks, typed_in) if typed_in.form.is_valid() else None
            if answer:
                return answer
    return _show(request, member, speaks, bound)


def example(speaks: type[Network]) -> Example:
    """What the demo fills in."""
    return examples.get(speaks.name, Example({}))


def bound_to(way: Way, request: HttpRequest) -> Any:
    """The way's form with what was typed."""
    return way_form(way.declared, request.POST, way.place)


def _codes(request: HttpRequest, member: Member, speaks: type[Network]) -> dict[str, str]:
    """What the page shows to be carried over; the same until it has served."""
    place = f"{CODES}{speaks.name}"
    made, kept = codes(member.user, speaks, request.session.get(place, ""))
    if made and request.session.get(place) != kept:
        request.session[place] = kept
    return made


def _known(member: Member, id: str) -> dict[str, str]:
    """What to fill in when a channel is connected again."""
    try:
        channel = Channel.objects.filter(workspace=member.workspace, pk=UUID(id)).first()
    except ValueError:
        return {}
    return {"handle": channel.handle, "server": channel.server_url} if channel else {}


def _show(request: HttpRequest, member: Member, speaks: type[Network], bound: list[Way]) -> HttpResponse:
    has_app = typed(member.workspace, speaks) is not None
    context = {
        "network": about(speaks),
        "terms": row(place(speaks), spoken()),
        "ways": [way for way in bound if has_app or not way_needs_app(way.declared)],
        "needs_app": needs_app(speaks),
        "has_app": has_app,
        "may_manage_apps": may(member, "manage"),
        "obstacle": obstacle() if speaks.fetches else "",
        "example": example(speaks),
    }
    return render(request, "tidings/channels/network.html", context)


def _connect(request: HttpRequest, member: Member, speaks: type[Network], way: Way) -> HttpResponse | None:
    """Leave for the network's page, or sign in right here; None when the form now says why not."""
    if pending("workspace", member.workspace_id):
        way.form.add_error(None, _(STANDS_STILL))
        return None
    answer = set_out(request, member, speaks, way, UNDER_WAY, "tidings/channels/leaving.html")
    return _arrived(request, member, answer) if isinstance(answer, Found) else answer


def set_out(
    request: HttpRequest, member: Member, speaks: type[Network], way: Way, kept: str, page: str
) -> HttpResponse | Found | None:
    """Who signed in right here, or the page that leads to the network, with the state `kept` in the session under this
    name and no other; None when the form now says why not."""
    try:
        if isinstance(way.declared, Password):
            return verbs.sign_in(member, speaks.name, way.place, way.fields())
        url, state = verbs.begin(member, speaks.name, way.place, way.fields())
    except Reaction as reaction:
        way.form.add_error(None, translated(reaction.reason))
        return None
    for other in (UNDER_WAY, BY_LINK):  # one sign-in at a time: their answers come to the same address
        request.session.pop(other, None)
    request.session[kept] = state
    # A redirect would be stopped by our own form-action: forms lead nowhere but here.
    leaving = {"network": about(speaks), "url": url, "host": urlsplit(url).netloc}
    return render(request, page, leaving)


def said(request: HttpRequest, act: Callable[[], Any]) -> Any:
    """What `act` gives, or None and a message with the network's own reason."""
    try:
        return act()
    except Reaction as reaction:
        messages.error(request, translated(reaction.reason))
        return None


@require_GET
@login_required
def callback(request: HttpRequest, mark: str = "") -> HttpResponse:
    """Back from a network's page. The state was kept in this person's session, and serves once; `mark`: whose address
    of ours it is."""
    user: User = request.user  # type: ignore[assignment]
    sealed = request.session.pop(UNDER_WAY, "")
    state = said(request, lambda: opened(user, sealed))
    if state is None:
        return redirect("home")
    member = Member.objects.select_related("workspace", "user").filter(workspace=state["workspace"], user=user).first()
    require(member, "connect")
    assert member is not None  # noqa: S101 -- `require` refuses strangers
    query = {name: str(value) for name, value in request.GET.items()}
    found = said(request, lambda: verbs.finish(member, state, query, mark))
    if found is None:
        return redirect("connect_network", slug=member.workspace.slug, network=state["network"])
    return _arrived(request, member, found)


def _arrived(request: HttpRequest, member: Member, found: Found) -> HttpResponse:
    """One profile is connected at once; of several the person picks."""
    request.session.pop(f"{CODES}{found.network}", None)
    if found.lacking:
        text = _("Not everything was allowed. This will not work: %(scopes)s. To change it, connect again.")
        messages.warning(request, text % {"scopes": without(found.lacking)})
    if len(found.profiles) == 1:
        return _kept(request, member, found, [found.profiles[0].id])
    request.session[FOUND] = put_away(member.user, found)
    request.session[FOUND_AT] = clock.now().isoformat()
    return redirect("pick_channels", slug=member.workspace.slug)


@member_page("connect")
def pick(request: HttpRequest, member: Member) -> HttpResponse:
    """Which of the profiles that a sign-in may post to become channels."""
    found = said(request, lambda: taken_out(member.user, request.session.get(FOUND, "")))
    if found is None:
        request.session.pop(FOUND, None)
        return redirect("connect", slug=member.workspace.slug)
    chosen = request.POST.getlist("profile")
    if request.method == "POST" and chosen:
        del request.session[FOUND]
        return _kept(request, member, found, chosen)
    if request.method == "POST":
        messages.error(request, _("Choose at least one."))
    context = {"found": found, "network": about(networks.get(found.network))}
    return render(request, "tidings/channels/pick.html", context)


def _kept(request: HttpRequest, member: Member, found: Found, chosen: list[str]) -> HttpResponse:
    if pending("workspace", member.workspace_id):  # asked for while somebody was at the network's page
        messages.error(request, _(STANDS_STILL))
        return redirect("channels", slug=member.workspace.slug)
    made = said(request, lambda: verbs.keep(member, found, chosen)) or []
    for channel in made:
        note("channel_connected", request, about=channel.network)
    if made:
        names = ", ".join(channel.handle for channel in made)
        text = ngettext("%(names)s is connected.", "%(names)s are connected.", len(made)) % {"names": names}
        messages.success(request, text)
    return redirect("channels", slug=member.workspace.slug)


@require_GET
def document(request: HttpRequest, network: str, name: str) -> HttpResponse:
    """What a network fetches from us to know our program: client metadata, public keys. Public."""
    speaks = network_named(network)
    kept = announced(speaks, verbs.site())
    documents = speaks.documents(verbs.site(), kept.app()) if kept else {}
    if name not in documents:
        raise Http404(name)
    return JsonResponse(documents[name])
