"""What is peculiar to Instagram's own sign-in, over real HTTP against its simulator."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import meta
from tests.networks.test_instagram import COMMIT, FILM, PICTURE
from tests.networks.test_instagram import REFUSALS as REFUSALS
from tidings import networks
from tidings.core import clock
from tidings.core.http import Door
from tidings.networks.base import Outgoing, Profile
from tidings.networks.errors import Later, Reaction, Reconnect
from tidings.simulators.instagram_standalone import InstagramDirectNetwork

Direct = networks.get("instagram_standalone")


@pytest.fixture
def instagram(town: Town) -> InstagramDirectNetwork:
    return cast(InstagramDirectNetwork, town["instagram_standalone"])


def longer(door: Door) -> dict[str, str]:
    return dict(meta.speaker(Direct, door, dict(meta.sign_in(Direct, door).secrets)).lengthen().secrets)


def test_a_sign_in_needs_no_page_and_gives_sixty_days(instagram: InstagramDirectNetwork, door: Door) -> None:
    short = meta.speaker(Direct, door, dict(meta.sign_in(Direct, door).secrets))
    grant = short.lengthen()
    assert grant.ends_at
    assert timedelta(days=59) < grant.ends_at - clock.now() <= timedelta(days=60)
    (found,) = meta.speaker(Direct, door, dict(grant.secrets)).channels()
    face, page = f"{instagram.url}/faces/demo.png", "https://www.instagram.com/demo"
    assert found == Profile("demo", "@demo", "Demo", face, page)


def test_access_is_renewed_when_it_is_a_day_old_and_not_before(door: Door) -> None:
    long = longer(door)
    with pytest.raises(Later, match="too fresh"):
        meta.speaker(Direct, door, long).renew()
    with pytest.raises(Reaction, match="less than 24 hours old"):
        meta.speaker(Direct, door, {**long, "since": ""}).renew()
    with clock.shifted(timedelta(days=50)):
        fresh = dict(meta.speaker(Direct, door, long).renew().secrets)
    with clock.shifted(timedelta(days=100)):
        assert meta.speaker(Direct, door, fresh).profile().handle == "@demo"


def test_access_that_has_ended_asks_to_reconnect(instagram: InstagramDirectNetwork, door: Door) -> None:
    long = longer(door)
    one = Case(instagram, instagram.access(), Outgoing("Late", (PICTURE,)), door)
    with clock.shifted(timedelta(days=61)):
        with pytest.raises(Reconnect):
            meta.speaker(Direct, door, long).renew()
        assert one.once(Points()).reconnect
    assert not one.out()


def test_a_reel_whose_answer_was_lost_is_found(instagram: InstagramDirectNetwork, door: Door) -> None:
    one = Case(instagram, instagram.access(), Outgoing("Sea", (FILM,)), door)
    instagram.trick("lose", COMMIT)
    outcome = one.drive()
    assert outcome.receipt
    assert (outcome.state, list(one.out())) == ("delivered", [outcome.receipt.id])
    assert instagram.requests(COMMIT) == 1


def test_a_film_that_was_taken_and_cannot_be_worked_on_fails(instagram: InstagramDirectNetwork, door: Door) -> None:
    one = Case(instagram, instagram.access(), Outgoing("Sea", (replace(FILM, public=PICTURE.public),)), door)
    outcome = one.drive()
    assert (outcome.state, one.out(), instagram.requests(COMMIT)) == ("failed", {}, 0)


@pytest.mark.parametrize(("error", "reaction"), meta.REACTIONS)
def test_an_error_of_theirs_becomes_a_reaction_of_ours(
    door: Door, error: dict[str, Any], reaction: type[Reaction]
) -> None:
    with pytest.raises(Reaction) as raised:
        meta.speaker(Direct, door, {}).judge(meta.fault(error))
    assert type(raised.value) is reaction


def test_a_token_that_may_not_comment_asks_to_reconnect(instagram: InstagramDirectNetwork, door: Door) -> None:
    root = Case(instagram, instagram.access(), Outgoing("Post", (PICTURE,)), door).drive().receipt
    one = Case(instagram, instagram.access(), Outgoing("Hm", reply_to=root, root=root, position=1), door)
    instagram.oauth.tokens[-1].scope = "instagram_business_basic,instagram_business_content_publish"
    assert one.once(Points()).reconnect


def test_it_takes_nothing_back_and_its_requests_need_no_proof(instagram: InstagramDirectNetwork, door: Door) -> None:
    assert not Direct.has("delete")
    assert not Direct.has("edit")
    assert "appsecret_proof" not in Direct(instagram.access(), door, "look").at("me")  # type: ignore[attr-defined]


def test_without_the_right_to_numbers_it_is_said_how_to_get_them(instagram: InstagramDirectNetwork, door: Door) -> None:
    receipt = Case(instagram, instagram.access(), Outgoing("Post", (PICTURE,)), door).drive().receipt
    assert receipt
    one = Direct(instagram.access(), door, "measure")
    instagram.oauth.tokens[-1].scope = "instagram_business_basic"
    with pytest.raises(Reconnect, match="Sign in with Instagram, and read numbers"):
        one.measure([receipt])


def test_a_sign_in_that_asked_for_numbers_may_read_them(instagram: InstagramDirectNetwork, door: Door) -> None:
    assert set(Direct.connect[1].scopes) - set(Direct.connect[0].scopes) == {  # type: ignore[union-attr]
        "instagram_business_manage_insights"
    }
    told = Direct(instagram.access(), door, "measure").audience(clock.now().date() - timedelta(days=3))
    assert {one.theirs for one in told} == {"followers_count", "reach"}
