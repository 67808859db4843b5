"""Posts in states that take a network's bad day to reach, put into a demo's home: `python -m tests.browser.stage`.

Run with the home and settings of the running demo; prints {text: post id}. Scheduling goes through the verbs, only
the outcome of a try is written by hand. What waits is due in two days and later, what was tried was due before.
"""

import json
import os
import sys
from datetime import datetime, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
django.setup()

from tidings.channels.models import Channel  # noqa: E402 -- models want Django awake
from tidings.core import clock  # noqa: E402
from tidings.deliveries.models import Attempt, Delivery  # noqa: E402
from tidings.deliveries.schedule import schedule  # noqa: E402
from tidings.posts.compose import compose  # noqa: E402
from tidings.posts.draft import Draft, ItemDraft  # noqa: E402
from tidings.posts.models import Post  # noqa: E402
from tidings.workspaces.models import Member  # noqa: E402

SAID = {
    "unsure": "The connection broke while the network was answering.",
    "failed": "The network says: this text was posted already.",
    "held": "The channel has lost its access.",
    "delivered": "",
}


def main(wishes: list[str]) -> None:
    """Each wish: text=state,state,… – one state per channel of the demo."""
    member = Member.objects.select_related("workspace", "user").get()
    made = {}
    for place, wish in enumerate(wishes):
        text, _, states = wish.partition("=")
        made[text] = str(_staged(member, text, states.split(","), place).pk)
    sys.stdout.write(json.dumps(made))


def _staged(member: Member, text: str, states: list[str], place: int) -> Post:
    channels = list(Channel.objects.filter(workspace=member.workspace).order_by("network")[: len(states)])
    post = compose(member, Draft(tuple(channel.id for channel in channels), (ItemDraft(text),), None))
    away = timedelta(days=2 + place)
    when = (clock.now() + away).replace(hour=8 + place % 10, minute=15 * (place % 4), second=0, microsecond=0)
    schedule(member, post, when)
    for channel, state in zip(channels, states, strict=True):
        if state != "waiting":
            _tried(Delivery.objects.get(post=post, channel=channel), state, when - 2 * away)
    return post


def _tried(delivery: Delivery, state: str, when: datetime) -> None:
    reason = SAID.get(state, "")
    if state != "held":
        Attempt.objects.create(delivery=delivery, started_at=when, ended_at=when, outcome=state, reason=reason)
    receipt = {"id": "1", "url": "https://example.org/1", "extra": {}} if state == "delivered" else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, reason=reason, tries=1, receipt=receipt, delivered_at=when if receipt else None,
        due_at=when, again_at=when,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
