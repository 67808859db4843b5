"""The posts of the full demo: what lies ahead is scheduled by the verbs; what lies behind was published, a moment ago,
at the simulators, so that its links lead somewhere, and is then dated back."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db import transaction

from tidings.channels.connect import network_of
from tidings.channels.models import Channel
from tidings.commands.showcase import connect
from tidings.core import clock, zones
from tidings.deliveries.journal import Journal
from tidings.deliveries.models import Attempt, Delivery
from tidings.deliveries.schedule import schedule
from tidings.media.models import Media
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, ItemDraft, MediaUse, VariantDraft
from tidings.posts.models import Item, Post
from tidings.simulators.base import Simulator
from tidings.workspaces.models import Member
from tidings.workspaces.tags import named

POSTS = Path(__file__).with_name("posts.toml")
AT_ONCE = 12  # posts of the past that appear together
AHEAD = 4  # texts of a weekly row that are for this week and later
DAY, WEEK, MOMENT = timedelta(days=1), timedelta(weeks=1), timedelta(seconds=2)
REASONS = {
    "unsure": "%(label)s did not answer, and cannot be asked whether the post is out.",
    "held": "More than 15 minutes late, so it was held back.",
    "delivered": "",
    "gone": "",
    "cancelled": "",
}


@dataclass(frozen=True)
class Said:
    """One post as the file says it. `at`: None for a draft that waits for an idea."""

    on: tuple[str, ...]
    text: str
    at: datetime | None = None
    more: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Story:
    """Who tells it, where, and with which pictures."""

    member: Member
    town: Mapping[str, Simulator]
    channels: Mapping[str, Channel]
    library: Mapping[str, Media]

    def tell(self) -> None:
        """What is to come first, then what was, the latest first."""
        now = clock.now()
        every = list(read(now, self.member.workspace.zone))
        for said in every:
            if said.draft or (said.at and said.at > now):
                self._ahead(said)
        past = [said for said in every if said.at and not said.draft and said.at <= now]
        past.sort(key=attrgetter("at"), reverse=True)
        for start in range(0, len(past), AT_ONCE):
            self._behind(past[start : start + AT_ONCE])

    def _ahead(self, said: Said) -> None:
        post = compose(self.member, self._draft(said))
        post.tags.set(named(self.member.workspace, said.tags))
        if said.at and not said.draft:
            schedule(self.member, post, said.at)

    def _behind(self, past: Sequence[Said]) -> None:
        """Rows by the dozen: through the verbs this would take a minute."""
        posts = [self._post(said) for said in past]
        items = [self._item(post, said) for post, said in zip(posts, past, strict=True)]
        rows = [self._tried(item, name, said) for item, said in zip(items, past, strict=True) for name in said.on]
        with transaction.atomic():
            Post.objects.bulk_create(posts)
            Item.objects.bulk_create(items)
            Post.channels.through.objects.bulk_create(
                Post.channels.through(post_id=row.post_id, channel_id=row.channel_id) for row in rows
            )
            Post.tags.through.objects.bulk_create(
                Post.tags.through(post_id=post.pk, tag_id=tag.pk)
                for post, said in zip(posts, past, strict=True) for tag in named(self.member.workspace, said.tags)
            )  # fmt: skip
            Delivery.objects.bulk_create(rows)
            Attempt.objects.bulk_create(map(_attempt, filter(attrgetter("tries"), rows)))

    def _post(self, said: Said) -> Post:
        at = said.at or clock.now()
        return Post(workspace=self.member.workspace, author=self.member.user, stage="approved", wish_at=at,
                    created_at=at - 2 * DAY, changed_at=at - DAY)  # fmt: skip

    def _item(self, post: Post, said: Said) -> Item:
        return Item(post=post, position=0, text=said.text, media=[self._use(name).row() for name in said.media])

    def _tried(self, item: Item, name: str, said: Said) -> Delivery:
        """A delivery with what became of it."""
        state, at = said.state.get(name, "delivered"), said.at or clock.now()
        row = Delivery(workspace=self.member.workspace, post=item.post, item=item, channel=self.channels[name],
                       due_at=at, again_at=at, revision=1, created_at=at - DAY,
                       state=state.replace("gone", "delivered"), reason=self._reason(name, state, said))  # fmt: skip
        row.tries = int(state not in ("held", "cancelled"))
        if state in ("delivered", "gone", "unsure"):
            self._published(row, connect.EVERY[name].network, said.text)
        if state == "unsure":  # it is out; only the answer was lost
            row.receipt, row.journal["commit"] = None, _begun(row.journal["commit"])
        elif row.receipt:
            row.delivered_at, row.seen_at, row.journal = at + MOMENT, at + DAY / 2, {}
        row.gone_at = at + DAY if state == "gone" else None
        return row

    def _reason(self, name: str, state: str, said: Said) -> str:
        return REASONS.get(state, said.reason) % {"label": self.channels[name].label}

    def _published(self, row: Delivery, network: str, text: str) -> None:
        shape = next(iter(self.town[network].shapes().values()))
        journal = Journal(str(row.pk), row.due_at, lambda _data: None, now=lambda: row.due_at)
        receipt = network_of(row.channel, "publish").publish(replace(shape, text=text), journal)
        row.receipt, row.journal = asdict(receipt), journal.data

    def _draft(self, said: Said) -> Draft:
        first = ItemDraft(said.text, tuple(map(self._use, said.media)), variants=tuple(self._variants(said)))
        items = (first, *(ItemDraft(text) for text in said.more))
        ids = tuple(self.channels[name].pk for name in said.on)
        return Draft(ids, items, said.at if said.draft else None, said.note)

    def _use(self, name: str) -> MediaUse:
        return MediaUse(self.library[name].pk, self.library[name].alt)

    def _variants(self, said: Said) -> Iterator[VariantDraft]:
        for name in dict.fromkeys((*said.variants, *said.options)):
            yield VariantDraft(self.channels[name].pk, said.variants.get(name), None, said.options.get(name, {}))


def _attempt(row: Delivery) -> Attempt:
    return Attempt(delivery=row, started_at=row.due_at, ended_at=row.due_at + MOMENT, outcome=row.state,
                   reason=row.reason)  # fmt: skip


def _begun(commit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in commit.items() if name != "result"}


def read(now: datetime, zone: str) -> Iterator[Said]:
    """Every post of the file, dated by this moment."""
    told = tomllib.loads(POSTS.read_text())
    today = now.astimezone(zones.zone(zone)).date()
    for row in told["weekly"]:
        yield from _weekly(row, today - timedelta(days=today.weekday()), zone)
    for row in told["single"]:
        yield _single(row, now, today, zone)


def _weekly(row: Mapping[str, Any], monday: date, zone: str) -> Iterator[Said]:
    texts, pictures = row["texts"], row.get("media", [""])
    for number, text in enumerate(texts):
        day = monday + timedelta(days=row["weekday"]) + WEEK * (number - len(texts) + AHEAD)
        picture = pictures[number % len(pictures)]
        yield Said(tuple(row["on"]), text, _at(day, row["at"], zone), media=(picture,) if picture else (),
                   tags=tuple(row["tags"]))  # fmt: skip


def _single(row: Mapping[str, Any], now: datetime, today: date, zone: str) -> Said:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    day, at, minutes = given.pop("day", None), given.pop("at", ""), given.pop("minutes", 0)
    when = now + timedelta(minutes=minutes) if minutes else _at(today + timedelta(days=day), at, zone) if at else None
    return Said(at=when, **given)


def _at(day: date, at: str, zone: str) -> datetime:
    return zones.instant(datetime.combine(day, time.fromisoformat(at)), zones.zone(zone))
