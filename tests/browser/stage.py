"""Posts in states that take a network's bad day to reach, put into a demo's home: `python -m tests.browser.stage`.

Run with the home and settings of the running demo; prints {text: post id}. Scheduling goes through the verbs, only
the outcome of a try is written by hand. What waits is due in two days and later, what was tried was due before. More
states than deliveries have: `gone` is delivered and deleted over there, `overdue` waits behind a part that is unsure,
`lost` is really out on every one of its channels, but its answer was lost.
"""

import json
import os
import re
import sys
import time
from datetime import datetime, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tidings.framework"
django.setup()

from tidings.analytics.keep import keep_posts, keep_profile  # noqa: E402
from tidings.analytics.models import Meter, Standing  # noqa: E402
from tidings.analytics.take_up import meter_of, take_up  # noqa: E402
from tidings.channels.models import Channel  # noqa: E402 -- models want Django awake
from tidings.core import clock  # noqa: E402
from tidings.deliveries.models import Attempt, Delivery  # noqa: E402
from tidings.deliveries.schedule import publish_now, schedule  # noqa: E402
from tidings.inbox.gather import listen  # noqa: E402
from tidings.inbox.handle import assign, done, note  # noqa: E402
from tidings.inbox.models import Conversation, Listener, Message  # noqa: E402
from tidings.networks.metrics import Reading  # noqa: E402
from tidings.posts.compose import compose  # noqa: E402
from tidings.posts.draft import Draft, ItemDraft  # noqa: E402
from tidings.posts.models import Post  # noqa: E402
from tidings.workspaces.models import Member  # noqa: E402

PATIENCE = 60  # seconds until the demo has published
SAID = {
    "unsure": "The connection broke while the network was answering.",
    "failed": "The network says: this text was posted already.",
    "held": "The channel has lost its access.",
    "delivered": "",
    "gone": "",
}


def main(wishes: list[str]) -> None:
    """Each wish: text=state,state,… – one state per channel of the demo; or the id of a post, and its new state."""
    member = Member.objects.select_related("workspace", "user").get()
    _read_no_more()
    made = {}
    for place, wish in enumerate(wishes):
        text, _, states = wish.partition("=")
        if re.fullmatch(r"[0-9a-f-]{36}", text):
            Delivery.objects.filter(post=text).update(state=states)
            continue
        made[text] = str(_staged(member, text, states.split(","), place).pk)
    if any("delivered" in wish for wish in wishes):
        _numbered(clock.now())
        made["conversation"] = str(_talked(member).pk)
    sys.stdout.write(json.dumps(made))


def _staged(member: Member, text: str, states: list[str], place: int) -> Post:
    channels = list(Channel.objects.filter(workspace=member.workspace).order_by("network")[: len(states)])
    parts = (ItemDraft(text), ItemDraft("The part behind it.")) if "overdue" in states else (ItemDraft(text),)
    post = compose(member, Draft(tuple(channel.id for channel in channels), parts, None))
    away = timedelta(days=2 + place)
    if "lost" in states:
        return _lost(member, post)
    when = (clock.now() + away).replace(hour=8 + place % 10, minute=15 * (place % 4), second=0, microsecond=0)
    schedule(member, post, when)
    for channel, state in zip(channels, states, strict=True):
        if state != "waiting":
            first = post.deliveries.get(item__position=0, channel=channel)
            post.deliveries.filter(after=first).update(due_at=when - 2 * away, again_at=when - 2 * away)
            _tried(first, "unsure" if state == "overdue" else state, when - 2 * away)
    return post


def _read_no_more() -> None:
    """What is put here is at no network: asked for its numbers or comments, they would say that it is gone."""
    listen(clock.now())
    Listener.objects.update(wanted=False)
    for channel in Channel.objects.all():
        Meter.objects.filter(pk=meter_of(channel).pk).update(wanted=False, taken_up_at=None)


def _numbered(now: datetime) -> None:
    """Numbers of what went out, and of followers, as if they had been read."""
    take_up(now)
    for meter in Meter.objects.select_related("channel"):
        declared = [metric.theirs for metric in meter.channel.speaks.metrics]
        for n, standing in enumerate(Standing.objects.filter(channel=meter.channel_id)):
            for step in (1, 6, 24):
                numbers = {theirs: step * (n + k + 1) for k, theirs in enumerate(declared)}
                keep_posts(meter, {standing.pk: numbers}, [standing], standing.out_at + timedelta(hours=step))
            Standing.objects.filter(pk=standing.pk).update(next_at=None)
        for days in range(20):
            totals = [Reading(one.theirs, 500 - 3 * days) for one in meter.channel.speaks.crowd if one.per == "total"]
            keep_profile(meter, totals, now - timedelta(days=days))


def _talked(member: Member) -> Conversation:
    """A long conversation that somebody looks after, with a note and what we said over there; a new one; one done."""
    post = Delivery.objects.filter(workspace=member.workspace, state="delivered", gone_at=None).earliest("due_at")
    found = [_heard(post, said) for said in ("Do you open on Sundays?", "What a fine boat", "Where is that? " * 30)]
    for n, ours in enumerate((False, True)):
        _said(found[0], f"More of this, {n} " * 20, found[0].top, ours)
    note(member, found[0], "They ask this every week.")
    assign(member, found[0], member)
    done(member, found[1], True)
    return found[0]


def _heard(post: Delivery, said: str) -> Conversation:
    found = Conversation.objects.create(
        workspace=post.workspace, channel=post.channel, delivery=post, top=f"top of {said[:9]}", kind="comment",
        last_at=clock.now(),
    )
    _said(found, said)
    return found


def _said(found: Conversation, said: str, above: str = "", ours: bool = False) -> None:
    id = f"below {said[:20]}" if above else found.top
    Message.objects.create(
        conversation=found, channel=found.channel, remote_id=id, reply_to=above, author="@somebody@elsewhere.example",
        name="" if above else "Somebody", text=said, at=clock.now(), ours=ours,
        receipt={"id": id, "url": "https://example.org/2", "extra": {}},
    )


def _lost(member: Member, post: Post) -> Post:
    publish_now(member, post)
    until = time.monotonic() + PATIENCE
    while post.deliveries.exclude(state="delivered").exists():
        assert time.monotonic() < until, list(post.deliveries.values("state", "reason"))
        time.sleep(0.2)
    for delivery in post.deliveries.all():
        mark = {name: value for name, value in delivery.journal["commit"].items() if name != "result"}
        Delivery.objects.filter(pk=delivery.pk).update(
            state="unsure", reason=SAID["unsure"], receipt=None, delivered_at=None, look_at=None,
            journal=delivery.journal | {"commit": mark},
        )
    return post


def _tried(delivery: Delivery, state: str, when: datetime) -> None:
    reason, gone = SAID.get(state, ""), state == "gone"
    state = "delivered" if gone else state
    if state != "held":
        Attempt.objects.create(delivery=delivery, started_at=when, ended_at=when, outcome=state, reason=reason)
    receipt = {"id": "1", "url": "https://example.org/1", "extra": {}} if state == "delivered" else None
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, reason=reason, tries=1, receipt=receipt, delivered_at=when if receipt else None,
        due_at=when, again_at=when, look_at=None, seen_at=when if gone else None, gone_at=clock.now() if gone else None,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
