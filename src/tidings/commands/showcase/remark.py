"""What others wrote under the posts of the full demo: said at the simulators, gathered as ever, and some of it
answered, given to somebody, noted, done."""

import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tidings import networks
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.inbox import handle
from tidings.inbox.answer import answer
from tidings.inbox.gather import gather_due, listen
from tidings.inbox.models import Listener, Message
from tidings.posts import snippets
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member

REMARKS = Path(__file__).with_name("remarks.toml")
REPLIES = {
    "Opening hours": "We are open from six to five, on Sundays from eight to noon.",
    "Thank you": "Thank you! That makes the night shift very happy.",
    "Allergens": "You find everything that is in it on our list of ingredients, at the counter and on our page.",
}
PATIENCE, LOOK = 20.0, 0.25  # seconds; the worker gathers, too, and may have been first
SOON = timedelta(minutes=10)  # after a post at the earliest


@dataclass(frozen=True)
class Said:
    """One remark as the file says it."""

    on: str
    post: int
    hours: int
    who: str
    text: str
    below: bool = False
    then: tuple[str, ...] = ()
    answer: str = ""
    note: str = ""


def remark(member: Member, channels: Mapping[str, Channel], town: Mapping[str, Simulator]) -> None:
    """Let them write, where the network gives us what they write; then do something about it."""
    for name, text in REPLIES.items():
        snippets.make(member, snippets.Said("reply", name, text))
    written = dict(_written(channels, town))
    _gather(member, len(written))
    for message in Message.objects.filter(remote_id__in=written).select_related("conversation__delivery", "channel"):
        _handle(member, message, written[message.remote_id])


def _written(channels: Mapping[str, Channel], town: Mapping[str, Simulator]) -> Iterator[tuple[str, Said]]:
    """Each remark with the id that its network gave it."""
    above = ""
    for row in tomllib.loads(REMARKS.read_text())["remark"]:
        said = Said(**row)
        channel = channels[said.on]
        out = Delivery.objects.filter(channel=channel, state="delivered", gone_at=None, receipt__isnull=False)
        post = out.order_by("-delivered_at")[said.post : said.post + 1].first()
        if post and networks.get(channel.network).has("inbox"):
            above = _write(post, town[channel.network], said, above if said.below else "")
            yield above, said


def _write(post: Delivery, simulator: Simulator, said: Said, above: str) -> str:
    now = clock.now()
    at = min(max(now - timedelta(hours=said.hours), (post.delivered_at or now) + SOON), now)
    with clock.use(lambda: at):
        return simulator.remark(said.text, str((post.receipt or {})["id"]), above, said.who)


def _gather(member: Member, most: int) -> None:
    """As the worker does it; what it looked at before anybody wrote is looked at anew."""
    listen(clock.now())
    ours = Listener.objects.filter(workspace=member.workspace)
    ours.update(heard_at=None, again_at=clock.now())
    until = time.monotonic() + PATIENCE
    while Message.objects.filter(channel__workspace=member.workspace).count() < most and time.monotonic() < until:
        gather_due(clock.now())
        time.sleep(LOOK)


def _handle(member: Member, message: Message, said: Said) -> None:
    conversation = message.conversation
    if "answered" in said.then:
        answer(member, message, said.answer)
    if "mine" in said.then:
        handle.assign(member, conversation, member)
    if "noted" in said.then:
        handle.note(member, conversation, said.note)
    if "done" in said.then:
        handle.done(member, conversation, True)
    if said.then:
        handle.see(conversation)
