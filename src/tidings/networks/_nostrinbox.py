"""What others write under notes: every relay is asked, and what two of them have is one.

https://github.com/nostr-protocol/nips: NIP-10 threads, 01 what people say of themselves. Anybody can sign anything, so
nothing in an event is believed but that whoever it names has signed it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tidings.core import clock
from tidings.core.http import Answer
from tidings.networks import _nip19, _nostrnotes
from tidings.networks._nostrkeys import Event, Tags
from tidings.networks._nostrnumbers import NOTE, PAGE, RELAYS, NostrNumbers
from tidings.networks._nostrrelay import TAKEN, Found, Wish
from tidings.networks.answered import Hearing, Message
from tidings.networks.seam import Receipt

PROFILE = 0  # the kind of event that says who somebody is
NAMED, CALLED = 100, 20  # people whose names one look asks for; those whom an answer calls
HEX = re.compile("[0-9a-f]{64}")


class NostrInbox(NostrNumbers):
    """Answers to notes. `hosts` has `pages`."""

    hearing = Hearing(
        batch=20, calls=RELAYS,
        partial="Answers to notes of this key that the channel's relays know; where it is mentioned elsewhere, is not "
        "listed, for anybody can name anybody.",
    )
    answerable = True

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What hangs below these notes, and what its authors say of themselves, on one line to each relay."""
        takers = dict.fromkeys(relay for one in receipts for relay, said in one.extra.items() if said == TAKEN)
        notes = [one.id for one in receipts]
        found = self._first(takers).around([{"kinds": [NOTE], "#e": notes, "limit": PAGE}], _authors)
        names = _names(event for event, _ in found if event["kind"] == PROFILE)
        messages = (self._message(one, set(notes), names) for one in found if one[0]["kind"] == NOTE)
        return [message for message in messages if message]

    def _message(self, found: Found, notes: set[str], names: Mapping[str, str]) -> Message | None:
        """None for a note that only mentions one of these."""
        event, relays = found
        tags = _clean(event)
        root, parent = _place(tags)
        on = next((id for id in (parent, root) if id in notes), "")
        if not on or not isinstance(event["content"], str):
            return None
        who, npub = event["pubkey"], _nip19.encode("npub", bytes.fromhex(event["pubkey"]))
        url = f"{self.hosts['pages']}/{_nip19.nevent(event['id'], who, next(iter(relays)))}"
        extra = {**relays, "author": who, "root": root, "people": _people(tags)}
        return Message(
            Receipt(event["id"], url, extra), f"{npub[:12]}…{npub[-6:]}", _nostrnotes.text({**event, "tags": tags}),
            _at(event), names.get(who, ""), on=on, reply_to=parent, ours=who == self._key.public,
        )  # fmt: skip


def _authors(found: Mapping[str, Event]) -> Iterator[Wish]:
    """What to ask about those who wrote all this: the latest of them, for a relay takes only so many."""
    latest = sorted(found.values(), key=_at, reverse=True)
    people = list(dict.fromkeys(event["pubkey"] for event in latest))[:NAMED]
    if people:
        yield {"kinds": [PROFILE], "authors": people}


def _names(profiles: Iterable[Event]) -> dict[str, str]:
    """What people call themselves, as they said last."""
    found = dict[str, str]()
    for event in sorted(profiles, key=_at):
        said = Answer(200, body=str(event["content"]).encode()).json()
        name = (said.get("display_name") or said.get("name")) if isinstance(said, dict) else None
        found[event["pubkey"]] = str(name or "")
    return found


def _clean(event: Event) -> Tags:
    """The tags that say something, and are nothing but text."""
    return [tag for tag in event["tags"] if len(tag) > 1 and all(isinstance(part, str) for part in tag)]


def _place(tags: Tags) -> tuple[str, str]:
    """The first note of its thread, and the one that it answers; without marks, as it used to be, their order says."""
    notes = [tag for tag in tags if tag[0] == "e" and HEX.fullmatch(tag[1])]
    marked = {tag[3]: tag[1] for tag in notes if tag[3:4] in (["root"], ["reply"])}
    if marked:
        root = marked.get("root") or marked["reply"]
        return root, marked.get("reply", root)
    plain = [tag[1] for tag in notes if tag[3:4] in ([], [""])]
    return (plain[0], plain[-1]) if plain else ("", "")


def _people(tags: Tags) -> str:
    """Who takes part in it. Lists of hundreds are spam, which an answer of ours need not pass on."""
    people = dict.fromkeys(tag[1] for tag in tags if tag[0] == "p" and HEX.fullmatch(tag[1]))
    return " ".join([*people][:CALLED])


def _at(event: Mapping[str, Any]) -> datetime:
    """Its time may be any number; what is yet to come is now."""
    now = clock.now()
    return datetime.fromtimestamp(min(max(event["created_at"], 0), int(now.timestamp())), UTC)
