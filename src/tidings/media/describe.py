"""Media as JSON. The API, the uploads and the composer page say the same."""

from uuid import UUID

from pydantic import BaseModel

from tidings.media.models import Media


class MediaShape(BaseModel):
    """A picture, animation or film; sizes in bytes, pixels, seconds. In no folder: at the top.
    `focus_x`, `focus_y`: what must stay in sight when it is cut, 0 left or top … 1; null: the middle."""

    id: UUID
    name: str
    kind: str
    mime: str
    size: int
    width: int
    height: int
    seconds: float
    alt: str
    url: str
    thumbnail: str | None
    folder: UUID | None
    tags: list[str]
    focus_x: float | None
    focus_y: float | None


def described(media: Media) -> MediaShape:
    """A row as everybody outside sees it."""
    at = f"/media/{media.id}"
    return MediaShape(
        id=media.id, name=media.name, kind=media.kind, mime=media.mime, size=media.size,
        width=media.width, height=media.height, seconds=media.seconds, alt=media.alt,
        url=f"{at}/original", thumbnail=f"{at}/thumbnail" if media.thumbnail else None,
        folder=media.folder_id, tags=[tag.name for tag in media.tags.all()],
        focus_x=media.focus_x, focus_y=media.focus_y,
    )  # fmt: skip
