"""What the settings leave open to people who should not get in."""

import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings as framework
from django.db import DatabaseError

from tidings.core import clock
from tidings.instance.finding import Finding, Level, public
from tidings.media.reach import indoors
from tidings.settings import settings
from tidings.workspaces.models import SecurityEvent

EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 -- looked for, not listened on
SHORTEST_SECRET, SHORTEST_TOKEN = 32, 16
DIFFERENT = 12  # characters; a random secret of 32 has more
SAMPLES = re.compile(r"change.?me|insecure|secret|example|password|default|sample|tidings|1234|qwerty", re.IGNORECASE)
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one"
CLOUD = ("169.254.169.254", "metadata.google.internal", "fd00:ec2::254")  # give passwords to whoever asks
WIDEST = {4: 8, 6: 16}  # bits of a network that all the proxies of one place fit into


def address() -> Iterator[Finding]:
    """HTTPS wherever a connection leaves the machine."""
    ours = settings()
    if indoors(ours.hostname) and ours.hostname not in EVERYWHERE:
        return
    if not ours.base_url:
        yield Finding("address", "warning", "Set TIDINGS_BASE_URL to the address that people type.")
    elif not ours.secure:
        yield Finding("address", "error", f"{ours.url} is public but not encrypted: use https.")


def contact() -> Iterator[Finding]:
    """People can reach whoever runs this."""
    said = settings().contact
    if not said:
        yield Finding("contact", "error", "Nobody can reach you: set TIDINGS_CONTACT to your e-mail address.")
    elif not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", said):
        yield Finding("contact", "error", "TIDINGS_CONTACT is no e-mail address, and the privacy policy prints it.")


def secret() -> Iterator[Finding]:
    """The secret that signs sessions cannot be guessed."""
    kept = framework.SECRET_KEY
    if len(kept) < SHORTEST_SECRET or len(set(kept)) < DIFFERENT or (len(kept) < 64 and SAMPLES.search(kept)):
        sentence = f"Whoever guesses TIDINGS_SECRET_KEY is signed in as anybody: use a long random one ({MAKE_ONE})."
        yield Finding("secret", "error", sentence)


def proxies() -> Iterator[Finding]:
    """Only proxies of yours may say whom a request is from, and there is one where HTTPS needs it."""
    ours = settings()
    named = [entry.strip() for entry in ours.trusted_proxies.split(",") if entry.strip()]
    for entry in named:
        if trouble := _proxy(entry):
            yield Finding("proxies", "error", f"TIDINGS_TRUSTED_PROXIES: {trouble}")
    if ours.secure and not ours.tls_cert and not named:
        sentence = "No proxy is believed and there is no certificate, so every request counts as plain HTTP."
        advice = "Name the proxy with TIDINGS_TRUSTED_PROXIES, or set TIDINGS_TLS_CERT."
        yield Finding("proxies", "error", f"{sentence} {advice}")
    if ours.secure and not ours.tls_cert and ours.host in EVERYWHERE:
        sentence = f"{ours.host}:{ours.port} takes plain HTTP from every network."
        advice = "Let only the proxy in: a firewall, a network of its own, or TIDINGS_HOST=127.0.0.1."
        yield Finding("proxies", "warning", f"{sentence} {advice}")


def visitors() -> Iterator[Finding]:
    """It is known from where people come, so that limits hold for one of them and not for all."""
    lately = SecurityEvent.objects.filter(at__gt=clock.now() - timedelta(days=7)).exclude(browser="")
    try:
        nowhere, every = lately.filter(ip=None).count(), lately.count()
    except DatabaseError:
        return  # said by `database`, or the tables are not there yet
    if nowhere:
        sentence = f"Nobody knows from where people come: of {every:,} entries of this week in the security log, "
        advice = f"{nowhere:,} have no address, and are limited as if they were one. Let the proxy say X-Forwarded-For."
        yield Finding("visitors", "warning", f"{sentence} {advice}")


def _proxy(entry: str) -> str:
    """What is wrong with a name of a proxy; empty: nothing."""
    if entry == "*":
        return "* lets anybody pretend to come from anywhere; name the proxy's address or network."
    try:
        there = ip_network(entry)
    except ValueError:
        return f"{entry} is neither an address nor a network, so nobody is meant by it; write it like 10.0.0.0/24."
    if there.prefixlen < WIDEST[there.version]:
        return f"{entry} is far too wide; name the proxy's own address or network."
    return ""


def private_hosts() -> Iterator[Finding]:
    """What the program may reach inside is no more than was meant."""
    for entry in (entry.strip() for entry in settings().private_hosts.split(",")):
        host = urlsplit(f"//{entry}").hostname or ""
        if host in CLOUD:
            sentence = f"TIDINGS_PRIVATE_HOSTS names {host}, which hands out the machine's own keys: take it out."
            yield Finding("private-hosts", "error", sentence)
        elif "*" in entry or "/" in entry:
            sentence = f"TIDINGS_PRIVATE_HOSTS: {entry} is no host; every one is named by itself, best with its port."
            yield Finding("private-hosts", "error", sentence)
        elif host and ":" not in entry:
            sentence = f"Members can reach every port of {entry} through this server: write {entry}:443, or its port."
            yield Finding("private-hosts", "warning", sentence)


def metrics() -> Iterator[Finding]:
    """The token for the figures cannot be guessed."""
    token = settings().metrics_token
    if token and len(token) < SHORTEST_TOKEN:
        sentence = f"TIDINGS_METRICS_TOKEN is short enough to be guessed: use {SHORTEST_TOKEN} characters or more."
        yield Finding("metrics", "error" if public() else "warning", sentence)


def demo() -> Iterator[Finding]:
    """A demo, which signs in whoever comes, is for this machine."""
    if settings().demo and public():
        sentence = f"The demo signs in everybody who opens {settings().url}: run it without TIDINGS_BASE_URL."
        yield Finding("demo", "error", sentence)


def registration() -> Iterator[Finding]:
    """Whoever registers can be asked whether the address is theirs."""
    if settings().registration == "open" and not settings().mail:
        sentence = "Anybody may register under anybody's address, as no mail can ask them."
        advice = "Have mails sent by TIDINGS_MAIL, or set TIDINGS_REGISTRATION=invitation."
        level: Level = "error" if public() else "warning"
        yield Finding("registration", level, f"{sentence} {advice}")


EVERY = (address, contact, secret, proxies, visitors, private_hosts, metrics, demo, registration)
BEFORE_SERVING = (address, contact, secret, proxies, demo)
