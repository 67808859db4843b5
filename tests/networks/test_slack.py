"""What is peculiar to Slack, its apps and its incoming webhooks."""

from datetime import timedelta
from functools import partial
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
from tidings.networks.answered import Cut
from tidings.networks.base import Access, App, Grant, Mention, Network, OAuth2, Outgoing, Profile, Receipt, Site
from tidings.networks.check import check
from tidings.networks.errors import Later, Reaction, Reconnect, Rejected, Unsure
from tidings.networks.oauth import Flow
from tidings.simulators._slack import APP, HOOK
from tidings.simulators.slack import SlackNetwork

SITE = Site("Tidings", "http://tidings.example", "http://tidings.example/connect/callback")
SLACK = networks.get("slack")
NOBODY = Profile("", "", "")
WEBHOOK = {"webhook": True}

REFUSALS = [
    Refusal("a text of 40,001 characters", Outgoing("x" * 40_001)),
    Refusal("a text that its codes make longer than 40,000", Outgoing("&" * 8001)),
    Refusal("eleven pictures", Outgoing("", (pieces.picture(),) * 11)),
    Refusal("a film of more than a gigabyte", Outgoing("", (pieces.film(size=1_000_000_001),))),
    Refusal("a description of 2001 characters", Outgoing("", (pieces.picture(alt="x" * 2001),))),
]


@pytest.fixture
def slack(town: Town) -> SlackNetwork:
    return cast(SlackNetwork, town["slack"])


def case(one: SlackNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.access(), Outgoing(said, **more), door)


def by_webhook(one: SlackNetwork, door: Door, said: str = "", **more: Any) -> Case:
    return Case(one, one.by_webhook(), Outgoing(said, **more), door)


def the_post(one: Case) -> dict[str, Any]:
    (post,) = one.out().values()
    return cast(dict[str, Any], post)


def speaker(one: SlackNetwork, door: Door) -> Network:
    return SLACK(one.access(), door, "publish")


# connecting


def sign_in(door: Door, secret: str = APP.client_secret) -> Grant:
    flow = Flow(SLACK.endpoints({}), App(APP.client_id, secret), door)
    pending = flow.begin(cast(OAuth2, SLACK.connect[0]), SITE)
    assert "chat:write,chat:write.public" in dict(parse_qsl(urlsplit(pending.url).query))["scope"]
    body, kind = http.form({"answer": "allow", "account": "demo"})
    back = door(http.Request("POST", pending.url, "connect", kind, body)).headers["location"]
    return flow.finish(SITE, pending.keep, dict(parse_qsl(urlsplit(back).query)))


def test_an_app_offers_every_channel_page_by_page(slack: SlackNetwork, door: Door) -> None:
    found = SLACK(Access(NOBODY, sign_in(door).secrets, {}, APP), door, "connect").channels()
    assert [(one.handle, one.server["member"]) for one in found] == [
        ("#demo", False), ("#other", True), ("#inner", True),
    ]
    assert found[0].name == "#demo (Harbour)"


def test_a_wrong_app_secret_is_refused_although_slack_says_200(slack: SlackNetwork, door: Door) -> None:
    with pytest.raises(Rejected):
        sign_in(door, "wrong")


def test_a_rotating_token_is_renewed_once_and_a_spent_one_asks_to_reconnect(slack: SlackNetwork, door: Door) -> None:
    slack.oauth.gives_refresh, slack.oauth.access_lives = True, timedelta(hours=12)
    access = Access(NOBODY, sign_in(door).secrets, {}, APP)
    fresh = SLACK(access, door, "refresh").renew()
    assert fresh.secrets["refresh_token"] != access.secrets["refresh_token"]
    assert fresh.ends_at
    with pytest.raises(Reconnect):
        SLACK(access, door, "refresh").renew()


def test_a_webhook_is_asked_whether_it_lives_without_posting(slack: SlackNetwork, door: Door) -> None:
    grant = SLACK(Access(NOBODY), door, "connect").sign_in(slack.typed())
    (found,) = SLACK(Access(NOBODY, grant.secrets), door, "connect").channels()
    assert (found.id, found.name, found.server) == ("T0DEMO/B0DEMO", "#demo", WEBHOOK)
    assert slack.posts == {}
    slack.dead = True
    with pytest.raises(Reconnect, match="no service"):
        SLACK(Access(NOBODY), door, "connect").sign_in(slack.typed())


