"""The report, as programs and people get it, equals what the networks counted; nothing is compared or computed that
was not read, or that terms forbid."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests import people
from tests.analytics.conftest import Write, collected, connect, signed_in, trouble
from tests.analytics.test_curve import COUNTED, put_out, told
from tests.conftest import Town
from tidings import networks
from tidings.analytics.best import Post, best
from tidings.analytics.keep import ENGAGING, ours
from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.analytics.period import Period
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.core.http import Door
from tidings.core.ids import new_id
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item
from tidings.posts.models import Post as Written
from tidings.workspaces.models import Member, Tag, Workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DERIVED = [name for name in COUNTED if networks.get(name).counting.derives]
APART = sorted(set(COUNTED) - set(DERIVED))


def asked(member: Member, path: str = "analytics", **query: object) -> Any:
    """What the API answers."""
    answer = people.signed_in(member).get(f"/api/v1/workspaces/{member.workspace.slug}/{path}", query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def by_day(said: list[dict[str, Any]]) -> dict[str, int]:
    """Values by their days."""
    return {one["day"]: one["value"] for one in said}


def read_at(out: Delivery, town: Town, age: timedelta) -> datetime:
    """The post is read at this age, on a whole second."""
    at = (out.delivered_at + age + timedelta(seconds=1)).replace(microsecond=0)  # type: ignore[operator]
    signed_in(out.channel, town)
    Meter.objects.update(again_at=at, audience_at=at + DAY)
    assert collected(at) >= 1, trouble(out.channel)
    return at


@pytest.fixture
def out(member: Member, write: Write, town: Town, door: Door, request: pytest.FixtureRequest) -> Delivery:
    """A post that is out on the network that a test names."""
    channel = connect(member, town, request.param)
    Meter.objects.create(channel=channel, workspace=member.workspace)
    return put_out(door, write, channel, town)


def test_the_report_is_about_at_least_twenty_networks() -> None:
    assert len(DERIVED) >= 20


@pytest.mark.alike
@pytest.mark.parametrize("out", DERIVED, indirect=True)
def test_the_report_says_what_the_network_counted(member: Member, out: Delivery, town: Town) -> None:
    name = out.channel.network
    at = read_at(out, town, 6 * HOUR)
    kept = Measurement.objects.filter(series__delivery=out, at=at).values_list("series__theirs", flat=True)
    curve = {theirs: value for theirs, value in told(out, name, at, town).items() if theirs in set(kept)}
    words = ours(networks.get(name).metrics, curve)
    with clock.use(lambda: at):
        found = asked(member, days=7)
    figures = {one["word"]: one["value"] for one in found["figures"]}
    engaged = [words[word] for word in ENGAGING if word in words]
    assert figures == words | ({"engaged": sum(engaged)} if engaged else {})
    (line,) = found["channels"]
    assert (line["numbers"], line["posts"], found["posts"]) == (words, 1, 1)
    assert datetime.fromisoformat(line["read_at"]) == at
    assert all(one["before"] is None and one["change"] is None for one in found["figures"]), "nothing to compare with"
    assert all(one["definitions"] for one in found["figures"] if one["word"] != "engaged")


@pytest.mark.parametrize("out", DERIVED[:6], indirect=True)
def test_a_number_that_the_network_corrects_later_is_corrected_in_the_report(
    member: Member, out: Delivery, town: Town
) -> None:
    name = out.channel.network
    read_at(out, town, HOUR)
    theirs = Series.objects.filter(delivery=out).order_by("theirs")[0].theirs
    town[name].corrected[out.receipt["id"], theirs] = -1
    at = read_at(out, town, 6 * HOUR)
    with clock.use(lambda: at):
        (numbers,) = asked(member, f"posts/{out.post_id}/numbers")
    (grown,) = [one for one in numbers["numbers"] if one["theirs"] == theirs]
    assert [one["value"] for one in grown["readings"]][-1] == max(told(out, name, at, town)[theirs] - 1, 0)
    assert len(grown["readings"]) == 2


@pytest.mark.parametrize("out", APART, indirect=True)
def test_where_terms_forbid_it_nothing_is_computed_and_each_post_stands_for_itself(
    member: Member, out: Delivery, town: Town
) -> None:
    at = read_at(out, town, 6 * HOUR)
    with clock.use(lambda: at):
        found, numbers = asked(member, days=7), asked(member, f"posts/{out.post_id}/numbers")
        page = people.signed_in(member).get(f"/w/{member.workspace.slug}/analytics?days=7").content.decode()
    (line,) = found["channels"]
    assert (found["figures"], found["top"], found["best"], found["engaged_by_day"]) == ([], [], [], [])
    assert (line["numbers"], line["engaged_per_post"], line["posts"]) == (None, None, 1)
    curve = told(out, out.channel.network, at, town)
    assert numbers[0]["numbers"]
    assert all(one["readings"][-1]["value"] == curve[one["theirs"]] for one in numbers[0]["numbers"])
    assert "its posts stand each for itself" in page


# rows made by hand: what is said of many posts


@pytest.fixture
def place(member: Member) -> Member:
    """A workspace far in the east, with nothing in it."""
    Workspace.objects.filter(pk=member.workspace_id).update(zone="Pacific/Kiritimati")  # fourteen hours ahead
    member.refresh_from_db()
    return member


def stood(member: Member, channel: Channel, at: datetime, **numbers: Any) -> Standing:
    """A post that went out then, with these numbers."""
    whose = {"workspace": member.workspace}
    post = Written.objects.create(**whose, author=member.user, stage="approved")
    item = Item.objects.create(post=post, position=0, text="Hello")
    times = {"due_at": at, "again_at": at, "delivered_at": at}
    out = Delivery.objects.create(**whose, post=post, item=item, channel=channel, state="delivered", **times)
    did = [numbers[word] for word in ENGAGING if word in numbers]
    numbers.setdefault("shape", "words")
    return Standing.objects.create(
        delivery=out, post=post, channel=channel, **whose, out_at=at, engaged=sum(did) if did else None,
        read_at=clock.now(), **numbers,
    )  # fmt: skip


def test_a_post_counts_with_the_day_that_the_clocks_of_its_workspace_showed(place: Member) -> None:
    channel = people.channel(place)
    late = datetime(2026, 3, 9, 9, 59, tzinfo=UTC)  # 23:59 on the ninth, there
    stood(place, channel, late, likes=3)
    stood(place, channel, late + timedelta(minutes=1), likes=5)
    found = asked(place, **{"from": "2026-03-09", "to": "2026-03-10"})
    assert by_day(found["engaged_by_day"]) == {"2026-03-09": 3, "2026-03-10": 5}
    assert asked(place, **{"from": "2026-03-10", "to": "2026-03-10"})["figures"][0]["value"] == 5
    assert found["zone"] == "Pacific/Kiritimati"


def test_the_days_before_are_compared_where_something_was_read_of_them(place: Member) -> None:
    channel = people.channel(place)
    stood(place, channel, datetime(2026, 3, 2, tzinfo=UTC), likes=10)
    stood(place, channel, datetime(2026, 3, 9, tzinfo=UTC), likes=15, comments=2)
    figures = {one["word"]: one for one in asked(place, **{"from": "2026-03-08", "to": "2026-03-14"})["figures"]}
    assert (figures["likes"]["before"], figures["likes"]["change"]) == (10, 0.5)
    assert (figures["comments"]["before"], figures["comments"]["change"]) == (None, None)


def test_a_report_is_about_a_channel_a_group_or_a_tag(place: Member) -> None:
    one, other = people.channel(place, group="Bakery"), people.channel(place)
    at = datetime(2026, 3, 9, tzinfo=UTC)
    tagged = stood(place, one, at, likes=1)
    stood(place, one, at, likes=2)
    stood(place, other, at, likes=4)
    tag = Tag.objects.create(workspace=place.workspace, name="Spring")
    tagged.post.tags.add(tag)
    days = {"from": "2026-03-09", "to": "2026-03-09"}
    values = [
        asked(place, **days, **wish)["figures"][0]["value"]
        for wish in ({}, {"channel": one.pk}, {"group": "Bakery"}, {"tag": tag.pk}, {"channel": other.pk})
    ]
    assert values == [7, 3, 3, 1, 4]


def test_another_workspaces_channel_and_tag_show_nothing_of_it(place: Member) -> None:
    stranger = people.owner()
    theirs = people.channel(stranger)
    stood(stranger, theirs, datetime(2026, 3, 9, tzinfo=UTC), likes=9)
    found = asked(place, channel=theirs.pk, **{"from": "2026-03-09", "to": "2026-03-09"})
    assert (found["figures"], found["channels"], found["posts"]) == ([], [], 0)


def test_a_post_that_was_deleted_over_there_counts_as_it_last_stood_and_is_named(place: Member) -> None:
    stood(place, people.channel(place), datetime(2026, 3, 9, tzinfo=UTC), likes=3, gone_at=clock.now())
    found = asked(place, **{"from": "2026-03-09", "to": "2026-03-09"})
    assert (found["gone"], found["figures"][0]["value"]) == (1, 3)


def test_the_top_and_the_weakest_are_told_apart_only_where_there_are_enough(place: Member) -> None:
    channel = people.channel(place)
    rows = [stood(place, channel, datetime(2026, 3, 9, n, tzinfo=UTC), likes=n) for n in range(14)]
    few = asked(place, **{"from": "2026-03-09", "to": "2026-03-10"})
    assert [one["engaged"] for one in few["top"]] == [13, 12, 11, 10, 9]
    assert few["weakest"] == []
    rows.append(stood(place, channel, datetime(2026, 3, 9, 15, tzinfo=UTC), likes=20))
    many = asked(place, **{"from": "2026-03-09", "to": "2026-03-10"})
    assert [one["engaged"] for one in many["weakest"]] == [0, 1, 2, 3, 4]
    assert many["top"][0]["post"] == str(rows[-1].post_id)


def followed(channel: Channel, readings: dict[datetime, int], theirs: str = "followers") -> None:
    series = Series.objects.create(workspace=channel.workspace, channel=channel, theirs=theirs, ours="followers")
    Measurement.objects.bulk_create(Measurement(series=series, at=at, value=value) for at, value in readings.items())


def test_followers_grow_from_reading_to_reading_and_one_reading_is_no_growth(place: Member) -> None:
    one, other, third = (people.channel(place) for _ in range(3))
    start = datetime(2026, 3, 9, 12, tzinfo=UTC)  # the tenth, there
    followed(one, {start: 100, start + DAY: 103, start + 3 * DAY: 101})
    followed(other, {start + 2 * DAY: 5000, start + 3 * DAY: 5010})
    followed(third, {start: 40})
    found = asked(place, **{"from": "2026-03-08", "to": "2026-03-20"})
    assert by_day(found["followers_gained"]) == {"2026-03-10": 0, "2026-03-11": 3, "2026-03-12": 3, "2026-03-13": 11}
    gained = {line["channel"]: (line["followers"], line["followers_gained"]) for line in found["channels"]}
    assert gained == {str(one.pk): (101, 1), str(other.pk): (5010, 10), str(third.pk): (40, None)}


# the best time


def weeks(seed: int, lift: float = 1.0) -> list[Post]:
    """A year of posts on two channels of very different size; those of Tuesday morning are so many times as good."""
    chance = random.Random(seed)
    channels = ((new_id(), 20), (new_id(), 4000))
    start = datetime(2025, 1, 6, tzinfo=UTC)  # a Monday
    found = []
    for day in range(364):
        channel, usual = channels[day % 2]
        at = start + day * DAY + chance.choice((7, 10, 13, 19)) * HOUR
        good = lift if at.weekday() == 1 and at.hour == 10 else 1.0
        found.append(Post(channel, at, round(usual * good * chance.lognormvariate(0, 0.6))))
    return found


YEAR = Period(date(2025, 1, 1), date(2025, 12, 31), "UTC")


def test_a_time_that_is_truly_better_is_found_and_called_sure() -> None:
    found = [best(weeks(seed, lift=2.5), YEAR) for seed in range(20)]
    named = [times[0] for times in found if times and (times[0].weekday, times[0].hour) == (1, 9)]
    assert len(named) >= 18
    assert sum(one.sure == "sure" for one in named) >= 16
    assert all(1.5 < one.times < 4.5 for one in named)


def test_where_all_times_are_equal_chance_is_seldom_taken_for_sure() -> None:
    wrong = sum(any(one.sure == "sure" for one in best(weeks(seed), YEAR)) for seed in range(200))
    assert wrong <= 20, "one in twenty is what is claimed; twice that is the play of two hundred trials"


def test_of_few_posts_nothing_is_said() -> None:
    assert best(weeks(1, lift=9)[:39], YEAR) == []


# the page


def test_the_page_says_nothing_where_there_is_nothing(place: Member) -> None:
    page = people.signed_in(place).get(f"/w/{place.workspace.slug}/analytics").content.decode()
    assert "No channels yet" in page
    people.channel(place)
    page = people.signed_in(place).get(f"/w/{place.workspace.slug}/analytics").content.decode()
    assert "Nothing has been read yet" in page


def test_each_number_on_the_page_comes_with_what_its_network_means_and_a_table_stands_behind_each_chart(
    place: Member,
) -> None:
    channel = people.channel(place)
    today = clock.now() - DAY
    for days in range(3):
        stood(place, channel, today - days * DAY, likes=1234 + days, comments=2)
    followed(channel, {today - n * DAY: 100 + n for n in range(3)})
    page = people.signed_in(place).get(f"/w/{place.workspace.slug}/analytics").content.decode()
    assert "favourites_count" in page
    assert "3,705" in page, "1,234 and the two others, as one number"
    assert page.count("As a table") == 2
    assert page.count("<svg class=\"chart-plot\"") == 2
    assert "style=" not in page


@pytest.mark.parametrize("query", [
    "days=3", "days=x", "from=2026-02-30&to=2026-03-01", "from=2026-03-09&to=2026-03-01", "channel=nobody",
    "tag=%20", "group=" + "x" * 500, "from=0001-01-01&to=9999-12-31",
])  # fmt: skip
def test_a_question_that_makes_no_sense_is_passed_over(place: Member, query: str) -> None:
    answer = people.signed_in(place).get(f"/w/{place.workspace.slug}/analytics?{query}")
    assert answer.status_code == 200


@pytest.mark.parametrize("out", ["mastodon"], indirect=True)
def test_the_page_of_a_post_shows_each_number_at_each_reading_with_what_it_means(
    member: Member, out: Delivery, town: Town
) -> None:
    readings = [read_at(out, town, age) for age in (HOUR, 6 * HOUR)]
    curves = [told(out, "mastodon", at, town) for at in readings]
    with clock.use(lambda: readings[-1]):
        page = people.signed_in(member).get(f"/w/{member.workspace.slug}/posts/{out.post_id}").content.decode()
    for theirs in ("favourites_count", "reblogs_count", "replies_count"):
        row = page.split(f"<code>{theirs}</code>")[1].split("</tr>")[0]
        assert [f">{curve[theirs]}</td>" in row for curve in curves] == [True, True]
    assert "Profiles that marked the post as a favourite." in page
    assert f"{curves[-1]['reblogs_count'] + curves[-1]['quotes_count']} Shares" in page
