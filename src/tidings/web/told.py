"""What a verb answers, told to a person: done, or the sentence that says why not. Never a bare error page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from tidings.deliveries.schedule import NotReady, Refused
from tidings.networks.errors import Reaction
from tidings.posts.compose import Busy, Conflict, Invalid
from tidings.speech import translated


def told(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Whether it was done; either way a message says so on the next page."""
    try:
        act()
    except NotReady as error:
        first = error.found[0]
        messages.error(request, f"{error} {first.channel}: {translated(first.problem.message)}")
        return False
    except (Refused, Invalid, Busy, Conflict, Reaction) as error:
        messages.error(request, translated(str(error)))
        return False
    if done:
        messages.success(request, done)
    return True
