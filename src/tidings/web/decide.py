"""What a person decides about one delivery: send it again, do not send it, or say that it is out."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidings.deliveries import schedule as verbs
from tidings.deliveries.models import Delivery
from tidings.web.access import member_page
from tidings.web.told import told
from tidings.workspaces.models import Member


def _decided(
    request: HttpRequest, member: Member, id: UUID, act: Callable[[Delivery], object], done: str
) -> HttpResponse:
    """Do something to one delivery, then back to where the button was: the post, or the list of what waits."""
    delivery = get_object_or_404(
        Delivery.objects.select_related("channel__workspace", "post"), pk=id, workspace=member.workspace
    )
    told(request, lambda: act(delivery), done)
    if request.POST.get("from") == "attention":
        return redirect("attention", slug=member.workspace.slug)
    return redirect("post", slug=member.workspace.slug, id=delivery.post_id)


@require_POST
@member_page("publish")
def retry_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """Send a failed or held one again."""
    return _decided(request, member, id, lambda d: verbs.retry(member, d), _("It is sent again now."))


@require_POST
@member_page("publish")
def cancel_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """This one is not to go out."""
    return _decided(request, member, id, lambda d: verbs.cancel(member, d), _("Cancelled."))


@require_POST
@member_page("publish")
def resolve_delivery(request: HttpRequest, member: Member, id: UUID) -> HttpResponse:
    """The answer to "did this appear?"."""
    out, url = request.POST.get("out") == "yes", request.POST.get("url", "").strip()
    done = _("Noted: it is out.") if out else _("It is sent again now.")
    return _decided(request, member, id, lambda d: verbs.resolve(member, d, out, url), done)
