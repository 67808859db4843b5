"""The five reactions: an error is named by what we then do. A sixth needs a decision record.

Outside the commit nothing irreversible has happened, so there the engine reads Unsure as Later.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tidings.core import clock, scrub
from tidings.core.http import Answer

MOST = 2000  # characters of a reason; no sentence is longer
SOON = 30.0  # seconds until a network that is still working is asked again, when it does not say


class Reaction(Exception):
    """What the engine does next; `reason` is a sentence for the author, without what networks repeat of our secrets."""

    def __init__(self, reason: str) -> None:
        self.reason = scrub.clean(str(reason)[:MOST])
        super().__init__(self.reason)

    def hide(self, secrets: Iterable[str]) -> None:
        """Take these out of the sentence, too."""
        self.reason = scrub.without(self.reason, secrets)
        self.args = (self.reason,)


class Rejected(Reaction):
    """Never, as it is. The author sees the reason."""


class Reconnect(Reaction):
    """Access is gone. The channel is paused until somebody connects it again."""


class Later(Reaction):
    """Nothing was made. Again at `at`, or after the engine's back-off when it is None."""

    def __init__(self, reason: str, at: datetime | None = None) -> None:
        super().__init__(reason)
        self.at = at


class Unsure(Reaction):
    """No clear answer: it may have happened."""


class NotYet(Reaction):
    """Still working; ask again in `seconds`."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


def reaction(kind: type[Reaction], said: str, at: datetime | None) -> Reaction:
    """One of the five, with the network's own sentence; `at`: when they say to come back."""
    if issubclass(kind, Later):
        return kind(said, at)
    if issubclass(kind, NotYet):
        return kind(said, max((at - clock.now()).total_seconds(), 1.0) if at else SOON)
    return kind(said)


def by_status(answer: Answer, said: str, at: datetime | None = None) -> Reaction | None:
    """The default reaction to a status, None when it is a success. `said` is the network's own sentence."""
    status = answer.status
    if status < 300:
        return None
    if status == 401:
        return Reconnect(said or "The network no longer accepts our access.")
    if status == 429:
        return Later(said or "The network asks us to slow down.", at or retry_at(answer))
    if 400 <= status < 500:
        return Rejected(said or f"The network refused this (HTTP {status}).")
    return Unsure(said or f"The network had a fault (HTTP {status}).")


def retry_at(answer: Answer) -> datetime | None:
    """When the network says to come back: Retry-After, or one of the usual rate-limit headers."""
    after = answer.headers.get("retry-after", "")
    if after.isdigit():
        return clock.now() + timedelta(seconds=int(after))
    for name in ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset"):
        if value := answer.headers.get(name, ""):
            return _reset(value)
    return None


# Whose limit, and how the headers that tell of it begin; what ends in "remaining" and "reset" belongs together.
LIMITS = (
    ("channel", "x-ratelimit-"), ("channel", "x-rate-limit-"), ("channel", "ratelimit-"),
    ("channel", "x-user-limit-24hour-"), ("app", "x-app-limit-24hour-"),
)


def shut(answer: Answer) -> dict[str, datetime]:
    """Whose limit is used up by this answer's headers ("channel" or "app"), and until when."""
    ends: dict[str, datetime] = {}
    for whose, name in LIMITS:
        if answer.headers.get(f"{name}remaining", "").strip() == "0":
            until = _reset(answer.headers.get(f"{name}reset", ""))
            ends |= {whose: max(until, ends.get(whose, until))} if until else {}
    return ends


def _reset(value: str) -> datetime | None:
    return _from_reset(int(value)) if value.isdigit() else _from_text(value)


def _from_reset(value: int) -> datetime:
    """A reset is written as seconds from now or as seconds since 1970; the size tells which."""
    now = clock.now()
    return datetime.fromtimestamp(value, now.tzinfo) if value > 1_000_000_000 else now + timedelta(seconds=value)


def _from_text(value: str) -> datetime | None:
    try:
        return clock.from_iso(value.replace("Z", "+00:00"))
    except ValueError:
        return None
