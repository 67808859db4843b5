"""What TypeScript says comes from the page: the composer's words by `t`, and nothing is written down beside it."""

import re

from tests.house.source import ROOT, SRC, files

ISLANDS = files(ROOT / "frontend/src", ".ts", ".tsx")
SAID = re.compile(r"""\bt\(\s*(["'`])((?:\\.|(?!\1).)*)\1""")
HANDED = (SRC / "web/templates/tidings/partials/composer_words.html").read_text()
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\w\"'])//[^\n]*", re.S)
BARE = (  # text between tags; an attribute that is read, but for keys such as Ctrl+Enter; a sentence
    re.compile(r"<\w+[^<>{}]*>\s*([A-Z][a-z]+[^<>{}]*)</"),
    re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"+]*[A-Za-z]{2}[^\"+]*)\""),
    re.compile(r"""["'`]([A-Z][a-z]+(?: [a-z{}$]+)+[.…!?]?)["'`]"""),
)


def bare(text: str) -> list[str]:
    """What is written down in code, and not asked of the page."""
    code = SAID.sub("t(", COMMENT.sub("", text))
    return sorted({words for pattern in BARE for words in pattern.findall(code)})


def test_every_word_of_an_island_is_handed_to_it() -> None:
    said = {found[2] for file in ISLANDS for found in SAID.finditer(file.read_text())}
    assert len(said) > 200
    assert sorted(words for words in said if f'"{words}": ' not in HANDED) == [], "npm run words"


def test_no_island_has_words_of_its_own() -> None:
    assert {file.name: found for file in ISLANDS if (found := bare(file.read_text()))} == {}


def test_words_that_are_written_down_are_seen() -> None:
    page = '<p>Hello you</p> <b title="Close it">{t("Save now")}</b> // A comment here'
    assert bare(page) == ["Close it", "Hello you"]
    assert bare('say("Nobody translates this."); t("Save this now"); query("[data-x]"); key("ArrowUp")') == [
        "Nobody translates this.",
    ]  # fmt: skip
