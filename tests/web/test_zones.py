"""Time on pages: what a browser reckons is what the server reckons, in every zone, and no zone moves a post."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import people
from tests.core.zones import DAY, FAMOUS, FIRST, HOUR, LAST, QUARTER, Change, different, every, of, shown
from tests.house.source import ROOT
from tidings.core import clock, zones
from tidings.deliveries.angle import Angle
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.web.days import Shown, days_of
from tidings.web.grid import grid
from tidings.workspaces.models import Member

FRONT = ROOT / "frontend"
EPOCH = datetime(1970, 1, 1)
JSON = "application/json"

# the browser's reckoning


def minutes(naive: datetime) -> int:
    """A wall time as a number."""
    return int((naive - EPOCH) / timedelta(minutes=1))


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def kind(wall: datetime, change: Change) -> str:
    at = zones.instant(wall, change.zone)
    return "never" if shown(at, change.zone) != wall else "twice" if zones.twice(at, change.zone) else ""


def told(change: Change) -> dict[str, Any]:
    """What the server makes of the hours around a change, for the browser to make the same of."""
    zone = change.zone
    typed, lived = list(change.walls()), list(change.instants())[::2]
    return {
        "typed": [[minutes(wall), seconds(zones.instant(wall, zone)), kind(wall, change)] for wall in typed],
        "lived": [[seconds(at), minutes(shown(at, zone))] for at in lived],
        "dragged": [
            [seconds(at), minutes(shown(at, zone) + days), seconds(zones.instant(shown(at, zone) + days, zone))]
            for at in lived for days in (-DAY, DAY)
        ],
    }


COMPARE = """
import { changed, instant, oddity, wall, zoneOf } from "./src/composer/when";
import { readFileSync } from "node:fs";
const wrong: string[] = [];
const same = (what: string, is: unknown, wanted: unknown): void => {
  if (is !== wanted) wrong.push(`${what}: ${is} is not ${wanted}`);
};
const spelt = (minutes: number) => {
  const text = new Date(minutes * 60_000).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
};
const seconds = (at: string | null) => Date.parse(at ?? "") / 1000;
let compared = 0;
for (const { name, table, changes } of JSON.parse(readFileSync(0, "utf8"))) {
  const zone = zoneOf(name, table);
  for (const { typed, lived, dragged } of changes) {
    compared += typed.length + lived.length + dragged.length;
    for (const [minutes, at, odd] of typed) {
      same(`${name} typed ${JSON.stringify(spelt(minutes))}`, seconds(instant(spelt(minutes), zone)), at);
      same(`${name} oddity ${JSON.stringify(spelt(minutes))}`, oddity(spelt(minutes), zone), odd);
    }
    for (const [at, minutes] of lived) {
      same(`${name} shown ${at}`, JSON.stringify(wall(at * 1000, zone)), JSON.stringify(spelt(minutes)));
      same(`${name} kept ${at}`, seconds(changed(new Date(at * 1000).toISOString(), spelt(minutes), zone)), at);
    }
    for (const [from, minutes, at] of dragged) {
      const to = changed(new Date(from * 1000).toISOString(), spelt(minutes), zone);
      same(`${name} dragged from ${from}`, seconds(to), at);
    }
  }
}
console.log(JSON.stringify({ compared, wrong: wrong.slice(0, 5) }));
"""


def in_the_browser(told: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """The same, reckoned by the script that pages carry."""
    script = folder / "compare.mjs"
    esbuild = [str(FRONT / "node_modules/.bin/esbuild"), "--bundle", "--platform=node", "--format=esm", "--loader=ts"]
    subprocess.run([*esbuild, f"--outfile={script}"], input=COMPARE, cwd=FRONT, text=True, check=True)
    done = subprocess.run(["node", script], input=json.dumps(told), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.alike
@pytest.mark.skipif(not (FRONT / "node_modules").exists() or not shutil.which("node"), reason="no front end built here")
def test_the_browser_reckons_as_the_server_does_around_the_changes_of_every_zone(tmp_path: Path) -> None:
    """Around every fifth change; `EVERY=1` compares them all."""
    by_zone: dict[str, list[dict[str, Any]]] = {zone.key: [] for zone in different()}
    for change in every()[:: int(os.environ.get("EVERY", "5"))]:
        if FIRST < change.at.year < LAST - 1:  # a day's walk from here stays inside the table
            by_zone[change.zone.key].append(told(change))
    sent = [
        {"name": name, "table": zones.table(zones.zone(name), FIRST, LAST), "changes": changes}
        for name, changes in by_zone.items() if changes
    ]
    answer = in_the_browser(sent, tmp_path)
    assert answer["wrong"] == []
    assert answer["compared"] > 50_000


# pages


def entry_at(owner: Member, at: datetime, text: str) -> Post:
    return compose(owner, Draft(items=(ItemDraft(text),), wish_at=at))


def calendar(owner: Member, **query: str) -> str:
    answer = people.signed_in(owner).get(f"{people.home(owner)}/calendar", query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def days_with(page: str, post: Post) -> list[str]:
    """The days on which a calendar shows this post."""
    days = re.split(r'data-day="([\d-]+)"', page)
    return [day for day, cards in zip(days[1::2], days[2::2], strict=True) if f'data-post="{post.id}"' in cards]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FAMOUS)
def test_every_hour_around_a_change_stands_on_its_own_day_of_every_view_and_on_no_other(name: str) -> None:
    changes = of(zones.zone(name), 2011, 2027)
    if not changes:
        changes = [Change(zones.zone(name), datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR * 5.75, HOUR * 5.75)]
    change = max(changes, key=lambda one: (abs(one.gap), one.at))
    owner = people.owner(zone=name)
    posts = {at: entry_at(owner, at, f"at {at}") for at in list(change.instants())[::2]}
    day = (change.at + change.before).date()
    for query in ({"view": "list", "day": f"{day - 3 * DAY}"}, {"view": "week", "day": f"{day}"}):
        page = calendar(owner, **query)
        for at, post in posts.items():
            assert days_with(page, post) in ([str(shown(at, change.zone).date())], []), (query, at)
        assert len(re.findall(r'data-post="', page)) >= len(posts) / 2


@pytest.mark.django_db
def test_clocks_that_were_set_back_over_midnight_show_every_post_once() -> None:
    """In St John's at a minute past midnight, until 2011: the day before had an hour after the day had begun."""
    owner = people.owner(zone="America/St_Johns")
    posts = [entry_at(owner, datetime(2010, 11, 7, 2, 0, tzinfo=UTC) + QUARTER * n, f"{n}") for n in range(8)]
    before, after = (calendar(owner, view="list", day=day) for day in ("2010-10-08", "2010-11-07"))
    assert [len(days_with(before, post)) + len(days_with(after, post)) for post in posts] == [1] * 8


