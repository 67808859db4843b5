"""What networks know us as: typed by an operator, given by a workspace, or got by registering ourselves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tidings import outside
from tidings.channels.models import AppCredential, Channel
from tidings.core import clock
from tidings.networks.base import App, Network, OAuth2, Site
from tidings.networks.errors import Rejected
from tidings.workspaces.models import Member, Workspace
from tidings.workspaces.policy import Forbidden, require

UNUSED = timedelta(hours=12)  # Mastodon clears registered apps that nobody has used for a day


def needs_app(network: type[Network]) -> bool:
    """Whether somebody must get app credentials from the network's developer pages first."""
    return any(isinstance(way, OAuth2) and way.needs_app for way in network.connect)


def typed(workspace: Workspace, network: type[Network]) -> AppCredential | None:
    """What somebody entered for this network; the workspace's own beats the instance's."""
    ours = AppCredential.objects.filter(Q(workspace=workspace) | Q(workspace=None), network=network.name, server="")
    return ours.order_by(F("workspace").desc(nulls_last=True)).first()


def credential(workspace: Workspace, network: type[Network], server: Mapping[str, Any], site: Site) -> AppCredential:
    """The credential to use, got by registering where a network allows that; raises a Reaction without one."""
    if needs_app(network):
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
    return f"{server.get('url', '')} {site.base_url}".strip()[:255]


def _alive(row: AppCredential, server: Mapping[str, Any]) -> bool:
    """Whether the server still knows the registration; one that is only announced lives as long as we do."""
    fresh = row.created_at > clock.now() - UNUSED
    return fresh or "url" not in server or Channel.objects.filter(app=row).exists()


@transaction.atomic
def _put(workspace: Workspace | None, network: str, server: str, app: App) -> AppCredential:
    row = AppCredential.objects.filter(workspace=workspace, network=network, server=server).first()
    if row and row.client_id != app.client_id and Channel.objects.filter(app=row).exists():
        AppCredential.objects.filter(pk=row.pk).update(server=f"before {row.id}")  # their tokens are bound to it
        row = None
    row = row or AppCredential(workspace=workspace, network=network, server=server)
    row.client_id, row.created_at = app.client_id, clock.now()
    row.keep_secret(app.client_secret)
    row.save()
    return row


def enter(member: Member, network: type[Network], app: App, everywhere: bool) -> AppCredential:
    """Keep typed credentials: for this workspace, or for the whole instance (operators only)."""
    if everywhere and not member.user.is_operator:
        raise Forbidden("only an operator keeps credentials for the instance")
    require(member, "manage")
    return _put(None if everywhere else member.workspace, network.name, "", app)
