"""Media put into a library the way an upload does."""

import uuid

from tests.media.test_pictures import cornered, encoded
from tidings.media.models import Media
from tidings.media.store import store
from tidings.media.take import take
from tidings.settings import settings
from tidings.workspaces.models import Member


def put(of: Member, data: bytes = b"", name: str = "corner.jpg") -> tuple[Media, bytes]:
    """Media made of these bytes (a small picture when none are given), and the bytes that are kept."""
    folder = settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / str(uuid.uuid4())
    path.write_bytes(data or encoded(cornered(), "JPEG"))
    media = take(of.workspace, of.user, name, path)
    with store().open(media.key) as file:
        return media, file.read()
