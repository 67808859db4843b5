"""This program as an OAuth client of the AT Protocol: its id is the address of a document it serves itself.

https://atproto.com/specs/oauth
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from tidings.core.http import Transport
from tidings.networks import _atproto, dpop
from tidings.networks.declare import Endpoints
from tidings.networks.errors import Rejected
from tidings.networks.seam import App, Site

ENDPOINTS = {
    "authorize": "authorization_endpoint",
    "token": "token_endpoint",
    "pushed": "pushed_authorization_request_endpoint",
    "revoke": "revocation_endpoint",
}


def register(site: Site, scopes: tuple[str, ...], folder: str) -> App:
    """A fresh key, announced in `folder`; on loopback the protocol's development client, which has none."""
    parts = urlsplit(site.base_url)
    if parts.hostname in ("127.0.0.1", "::1"):
        wish = {"redirect_uri": site.redirect_uri, "scope": " ".join(scopes)}
        return App(f"http://localhost?{urlencode(wish)}")
    if parts.hostname == "localhost":
        raise Rejected(f"Signing in there needs this page opened at http://127.0.0.1:{parts.port or 80}.")
    if parts.scheme != "https" or parts.port:
        raise Rejected("Signing in needs a public https address without a port. Use an app password.")
    return App(f"{folder}/client-metadata.json", dpop.new_key())


def documents(site: Site, app: App, scopes: tuple[str, ...]) -> dict[str, Any]:
    """What authorization servers fetch: who we are, and the public half of our key."""
    if not app.client_secret:
        return {}
    kid = dpop.thumbprint(app.client_secret)
    key = {**dpop.public(app.client_secret), "kid": kid, "alg": "ES256", "use": "sig"}
    about = {
        "client_id": app.client_id,
        "client_name": site.name,
        "client_uri": site.base_url,
        "application_type": "web",
        "redirect_uris": [site.redirect_uri],
        "scope": " ".join(scopes),
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "dpop_bound_access_tokens": True,
        "jwks_uri": app.client_id.rpartition("/")[0] + "/jwks.json",
    }
    return {"client-metadata.json": about, "jwks.json": {"keys": [key]}}


def authorization(pds: str, door: Transport) -> dict[str, str]:
    """Where the authorization server of a PDS answers; empty for a PDS that has none."""
    try:
        resource = _atproto.fetch(f"{pds}/.well-known/oauth-protected-resource", door)
    except Rejected:
        return {}
    issuer = _atproto.safe(str(resource["authorization_servers"][0]))
    about = _atproto.fetch(f"{issuer}/.well-known/oauth-authorization-server", door)
    if about.get("issuer") != issuer:
        raise Rejected(f"{issuer} calls itself {about.get('issuer')}.")
    return {"issuer": issuer} | {name: _atproto.safe(str(about[key])) for name, key in ENDPOINTS.items()}


def endpoints(server: Mapping[str, Any]) -> Endpoints:
    """The endpoints `authorization` found."""
    if not server.get("issuer"):
        raise Rejected("This server has no sign-in page. Use an app password.")
    return Endpoints(
        server["authorize"], server["token"], server["revoke"], server["pushed"], server["issuer"],
        client_auth="private_key_jwt", dpop=True,
    )
