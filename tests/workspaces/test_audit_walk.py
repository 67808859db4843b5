"""Every way to change something in a workspace, over HTTP: each leaves exactly one entry, or says here why none."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from tests import people, walk
from tests.conftest import Town
from tests.permissions.routes import address
from tests.permissions.scene import KEY
from tests.permissions.table import DJANGO, asked
from tests.permissions.visitors import signed_in
from tidings import outside
from tidings.analytics.models import ReportLink, ReportMail
from tidings.channels.invite import make_link
from tidings.channels.models import AppCredential, Channel
from tidings.channels.pause import BY_MEMBER
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.media.models import Folder, Media
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post, Repeat, Snippet
from tidings.privacy import erase
from tidings.workspaces import api_keys
from tidings.workspaces.audit import verify
from tidings.workspaces.members import invite
from tidings.workspaces.models import AuditEntry, CalendarLink, Invitation, Member, WorkspaceLogo
from tidings.workspaces.tags import named

pytestmark = pytest.mark.django_db

LATER = "2031-01-01T00:00:00Z"
DRAFT = {"channels": [], "items": [{"text": "hello"}]}
HERE, API = "w/<slug>/", "api/v1/workspaces/<slug>/"
LOOKS = "it shows a page, whatever the method"
BROUGHT = "the row of a medium says who brought it, and when"
LOOKING = "a view is how one person likes to look at the calendar; nobody else sees it"
WRITING = "what is written is kept as often as somebody types; the row says when"
CONNECTS = "it speaks with a network; walked through below"
NONE = {  # what leaves no entry, and why
    **dict.fromkeys((
        f"POST {HERE}{page}" for page in (
            "attention", "calendar", "calendar/day", "compose", "posts/<id>", "posts/<id>/progress", "posts/<id>/edit",
            "media",
            "posts/<id>/history", "analytics", "inbox", "inbox/<id>", "inbox/<id>/progress",
            "channels", "channels/<id>", "channels/connect", "channels/reach", "channels/apps",
            "deliveries/<id>/candidates",
            "settings/members", "settings/audit",
        )), LOOKS),
    f"POST {HERE}inbox/<id>/length": "it says how long an answer is, and keeps nothing",
    f"POST {API}snippets/<id>/use": "it fills a template in, and keeps nothing",
    f"POST {API}posts/<id>/compare": "it says what differs, and keeps nothing",
    f"POST {API}notifications/read": "it says what somebody knows by now",
    f"PUT {API}notifications/wishes": "it is about the person, and not the workspace",
    **dict.fromkeys((
        f"POST {HERE}views", f"POST {HERE}views/<id>/change", f"POST {HERE}views/<id>/delete", f"POST {API}views",
        f"PATCH {API}views/<id>", f"DELETE {API}views/<id>",
    ), LOOKING),
    f"POST {API}posts/check": "it says what networks would refuse, and keeps nothing",
    f"POST {HERE}channels/apps/<network>/try": "it asks a network, and notes when",
    f"POST {HERE}revocations/<id>/dismiss": "it takes a line off a page",
    f"POST {HERE}begin/hide": "it takes a card off a page",
    **dict.fromkeys((
        f"POST {HERE}media/<id>", f"PATCH {API}media/<media_id>", f"POST {HERE}media/<id>/frame",
    ), WRITING),
    **dict.fromkeys((
        f"POST {HERE}media/upload", f"POST {API}uploads", f"PATCH {API}uploads/<upload_id>",
        f"DELETE {API}uploads/<upload_id>", f"POST {HERE}media/import", f"POST {HERE}media/coming/<id>/drop",
        f"POST {API}imports", f"DELETE {API}imports/<import_id>",
    ), BROUGHT),
    **dict.fromkeys((f"POST {HERE}channels/connect/<network>", f"POST {HERE}channels/pick"), CONNECTS),
}  # fmt: skip


@dataclass
class Scene:
    """A workspace with something of everything; `ids` as tests.permissions.routes fills them in."""

    owner: Member
    other: Member
    delivery: Delivery
    ids: dict[str, str] = field(default_factory=dict)


def scene() -> Scene:
    owner = people.owner()
    other, channel = people.member(owner, "editor"), people.channel(owner, sealed="")
    Channel.objects.filter(pk=channel.pk).update(sealed="")
    draft = compose(owner, Draft((channel.pk,), (ItemDraft("a draft"),)))
    planned = compose(owner, Draft((channel.pk,), (ItemDraft("planned"),)))
    (delivery,) = schedule(owner, planned, clock.now() + timedelta(days=1))
    invite(owner, "", "editor")
    key, _token = api_keys.make(other, "script", ["read"])
    media = Media.objects.create(workspace=owner.workspace, kind="picture", mime="image/png", size=1, key=KEY)
    folder = Folder.objects.create(workspace=owner.workspace, name="Spring")
    snippet = Snippet.objects.create(workspace=owner.workspace, kind="hashtags", name="bread", text="#bread")
    tag, into = named(owner.workspace, ["sale", "spring"])
    app = AppCredential(workspace=owner.workspace, network="x", client_id="old")
    app.keep_secret("secret")
    app.save()
    link, _address = make_link(owner, "Ana")
    shared = ReportLink.objects.create(
        workspace=owner.workspace, by=owner.user, name="Ana", days=7, token_hash="r",
        ends_at=clock.now() + timedelta(days=1),
    )
    EmailAddress.objects.create(user=owner.user, email=owner.user.email, verified=True)
    mailed = ReportMail.objects.create(workspace=owner.workspace, every="week", hour=8)
    return Scene(owner, other, delivery, {
        "inbox": str(people.conversation(delivery).pk),
        "links": str(link.pk), "shared": str(shared.pk), "mails": str(mailed.pk), "owner": str(owner.pk),
        "slug": owner.workspace.slug, "posts": str(draft.pk), "deliveries": str(delivery.pk), "media": str(media.pk),
        "media_id": str(media.pk), "folders": str(folder.pk), "folder_id": str(folder.pk),
        "channels": str(channel.pk), "members": str(other.pk), "api_key": str(key.pk),
        "invitations": str(Invitation.objects.get(workspace=owner.workspace).pk), "network": "x",
        "tags": str(tag.pk), "into": str(into.pk), "revision": "1", "snippets": str(snippet.pk),
    })  # fmt: skip


def planned(of: Scene) -> None:
    """It is about the post that is scheduled."""
    of.ids["posts"] = str(of.delivery.post_id)


def repeating(of: Scene) -> None:
    """It goes out again every week; that this was set up stands in the log already."""
    planned(of)
    Repeat.objects.create(post_id=of.delivery.post_id, workspace=of.owner.workspace, kind="every")


def turned(**fields: Any) -> Callable[[Scene], object]:
    """The delivery is in another state."""
    return lambda of: Delivery.objects.filter(pk=of.delivery.pk).update(**fields)


def resting(of: Scene) -> None:
    """A member paused the channel."""
    Channel.objects.filter(pk=of.ids["channels"]).update(paused=BY_MEMBER)


def subscribed(of: Scene) -> None:
    """The owner's calendar program has an address; that it was made stands in the log already."""
    CalendarLink.objects.create(member=of.owner, token_hash="kept")


