"""The bytes of a picture or film, as a stream: no film stands in memory as a whole."""

from typing import IO

from tidings.networks.seam import Rendition


def opened(piece: Rendition) -> IO[bytes]:
    """To be read once, from the first byte on."""
    if piece.open is None:
        raise ValueError("this rendition has no bytes; it only describes some")
    return piece.open()
