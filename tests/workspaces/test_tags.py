"""Tags: made by being used, told apart whatever their case, renamed, merged, deleted."""

import pytest

from tests import people
from tidings.posts.compose import Draft, compose
from tidings.workspaces.members import Refused
from tidings.workspaces.models import Tag
from tidings.workspaces.policy import Forbidden
from tidings.workspaces.tags import MOST, change, make, merge, named, remove, set_tags, tidy

pytestmark = pytest.mark.django_db


def names(workspace: object) -> list[str]:
    return [tag.name for tag in Tag.objects.filter(workspace=workspace)]


def test_a_name_that_nobody_used_makes_a_tag_and_a_known_one_does_not() -> None:
    owner = people.owner()
    (first,) = named(owner.workspace, ["#Ökologie "])

    assert named(owner.workspace, ["  ÖKOLOGIE", "ökologie", "Neues Jahr"])[0] == first
    assert names(owner.workspace) == ["Neues Jahr", "Ökologie"]
    assert named(people.owner().workspace, ["Ökologie"]) != [first]


def test_neighbours_are_given_different_colours() -> None:
    colours = [tag.colour for tag in named(people.owner().workspace, ["a", "b", "c"])]
    assert len(set(colours)) == 3
    assert "grey" not in colours


@pytest.mark.parametrize("wanted", [["x" * 41], [f"tag {n}" for n in range(21)]])
def test_too_long_and_too_many_are_refused(wanted: list[str]) -> None:
    with pytest.raises(Refused):
        tidy(wanted)


def test_a_workspace_has_so_many_and_no_more() -> None:
    owner = people.owner()
    Tag.objects.bulk_create(Tag(workspace=owner.workspace, name=f"tag {n}") for n in range(MOST))
    named(owner.workspace, ["TAG 7"])
    with pytest.raises(Refused, match="Merge or delete"):
        named(owner.workspace, ["one more"])


def test_merging_leaves_everything_with_the_other() -> None:
    owner = people.owner()
    one, both = compose(owner, Draft()), compose(owner, Draft())
    set_tags(one, ["sale"])
    set_tags(both, ["sale", "Sales"])

    merge(owner, Tag.objects.get(name="sale"), Tag.objects.get(name="Sales"))

    assert [[tag.name for tag in post.tags.all()] for post in (one, both)] == [["Sales"], ["Sales"]]
    assert names(owner.workspace) == ["Sales"]


def test_two_tags_are_not_called_the_same() -> None:
    owner = people.owner()
    one, other = make(owner, "spring", "pink"), make(owner, "summer")
    with pytest.raises(Refused, match="Merge the two"):
        change(owner, other, "SPRING", "")
    assert (change(owner, one, "Spring", "blue").name, one.colour) == ("Spring", "blue")
    with pytest.raises(Refused, match="needs a name"):
        change(owner, one, " # ", "")


def test_a_deleted_tag_leaves_the_post() -> None:
    owner = people.owner()
    post = compose(owner, Draft())
    set_tags(post, ["gone"])
    remove(owner, post.tags.get())
    post.refresh_from_db()
    assert not post.tags.exists()


def test_whoever_only_looks_on_changes_no_tag() -> None:
    owner = people.owner()
    tag, client = make(owner, "ours"), people.member(owner, "client")
    for act in (lambda: make(client, "x"), lambda: change(client, tag, "x", ""), lambda: remove(client, tag)):
        with pytest.raises(Forbidden):
            act()
