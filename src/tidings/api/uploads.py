"""Resumable uploads over HTTP: tus 1.0 with creation and termination, https://tus.io/protocols/resumable-upload

After the last byte the file is taken into the library; GET on the upload says what came of it.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.utils import check_csrf

from tidings.api.access import TooOften, WrongKey, bearer, entered, holder, of_workspace
from tidings.api.problems import forbidden, not_found, too_often, wrong_key
from tidings.media import upload as tus
from tidings.media.describe import described
from tidings.media.models import Folder, Upload
from tidings.media.refuse import AWAY, NO_ROOM
from tidings.media.room import NoRoom
from tidings.media.storage import PIECE, Away
from tidings.problem import problem
from tidings.settings import settings
from tidings.workspaces.models import Member
from tidings.workspaces.policy import Forbidden, Told

VERSION = "1.0.0"
OFFSETS = "application/offset+octet-stream"
UploadView = Callable[..., HttpResponse]


class NoToken(Told):
    """A change by a session that did not bring its CSRF token."""

    def __init__(self) -> None:
        super().__init__(_("Send the X-CSRFToken header along."))


def for_writers(view: UploadView) -> UploadView:
    """Only members who may write; strangers do not learn that the workspace exists. Adds tus' headers."""

    @csrf_exempt  # a key needs none; of a session it is asked below
    @wraps(view)
    def let_in(request: HttpRequest, slug: str, **named: UUID) -> HttpResponse:
        answer = _options() if request.method == "OPTIONS" else _let_in(view, request, slug, **named)
        answer["Tus-Resumable"] = VERSION
        return answer

    return let_in


def _let_in(view: UploadView, request: HttpRequest, slug: str, **named: UUID) -> HttpResponse:
    try:
        member = _writer(request, slug)
    except Forbidden as error:
        return forbidden(request, error)
    except WrongKey as error:
        return wrong_key(request, error)
    except TooOften as error:
        return too_often(request, error)
    except Http404 as error:
        return not_found(request, error)
    if member is None:
        return problem(401, _("Sign in first."))
    return _spoken(view, request, member, **named)


def _writer(request: HttpRequest, slug: str) -> Member | None:
    """Who asks, by key or by session; None: nobody is signed in."""
    token = bearer(request)
    if token is not None:
        request.auth = holder(request, token)  # type: ignore[attr-defined]  # read by `entered`
    elif not request.user.is_authenticated:
        return None
    elif check_csrf(request):
        raise NoToken
    return entered(request, slug, "write")


def _spoken(view: UploadView, request: HttpRequest, member: Member, **named: UUID) -> HttpResponse:
    if request.method != "GET" and request.headers.get("Tus-Resumable") != VERSION:
        answer = problem(412, _("This speaks tus 1.0.0."))
        answer["Tus-Version"] = VERSION
        return answer
    try:
        return view(request, member, **named)
    except tus.TooLarge:
        return problem(413, _("This file is larger than it may be."))
    except NoRoom:
        return problem(413, _(NO_ROOM))
    except tus.Full:
        return problem(507, _("There is no room for this file just now."))
    except tus.Busy:
        return problem(423, _("Another request is writing this upload just now."))
    except Away:  # what has arrived stays; once it is asked for again, it is taken in
        return problem(503, _(AWAY))
    except tus.WrongOffset:
        return problem(409, _("The upload stands at another offset."))
    except Http404 as error:
        return not_found(request, error)


def _options() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Tus-Version"] = VERSION
    answer["Tus-Extension"] = "creation,creation-with-upload,termination"
    answer["Tus-Max-Size"] = str(settings().media_limit)
    return answer


@for_writers
def uploads(request: HttpRequest, member: Member) -> HttpResponse:
    """POST makes an upload of Upload-Length bytes, and writes the first of them when they come along."""
    if request.method != "POST":
        return problem(405, _("This is not possible here."))
    length, said = _number(request, "Upload-Length"), request.headers.get("Upload-Metadata", "")
    name = _said(said, "filename")
    if length is None or name is None:
        return problem(400, _("Upload-Length or Upload-Metadata is missing or wrong."))
    made = tus.begin(member, name, length, _folder(member, _said(said, "folder")))
    answer = HttpResponse(status=201)
    answer["Location"] = f"{request.path.rstrip('/')}/{made.id}"
    if request.content_type == OFFSETS:
        answer["Upload-Offset"] = str(tus.append(made, 0, _pieces(request)))
    tus.finish(made)
    return answer


@for_writers
def one_upload(request: HttpRequest, member: Member, upload_id: UUID) -> HttpResponse:
    """HEAD says how much is there, PATCH brings more, DELETE gives up, GET says what came of it."""
    upload = Upload.objects.filter(id=upload_id, workspace=member.workspace, by=member.user).first()
    verbs = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete, "GET": _get}
    if request.method not in verbs:
        return problem(405, _("This is not possible here."))
    if upload is None or tus.lost(upload):
        return problem(404, _("There is nothing here, or you may not see it."))
    return verbs[request.method](request, upload)


def _head(request: HttpRequest, upload: Upload) -> HttpResponse:
    answer = HttpResponse()
    answer["Upload-Offset"] = str(tus.offset(upload))
    answer["Upload-Length"] = str(upload.size)
    return answer


def _patch(request: HttpRequest, upload: Upload) -> HttpResponse:
    at = _number(request, "Upload-Offset")
    if request.content_type != OFFSETS:
        return problem(415, _("The content type must be application/offset+octet-stream."))
    if at is None:
        return problem(400, _("Upload-Offset is missing or wrong."))
    if at + int(request.META.get("CONTENT_LENGTH") or 0) > upload.size:
        raise tus.TooLarge
    arrived = tus.append(upload, at, _pieces(request))
    if arrived == upload.size:
        tus.finish(upload)
    answer = HttpResponse(status=204)
    answer["Upload-Offset"] = str(arrived)
    return answer


def _delete(request: HttpRequest, upload: Upload) -> HttpResponse:
    tus.drop(upload)
    return HttpResponse(status=204)


def _get(request: HttpRequest, upload: Upload) -> HttpResponse:
    upload = tus.finish(upload)
    media = described(upload.media).model_dump(mode="json") if upload.media else None
    problem = _(upload.problem) if upload.problem else ""
    return JsonResponse({"offset": tus.offset(upload), "media": media, "problem": problem})


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; a line that breaks off ends it, and what came is kept."""
    try:
        while data := request.read(PIECE):
            yield data
    except UnreadablePostError:
        return


def _number(request: HttpRequest, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _folder(member: Member, said: str | None) -> Folder | None:
    """The folder that an upload is for; the top when it is not said; raises Http404 for none of this workspace's."""
    if not said:
        return None
    try:
        return of_workspace(Folder.objects.all(), member, UUID(said))
    except ValueError:
        raise Http404 from None


def _said(metadata: str, what: str) -> str | None:
    """What Upload-Metadata says by this key (key, blank, base64; commas between); None when it cannot be read."""
    pairs = dict(pair.strip().partition(" ")[::2] for pair in metadata.split(","))
    try:
        return base64.b64decode(pairs.get(what, ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


urlpatterns = [
    path("workspaces/<slug:slug>/uploads", uploads, name="uploads"),
    path("workspaces/<slug:slug>/uploads/<uuid:upload_id>", one_upload, name="upload"),
]
