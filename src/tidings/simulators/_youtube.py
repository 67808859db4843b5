"""What YouTube in a box knows, and what it says to films and comments that it does not take."""

from typing import Any

from tidings.simulators._google import problem

CATEGORIES = {"10": ("Music", True), "22": ("People & Blogs", True), "27": ("Education", True), "30": ("Movies", False)}
PLAYLISTS = {"PL1": "Walks", "PL2": "Talks"}
PRIVACY = ("public", "unlisted", "private")
SNIPPET = {"title", "description", "tags", "categoryId", "defaultLanguage"}
STATUS = {
    "privacyStatus", "selfDeclaredMadeForKids", "containsSyntheticMedia", "license", "embeddable",
    "publicStatsViewable", "publishAt",
}
LARGEST = 274_877_906_944


def check(snippet: dict[str, Any], status: dict[str, Any]) -> None:
    """Refuses what YouTube refuses before anything is made."""
    title, said = snippet.get("title", ""), snippet.get("description", "")
    if set(snippet) - SNIPPET or set(status) - STATUS:
        raise invalid("badRequest", "The request has a field that is not known.")
    if not 1 <= len(title) <= 100 or set(title) & set("<>"):
        raise invalid("invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(said.encode()) > 5000 or set(said) & set("<>"):
        raise invalid("invalidDescription", "The request metadata specifies an invalid video description.")
    tags = snippet.get("tags", [])
    if len(",".join(f'"{tag}"' if " " in tag else tag for tag in tags)) > 500:
        raise invalid("invalidTags", "The request metadata specifies invalid video keywords.")
    if not CATEGORIES.get(snippet.get("categoryId", "22"), ("", False))[1]:
        raise invalid("invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")
    if status.get("privacyStatus") not in PRIVACY:
        raise invalid("badRequest", "Invalid privacyStatus.")


def invalid(reason: str, message: str) -> Exception:
    """A refusal of what was sent."""
    return problem(400, "INVALID_ARGUMENT", message, reason)


def closed(reason: str, message: str) -> Exception:
    """A refusal of who sent it."""
    return problem(403, "PERMISSION_DENIED", message, reason)


def missing(what: str) -> Exception:
    """Something that is not there."""
    return problem(404, "NOT_FOUND", f"The {what} that you requested cannot be found.", f"{what}NotFound")


def listed(kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """A list as YouTube gives it; an empty one of channels has no items at all."""
    told: dict[str, Any] = {"kind": f"youtube#{kind}ListResponse", "pageInfo": {"totalResults": len(items)}}
    return told | ({"items": items} if items or kind != "channel" else {})
