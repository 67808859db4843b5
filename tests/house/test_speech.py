"""Languages: whoever has a catalogue speaks all of it, and the catalogues are read and written as gettext does."""

import gettext
from io import BytesIO

from tests.house.speech import LOCALE, Message, compiled, messages, of_template, read, write


def test_a_language_that_is_there_is_whole_and_up_to_date() -> None:
    for folder in LOCALE.glob("*/LC_MESSAGES"):
        known = read((folder / "django.po").read_text())
        assert sorted(said.id for said in messages() if not all(known.get(said) or [""])) == []
        assert (folder / "django.mo").read_bytes() == compiled(known), "python -m tests.house.speech"


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
