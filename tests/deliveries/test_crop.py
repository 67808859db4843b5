"""What is cut out of a picture for one use is what goes out, and nothing else of it."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.conftest import Town
from tests.deliveries.conftest import connect
from tests.media.library import put
from tests.media.test_pictures import encoded
from tidings.channels.models import Channel
from tidings.deliveries.describe import described
from tidings.deliveries.schedule import publish_now
from tidings.deliveries.worker import Worker
from tidings.media.crop import Crop
from tidings.media.fit import piece
from tidings.media.public import opened
from tidings.networks.base import Limits
from tidings.networks.check import check
from tidings.posts.compose import compose
from tidings.posts.draft import Draft, Invalid, ItemDraft, MediaUse, VariantDraft, tidy
from tidings.posts.outgoing import Said, shape
from tidings.workspaces.models import Member

LEFT = Crop(0, 0, 0.5, 1)  # of a picture that is red on the left and blue on the right


def halves() -> bytes:
    picture = Image.new("RGB", (400, 200), "blue")
    picture.paste("red", (0, 0, 200, 200))
    return encoded(picture, "PNG")


def arrived(town: Town) -> list[Image.Image]:
    return [Image.open(io.BytesIO(media["raw"])) for media in town["mastodon"].media.values()]


def test_a_network_receives_the_part_that_was_cut_out_for_its_channel(
    member: Member, channel: Channel, worker: Worker, town: Town
) -> None:
    media, _data = put(member, halves(), "halves.png")
    other = connect(member, town, "mastodon", "other")
    variant = VariantDraft(other.id, None, (MediaUse(media.id, "Red", LEFT),))
    item = ItemDraft("Two", (MediaUse(media.id, "Both"),), 0, (variant,))
    post = compose(member, Draft((channel.id, other.id), (item,)))
    publish_now(member, post)
    worker.run_until_idle()
    whole, part = sorted(arrived(town), key=lambda picture: -picture.width)
    assert (whole.size, part.size) == ((400, 200), (200, 200))
    assert part.convert("RGB").getcolors() == [(200 * 200, (255, 0, 0))]
    assert described(post).items[0].variants[0].media[0].crop == LEFT  # type: ignore[index]


def test_a_public_address_leads_to_the_part(member: Member) -> None:
    media, _data = put(member, halves(), "halves.png")
    said = piece(media, "", Limits(text=1, pictures=1), LEFT)
    assert (said.width, said.height) == (200, 200)
    token, name = said.link().split("/m/")[1].split("/")
    with opened(token, name).held.path.open("rb") as file:  # type: ignore[union-attr]
        assert Image.open(file).size == (200, 200)


@pytest.mark.parametrize("part", [(-0.1, 0, 0.5, 1), (0.6, 0, 0.5, 1), (0, 0, 0, 1), (0, 0, float("nan"), 1)])
def test_a_part_outside_of_its_picture_is_refused(part: tuple[float, ...], member: Member) -> None:
    media, _data = put(member)
    with pytest.raises(Invalid):
        tidy(Draft(items=(ItemDraft("", (MediaUse(media.id, "", Crop(*part)),)),)))


def test_the_whole_picture_is_no_part(member: Member) -> None:
    media, _data = put(member)
    (item,) = tidy(Draft(items=(ItemDraft("", (MediaUse(media.id, "", Crop(0, 0, 1, 1)),)),))).items
    assert item.media == (MediaUse(media.id),)


def test_a_picture_of_the_wrong_shape_is_told_the_shape_to_cut_it_to(member: Member, town: Town) -> None:
    photo = connect(member, town, "instagram")
    media, _data = put(member, halves(), "halves.png")
    library: dict[Any, Any] = {media.id: media}

    def wrong(crop: Crop | None) -> list[tuple[str, float]]:
        said = shape(Said("", (MediaUse(media.id, "", crop),)), photo, library)
        return [(found.where, found.ratio) for found in check(photo.speaks, said, photo.server) if found.ratio]

    assert wrong(None) == [("media-0", 1.91)]
    assert wrong(Crop(0.1, 0, 0.8, 1)) == []
