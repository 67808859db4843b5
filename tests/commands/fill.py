"""Fill a database with a row of every kind, and with what is hard to carry.

Called in a process of its own, with the settings of the instance to fill.
"""

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session

from tests import people
from tidings.analytics.models import Measurement, Meter, ReportLink, ReportMail, ReportReader, Series, Standing
from tidings.channels.models import AppCredential, Channel, ConnectLink, Portrait, Revocation, Slot
from tidings.core import clock
from tidings.deliveries.models import MOVES, Allowance, Attempt, Delivery, Lane, Node
from tidings.inbox.models import Answer, Conversation, Listener, Message, Note
from tidings.media.models import Folder, Media, Rendition, Upload
from tidings.notifications.models import Notification, Preference
from tidings.posts.models import Item, Post, Repeat, Snippet, Variant, Version
from tidings.privacy.models import Erasure, Export
from tidings.workspaces import api_keys
from tidings.workspaces.models import (
    CalendarLink,
    Invitation,
    Knock,
    Member,
    SecurityEvent,
    Tag,
    UserPortrait,
    View,
    WorkspaceLogo,
)

TEXTS = (
    "", " ", "'\"\\", "\\u0000 as written", "\x01\x7f\x85\u2028\ufeff", "שלום ‮abc", "𝔘𝔫𝔦 👩‍👩‍👧 ﷽",
    "e\u0301 \xe9", "a\r\nb\n\n",
    "x" * 10_000, "{\"not\": JSON", "[1, 2",
)
JSON = (
    {}, [], {"": ""}, {"b": 1, "a": {"z": [1, [2, {"y": None}]]}}, [0, -0.0, 1.0, 0.1, 1e-7, 1e15, 1e300, 5e-324],
    [2**53 - 1, 2**53, -(2**63), 2**64, 10**20], [True, False, None, "\x01", "𝔘", "\\u0000", "\ud7ff"],
)
INSTANTS = (
    datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=14, minutes=45))),
)


def fill() -> None:
    """Rows in every table that the program writes."""
    owner = people.owner(is_operator=True)
    channels = [people.channel(owner, server={"said": value}) for value in JSON]
    _person(owner)
    UserPortrait.objects.create(user=owner.user, picture=bytes(range(256)))
    WorkspaceLogo.objects.create(workspace=owner.workspace, picture=bytes(range(255)))
    app = AppCredential(workspace=owner.workspace, network="mastodon", server="one", client_id="id")
    app.keep_secret("app secret")
    app.save()
    Channel.objects.filter(id=channels[0].id).update(app=app)
    Portrait.objects.create(channel=channels[0], picture=bytes(range(256)) * 3)
    Portrait.objects.create(channel=channels[1], picture=b"")
    for at in (time(0), time(9, 30), time(23, 59, 59, 999_999)):
        Slot.objects.create(channel=channels[0], weekday=6, at=at)
    ConnectLink.objects.create(workspace=owner.workspace, by=owner.user, name="ü", token_hash="c", ends_at=clock.now())
    _media(owner)
    _privacy(owner)
    for text in TEXTS:
        _post(owner, channels, text)
    Allowance.objects.create(key="mastodon:app::60", tokens=0.1 + 0.2, counted_at=clock.now())
    Lane.objects.bulk_create([Lane(channel=one, workspace=owner.workspace) for one in channels], ignore_conflicts=True)
    for n, out in enumerate(Delivery.objects.order_by("pk")):
        _numbers(out, n)
        _heard(out, owner, n)
    Node.objects.create(name="gone:1", started_at=INSTANTS[0], beat_at=INSTANTS[0], counts={"networks": {}})


def _numbers(out: Delivery, n: int) -> None:
    whose = {"workspace": out.workspace, "channel": out.channel}
    Meter.objects.get_or_create(**whose, defaults={"trouble": TEXTS[n % len(TEXTS)][:300], "budget": n or None})
    Standing.objects.create(
        delivery=out, post=out.post, **whose, out_at=INSTANTS[n % len(INSTANTS)], shape="words", likes=2**63 - 1 - n,
    )  # fmt: skip
    series = Series.objects.create(**whose, delivery=out, theirs="x" * 80, ours="likes", daily=bool(n % 2))
    Measurement.objects.create(series=series, at=INSTANTS[n % len(INSTANTS)], value=-n)


def _heard(out: Delivery, owner: Member, n: int) -> None:
    Listener.objects.get_or_create(workspace=out.workspace, channel=out.channel, defaults={"trouble": "ü"})
    talk = Conversation.objects.create(
        workspace=out.workspace, channel=out.channel, delivery=out, top=f"{n}", kind="comment", last_at=INSTANTS[0]
    )
    told = Message.objects.create(
        conversation=talk, channel=out.channel, remote_id=f"{n}", author="@ü", text=TEXTS[n % len(TEXTS)],
        at=INSTANTS[1], receipt={"id": f"{n}", "url": "", "extra": {"cid": "ü"}, "note": ""},
    )  # fmt: skip
    Answer.objects.create(delivery=out, conversation=talk, message=told, by=owner.user, at=INSTANTS[1])
    Note.objects.create(conversation=talk, by=owner.user, text=TEXTS[n % len(TEXTS)] or "ü", at=INSTANTS[0])


