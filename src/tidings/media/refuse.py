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
NO_ROOM = gettext_noop("There is no room for it: what may be kept is used up. Delete what nobody needs first.")
NO_FFMPEG = gettext_noop("Choosing a frame needs ffmpeg, which is not on this server. Whoever runs it can install it.")
NO_PICTURE = gettext_noop("This shows no picture. Choose a JPEG, PNG, WEBP, HEIC, AVIF or GIF.")
NO_FILM = gettext_noop("Only a film has a picture that stands for it.")
NO_FRAME = gettext_noop("No picture could be read at this place of the film. Choose another one.")
CUT_OFF = gettext_noop("The server was stopped while it fetched this. Start it again.")
A_PAGE = gettext_noop(
    "This address leads to a web page, not to a picture or film. Open the picture by itself and copy its address."
)
NOT_THERE = gettext_noop("There is nothing at this address for us: its server refused, or does not know it.")
NO_WAY = gettext_noop("This address cannot be used. It must begin with https:// and lead to a public server.")
NO_ANSWER = gettext_noop("The server at this address did not answer, or broke off. Try it again in a few minutes.")
LEADS_ON = gettext_noop("This address leads from one to the next without an end. Copy the one where the picture is.")
TOO_LARGE = gettext_noop("This file is larger than it may be here.")
DISK_FULL = gettext_noop("There is no room on this server's disk for it just now.")
GONE = gettext_noop("This file is no longer in the library.")
