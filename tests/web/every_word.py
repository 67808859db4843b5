"""A language for tests in which every word that can be translated stands in ⟦⟧, and what of a page stands outside."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.utils.translation import trans_real

from tests.house.speech import Message, compiled, messages
from tidings import speech

AS = "de"  # the language that speaks it
FORMATS = ("date format", "time format")  # contexts of what is no sentence
READ = ("title", "alt", "aria-label", "aria-description", "placeholder", "aria-valuetext")
BUTTONS = ("submit", "button", "reset")
SILENT = ("style", "code", "pre", "kbd", "svg", "textarea")
SIGNS = re.compile(r"[⟦⟧]")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
TAG, ADDRESS = re.compile(r"<[^>]*>"), re.compile(r"\S*(?:://|@|\w\.\w|\w[-_/]\w)\S*")
WORD = re.compile(r"[^\W\d_]{3,}")


@contextmanager
def marked(folder: Path) -> Iterator[None]:
    """Whoever reads German gets ⟦Save⟧ for "Save", and the same of what Django and allauth say."""
    place = folder / AS / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.mo").write_bytes(_catalogue())
    with override_settings(LOCALE_PATHS=[folder]):
        _forget()
        yield
    _forget()


@cache
def _catalogue() -> bytes:
    return compiled({said: _forms(said) for said in {*messages(), *_theirs()}})


def _forms(said: Message) -> list[str]:
    plain = said.context in FORMATS
    return [words if plain else f"⟦{words}⟧" for words in (said.id, said.plural) if words]


def _theirs() -> Iterator[Message]:
    for key in trans_real.translation(AS)._catalog.keys():  # type: ignore[attr-defined]  # noqa: SIM118
        context, cut, id = (key if isinstance(key, str) else key[0]).rpartition("\x04")
        if id and not (cut and context in FORMATS):
            yield Message(id, "" if isinstance(key, str) else id, context)


def _forget() -> None:
    trans_real._translations.clear()
    speech._in.cache_clear()
    speech.patterns.cache_clear()


class Page(HTMLParser):
    """What a person reads, or hears, of a page: its text as a whole, and each attribute."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.said, self.data = "", [], ""
        self._silent: list[str] = []
        self._json = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in SILENT or (tag == "script"):
            self._silent.append(tag)
            self._json = told.get("type") == "application/json"
        read = [told.get(name, "") for name in READ]
        read += [told.get("value", "")] if tag == "input" and told.get("type") in BUTTONS else []
        read += [value for name, value in told.items() if name.startswith("data-") and " " in value.strip()]
        self.said += filter(None, read)
        self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
            self._json = False

    def handle_data(self, data: str) -> None:
        if self._json:
            self.said += [words for words in strings(json.loads(data)) if " " in words]
        else:  # an address of a sentence stands in <code>, with the mark that ends the sentence
            self.text += "".join(SIGNS.findall(data)) if self._silent else data


def strings(value: Any) -> Iterator[str]:
    """Every text in something of JSON."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def outside(said: str) -> str:
    """What stands outside of ⟦⟧, nested or not."""
    shorter = MARKED.sub(" ", said)
    return outside(shorter) if shorter != said else said


def unmarked(page: str, data: set[str]) -> list[str]:
    """Lines of a page with words that no translation reaches and that are nobody's data."""
    read = Page(page)
    lines = [*outside(read.text).splitlines(), *(outside(words) for words in read.said)]
    return sorted({line.strip() for line in lines if words_of(line) - data})


def words_of(line: str) -> set[str]:
    """Its words, but for addresses of any kind."""
    return set(WORD.findall(ADDRESS.sub(" ", TAG.sub(" ", line))))
