"""The words of the privacy policy, in each language, as they stand in texts/."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import translation

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("en", "de")  # the first is for whoever asks for another


@cache
def words(language: str) -> dict[str, Any]:
    """Everything that is said in this language; raises KeyError for one we do not speak."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return tomllib.loads((FOLDER / f"{language}.toml").read_text())


def spoken(*wished: str) -> str:
    """The first of these languages that we speak; else that of the page under way; else the first we know."""
    known = (word for word in (*wished, translation.get_language() or "") if word in LANGUAGES)
    return next(known, LANGUAGES[0])


def days(language: str, count: int) -> str:
    """So many days, in words."""
    said = words(language)["words"]
    return str(said["day"]) if count == 1 else str(said["days"]).format(n=count)
