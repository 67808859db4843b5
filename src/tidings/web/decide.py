"""What a person decides about one delivery: send it, do not send it, say that it is out, or that it is gone."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.deliveries import schedule as verbs
from tidings.deliveries.candidates import Candidates, candidates, pick
from tidings.deliveries.models import Delivery
from tidings.deliveries.readback import know
from tidings.deliveries.schedule import Refused
from tidings.web.access import member_page
from tidings.web.times import when
from tidings.web.told import told
from tidings.workspaces.models import Member


def _delivery(member: Member, id: UUID) -> Delivery:
    whole = Delivery.objects.select_related("channel__workspace", "channel__app", "post", "item")
    return get_object_or_404(whole, pk=id, workspace=member.workspace)


def _decided(
    request: HttpRequest, member: Member, id: UUID, act: Callable[[Delivery], object], done: str
) -> HttpResponse:
    """Do something to one delivery, then back to where the button was: the post, or the list of what waits."""
    delivery = _delivery(member, id)
    told(request, lambda: act(delivery), done)
    if request.POST.get("from") == "attention":
        return redirect("attention", slug=member.workspace.slug)
    return redirect("post", slug=member.workspace.slug, id=delivery.post_id)


@require_POST
@member_page("publish")
def retry_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Send it now: one that waits, failed, was held or cancelled."""
    return _decided(request, member, id, lambda d: verbs.retry(member, d), _("It is sent again now."))


@require_POST
@member_page("publish")
def cancel_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """This one is not to go out."""
    return _decided(request, member, id, lambda d: verbs.cancel(member, d), _("Cancelled."))


@require_POST
@member_page("publish")
def resolve_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The answer to "did this appear?": `out` is yes (an address, or one of the candidates), no, or never."""
    answer = request.POST.get("out", "")
    url, picked = request.POST.get("url", "").strip(), request.POST.get("id", "")
    if answer == "yes" and picked:
        return _decided(request, member, id, lambda d: pick(member, d, picked), _("Noted: it is out."))
    out, again = answer == "yes", answer == "no"
    done = _("Noted: it is out.") if out else _("It is sent again now.") if again else _("Cancelled.")
    return _decided(request, member, id, lambda d: verbs.resolve(member, d, out, url, again=again), done)


@member_page("publish")
def candidates_of(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """What an unsure one may have become, to pick from; htmx puts it beside the question."""
    delivery = _delivery(member, id)
    try:
        found = candidates(member, delivery)
    except Refused as hurry:
        found = Candidates([], str(hurry))
    posts = [(seen, when(member.user, seen.at)) for seen in found.posts]
    context = {"delivery": delivery, "posts": posts, "reason": found.reason, "from": request.GET.get("from", "")}
    return render(request, "tidings/post/candidates.html", context)


@require_POST
@member_page("publish")
def know_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Somebody knows that it is gone over there."""
    return _decided(request, member, id, lambda d: know(member, d), "")
