"""Media as JSON. The API, the uploads and the composer page say the same."""

from uuid import UUID

from pydantic import BaseModel

from tidings.media.models import Media


class MediaShape(BaseModel):
    """A picture, animation or film; sizes in bytes, pixels, seconds. In no folder: at the top."""

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


def described(media: Media) -> MediaShape:
    """A row as everybody outside sees it."""
    at = f"/media/{media.id}"
    return MediaShape(
        id=media.id, name=media.name, kind=media.kind, mime=media.mime, size=media.size,
        width=media.width, height=media.height, seconds=media.seconds, alt=media.alt,
        url=f"{at}/original", thumbnail=f"{at}/thumbnail" if media.thumbnail else None,
        folder=media.folder_id, tags=[tag.name for tag in media.tags.all()],
    )  # fmt: skip
