"""Two people with workspaces of every kind between them, and rows in every table that an export tells of."""

import io
from datetime import time, timedelta
from pathlib import Path
from zipfile import ZipFile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from PIL import Image

from tests import people
from tidings.analytics.models import Measurement, Meter, ReportLink, ReportMail, ReportReader, Series, Standing
from tidings.channels.models import AppCredential, Channel, ConnectLink, Portrait, Revocation, Slot
from tidings.core import clock
from tidings.core.ids import new_id
from tidings.deliveries.models import Attempt, Delivery
from tidings.inbox.models import Answer, Conversation, Listener, Message, Note
from tidings.media.models import Folder, Media
from tidings.media.take import take
from tidings.notifications.models import Notification, Preference
from tidings.posts.models import Item, Post, Repeat, Snippet, Variant, Version
from tidings.privacy.pack import pack
from tidings.settings import settings
from tidings.workspaces.models import (
    ApiKey,
    AuditEntry,
    CalendarLink,
    Invitation,
    Member,
    SecurityEvent,
    Tag,
    User,
    UserPortrait,
    View,
    WorkspaceLogo,
)

LONG_AGO = timedelta(days=30)


def whole() -> Member:
    """Somebody who owns a workspace with a colleague in it, and wrote in another's."""
    owner = people.owner(name="Ana Ölçer", is_operator=True, zone="Europe/Lisbon", language="de")
    colleague = people.member(owner, "editor")
    User.objects.filter(pk=colleague.user_id).update(name="Bo Colleague")
    _of_person(owner.user)
    _of_workspace(owner, colleague.user)
    elsewhere = people.owner(name="Cy Elsewhere")
    guest = Member.objects.create(workspace=elsewhere.workspace, user=owner.user, role="contributor")
    post(guest, people.channel(elsewhere), "Mine in another's workspace")
    post(elsewhere, people.channel(elsewhere), "Not mine at all")
    return owner


def _of_person(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email="second@example.org", verified=False, primary=False)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "sealed-factor"})
    UserSession.objects.create(user=user, ip="192.0.2.1", session_key="sealed-session", user_agent="Browser")
    Preference.objects.create(user=user, kind="failed", mail="digest")
    UserPortrait.objects.create(user=user, picture=picture("WEBP", 24))
    User.objects.filter(pk=user.pk).update(portrait="cafe")
    SecurityEvent.objects.create(user=user, kind="signed_in", ip="192.0.2.1", browser="Browser", whom="sealed-whom")


def _of_workspace(owner: Member, colleague: User) -> None:
    place = owner.workspace
    WorkspaceLogo.objects.create(workspace=place, picture=picture("WEBP", 40))
    app = AppCredential(workspace=place, network="mastodon", server="one.example", client_id="client")
    app.keep_secret("sealed-app")
    app.save()
    channels = [people.channel(owner, app=app, avatar="https://one.example/a.png"), people.channel(owner)]
    Channel.objects.filter(pk=channels[0].pk).update(portrait="abc", portrait_of="https://one.example/a.png")
    Portrait.objects.create(channel=channels[0], picture=picture("WEBP", 32))
    Slot.objects.create(channel=channels[0], weekday=2, at=time(9, 30))
    ConnectLink.objects.create(
        workspace=place, by=owner.user, name="Corner shop", token_hash="sealed-link", ends_at=clock.now()
    )
    CalendarLink.objects.create(member=owner, token_hash="sealed-calendar")
    ReportLink.objects.create(
        workspace=place, by=owner.user, name="Corner shop", days=28, token_hash="sealed-report", ends_at=clock.now()
    )
    mailed = ReportMail.objects.create(workspace=place, every="week", hour=8)
    ReportReader.objects.create(report=mailed, member=owner, next_at=clock.now() + LONG_AGO)
    View.objects.create(workspace=place, user=owner.user, name="Failed", query="view=list&state=failed")
    Notification.objects.create(workspace=place, user=owner.user, kind="failed", thing="delivery", mark="1")
    Revocation.objects.create(workspace=place, network="mastodon", handle="@gone@one.example")
    Invitation.objects.create(
        workspace=place, email="guest@example.org", by=owner.user, token_hash="sealed-token", ends_at=clock.now()
    )
    ApiKey.objects.create(workspace=place, user=owner.user, name="script", prefix="tid_abc", hash="sealed-key")
    for number, who in enumerate((owner.user_id, colleague.pk, None), 97):
        AuditEntry.objects.create(
            workspace=place, number=number, who=who, verb="post.made", thing="post", before="b", hash=f"h{number}"
        )
    first = media(owner, "shore.png", colleague)
    tag = Tag.objects.create(workspace=place, name="Summer", colour="teal")
    folder = Folder.objects.create(workspace=place, name="Shores")
    Media.objects.filter(pk=first.pk).update(
        folder=Folder.objects.create(workspace=place, name="Sandy", parent=folder), focus_x=0.5, focus_y=0.25
    )
    first.tags.add(tag)
    Snippet.objects.create(workspace=place, by=colleague, kind="signature", name="Ours", text="– the shop", always=True)
    for n, channel in enumerate(channels):
        _kept(post(owner, channel, f"Post {n} – žluťoučký 🐎\nline", first), owner, tag)
    post(Member(workspace=place, user=colleague), channels[0], "By a colleague")


