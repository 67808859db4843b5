"""The instance as JSON, for its operators at a browser's session: no API key opens it, for a key is of one workspace.

Changing something asks for a sign-in of the last minutes, as the pages do.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import django_auth

from tidings.api.access import TooOften
from tidings.core import clock
from tidings.instance import operate
from tidings.instance.acts import Act, acts
from tidings.instance.apps import App, apps, try_all
from tidings.instance.failures import Failures, Wanted, failures
from tidings.instance.keeping import Keeping, keeping
from tidings.instance.letters import NotTaken, send_test
from tidings.instance.look import Looked, look
from tidings.instance.operate import Operator, operator_of
from tidings.instance.overview import Overview, overview
from tidings.instance.people import People, Person, people, person
from tidings.instance.queue import Queue, queue
from tidings.instance.room import Storage, storage
from tidings.workspaces.members import Refused
from tidings.workspaces.models import User
from tidings.workspaces.rates import FREE, Rate, knock

LOOKS, MAILS = Rate(20, timedelta(minutes=10)), Rate(5, timedelta(hours=1))
router = Router(tags=["instance"], auth=django_auth)


class RoomIn(Schema):
    """Bytes that a person's media may take; null: as the instance says."""

    most: int | None


class TypedIn(Schema):
    """The address of the person, to confirm."""

    typed: str


class TriedOut(Schema):
    """For how many networks something was found."""

    found: int


@router.get("/instance", response=Overview, operation_id="see_instance")
def see_instance(request: HttpRequest) -> Any:
    """How the instance is, with what the last look found."""
    operator_of(request)
    return overview(clock.now())


@router.post("/instance/look", response=Looked, operation_id="look_at_instance")
def look_at_instance(request: HttpRequest) -> Any:
    """Ask now what `tidings doctor` asks; it may take seconds."""
    _sure(request, LOOKS)
    return look()


@router.post("/instance/mail", response={204: None}, operation_id="send_test_mail")
def send_test_mail(request: HttpRequest) -> Any:
    """Send the operator a mail; 422 with what the server said when it does not take it."""
    by = _sure(request, MAILS)
    try:
        send_test(by.user)
    except NotTaken as error:
        raise HttpError(422, str(error)) from error
    return Status(204, None)


@router.get("/instance/queue", response=Queue, operation_id="see_queue")
def see_queue(request: HttpRequest) -> Any:
    """What waits, how late it goes, and what should be out by now."""
    operator_of(request)
    return queue(clock.now())


@router.get("/instance/failures", response=Failures, operation_id="list_failures")
def list_failures(
    request: HttpRequest, network: str = "", reason: str = "", since: str = "month", page: int = 1
) -> Any:
    """What failed, by reason and one by one; `since`: day, week, month or ever."""
    operator_of(request)
    return failures(Wanted(network, reason, since), clock.now(), page)


@router.get("/instance/users", response=People, operation_id="list_users")
def list_users(request: HttpRequest, q: str = "", page: int = 1) -> Any:
    """A page of the people, or of those whose name or address has these letters."""
    operator_of(request)
    return people(q, page)


@router.get("/instance/users/{id}", response=Person, operation_id="get_user")
def get_user(request: HttpRequest, id: UUID) -> Any:
    """One of them."""
    operator_of(request)
    return _person(id)


@router.put("/instance/users/{id}/room", response=Person, operation_id="set_room")
def set_room(request: HttpRequest, id: UUID, body: RoomIn) -> Any:
    """How much room this person's pictures and films have."""
    return _done(request, id, lambda by, user: operate.set_room(by, user, body.most))


@router.post("/instance/users/{id}/erase", response=Person, operation_id="erase_user")
def erase_user(request: HttpRequest, id: UUID, body: TypedIn) -> Any:
    """Begin the erasure that the person could ask for."""
    return _done(request, id, lambda by, user: operate.erase(by, user, body.typed))


@router.post("/instance/users/{id}/{act}", response=Person, operation_id="act_on_user")
def act_on_user(request: HttpRequest, id: UUID, act: str) -> Any:
    """suspend, allow, make-operator, unmake-operator, sign-out, send-reset."""
    operator_of(request)
    if act not in operate.ACTS:
        raise Http404
    return _done(request, id, operate.ACTS[act])


@router.get("/instance/apps", response=list[App], operation_id="list_apps")
def list_apps(request: HttpRequest) -> Any:
    """Each network that wants app credentials, and how it stands with the instance's."""
    operator_of(request)
    return apps()


@router.post("/instance/apps/try", response=TriedOut, operation_id="try_apps")
def try_apps(request: HttpRequest) -> Any:
    """Ask every network about them."""
    _sure(request, LOOKS)
    return TriedOut(found=try_all())


@router.get("/instance/privacy", response=Keeping, operation_id="see_keeping")
def see_keeping(request: HttpRequest) -> Any:
    """What is kept how long, and what is being erased and exported."""
    operator_of(request)
    return keeping(clock.now())


@router.get("/instance/storage", response=Storage, operation_id="see_storage")
def see_storage(request: HttpRequest) -> Any:
    """What takes room."""
    operator_of(request)
    return storage()


@router.get("/instance/log", response=list[Act], operation_id="list_acts")
def list_acts(request: HttpRequest, page: int = 1) -> Any:
    """What operators did to the logins of others, the newest first."""
    operator_of(request)
    return acts(page)[0]


def _sure(request: HttpRequest, rate: Rate | None = None) -> Operator:
    """An operator who said a moment ago who they are; raises Stranger, Frozen, HttpError, TooOften."""
    by = Operator(operator_of(request), request)
    try:
        raise_if_reauthentication_required(request, app="account")
    except ReauthenticationRequired as error:
        raise HttpError(403, _("Say again who you are first, at /accounts/reauthenticate/.")) from error
    wait = knock(rate, "instance", request.path, by.user.email) if rate else FREE
    if wait:
        raise TooOften(wait)
    return by


def _person(id: UUID) -> Person:
    found = person(id)
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, id: UUID, do: Callable[[Operator, User], None]) -> Person:
    by = _sure(request)
    _person(id)
    try:
        do(by, User.objects.get(pk=id))
    except Refused as refusal:
        raise HttpError(422, str(refusal)) from refusal
    return _person(id)
