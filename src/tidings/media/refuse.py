"""The one refusal of the media package; its sentences are translated where a person reads them."""


class Refused(Exception):
    """This file is not taken; `reason` is a sentence for the person who brought it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation; the press runs without Django and cannot translate."""
    return sentence


DAMAGED = gettext_noop("This file is damaged or was cut off; save it anew and upload it again.")
EMPTY = gettext_noop("This file is empty.")
UNKNOWN = gettext_noop(
    "This is no picture or film of a known type: JPEG, PNG, GIF, WEBP, HEIC, AVIF, MP4, MOV or WEBM."
)
TOO_MANY_PIXELS = gettext_noop("This picture has more than 100 million pixels; make it smaller first.")
TOO_HEAVY = gettext_noop("This picture is larger than 200 MB; make it smaller first.")
SOUND_ONLY = gettext_noop("This film has no picture, only sound.")
MOVING_AVIF = gettext_noop("A moving AVIF cannot be published; save it as a GIF or as a film.")
DATA_TRACK = gettext_noop("This film has a data track that may tell a place; export it as an MP4 first.")
GAVE_UP = gettext_noop("This file could not be worked on: it takes too much time or memory.")
CANNOT_FIT = gettext_noop("This file cannot be made small enough for the network.")
AWAY = gettext_noop("The storage of pictures and films does not answer just now. Try it again in a few minutes.")
GONE = gettext_noop("This file is no longer in the library.")
