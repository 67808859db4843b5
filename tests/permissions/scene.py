"""A workspace in which every text is marked, so that it is seen wherever it leaks.

`zq-read` may be seen by every member, `zq-manage` by those who manage, `zq-operator` by the operator of the instance,
`zq-own` by a person who never visits, `zq-secret` by nobody at all. `zq-shown` are names and reasons, which members see
and the operator, `zq-listed` addresses, which those see who manage and the operator.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from tests import people
from tidings.analytics.models import ReportLink, ReportMail, ReportReader
from tidings.channels.models import AppCredential, ConnectLink, Portrait, Revocation, Slot
from tidings.core import clock
from tidings.deliveries.models import Attempt, Delivery, Lane
from tidings.inbox.models import Note
from tidings.media.models import Folder, Media, Rendition, Upload
from tidings.notifications.models import Notification
from tidings.posts.models import Item, Post, Snippet, Variant, Version
from tidings.privacy.datamap import Table, owned
from tidings.privacy.models import Export
from tidings.workspaces.models import (
    ApiKey,
    AuditEntry,
    CalendarLink,
    Invitation,
    Member,
    SecurityEvent,
    UserPortrait,
    View,
    WorkspaceLogo,
)
from tidings.workspaces.tags import named

READ, MANAGE, OWN, OPERATOR, SECRET = (f"zq-{who}" for who in ("read", "manage", "own", "operator", "secret"))
SHOWN, LISTED = "zq-shown", "zq-listed"
KEY = f"aa/aa/{'0' * 36}.png"  # of a file, told to nobody either
NETWORK = "x"  # needs app credentials
ROLES = ("owner", "admin", "editor", "contributor", "client")


@dataclass
class Victim:
    """The workspace, a member of each role, the id of a row of everything by what stands before it in addresses."""

    owner: Member
    members: dict[str, Member]
    ids: dict[str, str]
    people: list[Any] = field(default_factory=list)

    def checksum(self) -> str:
        """Of every row of the workspace and of its people, sessions and security log apart: a visit writes those."""
        digest = hashlib.sha256()
        for table in owned("workspace"):
            digest.update(repr(_rows(table, self.owner.workspace_id)).encode())
        for table in owned("user"):
            if table.model not in VISITED:
                digest.update(repr([_rows(table, person.pk) for person in self.people]).encode())
        return digest.hexdigest()


VISITED = ("usersessions.UserSession", "workspaces.SecurityEvent")


def _rows(table: Table, owner: object) -> list[Any]:
    found = table.of(owner).order_by("pk")
    if table.model == "workspaces.User":
        return list(found.values_list("email", "name", "is_operator", "is_active", "password", "data_key"))
    return list(found.values_list())


def victim() -> Victim:
    """Something of everything."""
    owner = people.owner(name=f"Ann {SHOWN}")
    workspace = owner.workspace
    workspace.name = f"Bakery {SHOWN}"
    workspace.save()
    members = {role: people.member(owner, role) for role in ROLES[1:]} | {"owner": owner}
    other = people.member(owner, "editor")
    other.user.name, other.user.email = f"Ben {SHOWN}", f"{LISTED}@example.org"
    other.user.save()
    ids = _content(owner, other) | _around(owner, other)
    ids |= {"slug": workspace.slug, "workspace": str(workspace.pk)}
    return Victim(owner, members, ids, [one.user for one in [*members.values(), other]])


def _content(owner: Member, other: Member) -> dict[str, str]:
    workspace = owner.workspace
    channel = people.channel(
        owner, "lemmy", name=f"Name {READ}", handle=f"@{READ}", remote_id=f"r-{SECRET}", portrait="feed",
        url=f"https://mastodon.invalid/{READ}", group=READ, person_id=SECRET,
    )
    channel.keep_secrets({"access_token": SECRET})
    channel.save()
    Portrait.objects.create(channel=channel, picture=READ.encode())
    UserPortrait.objects.create(user=other.user, picture=READ.encode())
    WorkspaceLogo.objects.create(workspace=workspace, picture=MANAGE.encode())
    media = Media.objects.create(
        workspace=workspace, by=owner.user, name=f"{READ}.png", alt=READ, kind="picture", mime="image/png", size=1,
        key=KEY, thumbnail=KEY,
    )
    Rendition.objects.create(media=media, fits="1", mime="image/png", size=1, key=KEY)
    upload = Upload.objects.create(
        workspace=workspace, by=other.user, name=f"{READ}.png", size=9, problem=READ, source="example.org"
    )
    folder = Folder.objects.create(workspace=workspace, name=READ)
    post = Post.objects.create(workspace=workspace, author=owner.user, note=READ)
    post.channels.set([channel])
    snippet = Snippet.objects.create(workspace=workspace, by=owner.user, kind="hashtags", name=READ, text=READ)
    said = {"channels": [str(channel.id)], "items": [], "note": READ, "tags": []}
    Version.objects.create(post=post, revision=1, by=owner.user, draft=said)
    item = Item.objects.create(post=post, position=0, text=f"plan {READ}", media=[{"id": str(media.id), "alt": READ}])
    tag, _other = named(workspace, [READ, f"{READ} too"])
    post.tags.add(tag)
    Variant.objects.create(item=item, channel=channel, text=f"plan {READ}", options={"spoiler_text": READ})
    now = clock.now()
    delivery = Delivery.objects.create(
        workspace=workspace, post=post, item=item, channel=channel, due_at=now, again_at=now + timedelta(hours=1),
        state="unsure", reason=SHOWN, receipt={"id": READ, "url": f"https://mastodon.invalid/{READ}", "note": READ},
        journal={"commit": {"at": now.isoformat(), "said": SECRET}},
    )
    Attempt.objects.create(delivery=delivery, started_at=now, ended_at=now, outcome="unsure", reason=READ)
    Lane.objects.get_or_create(channel=channel, workspace=workspace)
    Slot.objects.create(channel=channel, weekday=0, at="09:00")
    link = ConnectLink.objects.create(
        workspace=workspace, by=owner.user, name=f"link {MANAGE}", token_hash=f"link {SECRET}",
        ends_at=now + timedelta(days=1),
    )
    shared = ReportLink.objects.create(
        workspace=workspace, by=owner.user, name=f"report {MANAGE}", days=7, token_hash=f"report {SECRET}",
        ends_at=now + timedelta(days=1),
    )
    mails = ReportMail.objects.create(workspace=workspace, every="week", hour=8, group=READ)
    ReportReader.objects.create(report=mails, member=other, next_at=now + timedelta(days=1))
    talk = people.conversation(delivery, said=f"heard {READ}", author=f"@{READ}")
    Note.objects.create(conversation=talk, by=owner.user, text=f"note {READ}")
    revocation = Revocation.objects.create(workspace=workspace, network="mastodon", handle=READ, reason=READ)
    return {
        "inbox": str(talk.pk),
        "posts": str(post.id), "deliveries": str(delivery.id), "channels": str(channel.id), "media": str(media.id),
        "tags": str(tag.id), "revision": "1", "snippets": str(snippet.id), "links": str(link.id),
        "shared": str(shared.id), "mails": str(mails.id),
        "portraits": str(channel.id), "people": str(other.user.pk), "users": str(other.user.pk), "act": "sign-out",
        "uploads": str(upload.id),
        "coming": str(upload.id), "import_id": str(upload.id),
        "folders": str(folder.id), "folder_id": str(folder.id),
        "revocations": str(revocation.id), "network": NETWORK, "name": "community",
        "mark": "feed", "wish": "deauthorise", "which": "original",
    }


def _around(owner: Member, other: Member) -> dict[str, str]:
    workspace = owner.workspace
    for of, mark in ((workspace, MANAGE), (None, OPERATOR)):
        app = AppCredential(workspace=of, network=NETWORK, client_id=f"client-{mark}", findings=[READ if of else ""])
        app.keep_secret(SECRET)
        app.save()
    invitation = Invitation.objects.create(
        workspace=workspace, email=f"{MANAGE}@example.org", role="editor", token_hash=SECRET, by=owner.user,
        ends_at=clock.now() + timedelta(days=1),
    )
    AuditEntry.objects.create(
        workspace=workspace, number=99, who=owner.user_id, verb="removed", thing="post", details={"x": MANAGE},
        before=MANAGE, hash=MANAGE,
    )
    user = other.user
    key = ApiKey.objects.create(
        workspace=workspace, user=user, name=f"key {MANAGE}", prefix="tid_xxxx", hash=SECRET, scopes=["read"]
    )
    SecurityEvent.objects.create(user=user, kind="signed_in", about=OWN, whom=SECRET, ip="192.0.2.77", browser=OWN)
    session = UserSession.objects.create(user=user, ip="192.0.2.77", user_agent=OWN, session_key=uuid4().hex)
    passkey = Authenticator.objects.create(user=user, type="webauthn", data={"name": OWN})
    export = Export.objects.create(user=user, state="ready", ends_at=clock.now() + timedelta(days=1), reason=OWN)
    view = View.objects.create(workspace=workspace, user=user, name=OWN, query="view=week")
    CalendarLink.objects.create(member=other, token_hash=SECRET)
    elsewhere = people.member(people.owner(), "editor")
    told = Notification.objects.create(workspace=workspace, user=user, kind="failed", thing="post", mark=SECRET)
    return {
        "members": str(other.pk), "heir": str(elsewhere.pk), "views": str(view.pk), "invitations": str(invitation.pk),
        "sessions": str(session.pk), "keys": str(passkey.pk), "api_key": str(key.pk), "export": str(export.pk),
        "notifications": str(told.pk),
    }
