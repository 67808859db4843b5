"""What a post says, for pages: its parts with their words and pictures."""

from dataclasses import dataclass
from uuid import UUID

from tidings.media.models import Media
from tidings.posts.models import Item, Post
from tidings.workspaces.models import Workspace


@dataclass(frozen=True)
class Picture:
    """One picture or film of a part."""

    id: UUID
    alt: str
    kind: str
    has_thumbnail: bool


@dataclass(frozen=True)
class Differing:
    """How one channel says a part in other words; `channel` with its network, for many are called the same."""

    channel: str
    text: str


@dataclass(frozen=True)
class Part:
    """One part of a thread."""

    position: int
    text: str
    pictures: list[Picture]
    differing: list[Differing]


def parts_of(post: Post, workspace: Workspace) -> list[Part]:
    """Every part, in order."""
    items = list(post.items.prefetch_related("variants__channel"))
    ids = {use["id"] for item in items for use in item.media}
    library = {str(m.id): m for m in Media.objects.filter(workspace=workspace, id__in=ids)}
    return [_part(item, library) for item in items]


def _part(item: Item, library: dict[str, Media]) -> Part:
    pictures = [_picture(library[use["id"]], use.get("alt", "")) for use in item.media if use["id"] in library]
    own = [variant for variant in item.variants.all() if variant.text is not None]
    differing = [Differing(f"{one.channel} · {one.channel.label}", one.text or "") for one in own]
    return Part(item.position, item.text, pictures, differing)


def _picture(media: Media, alt: str) -> Picture:
    return Picture(media.id, alt, media.kind, bool(media.thumbnail))
