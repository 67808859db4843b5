"""Keys are exchanged under a running process: it goes on serving, signing people in and sending."""

import json
import subprocess
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.commands.test_move_database import TIDINGS, environment
from tests.commands.test_serving import Site, _until, serving

API = "/api/v1/workspaces/demo"


def _post(site: Site, path: str, body: dict[str, Any]) -> Any:
    handlers = vars(site.browser)["handlers"]
    (jar,) = (one.cookiejar for one in handlers if isinstance(one, urllib.request.HTTPCookieProcessor))
    (csrf,) = (cookie.value for cookie in jar if cookie.name.endswith("csrf"))
    heads = {"Content-Type": "application/json", "X-CSRFToken": str(csrf), "Referer": site.url}
    wish = urllib.request.Request(site.url + path, json.dumps(body).encode(), heads)
    with site.browser.open(wish, timeout=30) as answer:
        return json.load(answer)


def _newcomer(site: Site) -> Site:
    """Another browser."""
    return Site(site.process, int(site.url.rpartition(":")[2]))


def _goes_on(process: "subprocess.Popen[bytes]") -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    return process.poll() is None


def _schedule(site: Site, text: str, channels: list[str], when: datetime) -> str:
    post = _post(site, f"{API}/posts", {"channels": channels, "items": [{"text": text}]})["id"]
    _post(site, f"{API}/posts/{post}/schedule", {"at": when.isoformat()})
    return str(post)


def _channels(site: Site, network: str) -> list[str]:
    """Those that the demo has already."""
    return [one["id"] for one in json.loads(site.get(f"{API}/channels")[2]) if one["network"] == network]


def _out(site: Site, post: str) -> bool:
    deliveries = json.loads(site.get(f"{API}/posts/{post}/deliveries")[2])["deliveries"]
    return {one["state"] for one in deliveries} == {"delivered"}


def test_while_keys_are_exchanged_people_stay_signed_in_sign_in_and_posts_go_out(tmp_path: Path) -> None:
    with serving("demo", tmp_path / "home", "--small") as site:
        site.get("/")
        channels = _until(lambda: _channels(site, "mastodon"))[:1]
        home = tmp_path / "home" / "demo"
        before = json.loads((home / "keys.json").read_text())
        posts = [_schedule(site, "while", channels, datetime.now(UTC) + timedelta(seconds=3))]
        rotation = subprocess.Popen(
            [TIDINGS, "keys", "rotate", "--values", "--grace", "2"], env=environment(home), stderr=subprocess.PIPE
        )
        while _goes_on(rotation):
            assert site.get(f"{API}/channels")[0] == 200
            assert _newcomer(site).get("/")[1].startswith(f"{site.url}/w/demo/")
        assert rotation.communicate()[1].count(b"Waiting 2 seconds") == 2
        assert rotation.returncode == 0
        after = json.loads((home / "keys.json").read_text())
        assert len(after) == 1
        assert not set(after) & set(before)
        posts.append(_schedule(site, "after", channels, datetime.now(UTC)))
        assert _until(lambda: all(_out(site, post) for post in posts))
        assert _newcomer(site).get("/")[0] == 200
