"""The subreddits of Reddit in a box, and what they and Reddit refuse, in codes and words."""

import re
from collections.abc import Mapping
from typing import Any

NAMES: dict[str, list[tuple[str, str]]] = {  # and the flairs that one of them wants
    "test": [], "gardening": [], "Bread": [("f1", "Recipe"), ("f2", "Question")],
}
WANT_URL = ("link", "image", "video", "videogif")
FILMS = ("video", "videogif")


def refused(wish: Mapping[str, Any], media: Mapping[str, Mapping[str, Any]]) -> tuple[str, str] | None:
    """The first thing that is wrong with a post."""
    kind, title, text, flairs = wish.get("kind", ""), wish.get("title", ""), wish.get("text", ""), NAMES.get(wish["sr"])
    unstored = [id for id in _used(wish) if not media.get(id, {}).get("stored")]
    wrong = (
        ("SUBREDDIT_NOEXIST", "Hmm, that community doesn't exist.", flairs is None),
        ("NO_TEXT", "we need something here", not title),
        ("TOO_LONG", "this is too long (max: 300)", len(title) > 300),
        ("TOO_LONG", "this is too long (max: 40000)", len(text) > 40_000),
        ("BAD_URL", "you should check that url", kind in WANT_URL and not re.match("https?://", wish.get("url", ""))),
        ("NO_VIDEOS", "a poster is missing", kind in FILMS and not wish.get("video_poster_url")),
        ("BAD_GALLERY", "a gallery has 2 to 20 items", not 2 <= len(wish.get("items", "ab")) <= 20),
        ("BAD_POLL", "a poll has 2 to 6 options", not 2 <= len(wish.get("options", "ab")) <= 6),
        ("BAD_POLL", "a poll lasts 1 to 7 days", not 1 <= wish.get("duration", 1) <= 7),
        ("MISSING_MEDIA", "your media is not there", bool(unstored)),
        ("SUBMIT_VALIDATION_FLAIR_REQUIRED", "Your post must contain post flair.",
         bool(flairs) and wish.get("flair_id") not in dict(flairs or ())),
    )
    return next(((code, said) for code, said, is_so in wrong if is_so), None)


def _used(wish: Mapping[str, Any]) -> list[str]:
    """The uploads that a post names."""
    urls = [str(wish.get(name, "")) for name in ("url", "video_poster_url")]
    stored = [found[1] for url in urls if (found := re.search(r"/store/(\d+)/", url))]
    return stored + [item["media_id"] for item in wish.get("items", ())]
