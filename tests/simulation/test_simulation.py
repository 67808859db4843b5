"""Short runs of the simulation: what it must never see, what it must be able to see, and that a seed tells all."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.simulation.breakages import BREAKAGES
from tests.simulation.heap import START, Time
from tests.simulation.ledger import Ledger
from tests.simulation.play import SHORT, play
from tests.simulation.stage import stage
from tests.simulation.town import Town
from tests.simulation.weather import Weather
from tests.simulation.world import World
from tidings.deliveries.models import Delivery, Lane
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, ItemDraft
from tidings.posts.models import Item, Post

ROOT = Path(__file__).parents[2]
ONCE_BAD = [int(line.split()[0]) for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines()
            if line and not line.startswith("#")]
SEEDS = [2, 3, 7, *ONCE_BAD]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_goes_wrong_that_must_not(seed: int, transactional_db: None) -> None:
    if connection.vendor == "postgresql" and seed != SEEDS[0]:
        pytest.skip("one is enough to see that the other database does the same")
    report = play(seed, SHORT)
    assert not report.bad, report.breaches
    assert report.out > 30


@pytest.mark.parametrize(("broken", "seed"), BREAKAGES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_deliberate_breakage_is_found(
    broken: object, seed: int, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    assert callable(broken)
    if connection.vendor == "postgresql":
        pytest.skip("what is broken is the same there")
    broken(monkeypatch)
    assert play(seed, SHORT, hasty=True).bad


def test_a_seed_tells_everything_that_happens(transactional_db: None) -> None:
    """In another process, with another hash of every string, too."""
    if connection.vendor == "postgresql":
        pytest.skip("the other process would need a database of its own")
    command = [sys.executable, "-m", "tests.simulation", "--short", "--seed", "5"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    there = json.loads(done.stdout)
    here = play(5, SHORT)
    assert (there["told"], there["tries"]) == (here.told, here.tries)
    assert play(6, SHORT).told != here.told


def test_what_is_planned_by_routine_leaves_the_rows_that_scheduling_leaves(transactional_db: None) -> None:
    time = Time(1)
    world = World(time, Weather(time.chance("weather")))
    with stage(time, lambda request: world.handle(request, None), lambda said: None):  # type: ignore[arg-type]
        town = Town(time, Ledger(time), world)
        member = next(iter(town.channels))
        due = START + timedelta(hours=1)
        town.plan(member, [due])
        planned = Post.objects.get()
        texts = [item.text for item in planned.items.all()]
        post = compose(member, Draft(tuple(c.id for c in planned.channels.all()), tuple(map(ItemDraft, texts))))
        schedule(member, post, due)
        assert _rows(planned) == _rows(Post.objects.get(id=post.id))


def _rows(post: Post) -> list[list[dict[str, object]]]:
    """Everything that there is of a post but ids."""
    ids = {"id", "post_id", "item_id", "after_id", "pk"}
    found = [Post.objects.filter(id=post.id), Item.objects.filter(post=post), Delivery.objects.filter(post=post)]
    rows = [[{k: v for k, v in row.items() if k not in ids} for row in rows.order_by("id").values()] for rows in found]
    lanes = Lane.objects.filter(channel__in=post.channels.all()).values()
    return [*rows, [dict(row) for row in lanes]]
