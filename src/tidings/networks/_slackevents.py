"""What Slack tells an app unasked, signed with the app's signing secret: https://docs.slack.dev/apis/events-api/

https://docs.slack.dev/authentication/verifying-requests-from-slack says how it is signed. An app has one bot in a Slack
workspace, and only the bot's token is kept here: the end of people's own tokens means nothing to us.
https://docs.slack.dev/reference/events/app_uninstalled, https://docs.slack.dev/reference/events/tokens_revoked
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tidings.networks import _signed
from tidings.networks.declare import Field
from tidings.networks.seam import App, Heard, Notice

LIVES = timedelta(minutes=5)
SECRET = Field(
    "signing_secret", "Signing secret", "From Basic Information. It proves that Slack says so when the app is removed.",
    secret=True, optional=True,
)  # fmt: skip


def heard(notice: Notice, app: App) -> Heard | None:
    """What it says, when it is proven. A repetition tells of the same moment as the first."""
    stamp = notice.headers.get("x-slack-request-timestamp", "")
    signature = _signed.unhexed(notice.headers.get("x-slack-signature", "").removeprefix("v0="))
    at = _signed.instant(stamp)
    proven = _signed.same(app.more.get(SECRET.name, ""), f"v0:{stamp}:".encode() + notice.body, signature)
    if not proven or not _signed.fresh(at, LIVES):
        return None
    said = _signed.mapping(notice.body)
    if said.get("type") == "url_verification":
        return Heard((), at, reply=str(said.get("challenge", "")))
    people = (str(said["team_id"]),) if _over(said) else ()
    return Heard(people, _signed.instant(said.get("event_time")), written=tuple(_written(said)))


def _written(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The thread in which a person said something: https://docs.slack.dev/reference/events/message"""
    event = _signed.inside(said, "event")
    below, inside = str(event.get("thread_ts") or ""), str(event.get("channel") or "")
    if event.get("type") == "message" and below not in ("", event.get("ts")) and not event.get("bot_id"):
        yield inside, below


def _over(said: Mapping[str, Any]) -> bool:
    """Whether the bot of this Slack workspace has no access any more."""
    kind = _signed.inside(said, "event").get("type")
    bots = _signed.inside(said, "event", "tokens").get("bot")
    gone = kind == "app_uninstalled" or (kind == "tokens_revoked" and bots)
    return bool(said.get("type") == "event_callback" and said.get("team_id") and gone)