def test_an_address_elsewhere_is_no_webhook(door: Door) -> None:
    with pytest.raises(Rejected, match="begins with"):
        SLACK(Access(NOBODY), door, "connect").sign_in({"webhook": "https://example.org/services/T/B/x", "channel": ""})


# what is sent


def test_signs_of_control_are_written_as_codes_and_mentions_are_not(slack: SlackNetwork, door: Door) -> None:
    one = case(slack, door, "<!here> Tom & <b> see https://example.org/?a=1&b=2, <@U0ANA>")
    assert one.drive().state == "delivered"
    assert the_post(one)["text"] == (
        "<!here> Tom &amp; &lt;b&gt; see <https://example.org/?a=1&amp;b=2>, <@U0ANA>"
    )


def test_every_option_arrives_as_chosen(slack: SlackNetwork, door: Door) -> None:
    root = case(slack, door, "One").drive().receipt
    options = {"previews": "links", "broadcast": True, "as_name": "Crier", "as_picture": "https://example.org/bell.png"}
    one = case(slack, door, "Two", options=options, reply_to=root, root=root, position=1)
    assert check(SLACK, one.outgoing, {}) == []
    assert one.drive().state == "delivered"
    assert the_post(one)["wish"] == {
        "unfurl_links": "true", "unfurl_media": "false", "username": "Crier", "reply_broadcast": "true",
        "icon_url": "https://example.org/bell.png",
    }


def test_files_are_shared_as_one_message_with_their_descriptions(slack: SlackNetwork, door: Door) -> None:
    slack.works_for = 2
    one = case(slack, door, "Look & see", media=(pieces.picture(), pieces.film()))
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert (the_post(one)["alts"], the_post(one)["text"]) == (["A blue field", "Waves"], "Look &amp; see")


def test_an_upload_is_told_nothing_of_the_token(slack: SlackNetwork, door: Door) -> None:
    case(slack, door, "", media=(pieces.picture(),)).drive()
    uploads = [seen for seen in slack.seen if seen.path.startswith("/upload/")]
    assert [("authorization" in seen.headers) for seen in uploads] == [False]


