"""What is true of the access that people grant at a network: who did, how long it holds, how it ends."""

from datetime import timedelta
from typing import ClassVar

from tidings.core.http import Transport
from tidings.networks.declare import Answers, Terms
from tidings.networks.seam import App, Heard, Notice, Wish


class Granted:
    """The part of the contract that is about access. Most networks need nothing of it."""

    grants: ClassVar[str] = ""  # its page on which people see and end the access they granted
    one_grant: ClassVar[bool] = False  # a person's access is one, however often they signed in: it ends for all of them
    kin: ClassVar[tuple[str, ...]] = ()  # networks that share its sign-in, itself among them
    hears: ClassVar[tuple[Wish, ...]] = ()  # what it tells us unasked, by the address it tells it to
    proof: ClassVar[str] = ""  # the field of `Console.more` that proves what it tells; empty: the app's secret does
    answers: ClassVar[Answers] = Answers()
    reverify: ClassVar[timedelta | None] = None  # within which its terms want access to be asked about
    terms: ClassVar[Terms | None] = None  # of its interface, where they must be told to whoever connects
    erasure: ClassVar[timedelta] = timedelta(days=7)  # how soon its terms want gone what a person wants gone

    def person(self) -> str:
        """Who signed in, in the network's own words. Only where a sign-in brings profiles that are not the person."""
        return ""

    @classmethod
    def hear(cls, notice: Notice, app: App) -> Heard | None:
        """What a notice says, when it is proven to come from the network and to be meant for this app; else None."""
        return None

    @classmethod
    def listen(cls, app: App, url: str, door: Transport) -> None:
        """Ask it to tell us at this address, where that is nothing to be entered by hand; raises a Reaction."""
        raise NotImplementedError
