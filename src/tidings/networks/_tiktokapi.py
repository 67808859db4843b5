"""How TikTok's API is spoken to, and how a film goes up to it in pieces.

https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tidings.core import clock
from tidings.core.http import Answer, Request
from tidings.networks import _signed, _tiktok
from tidings.networks.base import Sending, ask
from tidings.networks.errors import Later, Reconnect, Unsure
from tidings.networks.oauth import Refreshes
from tidings.networks.seam import App, Heard, Notice, Outgoing, Rendition

URL_LIVES = timedelta(minutes=55)  # an address to send a film to is good for an hour
BUSY = ("spam_risk_too_many_posts", "spam_risk_too_many_pending_share", "reached_active_user_cap")
ADVICE = {
    "unaudited_client_can_only_post_to_private_accounts":
        "Until TikTok has audited the app, it publishes for private profiles only. Send a draft, or make the profile "
        "private for the moment.",
    "url_ownership_unverified": "This server's address has to be verified in the app's settings on TikTok.",
}


class TikTokApi(Refreshes):
    """Answers with a code of their own, and uploads under an id that can be asked for."""

    codes = {
        "access_token_invalid": Reconnect, "scope_not_authorized": Reconnect, "rate_limit_exceeded": Later,
        **dict.fromkeys(BUSY, Later),
    }
    hears = ("ended",)
    hosts = {"page": "https://www.tiktok.com", "api": "https://open.tiktokapis.com"}

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """One address gets every event; only the end of an access matters here."""
        said = _signed.stamped("tiktok-signature", notice, app)
        if said is None or said.get("client_key") != app.client_id:
            return None
        over = said.get("event") == "authorization.removed" and bool(said.get("user_openid"))
        return Heard((str(said["user_openid"]),) if over else (), _signed.instant(said.get("create_time")))

    def data(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return dict(self.call(method, f"{self.hosts['api']}{path}", json=wish).json()["data"])

    def code(self, answer: Answer) -> str:
        """Every answer has one, also a success: "ok"."""
        body = answer.json()
        told = body.get("error") if isinstance(body, dict) else None
        code = str(told.get("code", "")) if isinstance(told, dict) else ""
        return "" if code == "ok" else code

    def said(self, answer: Answer) -> str:
        return ADVICE.get(self.code(answer)) or super().said(answer)

    def again_at(self, answer: Answer) -> datetime | None:
        """They do not say."""
        code = self.code(answer)
        if code in BUSY:
            return clock.now() + timedelta(days=1)
        return super().again_at(answer) or (clock.now() + timedelta(minutes=1) if answer.status == 429 else None)

    def status(self, id: str) -> dict[str, Any]:
        return self.data("POST", "/v2/post/publish/status/fetch/", {"publish_id": id})

    def film(self, outgoing: Outgoing, sending: Sending) -> str:
        """Nothing comes of it before its last piece has gone up: only that one is the commit."""
        film = outgoing.media[0]
        begun = sending.once("init", lambda: self._begin(outgoing), URL_LIVES)
        size, many = _tiktok.plan(film)
        last = size * (many - 1)
        if last:
            sending.once(f"pieces-{begun['publish_id']}", lambda: self._send(film, begun, 0, last))
        sending.commit(lambda: self._send(film, begun, last, film.size))
        return str(begun["publish_id"])

    def _begin(self, outgoing: Outgoing) -> dict[str, str]:
        wish: dict[str, Any] = {"source_info": _tiktok.source(outgoing.media[0])}
        if _tiktok.direct(outgoing):
            wish["post_info"] = _tiktok.said(outgoing)
        path = "video/init/" if _tiktok.direct(outgoing) else "inbox/video/init/"
        data = self.data("POST", f"/v2/post/publish/{path}", wish)
        return {name: str(data[name]) for name in ("publish_id", "upload_url")}

    def _send(self, film: Rendition, begun: Mapping[str, str], at: int, end: int) -> int:
        """From here to there; TikTok says in each answer how much it has, also where it wants another piece."""
        size = _tiktok.plan(film)[0]
        with film.stream() as file:
            while at < end:
                file.seek(at)
                to = film.size if at + 2 * size > film.size else at + size
                there = self._piece(begun["upload_url"], film, at, file.read(to - at))
                if there <= at:
                    raise Later("TikTok does not take the film any further.")
                at = there
        return at

    def _piece(self, url: str, film: Rendition, at: int, chunk: bytes) -> int:
        """The address is the secret: it gets no token."""
        span = {"Content-Range": f"bytes {at}-{at + len(chunk) - 1}/{film.size}", "Content-Type": film.mime}
        answer = ask(self.door, Request("PUT", url, self.purpose, span, chunk, 300))
        if answer.status in (403, 404):
            raise Unsure("TikTok no longer knows this upload: it has ended, or is whole.")
        if answer.status != 416:
            self.judge(answer)
        return film.size if answer.status == 201 else _tiktok.came(answer)
