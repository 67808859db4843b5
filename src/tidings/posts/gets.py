"""What each channel's network gets of a picture or film: from the aims and checks that sending goes by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tidings.channels.models import Channel
from tidings.media.fit import Aim, aim
from tidings.media.models import Media, Rendition
from tidings.networks.base import Limits, Outgoing
from tidings.networks.check import check
from tidings.posts.draft import MediaUse
from tidings.posts.outgoing import Said, shape
from tidings.speech import translated

Verdict = Literal["as it is", "made", "will be made", "not taken"]


@dataclass(frozen=True)
class Gets:
    """What channels of one network get. `aim` and `copy`: of what is made for it; `why`: it is not taken."""

    channels: tuple[Channel, ...]
    verdict: Verdict
    aim: Aim | None = None
    copy: Rendition | None = None
    why: str = ""


def gets(media: Media, channels: Iterable[Channel]) -> list[Gets]:
    """A line for each network, or for each of its servers that differ; in the order of the channels."""
    made = {copy.fits: copy for copy in media.renditions.all()}
    found: dict[tuple[str, Verdict, Aim | None, str], list[Channel]] = {}
    for channel in channels:
        wanted, why = _asked(media, channel)
        found.setdefault((channel.network, _verdict(wanted, why, made), wanted, why), []).append(channel)
    return [
        Gets(tuple(alike), verdict, wanted, made.get(wanted.name) if wanted else None, why)
        for (_network, verdict, wanted, why), alike in found.items()
    ]


def _asked(media: Media, channel: Channel) -> tuple[Aim | None, str]:
    """What is made of it for this channel, and why it is not taken."""
    out = shape(Said("", (MediaUse(media.id, media.alt),)), channel, {media.id: media})
    limits = channel.speaks.limits_for(channel.server, out)
    why = next(_objections(media, channel, limits, out), "")
    return (None if why else aim(media, limits)), why


def _objections(media: Media, channel: Channel, limits: Limits, out: Outgoing) -> Iterator[str]:
    """Why it cannot go there, whatever else the post has."""
    most = {"picture": limits.pictures, "animation": limits.animations, "film": limits.films}
    taken = bool(most.get(media.kind))
    for problem in check(channel.speaks, out, channel.server):
        if problem.level == "error" and (problem.where == "media-0" or (problem.where == "media" and not taken)):
            yield translated(problem.message)


def _verdict(wanted: Aim | None, why: str, made: dict[str, Rendition]) -> Verdict:
    if why:
        return "not taken"
    if wanted is None:
        return "as it is"
    return "made" if wanted.name in made else "will be made"
