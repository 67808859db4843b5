"""What can keep networks from fetching pictures and films from here: a sentence each, and the next step."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as say

_LET_THROUGH = say("Except addresses under /m/ from the proxy's login, and from its rules against robots.")

FAULTS = {
    "no_address": (
        say("This instance does not know its public address."),
        say("Set TIDINGS_BASE_URL to the https address that people type."),
    ),
    "not_https": (
        say("%(url)s is not encrypted, and networks fetch from https addresses only."),
        say("Put a proxy with a certificate in front of Tidings, and set TIDINGS_BASE_URL to its https address."),
    ),
    "indoors": (
        say("Only this machine or its own network knows %(host)s."),
        say("Give the instance a name that the whole internet knows, by a domain or a tunnel, as TIDINGS_BASE_URL."),
    ),
    "private": (
        say("Seen from this server, %(host)s leads to a private address."),
        say(
            "If only this server sees it so (its hosts file, the DNS of the house), all may be well. Else let it lead "
            "to the public address."
        ),
    ),
    "no_name": (
        say("The name %(host)s is not found."),
        say("Enter it (A, AAAA) where the domain is kept; it may take an hour until everybody knows."),
    ),
    "certificate": (
        say("The certificate of %(host)s does not hold: %(why)s."),
        say("Get one of a public authority for this very name, give its whole chain, and have it renewed by itself."),
    ),
    "tls": (
        say("%(host)s does not speak TLS as it should: %(why)s."),
        say("Look whether it is the proxy that listens at this port, with TLS 1.2 or newer."),
    ),
    "closed": (
        say("This server gets no connection to %(host)s: %(why)s."),
        say(
            "Look whether Tidings and the proxy run, and whether the firewall lets them through. Some routers keep a "
            "server from its own public address; then only a look from elsewhere tells."
        ),
    ),
    "broken_off": (
        say("%(host)s took the request and gave no whole answer."),
        say("Look into the proxy's log, and whether it lets answers under /m/ through uncut and in time."),
    ),
    "redirect": (
        say("Instead of the picture, %(host)s leads elsewhere: %(to)s"),
        say("Let the proxy hand on addresses under /m/ as they are, or set TIDINGS_BASE_URL to where it leads."),
    ),
    "refused": (say("%(host)s refuses strangers (%(status)s)."), _LET_THROUGH),
    "elsewhere": (
        say("At %(host)s something answers that does not know the picture (%(status)s)."),
        say("Let the proxy hand on every address to Tidings, and give all its processes one TIDINGS_SECRET_KEY."),
    ),
    "error": (
        say("%(host)s answers with an error (%(status)s)."),
        say("Look whether the proxy reaches Tidings, and into the logs of both."),
    ),
    "login": (say("A login comes instead of the picture."), _LET_THROUGH),
    "page": (say("A page comes instead of the picture."), _LET_THROUGH),
    "type": (
        say("The picture arrives as “%(type)s” instead of image/jpeg."),
        say("Let the proxy hand on the Content-Type of addresses under /m/ as it is."),
    ),
    "changed": (
        say("The picture arrives changed."),
        say("Switch off what makes pictures smaller at the proxy, for addresses under /m/."),
    ),
    "length": (
        say("The picture arrives without its length, which some networks insist on."),
        say("Let the proxy hand on Content-Length, and pack nothing that is under /m/."),
    ),
    "head": (
        say("Asked for the head only (HEAD), %(host)s does not say what it says to GET."),
        say("Let the proxy hand on HEAD as it does GET; some networks look before they fetch."),
    ),
    "part": (
        say("Asked for a part (Range), %(host)s does not give that part; long films may break off."),
        say("Let the proxy hand on Range and Content-Range for addresses under /m/."),
    ),
}
PERHAPS = {"private", "closed", "changed", "length", "head", "part"}  # all may be well, or with some networks


@dataclass(frozen=True)
class Finding:
    """One fault, told to people."""

    name: str
    level: Literal["error", "warning"]
    sentence: str
    step: str


def finding(name: str, **said: object) -> Finding:
    """This fault, with what its sentence leaves open."""
    sentence, step = FAULTS[name]
    return Finding(name, "warning" if name in PERHAPS else "error", _(sentence) % said, _(step))
