"""A person can leave every state of a delivery by a control on a page, used here as a browser would."""

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tests import people
from tidings.core import clock
from tidings.deliveries.face import STATE_LABELS, STATE_MEANS
from tidings.deliveries.models import MOVES, UNDER_WAY, Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.posts.models import Post
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db

# What only the worker does: claiming, holding back what is late, and whatever comes of a try.
BY_THE_WORKER = {"waiting": {"sending", "held", "failed"}, "sending": MOVES["sending"], "settling": MOVES["settling"]}
FILLED = {"url": "http://mastodon.invalid/@ana/115"}  # what a person types into a field of this name


class Controls(HTMLParser):
    """Everything on a page that changes something: forms to submit, and the button that moves the post."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.moves = False
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.moves |= "data-move" in told
        if tag == "form" and told.get("method") == "post":
            self.forms.append({"action": told["action"], "fields": {}})
            self._open = True
        if tag in ("input", "button") and self._open and told.get("name"):
            name = str(told["name"])
            self.forms[-1]["fields"][name] = told.get("value") or FILLED.get(name, "")

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def set_in(owner: Member, state: str, **fields: Any) -> Delivery:
    """A scheduled post whose delivery is in this state, with all that comes along with it."""
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("Hello"),)))
    (delivery,) = schedule(owner, post, clock.now() + timedelta(hours=1))
    mark = {"commit": {"first": clock.now().isoformat(), "tries": 1}} if state in ("unsure", "settling") else {}
    receipt = {"id": "1", "url": "http://mastodon.invalid/@ana/1", "extra": {}} if state == "delivered" else None
    given = {"state": state, "journal": mark, "receipt": receipt, "reason": "said by the network"} | fields
    Delivery.objects.filter(id=delivery.id).update(**given)
    return Delivery.objects.get(id=delivery.id)


def pages(client: Client, owner: Member, delivery: Delivery) -> Iterator[str]:
    for path in (f"posts/{delivery.post_id}", "attention"):
        answer = client.get(f"{people.home(owner)}/{path}")
        assert answer.status_code == 200
        yield answer.content.decode()


def uses(state: str) -> Iterator[tuple[Delivery, str]]:
    """Every control of every page, each used on a delivery of its own; and what state the delivery is in then."""
    for place, page in enumerate(_pages_of(state)):
        controls = Controls(page)
        for n in range(len(controls.forms)):
            owner, client, delivery = _scene(state)
            form = Controls(list(pages(client, owner, delivery))[place]).forms[n]
            if "/accounts/" in form["action"]:
                continue
            client.post(form["action"], form["fields"])
            yield delivery, _state_now(delivery)
        if controls.moves:
            owner, client, delivery = _scene(state)
            wish = {"at": (clock.now() + timedelta(days=1)).isoformat()}
            moved = client.post(f"{people.api(owner)}/posts/{delivery.post_id}/move", wish, "application/json")
            assert moved.status_code == 200
            yield delivery, _state_now(delivery)


def _scene(state: str) -> tuple[Member, Client, Delivery]:
    owner = people.owner()
    return owner, people.signed_in(owner), set_in(owner, state)


def _pages_of(state: str) -> list[str]:
    owner, client, delivery = _scene(state)
    return list(pages(client, owner, delivery))


def _state_now(delivery: Delivery) -> str:
    """Of the item on its channel: scheduling anew what was cancelled makes another row."""
    rows = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel_id)
    live = rows.exclude(state="cancelled").first()
    return live.state if live else "cancelled" if rows.exists() else "deleted"


@pytest.mark.alike  # what stands on a page; tests of each move ask both databases
@pytest.mark.parametrize("state", MOVES)
def test_every_move_that_is_a_persons_has_a_control_on_a_page_that_makes_it(state: str) -> None:
    reached = {then for _delivery, then in uses(state)} - {"deleted", state}
    wanted = MOVES[state] - BY_THE_WORKER.get(state, frozenset())
    assert wanted <= reached, f"no control leads from {state} to {wanted - reached}"
    assert reached <= MOVES[state] - BY_THE_WORKER.get(state, frozenset()), "a control does what is not a person's"


def test_what_is_the_workers_is_declared_as_a_move() -> None:
    assert all(moves <= MOVES[state] for state, moves in BY_THE_WORKER.items())


@pytest.mark.parametrize("state", MOVES)
def test_every_state_is_named_and_explained_on_its_posts_page(state: str) -> None:
    page = _pages_of(state)[0]
    assert f'data-state="{state}"' in page
    assert f">{STATE_LABELS[state]}</span>" in page.replace("</svg>", ">")
    assert str(STATE_MEANS[state]) in page


@pytest.mark.parametrize("state", ["sending", "settling"])
def test_what_is_on_its_way_shows_what_the_network_last_said_and_offers_nothing_that_would_be_refused(
    state: str,
) -> None:
    page = _pages_of(state)[0]
    assert "The network last said: said by the network" in page
    controls = Controls(page)
    assert not controls.moves
    acts = [form["action"] for form in controls.forms if not form["action"].endswith("/duplicate")]  # makes another
    assert not [act for act in acts if "/deliveries/" in act or "/posts/" in act]


def test_a_waiting_post_is_published_now_moved_or_cancelled() -> None:
    owner, client, delivery = _scene("waiting")
    page = next(pages(client, owner, delivery))
    assert "Publish now" in page
    assert "Move to…" in page
    assert Controls(page).moves
    client.post(f"{people.home(owner)}/posts/{delivery.post_id}/publish")
    delivery.refresh_from_db()
    assert delivery.due_at <= clock.now()


def test_a_part_that_waits_to_be_tried_again_is_sent_at_once_when_somebody_says_so() -> None:
    owner = people.owner()
    past = clock.now() - timedelta(minutes=5)
    delivery = set_in(owner, "waiting", due_at=past, again_at=clock.now() + timedelta(hours=1), tries=4)
    client = people.signed_in(owner)
    assert "It is tried again on" in next(pages(client, owner, delivery))
    client.post(f"{people.home(owner)}/deliveries/{delivery.id}/retry")
    delivery.refresh_from_db()
    assert (delivery.again_at <= clock.now(), delivery.due_at, delivery.tries) == (True, past, 0)


def test_what_was_cancelled_can_be_edited_scheduled_anew_or_sent_at_once() -> None:
    owner, client, delivery = _scene("cancelled")
    page = next(pages(client, owner, delivery))
    assert f"/posts/{delivery.post_id}/edit" in page
    assert "Edit or schedule anew" in page
    assert f"/deliveries/{delivery.id}/retry" in page
    when = (clock.now() + timedelta(days=1)).isoformat()
    scheduled = client.post(
        f"{people.api(owner)}/posts/{delivery.post_id}/schedule", {"at": when}, "application/json"
    )
    assert scheduled.status_code == 200
    assert f"/deliveries/{delivery.id}/retry" not in next(pages(client, owner, delivery)), "it would go out twice"


def test_what_was_held_back_while_another_channel_has_it_gets_a_new_time() -> None:
    owner, client, delivery = _scene("held")
    other = people.channel(owner)
    delivery.post.channels.add(other)
    receipt = {"id": "1", "url": "http://mastodon.invalid/@ana/1", "extra": {}}
    out = Delivery.objects.create(
        workspace=owner.workspace, post=delivery.post, item=delivery.item, channel=other, state="delivered",
        due_at=clock.now(), again_at=clock.now(), delivered_at=clock.now(), receipt=receipt,
    )
    assert all(Controls(page).moves for page in pages(client, owner, delivery))
    to = clock.now() + timedelta(days=2)
    client.post(f"{people.api(owner)}/posts/{delivery.post_id}/move", {"at": to.isoformat()}, "application/json")
    for row in (delivery, out):
        row.refresh_from_db()
    assert (delivery.state, delivery.due_at, out.state) == ("waiting", to, "delivered")


def test_the_attention_page_leads_to_every_step_of_what_waits_there() -> None:
    for state in set(MOVES) - set(UNDER_WAY) - {"delivered", "cancelled"}:
        owner, client, delivery = _scene(state)
        _post, attention = pages(client, owner, delivery)
        offered = {form["action"].rpartition("/")[2] for form in Controls(attention).forms}
        assert offered >= ({"resolve"} if state == "unsure" else {"retry", "cancel"})


def test_a_client_sees_every_state_and_no_control() -> None:
    for state in MOVES:
        owner, _client, delivery = _scene(state)
        looker = people.signed_in(people.member(owner, "client"))
        for page in pages(looker, owner, delivery):
            assert not [form for form in Controls(page).forms if "/deliveries/" in form["action"]]
    assert Post.objects.count() == len(MOVES)
