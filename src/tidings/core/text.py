"""How networks count a text, and where the links in it are.

Links and weights follow twitter-text 3.1 (https://github.com/twitter/twitter-text, config v3): the classes of
characters below and tlds.txt are its facts. Mastodon's length follows its status_length_validator.rb
and twitter_regex.rb.
"""

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files

import regex

Span = tuple[int, int]

LINK_WEIGHT = 23  # what t.co makes of every link
LONGEST_LINK = 4096
LONGEST_SLUG = 40  # of a t.co link
LONGEST_LABEL = 63  # of a domain, as DNS sees it

_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_NEVER = r"\uFFFE\uFEFF\uFFFF"
_DIRECTION = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_CYRILLIC = r"\u0400-\u04FF"

_BEFORE = rf"(?:[^A-Za-z0-9@＠$#＃{_NEVER}]|[{_DIRECTION}]|^)"
_LETTER = rf"[^{_PUNCTUATION}{_SPACES}{_NEVER}{_DIRECTION}]"
_SUBDOMAIN = rf"(?:{_LETTER}++(?:[_-]++{_LETTER}++)*+\.)"
_DOMAIN_NAME = rf"(?:{_LETTER}++(?:-++{_LETTER}++)*+\.)"
_NAMES = (files("tidings.core") / "tlds.txt").read_text("utf-8").split()
_ENDINGS = "|".join(sorted(_NAMES, key=len, reverse=True))
_TLD = rf"(?:(?:{_ENDINGS})(?=[^0-9a-zA-Z@+-]|$)|xn--[-0-9a-z]+)"
_DOMAIN = rf"(?:{_SUBDOMAIN}*{_DOMAIN_NAME}{_TLD})"
_HEAD = rf"(?P<protocol>https?://)?(?P<domain>{_DOMAIN})"

_PATH = rf"[a-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PATH_END = rf"[+\-a-z{_CYRILLIC}0-9=_#/{_LATIN}]"
_QUERY = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]"
_QUERY_END = r"[a-z0-9\-_&=#/]"
_WIDE = r"\xA0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFEF\U00010000-\U0010FFFD"
_MASTODON_PATH = r"[^\p{White_Space}<>()?]"
_MASTODON_PATH_END = r"""[^\p{White_Space}()?!*"'「」<>;:=,.$%\[\]~&|@]"""
_MASTODON_QUERY = rf"[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{_WIDE}]"
_MASTODON_QUERY_END = rf"[a-z0-9_&=#/\-{_WIDE}]"


def _link_of(path: str, path_end: str, query: str, query_end: str, at: str) -> regex.Pattern[str]:
    """The pattern of a link. Parentheses belong to a path when they balance, nested once at most."""
    parens = rf"\((?:{path}+|{path}*\({path}+\){path}*)\)"
    step = rf"(?:{path}*(?:{parens}{path}*)*{path_end}|{parens}|{at}{path}+/)"
    return regex.compile(
        rf"(?P<before>{_BEFORE})(?P<link>{_HEAD}(?::[0-9]+)?(?P<path>/{step}*)?(?:\?{query}*{query_end})?)",
        regex.IGNORECASE,
    )


@cache  # a pattern with every ending takes a tenth of a second to compile: not before somebody counts
def _link() -> regex.Pattern[str]:
    return _link_of(_PATH, _PATH_END, _QUERY, _QUERY_END, "@")


@cache
def _mastodon_link() -> regex.Pattern[str]:
    return _link_of(_MASTODON_PATH, _MASTODON_PATH_END, _MASTODON_QUERY, _MASTODON_QUERY_END, "")


@cache
def _beginning() -> regex.Pattern[str]:
    return regex.compile(_BEFORE + _HEAD, regex.IGNORECASE)


@cache
def _dotted_ending() -> regex.Pattern[str]:
    return regex.compile(rf"\.{_TLD}", regex.IGNORECASE)


@cache
def _ascii_domain() -> regex.Pattern[str]:
    return regex.compile(rf"(?:[-a-z0-9{_LATIN}]+\.)+{_TLD}", regex.IGNORECASE)


_OUTSIDE = rf"[!'#%&()*+,\\/:;<=>?@\[\]\^{{|}}~${_SPACES}{_NEVER}{_DIRECTION}]"
_LAST_OUTSIDE, _NEXT_OUTSIDE = regex.compile(f"(?r){_OUTSIDE}"), regex.compile(_OUTSIDE)
_TCO = regex.compile(rf"https?://t\.co/([a-z0-9]+)(?:\?{_QUERY}*{_QUERY_END})?", regex.IGNORECASE)
_MENTION = regex.compile(
    r"(?<![=/\w])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@\w+(?:[.-]+\w+)*)", regex.IGNORECASE
)

