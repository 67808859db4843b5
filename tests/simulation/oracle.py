"""The verdict: what the database says at the end, held against what the networks have."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction

from tests.simulation.heap import Time
from tests.simulation.ledger import Ledger, Place
from tests.simulation.watch import APART
from tests.simulation.weather import Weather
from tests.simulation.world import Made, World
from tidings import networks
from tidings.database import sql
from tidings.deliveries import claim, limits
from tidings.deliveries.models import NEEDS_A_PERSON, UNDER_WAY, Delivery

DAY = timedelta(hours=24)


class Oracle:
    """Looks at everything, and changes nothing."""

    def __init__(self, time: Time, weather: Weather, ledger: Ledger, world: World) -> None:
        self.time, self.weather, self.ledger, self.world = time, weather, ledger, world

    def no_lane_sleeps(self) -> None:
        """Every lane that has something due is looked at soon: `wake.mend` would find nothing to do."""
        if not self.weather.clocks_are_right:
            return
        now = self.time.now()
        slack = claim.LOOK_AGAIN + APART
        rows = sql.rows("SELECT channel_id, wake_at FROM deliveries_lane")
        lanes = {sql.id_of(id): sql.instant(at) for id, at in rows}
        heads = [head for head in claim._heads(list(lanes)) if head.delivery]
        ready = [head for head in heads if head.wait(now - slack, orphans=True) is None]
        for head, wait in zip(ready, self._waits(ready), strict=True):
            wake_at = lanes[head.channel]
            if (wait is None or head.state == "sending") and (wake_at is None or wake_at > now + slack):
                self.ledger.breach("asleep", f"{head.channel} until {wake_at}, but {head.delivery} is due")
        missing = Delivery.objects.filter(state__in=UNDER_WAY).exclude(channel__in=list(lanes)).count()
        if missing:
            self.ledger.breach("asleep", f"{missing} deliveries have no lane")

    def _waits(self, ready: list[claim.Head]) -> list[object]:
        """What the networks' limits say of each by itself; no token is spent by asking."""
        found = []
        for head in ready:
            with transaction.atomic():
                ask = limits.Ask(head.channel, head.network, head.app)
                found.append(limits.allow([ask], self.time.now())[head.channel])
                transaction.set_rollback(True)
        return found

    def judge(self) -> None:
        """The whole, once nothing happens any more."""
        rows = list(Delivery.objects.select_related("channel", "after").order_by("id"))
        out: dict[Place, list[Made]] = defaultdict(list)
        for made in self.world.posts.values():
            assert made.speaker.item
            out[made.speaker.item, made.speaker.channel].append(made)
        self._duplicated(out)
        for one in rows:
            copies = out.get((one.item_id, one.channel_id), [])
            self._ended(one)
            self._lost(one, copies)
            self._hangs(one, copies)
        self._explained(rows, out)
        self._in_order(rows)
        self._capped()

    def _duplicated(self, out: dict[Place, list[Made]]) -> None:
        for place, copies in out.items():
            for made in copies[1 + self.ledger.again[place]:]:
                self.ledger.breach("duplicated", f"{made.id} {made.text!r} by {made.speaker.delivery}")

    def _ended(self, one: Delivery) -> None:
        if one.state not in UNDER_WAY:
            return
        before = one.after
        while before and before.state in UNDER_WAY:
            before = before.after
        if before is None or before.state == "delivered":
            self.ledger.breach("stuck", f"{one.id} is {one.state}, due {one.due_at}, again {one.again_at}")
        elif before.state not in NEEDS_A_PERSON:
            self.ledger.breach("stuck", f"{one.id} waits for a part that is {before.state}")

    def _lost(self, one: Delivery, copies: list[Made]) -> None:
        if one.state != "delivered" or one.id in self.ledger.sworn:
            return
        if (one.receipt or {}).get("id") not in [made.id for made in copies]:
            self.ledger.breach("lost", f"{one.id} has {one.receipt}, but out is {[made.id for made in copies]}")

    def _hangs(self, one: Delivery, copies: list[Made]) -> None:
        """A part hangs on the part before it, and came after it."""
        if one.after is None or one.after_id in self.ledger.sworn:
            return
        for made in copies:
            before = self.world.posts.get(made.reply_to)
            place = (one.after.item_id, one.after.channel_id)
            if before is None or (before.speaker.item, before.speaker.channel) != place or before.at > made.at:
                self.ledger.breach("part before", f"{made.id} hangs on {made.reply_to!r}")

    def _explained(self, rows: list[Delivery], out: dict[Place, list[Made]]) -> None:
        """Everything that is out is told to be, or may be."""
        told: dict[Place, list[str]] = defaultdict(list)
        for one in rows:
            told[one.item_id, one.channel_id].append(one.state)
        for place, copies in out.items():
            if not {"delivered", "unsure"} & set(told[place]) and not self.ledger.again[place]:
                self.ledger.breach("unexplained", f"{copies[0].id} is out, and told to be {told[place]}")

    def _in_order(self, rows: list[Delivery]) -> None:
        """Whatever nobody touched, and came out at its first try, is out in the order of its times."""
        due = {one.id: one.due_at for one in rows if one.tries == 1 and one.post_id not in self.ledger.touched}
        latest: dict[str, Made] = {}
        for made in self.world.posts.values():
            if made.speaker.delivery not in due:
                continue
            before = latest.get(made.profile)
            latest[made.profile] = made
            if before and due[before.speaker.delivery] > due[made.speaker.delivery] and self._was_there(made, before):
                self.ledger.breach("out of order", f"{before.id} is out before {made.id}")

    def _was_there(self, made: Made, before: Made) -> bool:
        """Whether `made` could have gone when `before` went."""
        one = Delivery.objects.select_related("after").get(id=made.speaker.delivery)
        free = one.after.delivered_at if one.after else one.created_at
        return free is not None and free < before.at - timedelta(minutes=10)

    def _capped(self) -> None:
        by_profile: dict[str, list[Made]] = defaultdict(list)
        for made in self.world.posts.values():
            by_profile[made.profile].append(made)
        for profile, posts in by_profile.items():
            most = networks.get(profile.partition("-")[0]).limits.per_day
            if most is None or not self.weather.clocks_are_right:
                continue
            for first, last in zip(posts, posts[most:], strict=False):
                if last.at - first.at < DAY:
                    self.ledger.breach("over the cap", f"{most + 1} posts of {profile} from {first.id} to {last.id}")
