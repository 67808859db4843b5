"""Try app credentials out before anybody connects with them, and say what a sign-in did not get."""

from collections.abc import Iterable

import structlog
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tidings import outside
from tidings.channels.credentials import require_right
from tidings.channels.models import AppCredential
from tidings.core import clock
from tidings.networks import _trial
from tidings.networks.base import App, Grant, Network, Site
from tidings.networks.errors import Reaction
from tidings.settings import settings
from tidings.workspaces.models import Member

SAID_MOST = 1000  # characters of one finding
NOT_MISSED = {"openid", "email", "profile"}  # answered under other names, and nothing is published with them
MEANINGS = (  # a part of a scope's name, and what stays undone without it; the first that fits
    ("offline", gettext_lazy("access ends after a while, and must be given anew")),
    ("media", gettext_lazy("pictures and films")),
    ("video", gettext_lazy("films")),
    ("photo", gettext_lazy("pictures")),
    ("comment", gettext_lazy("comments")),
    ("insight", gettext_lazy("figures")),
    ("analytics", gettext_lazy("figures")),
    ("stats", gettext_lazy("figures")),
    ("write", gettext_lazy("publishing")),
    ("publish", gettext_lazy("publishing")),
    ("post", gettext_lazy("publishing")),
    ("manage", gettext_lazy("publishing")),
    ("read", gettext_lazy("knowing whose profile it is, and looking for posts")),
)

log = structlog.get_logger()


def try_out(member: Member, row: AppCredential, speaks: type[Network], site: Site) -> list[str]:
    """What is wrong with these credentials, asked of the network; kept with them."""
    require_right(member, everywhere=row.workspace_id is None)
    findings = asked(speaks, row.app(), site)
    keep(row, findings)
    return findings


def asked(speaks: type[Network], app: App, site: Site) -> list[str]:
    """What is wrong with these credentials; the database is not asked."""
    return [_fit_to_show(finding, app) for finding in [*standing(site), *_asked(speaks, app, site)]]


def keep(row: AppCredential, findings: list[str]) -> None:
    """Remember when they were tried, and what was found."""
    AppCredential.objects.filter(pk=row.pk).update(tried_at=clock.now(), findings=findings)


def standing(site: Site) -> list[str]:
    """What about this instance will keep any network from sending people back; in the demo, nothing does."""
    return [] if settings().demo else _trial.standing(site)


def _fit_to_show(finding: str, app: App) -> str:
    """Short enough to be read, and without what a network may have repeated of our secrets."""
    for secret in filter(None, (app.client_secret, *app.more.values())):
        finding = finding.replace(secret, "…")
    return finding[:SAID_MOST]


def _asked(speaks: type[Network], app: App, site: Site) -> list[str]:
    """By the network's own way to ask, where it has one."""
    try:
        door = outside.door()
        found = speaks.trial(app, site, door) if speaks.has("trial") else _trial.trial(speaks, app, site, door)
        return found or _listened(speaks, app, site)
    except Reaction as reaction:
        return [reaction.reason]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, NotImplementedError):
        log.exception("a trial of app credentials was not understood", network=speaks.name)
        return [f"{speaks.label} answered in a way that was not understood."]


def _listened(speaks: type[Network], app: App, site: Site) -> list[str]:
    """Have a network tell us what it tells only when it is asked to: now that the app works, and over https alone."""
    if not speaks.has("listen") or not site.base_url.startswith("https://"):
        return []
    try:
        speaks.listen(app, site.base_url + reverse("hear", args=(speaks.name, "ended")), outside.door())
    except Reaction as reaction:
        return [f"It works, but {speaks.label} will not tell this instance when access ends: {reaction.reason}"]
    return []


def missing(asked: Iterable[str], grant: Grant) -> list[str]:
    """The scopes that were asked for and not given; none where the network does not say what it gave."""
    given = grant.secrets.get("scope", "").replace(",", " ").split()
    return [scope for scope in asked if given and scope not in given and scope not in NOT_MISSED]


def without(scopes: Iterable[str]) -> str:
    """What will not work without these scopes, for a person."""
    return ", ".join(f"{scope} ({_meaning(scope)})" if _meaning(scope) else scope for scope in scopes)


def _meaning(scope: str) -> str:
    return next((str(meaning) for part, meaning in MEANINGS if part in scope.lower()), "")
