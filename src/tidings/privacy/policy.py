"""The privacy policy of this instance, rendered from its running configuration.

Each sentence has an id that never changes: the page, the tests and `tidings prove` go by it. A sentence that the
configuration makes untrue is not said; what is true is said in its place, and `kept` is false.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tidings.core import clock
from tidings.privacy.facts import HERE, Facts, Place, facts
from tidings.privacy.wording import days, words

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "held": ("1.account", "1.tokens", "1.content", "1.logs"),
    "use": ("2.use",),
    "shared": ("3.official", "3.sharing", "3.terms"),
    "ends": ("4.retention", "4.channel", "4.account", "4.backup"),
    "safe": ("5.rest", "5.tls"),
    "cookies": ("6.cookies", "6.browser"),
    "rights": ("7.access", "7.correct", "7.delete", "7.object", "7.contact"),
}
IDS = tuple(id for ids in SECTIONS.values() for id in ids)
UNTRUE = frozenset({"plain", "nobody", "readable"})  # what is said where the promise is not kept
PROMISED = "text"


@dataclass(frozen=True)
class Sentence:
    """One sentence, as it is true here. `wording`: which of the texts of its id it is."""

    id: str
    title: str
    text: str
    wording: str
    kept: bool


@dataclass(frozen=True)
class Section:
    """Sentences under one heading."""

    name: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Row:
    """A network, in words: what it gets, and under which terms of its own."""

    network: Place
    gets: str
    terms: str
    policy: str  # what the link to its policy is called
    links: tuple[tuple[str, str], ...]  # label, address


@dataclass(frozen=True)
class Policy:
    """The whole policy in one language."""

    language: str
    written: date
    today: date
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    receivers: tuple[str, ...]
    cookies: tuple[tuple[str, str, str], ...]  # name, purpose, lifetime
    facts: Facts

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All of them, in their order."""
        return tuple(sentence for section in self.sections for sentence in section.sentences)

    @property
    def page(self) -> Mapping[str, str]:
        """The words around the sentences."""
        values = {"name": self.facts.name, "address": self.facts.address, "written": self.written, "today": self.today}
        said: dict[str, str] = words(self.language)["page"]
        return said | {name: said[name].format(**values) for name in ("of", "dated")}


def _tls(known: Facts) -> str:
    if known.secure:
        return PROMISED
    return "local" if known.indoors else "plain"


WORDINGS: Mapping[str, Callable[[Facts], str]] = {
    "1.logs": lambda known: PROMISED if known.log_days < known.log_gone_days else "short",
    "3.sharing": lambda known: "demo" if known.demo else PROMISED,
    "4.account": lambda known: PROMISED if known.erase_days else "at_once",
    "5.rest": lambda known: "readable" if known.ring == "readable" else PROMISED,
    "5.tls": _tls,
    "7.contact": lambda known: PROMISED if known.contact else "nobody",
}


def policy(language: str) -> Policy:
    """The policy as it is true now; raises KeyError for a language we do not speak."""
    known, said = facts(), words(language)
    sections = (
        Section(name, said["sections"][name], tuple(_sentence(id, known, language) for id in ids))
        for name, ids in SECTIONS.items()
    )
    return Policy(
        language, said["written"], clock.now().date(), tuple(sections),
        tuple(row(network, language) for network in known.networks),
        tuple(_receivers(known, said["receivers"])),
        tuple((c.name, said["cookies"][c.plain], said["words"]["lasts"].format(n=c.days)) for c in known.cookies),
        known,
    )  # fmt: skip


def _sentence(id: str, known: Facts, language: str) -> Sentence:
    wording = WORDINGS[id](known) if id in WORDINGS else PROMISED
    said = words(language)[id]
    text = said[wording].format_map(_values(known, language))
    return Sentence(id, said["title"], text, wording, wording not in UNTRUE)


def _values(known: Facts, language: str) -> dict[str, Any]:
    return {
        "address": known.address,
        "contact": known.contact,
        "full": days(language, known.log_days),
        "gone": days(language, known.log_gone_days),
        "grace": days(language, known.erase_days),
        "export": days(language, known.export_days),
        "numbers": days(language, known.numbers_days),
        "inbox": days(language, known.inbox_days),
        "ring": words(language)["words"].get(f"ring_{known.ring}", ""),
    }


def row(network: Place, language: str) -> Row:
    """A network in the words of the policy; the page to connect it shows them, too."""
    said = words(language)
    gets = [said["words"][name] for name in network.gets]
    listed = said["words"]["and"].join(filter(None, (", ".join(gets[:-1]), gets[-1])))
    ends = ((said["terms"]["ends"], network.grants),) if network.grants else ()
    if network.terms is None:
        return Row(network, listed, "", said["page"]["policy_of"].format(label=network.label), ends)
    names = {"label": network.label, **vars(network.terms)}
    told = {name: text.format(**names) for name, text in said["terms"].items()}
    return Row(network, listed, told["text"], told["policy"], ((told["terms"], network.terms.link), *ends))


def _receivers(known: Facts, said: Mapping[str, str]) -> list[str]:
    there = {"mail": known.mail, "media": known.media, "database": known.database}
    told = (said[f"{name}_{_where(host)}"].format(host=host) for name, host in there.items())
    return [*told, said["links_on" if known.links else "links_off"], said["ai"]]


def _where(host: str) -> str:
    return ("here" if host in HERE else "on") if host else "off"
