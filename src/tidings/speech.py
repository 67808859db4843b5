"""Sentences that are kept or declared in English, in the language of who reads them.

What a network declares, why a delivery failed, what `tidings doctor` finds: said to nobody yet, or to people of many
languages, so it is English until it is shown. A sentence that was made with something in it is known by its pattern in
the catalogue ("%(label)s needs some text."); what a network itself said is in no catalogue and stays as it is.
tests/house/sentences.py collects them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest

from django.utils.translation import get_language, gettext
from django.utils.translation.trans_real import translation

KEPT = "kept"  # context, in the catalogues, of sentences with something in them
CUT = "\x04"  # between a context and its words
GAP = re.compile(r"%\((\w+)\)s")
PATTERN = re.compile(rf"{KEPT}{CUT}.*|[^{CUT}]*\.", re.S)  # which of a catalogue may be said with something in it
NEXT = re.compile(r"(?<=[.!?])\s+")
LONG, SHORT = ".+?", r"(?:(?![.!?]\s).)+?"
MOST = 1024  # sentences that are remembered


def translated(sentence: str) -> str:
    """In the reader's language, as far as it is known there."""
    return _in(get_language() or "en", sentence) if sentence else ""


@lru_cache(MOST)
def _in(language: str, sentence: str) -> str:
    """As a whole, else sentence by sentence, else what stands before and after a colon."""
    parts = NEXT.split(sentence)
    words = _each_known(language, sentence, parts) or _known(language, sentence)
    if words is not None:
        return words
    if len(parts) > 1:
        return " ".join(map(translated, parts))
    head, colon, tail = sentence.partition(": ")
    return f"{translated(head)}{colon}{translated(tail)}" if tail else sentence


def _each_known(language: str, sentence: str, parts: list[str]) -> str | None:
    """Several sentences that are each known: a gap in the first would take the others for its own words."""
    if len(parts) < 2 or gettext(sentence) != sentence:
        return None
    said = [_known(language, part) for part in parts]
    return " ".join(filter(None, said)) if all(said) else None


def _known(language: str, sentence: str) -> str | None:
    words = gettext(sentence)
    if words != sentence:
        return words
    for pattern, said in patterns(language):
        if found := pattern.fullmatch(sentence):
            values = {name: _listed(value) for name, value in found.groupdict().items()}
            return _filled(said, values)
    return None


def _filled(said: str, values: Mapping[str, str]) -> str:
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), said)


def _listed(value: str) -> str:
    """What was put into a sentence: a word, another sentence, or several words."""
    words = translated(value)
    return words if words != value else ", ".join(map(translated, value.split(", ")))


@lru_cache
def patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """How to know the sentences of this language's catalogue, those with the most words first; and what they become."""
    catalogue = translation(language)._catalog.items()  # type: ignore[attr-defined]  # gettext's own, which has no list
    said = {key.rpartition(CUT)[2]: words for key, words in catalogue
            if isinstance(key, str) and GAP.search(key) and PATTERN.fullmatch(key)}
    longest = sorted(said, key=lambda id: -len(GAP.sub("", id)))
    return [(_pattern(id), said[id]) for id in longest]


def _pattern(id: str) -> re.Pattern[str]:
    """A gap is what stands there, at the beginning no other sentence; a second one of a name is the same again."""
    seen: set[str] = set()
    made, gaps = "", GAP.split(id)
    for words, name in zip_longest(gaps[::2], gaps[1::2], fillvalue=""):
        what = f"(?P={name})" if name in seen else f"(?P<{name}>{LONG if made or words else SHORT})"
        made += re.escape(words) + (what if name else "")
        seen.add(name)
    return re.compile(made, re.S)