def branded(of: Scene) -> None:
    """The workspace has a logo."""
    WorkspaceLogo.objects.create(workspace=of.owner.workspace, picture=b"small")


def leaving(of: Scene) -> None:
    """The workspace is about to be erased."""
    erase.ask_workspace(of.owner)


@dataclass(frozen=True)
class Act:
    """What is sent ({…}: an id of the scene), what stands in the log afterwards, and what is so before."""

    leaves: str
    body: dict[str, Any] = field(default_factory=dict)
    before: Callable[[Scene], object] = lambda _of: None
    by: str = "owner"


UNSURE, NO = turned(state="unsure"), {"out": "no"}
ACTS = {
    f"POST {HERE}settings": Act(
        "workspace.changed", {"name": "Other", "zone": "UTC", "late_policy": "hold", "late_minutes": "9"}
    ),
    f"POST {HERE}settings/logo": Act("workspace.changed", {"do": "remove"}, before=branded),
    f"POST {HERE}settings/erase": Act("workspace.erasure_asked"),
    f"POST {HERE}settings/keep": Act("workspace.erasure_undone", before=leaving),
    f"POST {HERE}calendar/link": Act("calendar_link.made"),
    f"POST {HERE}calendar/link/end": Act("calendar_link.ended", before=subscribed),
    f"POST {HERE}settings/keys": Act("key.made", {"name": "mine", "read": "on", "days": "30"}),
    f"POST {HERE}settings/keys/<api_key>/revoke": Act("key.revoked"),
    f"POST {HERE}settings/members/invite": Act("invitation.made", {"role": "client", "email": ""}),
    f"POST {HERE}settings/members/<other>/role": Act("member.role_changed", {"role": "client"}),
    f"POST {HERE}settings/members/<other>/remove": Act("member.removed"),
    f"POST {HERE}settings/invitations/<invitation>/revoke": Act("invitation.revoked"),
    f"POST {HERE}leave": Act("member.left", by="other"),
    f"POST {HERE}posts/<id>/publish": Act("post.scheduled"),
    f"POST {HERE}posts/<id>/cancel": Act("post.cancelled", before=planned),
    f"POST {HERE}posts/<id>/delete": Act("post.deleted"),
    f"POST {HERE}posts/<id>/duplicate": Act("post.created"),
    f"POST {HERE}posts/<id>/repeat/stop": Act("post.unrepeated", before=repeating),
    f"DELETE {API}posts/<id>/repeat": Act("post.unrepeated", before=repeating),
    f"PUT {API}posts/<id>/repeat": Act("post.repeated", {"every": 2}, before=planned),
    f"POST {API}posts/<id>/duplicate": Act("post.created"),
    f"POST {HERE}posts/<id>/versions/<revision>/restore": Act("post.revised", before=planned),
    f"POST {API}posts/<id>/versions/<revision>/restore": Act("post.revised", before=planned),
    f"POST {HERE}deliveries/<id>/cancel": Act("delivery.cancelled"),
    f"POST {HERE}deliveries/<id>/retry": Act("delivery.retried", before=turned(state="failed")),
    f"POST {HERE}deliveries/<id>/resolve": Act("delivery.resolved", NO, before=UNSURE),
    f"POST {HERE}attention/held": Act(
        "delivery.retried", {"what": "send", "ids": "{deliveries}"}, before=turned(state="held")
    ),
    f"POST {HERE}deliveries/<id>/know": Act(
        "delivery.known", before=turned(state="delivered", gone_at=clock.now(), look_at=None)
    ),
    f"POST {HERE}media/<id>/delete": Act("media.deleted"),
    f"POST {HERE}channels/group": Act("channel.grouped", {"group": "Bakery", "channel": "{channels}"}),
    f"POST {HERE}channels/<id>/group": Act("channel.grouped", {"group": "Bakery"}),
    f"POST {HERE}channels/<id>/slots": Act("channel.slots", {"act": "usual"}),
    f"POST {HERE}channels/<id>/pause": Act("channel.paused"),
    f"POST {HERE}channels/<id>/resume": Act("channel.resumed", before=resting),
    f"POST {HERE}analytics/shared": Act(
        "report_link.made", {"name": "Ana", "about": "everything", "days": "7", "lives": "30"}
    ),
    f"POST {HERE}analytics/shared/<id>/end": Act("report_link.ended"),
    f"POST {HERE}analytics/mails": Act(
        "report_mail.made", {"about": "everything", "every": "week", "hour": "8", "readers": "{owner}"}
    ),
    f"POST {HERE}analytics/mails/<id>/end": Act("report_mail.ended"),
    f"POST {HERE}channels/links": Act("connect_link.made", {"name": "Ana", "days": "7"}),
    f"POST {HERE}channels/links/<id>/end": Act("connect_link.ended"),
    f"POST {API}channels/group": Act("channel.grouped", {"group": "Bakery", "channels": ["{channels}"]}),
    f"POST {API}channels/<id>/pause": Act("channel.paused"),
    f"POST {API}channels/<id>/resume": Act("channel.resumed", before=resting),
    f"POST {API}channels/<id>/observe": Act("channel.observed", {"observed": False}),
    f"POST {API}channels/<id>/disconnect": Act("channel.disconnected"),
    f"PUT {API}channels/<id>/slots": Act("channel.slots", {"slots": []}),
    f"DELETE {API}channels/<id>": Act("channel.deleted"),
    f"POST {API}connect-links": Act("connect_link.made", {"name": "Ana", "network": "mastodon"}),
    f"DELETE {API}connect-links/<id>": Act("connect_link.ended"),
    f"POST {HERE}channels/<id>/observe": Act("channel.observed", {"observed": "no"}),
    f"POST {HERE}channels/<id>/measure": Act("channel.measured", {"act": "off"}),
    f"POST {API}channels/<id>/measure": Act("channel.measured", {"measured": False}),
    f"POST {HERE}channels/<id>/hear": Act("channel.heard", {"act": "off"}),
    f"POST {HERE}inbox/<id>/answer": Act("conversation.answered", {"text": "From nine"}),
    f"POST {HERE}inbox/<id>/assign": Act("conversation.assigned", {"to": ""}),
    f"POST {HERE}inbox/<id>/done": Act("conversation.done", {"done": "yes"}),
    f"POST {HERE}inbox/<id>/note": Act("conversation.noted", {"text": "Comes every week"}),
    f"POST {API}channels/<id>/hear": Act("channel.heard", {"heard": False}),
    f"PATCH {API}inbox/<id>": Act("conversation.done", {"done": True}),
    f"POST {API}inbox/<id>/answers": Act("conversation.answered", {"text": "At nine"}),
    f"POST {API}inbox/<id>/notes": Act("conversation.noted", {"text": "A regular guest"}),
    f"POST {HERE}channels/<id>/disconnect": Act("channel.disconnected"),
    f"POST {HERE}channels/<id>/delete": Act("channel.deleted"),
    f"POST {HERE}channels/apps/<network>": Act("app.entered", {"client_id": "new", "client_secret": "s"}),
    f"POST {HERE}channels/apps/<network>/remove": Act("app.removed"),
    f"POST {HERE}settings/snippets": Act("snippet.made", {"kind": "signature", "name": "us", "text": "Your bakery"}),
    f"POST {HERE}settings/snippets/<id>/change": Act("snippet.changed", {"kind": "hashtags", "name": "x", "text": "y"}),
    f"POST {HERE}settings/snippets/<id>/delete": Act("snippet.deleted"),
    f"POST {API}snippets": Act("snippet.made", {"kind": "signature", "name": "us", "text": "Your bakery"}),
    f"PUT {API}snippets/<id>": Act("snippet.changed", {"name": "x", "text": "y"}),
    f"DELETE {API}snippets/<id>": Act("snippet.deleted"),
    f"POST {HERE}settings/tags": Act("tag.made", {"name": "fresh", "colour": "red"}),
    f"POST {HERE}settings/tags/<id>/change": Act("tag.changed", {"name": "other", "colour": "red"}),
    f"POST {HERE}settings/tags/<id>/merge": Act("tag.merged", {"into": "{into}"}),
    f"POST {HERE}settings/tags/<id>/delete": Act("tag.deleted"),
    f"POST {API}tags": Act("tag.made", {"name": "fresh"}),
    f"PATCH {API}tags/<id>": Act("tag.changed", {"name": "other"}),
    f"POST {API}tags/<id>/merge": Act("tag.merged", {"into": "{into}"}),
    f"DELETE {API}tags/<id>": Act("tag.deleted"),
    f"POST {API}posts": Act("post.created", DRAFT),
    f"POST {API}posts/bulk": Act("post.moved", {"ids": ["{posts}"], "do": "move", "days": 1}, before=planned),
    f"PUT {API}posts/<id>": Act("post.revised", {"revision": 1}, before=planned),
    f"DELETE {API}posts/<id>": Act("post.deleted"),
    f"POST {API}posts/<id>/schedule": Act("post.scheduled", {"at": LATER}),
    f"POST {API}posts/<id>/move": Act("post.moved", {"at": LATER}, before=planned),
    f"POST {API}posts/<id>/cancel": Act("post.cancelled", before=planned),
    f"POST {API}deliveries/<id>/cancel": Act("delivery.cancelled"),
    f"POST {API}deliveries/<id>/retry": Act("delivery.retried", before=turned(state="held")),
    f"POST {API}deliveries/<id>/resolve": Act("delivery.resolved", {"out": False}, before=UNSURE),
    f"DELETE {API}media/<media_id>": Act("media.deleted"),
    f"POST {HERE}media/bulk": Act("media.deleted", {"act": "delete", "media": "{media}", "sure": "unused"}),
    f"POST {API}media/bulk": Act("media.deleted", {"do": "delete", "ids": ["{media}"]}),
    f"POST {HERE}media/folders": Act("folder.made", {"name": "Summer"}),
    f"POST {HERE}media/folders/<id>": Act("folder.changed", {"name": "Summer"}),
    f"POST {HERE}media/folders/<id>/delete": Act("folder.deleted"),
    f"POST {API}folders": Act("folder.made", {"name": "Summer"}),
    f"PATCH {API}folders/<folder_id>": Act("folder.changed", {"name": "Summer"}),
    f"DELETE {API}folders/<folder_id>": Act("folder.deleted"),
}


