"""One channel as JSON: how it is, its times of the week, its group; pause, resume, disconnect and delete it."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from tidings.api.access import entered, of_workspace
from tidings.channels.disconnect import disconnect
from tidings.channels.groups import set_group
from tidings.channels.models import Channel
from tidings.channels.pause import NotSo, pause
from tidings.channels.slots import MOST, NoSuchTime, set_slots, set_zone, zone_of
from tidings.deliveries.health import Health, Out, healths
from tidings.deliveries.leave import leave
from tidings.deliveries.readback import observe
from tidings.deliveries.resume import resume
from tidings.privacy.erase import STANDS_STILL, pending
from tidings.speech import translated
from tidings.workspaces.models import Member

router = Router(tags=["channels"])
PLACE = "/workspaces/{slug}/channels"


class OutShape(Schema):
    """A delivery that is named: its post, when, and where it is at the network or why it is not."""

    post: UUID
    at: datetime
    url: str
    reason: str


class HealthOut(Schema):
    """How a channel is. `condition`: live, ending, ended, paused, stopped, disconnected. `ends`: of an access that does
    not renew itself; `outlived`: posts due after that; `used` of `cap` posts in the last 24 hours (null: no cap)."""

    id: UUID
    network: str
    handle: str
    name: str
    group: str
    condition: str
    reason: str
    renews: bool
    ends: datetime | None
    queued: int
    outlived: int
    used: int
    cap: int | None
    last: OutShape | None
    next: OutShape | None
    wrong: OutShape | None


class SlotIn(Schema):
    """A time of the week: 0 Monday … 6 Sunday, as the channel's clocks show it."""

    weekday: int = Field(ge=0, le=6)
    at: time


class SlotsIn(Schema):
    """All times of a channel. `zone`: an IANA name, empty for the workspace's; null leaves it as it is."""

    slots: list[SlotIn] = Field(max_length=MOST)
    zone: str | None = None


class SlotOut(Schema):
    """A time of the week, as 24 hours and minutes."""

    weekday: int
    at: str


class SlotsOut(Schema):
    """The times of a channel, and the zone whose clocks are meant."""

    slots: list[SlotOut]
    zone: str


class GroupIn(Schema):
    """Channels, and the group they are to be in; empty: none."""

    channels: list[UUID] = Field(max_length=500)
    group: str = Field(max_length=60)


class GroupedOut(Schema):
    """How many there are in it now."""

    channels: int


class ObservedIn(Schema):
    """Whether to look what becomes of its posts."""

    observed: bool


class EndedOut(Schema):
    """What a person must still do at the network; empty: nothing."""

    advice: str


def _channel(member: Member, id: UUID) -> Channel:
    return of_workspace(Channel.objects.select_related("workspace"), member, id)


def _health(channel: Channel) -> HealthOut:
    (found,) = healths(Channel.objects.filter(pk=channel.pk))
    return health_out(found)


def health_out(found: Health) -> HealthOut:
    """A channel's health for an answer."""
    channel = found.channel
    return HealthOut(
        id=channel.id, network=channel.network, handle=channel.handle, name=channel.name, group=channel.group,
        condition=found.condition, reason=translated(channel.paused), renews=found.renews, ends=found.ends,
        queued=found.queued,
        outlived=found.outlived, used=found.used, cap=found.cap, last=_out(found.last), next=_out(found.next),
        wrong=_out(found.wrong),
    )  # fmt: skip


def _out(named: Out | None) -> OutShape | None:
    return OutShape(post=named.post, at=named.at, url=named.url, reason=translated(named.reason)) if named else None


def _slots(channel: Channel) -> SlotsOut:
    slots = [SlotOut(weekday=slot.weekday, at=f"{slot.at:%H:%M}") for slot in channel.slots.all()]
    return SlotsOut(slots=slots, zone=zone_of(channel).key)


@router.get(f"{PLACE}/health", response=list[HealthOut], operation_id="list_health")
def list_health(request: HttpRequest, slug: str) -> Any:
    """How every channel is."""
    member = entered(request, slug, "read")
    return [health_out(found) for found in healths(Channel.objects.filter(workspace=member.workspace))]


@router.post(f"{PLACE}/group", response=GroupedOut, operation_id="group_channels")
def group(request: HttpRequest, slug: str, body: GroupIn) -> Any:
    """Put channels into a group."""
    return GroupedOut(channels=set_group(entered(request, slug, "connect"), body.channels, body.group))


@router.get(f"{PLACE}/{{id}}", response=HealthOut, operation_id="get_channel")
def get_channel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """How one channel is."""
    return _health(_channel(entered(request, slug, "read"), id))


@router.delete(f"{PLACE}/{{id}}", response=EndedOut, operation_id="delete_channel")
def delete_channel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Delete it with its history, and end its access."""
    member = entered(request, slug, "connect")
    return EndedOut(advice=leave(member, _channel(member, id)))


@router.get(f"{PLACE}/{{id}}/slots", response=SlotsOut, operation_id="get_slots")
def get_slots(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Its times of the week."""
    return _slots(_channel(entered(request, slug, "read"), id))


@router.put(f"{PLACE}/{{id}}/slots", response=SlotsOut, operation_id="set_slots")
def put_slots(request: HttpRequest, slug: str, id: UUID, body: SlotsIn) -> Any:
    """These times and no others."""
    member = entered(request, slug, "connect")
    channel = _channel(member, id)
    try:
        if body.zone is not None and body.zone != channel.zone:
            set_zone(member, channel, body.zone)
        set_slots(member, channel, [(slot.weekday, slot.at) for slot in body.slots])
    except NoSuchTime as wrong:
        raise HttpError(422, str(wrong)) from wrong
    return _slots(channel)


@router.post(f"{PLACE}/{{id}}/pause", response=HealthOut, operation_id="pause_channel")
def pause_channel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Nothing is sent there until it is resumed; 409 when it stands still already."""
    member = entered(request, slug, "connect")
    channel = _channel(member, id)
    try:
        pause(member, channel)
    except NotSo as not_so:
        raise HttpError(409, str(not_so)) from not_so
    return _health(channel)


@router.post(f"{PLACE}/{{id}}/resume", response=HealthOut, operation_id="resume_channel")
def resume_channel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Go on; 409 when no member paused it."""
    member = entered(request, slug, "connect")
    channel = _channel(member, id)
    if pending("workspace", member.workspace_id):
        raise HttpError(409, _(STANDS_STILL))
    try:
        resume(member, channel)
    except NotSo as not_so:
        raise HttpError(409, str(not_so)) from not_so
    return _health(channel)


@router.post(f"{PLACE}/{{id}}/observe", response=HealthOut, operation_id="observe_channel")
def observe_channel(request: HttpRequest, slug: str, id: UUID, body: ObservedIn) -> Any:
    """Whether to look what becomes of its posts after they went out."""
    member = entered(request, slug, "connect")
    channel = _channel(member, id)
    observe(member, channel, body.observed)
    return _health(channel)


@router.post(f"{PLACE}/{{id}}/disconnect", response=EndedOut, operation_id="disconnect_channel")
def disconnect_channel(request: HttpRequest, slug: str, id: UUID) -> Any:
    """Forget its access; its history stays, and what is scheduled waits."""
    member = entered(request, slug, "connect")
    return EndedOut(advice=disconnect(member, _channel(member, id)))
