"""How VK takes what is attached to a post: pictures and films by upload servers, polls as things of their own."""

import json
from datetime import timedelta
from typing import Any

from tidings.core import clock
from tidings.networks._multipart import multipart
from tidings.networks._vkapi import VkApi
from tidings.networks.errors import Rejected
from tidings.networks.seam import Outgoing, Rendition


class VkFiles(VkApi):
    """What can be attached, for whoever owns the wall."""

    def on_behalf(self, name: str) -> dict[str, str]:
        """The community's number under this name; nothing on a person's own wall."""
        return {name: self.owner[1:]} if self.owner.startswith("-") else {}

    @property
    def owner(self) -> str:
        """Whose wall it is."""
        return self.access.profile.id

    def upload(self, piece: Rendition) -> str:
        """What a picture or film is called when it is attached."""
        return self._film(piece) if piece.kind == "film" else self._picture(piece)

    def _picture(self, piece: Rendition) -> str:
        """An answer of the upload server without a photo means that there is none."""
        place = self.ask("photos.getWallUploadServer", **self.on_behalf("group_id"))["upload_url"]
        stored = self._send(place, "photo", piece)
        if stored.get("photo") in (None, "", "[]"):
            raise Rejected("VK could not read this picture.")
        named = {name: stored[name] for name in ("server", "photo", "hash")}
        (photo,) = self.ask("photos.saveWallPhoto", **named, caption=piece.alt, **self.on_behalf("group_id"))
        return f"photo{photo['owner_id']}_{photo['id']}"

    def _film(self, piece: Rendition) -> str:
        name = piece.name or "film"
        place = self.ask("video.save", name=name, description=piece.alt, wallpost=0, **self.on_behalf("group_id"))
        self._send(place["upload_url"], "video_file", piece)
        return f"video{place['owner_id']}_{place['video_id']}"

    def _send(self, place: str, field: str, piece: Rendition) -> dict[str, Any]:
        body, kind = multipart({}, {field: piece})
        return dict(self.call("POST", place, body=body, headers=kind, seconds=600).json() or {})

    def poll(self, outgoing: Outgoing) -> str:
        """What a poll is called when it is attached."""
        chosen, poll = outgoing.options, outgoing.options["poll"]
        ends = clock.now() + timedelta(minutes=poll["minutes"])
        question = chosen.get("poll_question") or outgoing.text.strip().partition("\n")[0][:100]
        made = self.ask(
            "polls.create", question=question, add_answers=json.dumps(poll["choices"], ensure_ascii=False),
            is_anonymous=int(not chosen.get("poll_open")), is_multiple=int(bool(chosen.get("poll_multiple"))),
            end_date=int(ends.timestamp()), owner_id=self.owner,
        )
        return f"poll{made['owner_id']}_{made['id']}"
