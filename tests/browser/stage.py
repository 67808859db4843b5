"""Posts in states that take a network's bad day to reach, put into a demo's home: `python -m tests.browser.stage`.

Run with the home and settings of the running demo; prints {name: post id}. Scheduling goes through the verbs, only
the outcome of a try is written by hand.
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
    """Each wish: name=state,state,… – one state per channel of the demo."""
    member = Member.objects.select_related("workspace", "user").get()
    made = {}
    for place, wish in enumerate(wishes):
        name, _, states = wish.partition("=")
        made[name] = str(_staged(member, name, states.split(","), clock.now() + timedelta(days=2 + place)).pk)
    sys.stdout.write(json.dumps(made))


def _staged(member: Member, name: str, states: list[str], when: datetime) -> Post:
    channels = list(Channel.objects.filter(workspace=member.workspace).order_by("network")[: len(states)])
    words = f"This one is {name}: a harbour, a boat, and the long way home."
    post = compose(member, Draft(tuple(channel.id for channel in channels), (ItemDraft(words),), None))
    schedule(member, post, when)
    for channel, state in zip(channels, states, strict=True):
        if state != "waiting":
            _tried(Delivery.objects.get(post=post, channel=channel), state)
    return post


def _tried(delivery: Delivery, state: str) -> None:
    now, reason = clock.now(), SAID.get(state, "")
    if state != "held":
        Attempt.objects.create(delivery=delivery, started_at=now, ended_at=now, outcome=state, reason=reason)
    receipt = {"id": "1", "url": "https://example.org/1", "extra": {}} if state == "delivered" else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, reason=reason, tries=1, receipt=receipt, delivered_at=now if receipt else None,
        due_at=now - (delivery.due_at - now),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