def _person(owner: Member) -> None:
    """What allauth and Django keep of somebody who signs in."""
    user = owner.user
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailConfirmation.objects.create(email_address=address, key="k", sent=clock.now())
    Authenticator.objects.create(user=user, type="totp", data={"secret": user.key().seal("totp", "totp")})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "s", "used_mask": 5})
    UserSession.objects.create(user=user, ip="2001:DB8::1", session_key="s1", user_agent="a browser", data={})
    UserSession.objects.create(user=user, ip="192.0.2.1", session_key="s2", user_agent="", data={"a": 1})
    for key in ("aa", "Ab", "ab", "_b"):  # databases sort them differently
        Session.objects.create(session_key=key, session_data="data", expire_date=INSTANTS[1])
    Invitation.objects.create(workspace=owner.workspace, by=user, token_hash="h", ends_at=clock.now())
    View.objects.create(workspace=owner.workspace, user=user, name="ü", query="state=failed&q=%C3%BC")
    CalendarLink.objects.create(member=owner, token_hash="t")
    ReportLink.objects.create(
        workspace=owner.workspace, by=user, name="ü", first=INSTANTS[0].date(), last=INSTANTS[1].date(), token_hash="r",
        ends_at=INSTANTS[1],
    )
    mailed = ReportMail.objects.create(workspace=owner.workspace, group="ü", every="month", hour=23)
    ReportReader.objects.create(report=mailed, member=owner, next_at=INSTANTS[0])
    Notification.objects.create(workspace=owner.workspace, user=user, kind="failed", thing="delivery", mark="m")
    Preference.objects.create(user=user, kind="failed", page=False, mail="off")
    group = Group.objects.create(name="some")
    group.permissions.set(Permission.objects.order_by("-id")[:3])


def _privacy(owner: Member) -> None:
    """What is kept about logins, keys, and requests of people about their data."""
    api_keys.make(owner, "\u202eü", ["read"], clock.now())
    SecurityEvent.objects.create(user=owner.user, kind="signed_in", ip="2001:db8::1", whom="w", browser="a browser")
    Knock.objects.create(key="k", count=1, since=clock.now(), ends_at=clock.now())
    Revocation.objects.create(workspace=owner.workspace, network="mastodon", handle="@ü")
    Erasure.objects.create(kind="network", subject=owner.user_id, code="c", due_at=INSTANTS[1], counts={"a": 1})
    Export.objects.create(user=owner.user, size=2**40)


def _media(owner: Member) -> None:
    media = Media.objects.create(
        workspace=owner.workspace, by=owner.user, name="ü.jpg", kind="film", mime="video/mp4", size=2**40, seconds=0.1,
        alt="\n", key="k", focus_x=0.1, poster_at=1e-7,
    )
    Folder.objects.create(workspace=owner.workspace, name="ü", parent=Folder.objects.create(
        workspace=owner.workspace, name="Ü",
    ))
    media.tags.add(Tag.objects.create(workspace=owner.workspace, name="ß"))
    Rendition.objects.create(media=media, fits="f", mime="m", size=1, key="k")
    Upload.objects.create(workspace=owner.workspace, by=owner.user, name="u", size=2**41, offset=2**40, media=media)


def _post(owner: Member, channels: list[Channel], text: str) -> None:
    """A thread whose later part was made first, so that rows point at rows that come after them."""
    post = Post.objects.create(workspace=owner.workspace, author=owner.user, stage="approved", note=text)
    post.channels.set(channels)
    post.tags.add(Tag.objects.create(workspace=owner.workspace, name=text[:20] + str(len(text))))
    Version.objects.create(post=post, revision=1, by=owner.user, draft={"note": text})
    Repeat.objects.create(post=post, workspace=owner.workspace, kind="every", next_at=INSTANTS[0])
    Snippet.objects.create(workspace=owner.workspace, kind="template", name=str(post.id), text=text, draft={"a": [1]})
    parts = [Item.objects.create(post=post, position=n, text=text, media=[{"id": "m", "alt": text}]) for n in (0, 1)]
    for channel, value, instant in zip(channels, JSON, (*INSTANTS, clock.now()), strict=True):
        Variant.objects.create(item=parts[0], channel=channel, text=None, media=None, options={"o": value})
        state = sorted(MOVES)[channels.index(channel)].replace("sending", "waiting")
        at = {"due_at": instant, "again_at": instant}
        common = {"workspace": owner.workspace, "post": post, "channel": channel, **at}
        later = Delivery.objects.create(**common, item=parts[1], state="waiting")
        first = Delivery.objects.create(
            **common, item=parts[0], state=state, journal={"steps": {"s": value}}, receipt={"id": text, "extra": value},
            reason=text[:500],
        )
        Delivery.objects.filter(id=later.id).update(after=first)
        Attempt.objects.create(delivery=first, started_at=instant, ended_at=instant, outcome=state, reason=text[:500])

