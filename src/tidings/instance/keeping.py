"""What is kept how long, what the chores that see to it last did, and who waits to be erased or for an export."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_noop as say

from tidings.channels.invite import KEPT as SPENT
from tidings.deliveries.models import Node
from tidings.deliveries.tally import Counts, Done
from tidings.instance import chores
from tidings.media import remove
from tidings.privacy.models import Erasure, Export
from tidings.privacy.retain import INVITED_BEFORE
from tidings.settings import settings

SHOWN = 20
DAY = timedelta(days=1)
WATCHED = ("retain", "purge_due", "sweep", "begin_due", "end_due", "verify_due")  # chores an operator is shown


@dataclass(frozen=True)
class Rule:
    """What is kept, for how many days, and the setting that says so; empty: it is always so."""

    what: str
    days: int
    setting: str = ""


@dataclass(frozen=True)
class Chore:
    """Something that is done every so often: when it was last, by whom, what it came to then and since that node began.

    None: no node that is known has done it yet.
    """

    name: str
    every: timedelta
    at: datetime | None
    next_at: datetime | None
    broke: bool
    last: dict[str, int]
    sums: dict[str, int]


@dataclass(frozen=True)
class Gone:
    """An erasure: of what kind, and ids alone."""

    id: UUID
    kind: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    rows: int


@dataclass(frozen=True)
class Keeping:
    """The whole timetable."""

    contact: str
    rules: list[Rule]
    chores: list[Chore]
    pending: list[Gone]
    done: list[Gone]
    done_count: int
    exports: dict[str, int]


def keeping(now: datetime) -> Keeping:
    """As it stands."""
    open_ones = Erasure.objects.filter(stopped_at=None, done_at=None).order_by("due_at")
    ended = Erasure.objects.exclude(done_at=None).order_by("-done_at")
    exports = dict(Export.objects.order_by().values_list("state").annotate(Count("pk")))
    return Keeping(
        settings().contact, rules(), _chores(), [_gone(one) for one in open_ones[:SHOWN]],
        [_gone(one) for one in ended[:SHOWN]], ended.count(), exports,
    )  # fmt: skip


def rules() -> list[Rule]:
    """The timetable, as the settings say it."""
    ours = settings()
    return [
        Rule(say("Grace between the wish to be erased and the erasure"), ours.erase_days, "TIDINGS_ERASE_DAYS"),
        Rule(say("Security log: address and browser in full"), ours.log_days, "TIDINGS_LOG_DAYS"),
        Rule(say("Security log: the entry itself"), ours.log_gone_days, "TIDINGS_LOG_GONE_DAYS"),
        Rule(say("An export can be fetched"), ours.export_days, "TIDINGS_EXPORT_DAYS"),
        Rule(say("Invitations after they have ended"), INVITED_BEFORE // DAY),
        Rule(say("Connect links after they were used or have ended"), SPENT // DAY),
        Rule(say("Uploads that nobody finished"), remove.STALE // DAY),
        Rule(say("Files that no library knows"), remove.ORPHAN // DAY),
    ]


def _chores() -> list[Chore]:
    paces = {chore.__name__: every for chore, every in chores.PACES}
    done: dict[str, Done] = {}
    for counts in Node.objects.values_list("counts", flat=True):
        for name, one in Counts.model_validate(counts).chores.items():
            done[name] = max(one, done.get(name, one), key=lambda each: each.at)
    return [_chore(name, paces[name], done.get(name)) for name in WATCHED]


def _chore(name: str, every: timedelta, done: Done | None) -> Chore:
    if done is None:
        return Chore(name, every, None, None, False, {}, {})
    some = [{key: count for key, count in of.items() if count} for of in (done.last, done.sums)]
    return Chore(name, every, done.at, done.at + every, done.broke, *some)


def _gone(one: Erasure) -> Gone:
    rows = sum(count for count in one.counts.values() if isinstance(count, int))
    return Gone(one.pk, one.kind, one.asked_at, one.due_at, one.done_at, rows)
