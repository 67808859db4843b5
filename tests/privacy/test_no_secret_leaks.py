"""Known secrets in everything, through a whole life with faults of every kind: none shows outside its one place."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache

from tests import people
from tests.conftest import Town
from tests.journeys.test_connect_every_network import Scene, connected
from tests.media.stack import served
from tests.permissions.routes import address, django_routes
from tests.privacy.leaks import Echo, Watched, leaks, logged, of_channels
from tests.privacy.lives import packed
from tests.web.test_second_factor import code, recovery_codes
from tidings import networks, outside
from tidings.channels import refresh, revoke
from tidings.channels.models import Channel, Revocation
from tidings.core import clock
from tidings.core.http import Door
from tidings.deliveries.models import Attempt, Delivery
from tidings.deliveries.worker import Worker
from tidings.settings import settings as ours
from tidings.web import attention
from tidings.workspaces.models import Member

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD, OTHER = "Walrus-and-carpenter-1871", "Looking-glass-insects-1872"
TEXT = "Oysters-only-after-midnight"
WAYS = (  # one of each kind: many servers, one server, DPoP, a bot whose token stands in addresses, a password
    ("mastodon", 0), ("x", 0), ("bluesky", 0), ("telegram", 0), ("email", 0),
)  # fmt: skip
METRICS = "m3trics-Read-Only-77"


@dataclass
class Life:
    """Somebody at their browser, all they were shown, and every secret by what it is."""

    owner: Member
    echo: Echo
    town: Town
    seen: list[tuple[str, str]] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    def browser(self) -> Watched:
        """A fresh one."""
        return Watched(self.seen)

    def signed_in(self, password: str) -> Watched:
        """One that signed in by typing."""
        browser = self.browser()
        browser.post("/accounts/login/", {"login": self.owner.user.email, "password": password})
        browser.post("/accounts/reauthenticate/", {"password": password})
        assert "session" in browser.cookies, self.seen[-1]
        for name in ("session", "csrf"):
            self.knows(f"{name} cookie", browser.cookies[name].value if name in browser.cookies else "")
        return browser

    def knows(self, what: str, *values: str) -> None:
        """These are secrets."""
        self.secrets |= {f"{what} {value[:3]}…": value for value in values if value}


@pytest.fixture
def life(town: Town, door: Door, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    monkeypatch.setattr(ours(), "metrics_token", METRICS)
    echo = Echo(door)
    outside.use(cast(Door, echo))
    life = Life(people.owner(is_operator=True), echo, town)
    life.owner.user.set_password(PASSWORD)
    life.owner.user.save()
    life.knows("password", PASSWORD, OTHER)
    life.knows("secret key", str(settings.SECRET_KEY))
    life.knows("metrics token", METRICS)
    life.knows("key ring", *re.findall(r'"([\w+/=-]{40,})"', (ours().home / "keys.json").read_text()))
    yield life
    outside.use(None)


def _links(life: Life) -> Watched:
    """A mistyped password, an invitation, a forgotten password; the browser that is signed in afterwards."""
    stranger, first = life.browser(), life.signed_in(PASSWORD)
    stranger.post("/accounts/login/", {"login": life.owner.user.email, "password": PASSWORD[::-1]})
    life.knows("mistyped password", PASSWORD[::-1])
    first.post(f"{people.home(life.owner)}/settings/members/invite", {"email": "guest@example.org", "role": "editor"})
    stranger.post("/accounts/password/reset/", {"email": life.owner.user.email})
    said = "\n".join(str(one.body) for one in mail.outbox)
    (invitation,), (key,) = re.findall(r"/join/([\w-]+)", said), re.findall(r"/reset/key/([\w-]+)", said)
    life.knows("invitation", invitation)
    life.knows("reset key", key.partition("-")[2])
    life.browser().get(f"/join/{invitation}")
    page = stranger.get(f"/accounts/password/reset/key/{key}/", follow=True)
    stranger.post(page.request["PATH_INFO"], {"password1": OTHER, "password2": OTHER})
    return life.signed_in(OTHER)


def _factors(life: Life, browser: Watched) -> None:
    EmailAddress.objects.filter(user=life.owner.user).update(verified=True, primary=True)
    browser.post("/accounts/reauthenticate/", {"password": OTHER})
    secret = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    browser.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    cache.clear()
    codes = recovery_codes(browser)
    assert codes
    life.knows("TOTP secret", secret)
    life.knows("recovery code", *codes)
    wish = {"name": "script", "read": "on", "days": "90"}
    made = browser.post(f"{people.home(life.owner)}/settings/keys", wish, follow=True)
    keys = re.findall(r"\btdg_\w{8}_[\w-]{20,}", made.content.decode())
    assert keys, made.content.decode()[-3000:]
    life.knows("API key", *set(keys))


def _channels(life: Life, browser: Watched) -> list[Channel]:
    """One channel by each way; each refused once before, with all that was typed repeated."""
    made = []
    for name, way in WAYS:
        scene = Scene(life.owner, browser, cast(Door, life.echo), life.town[name])
        life.echo.armed = 400
        with suppress(AssertionError, StopIteration):
            connected(scene, way)
        life.echo.armed = 0
        connected(scene, way)
        made.append(Channel.objects.filter(network=name).latest("connected_at"))
    return made


def _work(life: Life, minutes: int) -> None:
    worker = Worker(cast(Door, life.echo), senders=2)
    try:
        with clock.shifted(timedelta(minutes=minutes)):
            worker.run_until_idle()
    finally:
        worker.stop()


def chosen(life: Life, channel: Channel) -> dict[str, Any]:
    """What has to be chosen on this network."""
    first = next(iter(life.town[channel.network].shapes().values()))
    return {"channel": str(channel.id), "options": dict(first.options)}


def _sent(life: Life, browser: Watched, channels: list[Channel]) -> None:
    """Once well, then while every network repeats all it was sent, as each kind of refusal and fault."""
    for number, status in enumerate((0, 400, 500)):
        item = {"text": f"{TEXT} {number}", "variants": [chosen(life, channel) for channel in channels]}
        draft = {"channels": [str(channel.id) for channel in channels], "items": [item]}
        post = browser.post(f"{people.api(life.owner)}/posts", draft, "application/json").json()
        at = f"{people.api(life.owner)}/posts/{post['id']}/schedule"
        told = browser.post(at, {"now": True}, "application/json")
        assert told.status_code < 300, told.content
        life.echo.armed = status
        for minutes in (0, 20):
            _work(life, number * 60 + minutes)
        for channel in channels:
            if channel.speaks.has("renew"):
                refresh.refresh(channel)
        life.echo.armed = 0


def _faults(life: Life, browser: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page and a network's file that break, with what they hold in their variables."""
    def breaking(*args: Any, **_more: Any) -> Any:
        held = [life.secrets, args]
        raise RuntimeError(f"broken with {len(held)}")

    with monkeypatch.context() as patch:
        patch.setattr(attention, "render", breaking)
        patch.setattr(networks.get("mastodon"), "publish", breaking)
        assert browser.get(f"{people.home(life.owner)}/attention").status_code == 500
        _work(life, 60 * 24)


