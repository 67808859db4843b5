"""The pages of a connect link: somebody without a login sees who asks, signs in at their network, picks, and is done.

What they are in the middle of is in this browser's session alone, sealed for the member who made the link. At every
step the link must still be open, its maker still one who may connect, and the workspace not about to be erased.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tidings import networks
from tidings.channels import connect as verbs
from tidings.channels.carry import FOUND, FOUND_AT, Found, opened, put_away, taken_out
from tidings.channels.codes import codes
from tidings.channels.credentials import entered, typed, way_needs_app
from tidings.channels.invite import found_again, found_by, keep_by_link, maker
from tidings.channels.models import ConnectLink
from tidings.channels.trial import without
from tidings.core import clock
from tidings.networks.base import Network
from tidings.networks.errors import Reaction
from tidings.privacy.erase import pending
from tidings.privacy.facts import place
from tidings.privacy.policy import row
from tidings.privacy.wording import spoken
from tidings.speech import translated
from tidings.web.connect import BY_LINK, CODES, bound_to, example, set_out
from tidings.web.connect_forms import Way, ways
from tidings.web.networks import about, is_open, network_named
from tidings.workspaces.models import Member

LINK = "connect_link"  # session: the id of the link that this browser came by
DONE = "connect_done"  # session: what its last page says
PAGES = "tidings/channels/link/"
looked_at = require_http_methods(["GET", "HEAD", "POST"])


def closed(request: HttpRequest) -> HttpResponse:
    """A link that leads nowhere; why is nobody's business who holds it."""
    _forget(request)
    return render(request, f"{PAGES}closed.html", status=404)


def _forget(request: HttpRequest) -> None:
    """The session forgets the way here; of who has no login nothing is left at all."""
    for name in (LINK, BY_LINK, FOUND, FOUND_AT, DONE):
        request.session.pop(name, None)
    if not request.user.is_authenticated and not request.session.is_empty():
        request.session.flush()


def _asking(link: ConnectLink | None) -> Member | None:
    """The member for whom whoever came by this link acts; None: it leads nowhere."""
    if link is None or pending("workspace", link.workspace_id):
        return None
    return maker(link)


@looked_at
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, for what, and the networks to choose from."""
    link = found_by(token)
    member = _asking(link)
    if link is None or member is None:
        return closed(request)
    if link.network:
        return redirect("connect_with_network", token=token, network=link.network)
    kept = set(entered(member.workspace))
    offered = [about(speaks) for speaks in networks.every().values() if is_open(speaks, kept)]
    return render(request, f"{PAGES}welcome.html", {"link": link, "token": token, "offered": offered})


@looked_at
def network(request: HttpRequest, token: str, network: str) -> HttpResponse:
    """What this network will give and to whom, and the way to sign in there."""
    link, speaks = found_by(token), network_named(network)
    member = _asking(link)
    if link is None or member is None or link.network not in ("", speaks.name):
        return closed(request)
    bound = _ways(request, member, speaks)
    chosen = next((way for way in bound if str(way.place) == request.POST.get("way")), None)
    if chosen:
        filled = Way(chosen.place, chosen.declared, bound_to(chosen, request), chosen.codes)
        bound = [filled if way is chosen else way for way in bound]
        answer = _signing_in(request, link, member, speaks, filled) if filled.form.is_valid() else None
        if answer:
            return answer
    return render(request, f"{PAGES}network.html", _told(link, speaks, token, bound))


def _told(link: ConnectLink, speaks: type[Network], token: str, bound: list[Way]) -> dict[str, Any]:
    terms = row(place(speaks), spoken())
    return {
        "link": link, "network": about(speaks), "token": token, "ways": bound, "terms": terms,
        "example": example(speaks), "grants": speaks.grants,
    }  # fmt: skip


def _ways(request: HttpRequest, member: Member, speaks: type[Network]) -> list[Way]:
    """The ways in that need nothing of an operator any more, with the codes that this browser was shown."""
    at = f"{CODES}{speaks.name}"
    made, kept = codes(member.user, speaks, request.session.get(at, ""))
    if made and request.session.get(at) != kept:
        request.session[at] = kept
    has_app = typed(member.workspace, speaks) is not None
    every = ways(speaks, example(speaks).typed, made)
    return [way for way in every if has_app or not way_needs_app(way.declared)]


def _signing_in(
    request: HttpRequest, link: ConnectLink, member: Member, speaks: type[Network], way: Way
) -> HttpResponse | None:
    request.session[LINK] = str(link.pk)
    answer = set_out(request, member, speaks, way, BY_LINK, f"{PAGES}leaving.html")
    return _arrived(request, link, member, answer) if isinstance(answer, Found) else answer


def _here(request: HttpRequest) -> tuple[ConnectLink, Member] | None:
    """The link that this browser came by and for whom it acts; None: it is not open any more."""
    link = found_again(request.session[LINK]) if LINK in request.session else None
    member = _asking(link)
    return (link, member) if link and member else None


def back(request: HttpRequest, mark: str) -> HttpResponse:
    """Back from the network's page: the state was kept in this very browser, and serves once."""
    sealed, here = request.session.pop(BY_LINK, ""), _here(request)
    if here is None:
        return closed(request)
    link, member = here
    query = {name: str(value) for name, value in request.GET.items()}
    try:
        found = verbs.finish(member, opened(member.user, sealed), query, mark)
    except Reaction as reaction:
        return _refused(request, reaction)
    return _arrived(request, link, member, found)


def _refused(request: HttpRequest, reaction: Reaction) -> HttpResponse:
    return render(request, f"{PAGES}refused.html", {"reason": translated(reaction.reason)})


def _arrived(request: HttpRequest, link: ConnectLink, member: Member, found: Found) -> HttpResponse:
    """One profile is connected at once; of several the person picks."""
    request.session.pop(f"{CODES}{found.network}", None)
    if len(found.profiles) == 1:
        return _kept(request, link, found, [found.profiles[0].id])
    request.session[FOUND] = put_away(member.user, found)
    request.session[FOUND_AT] = clock.now().isoformat()
    return redirect("connect_with_pick")


@looked_at
def pick(request: HttpRequest) -> HttpResponse:
    """Which profiles become channels; and, once they are, that all is done."""
    if done := request.session.get(DONE):
        _forget(request)
        return render(request, f"{PAGES}done.html", done)
    here = _here(request)
    if here is None or FOUND not in request.session:
        return closed(request)
    link, member = here
    try:
        found = taken_out(member.user, request.session[FOUND])
    except Reaction as reaction:
        return _refused(request, reaction)
    chosen = request.POST.getlist("profile")
    if chosen:
        return _kept(request, link, found, chosen)
    wrong = _("Choose at least one.") if request.method == "POST" else ""
    context = {"link": link, "found": found, "network": about(networks.get(found.network)), "wrong": wrong}
    return render(request, f"{PAGES}pick.html", context)


def _kept(request: HttpRequest, link: ConnectLink, found: Found, chosen: list[str]) -> HttpResponse:
    try:
        made = keep_by_link(link, found, chosen)
    except Reaction as reaction:
        return _refused(request, reaction)
    if not made:
        return closed(request)
    names = [channel.handle or channel.name for channel in made]
    lacking = without(found.lacking) if found.lacking else ""
    _forget(request)
    request.session[DONE] = {"workspace_name": link.workspace.name, "names": names, "lacking": lacking}
    return redirect("connect_with_pick")