def test_every_way_to_change_something_is_walked_or_says_why_not() -> None:
    ways = {
        f"{method} {pattern}" for pattern, line in DJANGO.items() for method in ("POST", "PUT", "PATCH", "DELETE")
        if pattern.startswith((HERE, API)) and asked(line, method) and (method == "POST" or pattern.startswith(API))
    }  # fmt: skip
    assert ways - {f"POST {HERE[:-1]}"} == set(ACTS) | set(NONE)
    assert not set(ACTS) & set(NONE)


@pytest.mark.parametrize("way", ACTS)
def test_a_change_leaves_exactly_one_entry(way: str) -> None:
    cache.clear()
    act, of = ACTS[way], scene()
    act.before(of)
    method, pattern = way.split(" ")
    member = of.owner if act.by == "owner" else of.other
    body = _whole(act, of) if way == f"PUT {API}posts/<id>" else _filled_in(act, of)
    told = AuditEntry.objects.filter(workspace=of.owner.workspace_id)
    before = told.count()

    answer = _sent(signed_in(member.user), method, address(pattern, of.ids), body)

    assert answer.status_code in (200, 201, 204, 302), answer.content.decode()
    new = told.filter(number__gt=before)
    assert [f"{entry.thing}.{entry.verb}" for entry in new] == [act.leaves]
    assert new[0].who == member.user_id
    assert verify(of.owner.workspace_id) is None


