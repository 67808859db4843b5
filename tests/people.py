"""People, workspaces and channels for tests, made as the verbs would, without the ceremony."""

from itertools import count
from typing import Any

from django.contrib.sessions.models import Session
from django.test import Client

from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.inbox.models import Conversation, Message
from tidings.workspaces.members import found_workspace
from tidings.workspaces.models import Member, User
from tidings.workspaces.sessions import SessionStore

SERVER = {
    "url": "http://mastodon.invalid",
    "domain": "mastodon.invalid",
    "software": "mastodon",
    "version": "4.4.0",
    "text": 500,
    "pictures": 4,
    "picture_bytes": 16_000_000,
    "film_bytes": 99_000_000,
    "types": [],
    "choices": 4,
}
_numbers = count(1)


def person(**fields: Any) -> User:
    """Somebody who exists; `signed_in` needs no password, and hashing one takes its time."""
    return User.objects.create_user(f"person{next(_numbers)}@example.org", None, **fields)


def owner(**fields: Any) -> Member:
    """A fresh person, owner of a fresh workspace."""
    user = person(**fields)
    workspace = found_workspace(user, f"Workspace {next(_numbers)}", "Europe/Lisbon")
    return Member.objects.select_related("workspace", "user").get(workspace=workspace, user=user)


def member(beside: Member, role: str) -> Member:
    """Another person in the same workspace."""
    return Member.objects.create(workspace=beside.workspace, user=person(), role=role)


def channel(of: Member, network: str = "mastodon", **fields: Any) -> Channel:
    """A connected channel with a token that no network gave."""
    n = next(_numbers)
    server = dict(SERVER)
    made = Channel(
        **{
            "workspace": of.workspace,
            "network": network,
            "server_url": server["url"],
            "server": server,
            "remote_id": str(n),
            "handle": f"@ana{n}@mastodon.invalid",
            "name": f"Ana {n}",
            **fields,
        }
    )
    made.keep_secrets({"access_token": f"secret-token-{n}"})
    made.save()
    return made


def signed_in(as_: Member) -> Client:
    """A browser in which this member is signed in; CSRF tokens are not asked for."""
    client = Client()
    client.force_login(as_.user)
    return client


def sessions() -> list[Any]:
    """What every session holds, opened."""
    return [SessionStore(row.pk).load() for row in Session.objects.all()]


def home(of: Member) -> str:
    """Where the pages of the member's workspace are."""
    return f"/w/{of.workspace.slug}"


def api(of: Member) -> str:
    """Where the API of the member's workspace is."""
    return f"/api/v1/workspaces/{of.workspace.slug}"


def conversation(delivery: Delivery, said: str = "When do you open", author: str = "@reader") -> Conversation:
    """What somebody wrote under a post of ours."""
    now, channel = clock.now(), delivery.channel
    made = Conversation.objects.create(
        workspace=delivery.workspace, channel=channel, delivery=delivery, top=str(new_id()), kind="comment", last_at=now
    )
    Message.objects.create(
        conversation=made, channel=channel, remote_id=made.top, author=author, text=said, at=now,
        receipt={"id": made.top, "url": f"https://elsewhere.example/{made.top}", "extra": {}, "note": ""},
    )
    return made
