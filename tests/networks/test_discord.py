"""What is peculiar to Discord, its bots and its webhooks."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.conftest import Town
from tests.contract.drive import Case, Points
from tests.networks import pieces
from tests.networks.refusals import Refusal
from tidings import networks
from tidings.core import clock, http
from tidings.core.http import Answer, Door
from tidings.networks.base import Access, Grant, Mention, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected
from tidings.networks.oauth import Flow
from tidings.simulators._discord import APP, GUILD, HOOK, Consent, refusal
from tidings.simulators.discord import DiscordNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
DISCORD = networks.get("discord")
POLL = {"choices": ["Tea", "Coffee"], "minutes": 90}
NOBODY = Profile("", "", "")

REFUSALS = [
    Refusal("a text of 2001 characters", Outgoing("x" * 2001)),
    Refusal("eleven pictures", Outgoing("", (pieces.picture(),) * 11)),
    Refusal("a film of more than 10 MiB", Outgoing("", (pieces.film(size=10_485_761),))),
    Refusal("three films of more than 25 MiB together", Outgoing("", (pieces.film(size=9_000_000),) * 3)),
    Refusal("a poll of eleven", Outgoing("?", options={"poll": {"choices": list("abcdefghijk"), "minutes": 60}})),
    Refusal("a question of 301 characters", Outgoing("x" * 301, options={"poll": POLL})),
]  # fmt: skip


@pytest.fixture
def discord(town: Town) -> DiscordNetwork:
    return cast(DiscordNetwork, town["discord"])


def case(one: DiscordNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def by_webhook(one: DiscordNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.by_webhook(), Outgoing(said, **more), door)


def sent(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return dict(post["wish"])


def speaker(one: DiscordNetwork, door: Door, account: str = "demo") -> Network:
    return DISCORD(one.access(account), door, "publish")


# connecting


def signed_in(door: Door) -> Access:
    """The bot was added to a server on the consent page, by a person whose own token is used once."""
    flow = Flow(DISCORD.endpoints({}), APP, door)
    pending = flow.begin(cast(OAuth2, DISCORD.connect[0]), SITE)
    assert {"scope": "bot identify guilds", "permissions": "562949953670144"}.items() <= asked(pending.url).items()
    body, kind = http.form({"answer": "allow", "account": "demo"})
    back = asked(door(http.Request("POST", pending.url, "connect", kind, body)).headers["location"])
    return Access(NOBODY, flow.finish(SITE, pending.keep, back).secrets, {}, APP)


def asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def kept(door: Door) -> tuple[Access, Grant]:
    """What is kept after a sign-in."""
    access = signed_in(door)
    longer = DISCORD(access, door, "connect").lengthen()
    return Access(NOBODY, {**access.secrets, **longer.secrets}, {}, APP), longer


def test_the_bot_offers_the_servers_channels_for_text_and_announcements(discord: DiscordNetwork, door: Door) -> None:
    access, grant = kept(door)
    found = DISCORD(access, door, "connect").channels()
    assert [(one.id, one.handle, one.server["kind"]) for one in found] == [
        ("7001", "#demo", "text"), ("7002", "#other", "text"), ("7003", "#news", "announcement"),
    ]
    assert found[0].server == {"guild": GUILD, "bot": "4242", "kind": "text"}
    assert found[0].url == f"{discord.url}/channels/{GUILD}/7001"
    assert grant.ends_at is None


def test_nothing_of_the_persons_own_access_is_kept(discord: DiscordNetwork, door: Door) -> None:
    secrets = kept(door)[0].secrets
    assert (secrets["access_token"], secrets["refresh_token"]) == ("", "")


@pytest.mark.parametrize(("rights", "guild"), [("1024", GUILD), ("32", "9002")])
def test_who_does_not_manage_the_server_cannot_make_the_shared_bot_speak_there(
    discord: DiscordNetwork, door: Door, rights: str, guild: str
) -> None:
    discord.rights, cast(Consent, discord.oauth).guild = rights, guild
    with pytest.raises(Rejected, match="do not manage"):
        kept(door)


def test_a_pasted_webhook_is_one_channel(discord: DiscordNetwork, door: Door) -> None:
    grant = DISCORD(Access(NOBODY), door, "connect").sign_in(discord.typed())
    (found,) = DISCORD(Access(NOBODY, grant.secrets), door, "connect").channels()
    assert (found.id, found.name) == ("8001", "Herald")
    assert found.server == {"guild": GUILD, "channel": "7001", "webhook": True}


@pytest.mark.parametrize(("address", "reaction"), [
    ("https://discord.com/channels/1/2", Rejected), ("https://discord.com/api/webhooks/8001/wrong", Reconnect),
])
def test_what_is_no_webhook_is_refused(door: Door, address: str, reaction: type[Reaction]) -> None:
    with pytest.raises(reaction):
        DISCORD(Access(NOBODY), door, "connect").sign_in({"webhook": address})


# what is sent


def test_nobody_is_rung_unless_that_was_chosen(discord: DiscordNetwork, door: Door) -> None:
    quiet, loud = case(discord, door, "@everyone"), case(discord, door, "@here", options={"mentions": "everyone"})
    assert (quiet.drive().state, loud.drive().state) == ("delivered", "delivered")
    parses = [post["wish"]["allowed_mentions"]["parse"] for post in discord.posts.values()]
    assert parses == [[], ["users", "roles", "everyone"]]


def test_files_carry_their_descriptions(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Look", media=(pieces.picture(), pieces.film(alt=""), pieces.animation()))
    assert one.drive().state == "delivered"
    assert sent(one)["attachments"] == [
        {"id": "0", "filename": "blue.jpg", "description": "A blue field"}, {"id": "1", "filename": "waves.mp4"},
        {"id": "2", "filename": "blink.gif", "description": "A field that blinks"},
    ]


def test_options_become_flags(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Psst", options={"silent": True, "no_embeds": True})
    assert check(DISCORD, one.outgoing, one.access.server) == []
    assert one.drive().state == "delivered"
    assert sent(one)["flags"] == 4100


def test_a_poll_asks_the_text_for_whole_hours(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Which?", options={"poll": POLL, "several_answers": True})
    assert one.drive().state == "delivered"
    assert "content" not in sent(one)
    assert sent(one)["poll"] == {
        "question": {"text": "Which?"}, "duration": 2, "allow_multiselect": True,
        "answers": [{"poll_media": {"text": "Tea"}}, {"poll_media": {"text": "Coffee"}}],
    }


def test_an_announcement_is_sent_on_to_followers(discord: DiscordNetwork, door: Door) -> None:
    one = Case(discord, discord.access("news"), Outgoing("Hear ye", options={"crosspost": True}), door)
    assert one.drive().state == "delivered"
    assert [post["crossposted"] for post in one.out().values()] == [True]


def test_choices_that_do_nothing_in_a_channel_are_told(discord: DiscordNetwork) -> None:
    chosen = Outgoing("Hm", options={"crosspost": True, "as_name": "Town crier"})
    told = check(DISCORD, chosen, discord.access().server)
    assert [(problem.where, problem.level) for problem in told] == [("as_name", "warning"), ("crosspost", "warning")]
    assert [problem.where for problem in check(DISCORD, chosen, discord.by_webhook().server)] == ["crosspost"]


def test_people_and_roles_are_found_for_mentions(discord: DiscordNetwork, door: Door) -> None:
    found = speaker(discord, door).mentions("demo")
    assert found == [Mention("<@601>", "Demo Person"), Mention("<@&501>", "@Demo crew")]
    assert speaker(discord, door).mentions("") == [Mention("<@&501>", "@Demo crew")]
    assert DISCORD(discord.by_webhook(), door, "look").mentions("demo") == []


def test_characters_are_counted_as_they_are() -> None:
    assert check(DISCORD, Outgoing("\N{THUMBS UP SIGN}" * 2000), {}) == []
    assert [problem.where for problem in check(DISCORD, Outgoing("x" * 2001), {})] == ["text"]


# lost answers


@pytest.mark.parametrize("media", [(), (pieces.picture(),)])
@pytest.mark.parametrize("misdeed", ["lose", "broken"])
def test_a_repeat_within_the_nonces_life_makes_no_second_message(
    discord: DiscordNetwork, door: Door, misdeed: Any, media: Any
) -> None:
    one = case(discord, door, "Once", media=media)
    discord.trick(misdeed, "POST /api/channels/7001/messages")
    outcome = one.drive()
    assert outcome.state == "delivered"
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert discord.requests("POST /api/channels/7001/messages") == 2
    assert len(sent(one)["nonce"]) <= 25


def test_after_the_nonces_life_the_message_is_looked_for(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Late  answer", media=(pieces.picture(),))
    discord.trick("lose", "POST /api/channels/7001/messages")
    one.once(Points())
    with clock.shifted(timedelta(minutes=10)):
        outcome = one.drive()
    assert (outcome.state, list(one.out())) == ("delivered", [outcome.receipt and outcome.receipt.id])
    assert discord.requests("POST /api/channels/7001/messages") == 1


def test_two_messages_that_could_both_be_it_are_left_to_a_person(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Twin")
    case(discord, door, "Twin").drive()
    discord.trick("lose", "POST /api/channels/7001/messages")
    one.once(Points())
    with clock.shifted(timedelta(minutes=10)):
        assert one.drive().state == "unsure"


def test_a_message_that_was_removed_meanwhile_is_not_made_again(discord: DiscordNetwork, door: Door) -> None:
    one = case(discord, door, "Gone")
    discord.trick("lose", "POST /api/channels/7001/messages")
    one.once(Points())
    discord.posts.clear()
    assert (one.drive().state, one.out()) == ("unsure", {})


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down"])
def test_a_webhooks_lost_answer_is_left_to_a_person(discord: DiscordNetwork, door: Door, misdeed: Any) -> None:
    one = by_webhook(discord, door, "Once", media=(pieces.picture(),))
    discord.trick(misdeed, f"POST /api/webhooks/{HOOK}")
    outcome = one.drive()
    assert (outcome.state, discord.requests(f"POST /api/webhooks/{HOOK}")) == ("unsure", 1)


def test_a_webhook_dies_anywhere_without_posting_twice(discord: DiscordNetwork, door: Door) -> None:
    clean = Points()
    by_webhook(discord, door, "Hello").drive(clean)
    for death in range(1, len(clean.passed) + 1):
        one = by_webhook(discord, door, "Hello")
        outcome = one.drive(Points(frozenset({death})))
        assert len(one.out()) <= 1
        assert outcome.state == "unsure" or len(one.out()) == 1


def test_a_webhook_waits_to_hear_that_it_was_refused(discord: DiscordNetwork, door: Door) -> None:
    one = by_webhook(discord, door, "x" * 2001)
    outcome = one.drive()
    assert (outcome.state, outcome.reason) == ("failed", "content: Must be 2000 or fewer in length.")


def test_a_webhook_posts_under_a_name_of_its_own(discord: DiscordNetwork, door: Door) -> None:
    options = {"as_name": "Town crier", "as_picture": "https://example.org/bell.png"}
    one = by_webhook(discord, door, "Hear ye", options=options)
    assert one.drive().state == "delivered"
    assert (sent(one)["username"], sent(one)["avatar_url"]) == ("Town crier", "https://example.org/bell.png")
    assert "nonce" not in sent(one)


# what can go wrong


@pytest.mark.parametrize(("status", "code", "reaction"), [
    (401, 0, Reconnect), (403, 50001, Reconnect), (403, 50013, Reconnect), (404, 10003, Reconnect),
    (404, 10015, Reconnect), (400, 50035, Rejected), (413, 40005, Rejected), (400, 20028, Later), (429, 0, Later),
])
def test_their_codes_lead_to_what_we_do(
    discord: DiscordNetwork, door: Door, status: int, code: int, reaction: type[Reaction]
) -> None:
    body, _kind = http.json_body(refusal(status, code, "No").body)
    with pytest.raises(reaction):
        speaker(discord, door).judge(Answer(status, {}, body))


def test_the_rate_limit_is_kept_to_the_fraction(discord: DiscordNetwork, door: Door) -> None:
    discord.per_minute = 1
    case(discord, door, "First").drive()
    outcome = case(discord, door, "Second").once(Points())
    assert outcome.at
    assert timedelta(seconds=31) < outcome.at - clock.now() < timedelta(seconds=33)


def test_the_outermost_gate_costs_no_post(discord: DiscordNetwork, door: Door) -> None:
    with pytest.raises(Later, match="gate"):
        speaker(discord, door).judge(Answer(403, {}, b"<html>error code: 1010</html>"))


def test_a_channel_closed_to_the_bot_asks_to_reconnect(discord: DiscordNetwork, door: Door) -> None:
    discord.lacks.add("7001")
    assert case(discord, door, "Hello?").once(Points()).reconnect


@pytest.mark.parametrize("way", [case, by_webhook])
def test_a_bot_or_webhook_that_was_removed_asks_to_reconnect(discord: DiscordNetwork, door: Door, way: Any) -> None:
    one = way(discord, door, "Hello?")
    discord.lock_out()
    discord.hooks.clear()
    assert (one.once(Points()).reconnect, one.out()) == (True, {})
    assert not DISCORD.has("renew")


# afterwards


@pytest.mark.parametrize("way", [case, by_webhook])
def test_a_message_can_be_changed_looked_at_and_taken_back(discord: DiscordNetwork, door: Door, way: Any) -> None:
    one = way(discord, door, "Helo")
    receipt = one.drive().receipt
    network = DISCORD(one.access, door, "publish")
    network.edit(receipt, Outgoing("Hello"))
    assert discord.posts[receipt.id]["content"] == "Hello"
    assert network.present(receipt)
    network.delete(receipt)
    network.delete(receipt)
    assert not network.present(receipt)


def test_a_webhook_that_is_gone_says_nothing_of_its_messages(discord: DiscordNetwork, door: Door) -> None:
    one = by_webhook(discord, door, "Here")
    receipt = one.drive().receipt
    discord.hooks.clear()
    assert receipt
    with pytest.raises(Reconnect):
        DISCORD(one.access, door, "find").present(receipt)


def test_a_webhook_cannot_list_and_says_where_to_look(discord: DiscordNetwork, door: Door) -> None:
    with pytest.raises(Rejected, match="copy the address"):
        DISCORD(discord.by_webhook(), door, "find").recent(clock.now())


def test_a_message_is_known_by_its_address(discord: DiscordNetwork) -> None:
    for access in (discord.access(), discord.by_webhook()):
        url = f"https://canary.discord.com/channels/{GUILD}/7001/55"
        assert DISCORD.recognise(access.profile, access.server, url) == Receipt("55", url)
        with pytest.raises(Rejected):
            DISCORD.recognise(access.profile, access.server, f"https://discord.com/channels/{GUILD}/7002/55")


# its numbers


def counted(access: Access, door: Door, receipt: Receipt | None) -> Any:
    assert receipt
    with clock.shifted(timedelta(hours=5)):
        return DISCORD(access, door, "measure").measure([receipt])[receipt.id]


def test_reactions_of_every_kind_are_added_up_and_none_mentioned_are_none(discord: DiscordNetwork, door: Door) -> None:
    receipt = case(discord, door, "Here").drive().receipt
    assert receipt
    with clock.shifted(timedelta(hours=5)):
        likes = discord.grown(receipt.id, "reactions.count")
    assert counted(discord.access(), door, receipt) == {"reactions.count": likes}
    assert DISCORD(discord.access(), door, "measure").measure([receipt]) == {receipt.id: {"reactions.count": 0}}


@pytest.mark.parametrize(("sees", "told"), [(True, {"reactions.count"}), (False, set())])
def test_what_a_webhook_is_not_shown_is_not_known(
    sees: bool, told: set[str], discord: DiscordNetwork, door: Door
) -> None:
    discord.hooks_see = sees
    receipt = by_webhook(discord, door, "Here").drive().receipt
    assert set(counted(discord.by_webhook(), door, receipt)) == told


def test_a_thread_and_the_votes_in_a_poll_are_counted(discord: DiscordNetwork, door: Door) -> None:
    receipt = case(discord, door, "Which?", options={"poll": POLL}).drive().receipt
    assert receipt
    discord.threads.add(receipt.id)
    said = counted(discord.access(), door, receipt)
    assert set(said) == {"reactions.count", "thread.message_count", "poll.results.answer_counts.count"}


def test_a_channel_that_the_bot_may_not_read_says_so_and_no_number(discord: DiscordNetwork, door: Door) -> None:
    receipt = case(discord, door, "Here").drive().receipt
    discord.lacks.add("7001")
    with pytest.raises(Reconnect, match="Missing Permissions"):
        counted(discord.access(), door, receipt)


def test_a_bot_is_told_how_many_are_in_the_server_and_a_webhook_is_not_asked(
    discord: DiscordNetwork, door: Door
) -> None:
    (members,) = DISCORD(discord.access(), door, "measure").audience(clock.now().date())
    assert members.value == discord.crowd("7001", "approximate_member_count")
    discord.seen.clear()
    assert DISCORD(discord.by_webhook(), door, "measure").audience(clock.now().date()) == []
    assert not discord.seen
