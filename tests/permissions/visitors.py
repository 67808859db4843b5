"""Who comes: of every role, from elsewhere, half signed in, and just gone. Each is a browser that may visit."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import people
from tests.permissions.scene import ROLES, Victim
from tests.web.people import PASSWORD, sign_in
from tidings.core import clock
from tidings.web.access import LAST_WORKSPACE
from tidings.workspaces.api_keys import make
from tidings.workspaces.models import Member, User
from tidings.workspaces.policy import STILL, VERBS


@dataclass
class Visitor:
    """A browser; `role` in the victim's workspace, empty for everybody else; `login`: signed in at all.

    `only`: verbs that are left of those of the role.
    """

    client: Client
    role: str = ""
    login: bool = True
    operator: bool = False
    only: frozenset[str] = frozenset(VERBS)

    def may(self, verb: str) -> bool:
        """Whether the table of policy lets this visitor."""
        return self.role in VERBS[verb] and verb in self.only


def signed_in(user: User, **session: object) -> Client:
    """Signed in a moment ago, so that nothing asks for the password again."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    opened = client.session
    opened["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    opened.update(session)
    opened.save()
    client.get("/privacy.json")  # what a browser is noted down with when it comes first; not at every visit then
    return client


def of_role(role: str) -> Callable[[Victim], Visitor]:
    """A member."""
    return lambda victim: Visitor(signed_in(victim.members[role].user, **{LAST_WORKSPACE: victim.ids["slug"]}), role)


def frozen(victim: Victim) -> Visitor:
    """An owner who wants nothing of theirs processed."""
    user = victim.owner.user
    user.frozen_at = clock.now()
    user.save()
    return Visitor(signed_in(user, **{LAST_WORKSPACE: victim.ids["slug"]}), "owner", only=STILL)


def program(victim: Victim, scopes: Sequence[str]) -> Visitor:
    """A program with a key of the owner's, at the API; at pages it is nobody."""
    client = Client(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {make(victim.owner, 'x', scopes)[1]}")
    client.get(f"/api/v1/workspaces/{victim.ids['slug']}/channels")  # noted down as used; not at every visit
    return Visitor(client, "owner", only=frozenset(scopes))


def signed_out(victim: Victim) -> Visitor:
    """Nobody."""
    return Visitor(Client(raise_request_exception=False), login=False)


def half(victim: Victim) -> Visitor:
    """The owner's password was given, the second factor is open."""
    user = victim.owner.user
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "sealed"})
    client = Client(raise_request_exception=False)
    assert sign_in(client, user.email).headers["Location"] == "/accounts/2fa/authenticate/"
    return Visitor(client, login=False)


def stranger(victim: Victim) -> Visitor:
    """Somebody with a workspace of their own."""
    return Visitor(signed_in(people.owner().user))


def operator(victim: Victim) -> Visitor:
    """Who runs the instance, and is no member."""
    return Visitor(signed_in(people.owner(is_operator=True).user), operator=True)


def gone(victim: Victim) -> Visitor:
    """Was an admin a moment ago, with the pages still open."""
    member = people.member(victim.owner, "admin")
    client = signed_in(member.user, **{LAST_WORKSPACE: victim.ids["slug"]})
    assert client.get(f"/w/{victim.ids['slug']}/calendar").status_code == 200
    Member.objects.filter(pk=member.pk).delete()
    return Visitor(client)


VISITORS: dict[str, Callable[[Victim], Visitor]] = {
    **{role: of_role(role) for role in ROLES},
    "frozen": frozen,
    "signed out": signed_out,
    "half signed in": half,
    "stranger": stranger,
    "operator": operator,
    "gone": gone,
}
