"""What a piece's page says of it: facts in words, the posts it is in, and what each network gets."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidings.deliveries.calendar import first_words
from tidings.deliveries.face import LABELS, Face, face
from tidings.deliveries.models import Delivery
from tidings.media.models import Media
from tidings.posts.gets import Gets, gets
from tidings.posts.models import Post
from tidings.posts.uses import remembered, templates, uses
from tidings.web.instance.shown import weight
from tidings.web.shots import spoken_length
from tidings.web.times import When, when
from tidings.workspaces.models import Member, User

MOST = 20  # posts that are shown
TYPES = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", "video/mp4": "MP4",
    "video/quicktime": "QuickTime", "video/webm": "WEBM",
}  # fmt: skip
KINDS = {
    "picture": gettext_lazy("Picture"), "film": gettext_lazy("Film"), "animation": gettext_lazy("Animation"),
}  # fmt: skip
VERDICTS = {
    "as it is": gettext_lazy("Gets it as it is"), "made": gettext_lazy("Gets a copy"),
    "will be made": gettext_lazy("A copy will be made"), "not taken": gettext_lazy("Does not take it"),
}  # fmt: skip


@dataclass(frozen=True)
class Use:
    """A post that it is in."""

    id: UUID
    words: str
    face: Face
    label: str
    at: When | None


@dataclass(frozen=True)
class Row:
    """What a network's channels get. `url`: of the copy, once it is made."""

    network: str
    label: str
    names: str
    verdict: str
    kind: str  # as it is, made, will be made, not taken
    facts: str
    url: str


@dataclass(frozen=True)
class About:
    """All of it."""

    facts: list[tuple[str, str]]
    uses: list[Use]
    more: int
    remembered: list[Use]
    templates: list[str]
    gets: list[Row]
    added: When


def about(member: Member, media: Media) -> About:
    """What there is to say of a piece to this person."""
    in_use, user = uses(media), member.user
    channels = member.workspace.channels.order_by("network", "handle")
    return About(
        facts=list(_facts(media)), uses=_uses(user, in_use[:MOST]), more=max(0, in_use.count() - MOST),
        remembered=_uses(user, remembered(media)[:MOST]), templates=[one.name for one in templates(media)],
        gets=[_row(media, one) for one in gets(media, channels)], added=when(user, media.created_at),
    )  # fmt: skip


def _facts(media: Media) -> Iterable[tuple[str, str]]:
    yield _("Kind"), f"{KINDS.get(media.kind, media.kind)}, {TYPES.get(media.mime, media.mime)}"
    yield _("Size"), weight(media.size)
    if media.width:
        yield _("Pixels"), f"{media.width} × {media.height}"
    if media.seconds:
        yield _("Length"), spoken_length(media.seconds)
    if media.codecs:
        yield _("Coded as"), media.codecs


def _uses(user: User, posts: Iterable[Post]) -> list[Use]:
    found = list(posts)
    deliveries: dict[UUID, list[Delivery]] = {post.pk: [] for post in found}
    for delivery in Delivery.objects.filter(post__in=found).only("post_id", "state", "due_at"):
        deliveries[delivery.post_id].append(delivery)
    return [_use(user, post, deliveries[post.pk]) for post in found]


def _use(user: User, post: Post, deliveries: list[Delivery]) -> Use:
    shown = face(post, deliveries)
    due = [one.due_at for one in deliveries if one.state != "cancelled"]
    at = min(due) if due else post.wish_at
    words = first_words([item.text for item in post.items.all()], 1)
    return Use(post.pk, words, shown, str(LABELS[shown]), when(user, at) if at else None)


def _row(media: Media, one: Gets) -> Row:
    first = one.channels[0]
    return Row(
        network=first.network, label=first.label, names=", ".join(c.name or c.handle for c in one.channels),
        verdict=str(VERDICTS[one.verdict]), kind=one.verdict, facts=one.why or _measures(one),
        url=f"/media/{media.id}/{one.copy.fits}" if one.copy else "",
    )  # fmt: skip


def _measures(one: Gets) -> str:
    """What the copy is, or what it may be at most."""
    if one.copy:
        kind = TYPES.get(one.copy.mime, one.copy.mime)
        return f"{kind}, {weight(one.copy.size)}, {one.copy.width} × {one.copy.height}"
    if one.aim is None:
        return ""
    parts = [TYPES.get(one.aim.mime, one.aim.mime)]
    if one.aim.size:
        parts.append(_("at most %(size)s") % {"size": weight(one.aim.size)})
    if one.aim.pixels:
        parts.append(_("at most %(n)s megapixels") % {"n": f"{one.aim.pixels / 1_000_000:g}"})
    return ", ".join(parts)