def _filled_in(act: Act, of: Scene) -> dict[str, Any]:
    return {name: _filled(said, of) for name, said in act.body.items()}


def _filled(said: Any, of: Scene) -> Any:
    if isinstance(said, list):
        return [_filled(one, of) for one in said]
    return said.format_map(of.ids) if isinstance(said, str) else said


def _whole(act: Act, of: Scene) -> dict[str, Any]:
    if act.body.keys() & {"name", "every"}:
        return act.body
    return {**act.body, "channels": [of.ids["channels"]], "items": [{"text": "planned otherwise"}]}


def _sent(client: Client, method: str, url: str, body: dict[str, Any]) -> Any:
    if not url.startswith("/api/"):
        return client.post(url, body)
    return client.generic(method, url, json.dumps(body), "application/json")


def test_a_draft_that_is_saved_while_somebody_types_leaves_none() -> None:
    of = scene()
    before = AuditEntry.objects.count()
    url = address(f"{API}posts/<id>", of.ids)
    assert _sent(signed_in(of.owner.user), "PUT", url, {**DRAFT, "revision": 1}).status_code == 200
    assert AuditEntry.objects.count() == before


@pytest.fixture
def out(door: Door) -> Iterator[Door]:
    """The process's door, to the simulators."""
    outside.use(door)
    yield door
    outside.use(None)


