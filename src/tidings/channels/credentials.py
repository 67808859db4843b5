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


def kept(workspace: Workspace, network: type[Network], server: Mapping[str, Any]) -> AppCredential | None:
    """The credential to use: the workspace's own before the instance's, this server's before any's."""
    ours = AppCredential.objects.filter(Q(workspace=workspace) | Q(workspace=None), network=network.name)
    fitting = ours.filter(server__in={"", _address(server)})
    return fitting.order_by(F("workspace").desc(nulls_last=True), "-server").first()


def credential(workspace: Workspace, network: type[Network], server: Mapping[str, Any], site: Site) -> AppCredential:
    """The credential to use, got by registering when there is none; raises a Reaction where that fails."""
    row = kept(workspace, network, server)
    if row and (needs_app(network) or not row.server or _alive(row)):
        return row
    if needs_app(network):
        raise Rejected(
            _("%(network)s needs app credentials first. They are entered on this page.") % {"network": network.label}
        )
    app = network.register(server, site, outside.door())
    return _put(None, network.name, _address(server), app)


def _alive(row: AppCredential) -> bool:
    return row.created_at > clock.now() - UNUSED or Channel.objects.filter(app=row).exists()


def _address(server: Mapping[str, Any]) -> str:
    return str(server.get("url", ""))


@transaction.atomic
def _put(workspace: Workspace | None, network: str, server: str, app: App) -> AppCredential:
    row = AppCredential.objects.filter(workspace=workspace, network=network, server=server).first()
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
