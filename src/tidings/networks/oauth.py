"""OAuth 2, told once: begin, finish, refresh, revoke. RFC 6749, PKCE (7636), PAR (9126), DPoP (9449), iss (9207)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tidings.core import clock, http
from tidings.core.http import Answer, Purpose, Transport
from tidings.networks import dpop, errors
from tidings.networks.base import Network, ask
from tidings.networks.declare import Endpoints, OAuth2
from tidings.networks.errors import Reaction, Reconnect, Rejected
from tidings.networks.seam import App, Grant, Pending, Site

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEPT = ("refresh_token", "sub", "scope")  # what is kept of every token answer beside the token itself
PROOFS = ("code", "code_verifier", "refresh_token", "token")  # of what is sent: who reads them may use them
Assertion = Callable[[App, str], str]  # signs a client assertion for this audience (private_key_jwt)


@dataclass(frozen=True)
class Flow:
    """One network's OAuth with one app: everything the steps share."""

    endpoints: Endpoints
    app: App
    door: Transport
    assertion: Assertion | None = None

    def begin(self, way: OAuth2, site: Site, login_hint: str = "") -> Pending:
        """Where to send the person. `state` and the PKCE verifier stay with us."""
        keep = {"state": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}
        if self.endpoints.dpop:
            keep["dpop_key"] = dpop.new_key()
        wish = {
            "response_type": "code",
            self.endpoints.client: self.app.client_id,
            "redirect_uri": site.redirect_uri,
            "scope": self.endpoints.separator.join(way.scopes),
            "state": keep["state"],
            **self.endpoints.extra,
        }
        if self.endpoints.pkce:
            wish |= {"code_challenge": _challenge(keep["verifier"]), "code_challenge_method": "S256"}
        if login_hint:
            wish["login_hint"] = login_hint
        if self.endpoints.pushed:
            wish = self._push(wish, keep.get("dpop_key", ""))
        return Pending(f"{self.endpoints.authorize}?{urlencode(wish)}", keep)

    def _push(self, wish: Mapping[str, str], key: str) -> dict[str, str]:
        body = self._post(self.endpoints.pushed, wish, key, "connect")
        return {"client_id": self.app.client_id, "request_uri": str(body["request_uri"])}

    def finish(self, site: Site, keep: Mapping[str, str], query: Mapping[str, str]) -> Grant:
        """Secrets for the code in `query`; raises Rejected when the callback is not the answer to our question."""
        same_state(keep, query)
        same_server(self.endpoints, query)
        if "code" not in query:
            raise Rejected(query.get("error_description") or "Access was not granted.")
        brought = {name: query[name] for name in self.endpoints.brings if name in query}
        wish = {
            "grant_type": "authorization_code",
            "code": query["code"],
            "redirect_uri": site.redirect_uri,
            **({"code_verifier": keep["verifier"]} if self.endpoints.pkce else {}),
            **brought,
        }
        said = self._post(self.endpoints.token, wish, keep.get("dpop_key", ""), "connect")
        return self._grant(said, {**keep, **brought})

    def as_app(self) -> str:
        """A token of the app itself, without a person (RFC 6749, 4.4)."""
        said = self._post(self.endpoints.token, {"grant_type": "client_credentials"}, "", "connect")
        return self._grant(said, {}).secrets["access_token"]

    def refresh(self, old: Mapping[str, str]) -> Grant:
        """Fresh secrets for `old`; raises Reconnect when the network has ended the grant."""
        if not old.get("refresh_token"):
            raise Reconnect("Access has ended and there is no refresh token.")
        along = {name: old[name] for name in self.endpoints.sends if name in old}
        wish = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"], **along}
        return self._grant(self._post(self.endpoints.token, wish, old.get("dpop_key", ""), "refresh"), old)

    def revoke(self, old: Mapping[str, str]) -> None:
        """Tell the network to forget both tokens (RFC 7009)."""
        for name in ("refresh_token", "access_token"):
            if self.endpoints.revoke and old.get(name):
                self._post(self.endpoints.revoke, {"token": old[name]}, old.get("dpop_key", ""), "revoke")

    def _post(self, url: str, wish: Mapping[str, str], key: str, purpose: Purpose) -> dict[str, Any]:
        fields, headers = self._identify(dict(wish))
        request = self._request(url, purpose, {"Accept": "application/json", **headers}, fields)
        send: Transport = dpop.proving(self.door, key) if key else self.door
        try:
            return _judged(ask(send, request))
        except Reaction as reaction:
            reaction.hide([*(wish[name] for name in PROOFS if name in wish), self.app.client_secret])
            raise

    def _request(
        self, url: str, purpose: Purpose, headers: Mapping[str, str], fields: Mapping[str, str]
    ) -> http.Request:
        if self.endpoints.by == "query":
            return http.Request("GET", f"{url}?{urlencode(fields)}", purpose, headers)
        body, kind = http.json_body(fields) if self.endpoints.by == "json" else http.form(fields)
        return http.Request("POST", url, purpose, {**headers, **kind}, body)

    def _identify(self, fields: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Prove which client we are, in the way the server wants it."""
        how, app = self.endpoints.client_auth, self.app
        if how == "basic" and app.client_secret:
            pair = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
            return fields, {"Authorization": f"Basic {pair}"}
        fields[self.endpoints.client] = app.client_id
        if how == "post" and app.client_secret:
            fields["client_secret"] = app.client_secret
        if how == "private_key_jwt" and self.assertion:
            proof = self.assertion(app, self.endpoints.issuer or self.endpoints.token)
            fields |= {"client_assertion_type": JWT_BEARER, "client_assertion": proof} if proof else {}
        return fields, {}

    def _grant(self, body: Mapping[str, Any], kept: Mapping[str, str]) -> Grant:
        if not body.get("access_token"):
            raise Rejected("The network answered without an access token.")
        ours = (*KEPT, *self.endpoints.keeps, *self.endpoints.brings)
        given = {k: str(body[k]) for k in ("access_token", *ours) if body.get(k)}
        carried = {k: v for k, v in kept.items() if k in ("dpop_key", *ours)}
        ends = body.get("expires_in")
        ends_at = clock.now() + timedelta(seconds=int(ends)) if ends else None
        return Grant({**carried, **given}, ends_at)


class Revokes(Network):
    """A network whose access is taken back by OAuth."""

    def flow(self) -> Flow:
        """The OAuth that this channel was connected by."""
        if self.access.app is None:
            raise Reconnect("The app this profile was connected with is no longer known.")
        return Flow(self.endpoints(self.access.server), self.access.app, self.door, self.assertion)

    def revoke(self) -> None:
        """Tell the network to forget both tokens."""
        self.flow().revoke(self.access.secrets)


class Refreshes(Revokes):
    """A network whose access is renewed by OAuth. What a one-shot refresh token gives is saved before it is used."""

    def renew(self) -> Grant:
        """Fresh secrets before the old ones end."""
        return self.flow().refresh(self.access.secrets)


def same_state(keep: Mapping[str, str], query: Mapping[str, str]) -> None:
    """Raises Rejected unless this is the answer to our question."""
    if not hmac.compare_digest(query.get("state", ""), keep["state"]):
        raise Rejected("This sign-in was not begun here, or has already been used. Please connect again.")


def same_server(endpoints: Endpoints, query: Mapping[str, str]) -> None:
    """Raises Rejected when it is another server's answer (RFC 9207); of one that announced no name, its host counts."""
    said = query.get("iss")
    hosts = {urlsplit(url).netloc for url in (endpoints.authorize, endpoints.token)}
    same = said == endpoints.issuer if endpoints.issuer else said is None or urlsplit(said).netloc in hosts
    if not same:
        raise Rejected("The answer came from another server than the one you went to.")


def client_assertion(app: App, audience: str) -> str:
    """A minute's proof that we are `app`, whose secret is a private JWK (RFC 7523)."""
    now = int(clock.now().timestamp())
    claims: dict[str, str | int] = {
        "iss": app.client_id, "sub": app.client_id, "aud": audience,
        "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 60,
    }
    return dpop.sign(claims, app.client_secret, {"kid": dpop.thumbprint(app.client_secret)})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _judged(answer: Answer) -> dict[str, Any]:
    """The answer's JSON; raises Reconnect for a grant that has ended, else by status."""
    body = answer.json()
    body = body if isinstance(body, dict) else {}
    error = body.get("error")
    words = error.get("message") if isinstance(error, dict) else error  # Meta tells its errors as an object
    said = str(body.get("error_description") or words or "")
    if error == "invalid_grant":
        raise Reconnect(said)
    if error in ("invalid_client", "unauthorized_client"):
        raise Rejected(f"The network does not accept this instance's app credentials ({said}).")
    problem = errors.by_status(answer, said)
    if problem:
        raise problem
    return body