_LIGHT = regex.compile(r"[\0-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")
_PICTOGRAPH = r"[\p{Emoji}--[0-9#*]]"
_TEXT_LIKE = r"[\p{Emoji}--\p{Emoji_Presentation}--[0-9#*]]"
_ONE_EMOJI = rf"(?:{_PICTOGRAPH}\p{{EMod}}|{_TEXT_LIKE}\uFE0F|\p{{Emoji_Presentation}})"
_EMOJI = regex.compile(
    r"(?V1)\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F"
    rf"|(?:{_ONE_EMOJI}|{_PICTOGRAPH}(?=\u200D{_PICTOGRAPH}))(?:\u200D(?:{_ONE_EMOJI}|{_PICTOGRAPH}))*"
)
_PICTURED = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]")


def graphemes(text: str) -> int:
    """How many characters a person sees."""
    return len(regex.findall(r"\X", text))


def utf16(text: str) -> int:
    """UTF-16 code units, as JavaScript and several networks count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Bytes as UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def urls(text: str, bare: bool = True) -> list[Span]:
    """Where the links are: (start, end). `bare`: also those without http(s)://."""
    return list(_urls(text, _link, bare))


def weighted(text: str) -> int:
    """twitter-text's weighted length: most letters 1, others and whole emoji 2, each link 23."""
    text = unicodedata.normalize("NFC", text)
    total = at = 0
    for start, end in _urls(text, _link, bare=True):
        total += _weigh(text[at:start]) + LINK_WEIGHT
        at = end
    return total + _weigh(text[at:])


def mastodon(text: str, per_url: int = LINK_WEIGHT) -> int:
    """Mastodon's length: graphemes; a link with http(s):// counts `per_url`, a mention without its server."""
    short: list[str] = []
    at = 0
    for start, end in _urls(text, _mastodon_link, bare=False):
        short += [_MENTION.sub(r"\1", text[at:start]), "x" * per_url]
        at = end
    short.append(_MENTION.sub(r"\1", text[at:]))
    return graphemes("".join(short))


def threads(text: str) -> int:
    """Characters as Threads counts them: those of an emoji are its bytes in UTF-8."""
    return sum(len(part.encode()) if _PICTURED.search(part) else len(part) for part in regex.findall(r"\X", text))


def _weigh(text: str) -> int:
    rest: str
    emoji: int
    rest, emoji = _EMOJI.subn("", text)
    return 2 * (emoji + len(rest)) - len(_LIGHT.findall(rest))


def _urls(text: str, pattern: Callable[[], regex.Pattern[str]], bare: bool) -> Iterator[Span]:
    """Looks only into runs of letters with an ending such as `.com`: all others would cost quadratic time."""
    at = look = 0
    while ending := _dotted_ending().search(text, look):
        fence = _LAST_OUTSIDE.search(text, at, ending.start())
        run = max(fence.end() if fence else at, ending.start() - LONGEST_LINK)
        after = _NEXT_OUTSIDE.search(text, ending.start())
        look = after.end() if after else len(text)
        beginning = _beginning().search(text, max(at, run - len("x https://")), look)
        if beginning and (found := pattern().match(text, beginning.start())):
            yield from _spans(found, bare)
            at = look = found.end()


def _spans(found: regex.Match[str], bare: bool) -> Iterator[Span]:
    domain, (start, end) = found["domain"], found.span("link")
    protocol = found["protocol"]
    if not _is_domain(domain) or len(found["link"]) + len(protocol or "https://") > LONGEST_LINK:
        return
    if protocol:
        tco = _TCO.match(found["link"])
        if tco is None:
            yield start, end
        elif len(tco[1]) <= LONGEST_SLUG:
            yield start, start + tco.end()
    elif bare and found["before"] not in ("-", "_", ".", "/"):
        yield from _ascii_spans(found)


def _ascii_spans(found: regex.Match[str]) -> Iterator[Span]:
    """Links without a protocol: only the ASCII domains among other letters; the last has the path."""
    start, end = found.span("link")
    spans = [(start + m.start(), start + m.end()) for m in _ascii_domain().finditer(found["domain"])]
    if spans and found["path"]:
        spans[-1] = (spans[-1][0], end)
    yield from spans


def _is_domain(domain: str) -> bool:
    """Whether DNS could hold it: every label at most 63 characters as Punycode."""
    if domain.startswith("xn--") and not _ascii_domain().search(domain):
        return False
    return all(0 < _label_length(label) <= LONGEST_LABEL for label in domain.split("."))


def _label_length(label: str) -> int:
    return len(label) if label.isascii() else len("xn--") + len(label.encode("punycode"))
