"""What is checked while it happens: each claim, and each request that is made in a delivery's name."""

import json
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from tests.simulation.heap import SECOND, Time
from tests.simulation.ledger import Ledger
from tests.simulation.networks import Owned, Stepped
from tests.simulation.weather import Weather
from tests.simulation.world import World
from tidings import networks
from tidings.core import clock
from tidings.core.http import Request
from tidings.database import sql
from tidings.deliveries.models import Delivery
from tidings.deliveries.record import TRIES
from tidings.deliveries.send import PATIENCE, Outcome
from tidings.networks.declare import Rate

CERTAIN = (Owned.name, Stepped.name)  # networks that can always say what became of a post
APART = timedelta(seconds=0.5)  # by which the clocks of two nodes may differ
SOON = timedelta(seconds=3)  # after its time, when nothing stands in its way
MOST_IN_VAIN = 300

BEFORE = """
SELECT f.id FROM deliveries_delivery f JOIN posts_post p ON p.id = f.post_id
LEFT JOIN deliveries_delivery b ON b.id = f.after_id
WHERE f.channel_id = %s AND f.state IN ('waiting', 'sending', 'settling') AND f.due_at < %s AND p.stage = 'approved'
  AND (f.after_id IS NULL OR b.state = 'delivered')"""
STILL = "SELECT 1 FROM deliveries_delivery WHERE id = %s AND fence = %s AND state = 'sending'"
WAITING = "SELECT workspace_id FROM deliveries_lane WHERE wake_at <= %s"


