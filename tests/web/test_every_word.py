"""Every word that people see can be translated: in a language that marks what it knows, nothing else is left."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from tests import people
from tests.house import sentences
from tests.journeys import hostile
from tests.journeys.test_every_state import set_in
from tests.networks.refusals import every
from tests.web.every_word import AS, marked, outside, strings, unmarked, words_of
from tidings import networks, simulators
from tidings.channels.describe import described
from tidings.core import clock
from tidings.deliveries.models import MOVES
from tidings.instance.look import look
from tidings.instance.notices import send_notices
from tidings.networks.base import Network
from tidings.networks.check import check
from tidings.notifications.kinds import KINDS
from tidings.notifications.models import Notification
from tidings.privacy.facts import place
from tidings.privacy.policy import row
from tidings.speech import translated
from tidings.workspaces.api_keys import make
from tidings.workspaces.models import Member

pytestmark = pytest.mark.alike
POLICY = ("/privacy", "/privacy.json")  # has languages of its own (privacy/wording.py)
NAMES = words_of("Tidings Europe Lisbon Ana English Deutsch SQLite PostgreSQL JSON CSV PNG")
KEPT = "Given up after 12 tries. Mastodon did not answer, and the post was not found. It may still appear."


@pytest.fixture
def owner(tmp_path: Path, settings: Any) -> Iterator[Member]:
    with marked(tmp_path), hostile.no_way_out():
        yield people.owner(language=AS, is_operator=True)


def data(owner: Member) -> set[str]:
    """Words that are data of people, and the names of networks."""
    said = {owner.workspace.name, hostile.SECRET, *(network.label for network in networks.every().values())}
    return NAMES.union(*map(words_of, said), *map(_policy, networks.every().values()))


def _policy(network: type[Network]) -> set[str]:
    """What the privacy policy says of it, as pages do that show a line of the policy."""
    said = row(place(network), AS)
    return words_of(" ".join((said.terms, said.policy, *(words for words, _url in said.links))))


def left(client: Client, addresses: list[str], known: set[str]) -> dict[str, str]:
    """Lines that no translation reaches, each with a page it stands on."""
    found: dict[str, str] = {}
    for address in addresses:
        answer = client.get(address)
        if "text/html" in answer.headers.get("Content-Type", "") and answer.content:
            found |= dict.fromkeys(unmarked(answer.content.decode(), known), address)
    return found


def bare(words: list[str], known: set[str]) -> list[str]:
    """Those of these texts with words outside of what was translated."""
    return sorted({one for one in words if words_of(outside(one)) - known})


def test_the_words_of_every_page(owner: Member) -> None:
    ids = defaultdict(lambda: "nothing", hostile.scene(owner))
    addresses = {page.format_map(ids) for page in hostile.pages() if not page.startswith("/api/")} - set(POLICY)
    look(lambda: False)
    assert left(people.signed_in(owner), sorted(addresses), data(owner)) == {}


def test_what_a_stranger_reads(owner: Member) -> None:
    stranger = Client(headers={"Accept-Language": AS})
    pages = ["login/", "signup/", "password/reset/", "confirm-email/"]
    assert left(stranger, [*(f"/accounts/{page}" for page in pages), "/join/nothing", "/nowhere"], NAMES) == {}


@pytest.mark.parametrize("state", MOVES)
def test_what_became_of_a_post(owner: Member, state: str) -> None:
    delivery = set_in(owner, state, reason=KEPT)
    delivery.attempts.create(outcome="failed", reason=KEPT, started_at=clock.now(), ended_at=clock.now())
    home, post = people.home(owner), f"{people.home(owner)}/posts/{delivery.post_id}"
    addresses = [post, f"{post}/look", f"{home}/attention", f"{home}/held", f"{home}/channels", "/instance/failed"]
    known = data(owner) | {"Hello"}
    client = people.signed_in(owner)
    assert left(client, addresses, known) == {}
    told = client.get(f"{people.api(owner)}/posts/{delivery.post_id}/deliveries").json()["deliveries"][0]
    assert bare([told["label"], told["reason"]], known) == []
    delivery.refresh_from_db()
    assert delivery.reason == KEPT, "what is kept is kept in English"


def test_the_setting_up_of_every_network(owner: Member) -> None:
    home = f"{people.home(owner)}/channels"
    addresses = [f"{home}/{page}/{name}" for name in networks.every() for page in ("connect", "apps")]
    said = chain.from_iterable(getattr(way, "scopes", ()) for each in networks.every().values() for way in each.connect)
    known = data(owner).union(*(words_of(scope) for scope in said))
    assert left(people.signed_in(owner), addresses, known) == {}


def test_what_the_composer_is_told_of_every_network(owner: Member) -> None:
    known, wrong = data(owner), {}
    for name, simulator in simulators.every("http://127.0.0.1:1").items():
        channel = people.channel(owner, name, server=dict(simulator.access().server))
        with translation.override(AS):
            told = described(channel).model_dump()
        said = [told["limits"]["unit"], *(words for one in told["options"] for words in (one["label"], one["help"]))]
        said += [label for one in told["options"] for value, label in one["choices"] if label != value]
        wrong[name] = bare(said, known)
    assert {name: words for name, words in wrong.items() if words} == {}


def test_what_every_network_refuses_while_somebody_types(owner: Member) -> None:
    known, said, town = data(owner), list[str](), simulators.every("http://127.0.0.1:1")
    for name, refusal in every():
        server = {**town[name].access().server, **refusal.server}
        found = check(networks.get(name), refusal.outgoing, server)
        with translation.override(AS):
            said += [translated(problem.message) for problem in found]
    assert len(said) > 100
    assert bare(said, known) == []


def test_what_people_are_told_by_mail_and_on_their_page(owner: Member) -> None:
    delivery = set_in(owner, "failed", reason=KEPT)
    for kind in KINDS:
        Notification.objects.create(user=owner.user, workspace=owner.workspace, kind=kind, mark=kind, thing="delivery",
                                    thing_id=delivery.pk, mail_at=clock.now())  # fmt: skip
    known = data(owner) | {"Hello"}
    assert left(people.signed_in(owner), ["/notifications"], known) == {}
    send_notices(clock.now())
    (sent,) = mail.outbox
    assert bare([sent.subject, *outside(str(sent.body)).splitlines()], known) == []


def test_a_form_says_what_is_wrong(owner: Member) -> None:
    client, known = people.signed_in(owner), data(owner)
    ids = defaultdict(lambda: "nothing", hostile.scene(owner))
    found: dict[str, str] = {}
    for address in sorted({page.format_map(ids) for page in hostile.pages() if "{" in page and "delete" not in page}):
        answer = client.post(address, {}, follow=True)
        if "text/html" in answer.headers.get("Content-Type", ""):
            found |= dict.fromkeys(unmarked(answer.content.decode(), known), address)
    assert found == {}


def test_a_program_with_a_key_hears_english_unless_it_asks_for_another_language(owner: Member) -> None:
    delivery = set_in(owner, "failed", reason=KEPT)
    _key, token = make(owner, "figures", ["read"])
    address = f"{people.api(owner)}/posts/{delivery.post_id}/deliveries"
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client(headers=bearer).get(address).json()["deliveries"][0]["reason"] == KEPT
    asked = Client(headers=bearer | {"Accept-Language": AS}).get(address).json()["deliveries"][0]["reason"]
    assert asked.startswith("⟦Given up after 12 tries. ⟦Mastodon did not answer")


def test_words_that_are_not_marked_are_seen(owner: Member) -> None:
    page = (
        '<p>Hello</p><p>⟦Save⟧</p><a title="Nobody translates this">⟦Go to ⟦Mastodon⟧⟧</a><button aria-label="Close">×'
        "<p>⟦See <b>all</b> of it⟧ Mastodon</p><code>tidings doctor</code>"
    )
    assert unmarked(page, {"Mastodon"}) == ["Close", "Hello", "Nobody translates this"]


def test_sentences_are_found_in_the_code(owner: Member) -> None:
    code = '"""Not a docstring here."""\nx = f"{label} needs {n} pictures."\ny = "Access was lost."\nz = "not one"'
    assert list(sentences.of_code(code)) == [("kept", "%(label)s needs %(n)s pictures."), ("", "Access was lost.")]
    with translation.override(AS):
        assert translated("Mastodon needs some text.") == "⟦Mastodon needs some text.⟧"
        assert translated("Theirs: a sentence of the network itself.") == "Theirs: a sentence of the network itself."
    assert translated("Mastodon needs some text.") == "Mastodon needs some text."
    assert list(strings({"a": ["b", {"c": "d"}]})) == ["b", "d"]
