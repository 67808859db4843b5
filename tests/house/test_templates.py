"""Pages run under a strict content policy: nothing inline, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from tests.house.source import SRC, files

PAGES = files(SRC, ".html")
INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
    "a style in the page": r"<style|\sstyle\s*=",
    "an event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "an hx-on attribute": r"\shx-on",
    "an hx-vals with code": r"hx-(vals|headers)\s*=\s*[\"']js:",
    "a javascript address": r"javascript:",
    "something of another origin": r"<(?:script|link|img|iframe|video|audio|source|form|use)\b[^>]*"
    r"\b(?:src|href|action)\s*=\s*[\"'](?:https?:)?//",
}


def test_there_are_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("what", sorted(INLINE))
def test_no_page_has(what: str) -> None:
    having = [page for page in PAGES if re.search(INLINE[what], page.read_text(), re.I)]
    assert having == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_what_a_page_says_can_be_translated(page: Path) -> None:
    """Words between tags stand inside a translation tag: without those tags no letters remain."""
    text = re.sub(r"{%\s*(blocktranslate|comment)\b.*?{%\s*end\1\s*%}", "", page.read_text(), flags=re.S)
    text = re.sub(r"<(script|svg|code|pre|kbd)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<[^>]*>|&\w+;", "", text, flags=re.S)
    assert re.findall(r"[A-Za-z]{3,}", text) == []
