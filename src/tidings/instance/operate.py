"""What an operator does with somebody's login. Each act stands in the security log of both and is told by mail.

What is theirs stays theirs: nothing here reads, changes, sends or stops a post.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as say

from tidings.instance.letters import LETTERS
from tidings.instance.reset import link_for
from tidings.privacy import erase as erasing
from tidings.privacy import operators, traces
from tidings.settings import settings
from tidings.workspaces.mail import tell
from tidings.workspaces.members import Refused
from tidings.workspaces.models import User
from tidings.workspaces.policy import Frozen, Stranger
from tidings.workspaces.security import note

MOST_ROOM = 10**15  # bytes


@dataclass(frozen=True)
class Operator:
    """Who acts, and from where; the browser's address stands in their own log alone."""

    user: User
    request: HttpRequest | None = None


def operator_of(request: HttpRequest) -> User:
    """The signed-in person, if they run the instance: everybody else learns no more than if there were nothing.

    Raises Stranger, and Frozen for whoever wants nothing of theirs processed and changes something.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_operator:
        raise Stranger("operate")
    if user.frozen_at and request.method not in ("GET", "HEAD"):
        raise Frozen
    return user


def suspend(by: Operator, user: User) -> None:
    """Nobody signs in as this person, and every session ends; their keys open nothing. What is planned goes out."""
    _not_oneself(by, user)
    with transaction.atomic():
        operators.hold()
        if operators.indispensable(user):
            raise Refused(_("This is the only operator. Make somebody else one first."))
        User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
    _told(by, user, "suspended")


def allow(by: Operator, user: User) -> None:
    """They may sign in again."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    _told(by, user, "allowed")


def make_operator(by: Operator, user: User) -> None:
    """Let this person run the instance as well."""
    if not user.is_active or erasing.pending("user", user.pk):
        raise Refused(_("Only somebody who can sign in and stays can be an operator."))
    User.objects.filter(pk=user.pk).update(is_operator=True)
    _told(by, user, "operator")


def unmake_operator(by: Operator, user: User) -> None:
    """They are a user like others; raises Refused for the last one."""
    with transaction.atomic():
        operators.hold()
        if not operators.another(user):
            raise Refused(_("This is the only operator. Make somebody else one first."))
        User.objects.filter(pk=user.pk).update(is_operator=False)
    _told(by, user, "operator_ended")


def set_room(by: Operator, user: User, most: int | None) -> None:
    """How many bytes this person's media may take; None: as the instance says."""
    if most is not None and not 0 <= most <= MOST_ROOM:
        raise Refused(_("This is no size that a disk can have."))
    User.objects.filter(pk=user.pk).update(storage=most)
    _told(by, user, "room_set")


def sign_out(by: Operator, user: User) -> None:
    """End every session of this person; programs with an API key go on."""
    end_sessions(user)
    _told(by, user, "signed_out_everywhere")


def send_reset(by: Operator, user: User) -> None:
    """Mail them a link with which they set a new password. No operator sees it: it would open the login."""
    if not settings().mail:
        command = f"tidings users reset-link {user.email}"
        raise Refused(_("No mail server is set. On the server, this command shows a link: %(it)s") % {"it": command})
    if not user.is_active:
        raise Refused(_("Allow the sign-in first."))
    _told(by, user, "reset_sent", link=link_for(user))


def erase(by: Operator, user: User, typed: str) -> None:
    """What they could ask for themselves: everything of theirs goes after the days of grace. Raises Refused unless
    their address was typed, and while others depend on them."""
    _not_oneself(by, user)
    if typed.strip().lower() != user.email:
        raise Refused(_("Type the address of the person to confirm. Nothing has been done."))
    named = ", ".join(erasing.burdens(user).values_list("name", flat=True)[:5])
    if named:
        text = _("They are the only owner of workspaces with other members: %(named)s. Have another owner named first.")
        raise Refused(text % {"named": named})
    if operators.indispensable(user):
        raise Refused(_("This is the only operator. Make somebody else one first."))
    asked = erasing.ask(user)
    _told(by, user, "erasure_begun", due=f"{asked.due_at:%Y-%m-%d %H:%M} UTC")


ACTS: dict[str, Callable[[Operator, User], None]] = {
    "suspend": suspend, "allow": allow, "make-operator": make_operator, "unmake-operator": unmake_operator,
    "sign-out": sign_out, "send-reset": send_reset,
}  # fmt: skip
DONE = {
    "suspend": say("They are signed out and cannot sign in."), "allow": say("They may sign in again."),
    "make-operator": say("They are an operator now."), "unmake-operator": say("They are no operator any more."),
    "sign-out": say("They are signed out everywhere."), "send-reset": say("The link is on its way to them."),
}  # fmt: skip


def end_sessions(user: User) -> None:
    """Whatever browser they are in."""
    traces.sign_out({str(user.pk), user.pk.hex})
    UserSession.objects.filter(user=user).delete()


def _not_oneself(by: Operator, user: User) -> None:
    if by.user.pk == user.pk:
        raise Refused(_("You cannot do that to yourself here. Your own settings have it."))


def _told(by: Operator, user: User, kind: str, **facts: Any) -> None:
    note(kind, user=user)
    note(f"did_{kind}", by.request, by.user, about=str(user.pk))
    letter = LETTERS.get(kind)
    if letter and by.user.pk != user.pk:
        with translation.override(user.language):
            ours = settings()
            about = {"instance": ours.name, "address": ours.url, "contact": ours.contact or by.user.email, **facts}
            tell(user.email, str(letter[0]) % about, str(letter[1]) % about)