def test_connecting_a_channel_leaves_one(town: Town, out: Door) -> None:
    owner = people.owner()
    walk.connect(people.signed_in(owner), owner, out, town["mastodon"])
    entry = AuditEntry.objects.filter(workspace=owner.workspace_id, number__gt=1).get()
    assert (entry.thing, entry.verb, entry.details) == ("channel", "connected", {"network": "mastodon"})
    assert entry.thing_id == str(Channel.objects.get(workspace=owner.workspace_id).pk)


def test_however_many_deliveries_a_post_has_scheduling_it_is_one_entry() -> None:
    owner = people.owner()
    channels = [people.channel(owner) for _ in range(12)]
    post = compose(owner, Draft(tuple(one.pk for one in channels), tuple(ItemDraft(f"part {n}") for n in range(5))))
    assert len(schedule(owner, post, clock.now() + timedelta(days=1))) == 60
    entries = AuditEntry.objects.filter(workspace=owner.workspace_id, thing="post").order_by("number")
    assert [(one.verb, one.details.get("deliveries")) for one in entries] == [("created", None), ("scheduled", 60)]


def test_no_entry_holds_a_word_that_somebody_wrote_or_is_called() -> None:
    mark = "Quagga"
    owner = people.owner(name=mark)
    channel = people.channel(owner, handle=f"@{mark}", name=mark)
    post = compose(owner, Draft((channel.pk,), (ItemDraft(mark),), note=mark))
    schedule(owner, post, clock.now() + timedelta(days=1))
    api_keys.make(owner, mark, ["read"])
    invite(owner, f"{mark}@example.org", "client")
    assert AuditEntry.objects.filter(workspace=owner.workspace_id).count() == 5
    assert mark.lower() not in str(list(AuditEntry.objects.values())).lower()
    assert Post.objects.filter(note=mark).exists()
