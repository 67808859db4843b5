"""A network tells late of what was written: it is new to us all the same."""

from datetime import timedelta

from tests.conftest import Town
from tests.inbox.conftest import SOON, Publish, gathered, only
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.inbox.handle import done, see
from tidings.inbox.models import Conversation
from tidings.workspaces.models import Member


def test_what_was_written_before_somebody_looked_and_is_heard_of_later_is_new_and_to_be_done(
    town: Town, member: Member, channel: Channel, publish: Publish
) -> None:
    there, post = town[channel.network], publish(channel).receipt["id"]
    there.remark("When do you open", on=post)
    gathered()
    first = only()
    there.remark("And on Sundays", on=post, reply_to=first.remote_id)
    with clock.use(lambda: first.at + timedelta(minutes=5)):  # before the next look
        see(first.conversation)
        done(member, first.conversation, True)
    gathered(clock.now() + SOON)
    found = Conversation.objects.get()
    assert found.is_new
    assert found.done_at is None
