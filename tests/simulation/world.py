"""What the networks hold, and how they answer. The world knows the truth: which delivery made which post."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from tests.simulation.heap import Time
from tests.simulation.networks import moment
from tests.simulation.weather import Weather
from tidings.core.http import Answer, Request

KEPT = timedelta(hours=1)  # a key
LAG = 50.0  # seconds at most until a list shows a post
WORK = (0.0, 0.0, 0.0, 4.0, 4.0, 90.0)  # seconds at most that a draft is worked on


@dataclass(frozen=True)
class Speaker:
    """In whose name a request is made. `delivery` is None where none is: a refresh."""

    channel: UUID
    delivery: UUID | None = None
    item: UUID | None = None


@dataclass(frozen=True)
class Made:
    """A post over there."""

    id: str
    profile: str
    text: str
    reply_to: str
    speaker: Speaker
    at: datetime
    shown_at: datetime

    def said(self) -> dict[str, str]:
        """As an answer tells of it."""
        return {"id": self.id, "url": url_of(self.id), "text": self.text}


@dataclass
class Draft:
    """Something invisible, on its way to be a post."""

    text: str
    reply_to: str
    ready_at: datetime
    post: Made | None = None


def url_of(id: str) -> str:
    """Where it is to be seen."""
    return f"https://{id.partition('-')[0]}.invalid/{id}"


@dataclass
class World:
    """All servers of all networks."""

    time: Time
    weather: Weather
    posts: dict[str, Made] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # profile -> the one that holds
    _keys: dict[str, Made] = field(default_factory=dict)
    _by_profile: dict[str, list[Made]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._chance = self.time.chance("world")

    def token(self, profile: str) -> str:
        """What lets us speak for a profile."""
        return f"{profile} {self.tokens[profile]}"

    def handle(self, request: Request, speaker: Speaker) -> Answer:
        """One request to one server."""
        self._profile, _, number = request.headers.get("Authorization", "").removeprefix("Bearer ").partition(" ")
        if self.weather.strikes("ended"):
            self.tokens[self._profile] += 1
        parts = urlsplit(request.url)
        if parts.path == "/token":
            return _say(200, {"access_token": self.token(self._profile)})
        if int(number) != self.tokens[self._profile]:
            return _say(401, {"error": "This token has ended."})
        if self.weather.strikes("busy"):
            return Answer(429, {"retry-after": str(self._chance.randrange(1, 900))})
        if self.weather.strikes("fault before"):
            return _say(self._chance.choice((500, 502, 503)), {})
        answer = self._do(request, speaker, parts.path, parse_qs(parts.query))
        return _say(500, {}) if self.weather.strikes("fault after") else self._used_up(answer)

    def held(self, profile: str) -> list[Made]:
        """What a profile shows, in the order in which it was made."""
        return self._by_profile[profile]

    def _used_up(self, answer: Answer) -> Answer:
        if not self.weather.strikes("used up"):
            return answer
        reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(self._chance.randrange(1, 900))}
        return Answer(answer.status, reset, answer.body)

    def _do(self, request: Request, speaker: Speaker, path: str, query: dict[str, list[str]]) -> Answer:
        said = json.loads(request.body) if isinstance(request.body, bytes) else {}
        _, what, *rest = path.split("/")
        if request.method != "GET" and self.weather.strikes("refused"):
            return _say(422, {"error": "We do not like it."})
        if what == "drafts":
            return self._draft(request.method, rest, said, speaker)
        if request.method == "GET":
            return _say(200, {"posts": self._list(moment(query["since"][0]))})
        key = rest[0] if rest else request.headers.get("Idempotency-Key", "")
        return _say(200, self._make(said["text"], said["reply_to"], speaker, key, bool(rest)).said())

    def _list(self, since: datetime) -> list[dict[str, str]]:
        now = self.time.now()
        return [post.said() for post in self._by_profile[self._profile] if post.shown_at <= now and post.at >= since]

    def _make(self, text: str, reply_to: str, speaker: Speaker, key: str = "", for_ever: bool = False) -> Made:
        kept = self._keys.get(key) if key else None
        now = self.time.now()
        if kept and (for_ever or now - kept.at < KEPT):
            return kept
        name = self._profile.partition("-")[0]
        shown = now + timedelta(seconds=self._chance.uniform(0, LAG))
        made = Made(f"{name}-{len(self.posts) + 1}", self._profile, text, reply_to, speaker, now, shown)
        self.posts[made.id] = made
        self._by_profile[self._profile].append(made)
        self.time.say(f"  out: {made.id} on {self._profile}: {text!r} by {speaker.delivery}")
        if key:
            self._keys[key] = made
        return made

    def _draft(self, method: str, rest: list[str], said: Any, speaker: Speaker) -> Answer:
        if not rest:
            id = f"draft-{len(self.drafts) + 1}"
            ready = self.time.now() + timedelta(seconds=self._chance.uniform(0, self._chance.choice(WORK)))
            self.drafts[id] = Draft(said["text"], said["reply_to"], ready)
            return _say(200, {"id": id})
        draft = self.drafts[rest[0]]
        if method == "POST":
            draft.post = draft.post or self._make(draft.text, draft.reply_to, speaker)
        if draft.post:
            return _say(200, {**draft.post.said(), "state": "published"})
        return _say(200, {"state": "working" if self.time.now() < draft.ready_at else "ready"})


def _say(status: int, body: Any) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())
