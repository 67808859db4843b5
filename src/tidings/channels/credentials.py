"""What networks know us as: typed by an operator, given by a workspace, or got by registering ourselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidings import outside
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.networks.base import App, Console, Link, Network, OAuth2, Password, Site
from tidings.networks.errors import Rejected
from tidings.speech import translated
from tidings.workspaces.audit import record
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import Forbidden, require

UNUSED = timedelta(hours=12)  # Mastodon clears registered apps that nobody has used for a day
REPLACED = "before "  # begins the server of credentials whose channels have not been connected again yet


@dataclass(frozen=True)
class Kept:
    """What was entered for a network: a workspace's own, which it uses, and the instance's."""

    own: AppCredential | None
    everywhere: AppCredential | None

    @property
    def used(self) -> AppCredential | None:
        """With which of them the workspace connects."""
        return self.own or self.everywhere


def way_needs_app(way: OAuth2 | Password | Link) -> bool:
    """Whether this way only opens with app credentials that somebody has got first."""
    return isinstance(way, OAuth2 | Link) and way.needs_app


def needs_app(network: type[Network]) -> bool:
    """Whether a way of this network does."""
    return any(way_needs_app(way) for way in network.connect)


def console_of(network: type[Network]) -> Console:
    """Where its app credentials come from; a network that tells nothing of it has at least a documentation."""
    steps = (
        _("Make an app on the developer pages of %(network)s.") % {"network": network.label},
        _("Enter this redirect URL there: {redirect_uri}"),
        _("Copy what it gives you into the fields below."),
    )
    return network.console or Console(network.docs, steps)


def entered(workspace: Workspace) -> dict[str, Kept]:
    """What was entered for each network, by its name."""
    rows = AppCredential.objects.filter(Q(workspace=workspace) | Q(workspace=None), server="")
    found = {(row.network, row.workspace_id): row for row in rows}
    return {name: Kept(found.get((name, workspace.id)), found.get((name, None))) for name, _of in found}


def kept(workspace: Workspace, network: type[Network]) -> Kept:
    """What was entered for this network."""
    return entered(workspace).get(network.name, Kept(None, None))


def typed(workspace: Workspace, network: type[Network]) -> AppCredential | None:
    """What somebody entered for this network; the workspace's own beats the instance's."""
    return kept(workspace, network).used


def credential(
    workspace: Workspace, network: type[Network], way: OAuth2 | Link, server: Mapping[str, Any], site: Site
) -> AppCredential:
    """The credential to use, got by registering where a network allows that; raises a Reaction without one."""
    if way.needs_app:
        row = typed(workspace, network)
        if row is None:
            raise Rejected(_("%(network)s needs app credentials first.") % {"network": network.label})
        return row
    key = _registered(server, site)
    row = AppCredential.objects.filter(workspace=None, network=network.name, server=key).first()
    if row and _alive(row, server):
        return row
    return _put(None, network.name, key, network.register(server, site, outside.door()))


def announced(network: type[Network], site: Site) -> AppCredential | None:
    """The credential whose documents the network fetches from this site."""
    return AppCredential.objects.filter(workspace=None, network=network.name, server=site.base_url).first()


def _registered(server: Mapping[str, Any], site: Site) -> str:
    """A registration is with one server, and holds for one address of ours."""
    return f"{server['url']} {site.redirect_uri}"[:255] if server.get("url") else site.base_url


def _alive(row: AppCredential, server: Mapping[str, Any]) -> bool:
    """Whether the server still knows the registration; one that is only announced lives as long as we do."""
    fresh = row.created_at > clock.now() - UNUSED
    return fresh or "url" not in server or Channel.objects.filter(app=row).exists()


@transaction.atomic
def _put(workspace: Workspace | None, network: str, server: str, app: App) -> AppCredential:
    row = AppCredential.objects.filter(workspace=workspace, network=network, server=server).first()
    if row and row.client_id != app.client_id and users(row):
        AppCredential.objects.filter(pk=row.pk).update(server=f"{REPLACED}{row.id}")  # their tokens are bound to it
        row = None
    row = row or AppCredential(workspace=workspace, network=network, server=server)
    row.client_id, row.created_at = app.client_id, clock.now()
    row.tried_at, row.findings = None, []
    row.keep_secret(app.client_secret, app.more)
    row.save()
    return row


def require_right(member: Member, everywhere: bool) -> None:
    """Nothing, when the member may change these credentials; raises Forbidden otherwise."""
    require(member, "manage")
    if everywhere and not member.user.is_operator:
        raise Forbidden("only an operator keeps credentials for the instance", "operate")


def enter(member: Member, network: type[Network], app: App, everywhere: bool) -> AppCredential:
    """Keep typed credentials: for this workspace, or for the whole instance (operators only).

    What is left empty stays as it was, as long as it is the same app; raises Rejected when something is missing.
    """
    require_right(member, everywhere)
    before = chosen(member, network, everywhere)
    if before and before.client_id == app.client_id:
        app = _completed(app, before.app())
    console = console_of(network)
    lacking = [field.label for field in console.more if not (field.optional or app.more.get(field.name))]
    lacking += [console.id] if not app.client_id else []
    lacking += [console.secret] if console.secret and not app.client_secret else []
    if lacking:
        raise Rejected(_("This is still needed: %(fields)s.") % {"fields": ", ".join(map(translated, lacking))})
    return _entered(member, network, app, everywhere)


@transaction.atomic
def _entered(member: Member, network: type[Network], app: App, everywhere: bool) -> AppCredential:
    row = _put(None if everywhere else member.workspace, network.name, "", app)
    record(member, member.workspace_id, "entered", "app", row.pk, network=network.name, everywhere=everywhere)
    return row


def _completed(app: App, before: App) -> App:
    more = {name: value or before.more.get(name, "") for name, value in app.more.items()}
    return replace(app, client_secret=app.client_secret or before.client_secret, more=more)


def chosen(member: Member, network: type[Network], everywhere: bool) -> AppCredential | None:
    """The workspace's own credentials, or the instance's."""
    found = kept(member.workspace, network)
    return found.everywhere if everywhere else found.own


def users(row: AppCredential) -> int:
    """How many channels are connected with these credentials."""
    return Channel.objects.filter(app=row).count()


def channels_by_app(member: Member) -> dict[UUID, int]:
    """How many channels are connected with each credential, as far as this person may know."""
    seen = Channel.objects.all() if member.user.is_operator else Channel.objects.filter(workspace=member.workspace)
    return dict(seen.exclude(app=None).values_list("app").annotate(Count("id")))


def replaced(row: AppCredential) -> int:
    """How many channels still speak with what was kept before these credentials."""
    olds = AppCredential.objects.filter(workspace=row.workspace, network=row.network, server__startswith=REPLACED)
    return Channel.objects.filter(app__in=olds).count()


@transaction.atomic
def remove(member: Member, network: type[Network], everywhere: bool) -> None:
    """Forget credentials; raises Rejected while channels are connected with them: they would fall silent."""
    require_right(member, everywhere)
    row = chosen(member, network, everywhere)
    if row is None:
        return
    row_id = row.pk
    if count := users(row):
        raise Rejected(
            ngettext(
                "%(n)s channel is connected with these credentials. Disconnect it first, or replace them.",
                "%(n)s channels are connected with these credentials. Disconnect them first, or replace them.",
                count,
            )
            % {"n": count}
        )
    row.delete()
    record(member, member.workspace_id, "removed", "app", row_id, network=network.name, everywhere=everywhere)


def sweep() -> None:
    """Forget credentials that were replaced, once no channel speaks with them any more."""
    used = Exists(Channel.objects.filter(app=OuterRef("pk")))
    AppCredential.objects.filter(~used, server__startswith=REPLACED).delete()
