"""The rehearsal's first act: signing in on the simulator, in every way that the network declares."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from tidings.commands.specs.record import Recorder
from tidings.core.http import Request, form
from tidings.networks.base import Access, App, Field, Grant, Link, Network, OAuth2, Password, Pending, Profile, Site
from tidings.networks.errors import Rejected
from tidings.networks.oauth import Flow

HERE = "http://127.0.0.1:8000"
SITE = Site("Tidings", HERE, f"{HERE}/connect/callback")


def enter(network: type[Network], way: OAuth2 | Password | Link, door: Recorder) -> Access:
    """What a channel would hold after connecting in this way; raises a Reaction when that does not work."""
    fields = {**_usual(way.fields), **door.simulator.typed()}
    access = Access(Profile("", "", ""), {}, network.server(fields, door))
    if isinstance(way, Password):
        return _known(network, access, network(access, door, "connect").sign_in(fields), door)
    if isinstance(way, Link):
        access = replace(access, app=_given(door) if way.needs_app else None)
        pending = network.leave(access.server, access.app, SITE)
        grant = network.arrive(access.server, access.app, door, pending.keep, _allowed(pending, door))
    else:
        app = _given(door) if way.needs_app else network.register(access.server, SITE, door)
        access = replace(access, app=app)
        grant = _through_oauth(network, way, access, app, fields, door)
    return _known(network, access, grant, door)


def can_enter(way: OAuth2 | Password | Link, door: Recorder) -> bool:
    """Whether the simulator says what to type."""
    needed = {field.name for field in way.fields if not (field.optional or field.default)}
    return needed <= door.simulator.typed().keys()


def _usual(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: field.default for field in fields if field.default or field.optional}


def _given(door: Recorder) -> App:
    """The app that an operator would have entered."""
    return door.simulator.access().app or App(*next(iter(door.simulator.oauth.clients.items())))


def _through_oauth(
    network: type[Network], way: OAuth2, access: Access, app: App, fields: Mapping[str, str], door: Recorder
) -> Grant:
    where = network.endpoints(access.server)
    door.sign_in |= {where.token, where.revoke, where.pushed}
    flow = Flow(where, app, door, network.assertion)
    pending = flow.begin(way, SITE, fields.get("handle", ""))
    grant = flow.finish(SITE, pending.keep, _allowed(pending, door))
    if not network.has("lengthen"):
        return grant
    longer = network(_holding(access, grant), door, "connect").lengthen()
    return Grant({**grant.secrets, **longer.secrets}, longer.ends_at)


def _allowed(pending: Pending, door: Recorder) -> dict[str, str]:
    """What the consent page sends back with a person who allows us in. That is no request of ours."""
    body, kind = form({"answer": "allow", "account": "demo"})
    answer = door.door(Request("POST", pending.url, "connect", kind, body))
    if "location" not in answer.headers:
        raise Rejected(f"the consent page answered {answer.status}")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def _holding(access: Access, grant: Grant) -> Access:
    return replace(access, profile=Profile(grant.secrets.get("sub", ""), "", ""), secrets=grant.secrets)


def _known(network: type[Network], access: Access, grant: Grant, door: Recorder) -> Access:
    """Whose access it is."""
    speaker = network(_holding(access, grant), door, "connect")
    first, *_rest = speaker.channels()
    server = {**speaker.announced(), **first.server}
    return replace(access, profile=first, secrets={**grant.secrets, **first.secrets}, server=server)
