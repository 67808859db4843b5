"""Access that was ended: gone here at once and from everything that is kept; at the network as soon as it listens."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import people
from tests.channels.signed import connected
from tests.channels.test_connect import everything_kept, said
from tests.conftest import Town
from tidings import outside
from tidings.channels import revoke
from tidings.channels.disconnect import disconnect
from tidings.channels.models import Channel, Revocation
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Delivery
from tidings.deliveries.schedule import schedule
from tidings.posts.compose import Draft, ItemDraft, compose
from tidings.workspaces.models import Member

REVOKE = "/oauth2/revoke"
PIECE = 24  # characters of a ciphertext: what is written over in part is not gone


@pytest.fixture
def member() -> Member:
    return people.owner()


@pytest.fixture
def channel(town: Town, member: Member) -> Channel:
    (made,) = connected(town, member, "x")
    return made


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Neither by other tests, which are not waited for, nor to them."""
    revoke.end()
    yield
    revoke.end()


def page(member: Member) -> str:
    return said(people.signed_in(member).get(f"{people.home(member)}/channels"))


def later(minutes: float) -> Any:
    return clock.shifted(timedelta(minutes=minutes))


def raw() -> bytes:
    """The bytes of the database's files; of a server's, all that its tables hold."""
    if connection.vendor != "sqlite":
        return everything_kept().encode()
    path = Path(str(connection.settings_dict["NAME"]))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_after_the_click_neither_the_token_nor_its_ciphertext_is_kept_anywhere(
    transactional_db: None, town: Town, member: Member, channel: Channel, tmp_path: Path
) -> None:
    client = people.signed_in(member)
    for _other in range(6):  # rows before and after it, so that what it leaves behind is not written over by chance
        people.channel(member)
    channel.refresh_from_db()
    tokens = [value for name, value in channel.access().secrets.items() if name.endswith("_token")]
    assert tokens
    assert channel.sealed.encode() in raw()

    client.post(f"{people.home(member)}/channels/{channel.id}/disconnect")

    sessions = repr(people.sessions())
    pieces = [channel.sealed[at : at + PIECE] for at in range(0, len(channel.sealed) - PIECE, PIECE)]
    kept = raw()
    for secret in (*pieces, *tokens):
        assert secret.encode() not in kept
        assert secret not in everything_kept() + sessions
    assert town["x"].requests(REVOKE) > 0


def test_a_network_that_was_away_is_told_again_until_it_confirms(town: Town, member: Member, channel: Channel) -> None:
    town["x"].trick("down", REVOKE, times=2)

    assert "has not confirmed" in disconnect(member, channel)
    assert "Under way" in page(member)
    assert revoke.try_due(clock.now()) == 0  # not before its time
    with later(1):
        assert revoke.try_due(clock.now()) == 0
    with later(5):
        assert revoke.try_due(clock.now()) == 1

    row = Revocation.objects.get()
    assert (row.tries, row.reason, row.given_up_at) == (3, "", None)
    assert town["x"].oauth.tokens[-1].revoked
    assert "Ended there too" in page(member)


def test_what_is_never_confirmed_is_given_up_and_the_way_to_end_it_is_shown(
    town: Town, member: Member, channel: Channel
) -> None:
    town["x"].trick("down", REVOKE, times=99)
    disconnect(member, channel)
    for minutes in (1, 4, 10, 20, 60):
        with later(minutes):
            revoke.try_due(clock.now())

    row = Revocation.objects.get()
    assert row.tries == 5
    assert row.given_up_at
    shown = page(member)
    assert "Not confirmed" in shown
    assert channel.speaks.grants in shown

    people.signed_in(member).post(f"{people.home(member)}/revocations/{row.id}/dismiss")
    assert not Revocation.objects.exists()


def test_a_refusal_is_final_and_said_in_the_networks_words(town: Town, member: Member) -> None:
    (channel,) = connected(town, member, "youtube")
    town["youtube"].lock_out()
    disconnect(member, channel)
    row = Revocation.objects.get()
    assert (row.tries, bool(row.given_up_at), row.reason) == (1, True, "Token expired or revoked")


def test_what_is_still_under_way_cannot_be_dismissed(town: Town, member: Member, channel: Channel) -> None:
    town["x"].trick("down", REVOKE)
    disconnect(member, channel)
    people.signed_in(member).post(f"{people.home(member)}/revocations/{Revocation.objects.get().id}/dismiss")
    assert Revocation.objects.exists()