def test_the_third_part_hangs_on_the_first(slack: SlackNetwork, door: Door) -> None:
    root = case(slack, door, "One").drive().receipt
    second = case(slack, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    third = case(slack, door, "Three", reply_to=second, root=root, position=2)
    receipt = third.drive().receipt
    assert root
    assert receipt
    assert the_post(third)["thread_ts"] == root.id
    assert receipt.url.endswith(f"?thread_ts={root.id}&cid=C0DEMO")


def test_a_long_text_is_advised_against_and_a_webhook_takes_no_pictures() -> None:
    (told,) = check(SLACK, Outgoing("x" * 4001), {})
    assert told.level == "warning"
    assert [one.where for one in check(SLACK, Outgoing("", (pieces.picture(),)), WEBHOOK)] == ["media"]


def test_people_are_found_for_mentions(slack: SlackNetwork, door: Door) -> None:
    everybody = [Mention("<!here>", "@here"), Mention("<!channel>", "@channel")]
    assert speaker(slack, door).mentions("DEMO") == [*everybody, Mention("<@U0ANA>", "Ana Demo")]
    assert speaker(slack, door).mentions("nobody") == everybody
    assert SLACK(slack.by_webhook(), door, "look").mentions("ana") == []


# what can go wrong


@pytest.mark.parametrize(("word", "reaction"), [
    ("invalid_auth", Reconnect), ("missing_scope", Reconnect), ("is_archived", Reconnect), ("msg_too_long", Rejected),
    ("restricted_action", Rejected), ("ratelimited", Later), ("internal_error", Unsure), ("never_heard_of", Rejected),
])
def test_a_success_that_is_none_leads_to_what_we_do(
    slack: SlackNetwork, door: Door, word: str, reaction: type[Reaction]
) -> None:
    body, _kind = http.json_body({"ok": False, "error": word, "response_metadata": {"messages": ["[ERROR] why"]}})
    with pytest.raises(reaction, match=f"{word.replace('_', ' ')}. .ERROR. why"):
        speaker(slack, door).judge(Answer(200, {}, body))


@pytest.mark.parametrize(("word", "state"), [("msg_too_long", "failed"), ("message_limit_exceeded", "waiting")])
def test_a_refused_message_is_no_message(slack: SlackNetwork, door: Door, word: str, state: str) -> None:
    slack.says = word
    one = case(slack, door, "Hm")
    assert (one.once(Points()).state, one.out()) == (state, {})


def test_a_fault_at_the_commit_is_looked_into_and_nothing_is_sent_twice(slack: SlackNetwork, door: Door) -> None:
    slack.says = "fatal_error"
    one = case(slack, door, "Hm")
    assert one.drive().state == "unsure"
    assert slack.requests("chat.postMessage") == 1


# lost answers


@pytest.mark.parametrize("misdeed", ["lose", "broken"])
@pytest.mark.parametrize(
    ("media", "commit"), [((), "chat.postMessage"), ((pieces.picture(),), "completeUploadExternal")]
)
def test_a_message_whose_answer_was_lost_is_found_by_what_it_carries(
    slack: SlackNetwork, door: Door, misdeed: Any, media: Any, commit: str
) -> None:
    case(slack, door, "Same words", media=media).drive()
    one = case(slack, door, "Same words", media=media)
    before = slack.requests(commit)
    slack.trick(misdeed, commit)
    outcome = one.drive()
    assert outcome.receipt
    assert list(one.out()) == [outcome.receipt.id]
    assert slack.requests(commit) == before + 1


def test_a_lost_part_of_a_thread_is_found_in_its_thread(slack: SlackNetwork, door: Door) -> None:
    root = case(slack, door, "One").drive().receipt
    one = case(slack, door, "Two", reply_to=root, root=root, position=1)
    slack.trick("lose", "chat.postMessage")
    outcome = one.drive()
    assert (outcome.state, list(one.out())) == ("delivered", [outcome.receipt and outcome.receipt.id])
    assert slack.requests("conversations.replies") == 1


@pytest.mark.parametrize("misdeed", ["lose", "broken", "down"])
def test_a_webhooks_lost_answer_is_left_to_a_person(slack: SlackNetwork, door: Door, misdeed: Any) -> None:
    one = by_webhook(slack, door, "Once")
    slack.trick(misdeed, f"POST {HOOK}")
    assert (one.drive().state, slack.requests(f"POST {HOOK}")) == ("unsure", 1)


def test_a_webhook_posts_words_and_learns_no_address(slack: SlackNetwork, door: Door) -> None:
    one = by_webhook(slack, door, "Hello")
    assert one.drive().receipt == Receipt(one.key, "")
    assert the_post(one)["text"] == "Hello"
    slack.dead = True
    assert by_webhook(slack, door, "Hello?").once(Points()).reconnect


# afterwards


def test_a_message_can_be_changed_looked_at_and_taken_back(slack: SlackNetwork, door: Door) -> None:
    root = case(slack, door, "Helo").drive().receipt
    part = case(slack, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    assert root
    assert part
    network = speaker(slack, door)
    network.edit(root, Outgoing("Hello & welcome"))
    assert slack.posts[root.id]["text"] == "Hello &amp; welcome"
    assert network.present(part)
    for receipt in (part, part):
        network.delete(receipt)
    assert (network.present(part), network.present(root)) == (False, True)


def test_a_webhook_can_only_post_and_says_where_to_look(slack: SlackNetwork, door: Door) -> None:
    one, receipt = SLACK(slack.by_webhook(), door, "look"), Receipt("key", "")
    acts = (partial(one.recent, clock.now()), partial(one.present, receipt), partial(one.delete, receipt))
    for act in (*acts, partial(one.edit, receipt, Outgoing("Hm"))):
        with pytest.raises(Rejected, match="copy the address"):
            act()


def test_reactions_of_all_kinds_are_one_number_and_a_part_of_a_thread_has_no_answers_of_its_own(
    slack: SlackNetwork, door: Door
) -> None:
    root = case(slack, door, "One").drive().receipt
    part = case(slack, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    assert root
    assert part
    network = speaker(slack, door)
    later = clock.now() + timedelta(hours=12)
    with clock.use(lambda: later):
        got = {one.id: slack.grown(one.id, "reactions.count") for one in (root, part)}
        said = slack.grown(root.id, "reply_count")
        assert min(got.values()) > 1
        assert network.measure([root]) == {root.id: {"reactions.count": got[root.id], "reply_count": said}}
        assert network.measure([part]) == {part.id: {"reactions.count": got[part.id]}}


def test_only_the_stone_that_a_thread_leaves_proves_that_a_message_is_gone(slack: SlackNetwork, door: Door) -> None:
    alone, root = case(slack, door, "Alone").drive().receipt, case(slack, door, "One").drive().receipt
    part = case(slack, door, "Two", reply_to=root, root=root, position=1).drive().receipt
    assert alone
    assert root
    assert part
    network = speaker(slack, door)
    for receipt in (alone, root):
        slack.drop(receipt.id)
    assert (network.measure([alone]), network.measure([root])) == ({}, {root.id: None})
    assert (network.present(alone), network.present(root), network.present(part)) == (False, False, True)
    slack.stones.clear()
    assert network.measure([part]) == {}


def test_an_incoming_webhook_says_that_it_gives_no_numbers(slack: SlackNetwork, door: Door) -> None:
    one = SLACK(slack.by_webhook(), door, "measure")
    for act in (partial(one.measure, [Receipt("key", "")]), partial(one.audience, clock.now().date())):
        with pytest.raises(Rejected, match="gives no numbers"):
            act()
    assert slack.seen == []


def test_a_message_is_known_by_its_address(slack: SlackNetwork) -> None:
    ours, server = slack.access().profile, {"url": "https://harbour.slack.com/"}
    url = "https://harbour.slack.com/archives/C0DEMO/p1700000000000100"
    assert SLACK.recognise(ours, server, url) == Receipt("1700000000.000100", url, {"thread": "1700000000.000100"})
    inside = f"{url}?thread_ts=1690000000.000200&cid=C0DEMO"
    assert SLACK.recognise(ours, server, inside).extra == {"thread": "1690000000.000200"}
    for strange in (url.replace("C0DEMO", "C0OTHER"), url.replace("harbour", "another")):
        with pytest.raises(Rejected):
            SLACK.recognise(ours, server, strange)


# messages


def posted(slack: SlackNetwork, door: Door, said: str = "One") -> Receipt:
    receipt = case(slack, door, said).drive().receipt
    assert receipt
    return receipt


def heard(slack: SlackNetwork, door: Door, post: Receipt) -> Any:
    return SLACK(slack.access(), door, "inbox").inbox(clock.now() - timedelta(days=1), [post])


def test_in_a_thread_each_message_counts_as_an_answer_to_the_one_before_it(slack: SlackNetwork, door: Door) -> None:
    post = posted(slack, door)
    part = case(slack, door, "Two", reply_to=post, root=post, position=1).drive().receipt
    assert part
    first, second = slack.remark("First", on=post.id), slack.remark("Second", on=post.id, author="ana")
    told = heard(slack, door, post)
    assert [(one.receipt.id, one.ours, one.reply_to) for one in told] == [
        (part.id, True, post.id), (first, False, part.id), (second, False, first),
    ]
    assert [one.author for one in told[1:]] == ["@reader", "@ana"]
    assert heard(slack, door, part) == []


def test_an_answer_says_whom_it_answers_though_others_spoke_since(slack: SlackNetwork, door: Door) -> None:
    post = posted(slack, door)
    slack.remark("First", on=post.id)
    (first,) = heard(slack, door, post)
    slack.remark("Second", on=post.id)
    ours = case(slack, door, "Thanks", reply_to=first.receipt, position=1).drive().receipt
    assert ours
    assert slack.posts[ours.id]["thread_ts"] == post.id
    assert [one.reply_to for one in heard(slack, door, post) if one.ours] == [first.receipt.id]


def test_marks_in_what_others_write_become_what_people_read(slack: SlackNetwork, door: Door) -> None:
    post = posted(slack, door)
    slack.remark("<@U0ANA> see <https://a.example/?a=1&amp;b=2|this> in <#C0OTHER|other>, <!here> &lt;now&gt;", post.id)
    assert [one.text for one in heard(slack, door, post)] == [
        "@ana see https://a.example/?a=1&b=2 in #other, @here <now>"
    ]


def test_a_long_thread_is_read_page_by_page_and_is_cut_where_it_is_too_long(slack: SlackNetwork, door: Door) -> None:
    post = posted(slack, door)
    ids = [slack.remark(f"No. {n}", on=post.id) for n in range(3)]
    slack.lists = 2
    assert [one.receipt.id for one in heard(slack, door, post)] == ids
    slack.remark("One more", on=post.id)
    listed = heard(slack, door, post)
    assert isinstance(listed, Cut)
    assert [one.receipt.id for one in listed] == ids


def test_by_a_webhook_nothing_is_heard_and_it_is_said_why(slack: SlackNetwork, door: Door) -> None:
    network = SLACK(slack.by_webhook(), door, "inbox")
    with pytest.raises(Rejected, match="by an app"):
        network.inbox(clock.now(), [Receipt("a", "")])