def _visited(life: Life, browser: Watched) -> None:
    """Every page there is."""
    one, out = Channel.objects.latest("connected_at"), Delivery.objects.latest("due_at")
    ids = {"slug": life.owner.workspace.slug, "network": one.network, "channels": str(one.id),
           "posts": str(out.post_id), "deliveries": str(out.id)}
    for route in django_routes():
        if "logout" not in route:
            browser.get(address(route, ids))
    with served() as port:
        for path in ("healthz", "readyz", "metrics", "health"):
            try:
                with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as said:
                    life.seen.append((f"GET /{path}", said.read().decode()))
            except OSError as refused:
                life.seen.append((f"GET /{path}", str(refused)))


def _kept(life: Life, folder: Path) -> Iterator[tuple[str, str]]:
    """What is kept to be read: reasons, mails, an export."""
    for rows in (Attempt.objects.all(), Channel.objects.all(), Revocation.objects.all(), Delivery.objects.all()):
        for row in rows:
            yield f"a row of {type(row).__name__}", f"{getattr(row, 'reason', '')} {getattr(row, 'paused', '')}"
    for one in mail.outbox:
        text = re.sub(r"/(join|key)/\S+", "", str(one.body))
        yield f"mail {one.subject!r}", text
    with ZipFile(packed(life.owner.user, folder)) as archive:
        for name in archive.namelist():
            yield f"export {name}", archive.read(name).decode("latin-1")


PLACES = {  # what is meant to be shown once, and where
    "API key": r"GET /w/[^/]+/settings/keys",
    "invitation": r"GET /(w/[^/]+/settings/members|join/.*)",
    "recovery code": r"GET /accounts/2fa/recovery-codes/.*",
    "TOTP secret": r"GET /accounts/2fa/totp/activate/",
}


def test_no_secret_shows_in_a_page_an_answer_a_log_line_a_reason_a_mail_or_an_export(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged() as lines:
        browser = _links(life)
        channels = _channels(life, browser)
        _sent(life, browser, channels)
        _factors(life, browser)
        _faults(life, browser, monkeypatch)
        life.knows("kept of a channel or app", *of_channels())
        _visited(life, browser)
        life.echo.armed = 500
        for channel in channels:
            browser.post(f"{people.home(life.owner)}/channels/{channel.id}/disconnect")
        revoke.end()
    life.knows("sent to a network", *life.echo.secrets)
    shown = [*life.seen, *_kept(life, tmp_path), ("the log", lines.getvalue())]

    found = leaks(life.secrets, shown)
    assert [one for one in found if not _meant(one)] == []
    assert "broken with 2" in lines.getvalue()
    assert Delivery.objects.filter(state="delivered").count() >= len(channels) - 1
    assert len(life.secrets) > 40
    assert {"failed", "unsure"} <= set(Delivery.objects.values_list("state", flat=True))
    for personal in (TEXT, life.owner.user.email, "guest@example.org"):
        assert personal not in lines.getvalue()


def _meant(leak: str) -> bool:
    what, _, where = leak.partition(" in ")
    return any(what.startswith(kind) and re.fullmatch(place, where) for kind, place in PLACES.items())
