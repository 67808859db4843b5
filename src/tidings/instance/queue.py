"""What waits to go out and how late it goes: by network, in the last hour, and what has stayed behind.

All that is under way is counted along one index, in a few hundredths of a second for a hundred thousand. Tries are
found by their ids, which tell the time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tidings import networks
from tidings.channels.models import Channel
from tidings.database import sql
from tidings.deliveries import watch
from tidings.deliveries.models import Allowance
from tidings.instance.since import since

TRIES = 10_000  # the newest of the last hour
BEHIND = 50
HOUR = timedelta(hours=1)
GOOD_LAG = 10.0  # seconds; what is later on an idle network is worth a look
# In the words of the index delivery_order, which has all that is asked for.
UNDER_WAY = """
SELECT channel_id, COUNT(*), SUM(CASE WHEN due_at <= %s THEN 1 ELSE 0 END) FROM deliveries_delivery
WHERE state IN ('waiting', 'sending', 'settling') GROUP BY channel_id"""
# Few at any time. The middle of it is true of each, and lets the database use an index.
ON_ITS_WAY = """
SELECT channel_id, state, due_at FROM deliveries_delivery
WHERE NOT state = 'delivered' AND NOT state = 'cancelled' AND state IN ('sending', 'settling')"""
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
    """The whole of it. Half of the first tries began within `lag_half` seconds of their time, 99 of 100 within
    `lag_most`."""

    at: datetime
    lines: list[Line]
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
    lines = _under_way(now)
    lags = _tried(lines, now)
    every = sorted(lag for some in lags.values() for lag in some)
    behind = _behind(now)
    return Queue(
        now, sorted(lines.values(), key=lambda line: line.label.lower()),
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


def _under_way(now: datetime) -> dict[str, Line]:
    """By network; of channels, which are few beside deliveries, the networks are looked up once."""
    of = {str(channel): network for channel, network in Channel.objects.values_list("pk", "network")}
    lines: dict[str, Line] = {}
    for channel, every, due in sql.rows(UNDER_WAY, now):
        line = _line(lines, of[str(sql.id_of(channel))])
        line.waiting, line.due = line.waiting + every - due, line.due + due
    for channel, state, due_at in sql.rows(ON_ITS_WAY):
        line, at = _line(lines, of[str(sql.id_of(channel))]), sql.instant(due_at)
        setattr(line, state, getattr(line, state) + 1)
        if at and at <= now:
            line.due -= 1
        else:
            line.waiting -= 1
    return lines


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
