"""5.tls, 6.cookies, 6.browser · What the running instance really answers at its address, and what its policy says."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tidings.commands.proofs.said import Proof, few
from tidings.core.http import PORTS, Answer, Door, NoAnswer, Request
from tidings.privacy import cookies
from tidings.privacy.policy import policy
from tidings.privacy.wording import LANGUAGES
from tidings.settings import settings

ASKED = ("/accounts/login/", "/privacy", "/privacy.json", "/healthz", "/nothing-here", "/worker.js")
OURS = {"'self'", "'none'", "data:", "blob:", "'report-sample'"}  # what a content policy may name
WORDS = {"'script'", "default", "allow-duplicates"}  # of directives that name no source
SECONDS = 10.0
START = "Start it, or run this with the settings that it was started with."
HSTS = 15_552_000  # half a year


def sentences() -> Iterator[Proof]:
    """Each sentence of the policy is printed as it was promised."""
    for sentence in policy(LANGUAGES[0]).sentences:
        wrong = [] if sentence.kept else [sentence.text]
        yield Proof(sentence.id, "what the policy of this instance says", 1, wrong)


def live() -> Iterator[Proof]:
    """Ask our own address, as a browser does."""
    try:
        answers = {path: _asked(settings().url + path) for path in ASKED}
    except NoAnswer as error:
        for id in ("5.tls", "6.cookies", "6.browser"):
            yield Proof(id, f"pages at {settings().url}", 0, unseen=f"It does not answer ({error}). {START}")
        return
    yield Proof("5.tls", f"pages at {settings().url}, their headers", len(answers), few(_unsafe(answers)))
    laid = [line for answer in answers.values() for line in _cookies(answer)]
    yield Proof("6.cookies", "cookies that pages set, as declared", len(laid), few(_undeclared(laid)))
    yield Proof("6.cookies", "content policies without a foreign origin", len(answers), few(_foreign(answers)))
    yield Proof("6.browser", "what is kept for being offline: nobody's", 1, few(_personal(answers["/worker.js"])))
    said = json.loads(answers["/privacy.json"].body or b"{}")
    yield Proof("7.contact", "policies that the running instance prints", 1, few(_differs(said)))
    if settings().secure:
        yield _in_clear()


def _asked(url: str) -> Answer:
    host, port = settings().hostname, urlsplit(settings().url).port
    door = Door(private=(host, f"{host}:{port or PORTS['https']}"))
    return door(Request("GET", url, "look", seconds=SECONDS))


def _unsafe(answers: Mapping[str, Answer]) -> Iterator[str]:
    for path, answer in answers.items():
        if answer.status >= 500:
            yield f"{path} answers {answer.status}"
        if "nosniff" not in answer.headers.get("x-content-type-options", ""):
            yield f"{path} lets browsers guess its type"
        if settings().secure and _age(answer) < HSTS:
            yield f"{path} does not tell browsers to use HTTPS only"


def _age(answer: Answer) -> int:
    found = re.search(r"max-age=(\d+)", answer.headers.get("strict-transport-security", ""))
    return int(found[1]) if found else 0


def _cookies(answer: Answer) -> list[str]:
    """What stood in several headers came in one line."""
    said = answer.headers.get("set-cookie", "")
    return re.split(r", (?=[^;,\s=]+=)", said) if said else []


def _undeclared(lines: list[str]) -> Iterator[str]:
    known = {cookie.name: cookie for cookie in cookies.EVERY}
    for line in lines:
        name = line.partition("=")[0]
        if name not in known:
            yield f"a cookie {name} that the policy does not name"
            continue
        flags = {part.strip().lower() for part in line.split(";")[1:]}
        yield from (f"{name} without {flag}" for flag in known[name].attributes if flag.lower() not in flags)
        if "domain" in {flag.partition("=")[0] for flag in flags}:
            yield f"{name} goes to other hosts, too"


def _foreign(answers: Mapping[str, Answer]) -> Iterator[str]:
    for path, answer in answers.items():
        said = answer.headers.get("content-security-policy", "")
        if not said:
            yield f"{path} has no content policy"
        for directive in filter(None, map(str.strip, said.split(";"))):
            name, *sources = directive.split()
            yield from (f"{path}: {name} {source}" for source in sources if source not in OURS | WORDS)


def _personal(worker: Answer) -> Iterator[str]:
    """What the service worker keeps beside styles, scripts and the page that is the same for everybody."""
    found = re.search(r"KEPT = (\[[^\]]*\])", worker.body.decode(errors="replace"))
    if not found:
        yield "the service worker does not say what it keeps"
        return
    yield from (path for path in json.loads(found[1]) if path != "/offline" and not path.startswith("/static/"))


def _differs(said: Mapping[str, Any]) -> Iterator[str]:
    """What runs there was started with other settings than this command."""
    facts, here = said.get("facts", {}), policy(LANGUAGES[0]).facts
    for name in ("name", "contact", "erase_days", "log_days", "log_gone_days", "export_days"):
        if facts.get(name) != getattr(here, name):
            yield f"it says {facts.get(name)!r} as {name}, these settings say {getattr(here, name)!r}"


def _in_clear() -> Proof:
    """Whoever comes without HTTPS is sent to it, or finds nobody."""
    looked = f"http://{settings().hostname}"
    try:
        answer = _asked(f"{looked}/")
    except NoAnswer:
        return Proof("5.tls", f"{looked}, where nobody answers", 1)
    sent_on = answer.status in (301, 308) and answer.headers.get("location", "").startswith("https://")
    return Proof("5.tls", f"{looked}, which leads to HTTPS", 1, [] if sent_on else [f"it answers {answer.status}"])
