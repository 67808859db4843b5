"""What networks know the instance as: for each that wants it, whether credentials are there and whether they work."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from tidings import networks
from tidings.channels.connect import site
from tidings.channels.credentials import console_of, needs_app
from tidings.channels.models import AppCredential, Channel
from tidings.channels.trial import asked, keep
from tidings.networks.base import Network

AT_ONCE = 8  # networks that are asked side by side


@dataclass(frozen=True)
class App:
    """One network. `state`: none, untried, fine, wrong; `own`: workspaces that use credentials of their own."""

    network: str
    label: str
    console: str
    state: str
    tried_at: datetime | None
    findings: list[str]
    channels: int
    own: int


def apps() -> list[App]:
    """Each network that wants to know who posts."""
    rows = list(AppCredential.objects.filter(server=""))
    ours = {row.network: row for row in rows if row.workspace_id is None}
    own = Counter(row.network for row in rows if row.workspace_id)
    channels = Counter(Channel.objects.filter(app__in=ours.values()).values_list("network", flat=True))
    return [
        _app(network, ours.get(name), channels[name], own[name])
        for name, network in networks.every().items() if needs_app(network)
    ]  # fmt: skip


def _app(network: type[Network], row: AppCredential | None, channels: int, own: int) -> App:
    state = "none" if row is None else "wrong" if row.findings else "fine" if row.tried_at else "untried"
    tried, findings = (row.tried_at, list(row.findings)) if row else (None, [])
    return App(network.name, network.label, console_of(network).url, state, tried, findings, channels, own)


def try_all() -> int:
    """Ask each network about the instance's credentials, several at once; for how many something was found."""
    rows = [row for row in AppCredential.objects.filter(server="", workspace=None) if row.network in networks.every()]
    here, before = site(), [(row, row.app()) for row in rows]
    with ThreadPoolExecutor(AT_ONCE, "trial") as pool:
        futures = [
            pool.submit(copy_context().run, asked, networks.get(row.network), app, here) for row, app in before
        ]
        found = [future.result() for future in futures]
    for row, findings in zip(rows, found, strict=True):
        keep(row, findings)
    return sum(bool(findings) for findings in found)
