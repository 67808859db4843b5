"""Catalogues of translations, without gettext's own tools: `python -m tests.house.speech de` brings one up to date.

It collects what pages and code say, keeps what is translated already, and writes src/tidings/locale/de/LC_MESSAGES:
django.po, which people edit, and django.mo, which Django reads. Both are committed. A language whose folder is there is
whole (test_speech.py); without one the program says that it speaks the language in part.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from tests.house import sentences

SOURCE = Path(__file__).parents[2] / "src/tidings"
LOCALE = SOURCE / "locale"
CALLS = {  # function -> what its first arguments are
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "say"), ("id",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("id", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "id")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "id", "plural")),
}
QUOTED = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(((?:u?{QUOTED}\s*,?\s*)+)")
PLURALS = 'Plural-Forms: nplurals=2; plural=(n != 1);\\n'  # of English and German
GAP = re.compile(r"%\(\w+\)[sd]|\{\{?\w+\}?\}|</?[a-z][^>]*>|https?://[^\s,;]*[^\s,;.:]")  # what stays as it is
HEAD = f"Content-Type: text/plain; charset=UTF-8\\n{PLURALS}"


@dataclass(frozen=True, order=True)
class Message:
    """What is said, as the code names it."""

    id: str
    plural: str = ""
    context: str = ""


def messages() -> set[Message]:
    """Everything that code and templates say to people."""
    found = {said for path in SOURCE.rglob("*.py") for said in _of_code(path.read_text())}
    pages = [path for end in ("html", "txt") for path in SOURCE.rglob(f"templates/**/*.{end}")]
    found |= {said for path in pages for said in of_template(path.read_text())}
    return found | {Message(words, context=context) for context, words in sentences.everything()}


def _of_code(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in CALLS:
            said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from _message(name, said)


def of_template(text: str) -> Iterator[Message]:
    """By Django's own reading of a template, which turns it into something like code."""
    for name, words in IN_TEMPLATE.findall(templatize(text)):
        yield from _message(name, [ast.literal_eval(one) for one in re.findall(QUOTED, words)])


def _message(name: str, said: list[str]) -> Iterator[Message]:
    parts = dict(zip(CALLS[name], said, strict=False))
    if parts.get("id"):
        yield Message(**parts)


# What may be wrong with a translation


def faults(said: Message, words: list[str]) -> list[str]:
    """Gaps, tags and addresses that were lost or made up, other space around it, a form too few, plain English."""
    pairs = list(zip((said.id, said.plural) if said.plural else (said.id,), words, strict=False))
    formats = said.context == "date format"
    found = {
        "forms": len(words) != 1 + bool(said.plural),
        "gaps": any(sorted(GAP.findall(one)) != sorted(GAP.findall(other)) for one, other in pairs),
        "space": any(_around(one) != _around(other) for one, other in pairs),
        "the same": not formats and any(one == other and _words(one) for one, other in pairs),
    }
    return [fault for fault, there in found.items() if there]


def _around(text: str) -> tuple[str, str, int]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], text.count("\n")


def _words(text: str) -> bool:
    return bool(re.search(r"[A-Za-z]{3}", GAP.sub("", text)))


# The two kinds of files


def read(po: str) -> dict[Message, list[str]]:
    """The translations of a .po file: one, or one per plural form."""
    found: dict[Message, list[str]] = {}
    for entry in re.split(r"\n\s*\n", po):
        parts = {key: _joined(words) for key, words in re.findall(
            rf"^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s((?:{QUOTED}\s*)+)", entry, re.M)}  # fmt: skip
        if parts.get("msgid"):
            said = Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
            found[said] = [words for key, words in sorted(parts.items()) if key.startswith("msgstr")]
    return found


def _joined(words: str) -> str:
    return "".join(ast.literal_eval(one) for one in re.findall(QUOTED, words))


def write(known: dict[Message, list[str]]) -> str:
    """As a .po file, in the order of the words."""
    return f'msgid ""\nmsgstr "{HEAD}"\n\n' + "\n".join(_entry(said, known[said]) for said in sorted(known))


def _entry(said: Message, words: list[str]) -> str:
    lines = [f"msgctxt {_quoted(said.context)}"] if said.context else []
    lines.append(f"msgid {_quoted(said.id)}")
    if not said.plural:
        return "\n".join([*lines, f"msgstr {_quoted(words[0] if words else '')}", ""])
    forms = [f"msgstr[{n}] {_quoted(words[n] if n < len(words) else '')}" for n in range(2)]
    return "\n".join([*lines, f"msgid_plural {_quoted(said.plural)}", *forms, ""])


def _quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def compiled(known: dict[Message, list[str]]) -> bytes:
    """As a .mo file (https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html)."""
    rows = {b"": HEAD.replace("\\n", "\n").encode()}
    for said, words in known.items():
        if all(words):
            context, plural = said.context and f"{said.context}\x04", said.plural and f"\0{said.plural}"
            rows[f"{context}{said.id}{plural}".encode()] = "\0".join(words).encode()
    keys = sorted(rows)
    at = 28 + 16 * len(keys)
    ids, id_table = _packed(keys, at)
    texts, text_table = _packed([rows[key] for key in keys], at + len(ids))
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, at)
    return head + id_table + text_table + ids + texts


def _packed(texts: Iterable[bytes], at: int) -> tuple[bytes, bytes]:
    """The texts one after another, and where each is."""
    packed, table = b"", b""
    for text in texts:
        table += struct.pack("<2I", len(text), at + len(packed))
        packed += text + b"\0"
    return packed, table


def update(language: str) -> None:
    """Bring a catalogue up to date: new words come untranslated, what nobody says any more goes."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    po = folder / "django.po"
    known = read(po.read_text()) if po.exists() else {}
    kept = {said: known.get(said, []) for said in messages()}
    po.write_text(write(kept))
    (folder / "django.mo").write_bytes(compiled(kept))
    missing = sum(not words or not all(words) for words in kept.values())
    sys.stdout.write(f"{language}: {len(kept) - missing} of {len(kept)} translated\n")


if __name__ == "__main__":
    for wish in sys.argv[1:]:
        update(wish)
