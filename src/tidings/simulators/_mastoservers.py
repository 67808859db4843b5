"""The relatives of Mastodon as the simulator plays them: how each behaves, and what each says of itself."""

from typing import Any

MOODS: dict[str, dict[str, Any]] = {
    "that ignores keys": {"keeps_keys": False, "software": "takahe"},
    "that fails on a replay": {"replay_fails": True},
    "that works on media": {"works_for": 2},
    "that is Pixelfed": {"software": "pixelfed", "keeps_keys": False},
    "that is GoToSocial": {"software": "gotosocial", "longest": 5000},
    "that is Pleroma": {"software": "pleroma", "longest": 5000, "busy_for": 1},
}
TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "video/webm"]


def instance(version: str, software: str, longest: int) -> dict[str, Any] | None:
    """What a server answers for this version of the question; None: it does not know it."""
    return _old(longest) if (version, software) == ("v1", "pleroma") else _new(version, software, longest)


def _old(longest: int) -> dict[str, Any]:
    return {
        "uri": "https://mastodon.sim", "version": "2.7.2 (compatible; Pleroma 2.5.5)", "max_toot_chars": longest,
        "upload_limit": 16_000_000, "poll_limits": {"max_options": 20, "max_option_chars": 200},
    }


def _new(version: str, software: str, longest: int) -> dict[str, Any] | None:
    if version != "v2" or software == "pleroma":
        return None
    media = {"supported_mime_types": TYPES, "image_size_limit": 16_777_216, "video_size_limit": 103_809_024}
    polls = {"max_options": 6 if software == "gotosocial" else 4, "max_characters_per_option": 50}
    return {
        "domain": "mastodon.sim", "version": "4.7.0",
        "configuration": {
            "statuses": {"max_characters": longest, "max_media_attachments": 4}, "media_attachments": media,
            "polls": polls,
        },
    }
