"""People for tests: they fill in forms and follow the links of mails, as a browser would."""

import re
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.test import Client

from tidings.workspaces.members import found_workspace
from tidings.workspaces.models import Member, User, Workspace

PASSWORD = "a sentence nobody guesses"
ANN, BEN = "ann@example.org", "ben@example.org"


@dataclass
class Team:
    """A workspace with one member of each role, and a stranger with a workspace of their own."""

    workspace: Workspace
    members: dict[str, Member]
    stranger: User


def person(email: str = ANN, **fields: Any) -> User:
    """A user with PASSWORD."""
    return User.objects.create_user(email, PASSWORD, name=email.partition("@")[0].capitalize(), **fields)


def team() -> Team:
    """A fresh team."""
    owner = person("owner@example.org", is_operator=True)
    workspace = found_workspace(owner, "Bakery", "Europe/Berlin")
    members = {"owner": Member.objects.get(user=owner)}
    for role in ("admin", "editor", "contributor", "client"):
        user = person(f"{role}@example.org")
        members[role] = Member.objects.create(workspace=workspace, user=user, role=role)
    stranger = person("stranger@example.org")
    found_workspace(stranger, "Elsewhere", "UTC")
    return Team(workspace, members, stranger)


def browser(user: User | None = None) -> Client:
    """A browser, in which this person is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def sign_in(client: Client, email: str = ANN, password: str = PASSWORD) -> Any:
    """The answer to the sign-in form."""
    return client.post("/accounts/login/", {"login": email, "password": password})


def register(client: Client, email: str = ANN, password: str = PASSWORD, zone: str = "Europe/Berlin") -> Any:
    """The answer to the registration form."""
    fields = {"name": "Ann", "email": email, "password1": password, "zone": zone}
    return client.post("/accounts/signup/", fields)


def link_in_mail(to: str) -> str:
    """The path of the first link in the last mail to this address."""
    found = [message for message in mail.outbox if message.to == [to]][-1]
    match = re.search(r"https?://[^/\s]+(/\S+)", str(found.body))
    assert match, found.body
    return match[1]
