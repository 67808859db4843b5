"""What a person sees of a post: one word out of its editorial stage and its deliveries' states."""

from collections.abc import Iterable
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

Face = Literal[
    "draft",
    "review",
    "approved",
    "scheduled",
    "publishing",
    "published",
    "partly",
    "unsure",
    "failed",
    "held",
    "cancelled",
]

LABELS = {
    "draft": _("Draft"),
    "review": _("In review"),
    "approved": _("Approved"),
    "scheduled": _("Scheduled"),
    "publishing": _("Publishing"),
    "published": _("Published"),
    "partly": _("Partly published"),
    "unsure": _("Unsure"),
    "failed": _("Failed"),
    "held": _("Held back"),
    "cancelled": _("Cancelled"),
}
STATE_LABELS = {
    "waiting": _("Scheduled"),
    "sending": _("Publishing"),
    "settling": _("Publishing"),
    "delivered": _("Published"),
    "failed": _("Failed"),
    "unsure": _("Unsure"),
    "held": _("Held back"),
    "cancelled": _("Cancelled"),
}
STATE_MEANS = {
    "waiting": _("It goes out at its time."),
    "sending": _("It is being sent just now."),
    "settling": _("It is on its way: the network still works on it, or has not said yet whether it is out."),
    "delivered": _("It is out."),
    "failed": _("It did not go out. Mend what the reason says, then send it again."),
    "unsure": _("It may be out, or not: the network did not answer clearly. Only somebody who looks can say."),
    "held": _("It was too late to go out by itself. Say whether it still should."),
    "cancelled": _("It is not sent."),
}


class Staged(Protocol):
    """A post, as far as its face goes."""

    stage: str


class Stated(Protocol):
    """A delivery, as far as its post's face goes."""

    state: str


def face(post: Staged, deliveries: Iterable[Stated]) -> Face:
    """The word for the calendar; what needs a person most is said first."""
    return word(post.stage, {delivery.state for delivery in deliveries})


def word(stage: str, states: set[str]) -> Face:
    """The same, of a stage and the states by themselves."""
    live = states - {"cancelled"}
    if not live:
        return _without_deliveries(stage, bool(states))
    if "unsure" in live:
        return "unsure"
    if live & {"sending", "settling"}:
        return "publishing"
    if live == {"delivered"}:
        return "published"
    if "delivered" in live:
        return "partly"
    if "failed" in live:
        return "failed"
    return "held" if "held" in live else "scheduled"


def _without_deliveries(stage: str, cancelled: bool) -> Face:
    if stage == "approved":
        return "cancelled" if cancelled else "approved"
    return "review" if stage == "review" else "draft"
