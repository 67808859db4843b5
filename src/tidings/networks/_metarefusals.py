"""What Meta refuses, where it makes a difference to whoever asked."""

from tidings.networks.errors import Reconnect, Rejected


class Forbidden(Reconnect):
    """The access holds, but not for this."""


class Uncounted(Rejected):
    """A number that is not to be had: not any more, not yet, or not of this kind of post."""
