"""Templates, signatures and hashtags: kept, filled in, changed; over HTTP as people and programs do."""

from typing import Any

import pytest
from django.urls import reverse

from tests import people
from tidings.posts.models import Snippet
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db


def make(owner: Member, **said: Any) -> Any:
    answer = people.signed_in(owner).post(f"{people.api(owner)}/snippets", said, "application/json")
    return answer.json() | {"status": answer.status_code}


def use(owner: Member, made: Any, wish: Any) -> Any:
    address = f"{people.api(owner)}/snippets/{made['id']}/use"
    return people.signed_in(owner).post(address, wish, "application/json").json()


def changing(owner: Member, made: Any) -> str:
    return reverse("change_snippet", kwargs={"slug": owner.workspace.slug, "id": made["id"]})


def test_a_template_asks_for_its_places_and_fills_the_others_itself() -> None:
    owner = people.owner()
    owner.workspace.name = "Bakery"
    owner.workspace.save()
    channel = people.channel(owner)
    there = {"channel": str(channel.id), "text": "{{ Product }}!"}
    items = [{"text": "New on {{weekday}} at {{workspace}}: {{ Product }} for {{price}}", "variants": [there]}]
    draft = {"channels": [str(channel.id)], "items": items, "tags": ["Launch"], "note": "check"}
    made = make(owner, kind="template", name="Launch", draft=draft)

    assert made["places"] == ["Product", "price"]
    wish = {"values": {"Product": "Rye", "price": ""}, "at": "2030-01-04T12:00:00Z"}
    used = use(owner, made, wish)
    assert used["items"][0]["text"] == "New on Friday at Bakery: Rye for {{price}}"
    assert used["items"][0]["variants"][0]["text"] == "Rye!"
    assert (used["tags"], used["note"], used["channels"]) == (["Launch"], "check", [str(channel.id)])
    channel.delete()
    used = use(owner, made, {})
    assert (used["channels"], used["items"][0]["variants"]) == ([], [])


def test_one_signature_stands_below_every_post() -> None:
    owner = people.owner()
    make(owner, kind="signature", name="us", text="– Your bakery", always=True)
    make(owner, kind="signature", name="me", text="– Ana", always=True)
    make(owner, kind="hashtags", name="bread", text="#bread", always=True)
    assert [row.name for row in Snippet.objects.filter(always=True)] == ["me"]


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "poem", "name": "x", "text": "y"}, {"kind": "hashtags", "name": " ", "text": "y"},
        {"kind": "hashtags", "name": "x", "text": " \n"}, {"kind": "hashtags", "name": "TAKEN", "text": "y"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(said: dict[str, str]) -> None:
    owner = people.owner()
    make(owner, kind="hashtags", name="taken", text="#a")
    refused = make(owner, **said)
    assert refused["status"] == 422
    assert refused["detail"]


def test_the_page_keeps_changes_and_deletes_them() -> None:
    owner = people.owner()
    client, page = people.signed_in(owner), f"{people.home(owner)}/settings/snippets"
    client.post(page, {"kind": "template", "name": "Monday", "text": "Good {{greeting}}"})
    row = Snippet.objects.get()
    assert row.draft["items"][0]["text"] == "Good {{greeting}}"
    client.post(f"{page}/{row.pk}/change", {"kind": "template", "name": "Tuesday", "text": "Hello"})
    assert "Tuesday" in client.get(page).content.decode()
    row.refresh_from_db()
    assert (row.text, row.draft["items"][0]["text"]) == ("Hello", "Hello")
    client.post(f"{page}/{row.pk}/delete")
    assert not Snippet.objects.exists()


def test_all_parts_of_a_template_are_changed_on_its_page() -> None:
    owner = people.owner()
    channel = people.channel(owner)
    there = {"channel": str(channel.id), "text": "second, there"}
    items = [{"text": "first"}, {"text": "second", "delay": 600, "variants": [there]}, {"text": "third"}]
    draft = {"channels": [str(channel.id)], "items": items, "note": "n"}
    made = make(owner, kind="template", name="Thread", draft=draft)
    page = reverse("snippets", kwargs={"slug": owner.workspace.slug})
    assert people.signed_in(owner).get(page).content.decode().count('name="part"') == 3 + 1  # and an empty one to add
    parts = ["second, now first", "new", "first, last"]
    wish = {"kind": "template", "name": "Thread", "was": ["1", "", "0"], "part": parts}
    assert people.signed_in(owner).post(changing(owner, made), wish).status_code == 302
    used = use(owner, made, {})
    assert [item["text"] for item in used["items"]] == parts
    assert (used["items"][0]["delay"], used["items"][0]["variants"][0]["text"]) == (600, "second, there")
    assert used["items"][1]["variants"] == []
    assert used["note"] == "n"


@pytest.mark.parametrize(
    ("places", "texts", "kept"),
    [
        (["0", "1"], ["", "  "], ["one", "two"]),  # nothing is left of it: refused
        (["0", "1"], ["only", " "], ["only"]), (["7", "x"], ["a", "b"], ["a", "b"]), (["0"], ["a", "b"], ["a", "b"]),
        (["0"], ["x" * 5001], ["one", "two"]),
    ],
)  # fmt: skip
def test_a_template_keeps_what_can_be_kept(places: list[str], texts: list[str], kept: list[str]) -> None:
    owner = people.owner()
    made = make(owner, kind="template", name="Thread", draft={"items": [{"text": "one"}, {"text": "two"}]})
    wish = {"kind": "template", "name": "Thread", "was": places, "part": texts}
    people.signed_in(owner).post(changing(owner, made), wish)
    assert [item["text"] for item in use(owner, made, {})["items"]] == kept
