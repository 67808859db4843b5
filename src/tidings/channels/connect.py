"""Connect a channel: one flow for every network, driven by what the network declares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from tidings import networks, outside
from tidings.channels.carry import Found, State, sealed
from tidings.channels.credentials import credential, sweep
from tidings.channels.models import AppCredential, Channel
from tidings.channels.pause import BY_MEMBER
from tidings.channels.trial import missing
from tidings.core import clock
from tidings.core.http import Purpose
from tidings.core.ids import new_id
from tidings.networks.base import Access, Grant, Link, Network, OAuth2, Password, Pending, Profile, Site
from tidings.networks.errors import Reaction, Rejected
from tidings.networks.oauth import Flow
from tidings.settings import settings
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member
from tidings.workspaces.policy import require

SOON = timedelta(minutes=10)

log = structlog.get_logger()
Fields = Mapping[str, str]


def site(mark: str = "") -> Site:
    """This instance, as every network is told; with the mark of a server, as that one is."""
    ours = settings()
    return Site(ours.name, ours.url, f"{ours.url}/connect/callback{mark and '/'}{mark}")


def _mark(how: OAuth2 | Link, server: Mapping[str, Any]) -> str:
    """What the redirect address of a server ends with that people name and we register with: of its own, so that no
    server leads to another's consent page and gets what that one gives (RFC 9700, 4.4.2)."""
    if isinstance(how, Link) or how.needs_app or not server.get("url"):
        return ""
    return sha256(str(server["url"]).encode()).hexdigest()[:32]


def begin(member: Member, network: str, way: int, fields: Fields) -> tuple[str, str]:
    """Where to send the person, and the sealed state their session keeps; raises a Reaction."""
    require(member, "connect")
    speaks, how = networks.get(network), _way(network, way, OAuth2 | Link)
    with _understood(speaks):
        server = speaks.server(fields, outside.door())
        app = _app(member, speaks, how, server)
        pending = _leave(speaks, how, server, app, fields)
    state = {
        "workspace": str(member.workspace_id),
        "network": network,
        "way": way,
        "server": server,
        "app": str(app.id) if app else "",
        "keep": dict(pending.keep),
    }
    return pending.url, sealed(member.user, state)


def _app(member: Member, speaks: type[Network], how: OAuth2 | Link, server: Mapping[str, Any]) -> AppCredential | None:
    """What the network is to know us as; a link may need nothing of the kind."""
    if isinstance(how, Link) and not how.needs_app:
        return None
    return credential(member.workspace, speaks, how, server, site(_mark(how, server)))


def _leave(
    speaks: type[Network], how: OAuth2 | Link, server: Mapping[str, Any], app: AppCredential | None, fields: Fields
) -> Pending:
    if isinstance(how, Link):
        return speaks.leave(server, app.app() if app else None, site())
    return _flow(speaks, server, app).begin(how, site(_mark(how, server)), fields.get("handle", ""))


def finish(member: Member, state: State, query: Fields, mark: str = "") -> Found:
    """Who signed in, from the network's answer in `query`, which came to the address with this mark; raises a Reaction
    when it answers another."""
    require(member, "connect")
    speaks, server = networks.get(state["network"]), state["server"]
    how, app = _way(state["network"], state["way"], OAuth2 | Link), _same_app(state["app"])
    if mark != _mark(how, server):
        raise Rejected(_("The answer came from another server than the one you went to."))
    with _understood(speaks):
        if isinstance(how, Link):
            given = app.app() if app else None
            grant, lacking = speaks.arrive(server, given, outside.door(), state["keep"], query), []
        else:
            grant = _flow(speaks, server, app).finish(site(mark), state["keep"], query)
            lacking = missing(how.scopes, grant)
            grant = _lengthened(speaks, server, app, grant)
        return _found(member, speaks, server, app, grant, lacking)


def _same_app(id: str) -> AppCredential | None:
    """The credentials that a sign-in was begun with; raises Rejected when they are not there any more."""
    app = AppCredential.objects.filter(pk=id).first() if id else None
    if id and app is None:
        raise Rejected(_("The app credentials were changed meanwhile. Please connect again."))
    return app


def _lengthened(speaks: type[Network], server: Mapping[str, Any], app: AppCredential | None, grant: Grant) -> Grant:
    """Access that lives longer than what a sign-in gives, where the network exchanges the one for the other."""
    if not speaks.has("lengthen"):
        return grant
    longer = _speaker(speaks, server, app, grant).lengthen()
    return Grant({**grant.secrets, **longer.secrets}, longer.ends_at)


def sign_in(member: Member, network: str, way: int, fields: Fields) -> Found:
    """Who signed in, from what was typed (app passwords and tokens); raises a Reaction when it is refused."""
    require(member, "connect")
    speaks = networks.get(network)
    how = _way(network, way, Password)
    with _unspoken(fields.get(field.name, "") for field in how.fields if field.secret), _understood(speaks):
        server = speaks.server(fields, outside.door())
        nobody = Access(Profile("", "", ""), {}, server)
        grant = speaks(nobody, outside.door(), "connect").sign_in(fields)
        return _found(member, speaks, server, None, grant)


