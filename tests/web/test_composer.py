"""The composer's page: what its island starts from."""

import json
import re
from typing import Any

from tests import people
from tidings.media.models import Media
from tidings.posts.compose import Draft, ItemDraft, MediaUse, compose
from tidings.workspaces.models import Member


def data(owner: Member, path: str) -> dict[str, Any]:
    answer = people.signed_in(owner).get(f"{people.home(owner)}/{path}")
    assert answer.status_code == 200
    found = re.search(r'<script id="composer-data" type="application/json">(.*?)</script>', answer.content.decode())
    assert found
    kept: dict[str, Any] = json.loads(found[1])
    return kept


def test_an_empty_composer_knows_the_channels_and_the_person_s_zone() -> None:
    owner = people.owner(zone="Asia/Tokyo")
    channel = people.channel(owner)

    started = data(owner, "compose")

    assert started["post"] is None
    assert started["zone"] == "Asia/Tokyo"
    assert [(c["id"], c["limits"]["text"]) for c in started["channels"]] == [(str(channel.id), 500)]


def test_a_post_is_opened_with_its_pictures() -> None:
    owner = people.owner()
    picture = Media.objects.create(workspace=owner.workspace, name="cat.png", kind="picture", mime="image/png", size=10)
    post = compose(owner, Draft(items=(ItemDraft("</script>", (MediaUse(picture.id, "A cat"),)),)))

    started = data(owner, f"posts/{post.id}/edit")

    assert started["post"]["items"][0]["text"] == "</script>"
    assert started["post"]["revision"] == 1
    assert [m["name"] for m in started["media"]] == ["cat.png"]


def test_no_secret_of_a_channel_reaches_the_page() -> None:
    owner = people.owner()
    people.channel(owner)

    assert "secret-token" not in json.dumps(data(owner, "compose"))