@pytest.mark.django_db
def test_the_hour_that_comes_twice_is_told_apart() -> None:
    owner = people.owner(zone="Europe/Berlin")
    for hour in (0, 1, 2):
        entry_at(owner, datetime(2026, 10, 25, hour, 30, tzinfo=UTC), f"number {hour}")
    page = calendar(owner, view="list", day="2026-10-25")
    assert re.findall(r">(0[23]:30[^<]*)</time>", page) == ["02:30 CEST", "02:30 CET", "03:30"]


@pytest.mark.django_db
def test_a_calendar_day_is_cheap_to_lay_out() -> None:
    """`days_of` is what the pages above call; here without a page, a year of weeks in every famous zone."""
    for name in FAMOUS:
        user = people.person(zone=name)
        for week in range(0, 53, 4):
            view = grid("week", str(datetime(2026, 1, 1).date() + week * 7 * DAY), clock.now().date(), 0)
            assert len(days_of(Shown(view, Angle("week"), user, clock.now()), [], list)) == 7


# settings


def kept(owner: Member) -> list[Any]:
    """Every instant that says when something of this workspace is to happen."""
    due = Delivery.objects.filter(workspace=owner.workspace).order_by("id").values_list("due_at", "again_at")
    return [*due, *Post.objects.filter(workspace=owner.workspace).order_by("id").values_list("wish_at", flat=True)]


def other_zone(client: Client, owner: Member, zone: str) -> None:
    """Both forms in which somebody can choose one."""
    base = f"{people.home(owner)}/settings"
    workspace = {"name": "Bakery", "zone": zone, "late_policy": "ask", "late_minutes": "30"}
    assert client.post(base, workspace).status_code == 302
    person = {"name": "Ann", "language": "en", "zone": zone, "clock24": "True", "week_starts": "0", "theme": "dark"}
    assert client.post("/settings/profile", person).status_code == 302


@pytest.mark.django_db
def test_another_zone_of_the_person_or_the_workspace_changes_what_is_shown_and_no_instant() -> None:
    owner = people.owner(zone="Europe/Berlin")
    channel, client = people.channel(owner), people.signed_in(owner)
    at = (clock.now() + 40 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)
    post = compose(owner, Draft((channel.id,), (ItemDraft("One"), ItemDraft("Two", delay=86_400))))
    schedule(owner, post, at)
    entry_at(owner, at, "a draft")
    before = kept(owner)
    for zone in ("America/New_York", "Pacific/Apia", "Australia/Lord_Howe"):
        other_zone(client, owner, zone)
        owner.user.refresh_from_db()
        assert owner.user.zone == zone
        assert kept(owner) == before
        assert days_with(calendar(owner, view="list", day=str(at.date() - DAY)), post) == [
            str(shown(at, zones.zone(zone)).date())
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("offset", ["+00:00", "+05:45", "-09:30", "+14:00"])
def test_a_move_over_the_api_is_kept_to_the_second_whatever_offset_it_is_told_in(offset: str) -> None:
    owner = people.owner(zone="Asia/Kathmandu")
    post, client = entry_at(owner, clock.now() + DAY, "a draft"), people.signed_in(owner)
    to = datetime.fromisoformat(f"2031-03-30T02:30:07.250000{offset}")
    answer = client.post(f"{people.api(owner)}/posts/{post.id}/move", {"at": to.isoformat()}, JSON)
    assert datetime.fromisoformat(answer.json()["wish_at"]) == to
    post.refresh_from_db()
    assert post.wish_at == to


@pytest.mark.django_db
@pytest.mark.parametrize("name", FAMOUS)
def test_the_delays_of_a_thread_are_seconds_that_pass_whatever_the_clocks_do(name: str) -> None:
    owner = people.owner()
    channel, zone = people.channel(owner), zones.zone(name)
    change = next((one for one in of(zone, 2027, 2036)), None)
    start = (change.at if change else datetime(2030, 3, 31, tzinfo=UTC)) - HOUR
    parts = [ItemDraft(f"Part {n}", delay=5400 if n else 0) for n in range(4)]
    made = schedule(owner, compose(owner, Draft((channel.id,), tuple(parts))), start.astimezone(zone))
    assert [one.due_at for one in made] == [start + timedelta(seconds=5400) * n for n in range(4)]
