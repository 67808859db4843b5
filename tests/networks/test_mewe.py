"""What is peculiar to MeWe, over real HTTP against its simulator."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks.pieces import film, picture
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, App, Outgoing, Profile, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.simulators.mewe import CLIENT, SECRET, MeWeNetwork

MEWE = networks.get("mewe")
SITE = Site("Tidings", "https://tidings.example", "https://tidings.example/connect/callback")
REFUSALS = [
    Refusal("a text of 63,207 characters", Outgoing("x" * 63_207)),
    Refusal("a post in a group that is not named", Outgoing("Hello", options={"where": "group", "group": ""})),
    Refusal("a picture in WebP, called a film", Outgoing("Look", (film(mime="image/webp"),))),
]


@pytest.fixture
def mewe(town: Town) -> MeWeNetwork:
    return cast(MeWeNetwork, town["mewe"])


def case(mewe: MeWeNetwork, door: Door, said: str = "Hello", media: Any = (), **chosen: Any) -> Case:
    return Case(mewe, mewe.access(), Outgoing(said, media, chosen), door)


def speaker(mewe: MeWeNetwork, door: Door) -> Any:
    return MEWE(mewe.access(), door, "connect")


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def asked(door: Door, answer: str) -> Any:
    """As far as the person's way back."""
    pending = MEWE.leave({}, App(CLIENT, SECRET), SITE)
    body, kind = http.form({"answer": answer})
    back = door(http.Request("POST", pending.url, "connect", kind, body)).headers["location"]
    return pending, {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def test_who_agrees_comes_back_with_what_is_exchanged_for_a_month(mewe: MeWeNetwork, door: Door) -> None:
    app = App(CLIENT, SECRET)
    pending, query = asked(door, "allow")
    grant = MEWE.arrive({}, app, door, pending.keep, query)
    assert timedelta(days=29) < cast(Any, grant.ends_at) - clock.now() <= timedelta(days=30)
    assert MEWE(Access(Profile("", "", ""), grant.secrets, {}, app), door, "connect").profile().handle == "demo"
    assert not MEWE.has("renew")


def test_who_says_no_and_who_has_not_agreed_yet_is_not_let_in(mewe: MeWeNetwork, door: Door) -> None:
    app = App(CLIENT, SECRET)
    pending, query = asked(door, "deny")
    with pytest.raises(Rejected, match="not granted"):
        MEWE.arrive({}, app, door, pending.keep, query)
    mewe.agreed = False
    pending, query = asked(door, "allow")
    with pytest.raises(Rejected, match="not agreed"):
        MEWE.arrive({}, app, door, pending.keep, query)
    with pytest.raises(Rejected, match="not begun here"):
        MEWE.arrive({}, app, door, pending.keep, {**query, "state": "another"})


@pytest.mark.parametrize("says", [200, 204])
def test_the_answer_names_no_post_so_it_is_known_by_our_own_key(says: int, mewe: MeWeNetwork, door: Door) -> None:
    mewe.says = says
    one = case(mewe, door, media=(picture(),))
    outcome = one.drive()
    assert outcome.receipt
    assert (outcome.receipt.id, outcome.receipt.url) == (one.key, f"{mewe.url}/demo/posts")
    assert the_post(one)["wish"] == {"text": "Hello", "uploadedPhotoIds": list(mewe.media)}


def test_a_post_goes_into_the_group_that_was_chosen(mewe: MeWeNetwork, door: Door) -> None:
    one = case(mewe, door, where="group", group="g1")
    outcome = one.drive()
    assert outcome.receipt
    assert (the_post(one)["group"], outcome.receipt.url) == ("g1", f"{mewe.url}/group/g1")


def test_a_group_is_needed_for_a_post_in_a_group_and_only_then(mewe: MeWeNetwork, door: Door) -> None:
    found = check(MEWE, Outgoing("Hello", options={"where": "group"}), {})
    assert [problem.where for problem in found] == ["group"]
    one = case(mewe, door, where="timeline", group="g1")
    assert one.drive().state == "delivered"
    assert the_post(one)["group"] == ""


def test_groups_are_looked_up_page_after_page(mewe: MeWeNetwork, door: Door) -> None:
    assert speaker(mewe, door).lookup("group", "") == [("g1", "Bread Lovers"), ("g2", "Harbour")]
    assert speaker(mewe, door).lookup("group", "harb") == [("g2", "Harbour")]


def test_who_is_not_in_the_group_is_told(mewe: MeWeNetwork, door: Door) -> None:
    outcome = case(mewe, door, where="group", group="g9").drive()
    assert (outcome.state, outcome.reason) == ("failed", "Forbidden")


def test_films_are_not_taken_and_nothing_follows_a_post() -> None:
    assert "media" in {problem.where for problem in check(MEWE, Outgoing("Look", (film(),)), {})}
    assert [problem.where for problem in check(MEWE, Outgoing("Two", position=1), {})] == ["text"]


def test_characters_are_counted_as_they_are(mewe: MeWeNetwork, door: Door) -> None:
    fits = "\N{THUMBS UP SIGN}" * 63_206
    assert check(MEWE, Outgoing(fits), {}) == []
    assert case(mewe, door, fits).drive().state == "delivered"
    assert [problem.where for problem in check(MEWE, Outgoing(f"{fits}!"), {})] == ["text"]


def test_a_lost_answer_is_left_to_a_person_and_posted_once(mewe: MeWeNetwork, door: Door) -> None:
    one = case(mewe, door)
    mewe.trick("lose", "/me/post")
    assert one.drive().state == "unsure"
    assert len(one.out()) == 1


def test_after_a_month_it_must_be_connected_again(mewe: MeWeNetwork, door: Door) -> None:
    one = case(mewe, door)
    with clock.shifted(timedelta(days=31)):
        assert one.once(Points()).reconnect
    assert not one.out()


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (401, "Unauthorized", Reconnect),
        (403, "Forbidden", Rejected),
        (420, "", Later),
        (400, "Enhance Your Calm", Later),
        (429, "Too many", Later),
        (400, "Bad request", Rejected),
        (500, "Oops", Unsure),
    ],
)
def test_its_errors_lead_to_what_we_do(
    status: int, message: str, kind: type[Reaction], mewe: MeWeNetwork, door: Door
) -> None:
    body, _kind = http.json_body({"message": message})
    with pytest.raises(kind) as told:
        speaker(mewe, door).judge(Answer(status, {}, body))
    if isinstance(told.value, Later):
        assert abs(cast(Any, told.value.at) - clock.now() - timedelta(minutes=15)) < timedelta(seconds=2)
