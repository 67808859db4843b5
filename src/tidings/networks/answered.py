"""What others write to a profile, how it is asked for, and whether it can be answered through the network's API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from tidings.networks.seam import Receipt

MessageKind = Literal["comment", "mention", "review"]


@dataclass(frozen=True)
class Message:
    """What somebody wrote: a comment under a post of ours, or further down there; a mention elsewhere; a review.

    `receipt`: its id and address over there, and what an answer to it needs. `text` is plain text. `on`: the id of our
    post that it is under, as that post's receipt has it; `reply_to`: of the post or message that it answers directly.
    """

    receipt: Receipt
    author: str  # a handle, or whatever names somebody there
    text: str
    at: datetime
    name: str = ""
    kind: MessageKind = "comment"
    on: str = ""
    reply_to: str = ""
    ours: bool = False  # the profile wrote it itself
    stars: int = 0  # of a review, out of five


class Cut(list[Message]):
    """What one look lists where there is more than it can: nothing can be concluded from what is missing."""


@dataclass(frozen=True)
class Hearing:
    """How others' words may be read, and kept.

    `batch`: posts of ours that one `inbox` looks under; 0: it lists whatever reached the profile, and is told of no
    posts. `calls`: requests it makes at most. `whole`: under a post it lists all that is there, so that what is not
    listed any more was deleted; but for a look that gives a `Cut`.
    """

    kinds: tuple[MessageKind, ...] = ("comment",)
    batch: int = 1
    calls: int = 1
    whole: bool = False
    every: timedelta = timedelta(minutes=10)  # between two looks at one profile
    keeps: timedelta | None = None  # how long its terms let others' words be kept
    exports: bool = True  # whether its terms let them be handed on, in somebody's archive
    partial: str = ""  # what is not given, in a sentence for people


class Answered:
    """The part of the contract that is about others' words. Where there is no `inbox`, `unheard` says why.

    An answer is published like a part of a thread: its `Outgoing.reply_to` is the message's receipt, its `root` that of
    our post, if the message is under one. `answerable`: whether `publish` of this network does that for others' words.
    """

    hearing: ClassVar[Hearing] = Hearing()
    answerable: ClassVar[bool] = False
    unheard: ClassVar[str] = ""

    def inbox(self, since: datetime, receipts: Sequence[Receipt]) -> Sequence[Message]:
        """What was written under these posts, no more than `hearing.batch` of them; or, where that is 0, to the
        profile since then. What is older may be among it, and so may be what the profile wrote itself.

        A page that cannot be read raises; nothing is left out in silence but what is over the limit of one look.
        Raises a Reaction.
        """
        raise NotImplementedError
