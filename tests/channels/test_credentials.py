"""App credentials: who may enter them, what a page shows of them, how they are tried out and removed."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from tests import people
from tests.channels.test_connect import everything_kept
from tests.channels.toy import CLIENT, SECRET, ToyBox, town_of_toys
from tidings import networks
from tidings.channels.connect import site
from tidings.channels.credentials import credential, typed
from tidings.channels.models import AppCredential, Channel
from tidings.networks.base import Access, Profile
from tidings.networks.errors import Rejected
from tidings.settings import settings as ours
from tidings.workspaces.models import Member

TYPED = {"client_id": CLIENT, "client_secret": SECRET, "bot": "bot-token-never-shown"}
HTTPS = "https://social.example.org"


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, _led: None) -> Iterator[ToyBox]:
    monkeypatch.setattr(ours(), "base_url", HTTPS)
    with town_of_toys(monkeypatch) as box:
        yield box


def page(member: Member, path: str = "apps/toy") -> str:
    return f"{people.home(member)}/channels/{path}"


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def enter(member: Member, **changed: str) -> Any:
    return people.signed_in(member).post(page(member), {**TYPED, **changed}, follow=True)


def tried(member: Member, **form: str) -> list[str]:
    """What a test finds; the page shows it."""
    answer = people.signed_in(member).post(page(member, "apps/toy/try"), form, follow=True)
    (row,) = AppCredential.objects.filter(network="toy", workspace=None if form else member.workspace)
    assert all(finding in said(answer) for finding in row.findings)
    assert row.tried_at
    return list(row.findings)


def test_the_guide_names_steps_addresses_scopes_and_the_gate_as_the_network_does(toy: ToyBox) -> None:
    guide = said(people.signed_in(owner := people.owner()).get(page(owner)))

    for words in (
        f">{HTTPS}/connect/callback</code> as its callback.", f">{HTTPS}</code> is its home.", "The council reviews",
        'href="https://console.example.org/apps"', "post.write media.upload", 'data-copy="#redirect"', "App key",
        "App secret", "Bot token", "From the tab Bots.",
    ):  # fmt: skip
        assert words in guide


def test_further_fields_are_kept_sealed_and_given_to_the_network(toy: ToyBox) -> None:
    owner = people.owner()

    answer = enter(owner)

    assert AppCredential.objects.get(network="toy").app().more == {"bot": TYPED["bot"]}
    for secret in (SECRET, TYPED["bot"]):
        assert secret not in everything_kept() + said(answer)
    assert SECRET not in repr(AppCredential.objects.get(network="toy").app())


def test_what_is_left_empty_stays_as_it_was_for_the_same_app_only(toy: ToyBox) -> None:
    owner = people.owner()
    enter(owner)

    enter(owner, client_secret="", bot="rotated")
    kept = AppCredential.objects.get(network="toy").app()
    other = enter(owner, client_id="another", client_secret="")

    assert (kept.client_secret, kept.more) == (SECRET, {"bot": "rotated"})
    assert "This is still needed: App secret." in said(other)
    assert AppCredential.objects.get(network="toy").client_id == CLIENT


def test_the_list_says_how_it_stands_with_every_network_that_needs_an_app(toy: ToyBox) -> None:
    owner = people.owner()
    client = people.signed_in(owner)

    before = said(client.get(page(owner, "apps")))
    enter(owner)
    untried = said(client.get(page(owner, "apps")))
    tried(owner)
    fine = said(client.get(page(owner, "apps")))

    assert "Toy town" in before
    assert "Mastodon" not in before
    assert "For this workspace" in untried
    assert "Not tested" in untried
    assert "Works" in fine


@pytest.mark.parametrize("role", ["editor", "contributor", "client"])
def test_only_who_manages_the_workspace_sees_or_changes_credentials(toy: ToyBox, role: str) -> None:
    owner = people.owner()
    enter(owner)
    client = people.signed_in(people.member(owner, role))

    assert client.get(page(owner, "apps")).status_code == 403
    assert client.get(page(owner)).status_code == 403
    assert client.post(page(owner), TYPED | {"client_id": "theirs"}).status_code == 403
    assert client.post(page(owner, "apps/toy/try")).status_code == 403
    assert client.post(page(owner, "apps/toy/remove")).status_code == 403
    assert AppCredential.objects.get(network="toy").client_id == CLIENT


def test_only_an_operator_tests_changes_and_removes_the_instances(toy: ToyBox) -> None:
    operator, owner = people.owner(is_operator=True), people.owner()
    enter(operator, everywhere="on")
    client = people.signed_in(owner)

    shown = said(client.get(page(owner)))
    answers = [
        client.post(page(owner), TYPED | {"everywhere": "on", "client_id": "theirs"}),  # becomes the workspace's own
        client.post(page(owner, "apps/toy/try"), {"everywhere": "on"}),
        client.post(page(owner, "apps/toy/remove?everywhere=on")),
    ]

    assert [answer.status_code for answer in answers] == [302, 403, 403]
    assert CLIENT not in shown
    assert "Whoever runs this instance entered them" in shown
    assert AppCredential.objects.get(network="toy", workspace=None).client_id == CLIENT


def test_another_workspaces_credentials_are_never_used(toy: ToyBox) -> None:
    other, owner = people.owner(), people.owner()
    enter(other)
    speaks = networks.get("toy")

    assert typed(owner.workspace, speaks) is None
    with pytest.raises(Rejected, match="needs app credentials first"):
        credential(owner.workspace, speaks, speaks.connect[0], {}, site())  # type: ignore[arg-type]
    assert CLIENT not in said(people.signed_in(owner).get(page(owner)))


def test_credentials_that_work_are_said_to_work(toy: ToyBox) -> None:
    enter(owner := people.owner())

    assert tried(owner) == []
    assert not toy.oauth.tokens


def test_a_wrong_secret_is_told_from_all_else(toy: ToyBox) -> None:
    enter(owner := people.owner(), client_secret="wrong")

    (finding,) = tried(owner)

    assert "does not know this App key with this App secret" in finding


def test_a_redirect_url_that_is_not_registered_is_named(toy: ToyBox) -> None:
    toy.oauth.redirects[CLIENT] = {"https://elsewhere.example.org/callback"}
    enter(owner := people.owner())

    (finding,) = tried(owner)

    assert f"Enter {HTTPS}/connect/callback in the app's settings" in finding


BACK = f"{HTTPS}/connect/callback?"


@pytest.mark.parametrize(
    ("page_says", "finding"),
    [
        ((302, {"location": f"{BACK}error=invalid_scope&error_description=media.upload"}, ""), "may not ask for"),
        ((302, {"location": f"{BACK}error=unauthorized_client"}, ""), "turns this app away"),
        ((200, {}, "<script>redirect_uri</script><h1>App not active</h1>Ask its maker"), "may not be live"),
        ((400, {}, "<h1>The redirect address is unknown</h1>"), "does not have this instance's redirect URL"),
    ],
)  # fmt: skip
def test_what_the_sign_in_page_says_is_understood(
    toy: ToyBox, page_says: tuple[int, dict[str, str], str], finding: str
) -> None:
    toy.page_says = page_says
    enter(owner := people.owner())

    assert [finding in found for found in tried(owner)] == [True]


@pytest.mark.parametrize(
    "page_says",
    [(302, {"location": "https://town.example.org/login?next=/authorize"}, ""), (200, {}, "Sign in"), (403, {}, "")],
)
def test_a_sign_in_page_that_asks_to_sign_in_or_keeps_programs_out_is_no_finding(
    toy: ToyBox, page_says: tuple[int, dict[str, str], str]
) -> None:
    toy.page_says = page_says
    enter(owner := people.owner())

    assert tried(owner) == []


def test_a_network_that_is_down_is_said_to_be_down(toy: ToyBox) -> None:
    toy.trick("down", "/token")
    enter(owner := people.owner())

    assert "could not be asked just now" in tried(owner)[0]


def test_an_address_that_no_network_can_send_people_back_to_is_found(
    toy: ToyBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(owner := people.owner())
    for address, words in (
        ("http://127.0.0.1:8000", "only this machine"),
        ("http://social.example.org", "TIDINGS_BASE_URL"),
    ):
        monkeypatch.setattr(ours(), "base_url", address)

        assert [words in finding for finding in tried(owner)] == [True]


def test_a_secret_that_a_network_repeats_is_not_shown(toy: ToyBox) -> None:
    toy.page_says = (400, {}, f"Wrong app: {CLIENT} {SECRET}")
    enter(owner := people.owner())

    assert SECRET not in "".join(tried(owner)) + everything_kept()


def test_credentials_are_removed_only_when_no_channel_needs_them(toy: ToyBox) -> None:
    enter(owner := people.owner())
    channel = people.channel(owner, network="toy", app=AppCredential.objects.get(network="toy"))
    client = people.signed_in(owner)

    refused = said(client.post(page(owner, "apps/toy/remove"), follow=True))
    client.post(f"{people.home(owner)}/channels/{channel.id}/disconnect")
    client.post(page(owner, "apps/toy/remove"))

    assert "1 channel is connected with these credentials" in refused
    assert not AppCredential.objects.filter(network="toy").exists()


def test_replaced_credentials_are_forgotten_with_their_last_channel(toy: ToyBox) -> None:
    enter(owner := people.owner())
    channel = people.channel(owner, network="toy", app=AppCredential.objects.get(network="toy"))
    enter(owner, client_id="another")
    before = said(people.signed_in(owner).get(page(owner)))

    people.signed_in(owner).post(f"{people.home(owner)}/channels/{channel.id}/disconnect")

    assert "1 with what was kept before" in " ".join(before.split())
    assert [row.client_id for row in AppCredential.objects.filter(network="toy")] == ["another"]
    assert not Channel.objects.exists()


def test_a_network_that_asks_in_its_own_way_is_let_do_so(toy: ToyBox, monkeypatch: pytest.MonkeyPatch) -> None:
    sharper = classmethod(lambda cls, app, site, door: [f"Make {site.name} a test user."])
    monkeypatch.setattr(networks.get("toy"), "trial", sharper, raising=False)
    enter(owner := people.owner())

    assert tried(owner) == [f"Make {ours().name} a test user."]


def test_a_profile_keeps_no_secret_in_its_name() -> None:
    profile = Profile("1", "@a", "A", secrets={"page_token": "never-shown"})

    assert "never-shown" not in repr(profile) + repr(Access(profile, {"access_token": "never-shown"}))
