"""The security log: what happened with a login, when, from where. People read theirs; the locks count what failed."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import structlog
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tidings.settings import settings
from tidings.workspaces.browsers import browser_name
from tidings.workspaces.models import SecurityEvent, User

log = structlog.get_logger()

KINDS = {
    "signed_in": _("Signed in"),
    "signed_in_new": _("Signed in from a new place"),
    "signed_up": _("Registered"),
    "signed_out": _("Signed out"),
    "failed_password": _("Wrong password"),
    "failed_code": _("Wrong code"),
    "failed_again": _("Wrong password or code while signed in"),
    "locked": _("Sign-in held back after too many tries"),
    "password_changed": _("Password changed"),
    "reset_asked": _("Asked for a link to a new password"),
    "password_reset": _("New password set by a link"),
    "address_changed": _("E-mail address changed"),
    "address_confirmed": _("E-mail address confirmed"),
    "factor_added": _("Second factor added"),
    "factor_removed": _("Second factor removed"),
    "codes_made": _("Recovery codes made"),
    "code_used": _("Recovery code used"),
    "passkey_added": _("Passkey added"),
    "passkey_removed": _("Passkey removed"),
    "session_ended": _("A browser signed out"),
    "signed_out_everywhere": _("Signed out everywhere"),
    "failed_key": _("Wrong API key"),
    "key_made": _("API key made"),
    "key_used": _("API key used from a new address"),
    "key_revoked": _("API key revoked"),
    "channel_connected": _("Channel connected"),
    "channel_disconnected": _("Channel disconnected"),
    "export": _("Asked for an export of the data"),
    "erasure_asked": _("Asked to be erased"),
    "erasure_undone": _("Took the wish to be erased back"),
    "refused": _("Tried what was not allowed"),
    "frozen": _("Frozen"),
    "thawed": _("Thawed"),
    "operator": _("Became an operator of this server"),
    "operator_ended": _("Is no operator of this server any more"),
    "suspended": _("Sign-in suspended by an operator"),
    "allowed": _("Sign-in allowed again by an operator"),
    "room_set": _("Room for pictures and films set by an operator"),
    "reset_sent": _("A link to a new password sent by an operator"),
    "erasure_begun": _("Erasure asked for by an operator"),
    "did_operator": _("Made somebody an operator"),
    "did_operator_ended": _("Made an operator a user like others"),
    "did_suspended": _("Suspended somebody's sign-in"),
    "did_allowed": _("Allowed somebody's sign-in again"),
    "did_room_set": _("Set somebody's room for pictures and films"),
    "did_signed_out_everywhere": _("Signed somebody out everywhere"),
    "did_reset_sent": _("Sent somebody a link to a new password"),
    "did_erasure_begun": _("Asked for somebody's erasure"),
}
TRIED = {
    "read": _("to look into a workspace"),
    "write": _("to write"),
    "publish": _("to publish"),
    "connect": _("to change channels"),
    "manage": _("to change how a workspace is set up"),
    "own": _("what only an owner may"),
    "operate": _("what only an operator may"),
}  # what was refused
NEW = "signed_in_new"
DID = "did_"  # begins what an operator did; `about` is the id of whom it was done to
SIGNED_IN = ("signed_in", NEW)
FAILED = ("failed_password", "failed_code", "failed_again", "failed_key", "locked")  # kept with address in any case
BROWSER = 300  # characters
NOWHERE = "0.0.0.0"  # noqa: S104 -- where a request comes from that has no address; nobody listens there


def whom(email: str) -> str:
    """What stands for a typed address: the same for the same one, and of no use without our secret key."""
    return salted_hmac("tidings.workspaces.security.whom", email.strip().lower(), algorithm="sha256").hexdigest()


def address(request: HttpRequest | None) -> str | None:
    """Where a request comes from, as the proxies we trust say; None when that is no address (a local socket), or the
    proxy's own, which says nothing about whom it asks for."""
    try:
        found = ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]) if request else None
    except ValueError:
        return None
    found = getattr(found, "ipv4_mapped", None) or found
    ours = settings()
    behind = ours.secure and not ours.tls_cert
    if found is None or (behind and any(found in proxies for proxies in _networks(ours.trusted_proxies))):
        return None
    return str(found)


@cache
def _networks(named: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The proxies that a setting names; what is no address of any is said by `tidings doctor`."""
    return tuple(_read(named.split(",")))


def _read(entries: list[str]) -> Iterator[IPv4Network | IPv6Network]:
    for entry in entries:
        with suppress(ValueError):
            yield ip_network(entry.strip(), strict=False)


def network(ip: str | None, v4: int, v6: int) -> str:
    """The network of an address: so many of its bits, by its kind."""
    if not ip:
        return ""
    return str(ip_network(f"{ip}/{v6 if ':' in ip else v4}", strict=False).network_address)


def place(request: HttpRequest) -> str:
    """Whom the locks count an address as: itself, or the /64 that one household is given whole; empty: not known."""
    return network(address(request), 32, 64)


def browser(request: HttpRequest | None) -> str:
    """What the browser calls itself."""
    return request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:BROWSER] if request else ""


def note(
    kind: str, request: HttpRequest | None = None, user: User | None = None, about: str = "", email: str = ""
) -> None:
    """Write down that `kind`, one of KINDS, happened to the login of `user`, or to the one of this address.

    Never fails: a page must not break because of it.
    """
    try:
        with transaction.atomic():
            _written(kind, request, user or _owner(request, email), about, email)
    except (DatabaseError, ValueError) as error:
        log.error("the security log could not be written", kind=kind, error=type(error).__name__)


def arrived(request: HttpRequest, user: User) -> str:
    """Write a sign-in down; NEW when the person never came from such a network with such a browser.

    Not for the first time of all, nor for who does not want to be watched: there is nothing to compare with.
    """
    known = _seen(user) if user.watched else set()
    here = network(address(request), 24, 48), browser_name(browser(request))
    kind = NEW if known and here not in known else "signed_in"
    note(kind, request, user)
    return kind


def _seen(user: User) -> set[tuple[str, str]]:
    """The networks and browsers of a person's last sign-ins."""
    earlier = SecurityEvent.objects.filter(user=user, kind__in=SIGNED_IN, ip__isnull=False).order_by("-at")
    return {(network(event.ip, 24, 48), browser_name(event.browser)) for event in earlier[:300]}


def _owner(request: HttpRequest | None, email: str) -> User | None:
    if email:
        return User.objects.filter(email__iexact=email.strip()).first()
    person = getattr(request, "user", None)
    return person if person is not None and person.is_authenticated else None


def _written(kind: str, request: HttpRequest | None, user: User | None, about: str, email: str) -> None:
    seen = request if kind in FAILED or user is None or user.watched else None
    login = email or (user.email if user else "")
    SecurityEvent.objects.create(
        user=user,
        whom=whom(login) if login else "",
        kind=kind,
        about=about[:100],
        ip=address(seen),
        place=place(seen) if seen else "",
        browser=browser(seen),
    )
