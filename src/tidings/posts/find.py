"""Find by words: posts, channels, tags, media and templates of a workspace; a few of each, the latest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import F, Q

from tidings.channels.models import Channel
from tidings.media.models import Media
from tidings.posts.models import Item, Snippet
from tidings.workspaces.models import Member, Tag
from tidings.workspaces.policy import require

WORDS = 6  # of a search; more are not looked at
LABEL = 120  # characters
MOST = {"post": 8, "channel": 6, "tag": 4, "media": 6, "template": 4}  # 28 together


@dataclass(frozen=True)
class Match:
    """One thing that was found. `at`: for when a post is meant, or when a picture came."""

    kind: str
    id: UUID
    label: str
    more: str = ""
    at: datetime | None = None


def find(member: Member, words: str) -> list[Match]:
    """What has all of these words, whatever their case."""
    require(member, "read")
    said = words.replace("\0", "").split()[:WORDS]
    return list(chain(*(look(member, said) for look in _LOOKS))) if said else []


def _having(words: list[str], *fields: str) -> Q:
    """Each word in one of the fields. SQLite knows the case of A to Z only, so other letters are tried in both."""
    wanted = Q()
    for word in words:
        spelt = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
        wanted &= Q(*((f"{field}__icontains", one) for field in fields for one in sorted(spelt)), _connector=Q.OR)
    return wanted


def _posts(member: Member, words: list[str]) -> Iterator[Match]:
    found = Item.objects.filter(_having(words, "text"), post__workspace=member.workspace_id, post__answer=False)
    latest = found.order_by(F("post__wish_at").desc(nulls_last=True), "-post__changed_at").select_related("post")
    seen = {item.post_id: item for item in reversed(latest[: 2 * MOST["post"]])}
    for item in list(reversed(seen.values()))[: MOST["post"]]:
        yield Match("post", item.post_id, " ".join(item.text.split())[:LABEL], at=item.post.wish_at)


def _channels(member: Member, words: list[str]) -> Iterator[Match]:
    found = Channel.objects.filter(_having(words, "name", "handle", "group"), workspace=member.workspace_id)
    for channel in found[: MOST["channel"]]:
        yield Match("channel", channel.pk, channel.name or channel.handle, channel.label)


def _tags(member: Member, words: list[str]) -> Iterator[Match]:
    for tag in Tag.objects.filter(_having(words, "name"), workspace=member.workspace_id)[: MOST["tag"]]:
        yield Match("tag", tag.pk, tag.name)


def _media(member: Member, words: list[str]) -> Iterator[Match]:
    for media in Media.objects.filter(_having(words, "name", "alt"), workspace=member.workspace_id)[: MOST["media"]]:
        yield Match("media", media.pk, media.name, media.alt[:LABEL], media.created_at)


def _templates(member: Member, words: list[str]) -> Iterator[Match]:
    found = Snippet.objects.filter(_having(words, "name", "text"), workspace=member.workspace_id, kind="template")
    for snippet in found[: MOST["template"]]:
        yield Match("template", snippet.pk, snippet.name)


_LOOKS = (_posts, _channels, _tags, _media, _templates)