def _kept(made: Post, owner: Member, tag: Tag) -> None:
    """What hangs on a post beside its texts."""
    made.tags.add(tag)
    Version.objects.create(post=made, revision=1, by=owner.user, draft={"note": "as it was"})
    Repeat.objects.create(post=made, workspace=owner.workspace, by=owner.user, kind="every", until=clock.now())


def media(owner: Member, name: str, by: User | None = None) -> Media:
    """A real picture in the library."""
    path = settings().home / f"coming-{new_id()}"
    path.write_bytes(picture("PNG", 200))
    made = take(owner.workspace, by or owner.user, name, path)
    Media.objects.filter(pk=made.pk).update(alt="A shore at noon")
    return made


def picture(form: str, side: int) -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, form)
    return out.getvalue()


def post(member: Member, channel: Channel, text: str, shown: Media | None = None) -> Post:
    """A thread of two parts: one is out, the other waits for a time to come."""
    made = Post.objects.create(workspace=member.workspace, author=member.user, stage="approved", note=f"note: {text}")
    made.channels.add(channel)
    uses = [{"id": str(shown.pk), "alt": "as seen"}] if shown else []
    parts = [Item.objects.create(post=made, position=n, text=f"{text} {n}", media=uses) for n in (0, 1)]
    Variant.objects.create(item=parts[0], channel=channel, text=f"{text} here", options={"visibility": "unlisted"})
    out = delivery(member, made, parts[0], channel, state="delivered", receipt={"id": "1", "url": "https://one.example/1"})
    Attempt.objects.create(delivery=out, started_at=clock.now(), ended_at=clock.now(), outcome="delivered")
    numbers(out)
    heard(member, out)
    delivery(member, made, parts[1], channel, due=LONG_AGO, after=out)
    return made


def delivery(member: Member, post: Post, item: Item, channel: Channel, **fields: object) -> Delivery:
    """Due a month from now, or a month ago when it is out."""
    due = clock.now() + fields.pop("due", -LONG_AGO)  # type: ignore[operator]
    return Delivery.objects.create(
        workspace=member.workspace, post=post, item=item, channel=channel, due_at=due, again_at=due, **fields
    )


def numbers(out: Delivery) -> None:
    """What a network said of a post, and of the profile that it is on."""
    whose = {"workspace": out.workspace, "channel": out.channel}
    Meter.objects.get_or_create(**whose, defaults={"trouble": "trouble at the network", "read_at": clock.now()})
    Standing.objects.create(delivery=out, post=out.post, **whose, out_at=out.due_at, shape="words", likes=3)
    for one, value in ((out, 3), (None, 40)):
        series, _new = Series.objects.get_or_create(**whose, delivery=one, theirs="likes", ours="likes" if one else "")
        Measurement.objects.get_or_create(series=series, at=out.due_at, defaults={"value": value})


def heard(member: Member, out: Delivery) -> None:
    """What somebody wrote under a post, what the author answered, and noted."""
    channel, place = out.channel, out.workspace
    Listener.objects.get_or_create(workspace=place, channel=channel, defaults={"trouble": "trouble at the network"})
    talk = Conversation.objects.create(
        workspace=place, channel=channel, delivery=out, top=str(out.pk), kind="comment", last_at=clock.now()
    )
    told = Message.objects.create(
        conversation=talk, channel=channel, remote_id=str(out.pk), author="@reader", text="Is it open today",
        at=clock.now(), receipt={"id": "7", "url": "https://one.example/7", "extra": {}, "note": ""},
    )
    Note.objects.create(conversation=talk, by=member.user, text="A regular guest")
    said = Post.objects.create(workspace=place, author=member.user, stage="approved", answer=True)
    said.channels.add(channel)
    item = Item.objects.create(post=said, position=0, text="It is open today")
    sent = delivery(member, said, item, channel, state="delivered", answers={"to": told.receipt, "root": None})
    Answer.objects.create(delivery=sent, conversation=talk, message=told, by=member.user)


def packed(user: User, folder: Path, name: str = "export.zip") -> Path:
    """This person's archive."""
    path = folder / name
    pack(user.pk, user.language, path, lambda _done, _parts: None)
    return path


CARRIED = ("data/", "media/", "portraits/", "people")


def contents(path: Path, folders: tuple[str, ...] = CARRIED) -> dict[str, list[bytes]]:
    """What is in an archive, by file, as lines."""
    with ZipFile(path) as file:
        return {name: file.read(name).splitlines() for name in file.namelist() if name.startswith(folders)}
