"""For networks whose refusal can say that what was asked about is not there any more."""

from tidings.networks.errors import Rejected


class Gone(Rejected):
    """It is not there any more. Whoever takes it back has nothing left to do."""