@contextmanager
def _unspoken(secrets: Iterable[str]) -> Iterator[None]:
    """What a network says of a sign-in does not repeat what was typed in secret."""
    try:
        yield
    except Reaction as reaction:
        reaction.hide(secrets)
        raise


@contextmanager
def _understood(speaks: type[Network]) -> Iterator[None]:
    """An answer that the network's file does not understand is the server's fault, and said in a sentence."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.exception("a server was not understood while connecting", network=speaks.name)
        raise Rejected(
            _("This server answers in a way that %(network)s should not.") % {"network": speaks.label}
        ) from error


def _flow(speaks: type[Network], server: Mapping[str, Any], app: AppCredential | None) -> Flow:
    if app is None:
        raise Rejected(_("%(network)s needs app credentials first.") % {"network": speaks.label})
    return Flow(speaks.endpoints(server), app.app(), outside.door(), speaks.assertion)


def _way(network: str, way: int, kind: Any) -> Any:
    ways = networks.get(network).connect
    if not 0 <= way < len(ways) or not isinstance(ways[way], kind):
        raise Rejected(_("This network does not connect in that way."))
    return ways[way]


def _speaker(speaks: type[Network], server: Mapping[str, Any], app: AppCredential | None, grant: Grant) -> Network:
    """The network with what a sign-in just gave, before it is known whose it is."""
    access = Access(Profile(grant.secrets.get("sub", ""), "", ""), grant.secrets, server, app.app() if app else None)
    return speaks(access, outside.door(), "connect")


def _found(
    member: Member,
    speaks: type[Network],
    server: Mapping[str, Any],
    app: AppCredential | None,
    grant: Grant,
    lacking: Sequence[str] = (),
) -> Found:
    speaker = _speaker(speaks, server, app, grant)
    profiles = tuple(speaker.channels())
    if not profiles:
        raise Rejected(_("This sign-in may not post to any profile or page."))
    return Found(
        workspace=str(member.workspace_id),
        network=speaks.name,
        server=speaker.announced(),
        app=str(app.id) if app else "",
        profiles=profiles,
        secrets=grant.secrets,
        ends_at=grant.ends_at,
        person=_person(speaker),
        lacking=tuple(lacking),
    )


def _person(speaker: Network) -> str:
    """Who signed in, if the network says; nobody is kept out because it does not."""
    try:
        return speaker.person()[:255]
    except (Reaction, StopIteration) as reaction:
        log.warning("it is not known who signed in", network=speaker.name, because=type(reaction).__name__)
        return ""


@transaction.atomic
def keep(member: Member, found: Found, chosen: Sequence[str], by_link: str = "") -> list[Channel]:
    """Connect the chosen profiles (remote ids); a channel that is there already keeps its row and posts. `by_link`: by
    which connect link, when it was not the member who did it."""
    require(member, "connect")
    if found.workspace != str(member.workspace_id):
        raise Rejected(_("This sign-in was begun in another workspace."))
    sign_in = new_id()
    made = [_keep(member, found, profile, sign_in) for profile in found.profiles if profile.id in chosen]
    sweep()
    who, how = (None, {"link": by_link}) if by_link else (member, {})
    for channel in made:
        record(who, member.workspace_id, "connected", "channel", channel.pk, network=channel.network, **how)
    return made


def _keep(member: Member, found: Found, profile: Profile, sign_in: UUID) -> Channel:
    server = {**found.server, **profile.server}
    address = str(server.get("url", ""))
    row = Channel.objects.filter(
        workspace=member.workspace, network=found.network, server_url=address, remote_id=profile.id
    ).first()
    channel = row or Channel(
        workspace=member.workspace, network=found.network, server_url=address, remote_id=profile.id
    )
    channel.handle, channel.name = profile.handle[:255], profile.name[:255]
    channel.avatar, channel.url = picture_or_page(profile.avatar), picture_or_page(profile.url)
    channel.server = server
    channel.app_id, channel.sign_in = found.app or None, sign_in
    channel.person_id = found.person or ("" if channel.speaks.has("channels") else profile.id)
    channel.token_ends_at = found.ends_at
    channel.connected_at = channel.verified_at = clock.now()
    if channel.paused != BY_MEMBER:
        channel.paused, channel.paused_at = "", None
    channel.refresh_again_at, channel.refresh_lease = next_time(found.ends_at), None
    channel.keep_secrets({**found.secrets, **profile.secrets})
    channel.save()
    return channel


def next_time(ends_at: datetime | None) -> datetime | None:
    """When to renew a fresh token: ten minutes before its end, or in the last fifth of its life."""
    if ends_at is None:
        return None
    life = ends_at - clock.now()
    return ends_at - (max(SOON, life / 5) if life > 2 * SOON else life / 5)


def picture_or_page(url: str) -> str:
    """An address that may stand in a page; anything else is dropped."""
    return url if url.startswith(("https://", "http://")) and len(url) <= 1000 else ""


def network_of(channel: Channel, purpose: Purpose) -> Network:
    """The channel's network, able to speak for it."""
    return channel.speaks(channel.access(), outside.door(), purpose)
