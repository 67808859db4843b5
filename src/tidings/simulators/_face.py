"""A face for every simulated account: its colours follow from its name."""

import hashlib
import io

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response

SIDE = 192


def face(name: str) -> bytes:
    """A PNG of two shoulders and a head."""
    one, two = (tuple(hashlib.sha256(f"{name}{n}".encode()).digest()[:3]) for n in range(2))
    picture = Image.new("RGB", (SIDE, SIDE), tuple(128 + value // 2 for value in one))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((24, 118, 168, 262), fill=tuple(value // 2 for value in two))
    draw.ellipse((58, 40, 134, 116), fill=tuple(value // 2 for value in two))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


async def answer(request: Request) -> Response:
    """The face of the account in the path."""
    return Response(face(request.path_params["name"]), media_type="image/png")
