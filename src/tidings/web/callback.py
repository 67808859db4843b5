"""Where every network sends people back to: a member, or somebody who came by a connect link; their session knows."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tidings.web import connect, connect_with


@require_GET
def callback(request: HttpRequest, mark: str = "") -> HttpResponse:
    """Back from a network's page; `mark`: whose address of ours it is."""
    if connect.BY_LINK in request.session:
        return connect_with.back(request, mark)
    return connect.callback(request, mark)
