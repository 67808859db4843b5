"""What is wrong with a draft, and how each channel will say it. Nothing is sent anywhere for this."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from tidings.api.access import entered
from tidings.api.schemas import DraftIn
from tidings.channels.models import Channel
from tidings.deliveries.describe import MediaUseShape
from tidings.media.models import Media
from tidings.networks.base import Outgoing
from tidings.networks.check import Problem, count
from tidings.posts.draft import MediaUse, tidy
from tidings.posts.outgoing import Found, found_in, of_draft, said_in
from tidings.speech import translated

router = Router(tags=["posts"])


class CountOut(Schema):
    """The counter that stands closest to its limit."""

    used: int
    limit: int
    unit: str


class ProblemOut(Schema):
    """One thing wrong: where (text, media, media-2, an option's name), and a sentence. `ratio`: cut to this width by
    height, the picture is taken; 0: that is not it."""

    where: str
    message: str
    level: str
    ratio: float


class SaidOut(Schema):
    """One part of the thread as one channel will say it."""

    position: int
    count: CountOut
    problems: list[ProblemOut]
    text: str
    media: list[MediaUseShape]
    options: dict[str, Any]


class ChannelCheck(Schema):
    """Everything one channel will say."""

    channel: UUID
    items: list[SaidOut]


class CheckOut(Schema):
    """The whole draft, channel by channel."""

    channels: list[ChannelCheck]


@router.post("/workspaces/{slug}/posts/check", response=CheckOut, operation_id="check_post")
def check_post(request: HttpRequest, slug: str, body: DraftIn) -> Any:
    """What the networks would refuse, from their declarations alone."""
    member = entered(request, slug, "read")
    draft = tidy(body.draft())
    channels = Channel.objects.filter(workspace=member.workspace).in_bulk(draft.channels)
    library = Media.objects.filter(workspace=member.workspace).in_bulk(draft.media_ids())
    sayings = list(of_draft(draft, [channels[id] for id in draft.channels if id in channels], library))
    found = found_in(sayings, draft.wish_at)
    checked: dict[UUID, ChannelCheck] = {}
    for channel, said in sayings:
        row = checked.setdefault(channel.id, ChannelCheck(channel=channel.id, items=[]))
        uses = said_in(draft.items[said.position], channel).media
        row.items.append(_said(channel, said, found, [use for use in uses if use.id in library]))
    return CheckOut(channels=list(checked.values()))


def _problem(one: Problem) -> ProblemOut:
    return ProblemOut(where=one.where, message=translated(one.message), level=one.level, ratio=one.ratio)


def _said(channel: Channel, said: Outgoing, found: list[Found], uses: list[MediaUse]) -> SaidOut:
    length = count(channel.speaks.limits_for(channel.server, said), said.text)
    return SaidOut(
        position=said.position,
        count=CountOut(used=length.used, limit=length.limit, unit=translated(length.unit)),
        problems=[
            _problem(f.problem) for f in found if f.channel.id == channel.id and f.position == said.position
        ],
        text=said.text,
        media=[MediaUseShape(id=use.id, alt=use.alt, crop=use.crop) for use in uses],
        options=dict(said.options),
    )
