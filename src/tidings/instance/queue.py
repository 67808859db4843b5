"""What waits to go out and how late it goes: by network, in the last hour, and what has stayed behind.

Counts stop at MOST, so that the page is quick whatever waits. Tries are found by their ids, which tell the time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from tidings import networks
from tidings.channels.models import Channel
from tidings.database import sql
from tidings.deliveries import watch
from tidings.deliveries.models import UNDER_WAY, WITHOUT_END, Allowance, Delivery
from tidings.instance.since import since

MOST = 100_000  # deliveries that are counted
TRIES = 20_000  # the newest of the last hour
BEHIND = 50
HOUR = timedelta(hours=1)
GOOD_LAG = 10.0  # seconds; what is later on an idle network is worth a look
RECENT = """
SELECT c.network, a.outcome, d.tries, a.started_at, d.due_at, d.again_at
FROM (SELECT delivery_id, outcome, started_at FROM deliveries_attempt WHERE id > %s ORDER BY id DESC LIMIT %s) AS a
JOIN deliveries_delivery AS d ON d.id = a.delivery_id JOIN channels_channel AS c ON c.id = d.channel_id"""


@dataclass
class Line:
    """One network: what is under way, what its tries of the last hour came to, and how late the first ones began.

    `waiting` are those whose time is still to come, `due` those whose time has come. Lag in seconds.
    """

    network: str
    label: str
    waiting: int = 0
    due: int = 0
    sending: int = 0
    settling: int = 0
    tries: dict[str, int] = field(default_factory=dict)
    lag_half: float | None = None
    lag_most: float | None = None


@dataclass(frozen=True)
class Closed:
    """What a network takes nothing of before then; `workspace`: whose channel it is, empty: all that share an app."""

    network: str
    label: str
    workspace: str
    until: datetime


@dataclass(frozen=True)
class Behind:
    """One that should be out by now. Ids, the network, the workspace, and why; nothing of what it says."""

    id: UUID
    network: str
    label: str
    workspace: str
    state: str
    due_at: datetime
    why: str


@dataclass(frozen=True)
class Queue:
    """The whole of it. `capped`: there is more than was counted. Half of the first tries began within `lag_half`
    seconds of their time, 99 of 100 within `lag_most`."""

    at: datetime
    lines: list[Line]
    capped: bool
    tries: int
    lag_half: float | None
    lag_most: float | None
    closed: list[Closed]
    behind: list[Behind]
    more_behind: bool

    @property
    def due(self) -> int:
        """How many could go out now."""
        return sum(line.due for line in self.lines)


def queue(now: datetime) -> Queue:
    """As it is now."""
    lines, capped = _under_way(now)
    lags = _tried(lines, now)
    every = sorted(lag for some in lags.values() for lag in some)
    behind = _behind(now)
    return Queue(
        now, sorted(lines.values(), key=lambda line: line.label.lower()), capped,
        sum(sum(line.tries.values()) for line in lines.values()), share(every, 0.5), share(every, 0.99),
        _closed(now), behind[:BEHIND], len(behind) > BEHIND,
    )  # fmt: skip


def share(ordered: list[float], part: float) -> float | None:
    """The value that this part of them does not exceed."""
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else None


def label_of(network: str) -> str:
    """What people call a network; its name when it is not known any more."""
    found = networks.every().get(network)
    return found.label if found else network


def _line(lines: dict[str, Line], network: str) -> Line:
    return lines.setdefault(network, Line(network, label_of(network)))


def _under_way(now: datetime) -> tuple[dict[str, Line], bool]:
    """By network and state; of channels, which are few, the networks are looked up once."""
    some = Delivery.objects.filter(WITHOUT_END, state__in=UNDER_WAY).order_by("state", "due_at")
    rows = Delivery.objects.filter(pk__in=some.values("pk")[:MOST]).order_by()
    counted = rows.values_list("channel", "state").annotate(all=Count("pk"), now=Count("pk", Q(due_at__lte=now)))
    lines: dict[str, Line] = {}
    of = dict(Channel.objects.values_list("pk", "network"))
    total = 0
    for channel, state, every, due in counted:
        line, total = _line(lines, of.get(channel, "")), total + every
        if state == "waiting":
            line.waiting, line.due = line.waiting + every - due, line.due + due
        else:
            setattr(line, state, getattr(line, state) + every)
    return lines, total >= MOST


def _tried(lines: dict[str, Line], now: datetime) -> dict[str, list[float]]:
    """Fill in what tries came to; the seconds by which first tries began late, by network."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    lags: dict[str, list[float]] = defaultdict(list)
    for network, outcome, tries, *instants in sql.rows(RECENT, since(now - HOUR), TRIES):
        outcomes[network][outcome] += 1
        if tries == 1:
            lags[network].append(_late(*map(sql.instant, instants)))
    for network, counted in outcomes.items():
        line, late = _line(lines, network), sorted(lags[network])
        line.tries, line.lag_half, line.lag_most = dict(counted), share(late, 0.5), share(late, 0.99)
    return lags


def _late(began: datetime | None, due: datetime | None, again: datetime | None) -> float:
    """Seconds after its time; what a person called up anew is late from then on."""
    times = [time for time in (due, again) if time and began and time <= began]
    return (began - max(times)).total_seconds() if began and times else 0.0


def _closed(now: datetime) -> list[Closed]:
    """What networks themselves said, Retry-After above all."""
    rows = Allowance.objects.filter(closed_until__gt=now).order_by("key").values_list("key", "closed_until")
    told = [(key.split(":"), until) for key, until in rows[:500] if until]
    whose = _workspaces(key[2] for key, _until in told if key[1] == "channel")
    closed = [Closed(key[0], label_of(key[0]), whose.get(key[2], ""), until) for key, until in told]
    return sorted(closed, key=lambda one: (one.label.lower(), one.until))


def _workspaces(channels: Iterable[str]) -> Mapping[str, str]:
    found = Channel.objects.filter(pk__in=list(channels)).values_list("pk", "workspace__name")
    return {str(channel): name for channel, name in found}


def _behind(now: datetime) -> list[Behind]:
    late = watch.overdue(now).select_related("workspace")[: BEHIND + 1]
    return [
        Behind(one.id, one.channel.network, label_of(one.channel.network), one.workspace.name, one.state, one.due_at,
               watch.why(one))
        for one in late
    ]
