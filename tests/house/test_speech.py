"""Languages: whoever has a catalogue speaks all of it, and the catalogues are read and written as gettext does."""

import gettext
from io import BytesIO

from tests.house.speech import LOCALE, Message, compiled, faults, messages, of_template, read, write

SAME = {  # words that German shares with English, and names
    "de": {
        "Name", "Passkey", "Board", "Filter", "Links", "Backups", "Version", "Alt", "Emoji", "Hashtags", "Original",
        "Text", "Limit in GB", "Animation", "Uploads", "Orange", "Admin", "Handle", "Server", "Webhook", "Team",
        "Reel", "Story", "Signer", "Button", "Code", "Community", "Link", "Token", "Format", "HTML", "Homeserver",
        "Apps", "Timeline", "Relays", "Subreddit", "Flair", "Spoiler", "Bot", "Buttons", "Forum", "Playlist",
        "Likes", "Karma", "Zaps",
        "Settings → Integrations → Add custom integration.", "In Element: Settings, Help & About.",
    },
}


def test_a_language_that_is_there_is_whole_and_up_to_date() -> None:
    for folder in LOCALE.glob("*/LC_MESSAGES"):
        known = read((folder / "django.po").read_text())
        assert sorted(said.id for said in messages() if not all(known.get(said) or [""])) == []
        assert (folder / "django.mo").read_bytes() == compiled(known), "python -m tests.house.speech"


def test_no_translation_loses_a_gap_a_tag_an_address_a_form_or_stays_english() -> None:
    for folder in LOCALE.glob("*/LC_MESSAGES"):
        text, same = (folder / "django.po").read_text(), SAME.get(folder.parent.name, set())
        found = {said.id: faults(said, words) for said, words in read(text).items()}
        wrong = {id: what for id, what in found.items() if what and not (what == ["the same"] and id in same)}
        assert wrong == {}
        assert sorted(id for id in same if "the same" not in found.get(id, [])) == [], "declared for nothing"
        assert "#, fuzzy" not in text


def test_what_is_wrong_with_a_translation_is_seen() -> None:
    posts = Message("%(n)s post", "%(n)s posts")
    assert faults(posts, ["%(n)s Beitrag", "%(n)s Beiträge"]) == []
    assert faults(posts, ["%(n)s Beitrag"]) == ["forms"]
    assert faults(posts, ["ein Beitrag", "%(n)s Beiträge"]) == ["gaps"]
    assert faults(Message("See <b>{name}</b>"), ["{name} ansehen"]) == ["gaps"]
    assert faults(Message("Go to https://example.org."), ["Geh zu https://example.com."]) == ["gaps"]
    assert faults(Message("Hello\n\nyou"), ["Hallo du"]) == faults(Message("Hello"), ["Hallo "]) == ["space"]
    assert faults(Message("Save"), ["Save"]) == ["the same"]
    assert faults(Message("F Y", context="date format"), ["F Y"]) == []


def test_what_templates_and_code_say_is_collected() -> None:
    said = set(of_template(
        '{% load i18n %}{% translate "Save" %}{% translate "May" context "month" %}'
        "{% blocktranslate count n=n %}{{ n }} post{% plural %}{{ n }} posts{% endblocktranslate %}"
        '{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}'
        '<a title="{% translate \'It is "so"\' %}">'
    ))  # fmt: skip

    assert said == {
        Message("Save"), Message("May", context="month"), Message("%(n)s post", "%(n)s posts"), Message("Two lines"),
        Message('It is "so"'),
    }  # fmt: skip
    everything = messages()
    assert len(everything) > 1000
    assert Message("Find a post, go somewhere, do something …") in everything  # of a template
    assert Message("Date", context="date format") not in everything
    assert Message("F Y", context="date format") in everything  # of code


def test_gettext_reads_what_is_written() -> None:
    known = {
        Message("Save"): ["Speichern"], Message("May", context="month"): ["Mai"],
        Message("%(n)s post", "%(n)s posts"): ["%(n)s Beitrag", "%(n)s Beiträge"], Message('a "b"\nc'): ["„b“\nc"],
        Message("not yet"): [""],
    }  # fmt: skip

    assert read(write(known)) == known
    spoken = gettext.GNUTranslations(BytesIO(compiled(known)))
    assert spoken.gettext("Save") == "Speichern"
    assert spoken.pgettext("month", "May") == "Mai"
    assert spoken.ngettext("%(n)s post", "%(n)s posts", 3) == "%(n)s Beiträge"
    assert spoken.gettext("not yet") == "not yet"
