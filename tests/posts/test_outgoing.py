"""Shaping: what each channel says, and what is wrong with it."""

from dataclasses import replace

import pytest

from tests import people
from tidings import networks
from tidings.channels.models import Channel
from tidings.media.models import Media
from tidings.networks.base import Outgoing
from tidings.networks.errors import Rejected
from tidings.posts.compose import Draft, ItemDraft, VariantDraft, compose
from tidings.posts.models import Item
from tidings.posts.outgoing import of_post, outgoing, problems

pytestmark = pytest.mark.django_db


def said(item: Item, channel: Channel) -> Outgoing:
    """What goes out of this item on this channel."""
    return outgoing(item, item.variants.filter(channel=channel).first(), channel)


def test_a_variant_s_words_go_out_on_its_channel_only() -> None:
    owner = people.owner()
    one, other = people.channel(owner), people.channel(owner)
    variant = VariantDraft(one.id, "short", None, {"visibility": "private"})
    post = compose(owner, Draft((one.id, other.id), (ItemDraft("long", variants=(variant,)),)))
    item = post.items.get()

    assert said(item, one).text == "short"
    assert said(item, one).options == {"visibility": "private", "sensitive": False}
    assert said(item, other).text == "long"
    assert said(item, other).options == {"sensitive": False}


def test_an_empty_variant_means_no_text_not_the_item_s() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("long", variants=(VariantDraft(channel.id, ""),)),)))

    assert said(post.items.get(), channel).text == ""


def test_problems_name_channel_and_part_of_the_thread() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    post = compose(owner, Draft((channel.id,), (ItemDraft("fine"), ItemDraft("x" * 501))))

    (found,) = problems(post)

    assert (found.channel, found.position, found.problem.where) == (channel, 1, "text")
    assert "1 characters too long" in found.problem.message


def test_a_paused_channel_is_a_warning() -> None:
    owner = people.owner()
    channel = people.channel(owner, paused="The token has ended.")
    post = compose(owner, Draft((channel.id,), (ItemDraft("hello"),)))

    (found,) = problems(post)

    assert found.problem.level == "warning"
    assert "paused" in found.problem.message


def test_one_text_on_two_profiles_is_an_error_where_the_rules_forbid_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = people.owner()
    one, other = people.channel(owner), people.channel(owner)
    draft = Draft((one.id, other.id), (ItemDraft("the same"),))
    post = compose(owner, draft)
    assert problems(post) == []

    monkeypatch.setattr(networks.get("mastodon"), "one_text_once", True)
    (found,) = problems(post)
    assert (found.channel.id, found.problem.level) == (other.id, "error")

    differing = replace(draft.items[0], variants=(VariantDraft(other.id, "something else"),))
    assert problems(compose(owner, replace(draft, items=(differing,)), post)) == []


def test_a_medium_of_another_workspace_does_not_go_out_even_when_its_id_stands_in_the_post() -> None:
    """No form lets such an id in; were one to stand there all the same, it would open nothing."""
    owner = people.owner()
    channel, theirs = people.channel(owner), people.owner().workspace
    post = compose(owner, Draft((channel.id,), (ItemDraft("fine"),)))
    stray = Media.objects.create(workspace=theirs, name="cat.png", kind="picture", mime="image/png", size=10)
    post.items.update(media=[{"id": str(stray.id)}])

    with pytest.raises(Rejected):
        said(post.items.get(), channel)
    assert [found.problem.where for found in problems(post)] == ["media"]
    assert all(not shown.media for _channel, shown in of_post(post))
