"""What the operator's pages say is so: counts, lateness, reasons, room, chores, backups and what a look found."""

from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import people
from tidings.channels.models import AppCredential, Channel
from tidings.commands import backup
from tidings.core import clock
from tidings.deliveries import nodes
from tidings.deliveries.chores import Chores
from tidings.deliveries.models import Allowance, Attempt, Delivery
from tidings.deliveries.tally import Tally
from tidings.instance.apps import apps, try_all
from tidings.instance.failures import Wanted, failures
from tidings.instance.keeping import keeping
from tidings.instance.people import person
from tidings.instance.queue import queue
from tidings.instance.since import since
from tidings.media.models import Media, Rendition
from tidings.posts.models import Item, Post
from tidings.privacy.retain import retain
from tidings.workspaces.models import Member

MINUTE = timedelta(minutes=1)
SECRET = "zq-what-the-post-says"


def delivery(channel: Channel, due: datetime, state: str = "waiting", **more: Any) -> Delivery:
    author = Member.objects.filter(workspace=channel.workspace)[0].user
    post = Post.objects.create(workspace=channel.workspace, author=author, stage="approved")
    item = Item.objects.create(post=post, position=0, text=SECRET)
    at = {"due_at": due, "again_at": due}
    return Delivery.objects.create(workspace=channel.workspace, post=post, item=item, channel=channel, state=state,
                                   **{**at, **more})


def tried(one: Delivery, late: float, outcome: str = "delivered", reason: str = "") -> None:
    began = one.due_at + timedelta(seconds=late)
    Attempt.objects.create(delivery=one, started_at=began, ended_at=began, outcome=outcome, reason=reason)


