"""A door that remembers every request, as it would have gone to the real network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, cast

from tidings.commands.specs.sent import Sent
from tidings.core.http import Answer, Request, Transport
from tidings.simulators.base import Simulator

ANY_SERVER = "https://server.invalid"  # stands for the server that a person names
NOT_HTTP = ("SAY", "MAIL")


@dataclass
class Recorder:
    """Leads to `simulator`; `real` are the hosts that it stands in for."""

    door: Transport
    simulator: Simulator
    real: Mapping[str, str]
    sign_in: set[str] = field(default_factory=set)  # the addresses of OAuth's own requests
    sent: list[Sent] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        """The simulator's answer."""
        if request.method in NOT_HTTP:
            return self.door(request)
        body = _whole(request.body)
        headers = {name.lower(): value for name, value in request.headers.items()}
        signing_in = request.url.partition("?")[0] in self.sign_in
        self.sent.append(Sent(request.method, self._addresses(request.url), headers, body, signing_in))
        return self.door(replace(request, body=body or None))

    def _addresses(self, url: str) -> tuple[str, ...]:
        """Where this would go: several places where the simulator stands for several hosts at one address."""
        stands = {name: base for name, base in self.simulator.hosts().items() if _below(url, base)}
        closest = max(map(len, stands.values()), default=0)
        found = [self.real[name] + url[closest:] for name, base in stands.items() if len(base) == closest]
        return tuple(dict.fromkeys(found)) or (ANY_SERVER + url.removeprefix(self.simulator.url),)


def _below(url: str, base: str) -> bool:
    return url == base or url.startswith((f"{base}/", f"{base}?"))


def _whole(body: bytes | IO[bytes] | Iterable[bytes] | None) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return cast(bytes, body.read()) if hasattr(body, "read") else b"".join(body)
