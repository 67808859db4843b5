"""Where networks tell us that somebody ended our access, or wants to be erased. Public: a signature proves it."""

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tidings.channels import hear as verbs
from tidings.channels import tell
from tidings.inbox.gather import call
from tidings.networks.seam import Notice
from tidings.privacy import heard
from tidings.settings import settings
from tidings.web.networks import network_named

MOST = 64_000  # bytes; what networks send is far smaller

log = structlog.get_logger()


@csrf_exempt  # it comes from a network's server, with no session
@require_POST
def hear(request: HttpRequest, network: str, wish: str) -> HttpResponse:
    """One notice. What is not proven changes nothing, and is told nothing."""
    speaks = network_named(network)
    known = next((each for each in speaks.hears if each == wish), None)
    if known is None or not verbs.can(speaks):
        raise Http404(wish)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST:
        return HttpResponse(status=413)
    notice = Notice(known, {name.lower(): value for name, value in request.headers.items()}, request.body)
    told = verbs.hear(speaks, notice)
    if told is None:
        log.warning("a notice was not proven to come from the network", network=speaks.name)
        return HttpResponse(status=speaks.answers.unproven)
    if told.reply:
        return HttpResponse(told.reply, content_type="text/plain")
    call(told.written)
    ended = verbs.end(told)
    erasure = heard.erase(speaks, notice, told) if known == "erase" else None
    tell.ended(ended)
    if erasure is None:
        return HttpResponse(status=speaks.answers.taken)
    page = settings().url + reverse("deletion_status", args=(erasure.code,))
    return JsonResponse({"url": page, "confirmation_code": erasure.code})
