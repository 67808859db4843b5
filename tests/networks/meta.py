"""What the tests of Meta's networks share: media that carry their own address, signing in, and the table of errors."""

import base64
import json
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from tidings.core import http
from tidings.core.http import Answer, Door
from tidings.networks._metarefusals import Forbidden
from tidings.networks.base import Access, App, Grant, Network, OAuth2, Profile, Rendition, Site
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators._meta import CLIENT, SECRET

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
APP = App(CLIENT, SECRET)
REACTIONS: list[tuple[dict[str, Any], type[Reaction]]] = [
    ({"code": 190, "error_subcode": 463}, Reconnect),
    ({"code": 190, "error_subcode": 467}, Reconnect),
    ({"code": 102}, Reconnect),
    ({"code": 10}, Forbidden),
    ({"code": 200}, Forbidden),
    ({"code": 299}, Forbidden),
    ({"code": 4, "is_transient": True}, Later),
    ({"code": 17}, Later),
    ({"code": 32}, Later),
    ({"code": 613}, Later),
    ({"code": 80001}, Later),
    ({"code": 80002}, Later),
    ({"code": 1}, Unsure),
    ({"code": 2, "is_transient": True}, Unsure),
    ({"code": 987, "is_transient": True}, Unsure),
    ({"code": 100}, Rejected),
    ({"code": 368}, Rejected),
    ({"code": 506}, Rejected),
]


def served(piece: Rendition) -> Rendition:
    """The same, with an address that its bytes can be had from: it holds them."""
    whole = base64.b64encode(piece.read()).decode()
    return replace(piece, public=lambda: f"data:{piece.mime};base64,{whole}")


def fault(error: dict[str, Any], status: int = 400, headers: dict[str, str] | None = None) -> Answer:
    """An answer of the Graph API that carries this error."""
    return Answer(status, headers or {}, json.dumps({"error": {"message": "No.", **error}}).encode())


def speaker(network: type[Network], door: Door, secrets: dict[str, str]) -> Network:
    """The network, able to speak with these secrets, before it is known whose they are."""
    return network(Access(Profile("", "", ""), secrets, {}, APP), door, "connect")


def sign_in(network: type[Network], door: Door) -> Grant:
    """What a sign-in gives, before it is lengthened."""
    flow = Flow(network.endpoints({}), APP, door)
    pending = flow.begin(cast(OAuth2, network.connect[0]), SITE)
    body, kind = http.form({"answer": "allow", "account": "demo"})
    answer = door(http.Request("POST", pending.url, "connect", kind, body))
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(answer.headers["location"]).query)))
