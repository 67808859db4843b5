"""What people do: write, schedule, and change their minds at the worst moments; look after what needs them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tests.simulation.heap import Time
from tests.simulation.ledger import Ledger
from tests.simulation.town import Town, some
from tests.simulation.weather import Weather
from tests.simulation.world import Made, World, url_of
from tidings.channels.carry import Found
from tidings.channels.connect import keep
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.database import sql
from tidings.deliveries.claim import LOOK_AGAIN
from tidings.deliveries.models import NEEDS_A_PERSON, Delivery
from tidings.deliveries.revise import revise
from tidings.deliveries.schedule import (
    Refused,
    cancel,
    move,
    publish_now,
    resolve,
    retry,
    schedule,
    unschedule,
)
from tidings.posts.compose import Busy, Conflict, compose, discard
from tidings.posts.draft import Draft, Invalid, ItemDraft, VariantDraft
from tidings.posts.models import Post
from tidings.workspaces.models import Member, Workspace

NO = (Refused, Busy, Conflict, Invalid)
ERR = 0.02  # share of answers about unsure posts that are wrong
DAY = 86_400.0
MOMENTS = (2.0, 90.0)  # seconds around its time in which a post is most often changed


@dataclass
class Written:
    """A post as its author knows it."""

    member: Member
    post: UUID
    channels: list[Channel]
    parts: int
    revision: int


class People:
    """The members of all workspaces."""

    def __init__(self, time: Time, ledger: Ledger, world: World, weather: Weather, town: Town) -> None:
        self.time, self.ledger, self.world, self.weather, self.town = time, ledger, world, weather, town
        self._chance = time.chance("people")
        self.done: dict[str, int] = {}
        self.stopped = False

    def begin(self, a_day: float) -> None:
        """So many posts are written a day; everything else follows from them."""
        self._often(DAY / a_day, self._write)
        self._often(2 * 3600, self._attend)
        self._often(1.5 * DAY, self._change_policy)
        self._often(3 * DAY, self._disconnect)
        self._often(900, self._reconnect)

    def reconnect_all(self) -> None:
        """Every channel has access again."""
        for channel in Channel.objects.exclude(paused="").select_related("workspace"):
            self._connect(channel)

    # the verbs

    def _write(self) -> None:
        member = self._chance.choice(list(self.town.channels))
        channels = some(self._chance, self.town.channels[member])
        parts = self._chance.choice((1, 1, 1, 2, 3))
        kept = compose(member, self._draft(channels, parts))
        one = Written(member, kept.id, channels, parts, kept.revision)
        self._accepted(one)
        if self._chance.random() < 0.3:
            self._do("publish now", one, lambda: publish_now(member, self._post(one)))
            due = clock.now()
        else:
            due = clock.now() + timedelta(minutes=round(2 ** self._chance.uniform(0, 11)))
            self._do("schedule", one, lambda: schedule(member, self._post(one), due))
        for _ in range(self._chance.choice((0, 0, 1, 2, 3))):
            at = self.time.until(due) + self._chance.gauss(0, self._chance.choice(MOMENTS))
            self.time.after(at, lambda: self._meddle(one))

    def _meddle(self, one: Written) -> None:
        """Something or other is done to a post."""
        if self.stopped:
            return
        verbs: list[tuple[str, Callable[[], object]]] = [
            ("edit", lambda: self._edit(one)),
            ("move", lambda: move(one.member, self._post(one), self._soon())),
            ("unschedule", lambda: unschedule(one.member, self._post(one))),
            ("schedule again", lambda: schedule(one.member, self._post(one), self._soon())),
            ("publish again", lambda: publish_now(one.member, self._post(one))),
            ("cancel", lambda: self._cancel(one.member, self._delivery(one))),
            ("retry", lambda: retry(one.member, self._delivery(one))),
            ("discard", lambda: discard(one.member, self._post(one))),
        ]
        name, verb = self._chance.choices(verbs, weights=(6, 4, 2, 3, 2, 3, 4, 1))[0]
        self._do(name, one, verb)

    def _cancel(self, member: Member, delivery: Delivery) -> None:
        cancel(member, delivery)
        self.ledger.barred.add((delivery.item_id, delivery.channel_id))

    def _edit(self, one: Written) -> None:
        revision = one.revision if self._chance.random() < 0.5 else None
        channels = one.channels if self._chance.random() < 0.7 else some(self._chance, self.town.channels[one.member])
        parts = one.parts if self._chance.random() < 0.7 else self._chance.choice((1, 2, 3))
        kept = revise(one.member, self._draft(channels, parts), self._post(one), revision)
        gone = {channel.id for channel in one.channels} - {channel.id for channel in channels}
        self.ledger.barred -= {place for place in self.ledger.barred if place[1] in gone}
        one.revision, one.channels, one.parts = kept.revision, channels, parts
        self._accepted(one)

    def _attend(self) -> None:
        """The list of what needs a person; read now, answered a while later."""
        for row in Delivery.objects.filter(state__in=NEEDS_A_PERSON).select_related("workspace").order_by("id")[:40]:
            if self._chance.random() < 0.7:
                seen, member = row, next(m for m in self.town.channels if m.workspace_id == row.workspace_id)
                when = self._chance.uniform(0, 600)
                self.time.after(when, lambda seen=seen, member=member: self._answer(member, seen))

    def _answer(self, member: Member, seen: Delivery) -> None:
        if self.stopped:
            return
        if seen.state == "unsure":
            self._resolve(member, seen)
        elif seen.state == "failed" and self._chance.random() < 0.3:
            self._acted(seen.post_id, "cancel", lambda: self._cancel(member, seen))
        else:
            self._acted(seen.post_id, "retry", lambda: retry(member, seen))

    def _resolve(self, member: Member, seen: Delivery) -> None:
        out = next((m for m in self.world.posts.values() if self._became(m, seen)), None)
        wrong, again = self._chance.random() < ERR, self._chance.random() < 0.8
        says = (out is not None) != wrong
        if says:
            url = url_of(out.id) if out else url_of(f"{seen.channel.network}-0")
            done = self._acted(
                seen.post_id, "resolve: out", lambda: resolve(member, seen, out=True, url=url)
            )
            if done and not out:
                self.ledger.sworn.add(seen.id)
            return
        done = self._acted(seen.post_id, "resolve: not out", lambda: resolve(member, seen, out=False, again=again))
        if done and out:
            self.ledger.again[seen.item_id, seen.channel_id] += 1

    def _became(self, made: Made, seen: Delivery) -> bool:
        return (made.speaker.item, made.speaker.channel) == (seen.item_id, seen.channel_id)

    def _change_policy(self) -> None:
        member = self._chance.choice(list(self.town.channels))
        policy, minutes = self._chance.choice(("send", "send", "hold", "ask")), self._chance.choice((5, 60))
        Workspace.objects.filter(id=member.workspace_id).update(late_policy=policy, late_minutes=minutes)
        self.ledger.holds = Workspace.objects.exclude(late_policy="send").exists()
        self.time.say(f"{member} wants {policy} after {minutes} minutes")
        for channel in self.town.channels[member]:
            self.ledger.not_before(channel.id, self.time.now())

    def _disconnect(self) -> None:
        member = self._chance.choice(list(self.town.channels))
        channel = Channel.objects.get(id=self._chance.choice(self.town.channels[member]).id)
        if channel.deliveries.exists():
            self.time.say(f"{member} disconnects {channel}")
            disconnect(member, channel)

    def _reconnect(self) -> None:
        if not sql.rows("SELECT 1 FROM channels_channel WHERE paused <> '' LIMIT 1"):
            return
        for channel in Channel.objects.exclude(paused="").select_related("workspace").order_by("id"):
            if self._chance.random() < 0.8:
                self._connect(channel)

    def _connect(self, channel: Channel) -> None:
        member = next(m for m in self.town.channels if m.workspace_id == channel.workspace_id)
        secrets = {"access_token": self.world.token(channel.remote_id)}
        ends = clock.now() + timedelta(hours=6) if channel.speaks.has("renew") else None
        found = Found(
            str(channel.workspace_id), channel.network, channel.server, "", (channel.profile(),), secrets, ends
        )
        keep(member, found, [channel.remote_id])
        self.time.say(f"{member} connects {channel}")
        self.ledger.not_before(channel.id, self.time.now() + LOOK_AGAIN)

    # how it is done

    def _often(self, seconds: float, do: Callable[[], None]) -> None:
        def again() -> None:
            if not self.stopped:
                do()
                self.ledger.acted = True
                self.time.after(self._chance.expovariate(1 / seconds), again)

        self.time.after(self._chance.expovariate(1 / seconds), again)

    def _do(self, name: str, one: Written, verb: Callable[[], object]) -> None:
        self._acted(one.post, name, verb)

    def _acted(self, post: UUID, name: str, verb: Callable[[], object]) -> bool:
        """Whether it went through; from now on nothing is expected of this post's channels before this moment."""
        channels = list(Delivery.objects.filter(post=post).values_list("channel_id", flat=True))
        done = False
        with suppress(Post.DoesNotExist, Delivery.DoesNotExist):
            try:
                verb()
                done = True
            except NO as no:
                self.time.say(f"  not done: {name}: {no!r}")
        self.time.say(f"a person: {name} {post}: {done}")
        if done:
            self.done[name] = self.done.get(name, 0) + 1
            self._mark(post, name)
        channels += Delivery.objects.filter(post=post).values_list("channel_id", flat=True)
        for channel in channels:
            self.ledger.not_before(channel, self.time.now())
        self.ledger.acted = True
        return done

    def _mark(self, post: UUID, name: str) -> None:
        """What follows from a person's word on the whole post."""
        if name not in ("schedule", "publish now"):
            self.ledger.touched.add(post)
        if name not in ("edit", "cancel"):
            for row in Delivery.objects.filter(post=post).values_list("id", "item_id", "channel_id"):
                self.ledger.barred.discard(row[1:])
                self.ledger.waits[row[0]] = 0

    def _draft(self, channels: list[Channel], parts: int) -> Draft:
        def variants() -> tuple[VariantDraft, ...]:
            differs = self._chance.random() < 0.15
            return (VariantDraft(channels[0].id, text=self.town.words()),) if differs else ()

        items = tuple(
            ItemDraft(self.town.words(), delay=self._chance.choice((0, 0, 30, 600)) if n else 0, variants=variants())
            for n in range(parts)
        )
        return Draft(tuple(channel.id for channel in channels), items)

    def _accepted(self, one: Written) -> None:
        """What is to be said from now on."""
        for item in self._post(one).items.prefetch_related("variants"):
            said = {variant.channel_id: variant.text for variant in item.variants.all()}
            for channel in self.town.channels[one.member]:
                self.ledger.texts[item.id, channel.id] = said.get(channel.id) or item.text

    def _post(self, one: Written) -> Post:
        return Post.objects.get(id=one.post)

    def _delivery(self, one: Written) -> Delivery:
        found = list(Delivery.objects.filter(post=one.post).order_by("id"))
        if not found:
            raise Delivery.DoesNotExist
        return self._chance.choice(found)

    def _soon(self) -> datetime:
        return clock.now() + timedelta(seconds=self._chance.choice((0, 1, 60, 600, 7200)))
