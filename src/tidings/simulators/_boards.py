"""What Pinterest in a box has to pin on, and what it says to pins that it does not take."""

import base64
import io
import re
from typing import Any

from PIL import Image

from tidings.simulators.base import Refusal

BOARDS: dict[str, tuple[str, dict[str, str]]] = {
    "1001": ("Recipes", {"51": "Salads", "52": "Soups"}), "1002": ("Places", {}),
    "1003": ("Garden recipes", {"53": "Herbs"}),
}
LONGEST = {"title": 100, "description": 800, "alt_text": 500, "link": 2048}
FIELDS = {*LONGEST, "board_id", "board_section_id", "dominant_color", "media_source"}


def check(wish: dict[str, Any]) -> None:
    """Refuses words, places and fields that Pinterest does not take."""
    if unknown := set(wish) - FIELDS:
        raise refusal(400, 1, f"Invalid request: {min(unknown)} is not a field.")
    for field, most in LONGEST.items():
        if len(wish.get(field, "")) > most:
            raise refusal(400, 1, f"Invalid request: {field} is too long (at most {most}).")
    _, sections = board(wish.get("board_id", ""))
    if wish.get("board_section_id") and wish["board_section_id"] not in sections:
        raise refusal(404, 2031, "Board section not found.")
    if not re.fullmatch("#[0-9a-fA-F]{6}", wish.get("dominant_color", "#000000")):
        raise refusal(400, 1, "Invalid dominant_color.")
    if not re.match("https?://", wish.get("link", "https://")):
        raise refusal(400, 1, "Invalid link.")


def board(id: str) -> tuple[str, dict[str, str]]:
    """Its name and its sections."""
    if id not in BOARDS:
        raise refusal(404, 40, "Board not found.")
    return BOARDS[id]


def ratio(item: dict[str, str]) -> float:
    """Width by height of a picture."""
    if item["content_type"] not in ("image/jpeg", "image/png"):
        raise refusal(400, 1, "Invalid content_type.")
    width, height = Image.open(io.BytesIO(base64.b64decode(item["data"]))).size
    return width / height


def refusal(status: int, code: int, message: str) -> Refusal:
    """A refusal in Pinterest's form."""
    return Refusal(status, {"code": code, "message": message})
