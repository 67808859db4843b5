"""What `tidings prove` looks at: checks of the privacy policy's sentences that are safe on a live instance.

Each yields what it looked at, how many, and what is wrong with it; nothing is written, and no network is asked.
"""

from collections.abc import Callable, Iterator

from tidings.commands.proofs import doors, ends, held, left, pages, rights, sealed
from tidings.commands.proofs.said import Proof

Check = Callable[[], Iterator[Proof]]

EVERY: tuple[Check, ...] = (
    pages.sentences,
    held.columns, held.passwords, held.tokens, held.content, held.log, held.uses,
    left.locks, left.chains, left.ended,
    doors.interfaces, doors.guard, doors.private_hosts, doors.policies,
    ends.people, ends.media, ends.channels, ends.erasures, ends.remembered, left.stored, left.backups,
    sealed.values, sealed.moved, sealed.clear, sealed.files, left.ring,
    pages.live,
    rights.exports, rights.corrections, rights.ways, rights.frozen, rights.contact,
)  # fmt: skip
