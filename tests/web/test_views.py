"""Views: what the calendar shows, kept under a name, by page and by API; each member's own."""

from json import dumps
from typing import Any

from tests import people
from tidings.workspaces import views
from tidings.workspaces.models import Member, View

QUERY = "view=board&state=failed&text=two+words&slots=off"


def save(member: Member, name: str, query: str = QUERY) -> Any:
    return people.signed_in(member).post(f"{people.home(member)}/views", {"name": name, "query": query}, follow=True)


def test_a_view_keeps_what_the_address_says_but_not_its_day() -> None:
    owner = people.owner()

    shown = save(owner, "  Every   morning ", f"{QUERY}&day=2031-01-01&nonsense=1").content.decode()

    assert list(View.objects.values_list("name", "query")) == [("Every morning", QUERY)]
    assert "“Every morning” is kept." in shown
    assert f'href="{people.home(owner)}/calendar?{QUERY.replace("&", "&amp;")}" aria-current="true"' in shown


def test_saving_under_the_same_name_replaces_what_it_shows() -> None:
    owner = people.owner()
    save(owner, "Mine")

    assert "shows this from now on" in save(owner, "Mine", "view=week").content.decode()
    assert list(View.objects.values_list("query", flat=True)) == ["view=week"]


def test_views_are_renamed_and_deleted_and_a_name_is_there_once() -> None:
    owner = people.owner()
    save(owner, "One")
    save(owner, "Two", "view=list")
    client, (one, two) = people.signed_in(owner), View.objects.order_by("name")

    taken = client.post(f"{people.home(owner)}/views/{one.pk}/change", {"name": "Two"}, follow=True)
    client.post(f"{people.home(owner)}/views/{one.pk}/change", {"name": "First"})
    client.post(f"{people.home(owner)}/views/{two.pk}/delete")

    assert "You have a view of this name already." in taken.content.decode()
    assert list(View.objects.values_list("name", "query")) == [("First", QUERY)]


def test_nobody_sees_or_changes_the_views_of_another_member() -> None:
    owner = people.owner()
    save(owner, "Private plan")
    other, view = people.member(owner, "admin"), View.objects.get()
    client = people.signed_in(other)

    assert "Private plan" not in client.get(f"{people.home(owner)}/calendar").content.decode()
    assert client.post(f"{people.home(owner)}/views/{view.pk}/delete").status_code == 404
    assert client.delete(f"{people.api(owner)}/views/{view.pk}").status_code == 404
    assert View.objects.exists()


def test_the_api_keeps_changes_and_deletes_them_as_the_pages_do() -> None:
    owner = people.owner()
    client, where = people.signed_in(owner), f"{people.api(owner)}/views"

    def sent(method: str, url: str, **body: str) -> Any:
        return client.generic(method, url, dumps(body), "application/json")

    made = sent("POST", where, name="Week", query="view=week&day=2031-01-01")
    again = sent("POST", where, name="Week", query="view=day")
    changed = sent("PATCH", f"{where}/{made.json()['id']}", name="Day")

    assert (made.status_code, made.json()["query"], again.status_code) == (201, "view=week", 200)
    assert changed.json() == {"id": made.json()["id"], "name": "Day", "query": "view=day"}
    assert sent("POST", where, name=" ", query="").status_code == 422
    assert sent("DELETE", f"{where}/{made.json()['id']}").status_code == 204
    assert client.get(where).json() == []


def test_one_person_has_at_most_fifty() -> None:
    owner = people.owner()
    for n in range(views.MOST):
        views.keep(owner, f"view {n}", "view=week")

    assert "as many views as one person can have" in save(owner, "one more").content.decode()
    assert View.objects.count() == views.MOST
