"""What there is on Lemmy in a box, and what it counts."""

from typing import Any

from tidings.simulators.base import Refusal, Simulator

DOMAIN = "lemmy.sim"
PEOPLE = {"demo": 11, "other": 12}
COMMUNITIES = {
    "bread@bakers.example": {"id": 7, "title": "Bread", "posting_restricted_to_mods": False},
    f"news@{DOMAIN}": {"id": 8, "title": "News of this server", "posting_restricted_to_mods": True},
}
LANGUAGES = [{"id": 0, "code": "und", "name": "Undetermined"}, {"id": 37, "code": "en", "name": "English"}]
COUNTED = {"post": ("upvotes", "downvotes", "comments"), "comment": ("upvotes", "downvotes", "child_count")}


def wrong(status: int, error: str) -> Refusal:
    """An error as Lemmy names it."""
    return Refusal(status, {"error": error})


def named(name: str) -> dict[str, Any]:
    """Somebody here; or somebody on another server, who is nobody here."""
    id, host = (PEOPLE[name], DOMAIN) if name in PEOPLE else (sum(name.encode()) + 1000, "elsewhere.sim")
    return {"id": id, "name": name, "display_name": name.title(), "actor_id": f"https://{host}/u/{name}"}


def view(one: Simulator, made: dict[str, Any], flat: bool) -> dict[str, Any]:
    """A post or comment as it is shown; `flat`: as version 1.0 does, with its numbers in it."""
    kind = made["kind"]
    counts = {theirs: one.grown(str(made["id"]), theirs) for theirs in COUNTED[kind]}
    beside: dict[str, Any] = {"creator": named(made["account"])}
    beside |= {} if kind == "post" else {"post": {"id": made["post_id"]}}
    return {kind: made | counts, **beside} if flat else {kind: made, **beside, "counts": counts}