def test_a_process_that_ends_says_what_it_could_not_confirm(town: Town, member: Member, channel: Channel) -> None:
    town["x"].trick("down", REVOKE)
    disconnect(member, channel)
    revoke.end()
    assert Revocation.objects.get().reason == revoke.LOST
    assert "Not confirmed" in page(member)


def test_what_a_killed_process_left_open_is_said_later_and_forgotten_after_a_month(member: Member) -> None:
    Revocation.objects.create(workspace=member.workspace, network="x", handle="@ana")
    revoke.tidy(clock.now())
    assert Revocation.objects.get().given_up_at is None
    with later(40):
        revoke.tidy(clock.now())
    assert Revocation.objects.get().reason == revoke.LOST
    with clock.shifted(timedelta(days=31)):
        revoke.tidy(clock.now())
    assert not Revocation.objects.exists()


def test_whose_profile_it_was_is_told_a_day_when_it_was_confirmed_and_else_as_long_as_the_terms_allow(
    town: Town, member: Member, channel: Channel
) -> None:
    disconnect(member, channel)
    for network in ("x", "youtube", "gone"):
        Revocation.objects.create(workspace=member.workspace, network=network, handle="@ana", given_up_at=clock.now())

    def left(**after: int) -> dict[str, str]:
        with clock.shifted(timedelta(minutes=1, **after)):
            revoke.tidy(clock.now())
        return dict(Revocation.objects.exclude(handle=channel.handle).values_list("network", "handle"))

    assert left() == {"x": "@ana", "youtube": "@ana", "gone": "@ana"}
    assert Revocation.objects.filter(handle=channel.handle).exists()
    assert left(days=1) == {"x": "", "youtube": "@ana", "gone": "@ana"}
    assert not Revocation.objects.filter(handle=channel.handle).exists()
    assert "Not confirmed" in page(member)
    assert left(days=7) == {"x": "", "youtube": "", "gone": ""}
    assert left(days=30) == {}


def test_access_that_another_sign_in_of_the_same_person_uses_is_not_ended(town: Town, member: Member) -> None:
    """Google knows one grant for a person and an app: ended once, it is ended for all."""
    (own,), other = connected(town, member, "youtube"), people.owner(is_operator=True)
    (theirs,) = connected(town, other, "youtube")

    assert "stay connected" in disconnect(member, own)
    assert town["youtube"].requests("POST /revoke") == 0
    assert disconnect(other, theirs) == ""
    assert town["youtube"].requests("POST /revoke") == 1


def test_the_access_of_a_workspace_that_goes_is_ended_at_every_network(town: Town, member: Member) -> None:
    for name in ("x", "reddit", "vk"):
        connected(town, member, name)
    assert revoke.all_of(member.workspace_id) == 3
    assert all(token.revoked for name in ("x", "reddit", "vk") for token in town[name].oauth.tokens[-1:])


def test_a_network_that_does_not_answer_keeps_no_workspace_from_going(
    town: Town, member: Member, channel: Channel, door: Door
) -> None:
    town["x"].trick("slow", REVOKE, times=9, seconds=0.6)
    assert revoke.all_of(member.workspace_id, seconds=0.1) == 0
    outside.use(door)


def test_a_channel_deleted_with_its_history_leaves_its_posts_a_note(
    town: Town, member: Member, channel: Channel
) -> None:
    post = compose(member, Draft((channel.id,), (ItemDraft("Spring is here"),), note="For the garden club"))
    schedule(member, post, clock.now())
    Delivery.objects.update(state="delivered", delivered_at=clock.now())

    answer = people.signed_in(member).post(f"{people.home(member)}/channels/{channel.id}/delete", follow=True)

    assert "is deleted with its history" in said(answer)
    assert (Channel.objects.count(), Delivery.objects.count()) == (0, 0)
    post.refresh_from_db()
    assert post.note.startswith("For the garden club\nPublished on X;")
    assert post.items.get().text == "Spring is here"
    assert town["x"].requests(REVOKE) > 0


def test_a_channel_is_not_deleted_while_something_is_being_sent_there(member: Member, channel: Channel) -> None:
    post = compose(member, Draft((channel.id,), (ItemDraft("Spring is here"),)))
    schedule(member, post, clock.now())
    Delivery.objects.update(state="sending")

    answer = people.signed_in(member).post(f"{people.home(member)}/channels/{channel.id}/delete", follow=True)

    assert "being published just now" in said(answer)
    assert Channel.objects.get().sealed