class Watch:
    """Looks over the nodes' shoulders."""

    def __init__(self, time: Time, weather: Weather, ledger: Ledger, world: World) -> None:
        self.time, self.weather, self.ledger, self._world = time, weather, ledger, world
        self.small: set[UUID] = set()  # workspaces with a single channel
        self._vain = (0, 0)  # a second, and how many looks found nothing in it
        self._holder: dict[UUID, Delivery] = {}  # by channel: what was claimed last
        self._held: set[UUID] = set()  # channels of which a lease still counts, for all we know
        self._buckets: dict[tuple[str, object, Rate], tuple[float, datetime]] = {}

    def claimed(self, deliveries: list[Delivery]) -> None:
        """A node has taken these."""
        for one in deliveries:
            self._free(one)
            self._holder[one.channel_id] = one
            self._held.add(one.channel_id)
            self._in_turn(one)
            self._in_time(one)
            for rate in networks.get(one.channel.network).rates:
                self._within(one, rate)
        self._fair(deliveries)
        self._calm(deliveries)

    def speaks(self, one: Delivery, request: Request) -> None:
        """A network is told something of it."""
        now = self.time.now()
        if one.id not in self.ledger.called:
            self.ledger.called.add(one.id)
            self.ledger.delays.append((now - max(one.due_at, self.ledger.free_at[one.channel_id])).total_seconds())
        if now < one.due_at - self._tolerance():
            self.ledger.breach("early", f"{one.id} is due at {one.due_at}")
        if request.method == "GET":
            return
        holder = self._holder[one.channel_id]
        if self.weather.clocks_are_right and holder is not one:
            self.ledger.breach("two at once", f"{one.id} #{one.fence}, but {holder.id} #{holder.fence} is on its way")
        if (one.item_id, one.channel_id) in self.ledger.barred:
            self.ledger.breach("unasked", f"{one.id} was cancelled or held back, and nobody said that it goes")
        accepted = self.ledger.texts.get((one.item_id, one.channel_id))
        if self._text(request) != accepted:
            self.ledger.breach("out of date", f"{one.id} says {self._text(request)!r}, not {accepted!r}")

    def recorded(self, one: Delivery, outcome: Outcome) -> None:
        """A try has ended: its channel is free."""
        self._patient(one, outcome)
        self.ledger.not_before(one.channel_id, self.time.now())
        for until in outcome.shut.values():
            self.ledger.not_before(one.channel_id, until)

    def saved(self, one: Delivery) -> None:
        """Something of it was written; perhaps that the try has ended, although its node does not know yet."""
        self.ledger.not_before(one.channel_id, self.time.now())
        if self._holder[one.channel_id] is one and not sql.rows(STILL, one.id, one.fence):
            self._held.discard(one.channel_id)

    def _free(self, one: Delivery) -> None:
        """Nothing is taken from somebody whose lease still lasts."""
        last = self._holder.get(one.channel_id)
        if not self.weather.clocks_are_right or last is None or one.channel_id not in self._held:
            return
        if last.lease_until and last.lease_until > self.time.clock() + APART:
            self.ledger.breach("two at once", f"{one.id} is taken from {last.id} #{last.fence}")

    def held(self) -> None:
        """Some were held back just now."""
        rows = Delivery.objects.filter(state="held").values_list("item_id", "channel_id")
        self.ledger.barred.update(rows)

    def _patient(self, one: Delivery, outcome: Outcome) -> None:
        """Nobody is asked while the engine could still find out by itself: these networks answer within a day."""
        if outcome.state == "waiting" and not outcome.reconnect:
            self.ledger.waits[one.id] += 1
        if outcome.state == "failed" and one.after and one.after.state != "delivered":
            self.ledger.breach("part before", f"{one.id} failed for the one before it, which is {one.after.state}")
        if outcome.state == "failed" and "after a day" in outcome.reason:
            self.ledger.breach("given up early", f"{one.id}: {outcome.reason}")
        if outcome.state == "waiting" and one.tries >= TRIES and self.ledger.waits[one.id] < TRIES:
            self.ledger.breach("given up early", f"{one.id}: {one.tries} tries, {self.ledger.waits[one.id]} in vain")
        if outcome.state == "unsure" and one.channel.network in CERTAIN and "could not say" not in outcome.reason:
            since = self.time.clock() - clock.from_iso(one.journal["commit"]["first"])
            if since < PATIENCE:
                self.ledger.breach("asked early", f"{one.id} of {one.channel.network} is unsure after {since}")

    def _text(self, request: Request) -> str:
        path = urlsplit(request.url).path.split("/")
        if path[-1] == "publish":
            return self._world.drafts[path[2]].text
        assert isinstance(request.body, bytes)
        return str(json.loads(request.body)["text"])

    def _tolerance(self) -> timedelta:
        return APART if self.weather.clocks_are_right else timedelta(hours=3)

    def _in_turn(self, one: Delivery) -> None:
        if one.tries > 1:
            return  # it goes on with what it has begun
        for (id,) in sql.rows(BEFORE, one.channel_id, one.due_at):
            self.ledger.breach("out of order", f"{one.id} is claimed before {sql.id_of(id)}")

    def _in_time(self, one: Delivery) -> None:
        speaks = networks.get(one.channel.network)
        if not self.weather.clocks_are_right or speaks.rates or speaks.limits.per_day:
            return
        free = max(self.ledger.free_at[one.channel_id], self.ledger.unfit_until)
        late = self.time.now() - max(one.due_at, one.again_at, free)
        if late > SOON and one.tries == 1:
            self.ledger.breach("late", f"{one.id} by {late}")

    def _within(self, one: Delivery, rate: Rate) -> None:
        """A bucket of our own, by the true time."""
        if not self.weather.clocks_are_right:
            return
        key = (one.channel.network, one.channel_id if rate.scope == "channel" else None, rate)
        now = self.time.now()
        tokens, counted = self._buckets.get(key, (float(rate.most), now))
        tokens = min(rate.most, tokens + (now - counted) / rate.per * rate.most) - 1
        self._buckets[key] = (tokens, now)
        if tokens < -APART / rate.per * rate.most - 1e-6:
            self.ledger.breach("over the cap", f"{one.id}: {rate}")

    def _calm(self, deliveries: list[Delivery]) -> None:
        """Looks that find nothing do not follow one upon the other without end."""
        second = self.time.at // SECOND
        self._vain = (second, 0) if deliveries or second != self._vain[0] else (second, self._vain[1] + 1)
        if self._vain[1] > MOST_IN_VAIN:
            self.ledger.breach("restless", f"{MOST_IN_VAIN} looks for nothing within a second")
            self.time.stopped = True

    def _fair(self, deliveries: list[Delivery]) -> None:
        """Nobody gets a second turn while somebody with a single channel waits for a first one."""
        turns = Counter(one.workspace_id for one in deliveries)
        if max(turns.values(), default=0) < 2:
            return
        waiting = {sql.id_of(id) for (id,) in sql.rows(WAITING, self.time.clock())} & self.small
        for workspace in waiting - set(turns):
            self.ledger.breach("unfair", f"{workspace} waits while others have {sorted(turns.values())} turns")
