"""The policy itself: public, in two languages, made from the running configuration, the same for programs."""

import re
from string import Formatter
from typing import Any

import pytest
from django.test import Client

from tests import people
from tidings.channels.credentials import enter
from tidings.networks import every
from tidings.networks.base import App
from tidings.privacy import cookies, facts
from tidings.privacy.policy import IDS, UNTRUE, WORDINGS, policy
from tidings.privacy.wording import LANGUAGES, words
from tidings.settings import settings

pytestmark = pytest.mark.django_db


def _placeholders(texts: Any, path: str = "") -> dict[str, set[str]]:
    if not isinstance(texts, dict):
        return {path: {name for _text, name, _form, _how in Formatter().parse(str(texts)) if name}}
    below = (_placeholders(inner, f"{path}/{name}") for name, inner in texts.items())
    return {key: value for found in below for key, value in found.items()}


def test_both_languages_have_the_same_entries_and_placeholders() -> None:
    english, german = (_placeholders(words(language)) for language in LANGUAGES)
    assert english == german
    assert set(IDS) <= set(words("en"))
    assert {cookie.plain for cookie in cookies.EVERY} == set(words("en")["cookies"])


def test_every_wording_of_every_sentence_can_be_said() -> None:
    known = policy("en").facts
    for id in IDS:
        wordings = set(words("en")[id]) - {"title"}
        assert "text" in wordings
        assert wordings == {"text"} or id in WORDINGS
    assert {wording for id in IDS for wording in words("en")[id]} >= UNTRUE
    assert known.name == settings().name


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_reads_every_sentence_in_their_language(language: str) -> None:
    shown = Client().get("/privacy", headers={"accept-language": language})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert f'<html lang="{language}"' in text
    assert [id for id in IDS if f'id="{id}"' not in text] == []
    for title in words(language)["sections"].values():
        assert title in text
    assert re.search(r"20\d\d-\d\d-\d\d", text)


def test_who_asks_for_a_language_gets_it_whatever_the_browser_says() -> None:
    shown = Client().get("/privacy?language=de", headers={"accept-language": "en"})
    assert shown.headers["Content-Language"] == "de"
    assert words("de")["page"]["title"] in shown.content.decode()
    assert Client().get("/privacy?language=xx").headers["Content-Language"] == "en"


def test_programs_read_the_same() -> None:
    said = Client().get("/privacy.json?language=de").json()
    assert [sentence["id"] for sentence in said["sentences"]] == list(IDS)
    assert [sentence["text"] for sentence in said["sentences"]] == [one.text for one in policy("de").sentences]
    assert said["facts"]["erase_days"] == settings().erase_days
    assert set(said) == {
        "format", "language", "languages", "written", "today", "sentences", "receivers", "facts",
    }  # fmt: skip


def test_what_is_set_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {
        "name": "Harbour Post", "erase_days": 5, "log_days": 11, "log_gone_days": 44, "export_days": 3,
        "mail": "smtp://u:hidden-word@mail.example.org:587", "media": "s3://key:hidden-word@s3.example.org/bucket",
        "database": "postgresql://u:hidden-word@db.example.org/t",
    }
    for name, value in changed.items():
        monkeypatch.setattr(settings(), name, value)
    monkeypatch.setattr(facts, "store", object)  # anything but a folder
    shown, said = Client().get("/privacy").content.decode(), Client().get("/privacy.json").content.decode()
    for text in ("Harbour Post", "5 days", "11 days", "44 days", "3 days", "mail.example.org", "s3.example.org",
                 "db.example.org"):
        assert text in shown, text
    assert "hidden-word" not in shown + said


RECEIVERS = {  # (setting, value): what English and German say of it
    ("mail", "smtp://u:hidden@mail.example.org:587"): ("server mail.example.org", "Mailserver mail.example.org"),
    ("mail", "smtp://localhost:25"): ("sent by this server itself", "schickt dieser Server selbst"),
    ("mail", ""): ("none is sent", "Es wird keine verschickt"),
    ("media", "s3://key:hidden@s3.example.org:9000/bucket?style=virtual"): ("at s3.example.org", "bei s3.example.org"),
    ("media", "s3://key:hidden@127.0.0.1:9000/bucket?tls=no"): ("films are kept on this", "Filme liegen auf diesem"),
    ("database", "postgresql:///t?host=db.example.org"): ("another machine, db.example.org", "Rechner, db.example.org"),
    ("database", "postgresql:///t?host=/run/postgresql"): ("it is kept on this server", "Sie liegt auf diesem Server"),
}  # fmt: skip


@pytest.mark.parametrize(("setting", "value"), RECEIVERS)
def test_who_else_receives_something_is_named_by_host(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), setting, value)
    monkeypatch.setattr(facts, "store", object)  # anything but a folder
    for language, told in zip(("en", "de"), RECEIVERS[setting, value], strict=True):
        said = Client().get(f"/privacy.json?language={language}").json()
        (line,) = [line for line in said["receivers"] if told in line]
        assert line in Client().get(f"/privacy?language={language}").content.decode()
        assert "hidden" not in str(said)


def test_without_mail_and_others_machines_nobody_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "media", "s3://key:word@s3.example.org/bucket")  # and yet files are in a folder
    made = policy("en")
    assert (made.facts.mail, made.facts.media) == ("", "")
    assert made.facts.artificial_intelligence is False


def test_a_network_is_named_once_it_can_be_connected() -> None:
    assert "youtube" not in {row.network.name for row in policy("en").rows}
    owner = people.owner()
    enter(owner, every()["youtube"], App("id", "secret"), everywhere=False)

    (row,) = [row for row in policy("de").rows if row.network.name == "youtube"]
    assert "YouTube API Services" in row.terms
    assert {"https://www.youtube.com/t/terms", row.network.grants} == {url for _label, url in row.links}
    assert row.network.policy == "https://policies.google.com/privacy"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_who_signs_in_or_registers_finds_it(path: str) -> None:
    people.owner()
    assert 'href="/privacy"' in Client().get(path).content.decode()


def test_who_sets_up_the_instance_and_who_changes_settings_finds_it() -> None:
    assert 'href="/privacy"' in Client().get("/first-run").content.decode()
    assert 'href="/privacy"' in people.signed_in(people.owner()).get("/settings/profile").content.decode()