def shown(browser: Client, path: str) -> str:
    answer = browser.get(f"/instance{path}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_queue_counts_what_is_to_come_due_sent_and_late_by_network(operator: Member, browser: Client) -> None:
    now = clock.now()
    here, there = people.channel(operator), people.channel(operator, "bluesky")
    for hours in (1, 2, 3):
        delivery(here, now + timedelta(hours=hours))
    delivery(here, now - MINUTE)
    delivery(there, now - MINUTE, "sending", lease_until=now + MINUTE)
    delivery(there, now - 60 * MINUTE, "settling", tries=2)
    for late in (0.1, 0.2, 0.3, 8.0):
        tried(delivery(here, now - 2 * MINUTE, "delivered", tries=1), late)
    tried(delivery(here, now - 2 * MINUTE, "failed", tries=3), 90, "failed")
    Allowance.objects.create(key=f"mastodon:channel:{here.pk}", counted_at=now, closed_until=now + MINUTE)
    Allowance.objects.create(key="bluesky:app:x", counted_at=now, closed_until=now - MINUTE)

    seen = queue(now)
    bluesky, mastodon = seen.lines

    assert (mastodon.waiting, mastodon.due, mastodon.sending, mastodon.settling) == (3, 1, 0, 0)
    assert (bluesky.waiting, bluesky.due, bluesky.sending, bluesky.settling) == (0, 0, 1, 1)
    assert mastodon.tries == {"delivered": 4, "failed": 1}
    assert (seen.lag_half, seen.lag_most) == pytest.approx((0.3, 8.0))  # the third try of one is not late, it is later
    assert [(one.network, one.workspace) for one in seen.closed] == [("mastodon", operator.workspace.name)]
    assert [one.state for one in seen.behind] == ["settling"]
    page = shown(browser, "/queue")
    assert operator.workspace.name in page
    assert SECRET not in page


def test_what_was_tried_more_than_an_hour_ago_does_not_count_as_late_now(operator: Member) -> None:
    with clock.shifted(-timedelta(hours=2)):
        Attempt.objects.create(
            delivery=delivery(people.channel(operator), clock.now(), "delivered", tries=1), started_at=clock.now(),
            ended_at=clock.now(), outcome="delivered", id=since(clock.now()),
        )

    assert queue(clock.now()).tries == 0


def test_failures_stand_by_reason_with_what_the_network_said_and_without_the_post(
    operator: Member, browser: Client
) -> None:
    now, one, other = clock.now(), people.channel(people.owner()), people.channel(people.owner(), "bluesky")
    for _ in range(3):
        tried(delivery(one, now, "failed", reason="The token was revoked."), 1, "failed", "HTTP 401: <b>revoked</b>")
    delivery(other, now, "failed", reason="The text is too long.")
    delivery(other, now - timedelta(days=40), "failed", reason="Of long ago.")

    seen = failures(Wanted(), now)
    assert [(group.network, group.count, group.workspaces) for group in seen.groups] == [
        ("mastodon", 3, 1), ("bluesky", 1, 1)
    ]
    page = shown(browser, "/failed?network=bluesky")
    assert "The text is too long." in page
    assert "revoked" not in page
    assert "Of long ago." not in page
    page = browser.get("/instance/failed").content.decode()
    assert "3 ×" in page
    assert "HTTP 401: &lt;b&gt;revoked&lt;/b&gt;" in page
    assert SECRET not in page
    assert one.handle not in page


def test_a_library_counts_for_its_first_owner(operator: Member, browser: Client) -> None:
    second = people.member(operator, "owner")
    media = Media.objects.create(
        workspace=operator.workspace, name="a.png", kind="picture", mime="image/png", size=2_000_000, key="a",
        thumbnail_size=500_000,
    )
    Rendition.objects.create(media=media, fits="1", mime="image/png", size=1_500_000, key="b")

    first, other = person(operator.user_id), person(second.user_id)

    assert first
    assert other
    assert (first.kept, other.kept) == (4_000_000, 0)
    assert "4.0\N{NO-BREAK SPACE}MB" in shown(browser, "/storage")
    assert "4.0\N{NO-BREAK SPACE}MB" in shown(browser, "/users?q=olga")
    assert "Nobody is called that" in shown(browser, "/users?q=nobody")


def test_a_look_is_kept_with_its_time_until_the_next(operator: Member, browser: Client) -> None:
    assert "Nobody has looked yet" in shown(browser, "")

    browser.post("/instance/look")

    page = shown(browser, "")
    assert "The last look was on" in page
    assert "TIDINGS_CONTACT" in page
    assert "Look again" in page
    assert browser.get("/api/v1/instance").json()["look"]["findings"]


def test_a_test_mail_goes_to_who_asks_and_not_without_end(
    operator: Member, browser: Client, mailoutbox: list[Any]
) -> None:
    answers = [browser.post("/instance/mail").status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]
    assert {tuple(letter.to) for letter in mailoutbox} == {(operator.user.email,)}


@pytest.mark.django_db(transaction=True)
def test_what_chores_came_to_is_read_from_the_node_that_did_them() -> None:
    def sweep(now: datetime) -> int:
        raise OSError

    tally = Tally()
    browser = people.signed_in(people.owner(is_operator=True))
    Session.objects.create(session_key="over", session_data="", expire_date=clock.now() - MINUTE)
    Chores(((retain, MINUTE), (sweep, MINUTE)), tally).do()
    nodes.beat("here:1", tally.counts())

    done = {chore.name: chore for chore in keeping(clock.now()).chores}

    assert done["retain"].at
    assert done["retain"].sums["sessions"] == 1
    assert not done["retain"].broke
    assert done["sweep"].broke
    assert done["purge_due"].at is None
    page = shown(browser, "/privacy")
    assert "Broke off" in page
    assert "Not yet" in page


@pytest.mark.django_db(transaction=True)
def test_the_last_backup_is_known_with_all_that_it_holds(home: Path) -> None:
    browser = people.signed_in(people.owner(is_operator=True))
    assert "Never" in shown(browser, "")

    backup.main(None, None, as_json=True)

    (path,) = (home / "backups").glob("*.tidings")
    page = shown(browser, "")
    assert str(path) in page
    assert "all of it read back" in page


@pytest.mark.usefixtures("door")
def test_every_network_is_asked_about_the_instances_credentials(operator: Member) -> None:
    row = AppCredential(network="x", client_id="nobody-knows-me")
    row.keep_secret("s")
    row.save()
    assert {app.state for app in apps() if app.network == "x"} == {"untried"}

    assert try_all() == 1

    (app,) = (app for app in apps() if app.network == "x")
    assert app.state == "wrong"
    assert app.findings
    assert app.tried_at


def test_a_fresh_instance_reads_well_and_everybody_else_finds_nothing(operator: Member, browser: Client) -> None:
    stranger = people.signed_in(people.owner())
    for path in ("", "/queue", "/failed", "/users", "/apps", "/privacy", "/storage", "/log"):
        assert "Instance" in shown(browser, path)
        assert stranger.get(f"/instance{path}").status_code == 404
    assert 'href="/instance"' in browser.get(f"{people.home(operator)}/calendar").content.decode()


def test_whatever_stands_in_the_address_is_answered(operator: Member, browser: Client) -> None:
    for odd in ("-1", "9" * 30, "²", "%", "'"):
        for path in ("users?q=", "users?page=", "failed?reason=", "failed?network=", "failed?since=", "log?page="):
            assert browser.get(f"/instance/{path}{quote(odd)}").status_code == 200, (path, odd)
        for path in ("users?q=", "failures?reason=", "log?page=", "users?page=", "failures?page="):
            assert browser.get(f"/api/v1/instance/{path}{quote(odd)}").status_code in (200, 422), (path, odd)
