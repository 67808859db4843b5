"""What a report is about: a workspace, or some of its channels, those of a group, posts with a tag."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from tidings import networks
from tidings.analytics.models import Standing
from tidings.analytics.period import Period
from tidings.channels.models import Channel


@dataclass(frozen=True)
class Scope:
    """Empty: everything of the workspace. `tag` stands for a campaign too: posts are marked with one."""

    workspace: UUID
    channel: UUID | None = None
    group: str = ""
    tag: UUID | None = None

    def channels(self) -> QuerySet[Channel]:
        """The channels it is about, whether they are measured or not."""
        found = Channel.objects.filter(workspace=self.workspace)
        if self.channel:
            found = found.filter(pk=self.channel)
        return found.filter(group=self.group) if self.group else found

    def standings(self, period: Period, *, derived: bool = True) -> QuerySet[Standing]:
        """Posts that went out in these days. `derived`: something is to be computed from their numbers, which not
        every network's terms allow."""
        found = Standing.objects.filter(workspace=self.workspace, out_at__gte=period.begins, out_at__lt=period.ends)
        if self.channel:
            found = found.filter(channel=self.channel)
        if self.group:
            found = found.filter(channel__group=self.group)
        if self.tag:
            found = found.filter(post__tags=self.tag)
        return found.exclude(channel__in=self._apart()) if derived and self._apart() else found

    def _apart(self) -> list[UUID]:
        mine = Channel.objects.filter(workspace=self.workspace, network__in=apart())
        return list(mine.values_list("pk", flat=True))


def apart() -> list[str]:
    """Networks whose terms let nothing be computed from their numbers: those are shown as they came, by themselves."""
    return [name for name, network in networks.every().items() if not network.counting.derives]
