"""Channels' portraits, fetched once and served by ourselves: a page asks no other origin for anything."""

import hashlib
import io
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from django.db import transaction
from django.db.models import F

from tidings import outside
from tidings.channels.models import Channel, Portrait
from tidings.core import http
from tidings.media import portray
from tidings.media.refuse import Refused

AT_ONCE = 20  # channels a round
SECONDS = 20.0

log = structlog.get_logger()


def fetch_due(now: datetime) -> int:
    """Fetch what is new since the last round; how many. One that cannot be had is not asked for again."""
    live = Channel.objects.filter(paused="").exclude(sealed="")
    new = live.exclude(avatar=F("portrait_of")).order_by("connected_at")[:AT_ONCE]
    return sum(fetch(channel) for channel in new)


def fetch(channel: Channel) -> bool:
    """Keep the picture the network names for this channel, small and clean; whether there is one now."""
    picture = _picture(channel.avatar) if channel.avatar else b""
    mark = hashlib.sha256(picture).hexdigest()[:16] if picture else ""
    with transaction.atomic():  # a channel that went meanwhile, or was forgotten, gets none
        same = Channel.objects.filter(pk=channel.pk, avatar=channel.avatar).exclude(sealed="")
        there = same.update(portrait=mark, portrait_of=channel.avatar)
        if there and picture:
            Portrait.objects.update_or_create(channel=channel, defaults={"picture": picture})
    return bool(there and picture)


def _picture(url: str) -> bytes:
    """A small WEBP of what is there, made by the press; nothing when there is no picture."""
    try:
        answer = outside.door()(http.Request("GET", url, "fetch", seconds=SECONDS))
        return portray.small(io.BytesIO(answer.body), len(answer.body)) if answer.status == 200 else b""
    except (http.NoAnswer, Refused, OSError) as reason:
        log.info("no portrait", host=urlsplit(url).hostname, reason=type(reason).__name__)
        return b""
