"""Take a file into the library: look inside, clean it, make its thumbnail, keep it."""

from pathlib import Path

from tidings.media import bench
from tidings.media.aside import aside
from tidings.media.models import Media
from tidings.media.order import EXTENSIONS, Take
from tidings.media.store import store
from tidings.workspaces.models import User, Workspace

LONGEST_NAME = 255


def take(workspace: Workspace, user: User | None, name: str, path: Path) -> Media:
    """The file at `path` as media of this workspace. It is changed and gone afterwards; raises Refused."""
    media = taken(workspace, user, name, path)
    media.save()
    return media


def taken(workspace: Workspace, user: User | None, name: str, path: Path) -> Media:
    """The same, its row not saved yet; a file whose row never is, is swept up a day later."""
    with aside() as folder:
        thumbnail = folder / "thumbnail.webp"
        seen = bench.take(Take(str(path), str(thumbnail)))
        size = path.stat().st_size
        small_size = thumbnail.stat().st_size if seen.thumbnail else 0
        small = store().adopt(thumbnail, "webp") if seen.thumbnail else ""
        return Media(
            workspace=workspace, by=user, name=clean_name(name), kind=seen.kind, mime=seen.mime, size=size,
            width=seen.width, height=seen.height, seconds=seen.seconds, alpha=seen.alpha, codecs=seen.codecs,
            key=store().adopt(path, EXTENSIONS[seen.mime]), thumbnail=small, thumbnail_size=small_size,
        )  # fmt: skip


def forget(media: Media | None) -> None:
    """Delete the files of media that is not kept after all."""
    for key in filter(None, (media.key, media.thumbnail) if media else ()):
        store().delete(key)


def clean_name(name: str) -> str:
    """A file's name as people gave it, without folders and without what cannot be shown."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[:LONGEST_NAME] or "file"
